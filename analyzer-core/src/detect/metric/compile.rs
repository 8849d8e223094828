//! A test of a selector as a predicate.
//!
//! Where columns say the same as the record, the test is one of a standard field, so that the engine can decide it for
//! many events at once. All other tests are of exact places in the record.

use super::value::Value;
use crate::field::{Column, FIELDS, Field, FieldRef, Place, Step};
use crate::predicate::{JsonTest, Matcher, Predicate, Test};
use std::ops::Bound;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Is,
    IsNot,
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// What can be said of a place without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Missing,
    Null,
    True,
    False,
}

/// The selector compared with a value; or in one sentence why that cannot be.
pub(super) fn comparison(steps: Vec<Step>, op: Op, value: Value) -> Result<Predicate, &'static str> {
    let matcher = match (value, op) {
        (Value::Text(matcher), Op::Is | Op::IsNot) => matcher,
        (Value::Text(_), _) => return Err("only numbers come before or behind one another; a text is = or !="),
        (Value::Number(number), op) => range(number, op),
    };
    if op == Op::IsNot { Ok(differs(steps, matcher)) } else { Ok(fits(steps, matcher)) }
}

fn range(number: f64, op: Op) -> Matcher {
    let (from, to) = match op {
        Op::Is | Op::IsNot => (Bound::Included(number), Bound::Included(number)),
        Op::Below => (Bound::Unbounded, Bound::Excluded(number)),
        Op::AtMost => (Bound::Unbounded, Bound::Included(number)),
        Op::Above => (Bound::Excluded(number), Bound::Unbounded),
        Op::AtLeast => (Bound::Included(number), Bound::Unbounded),
    };
    Matcher::NumberRange { from, to }
}

/// Some text, number or boolean there matches.
fn fits(steps: Vec<Step>, matcher: Matcher) -> Predicate {
    // An identity keeps no empty texts: where one would match, the record is asked.
    match standard(&steps) {
        Some(field) if !is_of_identity(field) || !matcher.matches("") => test(FieldRef::Standard(field), matcher),
        _ => test(FieldRef::Selector(steps), Matcher::Json(JsonTest::Is(Box::new(matcher)))),
    }
}

/// Some text, number or boolean there does not match.
fn differs(steps: Vec<Step>, matcher: Matcher) -> Predicate {
    match standard(&steps) {
        Some(field) if !is_of_identity(field) || matcher.matches("") => {
            let test = |matcher| test(FieldRef::Standard(field), matcher);
            Predicate::All(vec![test(Matcher::Exists), Predicate::Not(Box::new(test(matcher)))])
        }
        _ => test(FieldRef::Selector(steps), Matcher::Json(JsonTest::IsNot(Box::new(matcher)))),
    }
}

/// Columns cannot tell null from what is missing, nor a boolean from a text.
pub(super) fn presence(steps: Vec<Step>, presence: Presence) -> Predicate {
    let test = |json| test(FieldRef::Selector(steps), Matcher::Json(json));
    match presence {
        Presence::Missing => Predicate::Not(Box::new(test(JsonTest::Present))),
        Presence::Null => test(JsonTest::Null),
        Presence::True => test(JsonTest::True),
        Presence::False => test(JsonTest::False),
    }
}

fn test(field: FieldRef, matcher: Matcher) -> Predicate {
    Predicate::Test(Test { field, matcher })
}

/// The standard field whose value is what the record has at this place. Not those that are derived where a record lacks
/// them: category, time and id.
fn standard(steps: &[Step]) -> Option<&'static Field> {
    let mut name = String::new();
    for step in steps {
        let Step::Key(key) = step else { return None };
        if key.contains('.') {
            return None;
        }
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(key);
    }
    let field = FIELDS.iter().find(|field| field.name == name)?;
    match field.place {
        Place::Column(column) => (column != Column::EventCategory).then_some(field),
        Place::Identity(_) => Some(field),
        Place::Time | Place::Id | Place::IdentityLabel | Place::Record => None,
    }
}

fn is_of_identity(field: &Field) -> bool {
    matches!(field.place, Place::Identity(_))
}
