//! Correlation rules (Sigma correlations 2.1): what they count, in which time, for whom.

use super::yaml::{Node, Value, Wrong};
use crate::detect::correlate::{Aliased, Bounds, Correlation, Count};
use std::collections::BTreeSet;

/// Reads the section of a correlation.
pub(super) fn read(section: &Node) -> Result<Correlation, Wrong> {
    let need = |key: &str| section.get(key).ok_or_else(|| Wrong::new(section.line, format!("{key} is missing")));
    let kind = need("type")?;
    let rules = texts(need("rules")?)?;
    if rules.is_empty() {
        return Err(Wrong::new(section.line, "a correlation needs rules"));
    }
    let mut names = BTreeSet::new();
    if rules.iter().any(|rule| !names.insert(rule.as_str())) {
        return Err(Wrong::new(section.line, "a correlation names a rule twice"));
    }
    let condition = section.get("condition");
    let fields = match condition.and_then(|condition| condition.get("field")) {
        Some(field) => texts(field)?,
        None => Vec::new(),
    };
    let percentile = condition.and_then(|condition| condition.get("percentile")).map(number).transpose()?;
    let count = match kind.text() {
        Some("event_count") => Count::Events,
        Some("value_count") => Count::Values,
        Some("temporal") => Count::Rules,
        Some("temporal_ordered") => Count::RulesInOrder,
        Some("value_sum") => Count::Sum,
        Some("value_avg") => Count::Average,
        Some("value_median") => Count::Percentile(50.0),
        Some("value_percentile") => match percentile {
            Some(rank) if (0.0..=100.0).contains(&rank) => Count::Percentile(rank),
            Some(_) => return Err(Wrong::new(section.line, "a percentile is between 0 and 100")),
            None => Count::Rarity,
        },
        _ => return Err(Wrong::new(kind.line, "no type of correlation in Sigma 2.1")),
    };
    let needs_field = !matches!(count, Count::Events | Count::Rules | Count::RulesInOrder);
    if needs_field && fields.is_empty() {
        return Err(Wrong::new(section.line, "the condition needs a field whose values are looked at"));
    }
    if matches!(count, Count::Sum | Count::Average | Count::Percentile(_)) && fields.len() > 1 {
        return Err(Wrong::new(section.line, "only one field can be added up"));
    }
    let bounds = match condition {
        Some(condition) => bounds(condition)?,
        None if matches!(count, Count::Rules | Count::RulesInOrder) => Bounds::at_least(rules.len() as f64),
        None => return Err(Wrong::new(section.line, "condition is missing")),
    };
    let group_by = section.get("group-by").map(texts).transpose()?.unwrap_or_default();
    let aliases = section.get("aliases").map(aliases).transpose()?.unwrap_or_default();
    for (what, number) in [("group-by", group_by.len()), ("field", fields.len()), ("aliases", aliases.len())] {
        if number > MOST_FIELDS {
            return Err(Wrong::new(section.line, format!("more than {MOST_FIELDS} fields in {what}")));
        }
    }
    for alias in &aliases {
        if let Some((rule, _)) = alias.fields.iter().find(|(rule, _)| !names.contains(rule.as_str())) {
            let why = format!("the alias {} names a rule that is not correlated: {rule}", alias.name);
            return Err(Wrong::new(section.line, why));
        }
    }
    let span_ms = timespan(need("timespan")?)?;
    Ok(Correlation { count, rules, group_by, aliases, fields, span_ms, bounds })
}

fn texts(node: &Node) -> Result<Vec<String>, Wrong> {
    let text = |node: &Node| {
        node.scalar().ok_or_else(|| Wrong::new(node.line, format!("this must be a text, not {}", node.kind())))
    };
    node.elements().iter().map(text).collect()
}

fn number(node: &Node) -> Result<f64, Wrong> {
    let number = if let Value::Number(text) = &node.value { text.parse::<f64>().ok() } else { None };
    number.ok_or_else(|| Wrong::new(node.line, format!("this must be a number, not {}", node.kind())))
}

fn bounds(condition: &Node) -> Result<Bounds, Wrong> {
    let mut bounds = Bounds::default();
    for (key, value) in condition.members() {
        let place = match key.text() {
            Some("field" | "percentile") => continue,
            Some("gt") => &mut bounds.above,
            Some("gte") => &mut bounds.at_least,
            Some("lt") => &mut bounds.below,
            Some("lte") => &mut bounds.at_most,
            Some("eq") => &mut bounds.equal,
            Some("neq") => &mut bounds.not_equal,
            _ => {
                let name = key.scalar().unwrap_or_default();
                return Err(Wrong::new(
                    key.line,
                    format!("a condition compares by gt, gte, lt, lte, eq or neq, not by {name}"),
                ));
            }
        };
        *place = Some(number(value)?);
    }
    if bounds == Bounds::default() {
        return Err(Wrong::new(condition.line, "the condition compares with nothing"));
    }
    if bounds.is_impossible() {
        return Err(Wrong::new(condition.line, "no number can meet this condition"));
    }
    Ok(bounds)
}

fn aliases(node: &Node) -> Result<Vec<Aliased>, Wrong> {
    let alias = |(name, fields): &(Node, Node)| {
        let field = |(rule, field): &(Node, Node)| Some((rule.scalar()?, field.scalar()?));
        let fields: Option<Vec<_>> = fields.members().iter().map(field).collect();
        match (name.scalar(), fields) {
            (Some(name), Some(fields)) if !fields.is_empty() => Ok(Aliased { name, fields }),
            _ => Err(Wrong::new(name.line, "an alias names a field for each rule")),
        }
    };
    node.members().iter().map(alias).collect()
}

/// A correlation groups by, looks at, or has aliases for at most so many fields.
pub(super) const MOST_FIELDS: usize = 64;

/// The longest time that a correlation looks at: a year.
pub(super) const MAX_SPAN_MS: i64 = 366 * 86_400_000;

/// `90m`, in milliseconds.
fn timespan(node: &Node) -> Result<i64, Wrong> {
    let text = node.scalar().unwrap_or_default();
    let span = || {
        let unit = text.chars().last()?;
        let unit_ms = match unit {
            's' => 1_000,
            'm' => 60_000,
            'h' => 3_600_000,
            'd' => 86_400_000,
            'w' => 7 * 86_400_000,
            _ => return None,
        };
        let number = text.strip_suffix(unit)?;
        let number: i64 = number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok()).flatten()?;
        number.checked_mul(unit_ms).filter(|ms| (1..=MAX_SPAN_MS).contains(ms))
    };
    span().ok_or_else(|| {
        Wrong::new(node.line, format!("a timespan is a number and one of s, m, h, d, w, at most a year, not {text}"))
    })
}
