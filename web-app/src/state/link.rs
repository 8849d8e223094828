//! What an address says of the page: the filter, whose page is open with the way that led there, and how the timeline is
//! split. The fragment has a version, and what an older version said is brought up to the newest before it is read:
//! `#v2&q=errorCode:*&split=eventSource&about=principal=alice&about=sourceIPAddress=192.0.2.1`.
//!
//! An address is written in the oldest version that can say it, so that an older page can read it, too.

use super::filter::{Filter, decode, encode};
use super::subject::TRAIL;
use crate::client::Order;
use crate::kit::words::{tr, tr_with};
use analyzer_core::field::{Field, find};
use analyzer_core::view::subject::Subject;

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Which events are meant.
    pub filter: Filter,
    /// Whose page is open: the last one, behind those from which it was gone on to.
    pub trail: Vec<Subject>,
    /// The field by which the timeline is split.
    pub split: Option<&'static Field>,
}

/// Knows the filter only.
const FIRST: &str = "v1";
const NEWEST: &str = "v2";
/// What came with the second version.
const IN_SECOND: [&str; 2] = ["about=", "split="];

impl Link {
    /// What it tells who gets it, in words.
    pub fn holds(&self) -> String {
        let Filter { query, range, finding, order } = &self.filter;
        let parts = [
            (!query.trim().is_empty(), tr("your search")),
            (range.is_some(), tr("the time range")),
            (finding.is_some(), tr("which finding is chosen")),
            (*order != Order::default(), tr("the order of the events")),
            (self.split.is_some(), tr("the field that splits the timeline")),
            (!self.trail.is_empty(), tr("the names whose pages you went through")),
        ];
        let named: Vec<&str> = parts.into_iter().filter_map(|(is_there, name)| is_there.then_some(name)).collect();
        match named.as_slice() {
            [] => tr("no search").to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => tr_with("{} and {}", &[&first.join(", "), last]),
        }
    }

    /// The fragment of an address, without `#`; empty if there is nothing to say.
    pub fn to_fragment(&self) -> String {
        let parts = self.filter.to_parts();
        let mut own = String::new();
        if let Some(field) = self.split {
            own.push_str(&format!("&split={}", encode(field.name)));
        }
        for subject in &self.trail {
            own.push_str(&format!("&about={}={}", encode(&subject.field), encode(&subject.value)));
        }
        match (parts.as_str(), own.as_str()) {
            ("", "") => String::new(),
            (_, "") => format!("{FIRST}{parts}"),
            _ => format!("{NEWEST}{parts}{own}"),
        }
    }

    /// Reads a fragment; what it does not understand is left out, since anybody can write one.
    pub fn from_fragment(fragment: &str) -> Link {
        let Some(parts) = upgraded(fragment.trim_start_matches('#')) else { return Link::default() };
        let mut link = Link { filter: Filter::from_parts(&parts), ..Link::default() };
        for part in parts {
            match part.split_once('=') {
                Some(("split", name)) => link.split = find(&decode(name)).filter(|field| Field::is_counted(field)),
                Some(("about", text)) => {
                    let named = text.split_once('=');
                    link.trail.extend(named.and_then(|(field, value)| Subject::named(&decode(field), &decode(value))));
                }
                _ => {}
            }
        }
        link.trail.drain(..link.trail.len().saturating_sub(TRAIL));
        link
    }
}

/// The parts of a fragment as the newest version has them; nothing for a version that is not known.
fn upgraded(fragment: &str) -> Option<Vec<&str>> {
    let mut parts = fragment.split('&');
    match parts.next() {
        // What the second version brought meant nothing in the first.
        Some(FIRST) => Some(parts.filter(|part| !IN_SECOND.iter().any(|name| part.starts_with(name))).collect()),
        Some(NEWEST) => Some(parts.collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(field: &str, value: &str) -> Subject {
        Subject::named(field, value).unwrap()
    }

    #[test]
    fn there_and_back() {
        let check = |link: Link, fragment: &str| {
            assert_eq!(link.to_fragment(), fragment);
            assert_eq!(Link::from_fragment(fragment), link);
            assert_eq!(Link::from_fragment(&format!("#{fragment}")), link);
        };
        check(Link::default(), "");
        let filter = Filter { query: "a=b & c".to_owned(), range: Some((1, 2)), ..Filter::default() };
        check(Link { filter: filter.clone(), ..Link::default() }, "v1&from=1&to=2&q=a%3Db%20%26%20c");
        let trail = vec![subject("principal", "Admin/grün & x=y"), subject("ip", "192.0.2.1")];
        let about = "&about=principal=Admin/gr%C3%BCn%20%26%20x%3Dy&about=sourceIPAddress=192.0.2.1";
        check(Link { trail: trail.clone(), ..Link::default() }, &format!("v2{about}"));
        let split = find("awsRegion");
        check(Link { filter, trail, split }, &format!("v2&from=1&to=2&q=a%3Db%20%26%20c&split=awsRegion{about}"));
    }

    #[test]
    fn older_links_are_read() {
        let order = Order { by: Some("principal"), is_reversed: true };
        let filter = Filter { query: "x".to_owned(), range: Some((1, 2)), finding: Some("f".to_owned()), order };
        let read = Link::from_fragment("#v1&from=1&to=2&q=x&finding=f&sort=-principal&z=1");
        assert_eq!(read, Link { filter, ..Link::default() });
        // The same in the newest version, and names that meant nothing in the first.
        assert_eq!(Link::from_fragment("v2&from=1&to=2&q=x&finding=f&sort=-principal"), read);
        assert_eq!(Link::from_fragment("v1&about=principal=alice&split=awsRegion"), Link::default());
    }

    #[test]
    fn what_a_link_holds() {
        let check = |link: Link, expected| assert_eq!(link.holds(), expected);
        check(Link::default(), "no search");
        let filter = Filter { query: "x".to_owned(), range: Some((1, 2)), ..Filter::default() };
        check(Link { filter: filter.clone(), ..Link::default() }, "your search and the time range");
        let trail = vec![subject("ip", "192.0.2.1")];
        check(Link { trail, ..Link::default() }, tr("the names whose pages you went through"));
        check(
            Link { filter, split: find("awsRegion"), ..Link::default() },
            "your search, the time range and the field that splits the timeline",
        );
    }

    #[test]
    fn nonsense_is_left_out() {
        for fragment in [
            "v3&q=x",
            "top",
            "v2",
            "v2&about=",
            "v2&about=x",
            "v2&about=eventTime=1",
            "v2&split=eventID",
            "v2&about=ip=",
        ] {
            assert_eq!(Link::from_fragment(fragment), Link::default(), "{fragment}");
        }
        let many: String = (0..TRAIL + 3).map(|n| format!("&about=ip={n}")).collect();
        let trail = Link::from_fragment(&format!("v2{many}")).trail;
        assert_eq!((trail.len(), trail[0].value.as_str()), (TRAIL, "3"));
    }
}
