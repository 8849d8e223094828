//! Moving a stretch of time along all that there is. Times are milliseconds since 1970; an end is not included.

/// Start and end.
pub type Stretch = (i64, i64);

/// The shortest stretch that is zoomed in to.
const SHORTEST_MS: i64 = 1_000;

/// The same length, moved by half of it; `None` where it cannot go further.
pub fn moved(range: Stretch, whole: Stretch, sign: i64) -> Option<Stretch> {
    moved_by(range, whole, ((range.1 - range.0) / 2).max(1) * sign)
}

/// The same length, moved by so much, as far as there is something; `None` where it cannot go further.
pub fn moved_by(range: Stretch, whole: Stretch, by: i64) -> Option<Stretch> {
    let by = by.clamp((whole.0 - range.0).min(0), (whole.1 - range.1).max(0));
    (by != 0).then_some((range.0 + by, range.1 + by))
}

/// So many times as long, with this moment at the same place in it, as far as what there is allows: less than 1 zooms
/// in. `None` if that is all.
pub fn zoomed(range: Stretch, whole: Stretch, at_ms: i64, factor: f64) -> Option<Stretch> {
    let length = range.1.saturating_sub(range.0).max(1);
    let all = whole.1.saturating_sub(whole.0);
    // A range may be shorter than what is zoomed in to, but does not get longer by zooming in.
    let next = ((length as f64 * factor).round() as i64).max(SHORTEST_MS.min(length));
    // What rounding leaves out at the ends is nothing to look for.
    if factor > 1.0 && next.saturating_add(SHORTEST_MS) > all {
        return None;
    }
    let place = (at_ms.clamp(range.0, range.1) - range.0) as f64 / length as f64;
    let start = at_ms.clamp(range.0, range.1) - (place * next as f64).round() as i64;
    let start = if factor > 1.0 { start.min(whole.1 - next).max(whole.0) } else { start };
    Some((start, start + next))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Stretch = (0, 100_000);

    #[test]
    fn a_stretch_moves_by_half_of_itself_and_stops_at_the_ends() {
        let check = |range, sign, expected| assert_eq!(moved(range, WHOLE, sign), expected, "{range:?} {sign}");
        check((10_000, 20_000), 1, Some((15_000, 25_000)));
        check((10_000, 20_000), -1, Some((5_000, 15_000)));
        check((2_000, 12_000), -1, Some((0, 10_000)));
        check((0, 10_000), -1, None);
        check((92_000, 98_000), 1, Some((94_000, 100_000)));
        check((90_000, 100_000), 1, None);
        // A range may lie outside of what there is.
        check((200_000, 210_000), 1, None);
        check((200_000, 210_000), -1, Some((195_000, 205_000)));
    }

    #[test]
    fn a_stretch_moves_as_far_as_there_is_something() {
        assert_eq!(moved_by((10_000, 20_000), WHOLE, 500), Some((10_500, 20_500)));
        assert_eq!(moved_by((10_000, 20_000), WHOLE, -50_000), Some((0, 10_000)));
        assert_eq!(moved_by(WHOLE, WHOLE, 50_000), None);
    }

    #[test]
    fn zooming_keeps_a_moment_in_its_place() {
        let check = |range, at_ms, factor, expected| {
            assert_eq!(zoomed(range, WHOLE, at_ms, factor), expected, "{range:?} {at_ms} {factor}");
        };
        check((0, 100_000), 50_000, 0.5, Some((25_000, 75_000)));
        check((0, 100_000), 0, 0.5, Some((0, 50_000)));
        check((0, 100_000), 80_000, 0.5, Some((40_000, 90_000)));
        // Not further in than a second, and what is shorter stays.
        check((0, 1_500), 750, 0.5, Some((250, 1_250)));
        check((0, 1_000), 500, 0.5, Some((0, 1_000)));
        check((0, 300), 100, 0.5, Some((0, 300)));
        check((40_000, 50_000), 45_000, 2.0, Some((35_000, 55_000)));
        check((40_000, 50_000), 40_000, 2.0, Some((40_000, 60_000)));
        check((0, 10_000), 5_000, 2.0, Some((0, 20_000)));
        check((90_000, 100_000), 95_000, 2.0, Some((80_000, 100_000)));
        check((50_000, 100_000), 75_000, 2.0, None);
        check((25_000, 74_999), 50_000, 2.0, None);
        // A moment outside of the range counts as its end.
        check((0, 100_000), 900_000, 0.5, Some((50_000, 100_000)));
    }
}
