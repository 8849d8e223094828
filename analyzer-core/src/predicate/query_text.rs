//! Predicates and values as text in the search language, so that [`super::parse`] reads them back.

use super::lexer::Op;
use super::times::{self, OPEN_END, OPEN_START};
use super::{Case, JsonTest, Likeness, Matcher, Network, Predicate, Test, Version};
use crate::field::{Field, FieldRef, FieldType, name};
use std::fmt::{self, Display, Formatter};
use std::ops::Bound;

/// How a value must be written so that it is read as exactly this text: in quotes, unless it is a plain word.
pub fn quote(value: &str) -> String {
    let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:@/".contains(c))
        && value.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !value.contains("..")
        && !is_keyword(value)
        && Network::parse(value).is_none();
    if is_plain { value.to_owned() } else { name::quoted(value) }
}

fn is_keyword(word: &str) -> bool {
    ["and", "or", "not"].iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

impl Display for Predicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            // The empty query.
            Predicate::Everything => Ok(()),
            _ => write_part(f, self),
        }
    }
}

fn write_part(f: &mut Formatter<'_>, predicate: &Predicate) -> fmt::Result {
    match predicate {
        Predicate::Everything => f.write_str("*"),
        Predicate::Test(test) => test.fmt(f),
        Predicate::Not(inner) => {
            f.write_str("NOT ")?;
            write_in(f, inner, |part| matches!(part, Predicate::All(_) | Predicate::Any(_)))
        }
        Predicate::All(parts) if parts.is_empty() => f.write_str("*"),
        Predicate::Any(parts) if parts.is_empty() => f.write_str("NOT *"),
        Predicate::All(parts) => {
            write_joined(f, parts, " AND ", |part| matches!(part, Predicate::All(_) | Predicate::Any(_)))
        }
        Predicate::Any(parts) => write_joined(f, parts, " OR ", |part| matches!(part, Predicate::Any(_))),
    }
}

fn write_joined(
    f: &mut Formatter<'_>,
    parts: &[Predicate],
    with: &str,
    in_parentheses: fn(&Predicate) -> bool,
) -> fmt::Result {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            f.write_str(with)?;
        }
        write_in(f, part, in_parentheses)?;
    }
    Ok(())
}

fn write_in(f: &mut Formatter<'_>, part: &Predicate, in_parentheses: fn(&Predicate) -> bool) -> fmt::Result {
    if !in_parentheses(part) {
        return write_part(f, part);
    }
    f.write_str("(")?;
    write_part(f, part)?;
    f.write_str(")")
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = self.field.name();
        let mut write = |op: Op, value: &str| {
            let sign = if self.field == FieldRef::Raw { "" } else { op.sign() };
            write!(f, "{name}{sign}{value}")
        };
        let op_of = |case| if case == Case::Ignored { Op::Has } else { Op::Is };
        match &self.matcher {
            Matcher::Exists => write(Op::Has, "*"),
            Matcher::Text(text) => write(Op::Has, &quote(text)),
            Matcher::Exact(text) => write(Op::Is, &quote(text)),
            Matcher::Glob(glob) => write(op_of(glob.case()), &starred(glob.parts())),
            Matcher::Regex(regex) => write(op_of(regex.case()), &between_slashes(regex.pattern())),
            Matcher::Contains(contains) => match contains.parts().collect::<Vec<_>>()[..] {
                [word] if is_word(word) => write(Op::Has, word),
                _ => write(Op::Has, &contains.parts().map(name::quoted).collect::<Vec<_>>().join("*")),
            },
            Matcher::Present => write!(f, "{name} exists"),
            Matcher::Like { field, how, case } => {
                let how = match how {
                    Likeness::Same => "=",
                    Likeness::Contains => "contains",
                    Likeness::Begins => "begins with",
                    Likeness::Ends => "ends with",
                };
                let case = if *case == Case::Kept { " (case matters)" } else { "" };
                write!(f, "{name} {how} the value of {}{case}", field.name())
            }
            Matcher::TimePart { part, from, to } => write_numbers(f, &format!("{} of {name}", part.name()), *from, *to),
            Matcher::Json(test) => write_json(f, &self.field, test),
            Matcher::Network(network) => write(Op::Has, &network.to_string()),
            Matcher::NumberRange { from, to } => write_numbers(f, &name, *from, *to),
            Matcher::TimeRange { from_ms, to_ms } => {
                let (op, text) = time_range(&self.field, *from_ms, *to_ms);
                write(op, &text)
            }
            Matcher::VersionRange { from, to } => {
                let (op, text) = version_range(*from, *to);
                write(op, &text)
            }
        }
    }
}

/// In the words of metric filters, which are no query.
fn write_json(f: &mut Formatter<'_>, field: &FieldRef, test: &JsonTest) -> fmt::Result {
    let inner = |matcher: &Matcher| Test { field: field.clone(), matcher: matcher.clone() };
    match test {
        JsonTest::Present => write!(f, "{} EXISTS", field.name()),
        JsonTest::Null => write!(f, "{} IS NULL", field.name()),
        JsonTest::True => write!(f, "{} IS TRUE", field.name()),
        JsonTest::False => write!(f, "{} IS FALSE", field.name()),
        JsonTest::Is(matcher) => inner(matcher).fmt(f),
        JsonTest::IsNot(matcher) => write!(f, "NOT {}", inner(matcher)),
    }
}

/// Whether a text without quotes is read as free text.
fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "-_".contains(c)) && !text.is_empty() && !is_keyword(text)
}

fn starred<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let part = |part: &str| if part.is_empty() { String::new() } else { quote(part) };
    parts.map(part).collect::<Vec<_>>().join("*")
}

/// A slash in a pattern is escaped; what is escaped already stays.
fn between_slashes(pattern: &str) -> String {
    let mut text = "/".to_owned();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '/' => text.push_str("\\/"),
            '\\' => text.extend([Some(c), chars.next()].into_iter().flatten()),
            _ => text.push(c),
        }
    }
    text.push('/');
    text
}

fn write_numbers(f: &mut Formatter<'_>, name: &str, from: Bound<f64>, to: Bound<f64>) -> fmt::Result {
    match (from, to) {
        (Bound::Included(from), Bound::Included(to)) => write!(f, "{name}:{from}..{to}"),
        (Bound::Included(from), Bound::Unbounded) => write!(f, "{name}>={from}"),
        (Bound::Excluded(from), Bound::Unbounded) => write!(f, "{name}>{from}"),
        (Bound::Unbounded, Bound::Included(to)) => write!(f, "{name}<={to}"),
        (Bound::Unbounded, Bound::Excluded(to)) => write!(f, "{name}<{to}"),
        (Bound::Unbounded, Bound::Unbounded) => write!(f, "{name}:/[0-9]/"),
        (from, to) => {
            f.write_str("(")?;
            write_numbers(f, name, from, Bound::Unbounded)?;
            f.write_str(" AND ")?;
            write_numbers(f, name, Bound::Unbounded, to)?;
            f.write_str(")")
        }
    }
}

/// Only of a field that holds times a year can be told from a number, and a day from a text.
fn time_range(field: &FieldRef, from_ms: i64, to_ms: i64) -> (Op, String) {
    let is_time = matches!(field, FieldRef::Standard(Field { kind: FieldType::Time, .. }));
    let at_least = if is_time { 0 } else { "2024-01-31".len() };
    match (from_ms <= OPEN_START, to_ms == OPEN_END) {
        (true, true) => (Op::Has, "*".to_owned()),
        (true, _) if times::is_writable(to_ms) => (Op::AtMost, times::ending(to_ms, at_least)),
        (true, false) => (Op::Below, times::beginning(to_ms, at_least)),
        (_, true) if times::is_writable(from_ms) => (Op::AtLeast, times::beginning(from_ms, at_least)),
        (_, true) => (Op::Above, times::ending(from_ms, at_least)),
        _ => match times::spanning((from_ms, to_ms)).filter(|_| is_time) {
            Some(text) => (Op::Has, text),
            None => {
                let (from, to) = (times::beginning(from_ms, at_least), times::ending(to_ms, at_least));
                (Op::Has, format!("{from}..{to}"))
            }
        },
    }
}

fn version_range(from: Version, to: Version) -> (Op, String) {
    let text = |Version { major, minor }: Version| format!("{major}.{minor}");
    if (from, to) == (Version::LAST, Version::FIRST) {
        return (Op::Below, text(Version::FIRST));
    }
    if from == to {
        return (Op::Has, text(from));
    }
    match (from == Version::FIRST, to == Version::LAST) {
        (_, true) => (Op::AtLeast, text(from)),
        (true, false) => match to.after().filter(|after| after.minor == 0) {
            Some(next) => (Op::Below, text(next)),
            None => (Op::AtMost, text(to)),
        },
        (false, false) => (Op::Has, format!("{}..{}", text(from), text(to))),
    }
}
