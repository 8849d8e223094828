//! Parsing without inflating, beside serde_json.
//!
//! Both get the inflated bytes of one file after the other; inflating is not measured. Ours does all that reading does:
//! it checks the JSON, interns values into columns, finds repeated events, asks the detectors. serde_json gets the
//! easiest task that is still a parse of every record: texts are borrowed where they have no escapes, objects are
//! checked but stay unparsed text, and nothing is kept.

use crate::clock::{Took, measure};
use crate::files::{Counts, File};
use crate::{inflate, ingest};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::hint::black_box;

/// Reads the inflated files into one session.
pub fn ours(files: &[File]) -> Result<(Counts, Took), String> {
    let (mut session, mut took) = (ingest::session(), Took::default());
    for (ordinal, file) in (0..).zip(files) {
        let json = inflate::whole(file)?;
        took += measure(|| ingest::one(&mut session, ordinal, file, &json)).1;
    }
    Ok((ingest::counts(&session), took))
}

/// Parses the inflated files with serde_json; returns the number of records.
pub fn with_serde(files: &[File]) -> Result<(u64, Took), String> {
    let (mut records, mut took) = (0, Took::default());
    for file in files {
        let json = inflate::whole(file)?;
        let parse = || serde_json::from_slice::<LogFile>(&json).map(|log| black_box(log).records.len() as u64);
        let (parsed, this) = measure(parse);
        records += parsed.map_err(|error| format!("serde_json cannot parse what was just made: {error}"))?;
        took += this;
    }
    Ok((records, took))
}

#[derive(Deserialize)]
struct LogFile<'a> {
    #[serde(rename = "Records", borrow)]
    records: Vec<Record<'a>>,
}

/// The fields that CloudTrail documents for every record. They are read by nobody but serde.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Record<'a> {
    #[serde(borrow)]
    event_version: Option<Text<'a>>,
    #[serde(borrow)]
    user_identity: Option<&'a RawValue>,
    #[serde(borrow)]
    event_time: Option<Text<'a>>,
    #[serde(borrow)]
    event_source: Option<Text<'a>>,
    #[serde(borrow)]
    event_name: Option<Text<'a>>,
    #[serde(borrow)]
    aws_region: Option<Text<'a>>,
    #[serde(borrow, rename = "sourceIPAddress")]
    source_ip_address: Option<Text<'a>>,
    #[serde(borrow)]
    user_agent: Option<Text<'a>>,
    #[serde(borrow)]
    error_code: Option<Text<'a>>,
    #[serde(borrow)]
    error_message: Option<Text<'a>>,
    #[serde(borrow)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    response_elements: Option<&'a RawValue>,
    #[serde(borrow)]
    additional_event_data: Option<&'a RawValue>,
    #[serde(borrow, rename = "requestID")]
    request_id: Option<Text<'a>>,
    #[serde(borrow, rename = "eventID")]
    event_id: Option<Text<'a>>,
    read_only: Option<bool>,
    #[serde(borrow)]
    resources: Option<&'a RawValue>,
    #[serde(borrow)]
    event_type: Option<Text<'a>>,
    management_event: Option<bool>,
    #[serde(borrow)]
    recipient_account_id: Option<Text<'a>>,
    #[serde(borrow, rename = "sharedEventID")]
    shared_event_id: Option<Text<'a>>,
    #[serde(borrow)]
    vpc_endpoint_id: Option<Text<'a>>,
    #[serde(borrow)]
    event_category: Option<Text<'a>>,
    #[serde(borrow)]
    service_event_details: Option<&'a RawValue>,
    #[serde(borrow)]
    tls_details: Option<&'a RawValue>,
}

/// A text that is borrowed where it has no escapes. (serde copies what is `Option<Cow<str>>`.)
#[derive(Deserialize)]
#[serde(transparent)]
#[allow(dead_code)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_borrows_what_it_can() {
        let json =
            br#"{"Records":[{"eventName":"Get","userAgent":"a\"b","requestParameters":{"x":[1]},"readOnly":null}]}"#;
        let log: LogFile = serde_json::from_slice(json).unwrap();
        let record = &log.records[0];
        assert!(matches!(record.event_name, Some(Text(Cow::Borrowed("Get")))));
        assert!(matches!(&record.user_agent, Some(Text(Cow::Owned(text))) if text == "a\"b"));
        assert_eq!(record.request_parameters.map(RawValue::get), Some(r#"{"x":[1]}"#));
    }
}
