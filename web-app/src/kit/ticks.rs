//! Round places on a time axis, by the page's clock.

use super::time::{change_between, dated, offset};

/// A label and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// What to write there.
    pub label: String,
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Steps that fall on round clock times. Beyond them, multiples of 28 days would drift over the calendar, so whole
/// days are multiplied and labelled with their date.
const STEPS: [i64; 21] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    28 * DAY,
];

/// Ticks within `from_ms..=to_ms`, on round times of the page's clock: at most `most`, or one more.
pub fn ticks(from_ms: i64, to_ms: i64, most: usize) -> Vec<Tick> {
    let span = to_ms.saturating_sub(from_ms);
    if span <= 0 || most == 0 {
        return Vec::new();
    }
    let fits = |step: &i64| span / step < most as i64;
    let step = STEPS.into_iter().find(fits).unwrap_or_else(|| (span / most as i64 / DAY + 1) * DAY);
    let mut places = Vec::new();
    let mut at_ms = from_ms;
    while let Some(place) = next_place(at_ms, to_ms, step).filter(|_| places.len() <= most) {
        places.push(place);
        at_ms = place + 1;
    }
    places.into_iter().map(|at_ms| Tick { at_ms, label: label(at_ms, step) }).collect()
}

/// The first moment of `from_ms..=to_ms` that local clocks tell as a multiple of the step. Clocks that are changed on the way
/// are followed: an hour that comes twice has its places twice, and a day without a midnight begins where it begins.
fn next_place(mut from_ms: i64, to_ms: i64, step: i64) -> Option<i64> {
    loop {
        let local = from_ms + offset(from_ms);
        let whole = local.div_euclid(step) + i64::from(local.rem_euclid(step) > 0);
        let place = from_ms + whole * step - local;
        let end = place.min(to_ms);
        if offset(end) == offset(from_ms) {
            return Some(place).filter(|place| *place <= to_ms);
        }
        let change = change_between(from_ms, end, offset);
        let skips = (change + offset(change)).div_euclid(step) > (change + offset(from_ms) - 1).div_euclid(step);
        if step >= DAY && skips {
            return Some(change);
        }
        from_ms = change;
    }
}

/// The part of the time that the step changes: a date, or a time of day (a date again at midnight).
fn label(at_ms: i64, step: i64) -> String {
    let text = dated(at_ms);
    let (date, clock) = text.split_once(' ').unwrap_or((&text, ""));
    if step >= DAY || clock == "00:00:00" {
        return date.to_owned();
    }
    let length = if step >= MINUTE { 5 } else { 8 };
    clock.get(..length).unwrap_or(clock).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::time::tests::{AUTUMN, SPRING, berlin, india};
    use super::super::time::{Clock, set_clock};
    use super::*;

    fn check(from_ms: i64, to_ms: i64, most: usize, expected: &[&str]) {
        let labels: Vec<String> = ticks(from_ms, to_ms, most).into_iter().map(|t| t.label).collect();
        assert_eq!(labels, expected);
    }

    #[test]
    fn round_and_few() {
        check(0, 10 * SECOND, 3, &["1970-01-01", "00:00:05", "00:00:10"]);
        check(90 * MINUTE, 6 * HOUR, 4, &["02:00", "04:00", "06:00"]);
        check(HOUR, 3 * DAY, 4, &["1970-01-02", "1970-01-03", "1970-01-04"]);
        check(-90 * MINUTE, HOUR, 4, &["23:00", "1970-01-01", "01:00"]);
        check(0, 0, 4, &[]);
        check(0, HOUR, 0, &[]);
        assert!(ticks(i64::MIN / 4, i64::MAX / 4, 8).len() <= 9);
    }

    #[test]
    fn round_where_the_page_is() {
        set_clock(india());
        check(0, 4 * HOUR, 5, &["06:00", "07:00", "08:00", "09:00"]);
        check(0, 2 * DAY, 3, &["1970-01-02", "1970-01-03"]);
        assert_eq!(ticks(0, 2 * DAY, 3)[0].at_ms, DAY - 11 * HOUR / 2);
        assert!(ticks(i64::MIN / 4, i64::MAX / 4, 8).len() <= 9);
    }

    #[test]
    fn clocks_that_are_changed_are_followed() {
        set_clock(berlin());
        // An hour that does not come, and one that comes twice.
        check(SPRING - 2 * HOUR, SPRING + 2 * HOUR, 5, &["2024-03-31", "01:00", "03:00", "04:00", "05:00"]);
        check(AUTUMN - 2 * HOUR, AUTUMN + 2 * HOUR, 5, &["01:00", "02:00", "02:00", "03:00", "04:00"]);
        check(AUTUMN + 5 * MINUTE, AUTUMN + 35 * MINUTE, 3, &["02:15", "02:30"]);
        // Days of 23 and of 25 hours begin at midnight.
        let midnights = |from, to| ticks(from, to, 4).into_iter().map(|t| (t.at_ms, t.label)).collect::<Vec<_>>();
        let midnight = |at, label: &str| (at, label.to_owned());
        let expected = [midnight(SPRING - 2 * HOUR, "2024-03-31"), midnight(SPRING + 21 * HOUR, "2024-04-01")];
        assert_eq!(midnights(SPRING - 10 * HOUR, SPRING + 40 * HOUR), expected);
        let expected = [midnight(AUTUMN - 3 * HOUR, "2024-10-27"), midnight(AUTUMN + 22 * HOUR, "2024-10-28")];
        assert_eq!(midnights(AUTUMN - 10 * HOUR, AUTUMN + 40 * HOUR), expected);
        check(SPRING - 3 * HOUR, SPRING + 22 * HOUR, 5, &["2024-03-31", "06:00", "12:00", "18:00", "2024-04-01"]);
    }

    #[test]
    fn a_day_without_a_midnight_begins_all_the_same() {
        // Clocks go from 24:00 to 01:00.
        let offset = |ms| if ms < 3 * DAY { 0 } else { HOUR };
        set_clock(Clock { zone: "Asia/Beirut".to_owned(), offset, last_ms: None });
        check(3 * DAY / 2, 9 * DAY / 2, 4, &["1970-01-03", "1970-01-04", "1970-01-05"]);
        check(3 * DAY - 2 * HOUR, 3 * DAY + 2 * HOUR, 5, &["22:00", "23:00", "01:00", "02:00", "03:00"]);
        // And from 24:00 back to 23:00: the second one ends the day.
        let offset = |ms| if ms < 3 * DAY { 0 } else { -HOUR };
        set_clock(Clock { zone: "America/Havana".to_owned(), offset, last_ms: None });
        assert_eq!(ticks(5 * DAY / 2, 7 * DAY / 2, 2).iter().map(|t| t.at_ms).collect::<Vec<_>>(), [3 * DAY + HOUR]);
    }

    proptest::proptest! {
        #[test]
        fn places_rise_and_are_round(from in -DAY..DAY, span in 1..90 * DAY, most in 1_usize..20, zone in 0..2) {
            set_clock(if zone == 0 { india() } else { berlin() });
            let (from, to) = (SPRING + from, SPRING + from + span);
            let places: Vec<i64> = ticks(from, to, most).into_iter().map(|tick| tick.at_ms).collect();
            assert!(places.len() <= most + 1);
            assert!(places.is_sorted_by(|a, b| a < b) && places.iter().all(|at| (from..=to).contains(at)));
            assert!(places.iter().all(|at| (at + offset(*at)) % SECOND == 0));
        }
    }
}
