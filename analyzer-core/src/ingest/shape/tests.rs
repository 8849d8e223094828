//! Every shape through one table: what is kept and said, that it comes back, and that no cut or damage breaks it.

use super::samples::{Sample, all};
use super::{csv::MAX_FIRST_ROW, restore};
use crate::event::{Form, Location};
use crate::ingest::sift::{Sift, Wanted};
use crate::ingest::{Kept, Reader};
use crate::problem::SourceAccount;
use proptest::prelude::*;

/// What was read: the records with their places, and the account.
struct Reading {
    events: Vec<(String, Location)>,
    digests: Vec<String>,
    account: SourceAccount,
}

fn read(bytes: &[u8], piece: usize) -> Reading {
    let mut reader = Reader::new(0, "sample".to_owned());
    let mut events = Vec::new();
    let mut keep = |record: &crate::ingest::record::Record, location: Location| {
        events.push((record.text().to_owned(), location));
        Kept::Kept
    };
    let mut memo = crate::ingest::memo::Memo::new(0);
    for piece in bytes.chunks(piece.max(1)) {
        reader.push(piece, &mut memo, &mut keep);
    }
    let (mut accounts, digests) = reader.finish(&mut memo, &mut keep);
    let account = accounts.remove(0);
    Reading { events, digests: digests.into_iter().map(|digest| digest.text).collect(), account }
}

fn name_of(record: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(record).unwrap();
    value["eventName"].as_str().unwrap_or_default().to_owned()
}

fn restored(bytes: &[u8], location: Location) -> Option<String> {
    let span = bytes.get(location.offset as usize..location.offset as usize + location.length as usize)?;
    restore(location.form, span, Some(&bytes[..bytes.len().min(MAX_FIRST_ROW)]))
}

/// The records at these places, found in one pass.
fn sifted(bytes: &[u8], events: &[(String, Location)], piece: usize) -> Vec<String> {
    let wanted = (0..).zip(events).map(|(row, (_, location))| Wanted { location: *location, row });
    let (mut sift, mut found) = (Sift::new(wanted.collect()), vec![String::new(); events.len()]);
    let mut take = |row: u32, record: &[u8]| found[row as usize] = String::from_utf8(record.to_vec()).unwrap();
    bytes.chunks(piece.max(1)).for_each(|piece| {
        sift.push(piece, &mut take);
    });
    sift.finish(&mut take);
    found
}

fn words<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn check(sample: &Sample) {
    for piece in [sample.bytes.len(), 1, 3, 17] {
        let Reading { events, account, .. } = read(&sample.bytes, piece);
        let context = format!("{} in pieces of {piece}: {account:?}", sample.name);
        assert_eq!(events.iter().map(|(text, _)| name_of(text)).collect::<Vec<_>>(), sample.events, "{context}");
        let shapes = if sample.shape.is_empty() { vec![] } else { vec![sample.shape.to_owned()] };
        assert_eq!(words(&account.shapes), shapes, "{context}");
        assert_eq!(words(&account.notes), sample.notes, "{context}");
        assert_eq!(words(&account.faults), sample.faults, "{context}");
        let reasons: Vec<_> = account.rejections.iter().map(|rejection| rejection.reason).collect();
        assert_eq!(words(&reasons), sample.rejected, "{context}");
        assert!(account.reconciles(), "{context}");
        for (text, location) in &events {
            assert_eq!(restored(&sample.bytes, *location).as_ref(), Some(text), "{context}");
        }
        assert_eq!(
            sifted(&sample.bytes, &events, piece),
            events.iter().map(|(text, _)| text.clone()).collect::<Vec<_>>(),
            "{context}"
        );
    }
}

#[test]
fn every_shape() {
    for sample in all() {
        check(&sample);
    }
}

#[test]
fn made_records_are_as_cloudtrail_would_write_them() {
    let first = |name: &str| {
        let sample = all().into_iter().find(|sample| sample.name == name).unwrap();
        read(&sample.bytes, usize::MAX).events.remove(0).0
    };
    assert_eq!(
        first("console CSV"),
        concat!(
            r#"{"userIdentity":{"accessKeyId":"AKIAEXAMPLE","userName":"alice"},"eventTime":"2024-05-06T07:08:00Z","#,
            r#""eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"us-east-1","#,
            r#""sourceIPAddress":"203.0.113.7","userAgent":"a, \"b\"\nc","requestID":"r-0","#,
            r#""eventID":"00000000-0000-4000-8000-000000000000","readOnly":false,"#,
            r#""resources":[{"resourceType":"AWS::IAM::User","resourceName":"bob"}],"eventType":"AwsApiCall","#,
            r#""recipientAccountId":"111122223333","eventCategory":"Management"}"#
        )
    );
    assert_eq!(
        first("Athena CSV"),
        concat!(
            r#"{"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/a/b","#,
            r#""sessionContext":{"attributes":{"mfaAuthenticated":"false"}}},"eventTime":"2024-05-06T07:08:00Z","#,
            r#""eventSource":"iam.amazonaws.com","eventName":"CreateUser","sourceIPAddress":"203.0.113.7","#,
            r#""userAgent":"x\ny","requestParameters":{"userName":"bob, \"x\"","tags":[]},"#,
            r#""eventID":"00000000-0000-4000-8000-000000000000"}"#
        )
    );
    assert_eq!(
        first("Logs Insights fields"),
        concat!(
            r#"{"userIdentity":{"arn":"arn:aws:iam::111122223333:user/alice"},"eventTime":"2024-05-06T07:08:00Z","#,
            r#""eventName":"CreateUser","requestParameters":{"tags":[{"key":"a, \"b\""}]}}"#
        )
    );
}

#[test]
fn files_beside_the_logs_are_kept_and_quiet() {
    for name in ["digest", "Lake signature"] {
        let sample = all().into_iter().find(|sample| sample.name == name).unwrap();
        let Reading { account, digests, .. } = read(&sample.bytes, 5);
        assert_eq!(digests, [String::from_utf8(sample.bytes).unwrap()]);
        assert!(account.is_clean() && account.is_quiet(), "{account:?}");
    }
}

#[test]
fn a_cut_loses_nothing_before_it() {
    for sample in all() {
        let whole = read(&sample.bytes, usize::MAX).events;
        for cut in 0..sample.bytes.len() {
            let bytes = &sample.bytes[..cut];
            let Reading { events, account, .. } = read(bytes, usize::MAX);
            assert!(account.reconciles());
            // What carries a record goes on behind it, and may be longer than it.
            let is_before = |location: &Location| location.offset as usize + location.length as usize + 500 <= cut;
            let before = whole.iter().filter(|(_, location)| is_before(location)).count();
            assert!(events.len() >= before, "{} cut at {cut}: {account:?}", sample.name);
            assert_eq!(events[..before], whole[..before], "{} cut at {cut}", sample.name);
            if let Some((text, location)) = events.last() {
                assert_eq!(restored(bytes, *location).as_ref(), Some(text), "{} cut at {cut}", sample.name);
            }
        }
    }
}

#[test]
fn a_damaged_row_costs_only_itself() {
    let names = |text: &str| -> Vec<String> {
        let Reading { events, account, .. } = read(text.as_bytes(), 7);
        assert_eq!((account.rejected > 0, account.reconciles()), (true, true), "{account:?}");
        events.iter().map(|(text, _)| name_of(text)).collect()
    };
    let head = "eventID,eventName,userAgent\n";
    assert_eq!(names(&format!("{head}1,A,x\n2,B,\"x\n3,C,x\n4,D,x\n")), ["A", "C", "D"]);
    assert_eq!(names(&format!("{head}1,A,x\n2,\"B,x\n3,\"C\",x\n4,D,x\n")), ["A", "C", "D"]);
    assert_eq!(names(&format!("{head}1,A,x\n2,B,x\"y\n3,C,x\n")), ["A", "C"]);
    assert_eq!(names(&format!("{head}1,A,x\n2,B,x,z\n3,C,x,\n")), ["A", "C"]);
    assert_eq!(names(&format!("{head}1,A,x\n2,B")), ["A"]);
    let long = "x".repeat(crate::ingest::split::MAX_RECORD);
    assert_eq!(names(&format!("{head}1,A,x\n2,B,\"{long}\"\n3,C,x\n")), ["A", "C"]);
}

#[test]
fn damage_in_what_carries_a_record_costs_no_other() {
    for sample in all().into_iter().filter(|sample| sample.events == ["CreateUser", "GetObject", "ConsoleLogin"]) {
        let text = String::from_utf8(sample.bytes.clone()).unwrap();
        // A quote just before the name of the second record.
        let quote = text.find("GetObject").and_then(|at| text[..at].rfind('"').filter(|quote| at - quote < 40));
        let Some(quote) = quote else { continue };
        let damaged = [&text[..quote], &text[quote + 1..]].concat();
        let Reading { events, account, .. } = read(damaged.as_bytes(), usize::MAX);
        let names: Vec<_> = events.iter().map(|(text, _)| name_of(text)).collect();
        let has = |name: &str| names.iter().any(|found| found == name);
        assert!(has("CreateUser") && has("ConsoleLogin"), "{}: {names:?} {account:?}", sample.name);
    }
}

#[test]
fn forms() {
    let form = |name: &str| {
        let sample = all().into_iter().find(|sample| sample.name == name).unwrap();
        read(&sample.bytes, usize::MAX).events[0].1.form
    };
    assert_eq!(form("trail file"), Form::Record);
    assert_eq!(form("EventBridge lines"), Form::Record);
    assert_eq!(form("lookup-events"), Form::JsonText);
    assert_eq!(form("Logs Insights"), Form::JsonText);
    assert_eq!(form("Lake"), Form::JsonRow);
    assert_eq!(form("Logs Insights CSV"), Form::CsvCell);
    assert_eq!(form("console CSV"), Form::CsvRow);
    assert_eq!(restore(Form::CsvRow, b"a,b", None), None);
    assert_eq!(restore(Form::JsonText, b"\"x\"", None), None);
    assert_eq!(restore(Form::Record, b"\xff", None), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_ends_in_an_account_however_it_is_cut(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'"'), Just(b'{'), Just(b'\n')]), 1..4),
        piece in 1usize..200,
    ) {
        let mut bytes = which.get(&all()).bytes.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let whole = read(&bytes, usize::MAX);
        prop_assert!(whole.account.reconciles());
        for (text, location) in &whole.events {
            let found = restored(&bytes, *location);
            prop_assert_eq!(found.as_ref(), Some(text));
        }
        let cut = read(&bytes, piece);
        prop_assert_eq!(whole.events, cut.events);
        prop_assert_eq!(whole.account, cut.account);
        prop_assert_eq!(whole.digests, cut.digests);
    }
}
