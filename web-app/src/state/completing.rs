//! What can stand in the search box where its caret is: fields, operators, and values with their counts.

use super::App;
use crate::kit::format::visible;
use analyzer_core::field::{FieldRef, find};
use analyzer_core::predicate::{Candidate, Expected, complete, quote};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::ops::Range;

/// So many are offered: what is not among them takes another letter.
const MOST: u32 = 10;

/// Something that can be put into the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What goes into the query.
    pub text: String,
    /// What the user reads.
    pub label: String,
    /// One line on it; empty for a value.
    pub doc: &'static str,
    /// How many events have this value.
    pub count: Option<u64>,
}

/// What is offered.
#[derive(Clone, Copy, Default)]
pub struct Completing {
    /// Nothing is shown while there are none.
    pub choices: RwSignal<Vec<Choice>>,
    /// The one that the keys are at.
    pub active: RwSignal<Option<usize>>,
    /// The query for which they were asked.
    query: RwSignal<String>,
    /// The bytes of it that a choice takes the place of.
    span: RwSignal<Range<usize>>,
    /// Goes up with every question: answers to an earlier one are dropped.
    asked: RwSignal<u32>,
}

impl Completing {
    /// Whether there is something to choose from.
    pub fn is_open(&self) -> bool {
        self.choices.with(|choices| !choices.is_empty())
    }

    /// Offers nothing more.
    pub fn close(&self) {
        self.asked.update(|n| *n += 1);
        self.offer(Vec::new());
    }

    /// Goes so many choices down; from the last one to the first.
    pub fn step(&self, by: isize) {
        let count = self.choices.with_untracked(Vec::len) as isize;
        if count > 0 {
            let first = if by > 0 { -1 } else { count };
            let from = self.active.get_untracked().map_or(first, |n| n as isize);
            self.active.set(Some((from + by).rem_euclid(count) as usize));
        }
    }

    /// The query with a choice in its place, and the byte behind it. More can follow where it asks for more.
    pub fn accept(&self, number: usize) -> Option<(String, usize)> {
        let text = self.choices.with_untracked(|choices| choices.get(number).map(|choice| choice.text.clone()))?;
        let (query, span) = (self.query.get_untracked(), self.span.get_untracked());
        let (before, after) = (query.get(..span.start)?, query.get(span.end..)?);
        self.close();
        Some((format!("{before}{text}{after}"), before.len() + text.len()))
    }

    /// Choices that would change nothing are none.
    fn offer(&self, mut choices: Vec<Choice>) {
        self.query.with_untracked(|query| {
            let written = query.get(self.span.get_untracked()).unwrap_or_default();
            choices.retain(|choice| choice.text != written);
        });
        if self.choices.with_untracked(|old| *old != choices) {
            self.active.set(None);
            self.choices.set(choices);
        }
    }
}

impl App {
    /// Offers what can stand at the caret, a byte of the query.
    pub fn complete(&self, query: &str, caret: usize) {
        let (app, completing) = (*self, self.completing);
        let completion = complete(query, caret);
        let (span, prefix) = (completion.span, completion.prefix);
        let stays = completing.span.with_untracked(|old| old.start == span.start);
        completing.asked.update(|n| *n += 1);
        completing.span.set(span.clone());
        completing.query.set(query.to_owned());
        let field = match completion.expected {
            Expected::Field(candidates) | Expected::Operator(candidates) => {
                let rest = query.get(span.end..).unwrap_or_default();
                let choices = candidates.iter().take(MOST as usize).map(|candidate| choice(candidate, rest));
                return completing.offer(choices.collect());
            }
            Expected::Value { field: FieldRef::Standard(field), .. } => field.name,
            _ => return completing.close(),
        };
        if !stays {
            completing.offer(Vec::new());
        }
        // The values that the rest of the query leaves. What is typed of this one is not a value yet.
        let (before, after) = (query.get(..span.start).unwrap_or_default(), query.get(span.end..).unwrap_or_default());
        let among = [format!("{before}*{after}"), String::new()];
        let asked = completing.asked.get_untracked();
        spawn_local(async move {
            for query in among {
                let Some(session) = app.session() else { return };
                let among = app.filter_with(query);
                let Some(values) = session.client.values(field, &prefix, MOST, &among).await else { return };
                if completing.asked.get_untracked() != asked {
                    return;
                }
                completing.offer(values.into_iter().map(value).collect());
                // If it leaves none, as behind NOT, any value will do.
                if completing.choices.with_untracked(|choices| !choices.is_empty()) {
                    return;
                }
            }
        });
    }
}

/// A field is followed by its sign, unless one stands there, and an operator by a blank.
fn choice(candidate: &Candidate, rest: &str) -> Choice {
    let Candidate { text, alias, doc } = *candidate;
    let has_sign = rest.trim_start().starts_with([':', '=', '<', '>', '!']);
    let end = match find(text) {
        None => " ",
        Some(_) if has_sign => "",
        Some(_) => ":",
    };
    let label = alias.map_or_else(|| text.to_owned(), |alias| format!("{text} ({alias})"));
    Choice { text: format!("{text}{end}"), label, doc, count: None }
}

fn value((value, count): (String, u64)) -> Choice {
    Choice { text: quote(&value), label: visible(&value), doc: "", count: Some(count) }
}
