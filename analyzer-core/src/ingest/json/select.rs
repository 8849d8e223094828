//! The values at exact places, found without building anything.

use super::path::{each_element, end_of, member};
use super::{Scanner, next, text_of};
use crate::field::Step;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Calls `each` with the JSON of every value that these steps lead to in this well-formed JSON, null included. Of a key
/// that comes twice the last value counts.
pub fn each_selected(json: &str, steps: &[Step], each: &mut dyn FnMut(&str)) {
    let Some((step, rest)) = steps.split_first() else { return each(json) };
    match (step, json.as_bytes().first()) {
        (Step::Key(key), Some(b'{')) => {
            if let Some(value) = member(json, key) {
                each_selected(value, rest, each);
            }
        }
        (Step::AnyMember, Some(b'{')) => {
            let mut members = BTreeMap::new();
            // One that is broken ends where it is broken.
            let _ = collect_members(json, &mut members);
            members.into_values().for_each(|value| each_selected(value, rest, each));
        }
        (Step::Index(index), Some(b'[')) => {
            let (mut at, mut found) = (0, None);
            let _ = each_element(json, &mut |element| {
                if at == *index {
                    found = Some(element);
                }
                at += 1;
            });
            if let Some(element) = found {
                each_selected(element, rest, each);
            }
        }
        (Step::AnyElement, Some(b'[')) => {
            let _ = each_element(json, &mut |element| each_selected(element, rest, each));
        }
        _ => {}
    }
}

/// The members of an object by their keys.
fn collect_members<'j>(object: &'j str, members: &mut BTreeMap<Cow<'j, str>, &'j str>) -> Option<()> {
    let b = object.as_bytes();
    let mut scanner = Scanner::new(b);
    let (mut i, mut c) = next(b, 1).ok()?;
    while c == b'"' {
        let name = object.get(i..scanner.string(i).ok()?)?;
        let (from, _) = next(b, scanner.key(i).ok()?).ok()?;
        let to = end_of(&mut scanner, object, from)?;
        members.insert(text_of(name)?, object.get(from..to)?);
        (i, c) = next(b, to).ok()?;
        if c != b',' {
            break;
        }
        (i, c) = next(b, i + 1).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const JSON: &str = r#"{ "a" : [ 1 , null, {"b" : "x"}, [ 2, 3 ] ], "n":null, "k.k" : {"\u0062":true, "c":[] },
        "t":"old", "t" : "new" , "":0 }"#;

    fn check(steps: &[Step], expected: &[&str]) {
        let mut found = Vec::new();
        each_selected(JSON, steps, &mut |json| found.push(json.to_owned()));
        assert_eq!(found, expected, "{steps:?}");
    }

    fn key(key: &str) -> Step {
        Step::Key(key.to_owned())
    }

    #[test]
    fn places() {
        use Step::{AnyElement, AnyMember, Index};
        check(&[key("t")], &[r#""new""#]);
        check(&[key("n")], &["null"]);
        check(&[key("")], &["0"]);
        check(&[key("x")], &[]);
        check(&[key("a"), key("b")], &[]);
        check(&[key("a"), Index(2), key("b")], &[r#""x""#]);
        check(&[key("a"), Index(3), Index(1)], &["3"]);
        check(&[key("a"), Index(4)], &[]);
        check(&[key("a"), AnyElement], &["1", "null", r#"{"b" : "x"}"#, "[ 2, 3 ]"]);
        check(&[key("a"), AnyElement, key("b")], &[r#""x""#]);
        check(&[key("k.k"), AnyMember], &["true", "[]"]);
        check(&[key("k.k"), key("b")], &["true"]);
        check(&[key("k.k"), key("c"), AnyElement], &[]);
        check(&[AnyMember, Index(0)], &["1"]);
        check(&[key("n"), AnyMember], &[]);
        check(&[key("t"), Index(0)], &[]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_broken(text in r#"[\[\]{}:,"\\a1 ]{0,20}"#) {
            for step in [key("a"), Step::Index(0), Step::AnyElement, Step::AnyMember] {
                each_selected(&text, &[step.clone(), step], &mut |_| {});
            }
        }
    }
}
