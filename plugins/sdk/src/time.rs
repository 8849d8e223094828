//! Times of events: milliseconds since 1970-01-01T00:00:00Z, as [`Row::time_ms`](crate::Row::time_ms) gives them, and spans of
//! milliseconds. All of it is UTC.

use crate::words::count;

/// Milliseconds in a second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// The hour that a time is in, counted from 1970.
#[must_use]
pub fn hour(time_ms: i64) -> i64 {
    time_ms.div_euclid(HOUR_MS)
}

/// The day that a time is in, counted from 1970.
#[must_use]
pub fn day(time_ms: i64) -> i64 {
    time_ms.div_euclid(DAY_MS)
}

/// The hour of the day, from 0 to 23.
#[must_use]
pub fn hour_of_day(time_ms: i64) -> i64 {
    hour(time_ms).rem_euclid(24)
}

/// The day of the week, from 0 for Monday to 6 for Sunday.
#[must_use]
pub fn weekday(time_ms: i64) -> i64 {
    // 1970 began on a Thursday.
    (day(time_ms) + 3).rem_euclid(7)
}

/// A time to the minute: `2024-05-06 14:05 UTC`.
#[must_use]
pub fn date_time(time_ms: i64) -> String {
    let minute = time_ms.div_euclid(MINUTE_MS).rem_euclid(60);
    format!("{} {:02}:{minute:02} UTC", date(time_ms), hour_of_day(time_ms))
}

/// The date of a time: `2024-05-06`.
#[must_use]
pub fn date(time_ms: i64) -> String {
    // Years that begin in March, so that the leap day is the last of its year; eras of 400 such years have the same length.
    let days = day(time_ms) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
    let month = if months_since_march < 10 { months_since_march + 3 } else { months_since_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A span of time in its two largest units: `3 hours 20 minutes`, `2 days`, `45 seconds`. What is left over is cut off;
/// less than a second is `less than a second`, and the sign does not matter.
#[must_use]
pub fn span(ms: i64) -> String {
    let units = [(DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute"), (SECOND_MS, "second")];
    let mut left = ms.saturating_abs();
    let Some(largest) = units.iter().position(|&(unit, _)| left >= unit) else {
        return "less than a second".to_owned();
    };
    let mut parts = Vec::new();
    for &(unit, name) in units.iter().skip(largest).take(2) {
        let number = left / unit;
        left %= unit;
        if number > 0 {
            parts.push(count(number, name));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units() {
        let check = |ms: i64, expected: &str| assert_eq!(span(ms), expected, "{ms}");
        check(0, "less than a second");
        check(999, "less than a second");
        check(1_000, "1 second");
        check(-59_999, "59 seconds");
        check(3 * HOUR_MS + 20 * MINUTE_MS + 59_000, "3 hours 20 minutes");
        check(2 * DAY_MS, "2 days");
        check(DAY_MS + 59 * MINUTE_MS, "1 day");
        check(30 * DAY_MS + HOUR_MS, "30 days 1 hour");
        check(i64::MIN, &span(i64::MAX));
    }

    #[test]
    fn times_are_utc() {
        let check = |ms: i64, expected: &str| assert_eq!(date_time(ms), expected, "{ms}");
        check(0, "1970-01-01 00:00 UTC");
        check(-1, "1969-12-31 23:59 UTC");
        check(951_782_400_000, "2000-02-29 00:00 UTC");
        check(1_709_251_199_999, "2024-02-29 23:59 UTC");
        check(1_709_251_200_000, "2024-03-01 00:00 UTC");
        check(4_107_542_400_000, "2100-03-01 00:00 UTC");
        check(i64::MIN, "-292275055-05-16 16:47 UTC");
    }

    #[test]
    fn hours_and_days() {
        assert_eq!((hour(-1), day(-1), hour_of_day(-1)), (-1, -1, 23));
        assert_eq!((hour(HOUR_MS), day(HOUR_MS), hour_of_day(25 * HOUR_MS)), (1, 0, 1));
        // Monday, 6 May 2024.
        assert_eq!((weekday(1_714_953_600_000), weekday(1_714_953_599_999)), (0, 6));
    }
}
