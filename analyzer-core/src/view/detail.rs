//! One record as a tree.

use serde_json::Value;

/// A tree may have this many nodes; a record beyond it shows the first ones.
pub const MAX_NODES: usize = 20_000;

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
    /// Dotted path for a search, without indices.
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

/// Reads a record. One that serde cannot hold (a lone surrogate, say) has a raw text but no tree.
pub fn detail(raw: &str) -> Detail {
    let mut detail = Detail { raw: raw.to_owned(), ..Detail::default() };
    if let Ok(Value::Object(members)) = serde_json::from_str::<Value>(raw) {
        for (key, value) in &members {
            add(&mut detail, 0, key.clone(), key.clone(), value);
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
                add(detail, depth + 1, key.clone(), format!("{path}.{key}"), value);
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

    #[test]
    fn a_huge_tree_is_cut() {
        let raw = format!(r#"{{"a":[{}0]}}"#, "0,".repeat(MAX_NODES));
        let detail = detail(&raw);
        assert!(detail.cut);
        assert_eq!(detail.nodes.len(), MAX_NODES);
    }
}
