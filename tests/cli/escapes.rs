//! Log content and file names never reach the terminal as they are.

use crate::{Folder, Ran, sign_in};

/// Texts that would move a cursor, ring a bell, set a title, or turn the direction of text; escaped for JSON.
const EVIL: [&str; 4] =
    [r"\u001b[2J\u001b[31mevil", r"evil\u0007\u0008\u0008", r"evil\u009b5m\r\nall is well", r"evil\u202egnirts"];

fn assert_harmless(ran: &Ran) {
    for (stream, text) in [("stdout", &ran.out), ("stderr", &ran.err)] {
        let bad = text
            .chars()
            .find(|&c| c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')));
        assert_eq!(bad, None, "{stream}: {text:?}");
    }
}

#[test]
fn log_content_is_escaped_in_every_format() {
    for evil in EVIL {
        let records: Vec<String> = (0..6).map(|number| sign_in(number, evil, evil, "Failure")).collect();
        let success = sign_in(7, evil, evil, "Success");
        let folder = Folder::new();
        folder.put("log.json", fixtures::document(&records));
        folder.put("more.json", fixtures::document(&[success]));
        for command in ["scan", "summary"] {
            for format in ["human", "json", "jsonl"] {
                let ran = folder.run(command, &["--format", format]);
                assert_harmless(&ran);
                assert!(ran.out.contains("evil"), "{}", ran.out);
            }
        }
        // JSON still holds the text itself.
        let text: String = serde_json::from_str(&format!("\"{evil}\"")).unwrap();
        let findings = folder.run("scan", &["--format", "jsonl"]).lines();
        assert!(findings.iter().any(|finding| finding["group"]["sourceIPAddress"] == text), "{findings:#?}");
        let principals = folder.run("summary", &["--format", "jsonl"]).lines();
        assert_eq!(principals[0]["addresses"][0]["value"], text);
    }
}

#[test]
#[cfg(unix)]
fn file_names_are_escaped() {
    let folder = Folder::new();
    folder.put("evil\u{1b}[2J\n.json", "not a log");
    folder.put(
        "evil\u{202e}\u{7}.json.gz",
        sign_in(1, "alice", "192.0.2.1", "Success").replace("\"eventTime\":", "\"eventTime\""),
    );
    let missing = folder.path().join("missing\u{1b}]0;title\u{7}");
    for (command, format) in
        ["scan", "account"].into_iter().flat_map(|command| ["human", "json", "jsonl"].map(|format| (command, format)))
    {
        let ran = folder.run(command, &["--format", format, missing.to_str().unwrap()]);
        assert_harmless(&ran);
        let all = format!("{}{}", ran.out, ran.err);
        assert!(all.contains(r"evil\u{1b}[2J\u{a}.json") || all.contains(r"evil\u001b[2J\n.json"), "{all}");
        assert!(ran.err.contains(r"missing\u{1b}"), "{}", ran.err);
    }
}

#[test]
#[cfg(unix)]
fn a_file_name_that_is_not_unicode_is_read() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let name = std::ffi::OsStr::from_bytes(b"trail-\xff.json");
    if std::fs::write(folder.path().join(name), sign_in(1, "alice", "192.0.2.1", "Success")).is_err() {
        return; // Not on this file system.
    }
    assert_eq!(folder.run("summary", &["--format", "json"]).counts(), [1, 1, 0, 0]);
}
