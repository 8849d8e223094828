//! The search identifiers of a rule: maps and lists of fields with values, or of keywords.

use super::condition::{Identifiers, one_or};
use super::modifiers::{self, Kind, Modifiers, Order};
use super::pattern::{self, Placeholders};
use super::weight::Sums;
use super::yaml::{Node, Value, Wrong};
use crate::field::{self, FieldRef, Place};
use crate::predicate::{Case, Likeness, Matcher, Network, Predicate, Regex, Test};
use std::ops::Bound;

/// A list has at most so many values.
pub(super) const MOST_VALUES: usize = 10_000;

/// What a detection selects. `names` are the keys of the section that are no search identifiers.
pub(super) fn read(section: &Node, names: &[&str], placeholders: &Placeholders) -> Result<Predicate, Wrong> {
    let mut identifiers = identifiers(section, names, placeholders)?;
    let Some(condition) = section.get("condition") else {
        return Err(Wrong::new(section.line, "the condition is missing"));
    };
    let each = condition.elements().iter().map(|condition| match condition.text() {
        Some(text) => super::condition::read(text, &mut identifiers, condition.line),
        None => Err(Wrong::new(condition.line, format!("a condition is a text, not {}", condition.kind()))),
    });
    let parts = each.collect::<Result<Vec<_>, _>>()?;
    if parts.is_empty() {
        return Err(Wrong::new(condition.line, "the condition is missing"));
    }
    Ok(one_or(parts, Predicate::Any))
}

fn identifiers(section: &Node, names: &[&str], placeholders: &Placeholders) -> Result<Identifiers, Wrong> {
    if !matches!(section.value, Value::Map(_)) {
        return Err(Wrong::new(section.line, format!("a detection is a map, not {}", section.kind())));
    }
    let (mut all, mut sums) = (Identifiers::default(), Sums::default());
    for (name, value) in section.members() {
        let Some(name) = name.scalar() else { continue };
        if name != "condition" && name != "timeframe" && !names.contains(&name.as_str()) {
            let predicate = identifier(value, placeholders, &mut sums)?;
            all.add(name, predicate);
        }
    }
    Ok(all)
}

/// A map holds if all that is in it does; a list if any.
fn identifier(node: &Node, placeholders: &Placeholders, sums: &mut Sums) -> Result<Predicate, Wrong> {
    match &node.value {
        Value::Map(members) if members.is_empty() => Err(Wrong::new(node.line, "a search identifier is empty")),
        Value::List(elements) if elements.is_empty() => Err(Wrong::new(node.line, "a search identifier is empty")),
        Value::Null => Err(Wrong::new(node.line, "a search identifier is empty")),
        Value::Map(members) => {
            let parts = members.iter().map(|(key, value)| item(key, value, placeholders, sums));
            Ok(one_or(parts.collect::<Result<_, _>>()?, Predicate::All))
        }
        Value::List(elements) => {
            let parts = elements.iter().map(|element| identifier(element, placeholders, sums));
            Ok(one_or(parts.collect::<Result<_, _>>()?, Predicate::Any))
        }
        _ => {
            let found = test(&FieldRef::Anywhere, node, &keyword(), placeholders)?;
            sums.add(&found).map_err(|why| Wrong::new(node.line, why))?;
            Ok(found)
        }
    }
}

/// How a keyword is looked for.
fn keyword() -> Modifiers {
    Modifiers { likeness: Some(Likeness::Contains), ..Modifiers::default() }
}

/// A field with its modifiers, and its values.
fn item(key: &Node, value: &Node, placeholders: &Placeholders, sums: &mut Sums) -> Result<Predicate, Wrong> {
    let Some(key_text) = key.scalar() else {
        return Err(Wrong::new(key.line, format!("a field is named by a text, not by {}", key.kind())));
    };
    let (name, names) = key_text.split_once('|').unwrap_or((&key_text, ""));
    let mut modifiers = modifiers::read(names, key.line)?;
    let field = if name.is_empty() {
        modifiers.likeness = modifiers.likeness.or(keyword().likeness);
        FieldRef::Anywhere
    } else {
        field(name)
    };
    let values = value.elements();
    if values.is_empty() {
        return Err(Wrong::new(value.line, format!("there is no value for {name}")));
    }
    if values.len() > MOST_VALUES {
        return Err(Wrong::new(value.line, format!("more than {MOST_VALUES} values for {name}")));
    }
    if modifiers.all && values.len() < 2 && !matches!(value.value, Value::List(_)) {
        return Err(Wrong::new(key.line, "all needs more than one value"));
    }
    let each = values.iter().map(|value| {
        let found = test(&field, value, &modifiers, placeholders)?;
        sums.add(&found).map_err(|why| Wrong::new(value.line, why))?;
        Ok(found)
    });
    let tests = each.collect::<Result<Vec<_>, _>>()?;
    let found = one_or(tests, if modifiers.all { Predicate::All } else { Predicate::Any });
    Ok(if modifiers.neq { Predicate::Not(Box::new(found)) } else { found })
}

/// The field of a name in a rule: that of CloudTrail, with its case, never one of our own names for it.
pub(in crate::detect) fn field(name: &str) -> FieldRef {
    let standard = field::find(name).filter(|field| field.name == name && !matches!(field.place, Place::IdentityLabel));
    match standard {
        Some(field) => FieldRef::Standard(field),
        None => path(name),
    }
}

/// To the parts of an identity an empty text is none, to Sigma it is a value: what it could meet asks the record.
fn asked(field: &FieldRef, matcher: &Matcher) -> FieldRef {
    match field {
        FieldRef::Standard(it) if matches!(it.place, Place::Identity(_)) && may_meet_nothing(matcher) => path(it.name),
        _ => field.clone(),
    }
}

fn may_meet_nothing(matcher: &Matcher) -> bool {
    matches!(matcher, Matcher::Like { .. }) || matcher.matches("")
}

fn path(name: &str) -> FieldRef {
    FieldRef::Path(name.split('.').map(str::to_owned).collect())
}

fn test(
    field: &FieldRef,
    value: &Node,
    modifiers: &Modifiers,
    placeholders: &Placeholders,
) -> Result<Predicate, Wrong> {
    let wrong = |why: String| Wrong::new(value.line, why);
    let with = |matcher| Predicate::Test(Test { field: asked(field, &matcher), matcher });
    match (&value.value, modifiers.kind) {
        (Value::Boolean(is), Some(Kind::Exists)) => {
            let present = with(Matcher::Present);
            Ok(if *is { present } else { Predicate::Not(Box::new(present)) })
        }
        (_, Some(Kind::Exists)) => Err(wrong("exists is true or false".to_owned())),
        (Value::List(_) | Value::Map(_), _) => {
            Err(wrong(format!("a value is a text or a number, not {}", value.kind())))
        }
        (Value::Null, None) if modifiers.likeness.is_none() && *field != FieldRef::Anywhere => {
            Ok(Predicate::Not(Box::new(with(Matcher::Exists))))
        }
        (Value::Null, _) => Err(wrong("null stands alone behind a field without other modifiers".to_owned())),
        _ => {
            let texts = match value.scalar() {
                Some(text) if modifiers.expand => pattern::expanded(&text, placeholders).map_err(wrong)?,
                text => text.into_iter().collect(),
            };
            let matchers = texts.iter().map(|text| matchers(value, text, modifiers)).collect::<Result<Vec<_>, _>>();
            let tests: Vec<_> = matchers.map_err(wrong)?.into_iter().flatten().map(with).collect();
            Ok(one_or(tests, Predicate::Any))
        }
    }
}

/// The matchers of which one must match.
fn matchers(value: &Node, text: &str, modifiers: &Modifiers) -> Result<Vec<Matcher>, String> {
    let case = if modifiers.cased { Case::Kept } else { Case::Ignored };
    let number = || text.parse::<f64>().map_err(|_| format!("this must be a number: {text}"));
    let one = match (modifiers.part, modifiers.kind) {
        (Some(part), kind) => {
            let (from, to) = range(kind, number()?);
            Matcher::TimePart { part, from, to }
        }
        (None, Some(kind @ Kind::Number(_))) => {
            let (from, to) = range(Some(kind), number()?);
            Matcher::NumberRange { from, to }
        }
        (None, Some(Kind::Regex(flags))) => {
            let inline: String =
                [(flags.m, 'm'), (flags.s, 's')].iter().filter(|(is, _)| *is).map(|(_, f)| f).collect();
            let pattern = if inline.is_empty() { text.to_owned() } else { format!("(?{inline}){text}") };
            Matcher::Regex(
                Regex::new(&pattern, if flags.i { Case::Ignored } else { Case::Kept })
                    .map_err(|why| why.to_string())?,
            )
        }
        (None, Some(Kind::Cidr)) => {
            let bits = if text.contains(':') { "/128" } else { "/32" };
            let network = Network::parse(text).or_else(|| Network::parse(&format!("{text}{bits}")));
            Matcher::Network(network.ok_or_else(|| format!("not a network: {text}"))?)
        }
        (None, Some(Kind::FieldRef)) => {
            let how = modifiers.likeness.unwrap_or(Likeness::Same);
            let other = asked(&field(text), &Matcher::Exists);
            Matcher::Like { field: Box::new(other), how, case }
        }
        (None, _) => return texts(value, text, modifiers, case),
    };
    Ok(vec![one])
}

fn texts(value: &Node, text: &str, modifiers: &Modifiers, case: Case) -> Result<Vec<Matcher>, String> {
    // A number with a fraction or an exponent is one, however the log writes it.
    if let (Value::Number(number), None) = (&value.value, modifiers.likeness)
        && modifiers.encodings.is_empty()
        && number.contains(['.', 'e', 'E'])
        && let Ok(number) = number.parse()
    {
        return Ok(vec![Matcher::NumberRange { from: Bound::Included(number), to: Bound::Included(number) }]);
    }
    let mut forms = vec![pattern::read(text)];
    if modifiers.windash {
        forms = pattern::with_dashes(&forms[0])?;
    }
    if !modifiers.encodings.is_empty() {
        let encoded = forms.iter().map(|form| pattern::encoded(form, &modifiers.encodings));
        forms = encoded.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    }
    forms.iter().map(|form| pattern::matcher(form, modifiers.likeness, case)).collect()
}

fn range(kind: Option<Kind>, number: f64) -> (Bound<f64>, Bound<f64>) {
    match kind {
        Some(Kind::Number(Order::Below)) => (Bound::Unbounded, Bound::Excluded(number)),
        Some(Kind::Number(Order::AtMost)) => (Bound::Unbounded, Bound::Included(number)),
        Some(Kind::Number(Order::Above)) => (Bound::Excluded(number), Bound::Unbounded),
        Some(Kind::Number(Order::AtLeast)) => (Bound::Included(number), Bound::Unbounded),
        _ => (Bound::Included(number), Bound::Included(number)),
    }
}
