//! Names of hosts below `amazonaws.com`: those of services stay, and what customers put before them does not.

use super::{Redactor, keep};

/// Labels that stand between what a customer named and the end.
const LABELS: [&str; 14] = [
    "api",
    "cache",
    "compute",
    "dkr",
    "ecr",
    "elb",
    "es",
    "execute-api",
    "rds",
    "redshift",
    "s3",
    "s3-accesspoint",
    "s3-website",
    "vpce",
];

impl Redactor {
    /// The name of a host of AWS; nothing for another.
    pub(super) fn host(&self, text: &str) -> Option<String> {
        let end = [".amazonaws.com", ".amazonaws.com.cn"].into_iter().find(|end| text.ends_with(end))?;
        let labels: Vec<&str> = text.strip_suffix(end)?.split('.').collect();
        let is_ours = |label: &&&str| {
            LABELS.contains(label) || keep::is_region(label) || label.strip_prefix("s3-").is_some_and(keep::is_region)
        };
        let ours = labels.iter().rev().take_while(is_ours).count();
        let (head, tail) = labels.split_at(labels.len() - ours);
        let is_service = match (head, tail) {
            ([], _) => true,
            ([label], []) => is_plain(label),
            ([label], [region]) => is_plain(label) && keep::is_region(region),
            _ => false,
        };
        if is_service {
            return Some(text.to_owned());
        }
        let tail: String = tail.iter().flat_map(|label| [".", label]).collect();
        Some(format!("{}{tail}{end}", self.name(&head.join("."))))
    }
}

/// A service's own label: addresses and accounts in names have more digits.
fn is_plain(label: &str) -> bool {
    let digits = label.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    !label.is_empty() && is_plain && digits <= 2
}
