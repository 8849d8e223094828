//! Words for the sentences of findings.

use std::fmt::Display;

/// A number with its noun: `1 event`, `3 events`, `2,400 events`. The plural is made with an s.
#[must_use]
pub fn count(number: i64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

/// The length of something with its noun, as [`count`].
#[must_use]
pub fn length(number: usize, noun: &str) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), noun)
}

/// A number with its digits in groups of three: `12,400`.
#[must_use]
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Things in a row: `a`, `a and b`, `a, b and c`, and `a, b and 7 more` when there are more than `most`.
#[must_use]
pub fn list<T: Display>(things: impl IntoIterator<Item = T>, most: usize) -> String {
    let mut things = things.into_iter();
    let mut parts: Vec<String> = things.by_ref().take(most.max(1)).map(|thing| thing.to_string()).collect();
    let more = things.count();
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    match parts.pop() {
        None => String::new(),
        Some(last) if parts.is_empty() => last,
        Some(last) => format!("{} and {last}", parts.join(", ")),
    }
}

/// Whether a text has one of these parts in it, as an option for what to ignore takes them. Case matters, and an empty part is
/// in nothing.
#[must_use]
pub fn mentions(text: &str, parts: &[String]) -> bool {
    parts.iter().any(|part| !part.is_empty() && text.contains(part.as_str()))
}

/// The same with a capital, to begin a sentence. Only ASCII letters have one here.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Who an ARN names, for the middle of a sentence: `user alice`, `role Admin (session bob)`, `root of account 111122223333`.
/// What is none of these is shown as it is, and nobody is `someone unknown`.
#[must_use]
pub fn who(arn: Option<&str>) -> String {
    let Some(arn) = arn.filter(|arn| !arn.is_empty()) else {
        return "someone unknown".to_owned();
    };
    let mut parts = arn.splitn(6, ':').skip(4);
    let (Some(account), Some(resource)) = (parts.next(), parts.next()) else {
        return arn.to_owned();
    };
    let (kind, path) = resource.split_once('/').unwrap_or((resource, ""));
    let name = path.rsplit('/').next().unwrap_or(path);
    match kind {
        "root" => format!("root of account {account}"),
        "user" => format!("user {name}"),
        "role" => format!("role {name}"),
        "federated-user" => format!("federated user {name}"),
        "assumed-role" => match path.split_once('/') {
            Some((role, session)) => format!("role {role} (session {session})"),
            None => format!("role {path}"),
        },
        _ => arn.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_nouns_and_groups() {
        let check = |number: i64, expected: &str| assert_eq!(count(number, "event"), expected);
        check(0, "0 events");
        check(1, "1 event");
        check(999, "999 events");
        check(1_000, "1,000 events");
        check(-1_234_567, "-1,234,567 events");
        assert_eq!(length(12_400, "object"), "12,400 objects");
    }

    #[test]
    fn lists_end_with_and() {
        let check = |things: &[&str], expected: &str| assert_eq!(list(things, 2), expected);
        check(&[], "");
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and 1 more");
    }

    #[test]
    fn parts_are_looked_for_in_a_text() {
        let check = |parts: &[&str], expected: bool| {
            let parts: Vec<String> = parts.iter().map(|&part| part.to_owned()).collect();
            assert_eq!(mentions("assumed-role/Sync/copier", &parts), expected, "{parts:?}");
        };
        check(&[], false);
        check(&[""], false);
        check(&["/Other/", "/Sync/"], true);
        check(&["/sync/"], false);
    }

    #[test]
    fn who_an_arn_names() {
        let check = |arn: &str, expected: &str| assert_eq!(who(Some(arn)), expected);
        check("arn:aws:iam::111122223333:user/alice", "user alice");
        check("arn:aws:iam::111122223333:user/team/a/alice", "user alice");
        check("arn:aws:iam::111122223333:root", "root of account 111122223333");
        check("arn:aws:iam::111122223333:role/service/Admin", "role Admin");
        check("arn:aws:sts::111122223333:assumed-role/Admin/a@b.example", "role Admin (session a@b.example)");
        check("arn:aws:sts::111122223333:federated-user/bob", "federated user bob");
        check("ec2.amazonaws.com", "ec2.amazonaws.com");
        check("arn:aws:iam::1", "arn:aws:iam::1");
        check("", "someone unknown");
        assert_eq!(who(None), "someone unknown");
        assert_eq!(capital(&who(None)), "Someone unknown");
        assert_eq!((capital(""), capital("émile")), (String::new(), "émile".to_owned()));
    }
}
