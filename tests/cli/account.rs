//! `trailglass account`, `scan --account`, and the notes.

use std::io::Write as _;

use serde_json::Value;

use crate::{Folder, sign_in, trailglass};

const DIGEST: &str = r#"{"awsAccountId":"1","digestStartTime":"2024-05-06T00:00:00Z","digestEndTime":"2024-05-06T01:00:00Z","digestS3Bucket":"b","logFiles":[]}"#;

fn sample(name: &str) -> Vec<u8> {
    fixtures::shapes::all().into_iter().find(|sample| sample.name == name).expect("there is such a sample").bytes
}

/// Nothing is compressed, so that lengths do not depend on an encoder.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A bit of everything: a packed trail file, a copy of one of its records, an archive with a good and a broken file and a
/// table, a digest.
fn evidence() -> Folder {
    let folder = Folder::new();
    let [first, second] = [11, 12].map(|number| sign_in(number, "alice", "192.0.2.1", "Failure"));
    folder.put("a.json.gz", gzip(fixtures::document(&[first.clone(), second]).as_bytes()));
    let broken = fixtures::document(&[first.replace("\"eventTime\":", "\"eventTime\"=")]);
    let mut table = sample("console CSV");
    let files = [("good.json", first.as_bytes()), ("broken.json", broken.as_bytes()), ("history.csv", &table)];
    folder.put("b.zip", zip(&files));
    folder.put("digest.json", DIGEST);
    // The same rows under other ids.
    table = String::from_utf8(table).unwrap().replace("00000000-0000-4000", "00000000-0000-4001").into_bytes();
    folder.put("more.csv", table);
    folder
}

fn named<'a>(lines: &'a [Value], end: &str) -> &'a Value {
    let is_it = |line: &&Value| line["source"].as_str().is_some_and(|name| name.ends_with(end));
    lines.iter().find(is_it).unwrap_or_else(|| panic!("{end} is not in {lines:#?}"))
}

#[test]
fn every_file_and_member_has_a_line_and_they_add_up() {
    let ran = evidence().run("account", &["--format", "jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines = ran.lines();
    let (totals, lines) = lines.split_last().unwrap();
    assert_eq!(lines.len(), 7, "{lines:#?}");
    for (name, what) in [
        ("a.json.gz", r#"[0,["gzip"],["trail file"],2,2,0,0]"#),
        ("b.zip", r#"[0,["zip"],[],0,0,0,0]"#),
        ("good.json", r#"[1,[],["records one after another"],1,0,1,0]"#),
        ("broken.json", r#"[2,[],[],1,0,0,1]"#),
        ("history.csv", r#"[3,[],["event history CSV"],3,3,0,0]"#),
        ("digest.json", r#"[0,[],[],0,0,0,0]"#),
        ("more.csv", r#"[0,[],["event history CSV"],3,3,0,0]"#),
    ] {
        let line = named(lines, name);
        let fields = ["member", "wrapping", "shapes", "records", "events", "duplicates", "rejected"];
        let found: Value = fields.into_iter().map(|field| line[field].clone()).collect();
        assert_eq!(found.to_string(), what, "{name}");
        assert_eq!(line["untimed"], 0);
        assert!(line["bytes"].as_u64() > Some(0) && line["bytesInflated"].is_u64(), "{line}");
    }
    let member = named(lines, "good.json")["source"].as_str().unwrap().to_owned();
    assert!(member.ends_with("/b.zip › good.json"), "{member}");
    let rejection = &named(lines, "broken.json")["rejections"][0];
    assert_eq!((&rejection["offset"], rejection["length"].as_u64() > Some(100)), (&Value::from(12), true));
    assert!(rejection["reason"].as_str().unwrap().starts_with("broken JSON"), "{rejection}");
    assert!(named(lines, "digest.json")["faults"][0].as_str().unwrap().contains("digest"));
    assert!(named(lines, "more.csv")["notes"][0].as_str().unwrap().contains("requestParameters"));
    let sum = |field: &str| lines.iter().map(|line| line[field].as_u64().unwrap()).sum::<u64>();
    for (field, expected) in [("records", 10), ("events", 8), ("duplicates", 1), ("rejected", 1)] {
        assert_eq!((sum(field), &totals["totals"][field]), (expected, &Value::from(expected)), "{field}");
    }
}

#[test]
fn one_document_says_the_same() {
    let folder = evidence();
    let lines = folder.run("account", &["--format", "jsonl"]).lines();
    let (totals, lines) = lines.split_last().unwrap();
    let document = folder.run("account", &["--format", "json"]).json();
    assert_eq!(document["sources"].as_array().unwrap(), lines);
    assert_eq!(document["totals"], totals["totals"]);
}

#[test]
fn what_people_read() {
    let folder = evidence();
    let path = format!("{}/", folder.path().display());
    let ran = folder.run("account", &[]);
    insta::assert_snapshot!(ran.out.replace(&path, ""), @r"
    Records  Events  Duplicates  Rejected  Bytes  What                       File
          2       2           0         0  1,234  trail file in gzip         a.json.gz
          0       0           0         0  2,480  zip archive                b.zip
          1       0           1         0    598  records one after another    b.zip › good.json
          1       0           0         1    612  –                            b.zip › broken.json
        rejected: broken JSON 135 bytes into the record: expected a colon (record at byte 12, 598 bytes)
          3       3           0         0    958  event history CSV            b.zip › history.csv
        note: event history CSV without userIdentity.type, userIdentity.arn, requestParameters: detections that read them find nothing here
          0       0           0         0    135  –                          digest.json
        note: a CloudTrail digest: it holds no events
          3       3           0         0    958  event history CSV          more.csv
        note: event history CSV without userIdentity.type, userIdentity.arn, requestParameters: detections that read them find nothing here
         10       8           1         1  4,807  total                      7 files, 1 with problems
    ");
    // What is wrong is told once.
    assert!(!ran.err.contains("broken JSON") && !ran.err.contains("note:"), "{}", ran.err);
    assert!(ran.err.contains("10 records = 8 events + 1 duplicate + 1 rejected."), "{}", ran.err);
}

#[test]
fn a_scan_tells_each_note_once_and_counts_digests() {
    let ran = evidence().run("scan", &[]);
    let notes: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(
        notes,
        [concat!(
            "note: event history CSV without userIdentity.type, userIdentity.arn, requestParameters: ",
            "detections that read them find nothing here (2 files)"
        )]
    );
    assert!(ran.err.contains("1 with problems, 1 without records, of these 1 digest or signature."), "{}", ran.err);
}

#[test]
fn a_scan_writes_the_account_to_a_file() {
    let folder = evidence();
    let place = Folder::new();
    let file = place.path().join("account.jsonl");
    let plain = folder.run("scan", &[]);
    let ran = folder.run("scan", &["--account", file.to_str().unwrap()]);
    assert_eq!((ran.code, &ran.out), (plain.code, &plain.out));
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written, folder.run("account", &["--format", "jsonl"]).out);

    let nowhere = place.path().join("missing/account.jsonl");
    let ran = folder.run("scan", &["--account", nowhere.to_str().unwrap()]);
    assert_eq!((ran.code, &ran.out), (2, &plain.out));
    assert!(ran.err.contains("the account cannot be written"), "{}", ran.err);
}

#[test]
fn a_folder_without_a_log_is_exit_2() {
    let folder = Folder::new();
    folder.put("notes.txt", "no log");
    let ran = folder.run("account", &[]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.out.contains("problem: not CloudTrail"), "{}", ran.out);
    assert_eq!(trailglass(["account"]).code, 2);
}
