//! One record as a tree.

use crate::field::name;
use crate::predicate::quote;
use serde_json::Value;

/// A tree may have this many nodes; a record beyond it shows the first ones.
pub const MAX_NODES: usize = 20_000;

/// A longer value is not looked for: it would fill the search box.
const MAX_TERM: usize = 4 << 10;

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// The record exactly as the source has it. Untrusted text.
    pub raw: String,
    /// Its tree, in the order of the record, parents before children.
    pub nodes: Vec<Node>,
    /// Whether the tree was cut at [`MAX_NODES`].
    pub cut: bool,
}

/// One value of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// 0 for the members of the record.
    pub depth: u16,
    /// Key in an object, index in an array.
    pub label: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its path as a search names it, without indices: keys with odd characters stand in quotes.
    pub path: String,
}

/// A value of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// An object with this many members, which follow.
    Object(usize),
    /// An array with this many elements, which follow.
    Array(usize),
    /// Text.
    Text(String),
    /// A number, true, false or null, as JSON has it.
    Literal(String),
}

impl Node {
    /// The query that finds events with this value in this place; nothing for what holds other values, and for null, which
    /// a search takes for no value.
    pub fn query(&self) -> Option<String> {
        match &self.kind {
            NodeKind::Text(text) | NodeKind::Literal(text) if text != "null" && text.len() < MAX_TERM => {
                Some(format!("{}:{}", self.path, quote(text)))
            }
            _ => None,
        }
    }
}

/// Reads a record. One that serde cannot hold (a lone surrogate, say) has a raw text but no tree.
pub fn detail(raw: &str) -> Detail {
    let mut detail = Detail { raw: raw.to_owned(), ..Detail::default() };
    if let Ok(Value::Object(members)) = serde_json::from_str::<Value>(raw) {
        for (key, value) in &members {
            add(&mut detail, 0, key.clone(), name::write(std::slice::from_ref(key)), value);
        }
    }
    detail
}

fn add(detail: &mut Detail, depth: u16, label: String, path: String, value: &Value) {
    if detail.nodes.len() == MAX_NODES {
        detail.cut = true;
        return;
    }
    let kind = match value {
        Value::Object(members) => NodeKind::Object(members.len()),
        Value::Array(items) => NodeKind::Array(items.len()),
        Value::String(text) => NodeKind::Text(text.clone()),
        literal => NodeKind::Literal(literal.to_string()),
    };
    detail.nodes.push(Node { depth, label, kind, path: path.clone() });
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let inner = format!("{path}.{}", name::write(std::slice::from_ref(key)));
                add(detail, depth + 1, key.clone(), inner, value);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                add(detail, depth + 1, index.to_string(), path.clone(), value);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Parts;
    use crate::ingest::memo::Memo;
    use crate::ingest::record::{self, Around};
    use crate::predicate::parse;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_tree_in_the_order_of_the_record() {
        let detail = detail(r#"{"b":{"x":[1,"two"]},"a":null}"#);
        let lines: Vec<_> = detail
            .nodes
            .iter()
            .map(|n| format!("{}{} {:?} {}", " ".repeat(n.depth.into()), n.label, n.kind, n.path))
            .collect();
        assert_eq!(
            lines,
            [
                "b Object(1) b",
                " x Array(2) b.x",
                "  0 Literal(\"1\") b.x",
                "  1 Text(\"two\") b.x",
                "a Literal(\"null\") a"
            ]
        );
        assert!(!detail.cut);
    }

    /// What each leaf asks for finds the record, and its opposite does not.
    fn leaves_ask_for_themselves(record: &Value) {
        let raw = record.to_string();
        let identity = record.get("userIdentity").map_or("null".to_owned(), Value::to_string);
        for node in detail(&raw).nodes {
            let Some(query) = node.query() else { continue };
            let holds = |query: &str| {
                let parsed = parse(query, None);
                assert_eq!(parsed.problems, [], "{query}");
                record::read(raw.as_bytes(), &mut Memo::new(0), |record| {
                    let parts = Parts::read(&identity);
                    let around = Around { principal: &|| parts.principal(), event_id: &String::new };
                    parsed.predicate.decide(&mut |test| Some(record.holds(test, &around)))
                })
                .flatten()
            };
            let found = (holds(&query), holds(&format!("NOT {query}")));
            assert_eq!(found, (Some(true), Some(false)), "{query} in {raw}");
        }
    }

    #[test]
    fn odd_leaves_ask_for_themselves() {
        leaves_ask_for_themselves(&json!({
            "eventName": "Get *", "eventTime": "2024-05-06T10:00:00Z", "eventVersion": "1.08", "readOnly": true,
            "sourceIPAddress": "192.0.2.1", "requestParameters": {
                "a.b": "x", "aws:SourceIp": "10.0.0.0/8", "\"q\"": "\"y\"", "": "empty key", "empty": "", "and": "OR",
                "n": [1, -2.5, 1e300, null, {"deep": false}], "none": null, "range": "1..2", "than": ">5", "time": "2024",
                "text": "several words\nand \\ lines", "regex": "/x/", "star": "*", "NOT": "(a OR b)", "東": "京"
            },
        }));
    }

    proptest! {
        #[test]
        fn any_leaf_asks_for_itself(key in ".{0,6}", inner in ".{1,6}", text in ".{0,12}", number: i64) {
            leaves_ask_for_themselves(&json!({"requestParameters": {key: {inner: [text, number]}}}));
        }
    }

    #[test]
    fn a_huge_tree_is_cut() {
        let raw = format!(r#"{{"a":[{}0]}}"#, "0,".repeat(MAX_NODES));
        let detail = detail(&raw);
        assert!(detail.cut);
        assert_eq!(detail.nodes.len(), MAX_NODES);
    }
}
