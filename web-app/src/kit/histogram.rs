//! Stacked bars over time on a canvas. The pointer picks a range, zooms with its wheel and pans with Shift.

use super::bars::{Bars, draw, draw_small};
use crate::platform::canvas::Pen;
use crate::platform::page;
use leptos::ev::{PointerEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

/// A pointer that moved less than this was a click, in CSS pixels.
const CLICK: f64 = 4.0;
/// Turns of the wheel are gathered for so long before anybody is asked for something.
const GATHER: Duration = Duration::from_millis(50);
/// A turn of the wheel by so many pixels makes what can be seen twice as long, or half as long.
const DOUBLING: f64 = 300.0;
/// A line that a wheel turns by, in pixels.
const WHEEL_LINE: f64 = 33.0;

/// What the user did with the chart. Times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Brushed from here to there (not included), or clicked on a bar.
    Range(i64, i64),
    /// Wants to see so many times as much time, with this moment where it is.
    Zoom {
        /// The moment.
        at_ms: i64,
        /// Less than 1 for less time.
        factor: f64,
    },
    /// Moved along by so many milliseconds.
    Pan {
        /// Positive for later times.
        by_ms: i64,
    },
    /// Wants to see all.
    All,
}

/// The chart.
#[component]
pub fn Histogram(
    /// What it shows.
    #[prop(into)]
    bars: Signal<Bars>,
    /// Changes when the colours do.
    #[prop(into)]
    theme: Signal<u32>,
    /// Called with what the user does.
    on_gesture: Callback<Gesture>,
    /// Told the time under the pointer.
    #[prop(optional)]
    pointer: RwSignal<Option<i64>>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let size = observed(canvas);
    let brush = Brush { hovered: RwSignal::new(None), drag: RwSignal::new(None) };
    let wheel = Wheel { turned: StoredValue::new((0.0, 0.0)), at_ms: StoredValue::new(0), on_gesture };
    keep_drawn(canvas, theme, size, move |pen| bars.with(|bars| draw(pen, bars)));
    let width = move || size.with_untracked(|s| s.0).max(1.0);
    let place = move |event: &PointerEvent| f64::from(event.offset_x()) / width();
    let on_down = move |event: PointerEvent| {
        if let Some(element) = canvas.get_untracked() {
            // Without the capture a drag ends at the chart's edge: worse, but no reason to stop.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        let at = place(&event);
        brush.drag.set(Some(Drag { from: at, at, pans: event.shift_key() }));
    };
    let on_move = move |event: PointerEvent| {
        let at = place(&event);
        bars.with_untracked(|bars| brush.go(bars, at));
        pointer.set(bars.with_untracked(|bars| (!bars.is_empty()).then(|| bars.time_at(at))));
    };
    let on_up = move |_: PointerEvent| {
        if let Some(gesture) = bars.with_untracked(|bars| brush.end(bars, CLICK / width())) {
            on_gesture.run(gesture);
        }
    };
    let on_leave = move |_: PointerEvent| {
        brush.hovered.set(None);
        pointer.set(None);
    };
    let on_wheel = move |event: WheelEvent| {
        event.prevent_default();
        bars.with_untracked(|bars| wheel.turn(bars, &event, f64::from(event.offset_x()) / width()));
    };
    let shade = move || brush.shade();
    let shift = move || brush.shift().map(|by| format!("translateX({:.1}%)", by * 100.0));
    view! {
        <div class="histogram">
            <div class="histogram-plot">
            <canvas
                class="histogram-canvas"
                role="img"
                aria-label=move || bars.with(Bars::describe)
                node_ref=canvas
                style:transform=shift
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointercancel=move |_| brush.drag.set(None)
                on:pointerleave=on_leave
                on:dblclick=move |_| on_gesture.run(Gesture::All)
                on:wheel=on_wheel
            />
            <div
                class="histogram-shade"
                class:hidden=move || shade().is_none()
                style:left=move || format!("{}%", shade().map_or(0.0, |s| s.0))
                style:width=move || format!("{}%", shade().map_or(0.0, |s| s.1))
            />
            <p class="histogram-note" aria-hidden="true">
                {move || brush.hovered.get().and_then(|bar| bars.with(|b| b.note(bar)))}
            </p>
            </div>
        </div>
    }
}

/// Bars alone, as high as a line of text; `tallest` fills the height.
#[component]
pub fn SmallBars(
    /// What they show.
    #[prop(into)]
    bars: Signal<Bars>,
    /// The count that fills the height.
    #[prop(into)]
    tallest: Signal<u64>,
    /// Changes when the colours do.
    #[prop(into)]
    theme: Signal<u32>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let size = observed(canvas);
    keep_drawn(canvas, theme, size, move |pen| bars.with(|bars| draw_small(pen, bars, tallest.get())));
    view! { <canvas class="small-bars" role="img" aria-label=move || bars.with(Bars::describe) node_ref=canvas /> }
}

/// Draws on a canvas whenever what is drawn, its colours or its size change.
fn keep_drawn(
    canvas: NodeRef<html::Canvas>,
    theme: Signal<u32>,
    size: RwSignal<(f64, f64)>,
    draw: impl Fn(&Pen) + 'static,
) {
    Effect::new(move |_| {
        theme.track();
        size.track();
        if let Some(pen) = canvas.get().and_then(|element| Pen::on(&element)) {
            draw(&pen);
        }
    });
}

/// The size of a canvas in CSS pixels.
fn observed(canvas: NodeRef<html::Canvas>) -> RwSignal<(f64, f64)> {
    let size = RwSignal::new((0.0, 0.0));
    Effect::new(move |_| {
        if let Some(element) = canvas.get() {
            page::observe_size(&element, move |width, height| {
                // The chart may be gone before its last message is.
                size.try_set((width, height));
            });
        }
    });
    size
}

/// Turns of the wheel that nobody was told of so far.
#[derive(Clone, Copy)]
struct Wheel {
    /// Along the time, as a fraction of the width, and to or from it, in pixels.
    turned: StoredValue<(f64, f64)>,
    at_ms: StoredValue<i64>,
    on_gesture: Callback<Gesture>,
}

impl Wheel {
    fn turn(self, bars: &Bars, event: &WheelEvent, place: f64) {
        if bars.is_empty() {
            return;
        }
        let unit = if event.delta_mode() == 0 { 1.0 } else { WHEEL_LINE };
        let (along, to) = match (event.delta_x() * unit, event.delta_y() * unit) {
            (x, y) if event.shift_key() => (x + y, 0.0),
            (x, y) if x.abs() > y.abs() => (x, 0.0),
            (_, y) => (0.0, y),
        };
        let (along_before, to_before) = self.turned.get_value();
        let is_first = (along_before, to_before) == (0.0, 0.0);
        self.turned.set_value((along_before + along, to_before + to));
        self.at_ms.set_value(bars.time_at(place));
        let length = (bars.to_ms() - bars.from_ms) as f64;
        if is_first {
            set_timeout(move || self.tell(length), GATHER);
        }
    }

    fn tell(self, length: f64) {
        // The chart may be gone.
        let Some((along, to)) = self.turned.try_get_value() else { return };
        self.turned.set_value((0.0, 0.0));
        if to != 0.0 {
            let factor = (to / DOUBLING).clamp(-3.0, 3.0).exp2();
            self.on_gesture.run(Gesture::Zoom { at_ms: self.at_ms.get_value(), factor });
        }
        if along != 0.0 {
            // A turn by 1,000 pixels moves by all that can be seen.
            self.on_gesture.run(Gesture::Pan { by_ms: (along / 1_000.0 * length) as i64 });
        }
    }
}

/// A drag. Places are fractions of the width.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Drag {
    /// Where it began.
    from: f64,
    /// Where it is.
    at: f64,
    /// It moves what can be seen, in the place of picking a range.
    pans: bool,
}

/// The pointer over the chart.
#[derive(Clone, Copy)]
struct Brush {
    /// The bar under the pointer.
    hovered: RwSignal<Option<usize>>,
    drag: RwSignal<Option<Drag>>,
}

impl Brush {
    fn go(&self, bars: &Bars, at: f64) {
        self.hovered.set(bars.at(at));
        if let Some(drag) = self.drag.get_untracked() {
            self.drag.set(Some(Drag { at, ..drag }));
        }
    }

    /// What the drag was. One shorter than `click` picks the bar under it.
    fn end(&self, bars: &Bars, click: f64) -> Option<Gesture> {
        let drag = self.drag.get_untracked()?;
        self.drag.set(None);
        ended(drag, bars, click)
    }

    /// Left edge and width of the shade over what is being brushed, in percent.
    fn shade(&self) -> Option<(f64, f64)> {
        let Drag { from, at, .. } = self.drag.get().filter(|drag| !drag.pans)?;
        let (from, to) = (from.min(at).clamp(0.0, 1.0), from.max(at).clamp(0.0, 1.0));
        Some((from * 100.0, (to - from) * 100.0))
    }

    /// How far the bars are dragged, as a fraction of the width.
    fn shift(&self) -> Option<f64> {
        self.drag.get().filter(|drag| drag.pans).map(|drag| drag.at - drag.from)
    }
}

fn ended(drag: Drag, bars: &Bars, click: f64) -> Option<Gesture> {
    let Drag { from, at, pans } = drag;
    let (first, last) = (bars.at(from.min(at))?, bars.at(from.max(at))?);
    let is_click = (at - from).abs() < click;
    match pans {
        true if is_click => None,
        true => Some(Gesture::Pan { by_ms: ((from - at) * (bars.to_ms() - bars.from_ms) as f64) as i64 }),
        false => {
            let (from, to) = bars.range(first, if is_click { first } else { last });
            Some(Gesture::Range(from, to))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bars::{Layer, Look};
    use super::*;

    #[test]
    fn drags_and_clicks() {
        let layer = Layer { label: "x".to_owned(), look: Look::Plain, counts: vec![1; 10] };
        let bars = Bars { from_ms: 1_000, step_ms: 10, layers: vec![layer] };
        let check = |from, at, pans, expected| assert_eq!(ended(Drag { from, at, pans }, &bars, 0.01), expected);
        check(0.25, 0.55, false, Some(Gesture::Range(1_020, 1_060)));
        check(0.55, 0.25, false, Some(Gesture::Range(1_020, 1_060)));
        check(0.25, 0.255, false, Some(Gesture::Range(1_020, 1_030)));
        check(0.25, 1.7, false, Some(Gesture::Range(1_020, 1_100)));
        check(0.25, 0.75, true, Some(Gesture::Pan { by_ms: -50 }));
        check(0.75, 0.25, true, Some(Gesture::Pan { by_ms: 50 }));
        check(0.25, 0.251, true, None);
        assert_eq!(ended(Drag { from: 0.1, at: 0.2, pans: false }, &Bars::default(), 0.01), None);
    }
}
