//! Values as JSON, and the text in which query engines print structs, maps and arrays: `{type=Root, arn=a:b, x=[1, 2]}`.

use super::names::{Kind, spell};
use crate::ingest::json;

/// Structs may nest this deep in their text.
const MAX_DEPTH: u32 = 24;

/// A value that becomes JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A text.
    Text(String),
    /// JSON as it stands.
    Json(String),
    /// Members in their order.
    Object(Vec<(String, Node)>),
    /// Elements.
    Array(Vec<Node>),
}

impl Node {
    /// Writes it as JSON.
    pub fn write(&self, out: &mut String) {
        match self {
            Node::Text(text) => write_text(text, out),
            Node::Json(json) => out.push_str(json),
            Node::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    item.write(out);
                }
                out.push(']');
            }
            // A path such as `resources.0.ARN` goes through an array.
            Node::Object(members)
                if !members.is_empty() && (0..).zip(members).all(|(at, (key, _))| *key == at.to_string()) =>
            {
                Node::Array(members.iter().map(|(_, item)| item.clone()).collect()).write(out);
            }
            Node::Object(members) => {
                out.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// Whether a value says that there is none.
pub fn is_missing(text: &str) -> bool {
    matches!(text.trim(), "" | "-") || text.trim().eq_ignore_ascii_case("null")
}

/// The text as the object or array that it is, in JSON or as a query engine prints it; else as a text.
pub fn node(text: &str, kind: Kind) -> Node {
    let trimmed = text.trim();
    if trimmed.starts_with(['{', '[']) {
        if json::skip_value(trimmed.as_bytes(), 0) == Ok(trimmed.len()) {
            return Node::Json(trimmed.to_owned());
        }
        let mut reader = Reader { text: trimmed, at: 0, kind };
        if let Some(node) = reader.value(0, Within::Nothing)
            && reader.at == trimmed.len()
        {
            return node;
        }
    }
    Node::Text(text.to_owned())
}

/// What a value stands in: that decides where it ends.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    Object,
    Array,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    kind: Kind,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn take(&mut self, mark: char) -> bool {
        let found = self.rest().starts_with(mark);
        self.at += if found { mark.len_utf8() } else { 0 };
        found
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn value(&mut self, depth: u32, within: Within) -> Option<Node> {
        let is_container = self.rest().starts_with(['{', '[']);
        if is_container && depth < MAX_DEPTH {
            if within != Within::Nothing
                && let Ok(length) = json::skip_value(self.rest().as_bytes(), 0)
                && matches!(self.rest().as_bytes().get(length), Some(b',' | b'}' | b']'))
            {
                let json = self.rest()[..length].to_owned();
                self.at += length;
                return Some(Node::Json(json));
            }
            return if self.take('{') { self.object(depth) } else { self.array(depth) };
        }
        (within != Within::Nothing).then(|| self.scalar(within))
    }

    fn object(&mut self, depth: u32) -> Option<Node> {
        let mut members = Vec::new();
        self.space();
        while !self.take('}') {
            let length = key_length(self.rest())?;
            let key = &self.text[self.at..self.at + length];
            self.at += length + 1;
            let key = if self.kind == Kind::Free { key } else { spell(key, self.kind) }.to_owned();
            let value = self.value(depth + 1, Within::Object)?;
            if !matches!(&value, Node::Text(text) if is_missing(text)) {
                members.push((key, value));
            }
            self.separator('}')?;
        }
        Some(Node::Object(members))
    }

    fn array(&mut self, depth: u32) -> Option<Node> {
        let mut items = Vec::new();
        self.take('[');
        self.space();
        while !self.take(']') {
            items.push(self.value(depth + 1, Within::Array)?);
            self.separator(']')?;
        }
        Some(Node::Array(items))
    }

    /// Behind a value stands a comma, or the end of what it is in.
    fn separator(&mut self, end: char) -> Option<()> {
        self.space();
        let comma = self.take(',');
        self.space();
        (comma || self.rest().starts_with(end)).then_some(())
    }

    /// A plain value goes on to the next key, or to the end of what it is in: it may hold commas itself.
    fn scalar(&mut self, within: Within) -> Node {
        let rest = self.rest();
        let is_end = |at: usize, c: char| match (c, within) {
            (',', Within::Object) => key_length(rest[at + 1..].trim_start_matches(' ')).is_some(),
            (',', _) => true,
            ('}', Within::Object) | (']', Within::Array) => true,
            _ => false,
        };
        let length = rest.char_indices().find(|&(at, c)| is_end(at, c)).map_or(rest.len(), |(at, _)| at);
        let text = rest[..length].trim().to_owned();
        self.at += length;
        Node::Text(text)
    }
}

/// The length of the key that the text starts with: a word before an equals sign.
fn key_length(text: &str) -> Option<usize> {
    let head = text.as_bytes().get(..text.len().min(128))?;
    let length = head.iter().position(|c| !(c.is_ascii_alphanumeric() || b"_-.:/".contains(c)))?;
    (length > 0 && head.get(length) == Some(&b'=')).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, kind: Kind, expected: &str) {
        let mut json = String::new();
        node(text, kind).write(&mut json);
        assert_eq!(json, expected, "{text}");
    }

    #[test]
    fn structs() {
        check("{type=Root, principalid=1, username=null}", Kind::Struct, r#"{"type":"Root","principalId":"1"}"#);
        check(
            "{type=AssumedRole, sessioncontext={attributes={mfaauthenticated=false}, sessionissuer=null}, invokedby=x}",
            Kind::Struct,
            r#"{"type":"AssumedRole","sessionContext":{"attributes":{"mfaAuthenticated":"false"}},"invokedBy":"x"}"#,
        );
        check(
            "[{arn=a:b, type=AWS::S3::Object}, {arn=c}]",
            Kind::Resources,
            r#"[{"ARN":"a:b","type":"AWS::S3::Object"},{"ARN":"c"}]"#,
        );
        check(
            r#"{a=x, y, policy={"Statement":[1, 2]}, b=1=2}"#,
            Kind::Free,
            r#"{"a":"x, y","policy":{"Statement":[1, 2]},"b":"1=2"}"#,
        );
        check(r#"{"a": 1}"#, Kind::Struct, r#"{"a": 1}"#);
        check("{}", Kind::Struct, "{}");
        check("{a=[x, y], username=z}", Kind::Free, r#"{"a":["x","y"],"username":"z"}"#);
        for odd in ["{type=Root", "{type=Root} x", "{=}", "{type}", "[a", "plain"] {
            check(odd, Kind::Struct, &format!("{odd:?}"));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_well_formed_json_in_the_end(text in "[{}\\[\\]=,a-c \"é]{0,40}") {
            let mut json = String::new();
            node(&text, Kind::Free).write(&mut json);
            prop_assert_eq!(json::skip_value(format!("{json} ").as_bytes(), 0), Ok(json.len()), "{}", text);
        }
    }
}
