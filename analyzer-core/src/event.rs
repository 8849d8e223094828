//! One event as an investigator sees it, and its identity across files and shards.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// The time of an event without a readable `eventTime`: sorts before all others.
pub const NO_TIME: i64 = i64::MIN;

/// What makes two records the same event: the `eventID`.
///
/// CloudTrail's ids are UUIDs and are held as their 128 bits. Any other text is held as the first 128 bits of its
/// SHA-256, and a record without an id as those of its own bytes, so that every event has a total order and a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u128);

impl EventId {
    /// The id for the text of an `eventID` (UTF-8), and whether that text is the form in which [`EventId`] prints it,
    /// so that it need not be kept.
    pub fn from_text(text: &[u8]) -> (EventId, bool) {
        match parse_uuid(text) {
            Some(id) => (EventId(id), true),
            None => (EventId::from_bytes(text), false),
        }
    }

    /// The id for a record that has none: made from its bytes.
    pub fn from_bytes(bytes: &[u8]) -> EventId {
        let digest = Sha256::digest(bytes);
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        EventId(u128::from_be_bytes(half))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            (v >> 96) as u32,
            (v >> 80) as u16,
            (v >> 64) as u16,
            (v >> 48) as u16,
            v as u64 & 0xffff_ffff_ffff
        )
    }
}

/// Lower-case hexadecimal in the 8-4-4-4-12 form only: what [`EventId`] prints is what was read.
fn parse_uuid(text: &[u8]) -> Option<u128> {
    let text: &[u8; 36] = text.try_into().ok()?;
    if [8, 13, 18, 23].iter().any(|&at| text[at] != b'-') {
        return None;
    }
    let eight = |at: [usize; 2]| {
        let mut word = [0; 8];
        word[..4].copy_from_slice(&text[at[0]..at[0] + 4]);
        word[4..].copy_from_slice(&text[at[1]..at[1] + 4]);
        word
    };
    let words = [[0, 4], [9, 14], [19, 24], [28, 32]].map(eight);
    let mut value = 0u128;
    for word in words {
        value = value << 32 | u128::from(eight_digits(word)?);
    }
    Some(value)
}

/// The value of eight lower-case hexadecimal digits, all at once: eight bytes in one register.
fn eight_digits(text: [u8; 8]) -> Option<u32> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let text = u64::from_be_bytes(text);
    // A letter has bit 6, and its low bits count from 1.
    let digits = (text & (ONES * 0x0f)).wrapping_add((text >> 6 & ONES) * 9) & (ONES * 0x0f);
    // What is no digit does not come back.
    let letters = (digits + ONES * 6) >> 4 & ONES;
    if digits + ONES * u64::from(b'0') + letters * 39 != text {
        return None;
    }
    let pairs = (digits | digits >> 4) & 0x00ff_00ff_00ff_00ff;
    let quads = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    Some((quads | quads >> 16) as u32)
}

/// The order of events everywhere: time, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    /// Milliseconds since 1970-01-01T00:00:00Z, or [`NO_TIME`].
    pub time_ms: i64,
    /// The event's id.
    pub id: EventId,
}

/// How the bytes at a [`Location`] hold a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// They are the record.
    #[default]
    Record,
    /// They are a JSON string, quotes included, whose text is the record.
    JsonText,
    /// They are a JSON array of named values, from which a record is made.
    JsonRow,
    /// They are a cell of a CSV file, quotes included if it has any, whose text is the record.
    CsvCell,
    /// They are a row of a CSV file, from which a record is made with the file's first row.
    CsvRow,
}

/// Where the raw record of an event is: enough to read it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Ordinal of its source.
    pub source: u32,
    /// Which member of the source, if that is an archive: they are counted from 1. 0 is the source itself.
    pub member: u32,
    /// Offset of its first byte in the text of the member: after inflating, and in UTF-8.
    pub offset: u64,
    /// Its length in bytes there.
    pub length: u32,
    /// How these bytes hold the record.
    pub form: Form,
}

/// One event as a row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRow {
    /// Milliseconds since 1970-01-01T00:00:00Z; `None` without a readable `eventTime`.
    pub time_ms: Option<i64>,
    /// The `eventID`, or the id made for it.
    pub event_id: String,
    /// `eventName`.
    pub event_name: Option<String>,
    /// `eventSource`.
    pub event_source: Option<String>,
    /// `awsRegion`.
    pub region: Option<String>,
    /// Who did it: see [`crate::identity::Principal::label`].
    pub principal: String,
    /// `sourceIPAddress`.
    pub source_address: Option<String>,
    /// `userAgent`.
    pub user_agent: Option<String>,
    /// `errorCode`.
    pub error_code: Option<String>,
    /// `recipientAccountId`, or the account of the identity.
    pub account: Option<String>,
}

/// Reads an `eventTime` (RFC 3339). Milliseconds since 1970 out.
pub fn parse_time(text: &str) -> Option<i64> {
    time_of(text.as_bytes())
}

/// Reads times quicker than [`parse_time`] where many are of one day.
#[derive(Default)]
pub(crate) struct Calendar {
    /// The last day as its text has it, and its start in milliseconds since 1970.
    last: Option<([u8; DAY], i64)>,
}

impl Calendar {
    /// The same as [`parse_time`], of the bytes of a text.
    pub fn time_of(&mut self, text: &[u8]) -> Option<i64> {
        let Some((day, clock)) = day_and_clock(text) else { return time_of(text) };
        let start = match self.last {
            Some((last, start)) if last == *day => Some(start),
            _ => start_of(day).inspect(|&start| self.last = Some((*day, start))),
        };
        start.zip(since_midnight(clock)).map(|(start, since)| start + since).or_else(|| time_of(text))
    }
}

/// [`parse_time`] of the bytes of a text.
fn time_of(text: &[u8]) -> Option<i64> {
    let basic = day_and_clock(text).and_then(|(day, clock)| Some(start_of(day)? + since_midnight(clock)?));
    if basic.is_some() {
        return basic;
    }
    let text = std::str::from_utf8(text).ok()?;
    let parsed = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
    i64::try_from(parsed.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Bytes of `2024-01-31T` and of `23:59:59Z`.
const DAY: usize = 11;
const CLOCK: usize = 9;

/// The two parts of the form that CloudTrail writes, which is read without the general parser: every record has one.
fn day_and_clock(text: &[u8]) -> Option<(&[u8; DAY], &[u8; CLOCK])> {
    let (day, rest) = text.split_first_chunk()?;
    Some((day, rest.try_into().ok()?))
}

/// The start of a day such as `2024-01-31T`, in milliseconds since 1970.
fn start_of(day: &[u8; DAY]) -> Option<i64> {
    let [y3, y2, y1, y0, b'-', m1, m0, b'-', d1, d0, b'T'] = *day else { return None };
    let (year, month, day) = (number(&[y3, y2, y1, y0])?, number(&[m1, m0])?, number(&[d1, d0])?);
    if !(1..=12).contains(&month) {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=length).contains(&day).then(|| days_from_civil(year, month, day) * 86_400_000)
}

/// Milliseconds from midnight to a clock time such as `23:59:59Z`.
fn since_midnight(clock: &[u8; CLOCK]) -> Option<i64> {
    let [h1, h0, b':', m1, m0, b':', s1, s0, b'Z'] = *clock else { return None };
    let (hour, minute, second) = (number(&[h1, h0])?, number(&[m1, m0])?, number(&[s1, s0])?);
    (hour < 24 && minute < 60 && second < 60).then_some(((hour * 60 + minute) * 60 + second) * 1_000)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, c| c.is_ascii_digit().then(|| value * 10 + i64::from(c - b'0')))
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar: years start in March, so that the leap day is
/// the last of its year and a month's first day is a linear function.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// `2024-01-31T23:59:59Z`, with milliseconds if there are any; "no time" for [`NO_TIME`].
pub fn format_time(time_ms: i64) -> String {
    if time_ms == NO_TIME {
        return "no time".to_owned();
    }
    let nanos = i128::from(time_ms) * 1_000_000;
    time::OffsetDateTime::from_unix_timestamp_nanos(nanos)
        .ok()
        .and_then(|t| t.format(&time::format_description::well_known::Rfc3339).ok())
        .unwrap_or_else(|| format!("{time_ms} ms"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_time(text: &str, expected: Option<&str>) {
        assert_eq!(parse_time(text).map(format_time).as_deref(), expected, "{text}");
    }

    #[test]
    fn times() {
        check_time("2024-02-29T23:59:59Z", Some("2024-02-29T23:59:59Z"));
        check_time("1970-01-01T00:00:00Z", Some("1970-01-01T00:00:00Z"));
        check_time("1969-12-31T23:59:59Z", Some("1969-12-31T23:59:59Z"));
        check_time("2023-07-10T11:42:36.5Z", Some("2023-07-10T11:42:36.5Z"));
        check_time("2023-07-10T13:42:36+02:00", Some("2023-07-10T11:42:36Z"));
        check_time("2023-02-29T00:00:00Z", None);
        check_time("2023-04-31T00:00:00Z", None);
        check_time("2023-13-01T00:00:00Z", None);
        check_time("yesterday", None);
        check_time("", None);
        check_time("2023-07-10T24:00:00Z", None);
    }

    #[test]
    fn the_calendar_reads_what_anybody_reads() {
        let mut calendar = Calendar::default();
        assert_eq!(calendar.time_of(&[&[0; DAY][..], b"00:00:00Z"].concat()), None);
        for day in ["2024-02-29", "2024-02-30", "2024-03-01", "0000-00-00", "1969-12-31"] {
            for clock in [
                "T00:00:00Z",
                "T23:59:59Z",
                "T24:00:00Z",
                "T23:60:00Z",
                "T23:59:60Z",
                "T1:00:00Z",
                "T0a:00:00Z",
                "T00:00:00+01:00",
                "T00:00:00.5Z",
                "T00:00:00ZZ",
                " 00:00:00Z",
                "",
                "T12-00-00Z",
            ] {
                let text = format!("{day}{clock}");
                assert_eq!(calendar.time_of(text.as_bytes()), parse_time(&text), "{text}");
            }
        }
    }

    #[test]
    fn the_short_way_agrees_with_the_library() {
        for day in 0..80_000 {
            let ms = (i64::from(day) - 20_000) * 86_400_000 + 3_723_000;
            assert_eq!(parse_time(&format_time(ms)), Some(ms));
        }
    }

    #[test]
    fn ids_print_as_they_were_read() {
        let text = "7c1a3f9e-0b52-4e7d-9d7a-0123456789ab";
        let (id, canonical) = EventId::from_text(text.as_bytes());
        assert_eq!((id.to_string().as_str(), canonical), (text, true));
        for at in 0..text.len() {
            for byte in [b'/', b':', b'`', b'g', b'@', b'A', b'G', 0, 0x80, 0xff] {
                let mut odd = text.as_bytes().to_vec();
                odd[at] = byte;
                assert!(!EventId::from_text(&odd).1, "{byte} at {at}");
            }
        }
        for odd in ["7C1A3F9E-0b52-4e7d-9d7a-0123456789ab", "x", "", "7c1a3f9e-0b52-4e7d-9d7a-0123456789a"] {
            assert!(!EventId::from_text(odd.as_bytes()).1, "{odd}");
        }
        assert_ne!(EventId::from_text(b"a"), EventId::from_text(b"b"));
    }
}
