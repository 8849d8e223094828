//! Moving a stretch of time along all that there is. Times are milliseconds since 1970; an end is not included.

/// Start and end.
pub type Stretch = (i64, i64);

/// The shortest stretch that is zoomed in to.
const SHORTEST_MS: i64 = 1_000;

/// The same length, moved by half of it; `None` where it cannot go further.
pub fn moved(range: Stretch, whole: Stretch, sign: i64) -> Option<Stretch> {
    let length = range.1 - range.0;
    let by = (length / 2).max(1) * sign;
    let by = by.clamp((whole.0 - range.0).min(0), (whole.1 - range.1).max(0));
    (by != 0).then_some((range.0 + by, range.1 + by))
}

/// The half in its middle; `None` if it is as short as it gets.
pub fn halved(range: Stretch) -> Option<Stretch> {
    let length = range.1 - range.0;
    let half = (length / 2).max(SHORTEST_MS);
    let start = range.0 + (length - half) / 2;
    (half < length).then_some((start, start + half))
}

/// Twice as long around the same middle, as far as what there is allows; `None` if that is all.
pub fn doubled(range: Stretch, whole: Stretch) -> Option<Stretch> {
    let length = range.1 - range.0;
    let start = (range.0 - length / 2).min(whole.1 - 2 * length).max(whole.0);
    // What is left out by halves of odd lengths is nothing to look for.
    (2 * length + SHORTEST_MS <= whole.1 - whole.0).then_some((start, start + 2 * length))
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
    fn zooming() {
        assert_eq!(halved((0, 100_000)), Some((25_000, 75_000)));
        assert_eq!(halved((0, 1_500)), Some((250, 1_250)));
        assert_eq!(halved((0, 1_000)), None);
        assert_eq!(doubled((40_000, 50_000), WHOLE), Some((35_000, 55_000)));
        assert_eq!(doubled((0, 10_000), WHOLE), Some((0, 20_000)));
        assert_eq!(doubled((90_000, 100_000), WHOLE), Some((80_000, 100_000)));
        assert_eq!(doubled((50_000, 100_000), WHOLE), None);
        assert_eq!(doubled((25_000, 74_999), WHOLE), None);
    }
}
