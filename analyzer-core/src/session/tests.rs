//! The façade as an edge uses it: several shards, duplicates, questions.

use super::*;
use crate::field;
use crate::predicate::parse;
use crate::view::page;

fn record(n: u32, time: &str, name: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"{time}","eventName":"{name}","eventSource":"iam.amazonaws.com",
        "userIdentity":{{"type":"IAMUser","userName":"user{}"}},"eventID":"00000000-0000-4000-8000-{n:012}"}}"#,
        n % 3
    )
}

fn load(session: &mut Session, ordinal: u32, records: &[String]) {
    let mut intake = session.open(ordinal, format!("file{ordinal}"));
    session.push(&mut intake, format!(r#"{{"Records":[{}]}}"#, records.join(",")).as_bytes());
    session.close(intake, None);
}

fn minute(n: u32) -> String {
    format!("2024-05-01T{:02}:{:02}:00Z", n / 60, n % 60)
}

#[test]
fn shards_answer_like_one() {
    let records: Vec<_> =
        (0..700).map(|n| record(n, &minute(n * 37 % 700), if n % 5 == 0 { "Delete" } else { "Get" })).collect();
    let mut one = Session::new(Vec::new(), 1);
    load(&mut one, 0, &records);
    let mut shards = [Session::new(Vec::new(), 2), Session::new(Vec::new(), 3)];
    // The second file repeats a part of the first, in another shard.
    load(&mut shards[0], 0, &records[..400]);
    load(&mut shards[1], 1, &records[300..]);
    let claims: Vec<_> = shards.iter().map(Session::claims).collect();
    shards[0].drop_duplicates(&claims[1]);
    shards[1].drop_duplicates(&claims[0]);

    let mut totals = shards[0].totals();
    totals.merge(&shards[1].totals());
    assert_eq!((totals.seen, totals.kept, totals.duplicate, totals.rejected), (800, 700, 100, 0));
    assert!(shards.iter().all(|s| s.accounts().iter().all(SourceAccount::reconciles)));

    for query in ["", "name:Delete", "user:user1 AND NOT name:Delete", "time>=2024-05-01T05:00", "name:Nothing"] {
        let predicate = parse(query, None).predicate;
        one.set_query(predicate.clone());
        shards.iter_mut().for_each(|s| s.set_query(predicate.clone()));

        let mut overview = shards[0].overview();
        overview.merge(&shards[1].overview());
        assert_eq!(overview, one.overview(), "{query}");
        if let Some(span) = overview.span_ms {
            let buckets = Buckets::over(span, 50);
            let mut timeline = shards[0].timeline(buckets);
            timeline.merge(&shards[1].timeline(buckets));
            assert_eq!(timeline, one.timeline(buckets), "{query}");
            assert_eq!(timeline.counts.iter().sum::<u64>(), overview.matching, "{query}");
            let also = parse("name:Delete", None).predicate;
            let deleted = one.timeline_of(&Among::MatchingAnd(also.clone()), buckets);
            one.set_query(Predicate::All(vec![predicate.clone(), also]));
            assert_eq!(deleted, one.timeline(buckets), "{query}");
            one.set_query(predicate.clone());
            let (user, values) = (field::find("user").unwrap(), ["user1", "user9"].map(str::to_owned));
            let asked: [(&Field, &[String]); 1] = [(user, &values)];
            let (top, counted) =
                (one.tops(&Among::Matching, &[user], None, 2), one.count_values(&Among::Matching, &asked));
            let mut split = shards[0].timeline_split(buckets, user, &values);
            split.merge(&shards[1].timeline_split(buckets, user, &values));
            assert_eq!(split, one.timeline_split(buckets, user, &values), "{query}");
            one.set_query(Predicate::All(vec![predicate.clone(), parse("user:user1", None).predicate]));
            assert_eq!(split.of_values, [one.timeline(buckets).counts, vec![0; timeline.counts.len()]], "{query}");
            let these = Among::These(predicate.clone());
            assert_eq!(one.overview_of(&these), overview, "{query}");
            assert_eq!(one.tops(&these, &[user], None, 2), top, "{query}");
            assert_eq!(one.count_values(&these, &asked), counted, "{query}");
            let both: Vec<u64> = split.of_values[0].iter().zip(&split.others).map(|(a, b)| a + b).collect();
            assert_eq!((both, split.missing.iter().sum::<u64>()), (timeline.counts, 0), "{query}");
            one.set_query(predicate);
        }
        let mut summary = shards[0].summary();
        summary.merge(shards[1].summary());
        assert_eq!(summary, one.summary(), "{query}");
        for offset in [0, 1, 100, 555, 699, 700] {
            assert_eq!(page_of(&mut shards, offset, 30), one.rows(offset..offset + 30), "{query} {offset}");
        }
    }
}

fn page_of(shards: &mut [Session], offset: u64, limit: usize) -> Vec<EventRow> {
    let samples: Vec<_> = shards.iter_mut().map(Session::samples).collect();
    let Some(question) = page::plan(&samples, offset, limit) else { return Vec::new() };
    let runs: Vec<_> = shards.iter_mut().map(|s| s.keys(question)).collect();
    let cut = page::cut(&runs, offset, limit);
    let rows = shards.iter_mut().zip(&cut.ranges).map(|(s, range)| s.rows(range.clone())).collect();
    page::assemble(&cut, rows)
}

#[test]
fn rows_have_the_fields_that_were_asked_for() {
    let mut session = Session::new(Vec::new(), 1);
    load(&mut session, 0, &(0..9).map(|n| record(n, &minute(9 - n), "Get")).collect::<Vec<_>>());
    let fields: Vec<_> = field::FIELDS.iter().collect();
    let user = field::find("user").unwrap();
    for by in [None, Some(user)] {
        let found = session.table_rows(by, 2..7, &fields);
        assert_eq!(found.len(), 5);
        for table in found {
            let row = session.row_of(&table.event_id).unwrap();
            assert_eq!((table.time_ms, &table.event_id), (row.time_ms, &row.event_id));
            assert_eq!(session.table_row_of(&row.event_id, &fields).as_ref(), Some(&table));
            let value = |name| {
                let place = fields.iter().position(|field| field.name == name).unwrap();
                table.values[place].as_deref()
            };
            assert_eq!(value("eventName"), row.event_name.as_deref());
            assert_eq!(value("principal"), Some(row.principal.as_str()));
            assert_eq!(value("eventID"), Some(row.event_id.as_str()));
            assert_eq!(value("eventTime"), row.time_ms.map(crate::event::format_time).as_deref());
            assert_eq!((value("errorCode"), value("requestParameters")), (None, None));
        }
    }
    assert_eq!((session.table_rows(None, 9..99, &[]), session.table_row_of("other", &[])), (Vec::new(), None));
}

#[test]
fn a_duplicate_in_one_shard_counts_once() {
    let mut session = Session::new(Vec::new(), 1);
    let twice = vec![record(1, &minute(1), "Get"); 2];
    load(&mut session, 0, &twice);
    load(&mut session, 1, &twice[..1]);
    let accounts: Vec<_> = session.accounts().iter().map(|a| (a.seen, a.kept, a.duplicate)).collect();
    assert_eq!(accounts, [(2, 1, 1), (1, 0, 1)]);
    assert_eq!(session.overview().matching, 1);
}

#[test]
fn events_without_an_id_or_a_time_are_kept() {
    let mut session = Session::new(Vec::new(), 1);
    let bare = r#"{"eventVersion":"1.08","eventName":"A"}"#.to_owned();
    let odd = r#"{"eventVersion":"1.08","eventName":"B","eventID":"Not-A-UUID","eventTime":"soon"}"#.to_owned();
    load(&mut session, 0, &[bare.clone(), bare, odd]);
    let account = &session.accounts()[0];
    assert_eq!((account.kept, account.untimed, account.duplicate), (3, 3, 0));
    assert!(session.locate("Not-A-UUID").is_some());
    let ids: Vec<_> = session.rows(0..3).into_iter().map(|row| row.event_id).collect();
    assert!(ids.iter().all(|id| session.locate(id).is_some()), "{ids:?}");
    let overview = session.overview();
    assert_eq!((overview.matching, overview.untimed, overview.span_ms), (3, 3, None));
    assert_eq!(overview.extent_ms, None);
}

#[test]
fn asking_between_files_changes_no_order() {
    let record = |n: u32| {
        if n.is_multiple_of(7) {
            // Without an id, those of one time have the same key.
            format!(r#"{{"eventVersion":"1.08","eventName":"A","eventTime":"{}"}}"#, minute(n % 3 * 30))
        } else {
            record(n, &minute(n * 37 % 90), "B")
        }
    };
    let (mut asked, mut unasked) = (Session::new(Vec::new(), 1), Session::new(Vec::new(), 2));
    for file in 0..10 {
        let records: Vec<_> = (file * 9..file * 9 + 9).map(record).collect();
        load(&mut asked, file, &records);
        load(&mut unasked, file, &records);
        assert_eq!(asked.rows(0..100).len() as u32, file * 9 + 9);
    }
    let place = |session: &mut Session| -> Vec<_> { session.matching.listed(&session.store).to_vec() };
    assert_eq!(place(&mut asked), place(&mut unasked));
}

#[test]
fn questions_while_events_arrive_see_what_is_there() {
    let mut session = Session::new(Vec::new(), 1);
    let mut intake = session.open(0, "file".to_owned());
    let text = format!("[{}]", [record(2, &minute(9), "B"), record(1, &minute(3), "A")].join(","));
    let names = |session: &mut Session| -> Vec<_> {
        session.rows(0..10).into_iter().filter_map(|row| row.event_name).collect()
    };
    let half = text.len() / 2 + 10;
    session.push(&mut intake, &text.as_bytes()[..half]);
    assert_eq!(names(&mut session), ["B"]);
    session.push(&mut intake, &text.as_bytes()[half..]);
    assert_eq!(names(&mut session), ["A", "B"]);
    let accounts = session.close(intake, Some(Fault::Cancelled));
    assert_eq!(accounts[0].faults, [Fault::Cancelled]);
}

#[test]
fn the_raw_record_comes_back() {
    let mut session = Session::new(Vec::new(), 1);
    let records = [record(1, &minute(1), "A"), record(2, &minute(2), "B")];
    let bytes = format!(r#"{{"Records":[{}]}}"#, records.join(","));
    load(&mut session, 0, &records);
    let location = session.locate("00000000-0000-4000-8000-000000000002").unwrap();
    let mut extractor = crate::ingest::Extractor::new(location);
    assert!(bytes.as_bytes().chunks(7).any(|piece| extractor.push(piece)));
    assert_eq!(extractor.record().as_ref(), Some(&records[1]));
}

#[test]
fn only_the_shard_that_keeps_an_event_locates_it() {
    let mut shards = [Session::new(Vec::new(), 1), Session::new(Vec::new(), 2)];
    load(&mut shards[0], 1, &[record(1, &minute(1), "A")]);
    load(&mut shards[1], 0, &[record(1, &minute(1), "A")]);
    let claims: Vec<_> = shards.iter().map(Session::claims).collect();
    shards[0].drop_duplicates(&claims[1]);
    shards[1].drop_duplicates(&claims[0]);
    let found = shards.each_ref().map(|s| s.locate("00000000-0000-4000-8000-000000000001").map(|l| l.source));
    assert_eq!(found, [None, Some(0)]);
}

#[test]
fn shards_that_share_duplicates_select_them_once() {
    let detectors = crate::detect::pack::rule_set().detectors().to_vec();
    let root = r#"{"eventVersion":"1.08","eventTime":"2024-05-01T10:00:00Z","eventName":"X",
        "userIdentity":{"type":"Root"},"eventID":"00000000-0000-4000-8000-000000000001"}"#;
    let mut shards = [Session::new(detectors.clone(), 1), Session::new(detectors, 2)];
    load(&mut shards[0], 1, &[root.to_owned()]);
    load(&mut shards[1], 0, &[root.to_owned()]);
    let claims: Vec<_> = shards.iter().map(Session::claims).collect();
    shards[0].drop_duplicates(&claims[1]);
    shards[1].drop_duplicates(&claims[0]);
    assert_eq!(shards.each_ref().map(|s| s.selection().len()), [0, 1]);
    assert_eq!(shards.each_ref().map(|s| s.totals().kept), [0, 1]);
}

#[test]
fn an_addendum_stands_in_the_place_of_its_original() {
    let record = |id: &str, extra: &str| {
        format!(
            r#"{{"eventVersion":"1.08","eventTime":"2024-01-01T00:00:00Z","eventName":"A","eventID":"{id}"{extra}}}"#
        )
    };
    let original = record("old", "");
    let update = record("new", r#","addendum":{"reason":"UPDATED_DATA","originalEventID":"old"}"#);
    let delayed = record("late", r#","addendum":{"reason":"DELIVERY_DELAY","originalEventID":null}"#);
    let check = |shards: &[&[&[&str]]]| {
        let mut source = 0;
        let mut read = |files: &&[&[&str]]| {
            let mut session = Session::new(Vec::new(), 1);
            for file in *files {
                let mut intake = session.open(source, String::new());
                source += 1;
                session.push(&mut intake, file.join("\n").as_bytes());
                assert!(session.close(intake, None).iter().all(SourceAccount::reconciles));
            }
            session
        };
        let mut sessions: Vec<Session> = shards.iter().map(&mut read).collect();
        let claims: Vec<_> = sessions.iter().map(Session::claims).collect();
        for (n, session) in sessions.iter_mut().enumerate() {
            claims
                .iter()
                .enumerate()
                .filter(|&(other, _)| other != n)
                .for_each(|(_, claims)| session.drop_duplicates(claims));
        }
        let mut ids: Vec<_> = sessions.iter_mut().flat_map(|s| s.rows(0..9)).map(|row| row.event_id).collect();
        ids.sort();
        assert_eq!(ids, ["late", "new"], "{shards:?}");
        let totals = sessions.iter().fold(Totals::default(), |mut sum, s| {
            sum.merge(&s.totals());
            sum
        });
        assert_eq!((totals.seen, totals.kept, totals.duplicate, totals.rejected), (3, 2, 1, 0));
    };
    let (o, u, d) = (original.as_str(), update.as_str(), delayed.as_str());
    check(&[&[&[o, u, d]]]);
    check(&[&[&[d, u, o]]]);
    check(&[&[&[o], &[u, d]]]);
    check(&[&[&[u], &[d], &[o]]]);
    check(&[&[&[o]], &[&[u, d]]]);
    check(&[&[&[u]], &[&[o, d]]]);
}

#[test]
fn pages_in_the_order_of_values() {
    let records: Vec<_> = (0..900)
        .map(|n| record(n, &minute(n * 37 % 900), ["Get", "Put", "Zap", "Delete"][n as usize * 7 % 4]))
        .collect();
    let mut one = Session::new(Vec::new(), 1);
    load(&mut one, 0, &records);
    let mut shards = [Session::new(Vec::new(), 2), Session::new(Vec::new(), 3)];
    load(&mut shards[0], 0, &records[..300]);
    load(&mut shards[1], 1, &records[300..]);
    for name in ["eventName", "principal", "user", "errorCode", "eventTime", "requestID"] {
        let field = field::find(name).unwrap();
        let mut expected = one.rows(0..u64::MAX);
        expected.sort_by_key(|row| match name {
            "eventName" => row.event_name.clone(),
            "principal" | "user" => Some(row.principal.clone()),
            _ => None,
        });
        for (offset, limit) in [(0, 40), (299, 301), (880, 50), (0, 900), (900, 1)] {
            let samples: Vec<_> = shards.iter_mut().map(|s| s.samples_by(field)).collect();
            let Some(question) = page::plan(&samples, offset, limit) else {
                assert_eq!(offset, 900);
                continue;
            };
            let runs: Vec<_> = shards.iter_mut().map(|s| s.keys_by(field, &question)).collect();
            let cut = page::cut(&runs, offset, limit);
            let rows =
                shards.iter_mut().zip(&cut.ranges).map(|(s, range)| s.table_rows(Some(field), range.clone(), &[]));
            let rows = page::assemble(&cut, rows.collect()).into_iter().map(|row| row.event_id);
            let end = (offset as usize + limit).min(900);
            let expected = expected[offset as usize..end].iter().map(|row| row.event_id.clone());
            assert!(rows.eq(expected), "{name} {offset} {limit}");
        }
    }
}
