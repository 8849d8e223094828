//! The values at a path of keys, found without building anything.

use super::{Scanner, next, text_of};
use std::borrow::Cow;

/// Calls `each` with the text of every value at `path` in this well-formed JSON. An array on the way, and at its end,
/// means any of its elements; of a key that comes twice the last value counts; null is no value. Texts come without
/// quotes and escapes, all else as it stands.
pub fn each_at(json: &str, path: &[impl AsRef<str>], each: &mut dyn FnMut(&str)) {
    let json = json.trim_ascii();
    match (json.as_bytes().first(), path.split_first()) {
        (Some(b'['), _) => {
            // One that is broken ends where it is broken.
            let _ = each_element(json, &mut |element| each_at(element, path, each));
        }
        (Some(b'{'), Some((key, rest))) => {
            if let Some(value) = member(json, key.as_ref()) {
                each_at(value, rest, each);
            }
        }
        (_, Some(_)) => {}
        (_, None) => {
            if let Some(text) = text_of(json) {
                each(&text);
            }
        }
    }
}

/// Calls `each` with every text, number and truth value in this well-formed JSON, however deep.
pub fn each_anywhere(json: &str, each: &mut dyn FnMut(&str)) {
    let json = json.trim_ascii();
    match json.as_bytes().first() {
        Some(b'[') => {
            let _ = each_element(json, &mut |element| each_anywhere(element, each));
        }
        Some(b'{') => {
            let _ = each_member(json, &mut |_, value| each_anywhere(value, each));
        }
        _ => {
            if let Some(text) = text_of(json) {
                each(&text);
            }
        }
    }
}

/// Whether there is a value at `path`, be it null. An array on the way means any of its elements.
pub fn is_there(json: &str, path: &[String]) -> bool {
    let json = json.trim_ascii();
    match (json.as_bytes().first(), path.split_first()) {
        (_, None) => true,
        (Some(b'['), _) => {
            let mut found = false;
            let _ = each_element(json, &mut |element| found |= is_there(element, path));
            found
        }
        (Some(b'{'), Some((key, rest))) => member(json, key).is_some_and(|value| is_there(value, rest)),
        _ => false,
    }
}

/// The value of this key of an object; of a key that comes twice, the last.
pub fn member<'j>(object: &'j str, key: &str) -> Option<&'j str> {
    let mut found = None;
    // Members before a place where the object is broken count.
    let _ = each_member(object, &mut |name, value| {
        let name = if name.contains('\\') { text_of(name) } else { name.get(1..name.len() - 1).map(Cow::Borrowed) };
        if name.as_deref() == Some(key) {
            found = Some(value);
        }
    });
    found
}

/// Calls `each` with the name, in its quotes, and the value of every member of an object.
fn each_member<'j>(object: &'j str, each: &mut dyn FnMut(&'j str, &'j str)) -> Option<()> {
    let b = object.as_bytes();
    let mut scanner = Scanner::new(b);
    let (mut i, mut c) = next(b, 1).ok()?;
    while c == b'"' {
        let (end, _) = scanner.text(i).ok()?;
        let name = object.get(i..end)?;
        let (from, _) = next(b, next(b, end).ok()?.0 + 1).ok()?;
        let to = end_of(&mut scanner, object, from)?;
        each(name, object.get(from..to)?);
        (i, c) = next(b, to).ok()?;
        if c != b',' {
            break;
        }
        (i, c) = next(b, i + 1).ok()?;
    }
    Some(())
}

/// Calls `each` with every element of an array.
pub(super) fn each_element<'j>(array: &'j str, each: &mut dyn FnMut(&'j str)) -> Option<()> {
    let b = array.as_bytes();
    let mut scanner = Scanner::new(b);
    let (mut from, first) = next(b, 1).ok()?;
    if first == b']' {
        return Some(());
    }
    loop {
        let to = end_of(&mut scanner, array, from)?;
        each(array.get(from..to)?);
        match next(b, to).ok()? {
            (comma, b',') => (from, _) = next(b, comma + 1).ok()?,
            _ => return Some(()),
        }
    }
}

/// The end of the value at `from`.
pub(super) fn end_of(scanner: &mut Scanner, json: &str, from: usize) -> Option<usize> {
    // What is in a container is followed by something, so that even a number knows its end.
    scanner.value(from).ok().filter(|&to| to < json.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn check(json: &str, path: &str, expected: &[&str]) {
        let path: Vec<_> = if path.is_empty() { Vec::new() } else { path.split('.').collect() };
        let mut found = Vec::new();
        each_at(json, &path, &mut |text| found.push(text.to_owned()));
        assert_eq!(found, expected, "{path:?} of {json}");
    }

    #[test]
    fn values() {
        let json =
            r#" { "a" : [ {"b": 1} , {"b" : [2.50,"three"]}, 4 ], "c":{"d":null,"e":"\u00e4"}, "\u0066":-0,"g":[] } "#;
        check(json, "a.b", &["1", "2.50", "three"]);
        check(json, "c.d", &[]);
        check(json, "c.e", &["ä"]);
        check(json, "f", &["-0"]);
        check(json, "g", &[]);
        check(json, "c.e.x", &[]);
        check(json, "x", &[]);
        check(json, "c", &[r#"{"d":null,"e":"\u00e4"}"#]);
        check(r#"{"a":1,"b":2,"a":{"b":3}}"#, "a.b", &["3"]);
        check(r#"{"a":{"b":3},"a":1}"#, "a.b", &[]);
        check("[]", "", &[]);
        check("{}", "a", &[]);
        check("7", "", &["7"]);
        check(r#"[[1,[2]],3]"#, "", &["1", "2", "3"]);
    }

    /// What is to be found, by way of serde_json.
    fn expected(value: &Value, path: &[String], found: &mut Vec<String>) {
        match (value, path.split_first()) {
            (Value::Array(items), _) => items.iter().for_each(|item| expected(item, path, found)),
            (Value::Object(members), Some((key, rest))) => {
                if let Some(member) = members.get(key) {
                    expected(member, rest, found);
                }
            }
            (Value::Null, _) | (_, Some(_)) => {}
            (Value::String(text), None) => found.push(text.clone()),
            (other, None) => found.push(other.to_string()),
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-c\"\\\\ä\n]{0,4}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-c]|\"", inner), 0..5)
                    .prop_map(|members| json!(members.into_iter().collect::<serde_json::Map<_, _>>())),
            ]
        })
    }

    proptest! {
        #[test]
        fn as_serde_json_has_it(value in any_value(), path in prop::collection::vec("[a-c]|\"", 0..4)) {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            each_at(&value.to_string(), &path, &mut |text| ours.push(text.to_owned()));
            expected(&value, &path, &mut theirs);
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn no_text_is_too_broken(text in r#"[\[\]{}:,"\\a1 ]{0,20}"#) {
            each_at(&text, &["a", "a"], &mut |_| {});
        }
    }
}
