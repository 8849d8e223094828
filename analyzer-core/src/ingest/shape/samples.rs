//! A small file in every shape, made of the same three records: `CreateUser`, `GetObject` (a data event that failed),
//! and `ConsoleLogin`. Names no type of the crate, so that other crates' tests can include this file.

use serde_json::{Value, json};

/// A file, and what is to be read from it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// A name for messages.
    pub name: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// The names of its events, in its order.
    pub events: Vec<&'static str>,
    /// Its shape, in words; empty if it has no events.
    pub shape: &'static str,
    /// What is noted, in words.
    pub notes: Vec<&'static str>,
    /// What is said of it as a whole, in words.
    pub faults: Vec<&'static str>,
    /// The reasons of rejections, in words.
    pub rejected: Vec<&'static str>,
}

const NAMES: [&str; 3] = ["CreateUser", "GetObject", "ConsoleLogin"];

/// The records, as CloudTrail writes them, with the fields that matter here.
pub fn records() -> [String; 3] {
    [
        concat!(
            r#"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"alice"},"#,
            r#""eventTime":"2024-05-06T07:08:09Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","#,
            r#""userAgent":"\"x\", Päule","requestParameters":{"tags":[{"key":"a","value":"{\"b\": 1}"}]},"#,
            r#""responseElements":null,"eventID":"00000000-0000-4000-8000-000000000001"}"#
        )
        .to_owned(),
        concat!(
            r#"{"eventVersion":"1.10","userIdentity":{"type":"AWSService"},"eventTime":"2024-05-06T07:08:10Z","#,
            r#""eventSource":"s3.amazonaws.com","eventName":"GetObject","errorMessage":"Denied: a\nb","#,
            r#""requestParameters":{"key":"a/{b}.json"},"eventID":"00000000-0000-4000-8000-000000000002","#,
            r#""readOnly":true,"resources":[{"ARN":"arn:aws:s3:::b"}]}"#
        )
        .to_owned(),
        concat!(
            r#"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2024-05-06T07:09:00Z","#,
            r#""eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","sourceIPAddress":"2001:db8::1","#,
            r#""requestParameters":null,"eventID":"00000000-0000-4000-8000-000000000003","readOnly":false}"#
        )
        .to_owned(),
    ]
}

/// A sample in every shape.
pub fn all() -> Vec<Sample> {
    [plain(), lookups(), logs(), queries(), tables(), tools(), kinds(), others()].concat()
}

fn sample(name: &'static str, shape: &'static str, text: impl Into<Vec<u8>>) -> Sample {
    let (bytes, events) = (text.into(), NAMES.to_vec());
    Sample { name, bytes, events, shape, notes: vec![], faults: vec![], rejected: vec![] }
}

/// A JSON string.
fn text(of: &str) -> String {
    json!(of).to_string()
}

/// One text for each record, joined.
fn each(join: &str, make: impl Fn(&str) -> String) -> String {
    records().iter().map(|record| make(record)).collect::<Vec<_>>().join(join)
}

fn pretty(json: &str) -> String {
    serde_json::from_str::<Value>(json).and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_default()
}

fn plain() -> Vec<Sample> {
    let whole = |record: &str| record.to_owned();
    let [a, b, c] = records();
    vec![
        sample("trail file", "trail file", format!(r#"{{"Records":[{}]}}"#, each(",", whole))),
        sample("pretty trail file", "trail file", pretty(&format!(r#"{{"Records":[{}]}}"#, each(",", whole)))),
        sample("trail files joined", "trail file", format!("{{\"Records\":[{a},{b}]}}{{\"Records\":[{c}]}}\n")),
        sample("array", "array of records", format!("[{}]", each(",\n", whole))),
        sample("lines", "records one after another", each("\n", whole)),
        sample("windows lines", "records one after another", format!("\u{feff}{}\r\n", each("\r\n", whole))),
        sample("pretty documents", "records one after another", each("\n", pretty)),
        sample("documents joined", "records one after another", each("", whole)),
        sample("texts in lines", "records one after another", each("\n", text)),
        sample("texts in an array", "array of records", format!("[{}]", each(",", text))),
        // A member that is called as the array of an envelope makes no envelope.
        Sample {
            events: vec!["CreateUser"],
            ..sample(
                "record with events",
                "records one after another",
                a.replace(r#""responseElements":null"#, r#""events":[{"a":1}],"results":[[{"b":1}]]"#),
            )
        },
    ]
}

fn lookups() -> Vec<Sample> {
    let found = |record: &str| {
        let id = &record[record.find("00000000-").unwrap_or_default()..][..36];
        format!(
            r#"{{"EventId":"{id}","EventName":"x","ReadOnly":"true","EventTime":1714979289.0,"Resources":[],"CloudTrailEvent":{}}}"#,
            text(record)
        )
    };
    let [a, b, c] = records().map(|record| found(&record));
    let bridged = |record: &str| {
        format!(
            r#"{{"version":"0","id":"x","detail-type":"AWS API Call via CloudTrail","source":"aws.iam","account":"1","time":"2024-05-06T07:08:09Z","region":"us-east-1","resources":[],"detail":{record}}}"#
        )
    };
    let one = format!("{}\n", bridged(&records()[0]));
    vec![
        sample(
            "lookup-events",
            "lookup-events output",
            pretty(&format!(r#"{{"Events":[{a},{b},{c}],"NextToken":"x"}}"#)),
        ),
        sample(
            "lookup-events pages",
            "lookup-events output",
            format!("{{\"NextToken\":\"[{{\",\"Events\":[{a},{b}]}}\n{{\"Events\":[{c}]}}"),
        ),
        sample(
            "lookup-events of insights",
            "lookup-events output",
            format!(r#"{{"Events":[{}]}}"#, each(",", str::to_owned)),
        ),
        sample("EventBridge lines", "EventBridge events", each("\n", bridged)),
        sample("EventBridge array", "EventBridge events", format!("[{}]", each(" ,", bridged))),
        sample("EventBridge pretty", "EventBridge events", each("\n", |record| pretty(&bridged(record)))),
        Sample { events: vec!["CreateUser"], ..sample("one EventBridge event", "EventBridge events", one) },
        sample(
            "EventBridge events in lines of a log",
            "EventBridge events",
            each("\n", |record| format!(r#"{{"message":{}}}"#, text(&bridged(record)))),
        ),
    ]
    .into_iter()
    .map(|found| match found.name {
        "EventBridge events in lines of a log" => Sample { shape: "Logstash events", ..found },
        _ => found,
    })
    .collect()
}

fn logs() -> Vec<Sample> {
    let message = |record: &str| {
        format!(
            r#"{{"logStreamName":"1_CloudTrail_us-east-1","timestamp":1714979289000,"message":{},"eventId":"37"}}"#,
            text(record)
        )
    };
    let delivered = |record: &str| format!(r#"{{"id":"37","timestamp":1714979289000,"message":{}}}"#, text(record));
    let batch = |kind: &str, events: String| {
        format!(
            r#"{{"messageType":"{kind}","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[{events}]}}"#
        )
    };
    let [a, b, c] = records().map(|record| delivered(&record));
    let control = batch("CONTROL_MESSAGE", delivered("CWL CONTROL MESSAGE: Checking health of destination Firehose."));
    let controls = vec!["control messages of CloudWatch Logs, which hold no record: 1"];
    let data = |events: String| batch("DATA_MESSAGE", events);
    let found = format!(
        r#"{{"events":[{}],"searchedLogStreams":[{{"logStreamName":"s","searchedCompletely":true}}],"nextToken":"x"}}"#,
        each(",", message)
    );
    vec![
        sample("filter-log-events", "CloudWatch Logs", found.clone()),
        sample("filter-log-events, pretty", "CloudWatch Logs", pretty(&found)),
        Sample {
            notes: controls.clone(),
            ..sample(
                "subscription",
                "CloudWatch Logs",
                format!("{control}{}{}", data(format!("{a},{b}")), data(c.clone())),
            )
        },
        Sample {
            notes: controls,
            events: vec![],
            shape: "",
            faults: vec!["no events: the record array is empty"],
            ..sample("only control messages", "", control)
        },
        Sample {
            rejected: vec!["an object without the fields of a CloudTrail event"],
            ..sample("other messages", "CloudWatch Logs", data([a, b, delivered("START RequestId: 1"), c].join(",")))
        },
        sample("export", "CloudWatch Logs", each("\n", |record| format!("2024-05-06T07:08:09.000Z {record}"))),
        sample(
            "tail",
            "CloudWatch Logs",
            each("\n", |record| format!("2024-05-06T07:08:09.123000+00:00 1_CloudTrail_us-east-1 {record}")),
        ),
    ]
}

/// What a Logs Insights query that does not ask for messages answers.
fn selected(make: impl Fn(&str, &str) -> String) -> String {
    let rows = NAMES.iter().enumerate().map(|(at, name)| {
        let cells = [
            ("@timestamp", format!("2024-05-06 07:08:0{at}.000")),
            ("eventName", (*name).to_owned()),
            ("userIdentity.arn", "arn:aws:iam::111122223333:user/alice".to_owned()),
            ("requestParameters.tags.0.key", "a, \"b\"".to_owned()),
        ];
        format!("[{}]", cells.iter().map(|(name, value)| make(name, value)).collect::<Vec<_>>().join(", "))
    });
    rows.collect::<Vec<_>>().join(",\n")
}

fn queries() -> Vec<Sample> {
    let insight = |record: &str| {
        format!(
            r#"[{{"field":"@timestamp","value":"2024-05-06 07:08:09.000"}},{{"field":"@message","value":{}}},{{"field":"@ptr","value":"Cl"}}]"#,
            text(record)
        )
    };
    let cell = |name: &str, value: &str| format!(r#"{{"field":{},"value":{}}}"#, text(name), text(value));
    let pair = |name: &str, value: &str| format!("{{{}:{}}}", text(name), text(value));
    let insights_lack = "Logs Insights results without eventID, eventSource, sourceIPAddress, userAgent, userIdentity.type: detections that read them find nothing here";
    let lake_lack =
        "CloudTrail Lake results without eventSource, userAgent: detections that read them find nothing here";
    let lake_row = |name: &str, more: &str| {
        let cells = [
            ("eventID", "00000000-0000-4000-8000-000000000001".replace("0001", more)),
            ("eventTime", "2024-05-06 07:08:09.000".to_owned()),
            ("eventName", name.to_owned()),
            ("sourceIPAddress", "203.0.113.7".to_owned()),
            ("userIdentity", "{type=Root, principalid=1, arn=arn:aws:iam::1:root, username=null}".to_owned()),
            ("requestParameters", r#"{bucketName=trails, policy={"Statement":[]}}"#.to_owned()),
        ];
        format!("[{},{{\"errorCode\":null}}]", cells.map(|(name, value)| pair(name, &value)).join(","))
    };
    let lake_rows = [("CreateUser", "0001"), ("GetObject", "0002"), ("ConsoleLogin", "0003")];
    let lake_rows = lake_rows.map(|(name, more)| lake_row(name, more)).join(",");
    vec![
        sample(
            "Logs Insights",
            "Logs Insights results",
            format!(
                r#"{{"results":[{}],"statistics":{{"recordsMatched":3.0}},"status":"Complete"}}"#,
                each(",", insight)
            ),
        ),
        sample("Logs Insights rows", "Logs Insights results", format!("[{}]", each(",\n", insight))),
        sample(
            "Logs Insights objects",
            "Logs Insights results",
            format!(
                "[{}]",
                each(",", |record| { format!(r#"{{"@timestamp":"2024-05-06 07:08:09.000","@message":{record}}}"#) })
            ),
        ),
        Sample {
            notes: vec![insights_lack],
            ..sample("Logs Insights fields", "Logs Insights results", format!("{{\"results\":[{}]}}", selected(cell)))
        },
        Sample {
            notes: vec![lake_lack],
            ..sample(
                "Lake",
                "CloudTrail Lake results",
                format!(
                    r#"{{"QueryStatus":"FINISHED","QueryStatistics":{{"ResultsCount":3}},"QueryResultRows":[{lake_rows}],"NextToken":"x"}}"#
                ),
            )
        },
    ]
}

/// A cell of a table, in quotes.
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

const CONSOLE_LACKS: &str = "event history CSV without userIdentity.type, userIdentity.arn, requestParameters: detections that read them find nothing here";

fn console() -> Vec<Sample> {
    let head = "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category\n";
    let resources = quoted(r#"[{"resourceType":"AWS::IAM::User","resourceName":"bob"}]"#);
    let row = |at: usize, name: &str| {
        format!(
            "alice,AKIAEXAMPLE,2024-05-06T07:08:0{at}Z,iam.amazonaws.com,{name},us-east-1,203.0.113.7,\"a, \"\"b\"\"\nc\",,{resources},r-{at},00000000-0000-4000-8000-00000000000{at},false,AwsApiCall,111122223333,Management\n"
        )
    };
    let rows: String = NAMES.iter().enumerate().map(|(at, name)| row(at, name)).collect();
    let saved = format!("\u{feff}{head}{rows}").replace(",false,", ",FALSE,").replace("111122223333", "1.11122E+11");
    let excel = saved.replace(['\r', '\n'], "\r\n").replace(',', ";");
    let old_head = "Event ID;Event time;User name;Event name;Resource type;Resource name\r\n";
    let old = |at: usize, name: &str| {
        format!(
            "00000000-0000-4000-8000-00000000000{at};2024-05-06, 07:08:0{at} AM;alice;{name};AWS::IAM::User;bob\r\n"
        )
    };
    let old: String = NAMES.iter().enumerate().map(|(at, name)| old(at, name)).collect();
    let csv = |name, text: String| Sample { notes: vec![CONSOLE_LACKS], ..sample(name, "event history CSV", text) };
    vec![
        csv("console CSV", format!("{head}{rows}")),
        csv(
            "console CSV, joined",
            format!("{head}{}{head}\n{}", row(0, NAMES[0]), row(1, NAMES[1]) + &row(2, NAMES[2])),
        ),
        csv("console CSV, tabs", format!("{head}{rows}").replace("\"a, ", "\"a; ").replace(',', "\t")),
        Sample {
            notes: vec![CONSOLE_LACKS, "account numbers that a spreadsheet rounded were left out, rows: 3"],
            ..csv("console CSV, saved by a spreadsheet", excel)
        },
        Sample {
            notes: vec![
                "event history CSV without eventSource, sourceIPAddress, userAgent, userIdentity.type, userIdentity.arn, requestParameters: detections that read them find nothing here",
            ],
            ..csv("console CSV, old", format!("{old_head}{old}"))
        },
    ]
}

fn tables() -> Vec<Sample> {
    let insights =
        format!("@timestamp,@message\n{}", each("\n", |record| format!("2024-05-06 07:08:09.000,{}", quoted(record))));
    let splunk =
        format!("\"_time\",\"_raw\",source\r\n{}", each("\r\n", |record| format!("\"1\",{},a", quoted(record))));
    let identity = "{type=AssumedRole, arn=arn:aws:sts::1:assumed-role/a/b, sessioncontext={attributes={mfaauthenticated=false}, sessionissuer=null}}";
    let row = |at: usize, name: &str, time: &str| {
        [
            format!("00000000-0000-4000-8000-00000000000{at}"),
            time.replace('#', &at.to_string()),
            name.to_owned(),
            "iam.amazonaws.com".to_owned(),
            identity.to_owned(),
            r#"{"userName":"bob, \"x\"","tags":[]}"#.to_owned(),
            "203.0.113.7".to_owned(),
            "x\ny".to_owned(),
            String::new(),
        ]
        .map(|cell| quoted(&cell))
        .join(",")
    };
    let table = |head: &str, time: &str| {
        let rows: Vec<_> = NAMES.iter().enumerate().map(|(at, name)| row(at, name, time)).collect();
        format!("{head}\n{}\n", rows.join("\n"))
    };
    let athena = table(
        r#""eventid","eventtime","eventname","eventsource","useridentity","requestparameters","sourceipaddress","useragent","errorcode""#,
        "2024-05-06T07:08:0#Z",
    );
    let lake = table(
        "eventID,eventTime,eventName,eventSource,userIdentity,requestParameters,sourceIPAddress,userAgent,errorCode",
        "2024-05-06 07:08:0#.000",
    );
    let mut tables = console();
    tables.extend([
        sample("Logs Insights CSV", "Logs Insights results", insights),
        sample("Splunk CSV", "Splunk export", splunk),
        sample("Athena CSV", "Athena results", athena),
        sample("Lake CSV", "CloudTrail Lake results", lake),
        Sample {
            events: vec![],
            shape: "",
            faults: vec!["no events: the record array is empty"],
            ..sample("a table without rows", "", "eventID,eventName\n")
        },
    ]);
    tables
}

fn tools() -> Vec<Sample> {
    let original = |record: &str| {
        format!(
            r#"{{"_index":"logs","_id":"1","_source":{{"@timestamp":"x","message":"none","event":{{"kind":"event","original":{}}}}}}}"#,
            text(record)
        )
    };
    let message = |record: &str| format!(r#"{{"_index":"logs","_source":{{"message":{}}}}}"#, text(record));
    let source = |record: &str| format!(r#"{{"_index":"logs","_source":{record}}}"#);
    let answer = |hits: String| {
        format!(
            r#"{{"took":1,"_shards":{{"total":1}},"hits":{{"total":{{"value":3}},"hits":[{hits}]}},"aggregations":{{}}}}"#
        )
    };
    let logstash =
        |record: &str| format!(r#"{{"@timestamp":"2024-05-06T07:08:09Z","@version":"1","message":{}}}"#, text(record));
    let mixed = |record: &str| record.replacen('{', r#"{"@timestamp":"2024-05-06T07:08:09Z","@version":"1","#, 1);
    let splunk =
        |record: &str| format!(r#"{{"preview":false,"offset":0,"result":{{"_time":"x","_raw":{}}}}}"#, text(record));
    vec![
        sample("Elastic answer", "Elasticsearch documents", answer(each(",", original))),
        sample("Elastic answer, messages", "Elasticsearch documents", pretty(&answer(each(",", message)))),
        sample("Elastic lines", "Elasticsearch documents", each("\n", original)),
        sample("Elastic lines, sources", "Elasticsearch documents", each("\n", source)),
        sample("Elastic array", "Elasticsearch documents", format!("[{}]", each(",", source))),
        sample("Logstash", "Logstash events", each("\n", logstash)),
        sample("Logstash, records", "records one after another", each("\n", mixed)),
        sample("Splunk lines", "Splunk export", each("\n", splunk)),
        sample(
            "Splunk results",
            "Splunk export",
            format!(
                r#"{{"preview":false,"results":[{}]}}"#,
                each(",", |record| { format!(r#"{{"_raw":{}}}"#, text(record)) })
            ),
        ),
    ]
}

/// Kinds of events that are not of the usual form.
fn kinds() -> Vec<Sample> {
    let insight = r#"{"eventVersion":"1.07","eventTime":"2024-05-06T07:00:00Z","awsRegion":"us-east-1","eventID":"00000000-0000-4000-8000-000000000004","eventType":"AwsCloudTrailInsight","recipientAccountId":"1","sharedEventID":"s","insightDetails":{"state":"Start","eventSource":"iam.amazonaws.com","eventName":"CreateUser","insightType":"ApiCallRateInsight"},"eventCategory":"Insight"}"#;
    let network = r#"{"eventVersion":"1.09","userIdentity":{"type":"AWSAccount","principalId":"AIDA","accountId":"1"},"eventTime":"2024-05-06T07:00:00Z","eventSource":"kms.amazonaws.com","eventName":"ListKeys","awsRegion":"us-east-1","errorCode":"VpceAccessDenied","eventID":"00000000-0000-4000-8000-000000000005","eventType":"AwsVpceEvent","vpcEndpointId":"vpce-1","vpcEndpointAccountId":"1","eventCategory":"NetworkActivity"}"#;
    let aggregated = r#"{"eventVersion":"1.0","accountId":"1","eventId":"00000000-0000-4000-8000-000000000006","eventCategory":"Aggregated","eventType":"AwsAggregatedEvent","awsRegion":"us-east-1","eventSource":"s3.amazonaws.com","timeWindow":{"windowStart":"2024-05-06T07:00:00Z","windowEnd":"2024-05-06T07:05:00Z","windowSize":"PT5M"},"summary":{"primaryDimension":{"dimension":"eventName","statistics":[{"name":"GetObject","value":9}],"aggregationType":"Count"},"details":[]}}"#;
    vec![Sample {
        events: vec!["", "ListKeys", ""],
        ..sample("kinds", "trail file", format!(r#"{{"Records":[{insight},{network},{aggregated}]}}"#))
    }]
}

/// Files that belong to logs, or look like them, and hold no record.
fn others() -> Vec<Sample> {
    let none = |name, text: &str, fault| Sample { events: vec![], faults: vec![fault], ..sample(name, "", text) };
    let ocsf = r#"{"metadata":{"product":{"name":"CloudTrail"},"version":"1.1.0"},"time":1714979289000,"class_uid":6003,"api":{"operation":"CreateUser"}}"#;
    vec![
        none(
            "digest",
            r#"{"awsAccountId":"1","digestStartTime":"2024-05-06T00:00:00Z","digestEndTime":"2024-05-06T01:00:00Z","digestS3Bucket":"b","logFiles":[]}"#,
            "a CloudTrail digest: it holds no events",
        ),
        none(
            "Lake signature",
            r#"{"version":"1.0","region":"us-east-1","files":[{"fileHashValue":"00","fileName":"result_1.csv.gz"}],"hashSignature":"00","publicKeyFingerprint":"x"}"#,
            "the signature file of CloudTrail Lake query results: it holds no events",
        ),
        Sample {
            rejected: vec!["an OCSF event, not a CloudTrail record"; 2],
            ..none(
                "OCSF",
                &format!("{ocsf}\n{ocsf}\n"),
                "not CloudTrail: OCSF events, as Amazon Security Lake keeps them",
            )
        },
    ]
}
