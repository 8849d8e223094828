//! The arithmetic of scrolling over more rows than a browser can lay out.
//!
//! Browsers stop at an element height of some ten million pixels. Up to [`MAX_SPACER`] the scrollbar and the list
//! agree pixel by pixel. Beyond it the scrollbar stands for a fraction of the list, while the wheel and the keys still
//! move by rows: the true position is `top`, and the scrollbar follows it.

/// The tallest element that the grid asks of a browser, in CSS pixels (Firefox ends near 17.8 million).
pub const MAX_SPACER: f64 = 8_000_000.0;

/// Where the view stands in a list of rows of equal height. All lengths in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scroll {
    /// How many rows there are.
    pub rows: u64,
    /// Height of one row.
    pub row_height: f64,
    /// Height of the part that can be seen.
    pub view: f64,
    /// Distance of the view's upper edge from the top of the whole list.
    pub top: f64,
}

impl Scroll {
    fn list_height(&self) -> f64 {
        self.rows as f64 * self.row_height
    }

    fn max_top(&self) -> f64 {
        (self.list_height() - self.view).max(0.0)
    }

    /// Height of the element that gives the scrollbar its length.
    pub fn spacer(&self) -> f64 {
        self.list_height().min(MAX_SPACER)
    }

    /// Whether the scrollbar stands for a fraction of the list.
    pub fn is_scaled(&self) -> bool {
        self.list_height() > MAX_SPACER
    }

    /// How far the scrollbar moves for one pixel of the list.
    fn ratio(&self) -> f64 {
        let max_top = self.max_top();
        if self.is_scaled() && max_top > 0.0 { (self.spacer() - self.view).max(0.0) / max_top } else { 1.0 }
    }

    /// Where the scrollbar belongs.
    pub fn bar(&self) -> f64 {
        self.top * self.ratio()
    }

    /// After the user moved the scrollbar.
    pub fn at_bar(self, bar: f64) -> Scroll {
        Scroll { top: bar / self.ratio(), ..self }.clamped()
    }

    /// After the wheel turned by so many pixels.
    pub fn by(self, pixels: f64) -> Scroll {
        Scroll { top: self.top + pixels, ..self }.clamped()
    }

    /// The nearest position that shows this row whole.
    pub fn showing(self, row: u64) -> Scroll {
        let upper = row as f64 * self.row_height;
        let lower = upper + self.row_height;
        let top = self.top.min(upper).max(lower - self.view);
        Scroll { top, ..self }.clamped()
    }

    /// Never beyond either end, also after the number of rows changed.
    pub fn clamped(self) -> Scroll {
        Scroll { top: self.top.clamp(0.0, self.max_top()), ..self }
    }

    /// First row that can be seen, and how many can be, cut ones included.
    pub fn window(&self) -> (u64, u64) {
        if self.row_height <= 0.0 {
            return (0, 0);
        }
        let first = (self.top / self.row_height).floor() as u64;
        let last = ((self.top + self.view) / self.row_height).ceil() as u64;
        let first = first.min(self.rows);
        (first, last.clamp(first, self.rows) - first)
    }

    /// How many whole rows the view holds: a page for the keyboard.
    pub fn page(&self) -> u64 {
        if self.row_height <= 0.0 { 1 } else { ((self.view / self.row_height) as u64).max(1) }
    }

    /// Where a row is drawn within the spacer, so that it stands right in the view.
    pub fn offset_of(&self, row: u64) -> f64 {
        self.bar() + (row as f64 * self.row_height - self.top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scroll(rows: u64) -> Scroll {
        Scroll { rows, row_height: 28.0, view: 560.0, top: 0.0 }
    }

    #[test]
    fn a_short_list_scrolls_pixel_by_pixel() {
        let s = scroll(1_000).at_bar(2_800.0);
        assert_eq!((s.top, s.bar(), s.window()), (2_800.0, 2_800.0, (100, 20)));
        assert_eq!(s.offset_of(100), 2_800.0);
    }

    #[test]
    fn both_ends_of_any_list_are_reached() {
        for rows in [0, 1, 20, 21, 285_714, 285_715, 1_000_000, 100_000_000] {
            let s = scroll(rows);
            let end = s.at_bar(s.spacer() - s.view);
            let (first, count) = end.window();
            assert_eq!(first + count, rows, "{rows} rows");
            assert_eq!(end.at_bar(0.0).window().0, 0);
            assert!(s.spacer() <= MAX_SPACER);
        }
    }

    #[test]
    fn the_wheel_moves_a_scaled_list_by_pixels() {
        let s = scroll(100_000_000).at_bar(4_000_000.0);
        let moved = s.by(28.0);
        assert_eq!(moved.window().0, s.window().0 + 1);
        // The row that was first is drawn one row above the view's upper edge, wherever the scrollbar is.
        let drawn = moved.offset_of(s.window().0) - moved.bar();
        assert!((-28.0 * 2.0..=-28.0 + 0.1).contains(&drawn), "{drawn}");
    }

    #[test]
    fn showing_a_row_moves_no_further_than_needed() {
        let s = scroll(1_000).at_bar(2_800.0);
        assert_eq!(s.showing(105).top, 2_800.0);
        assert_eq!(s.showing(99).top, 2_772.0);
        assert_eq!(s.showing(120).top, 121.0 * 28.0 - 560.0);
        assert_eq!(s.showing(999).window(), (980, 20));
    }

    #[test]
    fn fewer_rows_pull_the_view_back() {
        let s = Scroll { rows: 10, ..scroll(1_000).at_bar(20_000.0) };
        assert_eq!(s.clamped().window(), (0, 10));
    }
}
