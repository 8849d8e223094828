//! What the user looks for, and its parts of the fragment of the address (`link` has the whole):
//! `&from=1688990000000&to=1688993600000&q=eventName:ConsoleLogin&sort=-sourceIPAddress`.

use crate::client::Order;
use analyzer_core::field::{Field, find};

/// Which events are meant, and in which order they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Text in the search language.
    pub query: String,
    /// Start and end in milliseconds since 1970; the end is not included.
    pub range: Option<(i64, i64)>,
    /// Id of the finding whose events are meant.
    pub finding: Option<String>,
    /// Their order. It lets everything through.
    pub order: Order,
}

/// The name by which the order of time is asked for.
pub const TIME: &str = "eventTime";

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.query.trim().is_empty() && self.range.is_none() && self.finding.is_none()
    }

    /// The same events in the order of time.
    pub fn unordered(&self) -> Filter {
        Filter { order: Order::default(), ..self.clone() }
    }

    /// Its parts of a fragment, each behind a `&`; empty for the empty filter.
    pub fn to_parts(&self) -> String {
        let mut fragment = String::new();
        if let Some((from, to)) = self.range {
            fragment.push_str(&format!("&from={from}&to={to}"));
        }
        if !self.query.trim().is_empty() {
            fragment.push_str("&q=");
            fragment.push_str(&encode(&self.query));
        }
        if let Some(finding) = &self.finding {
            fragment.push_str("&finding=");
            fragment.push_str(&encode(finding));
        }
        if self.order != Order::default() {
            let sign = if self.order.is_reversed { "-" } else { "" };
            fragment.push_str(&format!("&sort={sign}{}", self.order.by.unwrap_or(TIME)));
        }
        fragment
    }

    /// Reads the parts of a fragment; what it does not understand is left out, since anybody can write one.
    pub fn from_parts(parts: &[&str]) -> Filter {
        let (mut filter, mut from, mut to) = (Filter::default(), None, None);
        for part in parts {
            match part.split_once('=') {
                Some(("q", text)) => filter.query = decode(text),
                Some(("finding", id)) => filter.finding = Some(decode(id)),
                Some(("sort", text)) => filter.order = read_order(text).unwrap_or_default(),
                Some(("from", ms)) => from = ms.parse().ok(),
                Some(("to", ms)) => to = ms.parse().ok(),
                _ => {}
            }
        }
        filter.range = from.zip(to).filter(|(from, to)| from < to);
        filter
    }
}

/// The order that `sort` names, if shards can put events into it.
fn read_order(text: &str) -> Option<Order> {
    let name = text.strip_prefix('-').unwrap_or(text);
    let is_reversed = name.len() < text.len();
    if name == TIME {
        return Some(Order { by: None, is_reversed });
    }
    let field = find(name).filter(|field| Field::is_counted(field))?;
    Some(Order { by: Some(field.name), is_reversed })
}

/// The order after a click on the heading of a field: the field's, then that reversed, then time's again.
pub fn clicked(order: Order, name: &'static str) -> Order {
    let by = (name != TIME).then_some(name);
    match order {
        Order { by: old, is_reversed: false } if old == by => Order { by, is_reversed: true },
        Order { by: old, .. } if old == by => Order::default(),
        _ => Order { by, is_reversed: false },
    }
}

/// A text as a part of a fragment.
pub(super) fn encode(text: &str) -> String {
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

/// The text that a part of a fragment stands for.
pub(super) fn decode(text: &str) -> String {
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
        check_filter(Filter { query: query.to_owned(), range, ..Filter::default() }, fragment);
    }

    fn check_filter(filter: Filter, fragment: &str) {
        assert_eq!(filter.to_parts(), fragment);
        assert_eq!(read(fragment), filter);
    }

    fn read(fragment: &str) -> Filter {
        Filter::from_parts(&fragment.split('&').collect::<Vec<_>>())
    }

    fn order(by: Option<&'static str>, is_reversed: bool) -> Order {
        Order { by, is_reversed }
    }

    #[test]
    fn there_and_back() {
        check("", None, "");
        check("eventName:ConsoleLogin", None, "&q=eventName:ConsoleLogin");
        check("a AND \"b & c=d\" 100%", Some((-5, 10)), "&from=-5&to=10&q=a%20AND%20%22b%20%26%20c%3Dd%22%20100%25");
        check("grün 東京", None, "&q=gr%C3%BCn%20%E6%9D%B1%E4%BA%AC");
    }

    #[test]
    fn findings_and_orders() {
        check_filter(Filter { finding: Some("a1 &".to_owned()), ..Filter::default() }, "&finding=a1%20%26");
        let ordered = |by, is_reversed| Filter { order: order(by, is_reversed), ..Filter::default() };
        check_filter(ordered(Some("eventName"), false), "&sort=eventName");
        check_filter(ordered(Some("principal"), true), "&sort=-principal");
        check_filter(ordered(None, true), "&sort=-eventTime");
        assert!(ordered(Some("eventName"), false).is_empty());
        let whole = Filter { query: "x".to_owned(), range: Some((1, 2)), ..ordered(Some("awsRegion"), true) };
        check_filter(whole.clone(), "&from=1&to=2&q=x&sort=-awsRegion");
        assert_eq!(Filter { order: Order::default(), ..whole.clone() }, whole.unordered());
    }

    #[test]
    fn clicks_go_through_the_orders() {
        let check = |before, name, after| assert_eq!(clicked(before, name), after, "{before:?} {name}");
        check(order(None, false), "eventName", order(Some("eventName"), false));
        check(order(Some("eventName"), false), "eventName", order(Some("eventName"), true));
        check(order(Some("eventName"), true), "eventName", order(None, false));
        check(order(Some("eventName"), true), "awsRegion", order(Some("awsRegion"), false));
        check(order(Some("eventName"), true), TIME, order(None, false));
        check(order(None, false), TIME, order(None, true));
        check(order(None, true), TIME, order(None, false));
    }

    #[test]
    fn nonsense_is_no_filter() {
        for fragment in ["", "#", "top", "v1", "&from=9&to=3", "&from=x&to=3", "&z=1", "&sort=", "&sort=-", "&sort=x"] {
            assert_eq!(read(fragment), Filter::default(), "{fragment}");
        }
        // Fields that shards do not sort by.
        for fragment in ["&sort=eventID", "&sort=requestParameters", "&sort=requestParameters.bucketName"] {
            assert_eq!(read(fragment), Filter::default(), "{fragment}");
        }
        assert_eq!(read("&q=%zz%4").query, "%zz%4");
        assert_eq!(read("&q=%ff").query, "\u{fffd}");
    }
}
