//! What there is to say of one event whose record the edge has read again.

use super::Session;
use crate::field::{FieldRef, Place};
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Record};
use crate::predicate::{Explanation, Predicate, explain};
use crate::view::subject::{self, EachValue, Subject};

impl Session {
    /// Which tests of a predicate decide about an event of this shard, whose record is given. An event that is not here
    /// has no values.
    pub fn explain(&self, predicate: &Predicate, event_id: &str, record: &str) -> Explanation {
        let no_values = || explain(predicate, &mut |_| Vec::new());
        let explained = self.with_record(event_id, record, |each_value| {
            explain(predicate, &mut |test| {
                let mut values = Vec::new();
                each_value(&test.field, &mut |value| values.push(value.to_owned()));
                values
            })
        });
        explained.unwrap_or_else(no_values)
    }

    /// Who and what an event of this shard is about, whose record is given.
    pub fn subjects(&self, event_id: &str, record: &str) -> Vec<Subject> {
        self.with_record(event_id, record, |each_value| subject::of(each_value)).unwrap_or_default()
    }

    /// Gives `look` what reads the values of a field in this record.
    fn with_record<T>(&self, event_id: &str, record: &str, look: impl FnOnce(&EachValue<'_>) -> T) -> Option<T> {
        let row = self.store.row_of_text(event_id)?;
        record::read(record.as_bytes(), &mut Memo::new(0), |record: &Record| {
            look(&|field, each| match field {
                // The id is the one that the event has everywhere, made up or not.
                FieldRef::Standard(field) if matches!(field.place, Place::Id) => each(&self.store.event_id(row)),
                field => record.each_value(field, &|| self.store.principal(row), each),
            })
        })
    }
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
