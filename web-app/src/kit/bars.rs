//! Stacked bars over time: their layers, what is said of them, and how they are drawn.

use super::format;
use super::ticks::ticks;
use super::time::{dated, zone};
use super::words::{tr, tr_with};
use crate::platform::canvas::{Align, Pen, Rect, Texture};

/// Room for the labels under the bars, in CSS pixels.
const AXIS: f64 = 20.0;
/// Room above the tallest bar, for its count.
const HEADROOM: f64 = 16.0;
/// Room that a label of the time axis needs.
const LABEL: f64 = 110.0;
/// Narrower bars have no texture: it would be noise.
const TEXTURED: f64 = 5.0;
/// So many layers of one bar are named.
const NAMED: usize = 4;

/// How a layer looks. The colours are the style sheet's, and so is the same look of a legend (`class`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// As a single thing does.
    Plain,
    /// As what should be seen first.
    Marked,
    /// As one of several things of the same kind; there are six.
    Hue(usize),
    /// As all of them that have no look of their own.
    Others,
    /// As what is none of them.
    Missing,
}

/// The six hues, each with a texture.
const HUES: [(&str, &str, Texture); 6] = [
    ("hue-0", "--hue-0", Texture::Plain),
    ("hue-1", "--hue-1", Texture::Rising),
    ("hue-2", "--hue-2", Texture::Level),
    ("hue-3", "--hue-3", Texture::Falling),
    ("hue-4", "--hue-4", Texture::Crossed),
    ("hue-5", "--hue-5", Texture::Plain),
];

impl Look {
    fn parts(self) -> (&'static str, &'static str, Texture) {
        match self {
            Look::Plain => ("plain-bar", "fill", Texture::Plain),
            Look::Marked => ("marked-bar", "stroke", Texture::Rising),
            Look::Hue(number) => HUES[number % HUES.len()],
            Look::Others => ("others-bar", "--hue-others", Texture::Plain),
            Look::Missing => ("missing-bar", "--hue-missing", Texture::Plain),
        }
    }

    /// The class of its legend.
    pub fn class(self) -> &'static str {
        self.parts().0
    }
}

/// What bars count of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What it is called, behind a number: `3 with an error`.
    pub label: String,
    /// How it looks.
    pub look: Look,
    /// One count a bar.
    pub counts: Vec<u64>,
}

/// Bars of equal width in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bars {
    /// Where the first bar starts, in milliseconds since 1970.
    pub from_ms: i64,
    /// How long a bar is, in milliseconds.
    pub step_ms: i64,
    /// From below.
    pub layers: Vec<Layer>,
}

impl Bars {
    /// How many bars there are.
    pub fn len(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.counts.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the last bar ends.
    pub fn to_ms(&self) -> i64 {
        self.from_ms.saturating_add(self.step_ms.saturating_mul(self.len() as i64))
    }

    /// The bar at a fraction of the width.
    pub fn at(&self, fraction: f64) -> Option<usize> {
        let last = self.len().checked_sub(1)?;
        Some(((fraction * self.len() as f64).max(0.0) as usize).min(last))
    }

    /// The moment at a fraction of the width.
    pub fn time_at(&self, fraction: f64) -> i64 {
        self.from_ms + (fraction.clamp(0.0, 1.0) * (self.to_ms() - self.from_ms) as f64) as i64
    }

    /// Start of the bar `from` and end of the bar `to`.
    pub fn range(&self, from: usize, to: usize) -> (i64, i64) {
        (self.from_ms + self.step_ms * from as i64, self.from_ms + self.step_ms * (to as i64 + 1))
    }

    /// Where a moment stands, as a fraction of the width; nothing if it lies outside.
    pub fn place(&self, at_ms: i64) -> Option<f64> {
        let span = (self.to_ms() - self.from_ms).max(1) as f64;
        Some((at_ms - self.from_ms) as f64 / span).filter(|place| (0.0..=1.0).contains(place))
    }

    fn sum(&self, bar: usize) -> u64 {
        self.layers.iter().filter_map(|layer| layer.counts.get(bar)).sum()
    }

    fn tallest(&self) -> Option<u64> {
        (0..self.len()).map(|bar| self.sum(bar)).max().filter(|&n| n > 0)
    }

    /// What they show, for those who do not see them.
    pub fn describe(&self) -> String {
        let total: u64 = (0..self.len()).map(|bar| self.sum(bar)).sum();
        if total == 0 {
            return tr("Timeline, nothing to show").to_owned();
        }
        let parts = self.layers.iter().filter_map(|layer| {
            let sum: u64 = layer.counts.iter().sum();
            (sum > 0).then(|| format!(", {} {}", format::count(sum), layer.label))
        });
        let (events, parts) = (format::counted(total, "event", "events"), parts.collect::<String>());
        let (from, to) = (dated(self.from_ms), dated(self.to_ms()));
        tr_with("Timeline, {} from {} to {} {}{}", &[&events, &from, &to, &zone(), &parts])
    }

    /// What one bar shows: the largest layers are named.
    pub fn note(&self, bar: usize) -> Option<String> {
        if bar >= self.len() {
            return None;
        }
        let mut parts: Vec<(u64, &str)> =
            self.layers.iter().map(|layer| (layer.counts[bar], layer.label.as_str())).filter(|(n, _)| *n > 0).collect();
        parts.sort_by_key(|&(n, _)| std::cmp::Reverse(n));
        let more = if parts.len() > NAMED { ", …" } else { "" };
        let named = parts.into_iter().take(NAMED).map(|(n, label)| format!(", {} {label}", format::count(n)));
        Some(format!(
            "{} {}, {}: {}{}{more}",
            dated(self.range(bar, bar).0),
            zone(),
            format::duration(self.step_ms),
            format::counted(self.sum(bar), "event", "events"),
            named.collect::<String>()
        ))
    }
}

/// Draws them with their axis.
pub fn draw(pen: &Pen, bars: &Bars) {
    let (ink, line) = (pen.colour("color"), pen.colour("border-top-color"));
    let floor = pen.height - AXIS;
    pen.fill(0.0, floor, pen.width, 1.0, &line);
    let Some(tallest) = bars.tallest() else { return };
    for tick in ticks(bars.from_ms, bars.to_ms(), (pen.width / LABEL) as usize) {
        let x = bars.place(tick.at_ms).unwrap_or(0.0) * pen.width;
        pen.fill(x.round(), floor + 1.0, 1.0, 4.0, &line);
        let half = pen.measure(&tick.label) / 2.0;
        // A label at the edge is pushed inside rather than cut.
        let (x, align) = match x {
            x if x < half => (0.0, Align::Start),
            x if x > pen.width - half => (pen.width, Align::End),
            x => (x, Align::Centre),
        };
        pen.text(&tick.label, x, floor + 12.0, align, &ink);
    }
    draw_layers(pen, bars, floor, floor - HEADROOM, tallest);
    // What a full bar is worth.
    pen.text(&format::count(tallest), 0.0, HEADROOM / 2.0, Align::Start, &ink);
}

/// Draws them alone; `tallest` fills the height, so that several charts can be compared.
pub fn draw_small(pen: &Pen, bars: &Bars, tallest: u64) {
    pen.fill(0.0, pen.height - 1.0, pen.width, 1.0, &pen.colour("border-top-color"));
    if tallest > 0 {
        draw_layers(pen, bars, pen.height - 1.0, pen.height - 1.0, tallest);
    }
}

fn draw_layers(pen: &Pen, bars: &Bars, floor: f64, room: f64, tallest: u64) {
    let step = pen.width / bars.len() as f64;
    let gap = if step > 3.0 { 1.0 } else { 0.0 };
    let mut below = vec![0.0; bars.len()];
    for layer in &bars.layers {
        let (_, property, texture) = layer.look.parts();
        let texture = if step < TEXTURED { Texture::Plain } else { texture };
        let mut rects: Vec<Rect> = Vec::new();
        for (bar, &count) in layer.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            // One event among a million is still to be seen: a part is a pixel and a half high at least.
            let height = (count as f64 / tallest as f64 * room).max(1.5);
            below[bar] += height;
            rects.push((bar as f64 * step, floor - below[bar], (step - gap).max(1.0), height));
        }
        pen.fill_textured(&rects, &pen.colour(property), texture, &pen.colour("--hue-lines"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(layers: &[(&str, &[u64])]) -> Bars {
        let layer = |&(label, counts): &(&str, &[u64])| Layer {
            label: label.to_owned(),
            look: Look::Plain,
            counts: counts.to_vec(),
        };
        Bars { from_ms: 0, step_ms: 60_000, layers: layers.iter().map(layer).collect() }
    }

    #[test]
    fn places_and_bars_agree() {
        let bars = Bars { from_ms: 1_000, step_ms: 10, ..bars(&[("x", &[1; 4])]) };
        assert_eq!(bars.at(0.0), Some(0));
        assert_eq!(bars.at(0.99), Some(3));
        assert_eq!(bars.at(1.0), Some(3));
        assert_eq!(bars.at(-1.0), Some(0));
        assert_eq!(bars.range(1, 2), (1_010, 1_030));
        assert_eq!(bars.place(1_020), Some(0.5));
        assert_eq!((bars.place(999), bars.place(1_041)), (None, None));
        assert_eq!((bars.time_at(0.5), bars.time_at(7.0)), (1_020, 1_040));
        assert_eq!(Bars::default().at(0.5), None);
    }

    #[test]
    fn what_is_said_of_it() {
        let two = bars(&[("with an error", &[1, 0]), ("succeeded", &[1, 1])]);
        assert_eq!(
            two.describe(),
            "Timeline, 3 events from 1970-01-01 00:00:00 to 1970-01-01 00:02:00 UTC, 1 with an error, 2 succeeded"
        );
        let check = |bars: &Bars, bar, expected: Option<&str>| assert_eq!(bars.note(bar).as_deref(), expected);
        check(&two, 0, Some("1970-01-01 00:00:00 UTC, 1 min: 2 events, 1 with an error, 1 succeeded"));
        check(&two, 1, Some("1970-01-01 00:01:00 UTC, 1 min: 1 event, 1 succeeded"));
        check(&two, 2, None);
        let many = bars(&[("a", &[1]), ("b", &[5]), ("c", &[2]), ("d", &[3]), ("e", &[4])]);
        check(&many, 0, Some("1970-01-01 00:00:00 UTC, 1 min: 15 events, 5 b, 4 e, 3 d, 2 c, …"));
        assert_eq!(Bars::default().describe(), "Timeline, nothing to show");
    }
}
