//! Round places on a time axis, in UTC.

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

/// At most `most` ticks within `from_ms..=to_ms`.
pub fn ticks(from_ms: i64, to_ms: i64, most: usize) -> Vec<Tick> {
    let span = to_ms.saturating_sub(from_ms);
    if span <= 0 || most == 0 {
        return Vec::new();
    }
    let fits = |step: &i64| span / step < most as i64;
    let step = STEPS.into_iter().find(fits).unwrap_or_else(|| (span / most as i64 / DAY + 1) * DAY);
    let first = from_ms.div_euclid(step) * step;
    let first = if first < from_ms { first + step } else { first };
    (0..most as i64 + 1)
        .map(|i| first + i * step)
        .take_while(|&at| at <= to_ms)
        .map(|at_ms| Tick { at_ms, label: label(at_ms, step) })
        .collect()
}

/// The part of the time that the step changes: a date, or a time of day (a date again at midnight).
fn label(at_ms: i64, step: i64) -> String {
    let text = super::time::dated(at_ms);
    let (date, clock) = text.split_once(' ').unwrap_or((&text, ""));
    if step >= DAY || at_ms.rem_euclid(DAY) == 0 {
        return date.to_owned();
    }
    let length = if step >= MINUTE { 5 } else { 8 };
    clock.get(..length).unwrap_or(clock).to_owned()
}

#[cfg(test)]
mod tests {
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
        check(0, 0, 4, &[]);
        check(0, HOUR, 0, &[]);
        assert!(ticks(i64::MIN / 4, i64::MAX / 4, 8).len() <= 9);
    }
}
