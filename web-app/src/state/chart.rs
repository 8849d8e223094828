//! The timeline: what it is split by, and moving through it.

use super::App;
use super::stretch::{Stretch, moved_by, zoomed};
use crate::client::{Client, Split};
use crate::kit::histogram::Gesture;
use crate::platform::page;
use analyzer_core::field::{Field, find};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::timeline::Buckets;
use leptos::prelude::*;

/// At most so many bars.
const BARS: u32 = 240;
/// So many values have a colour of their own.
pub const NAMED: usize = 6;
/// The field that tells which events have an error.
const ERROR: &str = "errorCode";
/// Fields that the timeline can be split by, in the order in which they are offered.
pub const SPLITTING: [&str; 12] = [
    "eventSource",
    "eventName",
    "awsRegion",
    "errorCode",
    "principal",
    "userIdentity.type",
    "sourceIPAddress",
    "userAgent",
    "userIdentity.accessKeyId",
    "recipientAccountId",
    "readOnly",
    "eventCategory",
];

/// When the matching events happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The stretches that are counted.
    pub buckets: Buckets,
    /// The field by which they are split; without, by whether events have an error.
    pub by: Option<&'static Field>,
    /// How many.
    pub split: Split,
}

/// How the timeline is looked at.
#[derive(Clone, Copy)]
pub struct Chart {
    /// The newest answer; nothing while there are no events with a time.
    pub course: RwSignal<Option<Course>>,
    /// The field by which it is split.
    pub split: RwSignal<Option<&'static Field>>,
    /// The time under the pointer, in milliseconds since 1970.
    pub pointer: RwSignal<Option<i64>>,
}

impl Chart {
    /// Split by this field.
    pub fn start(split: Option<&'static Field>) -> Chart {
        Chart { course: RwSignal::new(None), split: RwSignal::new(split), pointer: RwSignal::new(None) }
    }
}

impl App {
    /// Splits the timeline by the values of this field; by whether there is an error, if it names none.
    pub fn split_by(&self, name: &str) {
        let field = find(name).filter(|field| field.is_counted());
        if self.chart.split.get_untracked() != field {
            self.chart.split.set(field);
            self.note_address(page::push_fragment);
        }
    }

    /// Asks for the timeline when it is to be split in another way. What else changes is asked for with the table.
    pub(super) fn keep_splitting(&self) {
        let app = *self;
        Effect::new(move |before: Option<Option<&'static Field>>| {
            let by = app.chart.split.get();
            if before.is_some_and(|before| before != by) {
                app.refresh();
            }
            by
        });
    }

    /// The timeline of the events of this overview. A stretch that is looked at is shown from its start to its end, so
    /// that it stays in place while one moves; and a finding within all the time that there is.
    pub(super) async fn ask_course(&self, client: &Client, overview: &Overview) -> Option<Option<Course>> {
        let (range, is_of_finding) = self.filter.with_untracked(|filter| (filter.range, filter.finding.is_some()));
        let span = if is_of_finding { overview.extent_ms } else { overview.span_ms };
        let Some(span) = range.map(|(from, end)| (from, end - 1)).or(span) else { return Some(None) };
        let (buckets, by) = (Buckets::over(span, BARS), self.chart.split.get_untracked());
        let named = if by.is_some() { NAMED } else { 0 };
        let split = client.timeline(buckets, by.map_or(ERROR, |field| field.name), named).await?;
        Some(Some(Course { buckets, by, split }))
    }

    /// Does what a gesture on the timeline says.
    pub fn move_in_time(&self, gesture: Gesture) {
        match gesture {
            Gesture::Range(from, to) => self.brush(Some((from, to))),
            Gesture::All => self.brush(None),
            Gesture::Zoom { at_ms, factor } => self.slide(|range, whole| zoomed(range, whole, at_ms, factor)),
            Gesture::Pan { by_ms } => self.slide(|range, whole| Some(moved_by(range, whole, by_ms).unwrap_or(range))),
        }
    }

    /// The time around which keys zoom: that under the pointer, if there is one, else the middle.
    pub(super) fn zoom_by_key(&self, factor: f64) {
        let pointer = self.chart.pointer.get_untracked();
        self.look_at_time(|range, whole| {
            let middle = range.0 + (range.1 - range.0) / 2;
            let at_ms = pointer.filter(|at| (range.0..range.1).contains(at)).unwrap_or(middle);
            zoomed(range, whole, at_ms, factor)
        });
    }

    fn slide(&self, other: impl FnOnce(Stretch, Stretch) -> Option<Stretch>) {
        if let Some(next) = self.next_stretch(other) {
            self.slide_to(next);
        }
    }

    /// Looks at another stretch of time: what `other` makes of the one that is looked at and of all; all, if it makes nothing.
    pub(super) fn look_at_time(&self, other: impl FnOnce(Stretch, Stretch) -> Option<Stretch>) {
        if let Some(next) = self.next_stretch(other) {
            self.set_range(next);
        }
    }

    /// The next range, if it is another one.
    fn next_stretch(&self, other: impl FnOnce(Stretch, Stretch) -> Option<Stretch>) -> Option<Option<Stretch>> {
        let (first, last) = self.span.get_untracked()?;
        let whole = (first, last.saturating_add(1));
        let range = self.filter.with_untracked(|filter| filter.range);
        let next = other(range.unwrap_or(whole), whole).filter(|next| *next != whole);
        (next != range).then_some(next)
    }
}
