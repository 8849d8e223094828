//! Times as people write them: a moment, or a whole year, month, day, hour or minute, or how long before now.

use crate::event::{format_time, parse_time};

/// First and last millisecond.
pub(super) type Span = (i64, i64);

/// Before all times. `i64::MIN` is [`crate::event::NO_TIME`], which no range contains.
pub(super) const OPEN_START: i64 = i64::MIN + 1;
/// Behind all times.
pub(super) const OPEN_END: i64 = i64::MAX;

/// The times that can be written: of the years 0 to 9999.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTime {
    /// It says nothing that is a time.
    Unreadable,
    /// It is counted from now, and there is none.
    NoNow,
}

/// Whether a text is counted from now.
pub(super) fn is_relative(text: &str) -> bool {
    text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("now"))
        && matches!(text.as_bytes().get(3), None | Some(b'+' | b'-'))
}

/// Reads a time; `now_ms` is the newest event's.
pub(super) fn read(text: &str, now_ms: Option<i64>) -> Result<Span, NoTime> {
    if !is_relative(text) {
        return absolute(text).ok_or(NoTime::Unreadable);
    }
    let offset = offset(&text[3..]).ok_or(NoTime::Unreadable)?;
    let moment = now_ms.ok_or(NoTime::NoNow)?.saturating_add(offset).clamp(FIRST, LAST);
    Ok((moment, moment))
}

/// `-90m` in milliseconds; nothing at all is 0. What is too large is as large as can be.
fn offset(text: &str) -> Option<i64> {
    let Some(sign) = text.chars().next() else { return Some(0) };
    let digits = text.len().checked_sub(1).and_then(|end| text.get(1..end))?;
    let unit = match text.as_bytes().last()?.to_ascii_lowercase() {
        b's' => SECOND,
        b'm' => MINUTE,
        b'h' => HOUR,
        b'd' => DAY,
        b'w' => 7 * DAY,
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let amount = digits.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(unit);
    Some(if sign == '-' { -amount } else { amount })
}

/// `2024`, `2024-01`, `2024-01-31`, `2024-01-31T12`, `2024-01-31T12:00`, and RFC 3339 with or without its zone. A blank
/// may stand in the place of the T.
fn absolute(text: &str) -> Option<Span> {
    let text = match text.as_bytes().get(10) {
        Some(b' ') => text.replacen(' ', "T", 1),
        _ => text.to_owned(),
    };
    let whole = |rest: &str, length: i64| parse_time(&format!("{text}{rest}")).map(|ms| (ms, ms + length - 1));
    match text.len() {
        4 => until_next(&text, "-01-01T00:00:00Z", || Some(format!("{:04}", text.parse::<u16>().ok()? + 1))),
        7 => until_next(&text, "-01T00:00:00Z", || {
            let (year, month) = text.split_once('-')?;
            let (year, month): (u16, u16) = (year.parse().ok()?, month.parse().ok()?);
            Some(format!("{:04}-{:02}", year + month / 12, month % 12 + 1))
        }),
        10 => whole("T00:00:00Z", DAY),
        13 => whole(":00:00Z", HOUR),
        16 => whole(":00Z", MINUTE),
        19 => whole("Z", SECOND),
        // Whole seconds are how CloudTrail tells time: the second is meant, not its first millisecond.
        _ if text.contains('.') => parse_time(&text).map(|ms| (ms, ms)),
        _ => parse_time(&text).map(|ms| (ms, ms + SECOND - 1)),
    }
}

/// From the start of a year or month to the start of the next.
fn until_next(text: &str, rest: &str, next: impl Fn() -> Option<String>) -> Option<Span> {
    let start = parse_time(&format!("{text}{rest}"))?;
    let end = parse_time(&format!("{}{rest}", next()?)).unwrap_or(LAST + 1);
    Some((start, end - 1))
}

/// Lengths of the forms that [`absolute`] reads, each a part of the next.
const LENGTHS: [usize; 6] = [4, 7, 10, 13, 16, 20];

/// The shortest text of at least so many bytes whose span `fits`, made from this moment; else the exact one.
fn shortest(ms: i64, at_least: usize, fits: impl Fn(Span) -> bool) -> String {
    let full = format_time(ms - ms.rem_euclid(SECOND));
    let lengths = LENGTHS.into_iter().filter(|&length| length >= at_least);
    let mut texts = lengths.filter_map(|length| full.get(..length));
    let found = texts.find(|text| absolute(text).is_some_and(&fits)).map(str::to_owned);
    found.unwrap_or_else(|| format!("{}.{:03}Z", full.trim_end_matches('Z'), ms.rem_euclid(SECOND)))
}

/// A text of at least so many bytes that begins at this moment, or at the nearest that a text can say.
pub(super) fn beginning(ms: i64, at_least: usize) -> String {
    let ms = ms.clamp(FIRST, LAST);
    shortest(ms, at_least, |(first, _)| first == ms)
}

/// A text of at least so many bytes that ends at this moment, or at the nearest that a text can say.
pub(super) fn ending(ms: i64, at_least: usize) -> String {
    let ms = ms.clamp(FIRST, LAST);
    shortest(ms, at_least, |(_, last)| last == ms)
}

/// The text of exactly this span, if there is one.
pub(super) fn spanning((from_ms, to_ms): Span) -> Option<String> {
    let text = shortest(from_ms.clamp(FIRST, LAST), 0, |span| span == (from_ms, to_ms));
    (absolute(&text) == Some((from_ms, to_ms))).then_some(text)
}

/// Whether a text can say this.
pub(super) fn is_writable(ms: i64) -> bool {
    (FIRST..=LAST).contains(&ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Result<(&str, &str), NoTime>) {
        let now = parse_time("2024-03-10T12:00:00Z");
        let found = read(text, now).map(|(from, to)| (format_time(from), format_time(to)));
        let expected = expected.map(|(from, to)| (from.to_owned(), to.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn moments() {
        let nothing = Err(NoTime::Unreadable);
        check("2024", Ok(("2024-01-01T00:00:00Z", "2024-12-31T23:59:59.999Z")));
        check("2024-02", Ok(("2024-02-01T00:00:00Z", "2024-02-29T23:59:59.999Z")));
        check("2023-12", Ok(("2023-12-01T00:00:00Z", "2023-12-31T23:59:59.999Z")));
        check("9999", Ok(("9999-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z")));
        check("9999-12", Ok(("9999-12-01T00:00:00Z", "9999-12-31T23:59:59.999Z")));
        check("2024-01-31", Ok(("2024-01-31T00:00:00Z", "2024-01-31T23:59:59.999Z")));
        check("2024-01-31T10", Ok(("2024-01-31T10:00:00Z", "2024-01-31T10:59:59.999Z")));
        check("2024-01-31 10:00", Ok(("2024-01-31T10:00:00Z", "2024-01-31T10:00:59.999Z")));
        check("2024-01-31T10:00:07", Ok(("2024-01-31T10:00:07Z", "2024-01-31T10:00:07.999Z")));
        check("2024-01-31T10:00:07Z", Ok(("2024-01-31T10:00:07Z", "2024-01-31T10:00:07.999Z")));
        check("2024-01-31T10:00:07.5Z", Ok(("2024-01-31T10:00:07.5Z", "2024-01-31T10:00:07.5Z")));
        check("2024-01-31T10:00:07.000Z", Ok(("2024-01-31T10:00:07Z", "2024-01-31T10:00:07Z")));
        check("2024-01-31T10:00:07+02:00", Ok(("2024-01-31T08:00:07Z", "2024-01-31T08:00:07.999Z")));
        check("now", Ok(("2024-03-10T12:00:00Z", "2024-03-10T12:00:00Z")));
        check("NOW-1h", Ok(("2024-03-10T11:00:00Z", "2024-03-10T11:00:00Z")));
        check("now-90m", Ok(("2024-03-10T10:30:00Z", "2024-03-10T10:30:00Z")));
        check("now-7d", Ok(("2024-03-03T12:00:00Z", "2024-03-03T12:00:00Z")));
        check("now-1w", Ok(("2024-03-03T12:00:00Z", "2024-03-03T12:00:00Z")));
        check("now+5s", Ok(("2024-03-10T12:00:05Z", "2024-03-10T12:00:05Z")));
        check("now-99999999999999999999w", Ok(("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z")));
        check("now+9999999999w", Ok(("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")));
        for text in ["", "soon", "now-", "now-h", "now-1", "now-1y", "now1h", "2024-13", "20245", "now-1hé", "2024-00"]
        {
            check(text, nothing);
        }
        assert_eq!(read("now", None), Err(NoTime::NoNow));
    }

    proptest! {
        #[test]
        fn written_times_are_read_back(ms in FIRST..=LAST, coarse in prop::sample::select(vec![1, SECOND, MINUTE, HOUR, DAY])) {
            let ms = ms - ms.rem_euclid(coarse);
            for at_least in [0, 10] {
                prop_assert_eq!(absolute(&beginning(ms, at_least)).map(|span| span.0), Some(ms));
                prop_assert_eq!(absolute(&ending(ms, at_least)).map(|span| span.1), Some(ms));
                prop_assert_eq!(absolute(&ending(ms + coarse - 1, at_least)).map(|span| span.1), Some(ms + coarse - 1));
            }
            prop_assert_eq!(spanning((ms, ms + coarse - 1)).and_then(|text| absolute(&text)), Some((ms, ms + coarse - 1)));
        }

        #[test]
        fn any_text_is_a_time_or_not(text in "(now)?[-+0-9T:. Zé]{0,24}") {
            let _ = read(&text, Some(0));
        }
    }
}
