//! YAML as a tree that knows its lines. Bounded: a text can neither nest nor grow without end, however its aliases refer to
//! one another.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A file has at most this many bytes.
pub const MAX_FILE: usize = 4 << 20;
/// A file has at most this many nodes; those with an anchor, those that aliases repeat, and what documents share counted
/// every time.
pub const MAX_NODES: usize = 200_000;
/// Nodes stand in at most this many others.
pub const MAX_DEPTH: usize = 64;

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What it is.
    pub value: Value,
}

/// What a part of a document is, as the core schema of YAML 1.2 reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in its order. No key comes twice.
    Map(Vec<(Node, Node)>),
}

/// What is wrong, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1.
    pub line: usize,
    /// In one sentence, without a full stop.
    pub why: String,
}

impl Wrong {
    /// On this line. What is said may quote the file; it stays one line.
    pub fn new(line: usize, why: impl Into<String>) -> Wrong {
        Wrong { line, why: why.into().replace(char::is_control, " ") }
    }
}

impl Node {
    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The members of a map.
    pub fn members(&self) -> &[(Node, Node)] {
        if let Value::Map(members) = &self.value { members } else { &[] }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The text of what is one, or a number, or true or false.
    pub fn scalar(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text.clone()),
            Value::Boolean(is) => Some(is.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The elements of a list; anything else is a list of one.
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::List(elements) => elements,
            _ => std::slice::from_ref(self),
        }
    }

    /// What it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Boolean(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// Reads the documents of a file. Those before a fault are there, too.
pub fn documents(text: &str) -> (Vec<Node>, Option<Wrong>) {
    if text.len() > MAX_FILE {
        return (Vec::new(), Some(Wrong::new(1, format!("a file of rules has at most {} MiB", MAX_FILE >> 20))));
    }
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let taken = match event {
            Ok((event, span)) => reader.take(event, span),
            Err(error) => Err(Wrong::new(error.marker().line(), format!("not YAML: {}", error.info()))),
        };
        if let Err(wrong) = taken {
            return (reader.documents, Some(wrong));
        }
    }
    (reader.documents, None)
}

/// A list or a map whose end has not come.
struct Open {
    line: usize,
    anchor: usize,
    is_map: bool,
    parts: Vec<Node>,
}

#[derive(Default)]
struct Reader {
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
}

impl Reader {
    fn take(&mut self, event: Event, span: Span) -> Result<(), Wrong> {
        let line = span.start.line();
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => Ok(()),
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            Event::Scalar(text, style, anchor, _) => {
                let value = if style == ScalarStyle::Plain { plain(&text) } else { Value::Text(text.into_owned()) };
                self.put(Node { line, value }, anchor, 1)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some((node, size)) => {
                    let (node, size) = (node.clone(), *size);
                    self.put(node, 0, size)
                }
                None => Err(Wrong::new(line, "an alias refers to itself, or to nothing")),
            },
            Event::SequenceStart(anchor, _) => self.begin(line, anchor, false),
            Event::MappingStart(anchor, _) => self.begin(line, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
    }

    fn begin(&mut self, line: usize, anchor: usize, is_map: bool) -> Result<(), Wrong> {
        if self.open.len() == MAX_DEPTH {
            return Err(Wrong::new(line, format!("nested more than {MAX_DEPTH} deep")));
        }
        self.open.push(Open { line, anchor, is_map, parts: Vec::new() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Wrong> {
        let Some(Open { line, anchor, is_map, parts }) = self.open.pop() else { return Ok(()) };
        let value = if is_map { Value::Map(members(parts)?) } else { Value::List(parts) };
        self.put(Node { line, value }, anchor, 1)
    }

    /// A node is complete; `size` nodes are new with it.
    fn put(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Wrong> {
        self.count(size, node.line)?;
        if anchor != 0 {
            // It is kept once more.
            let size = size_of_node(&node);
            self.count(size, node.line)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut() {
            Some(open) => open.parts.push(node),
            None => self.documents.push(node),
        }
        Ok(())
    }

    fn count(&mut self, size: usize, line: usize) -> Result<(), Wrong> {
        self.nodes += size;
        if self.nodes > MAX_NODES { Err(too_many(line)) } else { Ok(()) }
    }
}

/// More nodes than there can be.
pub(super) fn too_many(line: usize) -> Wrong {
    Wrong::new(line, format!("more than {MAX_NODES} nodes, those that aliases repeat counted"))
}

/// How many nodes there are in one, itself included.
pub(super) fn size_of_node(node: &Node) -> usize {
    match &node.value {
        Value::List(elements) => 1 + elements.iter().map(size_of_node).sum::<usize>(),
        Value::Map(members) => 1 + members.iter().map(|(k, v)| size_of_node(k) + size_of_node(v)).sum::<usize>(),
        _ => 1,
    }
}

type Members = Vec<(Node, Node)>;

/// Keys and values in turns are members; those of a map under `<<` are added where they are missing.
fn members(parts: Vec<Node>) -> Result<Members, Wrong> {
    let (mut members, mut merged) = (Members::new(), Members::new());
    let mut parts = parts.into_iter();
    while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
        if key.text() == Some("<<") {
            merged.extend(value.elements().iter().flat_map(|map| map.members().iter().cloned()));
        } else {
            members.push((key, value));
        }
    }
    let mut known = BTreeSet::new();
    if let Some((key, _)) = members.iter().find(|(key, _)| !known.insert(&key.value)) {
        let name = key.scalar().unwrap_or_default();
        return Err(Wrong::new(key.line, format!("the key comes twice: {name}")));
    }
    let are_new: Vec<bool> = merged.iter().map(|(key, _)| known.insert(&key.value)).collect();
    members.extend(merged.into_iter().zip(are_new).filter(|(_, is_new)| *is_new).map(|(member, _)| member));
    Ok(members)
}

/// A scalar without quotes.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::Text(text.to_owned()),
    }
}

/// A decimal number. Others, such as hexadecimal ones, are texts in a log, too.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Boolean(is) => is.to_string(),
            Value::Number(text) => text.clone(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(all) => format!("[{}]", all.iter().map(shown).collect::<Vec<_>>().join(",")),
            Value::Map(all) => {
                let member = |(k, v): &(Node, Node)| format!("{}:{}", shown(k), shown(v));
                format!("{{{}}}", all.iter().map(member).collect::<Vec<_>>().join(","))
            }
        }
    }

    fn check(text: &str, expected: &[&str], wrong: Option<(usize, &str)>) {
        let (found, fault) = documents(text);
        assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), expected, "{text}");
        match (fault, wrong) {
            (None, None) => {}
            (Some(fault), Some((line, why))) => {
                assert!(fault.line == line && fault.why.contains(why), "{fault:?} for {text}");
            }
            (fault, _) => panic!("{fault:?} for {text}"),
        }
    }

    #[test]
    fn documents_are_read() {
        check("", &[], None);
        check("a: 1\nb: 'x'\n---\n- y\n- null\n-\n", &[r#"{"a":1,"b":"x"}"#, r#"["y",null,null]"#], None);
        check(
            "a: 0x10\nb: 1e3\nc: .5\nd: 1.2.3.4\ne: '5'",
            &[r#"{"a":"0x10","b":1e3,"c":.5,"d":"1.2.3.4","e":"5"}"#],
            None,
        );
        check("a: &x {k: v}\nb: *x", &[r#"{"a":{"k":"v"},"b":{"k":"v"}}"#], None);
        check("x: &x {k: v, l: w}\ny:\n  <<: *x\n  l: z", &[r#"{"x":{"k":"v","l":"w"},"y":{"l":"z","k":"v"}}"#], None);
        check("a: |\n  two\n  lines\n", &["{\"a\":\"two\\nlines\\n\"}"], None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        check("ok: 1\n---\na: 1\na: 2", &[r#"{"ok":1}"#], Some((4, "comes twice: a")));
        check("a: [1", &[], Some((2, "not YAML")));
        check("a: *nobody", &[], Some((1, "not YAML")));
        check(&format!("{}1{}", "[".repeat(70), "]".repeat(70)), &[], Some((1, "64 deep")));
        let bomb: String =
            (1..12).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(","))).collect();
        check(&format!("a0: &a0 x\n{bomb}"), &[], Some((6, "200000 nodes")));
        check("a: &a [*a]", &[], Some((1, "")));
    }
}
