//! Table tests of the splitter: what is kept, what is rejected and why, however the bytes are cut.

use super::*;
use proptest::prelude::*;

/// One line for each thing that the splitter says: `+eventName`, `-offset+length reason`, `!fault`.
fn split(bytes: &[u8], piece: usize) -> Vec<String> {
    let (mut splitter, mut memo) = (Splitter::default(), Memo::new(0));
    let mut lines = Vec::new();
    let mut sink = |piece: Piece| {
        lines.push(match piece {
            Piece::Event { record, offset, .. } => {
                assert!(bytes[offset as usize..].starts_with(record.bytes()));
                format!("+{}", record.value(record::Key::EventName).unwrap_or_default())
            }
            Piece::Rejected(r) => format!("-{}+{} {}", r.offset, r.length, r.reason),
            Piece::Digest { .. } => return,
            Piece::Fault(fault) => format!("!{fault}"),
            Piece::Note(note) => format!("={note}"),
        });
    };
    for piece in bytes.chunks(piece) {
        splitter.push(piece, &mut memo, &mut sink);
    }
    splitter.finish(&mut memo, &mut sink);
    lines
}

fn check(input: impl AsRef<[u8]>, expected: &[&str]) {
    let input = input.as_ref();
    for piece in [input.len().max(1), 1, 3, 17] {
        assert_eq!(split(input, piece), expected, "pieces of {piece}: {}", String::from_utf8_lossy(input));
    }
}

fn event(name: &str) -> String {
    format!(r#"{{"eventVersion":"1.08","eventName":"{name}","requestParameters":{{"a":["x"]}}}}"#)
}

fn trail(elements: &[&str]) -> String {
    format!(r#"{{"Records":[{}]}}"#, elements.join(","))
}

#[test]
fn shapes() {
    let (a, b) = (event("A"), event("B"));
    check(trail(&[&a, &b]), &["+A", "+B"]);
    check(format!("\u{feff}{}\n", trail(&[&a])), &["+A"]);
    check(format!("[{a} ,\n {b}]"), &["+A", "+B"]);
    check(format!("{a}\n{b}\n"), &["+A", "+B"]);
    check(format!("{a}{b}"), &["+A", "+B"]);
    check(format!("{}{}", trail(&[&a]), trail(&[&b])), &["+A", "+B"]);
    check(format!(r#"{{"NextToken":"x","Records":[{a}],"more":{{"b":"]}}"}}}} {b}"#), &["+A", "+B"]);
    check(r#"{"eventTime":"2024-01-01T00:00:00Z","eventName":"A"}"#, &["+A"]);
}

#[test]
fn not_cloudtrail() {
    check("", &["!empty: no bytes"]);
    check(" \n", &["!empty: no bytes"]);
    check("hello", &["!not CloudTrail: not JSON"]);
    check(r#"{"Records":[]}"#, &["!no events: the record array is empty"]);
    check("[]", &["!no events: the record array is empty"]);
    check(
        "[1]",
        &["-1+1 an element of the record array is not an object", "!not CloudTrail: JSON without CloudTrail events"],
    );
    check(r#"{"Records":{"a":1}}"#, &["!not CloudTrail: \"Records\" is not an array"]);
    check(
        r#"{"a":1}"#,
        &["-0+7 an object without the fields of a CloudTrail event", "!not CloudTrail: JSON without CloudTrail events"],
    );
    check(r#"{"awsAccountId":"1","digestStartTime":"x","logFiles":[]}"#, &["!a CloudTrail digest: it holds no events"]);
}

#[test]
fn a_broken_record_between_good_ones() {
    let (a, c) = (event("A"), event("C"));
    let check_broken = |element: &str, reason: &str| {
        let expected = format!("-{}+{} {reason}", 12 + a.len() + 1, element.len());
        check(trail(&[&a, element, &c]), &["+A", &expected, "+C"]);
    };
    check_broken(r#"{"eventVersion":tru}"#, "broken JSON 19 bytes into the record: expected true");
    check_broken(r#"{"eventVersion":"1","x":}"#, "broken JSON 24 bytes into the record: expected a value");
    check_broken(
        r#"{"eventVersion":"1","x":[1}"#,
        "broken JSON 26 bytes into the record: expected a comma or the end of an array",
    );
    check_broken("17", "an element of the record array is not an object");
    check_broken(r#"{"x":1}"#, "an object without the fields of a CloudTrail event");
}

#[test]
fn damage_that_hides_its_end_costs_no_good_record() {
    let (a, c, d) = (event("A"), event("C"), event("D"));
    // A quote is missing: brackets cannot be trusted any more. The next record is found by how it starts.
    let open_quote = r#"{"eventVersion":"1,"x":{"y":"}"}}"#;
    let found = split(trail(&[&a, open_quote, &c, &d]).as_bytes(), 1 << 20);
    assert_eq!(
        (found[0].as_str(), found[2].as_str(), found[3].as_str(), found.len()),
        ("+A", "+C", "+D", 4),
        "{found:?}"
    );
    // A brace is missing.
    let open_brace = r#"{"eventVersion":"1","x":{"y":1}"#;
    let found = split(trail(&[&a, open_brace, &c, &d]).as_bytes(), 1 << 20);
    assert_eq!(
        (found[0].as_str(), found[2].as_str(), found[3].as_str(), found.len()),
        ("+A", "+C", "+D", 4),
        "{found:?}"
    );
    // An opening bracket is missing, so that the array of records seems to end inside of the record.
    for open in [r#"{"eventVersion":"1","x":"y"}],"z":1}"#, r#"{"eventVersion":"1","x":"y"}]},"z":1}"#] {
        let found = split(trail(&[&a, open, &c, &d]).as_bytes(), 1 << 20);
        assert!(["+A", "+C", "+D"].iter().all(|name| found.iter().any(|f| f == name)), "{found:?}");
    }
    // Something between records that is no value.
    let found = split(trail(&[&a, "?!", &c]).as_bytes(), 1 << 20);
    assert_eq!(found[0], "+A");
    assert!(found[1].starts_with("!broken JSON between records"), "{found:?}");
    assert_eq!(found[2], "+C");
}

#[test]
fn an_array_where_objects_stand_costs_no_good_record() {
    for odd in [r#"{"eventVersion":"1.08","eventName":"B"}[{esources":[{"a":1}]}"#, r#"[{"x":1,:}"#, "[[{,"] {
        let text = trail(&[&event("A"), odd, &event("C"), &event("D")]);
        for piece in [text.len(), 1, 17] {
            let found = split(text.as_bytes(), piece);
            for name in ["+A", "+C", "+D"] {
                assert!(found.iter().any(|line| line == name), "{name} in pieces of {piece}: {found:?}");
            }
        }
    }
}

#[test]
fn what_looks_like_a_text_or_a_row_before_anything_was_read_costs_no_good_record() {
    // Texts and rows that are records begin so, too.
    let text = r#"{"eventVersion":"1",""},"{eventName":"x","y":{"z":1}}"#;
    let row = r#"{"eventVersion":"1","a"},[{sources":[{"a":1}]}"#;
    for odd in [text, row] {
        let text = trail(&[odd, &event("A"), &event("B")]);
        for piece in [text.len(), 1, 17] {
            let found = split(text.as_bytes(), piece);
            for name in ["+A", "+B"] {
                assert!(found.iter().any(|line| line == name), "{name} in pieces of {piece}: {found:?}");
            }
        }
    }
}

#[test]
fn lines() {
    let (a, b) = (event("A"), event("B"));
    let at = a.len() + 1;
    check(format!("{a}\n??? what\n{b}\n"), &["+A", &format!("-{at}+8 text that is not JSON"), "+B"]);
    // The broken line starts with a key of some tool: the line break is what ends it.
    let found = split(format!("{a}\n{{\"@version\":\"1,\n{{\"@version\":\"1\",{}", &b[1..]).as_bytes(), 1 << 20);
    assert_eq!((found[0].as_str(), found[2].as_str(), found.len()), ("+A", "+B", 3), "{found:?}");
}

#[test]
fn invalid_utf8() {
    let mut bytes = trail(&[&event("A"), &event("B"), &event("C")]).into_bytes();
    let at = memchr::memmem::find(&bytes, b"\"B\"").unwrap();
    bytes[at + 1] = 0xff;
    let start = 12 + event("A").len() + 1;
    let reason = format!("-{start}+{} invalid UTF-8 {} bytes into the record", event("B").len(), at + 1 - start);
    check(bytes, &["+A", &reason, "+C"]);
}

#[test]
fn truncated_at_every_byte() {
    let text = trail(&[&event("A"), &event("B")]);
    let first_end = 12 + event("A").len();
    for cut in 0..text.len() {
        let lines = split(&text.as_bytes()[..cut], 1 << 20);
        let kept = lines.iter().filter(|l| l.starts_with('+')).count();
        let whole = usize::from(cut >= first_end) + usize::from(cut >= text.len() - 2);
        assert_eq!(kept, whole, "cut at {cut}: {lines:?}");
        assert!(lines.last().is_some_and(|l| l.starts_with('!')), "cut at {cut}: {lines:?}");
    }
}

#[test]
fn a_record_that_is_too_long_is_passed_over_without_being_kept() {
    let long = format!(r#"{{"eventVersion":"1","x":"{}"}}"#, "y".repeat(MAX_RECORD + 100));
    let text = trail(&[&event("A"), &long, &event("C")]);
    let lines = split(text.as_bytes(), 64 << 10);
    assert_eq!((lines[0].as_str(), lines[2].as_str(), lines.len()), ("+A", "+C", 3));
    assert!(lines[1].ends_with("record longer than the limit of 8388608 bytes"), "{}", lines[1]);
}

#[test]
fn a_long_record_in_small_pieces_is_not_read_again_for_each() {
    // Read again for each piece, this would be 40 GB.
    let long = event("A").replacen("x", &"x".repeat(MAX_RECORD - 1_000), 1);
    assert_eq!(split(trail(&[&long, &event("B")]).as_bytes(), 800), ["+A", "+B"]);
}

#[test]
fn documents_joined_without_a_line_break() {
    let (a, c, d) = (event("A"), event("C"), event("D"));
    let broken = r#"{"Records":[{"eventVersion":"1,"x":{"y":"}"}}]}"#;
    let found = split(format!("{}{broken}{}", trail(&[&a]), trail(&[&c, &d])).as_bytes(), 1 << 20);
    assert!(["+A", "+C", "+D"].iter().all(|name| found.iter().any(|f| f == name)), "{found:?}");
    check(
        format!(r#"{a}{{"Records":1}}{c}"#),
        &["+A", &format!("-{}+13 an object without the fields of a CloudTrail event", a.len()), "+C"],
    );
}

proptest! {
    #[test]
    fn cutting_does_not_matter(bits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), piece in 1usize..60) {
        let mut bytes = trail(&[&event("A"), &event("B"), &event("C")]).into_bytes();
        for (at, byte) in bits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        prop_assert_eq!(split(&bytes, piece), split(&bytes, bytes.len()));
    }
}
