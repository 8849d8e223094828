//! ARNs: partition, service, region and the type of the resource stay; account and names become pseudonyms.
//!
//! Facts: AWS general reference, "Amazon Resource Names (ARNs)": `arn:partition:service:region:account:resource`, the
//! resource an id, `type/id` or `type:id`.

use super::{Redactor, keep};

/// Types of resources, as ARNs write them.
const TYPES: [&str; 44] = [
    "accesspoint",
    "alarm",
    "alias",
    "api",
    "assumed-role",
    "certificate",
    "cluster",
    "container",
    "crawler",
    "database",
    "db",
    "distribution",
    "domain",
    "event-bus",
    "federated-user",
    "file-system",
    "function",
    "group",
    "image",
    "instance",
    "instance-profile",
    "key",
    "key-pair",
    "launch-template",
    "loadbalancer",
    "log-group",
    "log-stream",
    "mfa",
    "network-interface",
    "parameter",
    "policy",
    "repository",
    "role",
    "rule",
    "saml-provider",
    "oidc-provider",
    "secret",
    "security-group",
    "service",
    "stack",
    "subnet",
    "table",
    "task-definition",
    "trail",
];

/// More types, which hold names with slashes in them or end in ids.
const MORE_TYPES: [&str; 10] =
    ["user", "vpc", "volume", "snapshot", "task", "topic", "vpc-endpoint", "vault", "sts", "server-certificate"];

/// Policies that AWS manages and that say how much somebody may do. Others are names.
const MANAGED: [&str; 14] = [
    "AdministratorAccess",
    "AmazonEC2FullAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AWSCloudTrail_FullAccess",
    "AWSLambda_FullAccess",
    "IAMFullAccess",
    "IAMReadOnlyAccess",
    "IAMUserChangePassword",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "ViewOnlyAccess",
    "job-function/Billing",
];

impl Redactor {
    /// The pseudonym of an ARN; nothing for a text that is none.
    pub(super) fn arn(&self, text: &str) -> Option<String> {
        let rest = text.strip_prefix("arn:")?;
        let mut parts = rest.splitn(5, ':');
        let mut next = || parts.next();
        let (partition, service, region, account, resource) = (next()?, next()?, next()?, next()?, next()?);
        let policy = resource.strip_prefix("policy/");
        if (service, account) == ("iam", "aws") && policy.is_some_and(|policy| MANAGED.contains(&policy)) {
            return Some(["arn:", self.or_name(partition, is_partition).as_str(), ":iam::aws:", resource].concat());
        }
        Some(format!(
            "arn:{}:{}:{}:{}:{}",
            self.or_name(partition, is_partition),
            self.or_name(service, is_service),
            self.or_name(region, |region| region.is_empty() || keep::is_region(region)),
            self.or_name(account, |account| matches!(account, "" | "aws" | "*")),
            self.resource(service, resource),
        ))
    }

    fn or_name(&self, text: &str, stays: impl Fn(&str) -> bool) -> String {
        if stays(text) { text.to_owned() } else { self.name(text) }
    }

    fn resource(&self, service: &str, resource: &str) -> String {
        if resource == "root" {
            return resource.to_owned();
        }
        // Objects are named with their bucket before them.
        if service == "s3" && !resource.starts_with("accesspoint/") {
            return match resource.split_once('/') {
                Some((bucket, key)) => format!("{}/{}", self.segment(bucket), self.segment(key)),
                None => self.segment(resource),
            };
        }
        let end = resource.find([':', '/']).unwrap_or(resource.len());
        let (kind, rest) = resource.split_at(end);
        let Some(separator) = rest.chars().next().filter(|_| TYPES.contains(&kind) || MORE_TYPES.contains(&kind))
        else {
            return self.segments(resource, ':');
        };
        // Names of IAM have paths before them. Elsewhere a slash belongs to the name, unless it stands behind the type.
        let is_path = matches!(service, "iam" | "sts") || separator == '/' && kind != "parameter";
        format!("{kind}{separator}{}", self.segments(&rest[1..], if is_path { '/' } else { ':' }))
    }

    fn segments(&self, text: &str, separator: char) -> String {
        let segments: Vec<String> = text.split(separator).map(|segment| self.segment(segment)).collect();
        segments.join(separator.encode_utf8(&mut [0; 4]))
    }

    /// One name. A star at the end stands for other names and stays.
    fn segment(&self, text: &str) -> String {
        match text.strip_suffix('*') {
            _ if text.is_empty() => String::new(),
            Some("") => "*".to_owned(),
            Some(start) => format!("{}*", self.name(start)),
            None => self.name(text),
        }
    }
}

fn is_partition(text: &str) -> bool {
    text == "aws"
        || matches!(text, "aws-cn" | "aws-us-gov" | "aws-iso" | "aws-iso-b" | "aws-iso-e" | "aws-iso-f" | "aws-eusc")
}

/// A service's prefix: a word of lower-case letters, perhaps with a dash or a digit.
fn is_service(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    !text.is_empty() && text.len() <= 24 && is_plain && digits <= 3
}
