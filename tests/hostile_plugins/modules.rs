//! Plugins that no compiler would make: what the canonical ABI and the limits must catch.

use std::collections::BTreeMap;

use analyzer_core::detect::Picked;
use analyzer_core::event::{EventId, EventKey, Location};
use host_cli::host::Host;
use plugin_host::{Limits, Stage, batch, detector, inspect};

/// The sentence of the finding, or where a fault came and what it says.
type Outcome<Text> = Result<Text, (Stage, Text)>;

/// How each must end: where, and what the fault says; or the sentence of its finding.
const EXPECTED: [(&str, Outcome<&str>); 31] = [
    ("made-by-hand", Ok("it is so")),
    ("loops-in-configure", Err((Stage::Configure, "limit of 20,000,000 units of fuel"))),
    ("loops-in-realloc", Err((Stage::Configure, "limit of 20,000,000 units of fuel"))),
    ("loops-in-start", Err((Stage::Start, "limit of 20,000,000 units of fuel"))),
    ("calls-itself", Err((Stage::Detect, "call stack exhausted"))),
    ("declares-four-gigabytes", Err((Stage::Start, "limit of 268,435,456 bytes of memory"))),
    ("declares-half-a-gigabyte", Err((Stage::Start, "limit of 268,435,456 bytes of memory"))),
    ("declares-a-huge-table", Err((Stage::Start, "limit of 1,000,000 table elements"))),
    ("has-ten-thousand-globals", Ok("it is so")),
    ("writes-a-hundred-megabytes", Err((Stage::Detect, "limit of 16,777,216 bytes of an answer"))),
    ("says-ten-thousand-fields", Err((Stage::Describe, "limit of 262,144 bytes of an answer"))),
    ("points-out-of-memory", Err((Stage::Detect, "out of bounds of memory"))),
    ("ends-out-of-memory", Err((Stage::Detect, "out of bounds of memory"))),
    ("overflows-an-address", Err((Stage::Detect, "out of bounds of memory"))),
    ("answers-out-of-memory", Err((Stage::Detect, "out of bounds of memory"))),
    ("answers-between-words", Err((Stage::Detect, "not aligned"))),
    ("points-between-words", Err((Stage::Detect, "not aligned"))),
    ("has-endless-findings", Err((Stage::Detect, "out of bounds of memory"))),
    ("breaks-utf-8", Err((Stage::Detect, "invalid utf-8"))),
    ("has-no-such-case", Err((Stage::Detect, "invalid expected discriminant"))),
    ("has-no-such-severity", Err((Stage::Detect, "unexpected discriminant: 77"))),
    ("allocates-out-of-memory", Err((Stage::Configure, "beyond end of memory"))),
    ("allocates-between-words", Err((Stage::Configure, "not aligned"))),
    ("has-a-wrong-query", Err((Stage::Load, "this parenthesis is not closed"))),
    ("has-a-name-that-clears-screens", Err((Stage::Describe, "the name has a control character"))),
    ("describes-out-of-memory", Err((Stage::Describe, "out of bounds of memory"))),
    ("nests-types", Err((Stage::Load, "its types nest deeper than 16"))),
    ("nests-components", Err((Stage::Load, "does not have export `describe`"))),
    // The sign of 0/0 is the same on every machine.
    ("shows-nan-bits", Ok("A")),
    ("leaves-marks", Ok("A")),
    ("has-many-memories", Ok("it is so")),
];

/// One event.
fn picked() -> Picked {
    Picked {
        keys: vec![EventKey { time_ms: 0, id: EventId(0) }],
        ids: vec!["e".to_owned()],
        locations: vec![Location::default()],
        texts: vec!["StopLogging".to_owned()],
        width: 1,
        codes: vec![1],
    }
}

fn outcome(host: &Host, name: &str, bytes: &[u8]) -> Outcome<String> {
    let limits = Limits { fuel: 20_000_000, fuel_per_event: 0, ..Limits::default() };
    let plugin = host.load(name, bytes, limits).map_err(|fault| (fault.stage, fault.to_string()))?;
    let detector = detector(plugin.manifest()).map_err(|why| (Stage::Load, why))?;
    let picked = picked();
    let grouped = picked.grouped(&detector);
    let answer = host.detect(&plugin, &batch::batch(&detector, &picked, &grouped, 0..1));
    let found = answer.map_err(|fault| (fault.stage, fault.to_string()))?.findings;
    assert_eq!(found.len(), 1, "{name}");
    Ok(found[0].why.clone())
}

#[test]
fn each_ends_where_it_breaks_the_rules() {
    let host = Host::new(None).unwrap();
    let mut expected: BTreeMap<&str, _> = EXPECTED.into_iter().collect();
    for case in hostile_modules::cases() {
        let expected = expected.remove(case.name).unwrap_or_else(|| panic!("{} is not in the table", case.name));
        match (outcome(&host, case.name, &case.bytes), expected) {
            (Ok(found), Ok(why)) => assert_eq!(found, why, "{}", case.name),
            (Err((stage, told)), Err((at, what))) => {
                assert!(stage == at && told.contains(what), "{}: {stage:?}: {told}", case.name);
            }
            (found, expected) => panic!("{}: {found:?}, not {expected:?}", case.name),
        }
    }
    assert!(expected.is_empty(), "{:?} are not made", expected.keys());
}

/// Many more at once than there is room for in memories that are kept.
#[test]
fn a_call_finds_nothing_that_another_left() {
    let host = Host::new(None).unwrap();
    let bytes = hostile_modules::cases().into_iter().find(|case| case.name == "leaves-marks").unwrap().bytes;
    let plugin = host.load("leaves-marks", &bytes, Limits::default()).unwrap();
    let (picked, detector) = (picked(), detector(plugin.manifest()).unwrap());
    let grouped = picked.grouped(&detector);
    let batch = batch::batch(&detector, &picked, &grouped, 0..1);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let answer = host.detect(&plugin, &batch).unwrap();
                    assert_eq!(answer.findings[0].why, "A");
                }
            });
        }
    });
}

/// Bits are flipped and the end is cut off: nothing panics, and whatever still runs keeps to its limits. What is read before
/// anything is compiled sees ten thousand of them; compiling takes a hundred times as long.
#[test]
fn damaged_components_end() {
    let good = hostile_modules::cases().remove(0).bytes;
    let host = Host::new(None).unwrap();
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let (mut ran, mut refused) = (0, 0);
    for number in 0..10_000 {
        let mut damaged = good.clone();
        for _ in 0..=random(3) {
            let at = random(damaged.len());
            damaged[at] ^= 1 << random(8);
        }
        if random(4) == 0 {
            damaged.truncate(random(good.len()));
        }
        let is_legible = inspect(&damaged).is_ok();
        if number % 50 == 0 {
            let did_run = outcome_of_damaged(&host, &damaged);
            assert!(is_legible || !did_run, "damaged component {number}");
            *(if did_run { &mut ran } else { &mut refused }) += 1;
        }
    }
    // Much of the file is text and padding; most of the rest is noticed.
    assert!(ran > 10 && refused > 50, "{ran} ran, {refused} were refused");
}

fn outcome_of_damaged(host: &Host, bytes: &[u8]) -> bool {
    let limits = Limits { fuel: 1_000_000, fuel_per_event: 0, ..Limits::default() };
    let Ok(plugin) = host.load("damaged", bytes, limits) else { return false };
    let Ok(detector) = detector(plugin.manifest()) else { return false };
    let picked = picked();
    let grouped = picked.grouped(&detector);
    host.detect(&plugin, &batch::batch(&detector, &picked, &grouped, 0..grouped.len())).is_ok()
}
