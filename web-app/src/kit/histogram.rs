//! Stacked bars over time on a canvas, with a brush that picks a range.

use super::format;
use super::ticks::ticks;
use crate::platform::canvas::{Align, Pen};
use crate::platform::page;
use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;

/// Room for the labels under the bars, in CSS pixels.
const AXIS: f64 = 20.0;
/// Room above the tallest bar, for its count.
const HEADROOM: f64 = 16.0;
/// A pointer that moved less than this was a click.
const CLICK: f64 = 4.0;
/// Room that a label of the time axis needs.
const LABEL: f64 = 110.0;

/// Bars of equal width in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bars {
    /// Where the first bar starts, in milliseconds since 1970.
    pub from_ms: i64,
    /// How long a bar is, in milliseconds.
    pub step_ms: i64,
    /// From the left: how much a bar counts, and how much of that is marked.
    pub bars: Vec<(u64, u64)>,
}

impl Bars {
    fn to_ms(&self) -> i64 {
        self.from_ms.saturating_add(self.step_ms.saturating_mul(self.bars.len() as i64))
    }

    /// The bar at a fraction of the width.
    fn at(&self, fraction: f64) -> Option<usize> {
        let last = self.bars.len().checked_sub(1)?;
        Some(((fraction * self.bars.len() as f64).max(0.0) as usize).min(last))
    }

    /// Start of the bar `from` and end of the bar `to`.
    fn range(&self, from: usize, to: usize) -> (i64, i64) {
        (self.from_ms + self.step_ms * from as i64, self.from_ms + self.step_ms * (to as i64 + 1))
    }

    /// Where a moment stands, as a fraction of the width.
    fn place(&self, at_ms: i64) -> f64 {
        let span = (self.to_ms() - self.from_ms).max(1) as f64;
        ((at_ms - self.from_ms) as f64 / span).clamp(0.0, 1.0)
    }
}

/// The chart. `on_range` gets the start and the end of what the user brushed, in milliseconds since 1970.
#[component]
pub fn Histogram(
    /// What it shows.
    #[prop(into)]
    bars: Signal<Bars>,
    /// Changes when the colours do.
    #[prop(into)]
    theme: Signal<u32>,
    /// What the marked part of a bar is called.
    marked: &'static str,
    /// Called with a brushed range.
    on_range: Callback<(i64, i64)>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let size = RwSignal::new((0.0, 0.0));
    let brush = Brush { hovered: RwSignal::new(None), drag: RwSignal::new(None) };
    Effect::new(move |_| {
        if let Some(element) = canvas.get() {
            page::observe_size(&element, move |width, height| size.set((width, height)));
        }
    });
    Effect::new(move |_| {
        theme.track();
        size.track();
        if let Some(pen) = canvas.get().and_then(|element| Pen::on(&element)) {
            bars.with(|bars| draw(&pen, bars));
        }
    });
    let place = move |event: &PointerEvent| f64::from(event.offset_x()) / size.with_untracked(|s| s.0).max(1.0);
    let on_down = move |event: PointerEvent| {
        if let Some(element) = canvas.get_untracked() {
            // Without the capture a drag ends at the chart's edge: worse, but no reason to stop.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        brush.start(place(&event));
    };
    let on_up = move |_: PointerEvent| {
        let click = CLICK / size.with_untracked(|s| s.0).max(1.0);
        if let Some((from, to)) = bars.with_untracked(|bars| brush.end(bars, click)) {
            on_range.run((from, to));
        }
    };
    let shade = move || brush.shade();
    view! {
        <div class="histogram">
            <div class="histogram-plot">
            <canvas
                class="histogram-canvas"
                role="img"
                aria-label=move || bars.with(describe)
                node_ref=canvas
                on:pointerdown=on_down
                on:pointermove=move |event| bars.with_untracked(|bars| brush.go(bars, place(&event)))
                on:pointerup=on_up
                on:pointercancel=move |_| brush.drag.set(None)
                on:pointerleave=move |_| brush.hovered.set(None)
            />
            <div
                class="histogram-shade"
                class:hidden=move || shade().is_none()
                style:left=move || format!("{}%", shade().map_or(0.0, |s| s.0))
                style:width=move || format!("{}%", shade().map_or(0.0, |s| s.1))
            />
            <p class="histogram-note" aria-hidden="true">
                {move || brush.hovered.get().and_then(|bar| bars.with(|b| note(b, bar, marked)))}
            </p>
            </div>
        </div>
    }
}

/// The pointer over the chart. Places are fractions of the width.
#[derive(Clone, Copy)]
struct Brush {
    /// The bar under the pointer.
    hovered: RwSignal<Option<usize>>,
    /// Where a drag began and where it is.
    drag: RwSignal<Option<(f64, f64)>>,
}

impl Brush {
    fn start(&self, at: f64) {
        self.drag.set(Some((at, at)));
    }

    fn go(&self, bars: &Bars, at: f64) {
        self.hovered.set(bars.at(at));
        if let Some((from, _)) = self.drag.get_untracked() {
            self.drag.set(Some((from, at)));
        }
    }

    /// What was brushed, in milliseconds since 1970. A drag shorter than `click` picks the bar under it.
    fn end(&self, bars: &Bars, click: f64) -> Option<(i64, i64)> {
        let (from, to) = self.drag.get_untracked()?;
        self.drag.set(None);
        let (from, to) = (from.min(to), from.max(to));
        let first = bars.at(from)?;
        Some(if to - from < click { bars.range(first, first) } else { bars.range(first, bars.at(to)?) })
    }

    /// Left edge and width of the shade over what is being brushed, in percent.
    fn shade(&self) -> Option<(f64, f64)> {
        let (from, to) = self.drag.get()?;
        let (from, to) = (from.min(to).clamp(0.0, 1.0), from.max(to).clamp(0.0, 1.0));
        Some((from * 100.0, (to - from) * 100.0))
    }
}

fn describe(bars: &Bars) -> String {
    let total: u64 = bars.bars.iter().map(|b| b.0).sum();
    if total == 0 {
        return "Timeline, nothing to show".to_owned();
    }
    format!(
        "Timeline, {} from {} to {} UTC",
        format::counted(total, "event", "events"),
        format::time(bars.from_ms),
        format::time(bars.to_ms())
    )
}

fn note(bars: &Bars, bar: usize, marked: &str) -> Option<String> {
    let (count, of_them) = *bars.bars.get(bar)?;
    let (from, _) = bars.range(bar, bar);
    let part = if of_them > 0 { format!(", {} {marked}", format::count(of_them)) } else { String::new() };
    Some(format!(
        "{} UTC, {}: {}{part}",
        format::time(from),
        format::duration(bars.step_ms),
        format::counted(count, "event", "events")
    ))
}

fn draw(pen: &Pen, bars: &Bars) {
    let (ink, plain, marked, line) =
        (pen.colour("color"), pen.colour("fill"), pen.colour("stroke"), pen.colour("border-top-color"));
    let floor = pen.height - AXIS;
    let room = floor - HEADROOM;
    pen.fill(0.0, floor, pen.width, 1.0, &line);
    let Some(tallest) = bars.bars.iter().map(|b| b.0).max().filter(|&n| n > 0) else { return };
    for tick in ticks(bars.from_ms, bars.to_ms(), (pen.width / LABEL) as usize) {
        let x = bars.place(tick.at_ms) * pen.width;
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
    let step = pen.width / bars.bars.len() as f64;
    let gap = if step > 3.0 { 1.0 } else { 0.0 };
    // One event among a million is still to be seen: a bar is a pixel and a half high at least.
    let height = |count: u64| if count == 0 { 0.0 } else { (count as f64 / tallest as f64 * room).max(1.5) };
    for (i, &(count, of_them)) in bars.bars.iter().enumerate() {
        let x = i as f64 * step;
        let width = (step - gap).max(1.0);
        let (whole, part) = (height(count), height(of_them));
        pen.fill(x, floor - whole, width, whole, &plain);
        pen.fill(x, floor - part, width, part, &marked);
    }
    // What a full bar is worth.
    pen.text(&format::count(tallest), 0.0, HEADROOM / 2.0, Align::Start, &ink);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_bars_agree() {
        let bars = Bars { from_ms: 1_000, step_ms: 10, bars: vec![(1, 0); 4] };
        assert_eq!(bars.at(0.0), Some(0));
        assert_eq!(bars.at(0.99), Some(3));
        assert_eq!(bars.at(1.0), Some(3));
        assert_eq!(bars.at(-1.0), Some(0));
        assert_eq!(bars.range(1, 2), (1_010, 1_030));
        assert_eq!(bars.place(1_020), 0.5);
        assert_eq!(Bars::default().at(0.5), None);
    }

    #[test]
    fn what_is_said_of_it() {
        let bars = Bars { from_ms: 0, step_ms: 60_000, bars: vec![(2, 1), (1, 0)] };
        assert_eq!(describe(&bars), "Timeline, 3 events from 1970-01-01 00:00:00 to 1970-01-01 00:02:00 UTC");
        assert_eq!(note(&bars, 0, "errors").as_deref(), Some("1970-01-01 00:00:00 UTC, 1 min: 2 events, 1 errors"));
        assert_eq!(describe(&Bars::default()), "Timeline, nothing to show");
    }
}
