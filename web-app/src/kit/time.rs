//! Moments as people read them, by one clock for the whole page. The clock is plain data: somebody else knows zones.
//!
//! What is told by the clock is for people who look at the page. What leaves it tells [`utc`].

use super::format::duration;
use super::words::{tr, tr_with};
use std::cell::RefCell;
use std::collections::HashMap;

const DAY: i64 = 86_400_000;
const WEEK: i64 = 7 * DAY;
/// So many weeks are remembered. A log with more is forgotten and asked for again, rather than kept for ever.
const MOST_WEEKS: usize = 4_096;

/// How moments are told.
#[derive(Clone, Debug)]
pub struct Clock {
    /// What the zone is called: `UTC`, `Europe/Berlin`.
    pub zone: String,
    /// By how much its clocks are ahead of UTC at a moment, both in milliseconds. It may be slow: answers are kept.
    pub offset: fn(i64) -> i64,
    /// The last event, in milliseconds since 1970, if moments are told by how long before it they were.
    pub last_ms: Option<i64>,
}

impl Clock {
    /// UTC, with dates.
    pub fn utc() -> Clock {
        Clock { zone: "UTC".to_owned(), offset: |_| 0, last_ms: None }
    }
}

/// Offsets within a week: one, or two and when the second one began. No zone changes its clocks twice in a week.
#[derive(Clone, Copy)]
struct Week {
    first: i64,
    change_ms: i64,
    second: i64,
}

impl Week {
    fn ask(number: i64, offset: fn(i64) -> i64) -> Week {
        let from = number.saturating_mul(WEEK);
        let to = from.saturating_add(WEEK);
        let (first, second) = (offset(from), offset(to));
        Week { first, change_ms: if first == second { to } else { change_between(from, to, offset) }, second }
    }
}

/// The first moment at which the offset is no more what it is at `from`; at `to` it is another one.
pub(super) fn change_between(from: i64, to: i64, offset: impl Fn(i64) -> i64) -> i64 {
    let (before, mut early, mut late) = (offset(from), from, to);
    while late - early > 1 {
        let middle = early + (late - early) / 2;
        if offset(middle) == before { early = middle } else { late = middle }
    }
    late
}

struct Running {
    clock: Clock,
    weeks: HashMap<i64, Week>,
}

thread_local! {
    static RUNNING: RefCell<Running> = RefCell::new(Running { clock: Clock::utc(), weeks: HashMap::new() });
}

/// Tells all moments by this clock from now on. Nothing that is drawn already changes by it.
pub fn set_clock(clock: Clock) {
    RUNNING.set(Running { clock, weeks: HashMap::new() });
}

/// By how much clocks are ahead of UTC at a moment, both in milliseconds.
pub fn offset(time_ms: i64) -> i64 {
    RUNNING.with_borrow_mut(|running| {
        let (number, offset) = (time_ms.div_euclid(WEEK), running.clock.offset);
        if running.weeks.len() >= MOST_WEEKS {
            running.weeks.clear();
        }
        let week = running.weeks.entry(number).or_insert_with(|| Week::ask(number, offset));
        if time_ms < week.change_ms { week.first } else { week.second }
    })
}

/// A moment as the clock tells it: `2024-01-31 23:59:59`, with milliseconds if there are any, or `3 d 4 h before`.
pub fn time(time_ms: i64) -> String {
    match RUNNING.with_borrow(|running| running.clock.last_ms) {
        Some(last) if time_ms > last => tr_with("{} after", &[&duration(time_ms.saturating_sub(last))]),
        Some(last) => tr_with("{} before", &[&duration(last.saturating_sub(time_ms))]),
        None => dated(time_ms),
    }
}

/// What [`time`] means: `UTC`, `Europe/Berlin`, `the last event`. It stands behind the time.
pub fn time_label() -> String {
    RUNNING.with_borrow(|running| match running.clock.last_ms {
        Some(_) => tr("the last event").to_owned(),
        None => running.clock.zone.clone(),
    })
}

/// The heading of a column of times, which have no label of their own there.
pub fn time_heading() -> String {
    RUNNING.with_borrow(|running| match running.clock.last_ms {
        Some(_) => tr("To the last event").to_owned(),
        None => tr_with("Time ({})", &[&running.clock.zone]),
    })
}

/// `2024-01-31 23:59:59 UTC`: a moment and what it means.
pub fn timed(time_ms: i64) -> String {
    format!("{} {}", time(time_ms), time_label())
}

/// `2024-01-31 23:59:58 – 2024-01-31 23:59:59 UTC`: from one moment to another, and once what is told alike of both.
pub fn spanned(from_ms: i64, to_ms: i64) -> String {
    let from = time(from_ms);
    if from == time(to_ms) { timed(to_ms) } else { format!("{from} – {}", timed(to_ms)) }
}

/// The zone of dates.
pub fn zone() -> String {
    RUNNING.with_borrow(|running| running.clock.zone.clone())
}

/// `2024-01-31 23:59:59`: date and time in the zone, with milliseconds if there are any.
pub fn dated(time_ms: i64) -> String {
    utc(time_ms.saturating_add(offset(time_ms)))
}

/// A moment that cannot be mistaken: in the zone, and in UTC.
pub fn exact(time_ms: i64) -> String {
    let (utc, zone) = (utc(time_ms), zone());
    if zone == "UTC" { format!("{utc} UTC") } else { format!("{} {zone} = {utc} UTC", dated(time_ms)) }
}

/// From one moment to another, as [`exact`].
pub fn exact_span(from_ms: i64, to_ms: i64) -> String {
    format!("{} – {}", exact(from_ms), exact(to_ms))
}

/// `2024-01-31 23:59:59`, UTC, with milliseconds if there are any.
pub fn utc(time_ms: i64) -> String {
    let (days, ms_of_day) = (time_ms.div_euclid(DAY), time_ms.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    let (seconds, ms) = (ms_of_day / 1_000, ms_of_day % 1_000);
    let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let text = format!("{year:04}-{month:02}-{day:02} {h:02}:{m:02}:{s:02}");
    if ms == 0 { text } else { format!("{text}.{ms:03}") }
}

/// Year, month and day of a number of days since 1970-01-01. Years are counted from March, so that the leap day is the
/// last of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// How far a zone is ahead of UTC, in milliseconds, as `GMT+05:30` at the end of a text says it; nothing behind `GMT` is
/// no difference.
pub fn offset_in(text: &str) -> Option<i64> {
    let (_, offset) = text.rsplit_once("GMT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let (sign, clock) = match (offset.strip_prefix('+'), offset.strip_prefix(['-', '\u{2212}'])) {
        (Some(clock), _) => (1, clock),
        (_, Some(clock)) => (-1, clock),
        _ => return None,
    };
    let parts: Vec<i64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours] => (*hours, 0, 0),
        [hours, minutes] => (*hours, *minutes, 0),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let is_clock = (0..24).contains(&hours) && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    is_clock.then_some(sign * ((hours * 60 + minutes) * 60 + seconds) * 1_000)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    /// 2024-03-31 01:00 UTC: Berlin's clocks go from 02:00 to 03:00.
    pub const SPRING: i64 = 1_711_846_800_000;
    /// 2024-10-27 01:00 UTC: Berlin's clocks go from 03:00 back to 02:00.
    pub const AUTUMN: i64 = 1_729_990_800_000;

    /// Berlin in 2024.
    pub fn berlin() -> Clock {
        let offset = |ms| if (SPRING..AUTUMN).contains(&ms) { 2 * HOUR } else { HOUR };
        Clock { zone: "Europe/Berlin".to_owned(), offset, last_ms: None }
    }

    /// Always so many minutes ahead.
    pub fn india() -> Clock {
        Clock { zone: "Asia/Kolkata".to_owned(), offset: |_| 11 * HOUR / 2, last_ms: None }
    }

    fn st_johns() -> Clock {
        Clock { zone: "America/St_Johns".to_owned(), offset: |_| -7 * HOUR / 2, last_ms: None }
    }

    fn check(clock: Clock, cases: &[(i64, &str)]) {
        set_clock(clock);
        for &(ms, expected) in cases {
            assert_eq!(timed(ms), expected);
        }
    }

    #[test]
    fn in_utc() {
        let cases = [
            (0, "1970-01-01 00:00:00 UTC"),
            (-1, "1969-12-31 23:59:59.999 UTC"),
            (1_709_251_199_000, "2024-02-29 23:59:59 UTC"),
            (1_709_251_200_500, "2024-03-01 00:00:00.500 UTC"),
            (4_107_542_400_000, "2100-03-01 00:00:00 UTC"),
        ];
        check(Clock::utc(), &cases);
        assert_eq!(exact(0), "1970-01-01 00:00:00 UTC");
    }

    #[test]
    fn in_a_zone() {
        let in_berlin = [
            (SPRING - 1, "2024-03-31 01:59:59.999 Europe/Berlin"),
            (SPRING, "2024-03-31 03:00:00 Europe/Berlin"),
            (AUTUMN - 1, "2024-10-27 02:59:59.999 Europe/Berlin"),
            (AUTUMN, "2024-10-27 02:00:00 Europe/Berlin"),
            (-1, "1970-01-01 00:59:59.999 Europe/Berlin"),
        ];
        check(berlin(), &in_berlin);
        // What the clock says twice, UTC says once.
        assert_eq!(exact(AUTUMN - HOUR), "2024-10-27 02:00:00 Europe/Berlin = 2024-10-27 00:00:00 UTC");
        assert_eq!(exact(AUTUMN), "2024-10-27 02:00:00 Europe/Berlin = 2024-10-27 01:00:00 UTC");
        check(india(), &[(0, "1970-01-01 05:30:00 Asia/Kolkata"), (-1, "1970-01-01 05:29:59.999 Asia/Kolkata")]);
        check(st_johns(), &[(0, "1969-12-31 20:30:00 America/St_Johns")]);
        assert_eq!(utc(0), "1970-01-01 00:00:00");
    }

    #[test]
    fn before_the_last_event() {
        let last = 90_061_000;
        let cases = [
            (0, "1 d 1 h before the last event"),
            (last - 61_000, "1 min 1 s before the last event"),
            (last, "0 s before the last event"),
            (last + 2_000, "2 s after the last event"),
            (i64::MIN, "106751991167 d 7 h before the last event"),
        ];
        check(Clock { last_ms: Some(last), ..berlin() }, &cases);
        assert_eq!(spanned(0, last), "1 d 1 h before – 0 s before the last event");
        assert_eq!(spanned(0, 1_000), "1 d 1 h before the last event");
        assert_eq!(time_heading(), "To the last event");
        assert_eq!(dated(0), "1970-01-01 01:00:00");
        assert_eq!(exact(0), "1970-01-01 01:00:00 Europe/Berlin = 1970-01-01 00:00:00 UTC");
    }

    #[test]
    fn a_zone_is_asked_seldom_and_never_wrong() {
        thread_local! { static ASKED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) }; }
        let offset = |ms| {
            ASKED.set(ASKED.get() + 1);
            (berlin().offset)(ms)
        };
        set_clock(Clock { offset, ..berlin() });
        for ms in (SPRING - DAY..SPRING + DAY).step_by(60_000) {
            assert_eq!(super::offset(ms), (berlin().offset)(ms), "{ms}");
        }
        assert!(ASKED.get() < 40, "{}", ASKED.get());
        // Hostile times are no more than times.
        for ms in [i64::MIN, i64::MAX] {
            assert!(!timed(ms).is_empty() && !exact(ms).is_empty());
        }
        for week in 0..2 * MOST_WEEKS as i64 {
            super::offset(week * WEEK);
        }
        RUNNING.with_borrow(|running| assert!(running.weeks.len() <= MOST_WEEKS));
    }

    #[test]
    fn offsets_in_texts() {
        let check = |text, expected: Option<i64>| assert_eq!(offset_in(text), expected, "{text}");
        check("1/1/2024, GMT", Some(0));
        check("1/1/2024, GMT+05:30", Some(11 * HOUR / 2));
        check("GMT-03:30", Some(-7 * HOUR / 2));
        check("GMT\u{2212}8", Some(-8 * HOUR));
        check("GMT+00:53:28", Some(3_208_000));
        for wrong in ["", "CET", "GMT+", "GMT+1:2:3:4", "GMT+99:00", "GMT+x", "GMT5", "GMT+-1"] {
            check(wrong, None);
        }
    }
}
