//! What the user looks for, and its form in the fragment of the address.
//!
//! The fragment has a version of its own, so that a link that somebody kept can still be read after the form changed:
//! `#v1&from=1688990000000&to=1688993600000&q=eventName%3AConsoleLogin&sort=-sourceIPAddress`.

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

const VERSION: &str = "v1";
/// The name by which the order of time is asked for.
pub const TIME: &str = "eventTime";

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.query.trim().is_empty() && self.range.is_none() && self.finding.is_none()
    }

    /// What a link to it tells, in words.
    pub fn holds(&self) -> String {
        let parts = [
            (!self.query.trim().is_empty(), "your search"),
            (self.range.is_some(), "the time range"),
            (self.finding.is_some(), "which finding is chosen"),
            (self.order != Order::default(), "the order of the events"),
        ];
        let named: Vec<&str> = parts.into_iter().filter_map(|(is_there, name)| is_there.then_some(name)).collect();
        match named.as_slice() {
            [] => "no search".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    /// The same events in the order of time.
    pub fn unordered(&self) -> Filter {
        Filter { order: Order::default(), ..self.clone() }
    }

    /// The fragment of an address, without `#`; empty for the empty filter.
    pub fn to_fragment(&self) -> String {
        if self.is_empty() && self.order == Order::default() {
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

    /// Reads a fragment; what it does not understand is left out, since anybody can write one.
    pub fn from_fragment(fragment: &str) -> Filter {
        let mut parts = fragment.trim_start_matches('#').split('&');
        if parts.next() != Some(VERSION) {
            return Filter::default();
        }
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
        check_filter(Filter { query: query.to_owned(), range, ..Filter::default() }, fragment);
    }

    fn check_filter(filter: Filter, fragment: &str) {
        assert_eq!(filter.to_fragment(), fragment);
        assert_eq!(Filter::from_fragment(fragment), filter);
    }

    fn order(by: Option<&'static str>, is_reversed: bool) -> Order {
        Order { by, is_reversed }
    }

    #[test]
    fn there_and_back() {
        check("", None, "");
        check("eventName:ConsoleLogin", None, "v1&q=eventName:ConsoleLogin");
        check("a AND \"b & c=d\" 100%", Some((-5, 10)), "v1&from=-5&to=10&q=a%20AND%20%22b%20%26%20c%3Dd%22%20100%25");
        check("grün 東京", None, "v1&q=gr%C3%BCn%20%E6%9D%B1%E4%BA%AC");
    }

    #[test]
    fn findings_and_orders() {
        check_filter(Filter { finding: Some("a1 &".to_owned()), ..Filter::default() }, "v1&finding=a1%20%26");
        let ordered = |by, is_reversed| Filter { order: order(by, is_reversed), ..Filter::default() };
        check_filter(ordered(Some("eventName"), false), "v1&sort=eventName");
        check_filter(ordered(Some("principal"), true), "v1&sort=-principal");
        check_filter(ordered(None, true), "v1&sort=-eventTime");
        assert!(ordered(Some("eventName"), false).is_empty());
        let whole = Filter { query: "x".to_owned(), range: Some((1, 2)), ..ordered(Some("awsRegion"), true) };
        check_filter(whole.clone(), "v1&from=1&to=2&q=x&sort=-awsRegion");
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
        for fragment in [
            "",
            "#",
            "v2&q=x",
            "top",
            "v1",
            "v1&from=9&to=3",
            "v1&from=x&to=3",
            "v1&z=1",
            "v1&sort=",
            "v1&sort=-",
            "v1&sort=x",
        ] {
            assert_eq!(Filter::from_fragment(fragment), Filter::default(), "{fragment}");
        }
        // Fields that shards do not sort by.
        for fragment in ["v1&sort=eventID", "v1&sort=requestParameters", "v1&sort=requestParameters.bucketName"] {
            assert_eq!(Filter::from_fragment(fragment), Filter::default(), "{fragment}");
        }
        assert_eq!(Filter::from_fragment("v1&q=%zz%4").query, "%zz%4");
        assert_eq!(Filter::from_fragment("v1&q=%ff").query, "\u{fffd}");
    }
}
