//! The command line from outside: the built binary, its streams and its exit codes.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod account;
mod broken;
mod cis;
mod escapes;
mod export;
mod plugins;
mod rules;
mod scan;
mod search;
mod streams;
mod summary;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use trail_generator::{Plan, Trail};

/// The built command line.
fn binary() -> Command {
    let path = std::env::var_os("TRAILGLASS_CLI").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/debug/trailglass")),
        PathBuf::from,
    );
    assert!(path.exists(), "{} is missing; run cargo xtask test", path.display());
    Command::new(path)
}

/// A run that is over.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
        Ran {
            code: output.status.code().expect("it was not killed"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// stdout as one JSON document.
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// stdout as one JSON document on each line.
    fn lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }

    /// The counts of a JSON answer: records, events, duplicates, rejected.
    fn counts(&self) -> [u64; 4] {
        let totals = &self.json()["totals"];
        ["records", "events", "duplicates", "rejected"].map(|name| totals[name].as_u64().expect("a count"))
    }
}

/// Runs with these arguments.
fn trailglass<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    Ran::of(binary().args(arguments).output().expect("it starts"))
}

/// A folder that is gone at the end of the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().expect("a folder for temporary files"))
    }

    /// A folder with a generated trail.
    fn with_trail(plan: Plan) -> Self {
        let folder = Self::new();
        trail_generator::write(plan, folder.path(), |_| {}).expect("the trail is written");
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in the folder")).expect("the folder is made");
        std::fs::write(&path, bytes).expect("the file is written");
        path
    }

    /// Runs a command on the whole folder.
    fn run(&self, command: &str, arguments: &[&str]) -> Ran {
        let path = self.path().as_os_str();
        trailglass([OsStr::new(command), path].into_iter().chain(arguments.iter().map(OsStr::new)))
    }
}

/// A small trail of three days, in some ten files, and its facts.
fn plan(seed: u64, story: trail_generator::Story) -> Plan {
    Plan { days: 3, ..Plan::week(3_000, seed, story) }
}

/// What `counts` must be for a trail.
fn counts_of(plan: Plan) -> [u64; 4] {
    let trail = Trail::new(plan);
    [trail.events(), trail.events() - trail.duplicates(), trail.duplicates(), 0]
}

/// A sign-in as CloudTrail records it, with texts that are already escaped for JSON.
fn sign_in(number: u32, user: &str, address: &str, outcome: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","principalId":"AIDA","accountId":"111122223333","userName":"{user}"}},"eventTime":"2024-05-06T10:{:02}:{:02}Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"{address}","userAgent":"Mozilla/5.0","requestParameters":null,"responseElements":{{"ConsoleLogin":"{outcome}"}},"additionalEventData":{{"MFAUsed":"No"}},"eventID":"00000000-0000-4000-8000-{number:012}","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}}"#,
        number / 60,
        number % 60
    )
}
