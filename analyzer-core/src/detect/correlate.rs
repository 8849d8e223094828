//! Correlations: what several selected events mean together, in a window that slides over their times.
//!
//! The events of one group stand in time order. A window begins at an event and holds all that follow within the timespan;
//! one that lies wholly within the window before it is not looked at, so that "fewer than" means something. Windows that
//! meet the condition and overlap are one hit, and their events its evidence.

use crate::order;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// What is correlated, and when it is a hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// What is counted.
    pub count: Count,
    /// The rules whose events are looked at, by id or name.
    pub rules: Vec<String>,
    /// The fields whose values make a group, or aliases of such.
    pub group_by: Vec<String>,
    /// Names that stand for another field in the events of each rule.
    pub aliases: Vec<Aliased>,
    /// The fields whose values are looked at.
    pub fields: Vec<String>,
    /// How long a window is, in milliseconds.
    pub span_ms: i64,
    /// What the count must be.
    pub bounds: Bounds,
}

/// A name that stands for another field in the events of each rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aliased {
    /// The name.
    pub name: String,
    /// Rules, each with its field.
    pub fields: Vec<(String, String)>,
}

/// What is counted in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Count {
    /// Events.
    Events,
    /// Distinct values of the fields.
    Values,
    /// Distinct rules whose events there are.
    Rules,
    /// The longest beginning of the list of rules whose events come in this order.
    RulesInOrder,
    /// The sum of the field's numbers.
    Sum,
    /// Their mean.
    Average,
    /// The value that so many percent of them do not exceed, interpolated between neighbours.
    Percentile(f64),
    /// How many percent of the values are the same: each value of the window is looked at by itself.
    Rarity,
}

impl Count {
    /// Whether it asks which rules there are, not how many events.
    pub fn is_of_rules(self) -> bool {
        matches!(self, Count::Rules | Count::RulesInOrder)
    }
}

/// What a number must be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// More than this.
    pub above: Option<f64>,
    /// This or more.
    pub at_least: Option<f64>,
    /// Less than this.
    pub below: Option<f64>,
    /// This or less.
    pub at_most: Option<f64>,
    /// This.
    pub equal: Option<f64>,
    /// Anything but this.
    pub not_equal: Option<f64>,
}

impl Bounds {
    /// This or more.
    pub fn at_least(number: f64) -> Bounds {
        Bounds { at_least: Some(number), ..Bounds::default() }
    }

    /// Whether a number is within them.
    pub fn hold(&self, number: f64) -> bool {
        self.above.is_none_or(|bound| number > bound)
            && self.at_least.is_none_or(|bound| number >= bound)
            && self.below.is_none_or(|bound| number < bound)
            && self.at_most.is_none_or(|bound| number <= bound)
            && self.equal.is_none_or(|bound| number == bound)
            && self.not_equal.is_none_or(|bound| number != bound)
    }

    /// Whether no number is.
    pub fn is_impossible(&self) -> bool {
        let highest_low = self.above.into_iter().chain(self.at_least).chain(self.equal).fold(f64::MIN, f64::max);
        let lowest_high = self.below.into_iter().chain(self.at_most).chain(self.equal).fold(f64::MAX, f64::min);
        let is_point = highest_low == lowest_high && !self.hold(highest_low);
        highest_low > lowest_high || is_point
    }
}

/// An event of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'v> {
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// Of which of the correlation's rules, by its place in their list.
    pub rule: usize,
    /// The values of the correlation's fields.
    pub values: Vec<Option<&'v str>>,
}

/// Events that are a hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The evidence, by places in the group.
    pub rows: Vec<usize>,
    /// The number that made it a hit; of several windows that are one hit, the highest.
    pub number: f64,
    /// At which of its rows it was complete: the events up to there, as far as the timespan reaches back, were enough. The
    /// last is always one.
    pub complete: Vec<usize>,
}

/// The hits among the events of one group, which stand in time order.
pub fn hits(correlation: &Correlation, items: &[Item]) -> Vec<Found> {
    match correlation.count {
        Count::RulesInOrder => in_order(correlation, items),
        Count::Rarity => rarities(correlation, items),
        _ => runs(correlation, items),
    }
}

/// Every window that does not lie wholly within the one before, as it slides; `look` sees what joined, what left, and the
/// whole.
fn slide(correlation: &Correlation, items: &[Item], mut look: impl FnMut(Range<usize>, Range<usize>, Range<usize>)) {
    let (mut from, mut end) = (0, 0);
    for start in 0..items.len() {
        let last_ms = items[start].time_ms.saturating_add(correlation.span_ms);
        let before = end;
        while items.get(end).is_some_and(|item| item.time_ms <= last_ms) {
            end += 1;
        }
        if end > before {
            look(before..end, from..start, start..end);
            from = start;
        }
    }
}

/// Windows whose number is within the bounds, those that overlap as one.
fn runs(correlation: &Correlation, items: &[Item]) -> Vec<Found> {
    let mut found: Vec<(Range<usize>, f64)> = Vec::new();
    let mut window = Window::new(correlation.count);
    slide(correlation, items, |joined, left, whole| {
        items[joined].iter().for_each(|item| window.add(item));
        items[left].iter().for_each(|item| window.remove(item));
        let Some(number) = window.number(whole.len()).filter(|number| correlation.bounds.hold(*number)) else { return };
        match found.last_mut().filter(|(known, _)| known.end > whole.start) {
            Some((known, most)) => (known.end, *most) = (whole.end, most.max(number)),
            None => found.push((whole, number)),
        }
    });
    let hit = |(rows, number): (Range<usize>, f64)| {
        let complete = completions(correlation, items, rows.clone());
        Found { rows: rows.collect(), number, complete }
    };
    found.into_iter().map(hit).collect()
}

/// The rows of a hit behind each of which it could have ended.
fn completions(correlation: &Correlation, items: &[Item], rows: Range<usize>) -> Vec<usize> {
    let (mut complete, mut from, end) = (Vec::new(), rows.start, rows.end);
    let mut window = Window::new(correlation.count);
    for row in rows {
        window.add(&items[row]);
        let first_ms = items[row].time_ms.saturating_sub(correlation.span_ms);
        while items[from].time_ms < first_ms {
            window.remove(&items[from]);
            from += 1;
        }
        let is_enough = window.number(row + 1 - from).is_some_and(|number| correlation.bounds.hold(number));
        if is_enough || row + 1 == end {
            complete.push(row);
        }
    }
    complete
}

/// What is known of the events in the window, so that sliding it costs only what joins and what leaves.
struct Window<'v> {
    count: Count,
    rules: BTreeMap<usize, usize>,
    values: BTreeMap<Vec<&'v str>, usize>,
    /// In order, for percentiles.
    numbers: Vec<f64>,
    /// How many numbers there are, and their sum.
    sum: (usize, f64),
}

impl<'v> Window<'v> {
    fn new(count: Count) -> Window<'v> {
        Window { count, rules: BTreeMap::new(), values: BTreeMap::new(), numbers: Vec::new(), sum: (0, 0.0) }
    }

    fn add(&mut self, item: &Item<'v>) {
        match self.count {
            Count::Rules => *self.rules.entry(item.rule).or_default() += 1,
            Count::Values => {
                if let Some(values) = values_of(item) {
                    *self.values.entry(values).or_default() += 1;
                }
            }
            Count::Sum | Count::Average => {
                if let Some(number) = number_of(item) {
                    self.sum = (self.sum.0 + 1, self.sum.1 + number);
                }
            }
            Count::Percentile(_) => {
                if let Some(number) = number_of(item) {
                    let at = self.numbers.partition_point(|other| other.total_cmp(&number).is_lt());
                    self.numbers.insert(at, number);
                }
            }
            Count::Events | Count::RulesInOrder | Count::Rarity => {}
        }
    }

    fn remove(&mut self, item: &Item<'v>) {
        match self.count {
            Count::Rules => one_less(&mut self.rules, &item.rule),
            Count::Values => {
                if let Some(values) = values_of(item) {
                    one_less(&mut self.values, &values);
                }
            }
            Count::Sum | Count::Average => {
                if let Some(number) = number_of(item) {
                    self.sum = (self.sum.0 - 1, self.sum.1 - number);
                }
            }
            Count::Percentile(_) => {
                if let Some(number) = number_of(item) {
                    let at = self.numbers.partition_point(|other| other.total_cmp(&number).is_lt());
                    if at < self.numbers.len() {
                        self.numbers.remove(at);
                    }
                }
            }
            Count::Events | Count::RulesInOrder | Count::Rarity => {}
        }
    }

    /// The number of a window with so many events; nothing if the field of none of them is a number.
    fn number(&self, events: usize) -> Option<f64> {
        let (numbers, (summed, sum)) = (&self.numbers, self.sum);
        Some(match self.count {
            Count::Events => events as f64,
            Count::Rules => self.rules.len() as f64,
            Count::Values => self.values.len() as f64,
            Count::Sum if summed > 0 => sum,
            Count::Average if summed > 0 => sum / summed as f64,
            Count::Percentile(rank) if !numbers.is_empty() => percentile(numbers, rank),
            _ => return None,
        })
    }
}

fn one_less<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// The values, if none is missing.
fn values_of<'v>(item: &Item<'v>) -> Option<Vec<&'v str>> {
    item.values.iter().copied().collect()
}

fn number_of(item: &Item) -> Option<f64> {
    let text = (*item.values.first()?)?;
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Runs of rules in their order: of each, the events that make it. Of events at the same time nobody knows which was first:
/// they are in any order that is asked for.
fn in_order(correlation: &Correlation, items: &[Item]) -> Vec<Found> {
    let mut of_rule: Vec<Vec<usize>> = vec![Vec::new(); correlation.rules.len()];
    for (row, item) in items.iter().enumerate() {
        if let Some(rows) = of_rule.get_mut(item.rule) {
            rows.push(row);
        }
    }
    let mut found: Vec<Found> = Vec::new();
    slide(correlation, items, |_, _, whole| {
        let (mut rows, mut from_ms) = (Vec::new(), items[whole.start].time_ms);
        for of_rule in &of_rule {
            let from = of_rule.partition_point(|row| *row < whole.start || items[*row].time_ms < from_ms);
            match of_rule.get(from) {
                Some(&row) if row < whole.end => rows.push(row),
                _ => break,
            }
            from_ms = rows.last().map_or(from_ms, |row| items[*row].time_ms);
        }
        let number = rows.len() as f64;
        if rows.is_empty() || !correlation.bounds.hold(number) {
            return;
        }
        let complete: Vec<usize> = rows.last().copied().into_iter().collect();
        rows.sort_unstable();
        match found.last_mut().filter(|known| known.rows.last() >= rows.first()) {
            Some(known) => {
                known.rows.extend(rows);
                known.rows.sort_unstable();
                known.rows.dedup();
                known.number = known.number.max(number);
                known.complete.extend(complete);
                known.complete.dedup();
            }
            None => found.push(Found { rows, number, complete }),
        }
    });
    found
}

/// Values that are so many percent of all in a window. An event whose value is rare in several windows is told once.
fn rarities(correlation: &Correlation, items: &[Item]) -> Vec<Found> {
    let mut window: BTreeMap<Vec<&str>, VecDeque<usize>> = BTreeMap::new();
    let (mut all, mut found): (usize, BTreeMap<Vec<&str>, Found>) = (0, BTreeMap::new());
    slide(correlation, items, |joined, left, _| {
        for row in joined {
            let Some(values) = values_of(&items[row]) else { continue };
            window.entry(values).or_default().push_back(row);
            all += 1;
        }
        for row in left {
            let Some(values) = values_of(&items[row]) else { continue };
            if let Some(rows) = window.get_mut(&values) {
                rows.pop_front();
                all -= 1;
            }
        }
        window.retain(|_, rows| !rows.is_empty());
        for (values, rows) in &window {
            let share = 100.0 * rows.len() as f64 / all as f64;
            if correlation.bounds.hold(share) {
                let new = || Found { rows: Vec::new(), number: share, complete: Vec::new() };
                let hit = found.entry(values.clone()).or_insert_with(new);
                let last = hit.rows.last().copied();
                hit.rows.extend(rows.iter().filter(|row| last.is_none_or(|last| last < **row)));
            }
        }
    });
    let mut found: Vec<Found> = found.into_values().collect();
    found.iter_mut().for_each(|hit| hit.complete.extend(hit.rows.last()));
    order::sort_by_key(&mut found, |hit| hit.rows.first().copied());
    found
}

/// Of numbers in order.
fn percentile(numbers: &[f64], rank: f64) -> f64 {
    let place = rank / 100.0 * (numbers.len() - 1) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let next = numbers.get(below + 1).copied().unwrap_or(numbers[below]);
    numbers[below] + part * (next - numbers[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items as `minute rule value`, and the rows of each hit.
    fn check(count: Count, bounds: Bounds, items: &[(i64, usize, &str)], expected: &[&[usize]]) {
        let correlation = Correlation {
            count,
            rules: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],
            group_by: Vec::new(),
            aliases: Vec::new(),
            fields: vec!["x".to_owned()],
            span_ms: 10 * 60_000,
            bounds,
        };
        let item = |&(minute, rule, value)| {
            let value: Option<&str> = Some(value).filter(|value: &&str| !value.is_empty());
            Item { time_ms: minute * 60_000, rule, values: vec![value] }
        };
        let items: Vec<Item> = items.iter().map(item).collect();
        let found: Vec<Vec<usize>> = hits(&correlation, &items).into_iter().map(|hit| hit.rows).collect();
        assert_eq!(found, expected, "{count:?} {bounds:?}");
    }

    #[test]
    fn windows_slide() {
        let at = |minutes: &[i64]| minutes.iter().map(|&minute| (minute, 0, "")).collect::<Vec<_>>();
        let three = Bounds::at_least(3.0);
        check(Count::Events, three, &at(&[0, 5, 10]), &[&[0, 1, 2]]);
        check(Count::Events, three, &at(&[0, 5, 11]), &[]);
        // Across any boundary of a clock, and as one burst where windows overlap.
        check(Count::Events, three, &at(&[8, 12, 16, 20, 40, 41, 42, 90]), &[&[0, 1, 2, 3], &[4, 5, 6]]);
        let few = Bounds { below: Some(2.0), ..Bounds::default() };
        check(Count::Events, few, &at(&[0, 1, 30, 31, 90]), &[&[4]]);
        let two = Bounds { equal: Some(2.0), ..Bounds::default() };
        check(Count::Events, two, &at(&[0, 1, 30, 31, 32, 90]), &[&[0, 1]]);
    }

    #[test]
    fn counts() {
        let values = [(0, 0, "x"), (1, 0, "y"), (2, 0, "x"), (3, 0, ""), (20, 0, "z")];
        check(Count::Values, Bounds::at_least(2.0), &values, &[&[0, 1, 2, 3]]);
        check(Count::Values, Bounds::at_least(3.0), &values, &[]);
        let rules = [(0, 1, ""), (1, 0, ""), (2, 2, ""), (30, 0, ""), (31, 1, ""), (32, 0, ""), (33, 2, "")];
        check(Count::Rules, Bounds::at_least(3.0), &rules, &[&[0, 1, 2], &[3, 4, 5, 6]]);
        check(Count::RulesInOrder, Bounds::at_least(3.0), &rules, &[&[3, 4, 6]]);
        // A second is as exact as CloudTrail is.
        check(Count::RulesInOrder, Bounds::at_least(3.0), &[(0, 2, ""), (0, 1, ""), (0, 0, "")], &[&[0, 1, 2]]);
        check(Count::RulesInOrder, Bounds::at_least(3.0), &[(0, 2, ""), (1, 0, ""), (1, 1, "")], &[]);
        let numbers = [(0, 0, "10"), (1, 0, "20"), (2, 0, "soon"), (3, 0, "60"), (40, 0, "5")];
        check(Count::Sum, Bounds { above: Some(89.0), ..Bounds::default() }, &numbers, &[&[0, 1, 2, 3]]);
        check(Count::Average, Bounds::at_least(30.0), &numbers, &[&[0, 1, 2, 3]]);
        check(Count::Percentile(50.0), Bounds { equal: Some(20.0), ..Bounds::default() }, &numbers, &[&[0, 1, 2, 3]]);
        let mut many: Vec<_> = (0..9).map(|n| (n, 0, "usual")).collect();
        many.push((9, 0, "rare"));
        check(Count::Rarity, Bounds { at_most: Some(10.0), ..Bounds::default() }, &many, &[&[9]]);
    }

    #[test]
    fn bounds_that_nothing_meets() {
        let check = |bounds: Bounds, expected| assert_eq!(bounds.is_impossible(), expected, "{bounds:?}");
        check(Bounds { above: Some(5.0), below: Some(5.0), ..Bounds::default() }, true);
        check(Bounds { at_least: Some(5.0), at_most: Some(5.0), ..Bounds::default() }, false);
        check(Bounds { at_least: Some(6.0), at_most: Some(5.0), ..Bounds::default() }, true);
        check(Bounds { equal: Some(6.0), below: Some(5.0), ..Bounds::default() }, true);
        check(Bounds { not_equal: Some(6.0), ..Bounds::default() }, false);
    }
}
