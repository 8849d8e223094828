//! Time as CloudTrail writes it, and the rhythm of a working week. Seconds since 1970, UTC.

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// A moment, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Calendar year.
    pub year: i64,
    /// Month, from 1.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
    /// Hour, 0–23.
    pub hour: u8,
    /// Minute, 0–59.
    pub minute: u8,
    /// Second, 0–59.
    pub second: u8,
}

/// Takes `time` apart (the proleptic Gregorian calendar; years are counted from March, so that
/// the leap day comes last).
pub fn moment(time: i64) -> Moment {
    let (days, rest) = (time.div_euclid(DAY), time.rem_euclid(DAY));
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    Moment {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month: month as u8,
        day: (day_of_year - (153 * from_march + 2) / 5 + 1) as u8,
        hour: (rest / 3_600) as u8,
        minute: (rest / 60 % 60) as u8,
        second: (rest % 60) as u8,
    }
}

fn digits(out: &mut Vec<u8>, value: u64, width: usize) {
    let from = out.len();
    out.resize(from + width, b'0');
    let mut value = value;
    for place in out[from..].iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Appends `2024-05-06T07:08:09Z`.
pub fn write_iso(out: &mut Vec<u8>, time: i64) {
    let at = moment(time);
    digits(out, at.year as u64, 4);
    for (mark, value) in [(b'-', at.month), (b'-', at.day), (b'T', at.hour), (b':', at.minute), (b':', at.second)] {
        out.push(mark);
        digits(out, u64::from(value), 2);
    }
    out.push(b'Z');
}

/// Appends `May 6, 2024 7:08:09 AM`, the form of dates inside responses.
pub fn write_spoken(out: &mut Vec<u8>, time: i64) {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let at = moment(time);
    let hour = (at.hour + 11) % 12 + 1;
    let half = if at.hour < 12 { "AM" } else { "PM" };
    out.extend_from_slice(
        format!(
            "{} {}, {} {hour}:{:02}:{:02} {half}",
            MONTHS[usize::from(at.month) - 1],
            at.day,
            at.year,
            at.minute,
            at.second
        )
        .as_bytes(),
    );
}

/// The activity of people by the hour of the day, in per cent of the busiest hour.
const PEOPLE: [u64; 24] = [4, 3, 2, 2, 3, 6, 14, 35, 70, 92, 100, 97, 78, 84, 98, 95, 88, 70, 42, 26, 18, 13, 9, 6];
/// The activity of machines, which do not sleep, in the same unit.
const MACHINES: u64 = 60;

/// How many parts of the activity at `time` are people's, and how many there are in all.
pub fn activity(time: i64) -> (u64, u64) {
    let hour = moment(time).hour;
    // 1970-01-01 was a Thursday.
    let weekday = (time.div_euclid(DAY) + 3).rem_euclid(7);
    let people = PEOPLE[usize::from(hour)] / if weekday < 5 { 1 } else { 5 };
    (people, people + MACHINES)
}

/// The rhythm of a whole period: positions on an even scale of activity, and their times.
#[derive(Clone, Debug)]
pub struct Rhythm {
    start: i64,
    ends: Vec<u64>,
}

impl Rhythm {
    /// The rhythm of the hours from `start` on.
    pub fn new(start: i64, hours: u64) -> Self {
        let mut total = 0;
        let ends = (0..hours as i64)
            .map(|hour| {
                total += activity(start + hour * 3_600).1 * 3_600;
                total
            })
            .collect();
        Self { start, ends }
    }

    /// The end of the scale.
    pub fn total(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The time at a position; positions at or beyond the end give the end of the period.
    pub fn time(&self, position: u64) -> i64 {
        let hour = self.ends.partition_point(|&end| end <= position);
        let from = if hour == 0 { 0 } else { self.ends[hour - 1] };
        let within = match self.ends.get(hour) {
            Some(end) => (position - from) * 3_600 / (end - from),
            None => 0,
        };
        self.start + hour as i64 * 3_600 + within as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_cloudtrail_does() {
        let check = |time: i64, iso: &str, spoken: &str| {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            write_iso(&mut left, time);
            write_spoken(&mut right, time);
            assert_eq!((String::from_utf8_lossy(&left), String::from_utf8_lossy(&right)), (iso.into(), spoken.into()));
        };
        check(0, "1970-01-01T00:00:00Z", "Jan 1, 1970 12:00:00 AM");
        check(951_782_400, "2000-02-29T00:00:00Z", "Feb 29, 2000 12:00:00 AM");
        check(1_709_251_199, "2024-02-29T23:59:59Z", "Feb 29, 2024 11:59:59 PM");
        check(1_714_979_289, "2024-05-06T07:08:09Z", "May 6, 2024 7:08:09 AM");
        check(1_735_689_599, "2024-12-31T23:59:59Z", "Dec 31, 2024 11:59:59 PM");
    }

    #[test]
    fn positions_rise_with_time_and_stay_in_the_period() {
        let rhythm = Rhythm::new(1_714_953_600, 48);
        let times: Vec<i64> = (0..=1_000).map(|i| rhythm.time(rhythm.total() * i / 1_000)).collect();
        assert!(times.is_sorted());
        assert_eq!((times[0], times[1_000]), (1_714_953_600, 1_714_953_600 + 2 * DAY));
    }

    #[test]
    fn nights_are_quiet() {
        let monday = 1_714_953_600;
        assert!(activity(monday + 10 * 3_600).1 > 2 * activity(monday + 3 * 3_600).1);
    }
}
