//! Whatever the page says goes through a dictionary, and every dictionary has all of it.

use crate::said::{Text, texts};
use crate::{assert_none, tree};
use analyzer_core::detect::SEVERITIES;
use analyzer_core::field::FIELDS;
use analyzer_core::view::subject::kind_of;
use plugin_host::{OptionValue, TABLE, settings};
use std::collections::{BTreeMap, BTreeSet};

/// Where the page says something.
const SPEAKING: [&str; 10] = [
    "web-app/src/shard",
    "web-app/src/protocol/case.rs",
    "web-app/src/panels",
    "web-app/src/state",
    "web-app/src/kit",
    "web-app/src/client",
    // What the core says and the page shows.
    "analyzer-core/src/ingest",
    "analyzer-core/src/predicate",
    "analyzer-core/src/problem.rs",
    "analyzer-core/src/view/sentence.rs",
];
/// Tests, and what they read.
const OF_TESTS: [&str; 3] = ["tests.rs", "/tests/", "/samples.rs"];
const COMMANDS: &str = "web-app/src/command.rs";

/// Texts that look as if people read them, and are the same in every language. Where "" stands, all of the file's.
const UNTRANSLATED: [(&str, &str); 22] = [
    // Reports are for others.
    ("web-app/src/state/reporting.rs", ""),
    // Queries.
    ("analyzer-core/src/predicate/query_text.rs", ""),
    // `docs/keys.md` is English.
    (COMMANDS, ""),
    // Names.
    ("web-app/src/panels/bar.rs", "Trailglass"),
    ("web-app/src/panels/export.rs", "Markdown"),
    ("web-app/src/panels/export.rs", "Timesketch"),
    ("web-app/src/state/language.rs", "Deutsch"),
    ("web-app/src/kit/words.rs", "English"),
    // Classes.
    ("web-app/src/kit/tree.rs", "plain tree-value {class}"),
    // Values of CloudTrail.
    ("analyzer-core/src/view/sentence.rs", "Unauthorized"),
    ("analyzer-core/src/view/sentence.rs", "Forbidden"),
    ("analyzer-core/src/view/sentence.rs", "Root"),
    ("analyzer-core/src/view/sentence.rs", "Role"),
    ("analyzer-core/src/view/sentence.rs", "Failure"),
    ("analyzer-core/src/view/sentence.rs", "Yes"),
    ("analyzer-core/src/view/sentence.rs", "No"),
    // What a library says.
    ("analyzer-core/src/predicate/text/regex.rs", "size limit"),
    // A key.
    ("", "Enter"),
    ("", "Escape"),
    ("", "Home"),
    ("", "End"),
    ("", "Tab"),
];

#[test]
fn all_that_the_page_says_is_translated() {
    let mut violations = Vec::new();
    for source in speaking() {
        let is_excused = |found: &Text| {
            let in_file = |path: &str| path.is_empty() || path == source.path;
            UNTRANSLATED.iter().any(|(path, text)| in_file(path) && (text.is_empty() || *text == found.text))
        };
        let bare = texts(&source).bare.into_iter().filter(|found| !is_excused(found));
        violations.extend(bare.map(|Text { text, line }| format!("{}:{line}: {text:?}", source.path)));
    }
    assert_none(
        "what people read goes through `tr`, `tr_with`, `counted` or `counted_with` (web-app/words)",
        &violations,
    );
}

#[test]
fn every_dictionary_has_all_that_the_page_says_and_nothing_else() {
    let keys = keys();
    assert!(keys.len() > 500, "only {} texts were found", keys.len());
    let languages = tree::root().join("web-app/src/state/language.rs");
    let listed = std::fs::read_to_string(languages).unwrap();
    let mut violations = Vec::new();
    for file in tree::sources().iter().filter(|source| source.is_in("web-app/words") && source.has_extension(&["json"]))
    {
        let dictionary: BTreeMap<String, String> = serde_json::from_str(&file.text).unwrap();
        let name = &file.path;
        if !listed.contains(&format!("include_str!(\"../../{}\")", name.trim_start_matches("web-app/"))) {
            violations.push(format!("{name} is not in web-app/src/state/language.rs"));
        }
        if file.text.lines().count() != dictionary.len() + 2 {
            violations.push(format!("{name}: a line for each text, and each text once"));
        }
        violations.extend(wrong(&keys, &dictionary).into_iter().map(|wrong| format!("{name}: {wrong}")));
    }
    assert_none("a dictionary and what the page says differ", &violations);
}

/// What is wrong with a dictionary.
fn wrong(keys: &BTreeSet<String>, dictionary: &BTreeMap<String, String>) -> Vec<String> {
    let missing = keys.iter().filter(|key| !dictionary.contains_key(*key)).map(|key| format!("without {key:?}"));
    let unused = dictionary.keys().filter(|key| !keys.contains(*key)).map(|key| format!("nobody says {key:?}"));
    let unlike = dictionary.iter().filter(|(key, said)| places(key) != places(said) || said.trim().is_empty());
    missing.chain(unused).chain(unlike.map(|(key, said)| format!("other places than {key:?} has: {said:?}"))).collect()
}

/// The numbers of the values that a text has places for.
fn places(text: &str) -> Vec<usize> {
    let mut next = 0;
    let mut places: Vec<usize> = text
        .split('{')
        .skip(1)
        .filter_map(|part| {
            let (place, _) = part.split_once('}')?;
            let number = if place.is_empty() { next } else { place.parse().ok()? };
            next = number + 1;
            Some(number)
        })
        .collect();
    places.sort_unstable();
    places
}

fn speaking() -> Vec<tree::Source> {
    let is_speaking = |source: &tree::Source| {
        let is_of_tests = OF_TESTS.iter().any(|part| source.path.contains(part));
        source.path == COMMANDS
            || SPEAKING.iter().any(|place| source.path == *place || source.is_in(place)) && !is_of_tests
    };
    tree::rust_sources().into_iter().filter(is_speaking).collect()
}

/// All that is said: texts of the page, and what it says of tables that others have.
fn keys() -> BTreeSet<String> {
    let of_page = speaking().iter().flat_map(|source| texts(source).said).map(|text| text.text).collect::<Vec<_>>();
    let fields = FIELDS.iter().map(|field| field.doc);
    let named = ["requestParameters.roleArn", "requestParameters.bucketName"];
    let kinds = FIELDS.iter().map(|field| field.name).chain(named).filter_map(kind_of);
    let options = [
        OptionValue::Flag(true),
        OptionValue::Integer(0),
        OptionValue::Text(String::new()),
        OptionValue::Texts(Vec::new()),
    ];
    // Fuel is counted by the command line only.
    let limits = TABLE.iter().filter(|limit| !limit.name.starts_with("fuel")).map(|limit| limit.what);
    let severities = SEVERITIES.iter().map(|severity| severity.name());
    let of_tables = fields.chain(kinds).chain(limits).chain(severities).map(str::to_owned);
    of_page.into_iter().chain(of_tables).chain(options.iter().map(|value| settings::kind(value).to_owned())).collect()
}

#[test]
fn what_is_wrong_with_a_dictionary_is_found() {
    fn check(keys: &[&str], dictionary: &[(&str, &str)], expected: &[&str]) {
        let keys = keys.iter().map(|&key| key.to_owned()).collect();
        let dictionary = dictionary.iter().map(|&(key, said)| (key.to_owned(), said.to_owned())).collect();
        assert_eq!(wrong(&keys, &dictionary), expected);
    }
    check(&["a", "{} b {}"], &[("a", "x"), ("{} b {}", "{1} y {0}")], &[]);
    check(&["a"], &[], &["without \"a\""]);
    check(&[], &[("a", "x")], &["nobody says \"a\""]);
    check(&["a {}"], &[("a {}", "x")], &["other places than \"a {}\" has: \"x\""]);
    check(&["a"], &[("a", " ")], &["other places than \"a\" has: \" \""]);
    check(&["{\"a\":[…]}"], &[("{\"a\":[…]}", "{\"a\":[…]}")], &[]);
}
