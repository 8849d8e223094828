//! What there is to say of one event whose record the edge has read again.

use super::Session;
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Around, Record};
use crate::predicate::{Explanation, Predicate, explain};
use crate::said::Said;
use crate::view::sentence;
use crate::view::subject::{self, Subject};

impl Session {
    /// Which tests of a predicate decide about an event of this shard, whose record is given. An event that is not here
    /// has no values.
    pub fn explain(&self, predicate: &Predicate, event_id: &str, record: &str) -> Explanation {
        let explained = self.with_record(event_id, record, |record, around| explain_for(predicate, record, around));
        explained.unwrap_or_else(|| explain(predicate, &mut |_| (Vec::new(), false)))
    }

    /// Who and what an event of this shard is about, whose record is given.
    pub fn subjects(&self, event_id: &str, record: &str) -> Vec<Subject> {
        self.with_record(event_id, record, subject::of).unwrap_or_default()
    }

    /// An event of this shard, whose record is given, in a sentence; nothing for one that is not here. Its values are untrusted text.
    pub fn sentence(&self, event_id: &str, record: &str) -> Option<Said> {
        self.with_record(event_id, record, sentence::of)
    }

    /// Gives `look` the record of an event of this shard.
    fn with_record<T>(
        &self,
        event_id: &str,
        record: &str,
        look: impl for<'a> FnOnce(&Record<'a>, &Around<'_, 'a>) -> T,
    ) -> Option<T> {
        let row = self.store.row_of_text(event_id)?;
        record::read(record.as_bytes(), &mut Memo::new(0), |record: &Record| {
            look(record, &Around { principal: &|| self.store.principal(row), event_id: &|| self.store.event_id(row) })
        })
    }
}

/// Which tests of a predicate decide about an event whose record was read.
pub(crate) fn explain_for<'a>(predicate: &Predicate, record: &Record<'a>, around: &Around<'_, 'a>) -> Explanation {
    explain(predicate, &mut |test| {
        let mut values = Vec::new();
        record.each_value(&test.field, around, &mut |value| values.push(value.to_owned()));
        (values, record.holds(test, around))
    })
}

#[cfg(test)]
mod tests {
    use crate::predicate::parse;
    use crate::session::Session;

    const RECORD: &str = r#"{"eventVersion":"1.08","eventName":"PutBucketAcl","eventID":"e1","sourceIPAddress":"192.0.2.1",
        "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Ops/alice","accessKeyId":"ASIAX",
        "sessionContext":{"sessionIssuer":{"type":"Role","userName":"Ops","arn":"arn:aws:iam::111122223333:role/Ops"}}},
        "requestParameters":{"bucketName":"logs","acl":{"deepName":"x"},"count":3,"maxResults":"9"},
        "resources":[{"ARN":"arn:aws:s3:::logs","type":"AWS::S3::Bucket"},{"ARN":"arn:aws:s3:::web"}]}"#;

    fn session() -> Session {
        let mut session = Session::new(Vec::new(), 1);
        let mut intake = session.open(0, String::new());
        session.push(&mut intake, RECORD.as_bytes());
        session.close(intake, None);
        session
    }

    #[test]
    fn an_event_tells_who_and_what_it_is_about() {
        let subjects = session().subjects("e1", RECORD);
        let found: Vec<_> = subjects.iter().map(|s| format!("{}: {}", s.kind, s.query)).collect();
        let expected = [
            "Identity: principal=Ops/alice",
            "Session: userIdentity.arn=arn:aws:sts::111122223333:assumed-role/Ops/alice",
            "Access key: userIdentity.accessKeyId=ASIAX",
            "Address: sourceIPAddress=192.0.2.1",
            "Resource: resources.ARN=arn:aws:s3:::logs",
            "Resource: resources.ARN=arn:aws:s3:::web",
            "Parameter: requestParameters.bucketName=logs",
        ];
        assert_eq!(found, expected);
        // What each names finds the event.
        for subject in subjects {
            let why = session().explain(&parse(&subject.query, None).predicate, "e1", RECORD);
            assert!(why.holds, "{why:?}");
        }
        assert_eq!(session().subjects("another", RECORD), []);
    }
}
