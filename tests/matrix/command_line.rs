//! All cells in one folder, through the built command line.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use fixtures::CONTAINERS;
use fixtures::shapes::all;
use serde_json::Value;

use crate::read;

/// The built command line.
fn binary() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/debug/trailglass");
    let path = std::env::var_os("TRAILGLASS_CLI").map_or_else(|| PathBuf::from(built), PathBuf::from);
    assert!(path.exists(), "{} is missing; run cargo xtask test", path.display());
    path
}

fn run(command: &str, folder: &Path, format: &str) -> String {
    let output = Command::new(binary()).arg(command).arg(folder).args(["--format", format]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_folder_with_every_cell() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ids, mut without_id, mut records, mut accounts) = (HashSet::new(), 0, 0, 0);
    for (number, sample) in all().iter().enumerate() {
        for (column, container) in CONTAINERS.iter().enumerate() {
            let name = format!("{number}-{column}.log");
            std::fs::write(folder.path().join(name), (container.pack)(&sample.bytes)).unwrap();
            accounts += container.wrapping.len();
            records += sample.events.len() + sample.rejected.len();
        }
        let events = read(&sample.bytes, usize::MAX).events;
        // Events without an id are never taken for each other.
        without_id += events.iter().filter(|event| !event.has_id()).count() * CONTAINERS.len();
        ids.extend(events.into_iter().filter(|event| event.has_id()).map(|event| event.row.event_id));
    }
    let scan: Value = serde_json::from_str(&run("scan", folder.path(), "json")).unwrap();
    let count = |name: &str| usize::try_from(scan["totals"][name].as_u64().unwrap()).unwrap();
    assert_eq!(count("events"), ids.len() + without_id);
    assert_eq!(count("records"), records);
    assert_eq!(count("records"), count("events") + count("duplicates") + count("rejected"));
    assert_eq!(count("files"), accounts);

    let account = run("account", folder.path(), "jsonl");
    let lines: Vec<Value> = account.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, lines) = lines.split_last().unwrap();
    assert_eq!(last["totals"], scan["totals"]);
    assert_eq!(lines.len(), accounts);
}
