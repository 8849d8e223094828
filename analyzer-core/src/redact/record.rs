//! Whole records: every text, number and key of the JSON.

use super::{Redactor, keep};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// JSON can stand in texts of JSON, so deep at most. What is deeper is replaced as a whole.
const MAX_NESTED: u8 = 3;

/// Numbers below this stay under any key.
const SMALL: u64 = 10_000;

/// A walk through a record.
struct Walk<'r> {
    redactor: &'r Redactor,
    /// Texts that were replaced: a key that is one of them is replaced, too.
    replaced: HashSet<String>,
    nested: u8,
}

impl Redactor {
    /// A record, redacted, as JSON on one line. Nothing for one that cannot be read as JSON (a lone surrogate, say): then
    /// nothing of it may be told.
    pub fn record(&self, json: &str) -> Option<String> {
        match serde_json::from_str(json).ok()? {
            object @ Value::Object(_) => Some(self.tree(object, &mut String::new(), 0).to_string()),
            _ => None,
        }
    }

    /// A value under this dotted path, redacted.
    pub(super) fn text(&self, path: &str, text: &str) -> String {
        self.text_in(&mut path.to_owned(), text, 0)
    }

    fn tree(&self, mut value: Value, path: &mut String, nested: u8) -> Value {
        let mut walk = Walk { redactor: self, replaced: HashSet::new(), nested };
        walk.values(&mut value, path);
        walk.keys(&mut value, "");
        value
    }

    /// Whether a text is a call of a policy, and no part of it an id that says what it is.
    fn is_call(&self, text: &str) -> bool {
        keep::is_action(text) && text.split(':').all(|part| self.known(part).is_none())
    }

    fn text_in(&self, path: &mut String, text: &str, nested: u8) -> String {
        if keep::is_empty_word(text) {
            return text.to_owned();
        }
        if let Some(known) = self.known(text) {
            return known;
        }
        let key = path.rsplit('.').next().unwrap_or_default();
        let is_policy = path.contains("Statement.") && matches!(key, "Action" | "NotAction");
        if keep::is_kept(path, text) || is_policy && self.is_call(text) {
            return text.to_owned();
        }
        if key == "principalId" {
            let parts: Vec<String> = text.split(':').map(|part| self.name(part)).collect();
            return parts.join(":");
        }
        if !keep::is_of_name(key) {
            if keep::is_said(text) {
                return text.to_owned();
            }
            if let Some(host) = self.host(text) {
                return host;
            }
            if key == "userAgent" {
                return self.agent(text);
            }
        }
        if text.starts_with(['{', '['])
            && nested < MAX_NESTED
            && let Ok(value) = serde_json::from_str(text)
        {
            return self.tree(value, path, nested + 1).to_string();
        }
        self.name(text)
    }
}

impl Walk<'_> {
    fn values(&mut self, value: &mut Value, path: &mut String) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Array(items) => items.iter_mut().for_each(|item| self.values(item, path)),
            Value::Object(members) => {
                for (key, member) in members.iter_mut() {
                    let length = path.len();
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(key);
                    self.values(member, path);
                    path.truncate(length);
                }
            }
            Value::Number(number) => {
                let is_small = number.as_u64().is_some_and(|number| number < SMALL);
                let text = number.to_string();
                let redacted = if is_small { text.clone() } else { self.redactor.text_in(path, &text, self.nested) };
                if redacted != text {
                    let number = redacted.parse::<u64>().map(Value::from);
                    *value = number.unwrap_or(Value::String(redacted));
                }
            }
            Value::String(text) => {
                let redacted = self.redactor.text_in(path, text, self.nested);
                if redacted != *text {
                    self.replaced.insert(std::mem::replace(text, redacted));
                }
            }
        }
    }

    /// Replaces the keys that may be names.
    fn keys(&self, value: &mut Value, parent: &str) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.keys(item, parent)),
            Value::Object(members) => {
                let is_named = keep::has_named_keys(parent);
                let old = std::mem::replace(members, Map::new());
                for (key, mut member) in old {
                    self.keys(&mut member, &key);
                    let is_name = is_named || !keep::is_key(&key) || self.replaced.contains(&key);
                    let key =
                        if is_name || self.redactor.known(&key).is_some() { self.redactor.name(&key) } else { key };
                    members.insert(key, member);
                }
            }
            _ => {}
        }
    }
}
