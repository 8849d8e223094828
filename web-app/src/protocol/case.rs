//! What the user marked, and its form in a file: stars, tags, notes, mutes, and searches worth keeping. `docs/notes.md` is its
//! description.
//!
//! The file has a version of its own. What an older version wrote is brought up to date, step by step, before it is read.

use analyzer_core::event::EventRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use super::{Finding, Said};
use analyzer_core::said::said_with;

/// How the name of a file of notes ends.
pub const CASE_ENDING: &str = ".trailglass.json";
/// The member that says that a document is such a file, and of which version.
const VERSION_MEMBER: &str = "trailglassNotes";

/// What makes a document of version 2 out of one of version 1, and so on.
type Step = fn(&mut Value);
const STEPS: [Step; 0] = [];

/// All marks. Texts are the user's, and from the logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Case {
    /// Marked findings by their ids.
    pub findings: BTreeMap<String, FindingMark>,
    /// Marked events by their ids.
    pub events: BTreeMap<String, EventMark>,
    /// Titles of detectors of which nothing is shown, by their ids.
    pub muted_detectors: BTreeMap<String, String>,
    /// Searches.
    pub queries: Vec<SavedQuery>,
}

/// What somebody thinks of a finding or an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mark {
    /// It matters.
    pub starred: bool,
    /// Words to find it again, in the order in which they came.
    pub tags: Vec<String>,
    /// Text of any length.
    pub note: String,
}

/// A finding that is marked, with enough to name it where its logs are not open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FindingMark {
    /// Id of the detector.
    pub detector: String,
    /// The headline.
    pub title: String,
    /// Name of the severity.
    pub severity: String,
    /// The values that its events have in common, with the names of their fields.
    pub group: Vec<(String, Option<String>)>,
    /// Time of the first event in milliseconds since 1970.
    pub first_ms: Option<i64>,
    /// Time of the last event.
    pub last_ms: Option<i64>,
    /// How many events are evidence.
    pub count: u64,
    /// It is not shown.
    pub muted: bool,
    /// What is thought of it.
    pub mark: Mark,
}

/// An event that is marked, with enough to tell of it where its logs are not open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventMark {
    /// Milliseconds since 1970.
    pub time_ms: Option<i64>,
    /// `eventName`.
    pub event_name: Option<String>,
    /// `eventSource`.
    pub event_source: Option<String>,
    /// Who did it.
    pub principal: String,
    /// `sourceIPAddress`.
    pub source_address: Option<String>,
    /// `awsRegion`.
    pub region: Option<String>,
    /// `errorCode`.
    pub error_code: Option<String>,
    /// `recipientAccountId`.
    pub account: Option<String>,
    /// What is thought of it.
    pub mark: Mark,
}

/// A search with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedQuery {
    /// What the user calls it.
    pub name: String,
    /// In the search language.
    pub query: String,
}

impl Mark {
    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        !self.starred && self.tags.is_empty() && self.note.trim().is_empty()
    }

    /// Adds what another one says; nothing is lost, and nothing is said twice.
    fn merge(&mut self, other: Mark) {
        self.starred |= other.starred;
        for tag in other.tags {
            if !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
        }
        if self.note.trim().is_empty() {
            self.note = other.note;
        } else if !self.note.contains(other.note.trim()) {
            self.note = format!("{}\n\n{}", self.note.trim_end(), other.note.trim());
        }
    }
}

impl FindingMark {
    /// Of a finding about which nothing was said yet.
    pub fn of(finding: &Finding) -> FindingMark {
        FindingMark {
            detector: finding.detector.clone(),
            title: finding.title.clone(),
            severity: finding.severity.clone(),
            group: finding.group.clone(),
            first_ms: finding.first_ms,
            last_ms: finding.last_ms,
            count: finding.count,
            ..FindingMark::default()
        }
    }

    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        !self.muted && self.mark.is_empty()
    }

    /// Whether a finding is about the same, be its evidence another.
    fn is_about(&self, finding: &Finding) -> bool {
        self.detector == finding.detector && self.title == finding.title && self.group == finding.group
    }
}

impl EventMark {
    /// Of an event about which nothing was said yet.
    pub fn of(row: &EventRow) -> EventMark {
        EventMark {
            time_ms: row.time_ms,
            event_name: row.event_name.clone(),
            event_source: row.event_source.clone(),
            principal: row.principal.clone(),
            source_address: row.source_address.clone(),
            region: row.region.clone(),
            error_code: row.error_code.clone(),
            account: row.account.clone(),
            mark: Mark::default(),
        }
    }

    /// The event with this id, as a row of the table.
    pub fn row(&self, event_id: &str) -> EventRow {
        EventRow {
            time_ms: self.time_ms,
            event_id: event_id.to_owned(),
            event_name: self.event_name.clone(),
            event_source: self.event_source.clone(),
            region: self.region.clone(),
            principal: self.principal.clone(),
            source_address: self.source_address.clone(),
            user_agent: None,
            error_code: self.error_code.clone(),
            account: self.account.clone(),
        }
    }
}

impl Case {
    /// Whether nothing is marked.
    pub fn is_empty(&self) -> bool {
        *self == Case::default()
    }

    /// Adds what another one says.
    pub fn merge(&mut self, other: Case) {
        for (id, theirs) in other.findings {
            let ours = self.findings.entry(id).or_insert_with(|| FindingMark {
                mark: Mark::default(),
                muted: false,
                ..theirs.clone()
            });
            ours.muted |= theirs.muted;
            ours.mark.merge(theirs.mark);
        }
        for (id, theirs) in other.events {
            let ours = self.events.entry(id).or_insert_with(|| EventMark { mark: Mark::default(), ..theirs.clone() });
            ours.mark.merge(theirs.mark);
        }
        self.muted_detectors.extend(other.muted_detectors);
        for query in other.queries {
            if !self.queries.contains(&query) {
                self.queries.push(query);
            }
        }
    }

    /// More logs give a finding more evidence, and so another id. What was said of one that is gone goes to the only one
    /// that is about the same; it is heard again, even if it was muted, since nobody has seen all of its events. Says whether
    /// something moved.
    pub fn follow(&mut self, findings: &[Finding]) -> bool {
        if self.findings.is_empty() || findings.is_empty() {
            return false;
        }
        let there: std::collections::HashSet<&str> = findings.iter().map(|finding| finding.id.as_str()).collect();
        let gone: Vec<String> = self.findings.keys().filter(|id| !there.contains(id.as_str())).cloned().collect();
        let mut has_moved = false;
        for id in gone {
            let Some(mark) = self.findings.get(&id) else { continue };
            let mut same = findings.iter().filter(|finding| mark.is_about(finding));
            let (Some(next), None) = (same.next(), same.next()) else { continue };
            if mark.mark.is_empty() || self.findings.contains_key(&next.id) {
                continue;
            }
            let moved = FindingMark { mark: mark.mark.clone(), ..FindingMark::of(next) };
            self.findings.remove(&id);
            self.findings.insert(next.id.clone(), moved);
            has_moved = true;
        }
        has_moved
    }

    /// As the text of a file.
    pub fn to_file(&self) -> String {
        let mut document = serde_json::to_value(self).unwrap_or_default();
        if let Value::Object(members) = &mut document {
            members.insert(VERSION_MEMBER.to_owned(), Value::from(STEPS.len() + 1));
        }
        format!("{document:#}\n")
    }

    /// What a file says.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_file(text: &str) -> Result<Case, Said> {
        let document =
            serde_json::from_str(text).map_err(|why| said_with("it is no JSON: {}", [why.to_string().into()]))?;
        let document = up_to_date(document, &STEPS)?;
        serde_json::from_value(document)
            .map_err(|why| said_with("it is not made as such a file is: {}", [why.to_string().into()]).into())
    }
}

/// A document as the newest version would have written it.
fn up_to_date(mut document: Value, steps: &[Step]) -> Result<Value, Said> {
    let newest = steps.len() + 1;
    let version = document.get(VERSION_MEMBER).ok_or_else(|| said_with("it has no {}", [VERSION_MEMBER.into()]))?;
    let version = version.as_u64().and_then(|version| usize::try_from(version).ok()).filter(|&version| version > 0);
    let version = version.ok_or_else(|| said_with("its {} is no version", [VERSION_MEMBER.into()]))?;
    let steps = steps.get(version - 1..).ok_or_else(|| {
        said_with("it has version {}, and this page reads versions up to {}", [version.into(), newest.into()])
    })?;
    steps.iter().for_each(|step| step(&mut document));
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn finding(id: &str, who: &str) -> Finding {
        Finding {
            id: id.to_owned(),
            detector: "d".to_owned(),
            version: String::new(),
            title: "t".to_owned(),
            severity: "high".to_owned(),
            tactics: Vec::new(),
            techniques: Vec::new(),
            why: String::new(),
            group: vec![("principal".to_owned(), Some(who.to_owned()))],
            first_ms: None,
            last_ms: None,
            count: 1,
            event_ids: super::super::Bytes::default(),
            false_positives: Vec::new(),
        }
    }

    fn noted(note: &str, tags: &[&str]) -> Mark {
        let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        Mark { starred: true, tags, note: note.to_owned() }
    }

    fn case(id: &str, mark: Mark) -> Case {
        let mark = FindingMark { mark, ..FindingMark::of(&finding(id, "alice")) };
        Case { findings: BTreeMap::from([(id.to_owned(), mark)]), ..Case::default() }
    }

    #[test]
    fn a_file_comes_back() {
        let mut whole = case("f", noted("a\nb", &["x"]));
        whole.events.insert("e".to_owned(), EventMark { mark: noted("", &[]), ..EventMark::default() });
        whole.muted_detectors.insert("d".to_owned(), "D".to_owned());
        whole.queries.push(SavedQuery { name: "n".to_owned(), query: "a:b".to_owned() });
        assert_eq!(Case::from_file(&whole.to_file()), Ok(whole));
        assert!(Case::default().to_file().contains("\"trailglassNotes\": 1"));
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        let check = |text: &str, expected: &str| {
            let Said { text: why, values } = Case::from_file(text).unwrap_err();
            assert!(why.starts_with(expected) && !values.is_empty(), "{text}: {why}");
        };
        check("{", "it is no JSON");
        check("[]", "it has no {}");
        check("{}", "it has no {}");
        check(r#"{"trailglassNotes":0}"#, "its {} is no version");
        check(r#"{"trailglassNotes":"1"}"#, "its {} is no version");
        check(r#"{"trailglassNotes":2}"#, "it has version {}, and this page reads versions up to {}");
        check(r#"{"trailglassNotes":1,"findings":[]}"#, "it is not made as such a file is");
        assert_eq!(Case::from_file(r#"{"trailglassNotes":1,"later":1}"#), Ok(Case::default()));
    }

    #[test]
    fn old_files_are_brought_up_to_date_step_by_step() {
        let steps: [Step; 2] = [|document| document["a"] = json!(1), |document| document["b"] = document["a"].clone()];
        let check = |version: u64, expected: Value| {
            let document = up_to_date(json!({ "trailglassNotes": version }), &steps).unwrap();
            assert_eq!((&document["a"], &document["b"]), (&expected["a"], &expected["b"]), "{version}");
        };
        check(1, json!({ "a": 1, "b": 1 }));
        check(2, json!({ "b": null }));
        check(3, json!({}));
    }

    #[test]
    fn merging_loses_nothing() {
        let check = |ours: Mark, theirs: Mark, expected: Mark| {
            let mut merged = case("f", ours);
            merged.merge(case("f", theirs.clone()));
            assert_eq!(merged.findings["f"].mark, expected);
            merged.merge(case("f", theirs));
            assert_eq!(merged.findings["f"].mark, expected, "merging again changes nothing");
        };
        check(Mark::default(), noted("n", &["a"]), noted("n", &["a"]));
        check(noted("one", &["a"]), noted("two", &["b", "a"]), noted("one\n\ntwo", &["a", "b"]));
        check(noted("one\ntwo", &[]), noted("two", &[]), noted("one\ntwo", &[]));
        check(noted("one", &[]), noted(" ", &[]), noted("one", &[]));
    }

    #[test]
    fn marks_follow_a_finding_that_got_more_evidence() {
        let check = |findings: &[Finding], expected: &[&str]| {
            let mut moved = case("old", noted("n", &[]));
            moved.findings.get_mut("old").unwrap().muted = true;
            let before = moved.clone();
            assert_eq!(moved.follow(findings), moved != before);
            assert_eq!(moved.findings.keys().collect::<Vec<_>>(), expected);
            moved
        };
        let moved = check(&[finding("other", "bob"), finding("new", "alice")], &["new"]);
        assert_eq!((moved.findings["new"].mark.note.as_str(), moved.findings["new"].muted), ("n", false));
        // It is still there, there is none, or it could be either.
        check(&[finding("old", "alice"), finding("new", "alice")], &["old"]);
        check(&[finding("other", "bob")], &["old"]);
        check(&[finding("a", "alice"), finding("b", "alice")], &["old"]);
        check(&[], &["old"]);
    }

    proptest! {
        #[test]
        fn no_text_is_lost_on_the_way(note in any::<String>(), tag in any::<String>(), id in any::<String>()) {
            let whole = case(&id, noted(&note, &[&tag]));
            prop_assert_eq!(Case::from_file(&whole.to_file()), Ok(whole));
        }

        #[test]
        fn no_file_makes_it_panic(text in "\\PC*") {
            let _ = Case::from_file(&text);
        }
    }
}
