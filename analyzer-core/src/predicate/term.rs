//! What one term means: a field, how it is compared, and a value as it was written.

use super::lexer::{Form, Named, Op, Piece, Value, text_of};
use super::matcher::number;
use super::parse::{MAX_REGEXES, Notes};
use super::times::{self, NoTime, OPEN_END, OPEN_START, Span};
use super::{Case, Contains, Glob, Matcher, Network, Predicate, Regex, Test, Version};
use crate::field::{Field, FieldRef, FieldType};
use crate::said::{self, Said, said, said_with};
use std::ops::Bound;

/// What ends a range in a word.
const DOTS: &str = "..";

/// The field's type; that of a path is not known.
fn kind(field: &FieldRef) -> Option<FieldType> {
    match field {
        FieldRef::Standard(Field { kind, .. }) => Some(*kind),
        FieldRef::Path(_) | FieldRef::Selector(_) | FieldRef::Raw | FieldRef::Anywhere => None,
    }
}

/// A field compared with a value; or in one sentence why that means nothing.
pub(super) fn test(named: &Named, value: &Value, notes: &mut Notes) -> Result<Predicate, Said> {
    let Named { field, op, .. } = named;
    let case = if *op == Op::Has { Case::Ignored } else { Case::Kept };
    let matcher = match (&value.form, op) {
        (Form::Broken(why), _) => return Err(said(why)),
        (Form::OpenQuote(_), _) => return Err(said("this quote is not closed")),
        (Form::Missing, Op::Has) => {
            return Err(said_with("no value; {}:* finds events that have one", [field.name().into()]));
        }
        (Form::Missing, _) => return Err(said_with("no value stands behind {}", [op.sign().into()])),
        (Form::Word(pieces), Op::Has | Op::Is | Op::IsNot) => match comparison(pieces, *op) {
            Some((op, text)) => compare(field, op, text, notes)?,
            None => word(named, pieces, case, value, notes)?,
        },
        (_, Op::AtLeast | Op::Above | Op::AtMost | Op::Below) => {
            let text = match &value.form {
                Form::Word(pieces) => text_of(pieces),
                _ => None,
            };
            compare(
                field,
                *op,
                &text.ok_or_else(|| said_with("only a number or a time can stand behind {}", [op.sign().into()]))?,
                notes,
            )?
        }
        (Form::Regex(pattern), _) => regex(field, pattern, case, notes)?,
        (Form::Interval(from, to), _) => range(field, from, to, notes)?.ok_or_else(|| {
            said_with(
                "a range goes from one number or time to another, not from {} to {}",
                [from.as_str().into(), to.as_str().into()],
            )
        })?,
    };
    if is_empty(&matcher) {
        notes.hint(value.span.clone(), said("nothing can be in this range"));
    }
    let test = Predicate::Test(Test { field: field.clone(), matcher });
    Ok(if *op == Op::IsNot { Predicate::Not(Box::new(test)) } else { test })
}

/// A value that stands alone is looked for in the record's text.
pub(super) fn free_text(value: &Value, notes: &mut Notes) -> Result<Predicate, Said> {
    let matcher = match &value.form {
        Form::Broken(why) => return Err(said(why)),
        Form::OpenQuote(_) => return Err(said("this quote is not closed")),
        Form::Missing => return Err(said("nothing stands here")),
        Form::Interval(..) => return Err(said("a range needs a field, such as eventTime:[2024-01 TO 2024-02]")),
        Form::Regex(pattern) => regex(&FieldRef::Raw, pattern, Case::Ignored, notes)?,
        Form::Word(pieces) => {
            let parts = split_at_stars(pieces);
            if parts.iter().all(String::is_empty) {
                return match pieces.contains(&Piece::Star) {
                    true => Ok(Predicate::Everything),
                    false => Err(said("there is nothing between these quotes to look for")),
                };
            }
            if let [Piece::Bare(text)] = &pieces[..] {
                free_text_hints(text, value, notes);
            }
            Matcher::Contains(Contains::new(parts.iter().map(String::as_str)))
        }
    };
    Ok(Predicate::Test(Test { field: FieldRef::Raw, matcher }))
}

/// Words that are looked for as texts, and were probably meant to be something else.
fn free_text_hints(text: &str, value: &Value, notes: &mut Notes) {
    slashes(text, value, notes);
    let instead = match text {
        "&&" | "&" => "AND".to_owned(),
        "||" | "|" => "OR".to_owned(),
        _ if text.starts_with('!') => format!("NOT {}", &text[1..]),
        _ if Network::parse(text).is_some() => format!("ip:{text}"),
        _ => return,
    };
    notes.hint(value.span.clone(), said_with("read as a text to look for; was this meant: {}", [instead.into()]));
}

/// `field:>5` is `field>5`.
fn comparison(pieces: &[Piece], op: Op) -> Option<(Op, &str)> {
    let [Piece::Bare(text)] = pieces else { return None };
    let (found, length) = Op::read(text).filter(|_| op == Op::Has)?;
    matches!(found, Op::AtLeast | Op::Above | Op::AtMost | Op::Below).then(|| (found, &text[length..]))
}

fn word(named: &Named, pieces: &[Piece], case: Case, value: &Value, notes: &mut Notes) -> Result<Matcher, Said> {
    let field = &named.field;
    if pieces.iter().all(|piece| *piece == Piece::Star) {
        return Ok(Matcher::Exists);
    }
    let Some(text) = text_of(pieces) else {
        let parts = split_at_stars(pieces);
        return match kind(field) {
            Some(FieldType::Time) => Err(no_time(NoTime::Unreadable, said("a text with a star").into())),
            _ => Ok(Matcher::Glob(Glob::new(parts.iter().map(String::as_str), case))),
        };
    };
    if let [Piece::Bare(_)] = pieces {
        if let Some((from, to)) = text.split_once(DOTS)
            && let Some(range) = range(field, from, to, notes)?
        {
            return Ok(range);
        }
        if let Some(network) = Network::parse(&text) {
            return Ok(Matcher::Network(network));
        }
        hints(named, &text, value, notes);
    }
    let same = |text: String| if case == Case::Ignored { Matcher::Text(text) } else { Matcher::Exact(text) };
    Ok(match kind(field) {
        Some(FieldType::Time) => {
            let (from_ms, to_ms) = time(&text, notes)?;
            Matcher::TimeRange { from_ms, to_ms }
        }
        Some(FieldType::Version) => match Version::parse(&text) {
            Some(version) => Matcher::VersionRange { from: version, to: version },
            None => same(text),
        },
        _ => same(text),
    })
}

/// Words that are read as texts, and were probably meant to be something else.
fn hints(named: &Named, text: &str, value: &Value, notes: &mut Notes) {
    slashes(text, value, notes);
    let mut hint = |message: Said| notes.hint(value.span.clone(), message);
    match kind(&named.field) {
        Some(FieldType::Boolean) if !["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text)) => {
            hint(said_with("{} is true or false, never {}", [named.field.name().into(), text.into()]));
        }
        Some(FieldType::Address)
            if text.split_once('/').is_some_and(|(start, _)| start.parse::<core::net::IpAddr>().is_ok()) =>
        {
            hint(said_with("no network has so many bits: {}", [text.into()]));
        }
        Some(FieldType::Address) if is_range_of_addresses(text) => {
            hint(said_with(
                "read as a text, not as a range; write a network such as 10.0.0.0/8 instead of {}",
                [text.into()],
            ));
        }
        _ if named.field.name() == "userIdentity.arn" && text.starts_with("aws") && text.contains(':') => {
            hint(said_with(
                "read as a test of {}; put an ARN in quotes to look for it everywhere",
                [named.field.name().into()],
            ))
        }
        _ => {}
    }
}

fn is_range_of_addresses(text: &str) -> bool {
    let is_address = |text: &str| text.parse::<core::net::IpAddr>().is_ok();
    text.split_once(DOTS).is_some_and(|(from, to)| is_address(from) || is_address(to))
}

/// A word between slashes that is no regular expression, because there are more slashes in it.
fn slashes(text: &str, value: &Value, notes: &mut Notes) {
    if text.len() > 1 && text.starts_with('/') && text.ends_with('/') {
        let message = said(r"read as a text; in a regular expression, write \/ for a slash");
        notes.hint(value.span.clone(), message);
    }
}

/// What stands before, between and behind the stars.
fn split_at_stars(pieces: &[Piece]) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    for piece in pieces {
        match piece {
            Piece::Star => parts.push(std::mem::take(&mut part)),
            Piece::Bare(text) | Piece::Quoted(text) => part.push_str(text),
        }
    }
    parts.push(part);
    // Two stars in a row are one.
    let last = parts.len() - 1;
    let mut number = 0..;
    parts.retain(|part| {
        let number = number.next().unwrap_or(0);
        number == 0 || number == last || !part.is_empty()
    });
    parts
}

fn regex(field: &FieldRef, pattern: &str, case: Case, notes: &mut Notes) -> Result<Matcher, Said> {
    if kind(field) == Some(FieldType::Time) {
        return Err(said("a time is no text that a regular expression could be found in"));
    }
    if notes.regexes == MAX_REGEXES {
        return Err(said_with("a query has at most {} regular expressions", [MAX_REGEXES.into()]));
    }
    notes.regexes += 1;
    Regex::new(pattern, case).map(Matcher::Regex)
}

fn time(text: &str, notes: &mut Notes) -> Result<Span, Said> {
    notes.uses_now |= times::is_relative(text);
    times::read(text, notes.now_ms).map_err(|why| no_time(why, text.into()))
}

fn no_time(why: NoTime, text: said::Value) -> Said {
    match why {
        NoTime::Unreadable => {
            said_with("not a time; write 2024-01-31, 2024-01-31T12:00:00Z or now-1h instead of {}", [text])
        }
        NoTime::NoNow => said_with("now is the newest event, and there are no events yet: {}", [text]),
    }
}

fn version(text: &str) -> Result<Version, Said> {
    Version::parse(text).ok_or_else(|| said_with("not a version such as 1.08: {}", [text.into()]))
}

/// Whether a text can only be a time.
fn is_time(text: &str) -> bool {
    times::is_relative(text) || number(text).is_none() && times::read(text, None).is_ok()
}

fn compare(field: &FieldRef, op: Op, text: &str, notes: &mut Notes) -> Result<Matcher, Said> {
    match kind(field) {
        Some(FieldType::Version) => return version(text).map(|version| compare_version(op, version)),
        Some(FieldType::Time) => {}
        _ if is_time(text) => {}
        _ => {
            let number = number(text)
                .filter(|number| number.is_finite())
                .ok_or_else(|| said_with("neither a number nor a time: {}", [text.into()]))?;
            let (from, to) = match op {
                Op::AtLeast => (Bound::Included(number), Bound::Unbounded),
                Op::Above => (Bound::Excluded(number), Bound::Unbounded),
                Op::AtMost => (Bound::Unbounded, Bound::Included(number)),
                _ => (Bound::Unbounded, Bound::Excluded(number)),
            };
            return Ok(Matcher::NumberRange { from, to });
        }
    }
    let (first, last) = time(text, notes)?;
    let (from_ms, to_ms) = match op {
        Op::AtLeast => (first, OPEN_END),
        Op::Above => (last + 1, OPEN_END),
        Op::AtMost => (OPEN_START, last),
        _ => (OPEN_START, first - 1),
    };
    Ok(Matcher::TimeRange { from_ms, to_ms })
}

fn compare_version(op: Op, version: Version) -> Matcher {
    let nothing = (Version::LAST, Version::FIRST);
    let (from, to) = match op {
        Op::AtLeast => (version, Version::LAST),
        Op::Above => version.after().map_or(nothing, |after| (after, Version::LAST)),
        Op::AtMost => (Version::FIRST, version),
        _ => version.before().map_or(nothing, |before| (Version::FIRST, before)),
    };
    Matcher::VersionRange { from, to }
}

/// From one text to another, of which one can be empty for an open end; nothing if these are no ends that the field's
/// values could have.
fn range(field: &FieldRef, from: &str, to: &str, notes: &mut Notes) -> Result<Option<Matcher>, Said> {
    if from.is_empty() && to.is_empty() {
        let has_ranges_only = matches!(kind(field), Some(FieldType::Time | FieldType::Version));
        return if has_ranges_only { Err(said("a range needs an end")) } else { Ok(None) };
    }
    let ends = [from, to].into_iter().filter(|end| !end.is_empty());
    Ok(Some(match kind(field) {
        Some(FieldType::Version) => Matcher::VersionRange {
            from: if from.is_empty() { Version::FIRST } else { version(from)? },
            to: if to.is_empty() { Version::LAST } else { version(to)? },
        },
        Some(FieldType::Time) => time_range(from, to, notes)?,
        _ if *field == FieldRef::Raw => return Ok(None),
        _ if ends.clone().all(|end| number(end).is_some_and(f64::is_finite)) => {
            let bound = |text: &str| number(text).map_or(Bound::Unbounded, Bound::Included);
            Matcher::NumberRange { from: bound(from), to: bound(to) }
        }
        _ if ends.clone().all(is_time) => time_range(from, to, notes)?,
        _ => return Ok(None),
    }))
}

fn time_range(from: &str, to: &str, notes: &mut Notes) -> Result<Matcher, Said> {
    let from_ms = if from.is_empty() { OPEN_START } else { time(from, notes)?.0 };
    let to_ms = if to.is_empty() { OPEN_END } else { time(to, notes)?.1 };
    Ok(Matcher::TimeRange { from_ms, to_ms })
}

fn is_empty(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::TimeRange { from_ms, to_ms } => from_ms > to_ms,
        Matcher::VersionRange { from, to } => from > to,
        Matcher::NumberRange { from: Bound::Included(from), to: Bound::Included(to) } => from > to,
        _ => false,
    }
}
