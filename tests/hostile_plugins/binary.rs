//! Through the built command line: each hostile plugin is named, and the scan goes on with the others.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::{artefact, hostile};

/// A log in a folder of its own that is gone at the end: three failed sign-ins from one address, then one that works
/// without MFA.
struct Log(PathBuf);

impl Log {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("trailglass-hostile-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let events: Vec<String> = (0..4).map(sign_in).collect();
        std::fs::write(folder.join("log.json"), format!("{{\"Records\":[{}]}}", events.join(","))).unwrap();
        Self(folder)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn sign_in(minute: usize) -> String {
    let outcome = if minute == 3 { "Success" } else { "Failure" };
    format!(
        r#"{{"eventVersion":"1.08","eventID":"00000000-0000-4000-8000-00000000000{minute}","eventTime":"2024-05-01T10:0{minute}:00Z",
        "eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","eventType":"AwsConsoleSignIn","awsRegion":"us-east-1",
        "sourceIPAddress":"198.51.100.7","userIdentity":{{"type":"IAMUser","userName":"alice"}},"recipientAccountId":"111122223333",
        "additionalEventData":{{"MFAUsed":"No"}},"responseElements":{{"ConsoleLogin":"{outcome}"}}}}"#
    )
}

fn scan(log: &Log, plugins: &[PathBuf], more: &[&str]) -> Output {
    let mut command =
        Command::new(std::env::var_os("TRAILGLASS_CLI").map_or_else(|| artefact("debug/trailglass"), PathBuf::from));
    command.arg("scan").arg(&log.0).args(["--quiet", "--format", "jsonl"]).args(more);
    command.args(plugins.iter().flat_map(|plugin| [Path::new("--plugin"), plugin]));
    command.output().unwrap()
}

fn detectors(output: &Output) -> Vec<String> {
    let lines = std::str::from_utf8(&output.stdout).unwrap().lines();
    let finding = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    lines.map(|line| finding(line)["detector"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_is_named_and_the_others_go_on() {
    // What the line about each must say, without its path.
    let expected = [
        ("loops-in-describe", "stopped in describe: it passed its limit of 2,000,000,000 units of fuel"),
        ("loops-in-detect", "stopped in detect: it passed its limit of 2,000,400,000 units of fuel"),
        ("allocates-without-end", "stopped in detect: it passed its limit of 268,435,456 bytes of memory"),
        ("million-findings", "stopped in detect: it passed its limit of 16,777,216 bytes of an answer"),
        ("floods-findings", "stopped in detect: it passed its limit of 10,000 findings"),
        ("writes-a-novel", "stopped in detect: it passed its limit of 8,192 bytes of text in a finding"),
        ("invents-rows", "stopped in detect: its answer breaks the contract: a finding names an event that is not"),
        ("breaks-the-contract", "stopped in describe: its answer breaks the contract: the id is not made of"),
        ("traps", "stopped in detect: it trapped: wasm trap: wasm `unreachable` instruction executed"),
    ];
    let log = Log::new("named");
    let text_file = log.0.join("log.json");
    let mut plugins: Vec<PathBuf> = expected.iter().map(|(name, _)| hostile(name)).collect();
    plugins.push(text_file);
    plugins.push(artefact("plugins/console-login-after-failures.wasm"));
    let output = scan(&log, &plugins, &[]);
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    for (name, what) in expected {
        let file = format!("{name}.wasm)");
        assert!(told.lines().any(|line| line.contains(what) && line.ends_with(&file)), "{name}: {what}\n{told}");
    }
    assert!(told.contains("refused while it was loaded: it is not WebAssembly"), "{told}");
    assert!(told.contains("hint: a plugin is a WebAssembly component"), "{told}");
    // What a plugin says is escaped.
    assert!(told.contains("\\u{1b}[2Jcannot bear 4 events") && !told.contains('\u{1b}'), "{told}");
    assert_eq!(detectors(&output), ["console-login-after-failures", "console-sign-in-without-mfa"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_honest_plugin_gives_the_same_findings_on_any_number_of_threads() {
    let log = Log::new("threads");
    let plugin = [artefact("plugins/console-login-after-failures.wasm")];
    let one = scan(&log, &plugin, &["--threads", "1"]);
    assert_eq!(detectors(&one), ["console-login-after-failures", "console-sign-in-without-mfa"]);
    assert_eq!(one.status.code(), Some(1));
    assert_eq!(scan(&log, &plugin, &["--threads", "4"]).stdout, one.stdout);
}

#[test]
fn the_same_plugin_twice_is_refused_once() {
    let log = Log::new("twice");
    let plugin = artefact("plugins/console-login-after-failures.wasm");
    let output = scan(&log, &[plugin.clone(), plugin], &[]);
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(told.contains("there is another detector with the id console-login-after-failures"), "{told}");
    assert_eq!(detectors(&output).len(), 2);
    assert_eq!(output.status.code(), Some(2));
}
