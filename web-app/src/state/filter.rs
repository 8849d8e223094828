//! What the user looks for, and its form in the fragment of the address.
//!
//! The fragment has a version of its own, so that a link that somebody kept can still be read after the form changed:
//! `#v1&from=1688990000000&to=1688993600000&q=eventName%3AConsoleLogin`.

/// Which events are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Text in the search language.
    pub query: String,
    /// Start and end in milliseconds since 1970; the end is not included.
    pub range: Option<(i64, i64)>,
}

const VERSION: &str = "v1";

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.query.trim().is_empty() && self.range.is_none()
    }

    /// The fragment of an address, without `#`; empty for the empty filter.
    pub fn to_fragment(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let mut fragment = VERSION.to_owned();
        if let Some((from, to)) = self.range {
            fragment.push_str(&format!("&from={from}&to={to}"));
        }
        if !self.query.trim().is_empty() {
            fragment.push_str("&q=");
            fragment.push_str(&encode(&self.query));
        }
        fragment
    }

    /// Reads a fragment; what it does not understand is left out, since anybody can write one.
    pub fn from_fragment(fragment: &str) -> Filter {
        let mut parts = fragment.trim_start_matches('#').split('&');
        if parts.next() != Some(VERSION) {
            return Filter::default();
        }
        let (mut query, mut from, mut to) = (String::new(), None, None);
        for part in parts {
            match part.split_once('=') {
                Some(("q", text)) => query = decode(text),
                Some(("from", ms)) => from = ms.parse().ok(),
                Some(("to", ms)) => to = ms.parse().ok(),
                _ => {}
            }
        }
        Filter { query, range: from.zip(to).filter(|(from, to)| from < to) }
    }
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'*' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        let decoded = digits.filter(|_| byte == b'%').and_then(|d| u8::from_str_radix(d, 16).ok());
        bytes.push(decoded.unwrap_or(byte));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, range: Option<(i64, i64)>, fragment: &str) {
        let filter = Filter { query: query.to_owned(), range };
        assert_eq!(filter.to_fragment(), fragment);
        assert_eq!(Filter::from_fragment(fragment), filter);
    }

    #[test]
    fn there_and_back() {
        check("", None, "");
        check("eventName:ConsoleLogin", None, "v1&q=eventName:ConsoleLogin");
        check("a AND \"b & c=d\" 100%", Some((-5, 10)), "v1&from=-5&to=10&q=a%20AND%20%22b%20%26%20c%3Dd%22%20100%25");
        check("grün 東京", None, "v1&q=gr%C3%BCn%20%E6%9D%B1%E4%BA%AC");
    }

    #[test]
    fn nonsense_is_no_filter() {
        for fragment in ["", "#", "v2&q=x", "top", "v1", "v1&from=9&to=3", "v1&from=x&to=3", "v1&z=1"] {
            assert_eq!(Filter::from_fragment(fragment), Filter::default(), "{fragment}");
        }
        assert_eq!(Filter::from_fragment("v1&q=%zz%4").query, "%zz%4");
        assert_eq!(Filter::from_fragment("v1&q=%ff").query, "\u{fffd}");
    }
}
