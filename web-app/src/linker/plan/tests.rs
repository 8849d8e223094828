//! Plans of a small component, of the same with something changed, and of whatever is left of it when bytes are damaged.

use super::*;
use plugin_host::{Cause, Limits};
use proptest::prelude::*;

/// A plugin as wit-component makes it, without what that has no use here: names of types.
const COMPONENT: &str = r#"(component
  (type $host (instance
    (type $levels (enum "debug" "info" "warning" "error"))
    (export "level" (type $level (eq $levels)))
    (export "log" (func (param "level" $level) (param "message" string)))))
  (import "trailglass:detector/host@1.0.0" (instance $host (type $host)))
  (core module $libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (core func $log (canon lower (func $host "log") (memory $memory) string-encoding=utf8))
  (core module $main
    (import "host" "log" (func (param i32 i32 i32)))
    (import "libc" "memory" (memory 1))
    (table 2 funcref)
    (export "memory" (memory 0))
    (func (export "describe") (result i32) i32.const 0)
    (func (export "clean") (param i32))
    (func (export "configure") (param i32 i32) (result i32) i32.const 0)
    (func (export "detect") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) i32.const 0))
  (core instance $main (instantiate $main
    (with "host" (instance (export "log" (func $log))))
    (with "libc" (instance $libc))))
  (alias core export $main "memory" (core memory $again))
  (type $severity (enum "informational" "low" "medium" "high" "critical"))
  (type $strings (list string))
  (type $numbers (list u32))
  (type $grouping (variant (case "each-event") (case "by-fields" $strings) (case "all-events")))
  (type $value (variant (case "flag" bool) (case "integer" s64) (case "text" string) (case "texts" $strings)))
  (type $spec (record (field "name" string) (field "description" string) (field "default" $value)))
  (type $setting (record (field "name" string) (field "value" $value)))
  (type $manifest (record (field "id" string) (field "name" string) (field "version" string)
    (field "description" string) (field "severity" $severity) (field "tactics" $strings) (field "techniques" $strings)
    (field "false-positives" $strings) (field "references" $strings) (field "options" (list $spec))
    (field "select" string) (field "fields" $strings) (field "grouping" $grouping)))
  (type $column (record (field "values" $strings) (field "codes" $numbers)))
  (type $batch (record (field "rows" $numbers) (field "times" (list s64)) (field "columns" (list $column))
    (field "group-starts" $numbers) (field "group-keys" (list $column))))
  (type $finding (record (field "rows" $numbers) (field "why" string) (field "title" (option string))
    (field "severity" (option $severity))))
  (func $describe (result $manifest) (canon lift (core func $main "describe") (memory $again)
    (post-return (core func $main "clean"))))
  (func $configure (param "options" (list $setting)) (result (result (error string)))
    (canon lift (core func $main "configure") (memory $again) (realloc (core func $libc "realloc"))))
  (func $detect (param "batch" $batch) (result (result (list $finding) (error string)))
    (canon lift (core func $main "detect") (memory $again) (realloc (core func $libc "realloc"))))
  (component $names
    (import "a" (func $a (result $manifest)))
    (import "b" (func $b))
    (import "c" (func $c))
    (alias outer 1 $severity (type $inner))
    (export "severity" (type $inner))
    (export "describe" (func $a))
    (export "configure" (func $b))
    (export "detect" (func $c)))
  (instance $detector (instantiate $names
    (with "a" (func $describe)) (with "b" (func $configure)) (with "c" (func $detect))))
  (export "trailglass:detector/detector@1.0.0" (instance $detector)))"#;

fn encoded(changes: &[(&str, &str)]) -> Vec<u8> {
    // An inner component cannot name a type of the outer one in passing.
    let mut text = COMPONENT.replace("(import \"a\" (func $a (result $manifest)))", "(import \"a\" (func $a))");
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    wat::parse_str(&text).unwrap()
}

fn planned(changes: &[(&str, &str)]) -> Result<Plan, Cause> {
    plan(&encoded(changes), &Limits::default())
}

fn check(changes: &[(&str, &str)], expected: &str) {
    let found = planned(changes).err().map(|cause| cause.to_string()).unwrap_or_default();
    assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{found:?}, not {expected:?}");
}

fn at(instance: usize, name: &str) -> At {
    At { instance, name: name.to_owned() }
}

#[test]
fn what_there_is_to_do() {
    let plan = planned(&[]).unwrap();
    let items = vec![("log".to_owned(), Given::Log(Some(at(0, "memory"))))];
    let imports = vec![("host".to_owned(), Source::Items(items)), ("libc".to_owned(), Source::Instance(0))];
    assert_eq!(plan.instances, [Make { module: 0, imports: Vec::new() }, Make { module: 1, imports }]);
    let expected = Export {
        function: at(1, "describe"),
        memory: at(1, "memory"),
        realloc: None,
        post_return: Some(at(1, "clean")),
    };
    assert_eq!(plan.describe, expected);
    assert_eq!(plan.detect.realloc, Some(at(0, "realloc")));
    assert_eq!(plan.memory_bytes, 256 << 20, "the memory of the first module, though the second exports it");
}

#[test]
fn modules_are_bounded() {
    let plan = planned(&[("(memory (export \"memory\") 1)", "(memory 3) (memory (export \"memory\") 1)")]).unwrap();
    let libc = module::Module::read(&plan.modules[0], 0).unwrap();
    let maxima: Vec<_> = libc.memories.iter().map(|memory| memory.max).collect();
    assert_eq!(maxima, [Some(3 + 16), Some(4096 - 3 - 16)]);
    let main = module::Module::read(&plan.modules[1], 0).unwrap();
    assert_eq!(main.tables[0].max, Some(1_000_000));
}

#[test]
fn types_that_are_not_the_contracts() {
    check(&[], "");
    check(
        &[("(field \"rows\" $numbers) (field \"why\"", "(field \"rows\" (list s32)) (field \"why\"")],
        "detect has another type",
    );
    check(&[("\"critical\"", "\"fatal\"")], "describe has another type");
    check(&[("(field \"id\" string)", "(field \"ident\" string)")], "describe has another type");
    check(&[("(param \"options\" (list $setting))", "")], "configure has another type");
    check(&[("(result (result (error string)))", "(result (result))")], "configure has another type");
    check(&[("(param \"message\" string)", "(param \"message\" u32)")], "log has another type");
    check(&[("\"debug\" \"info\"", "\"info\" \"debug\"")], "log has another type");
    check(&[("(option string)", "(list string)")], "detect has another type");
}

#[test]
fn what_plugins_may_not_use() {
    check(&[("(table 2 funcref)", "(table 2 funcref) (tag)")], "exceptions");
    check(&[("(table 2 funcref)", "(type (struct))")], "garbage-collected types");
    check(&[("(table 2 funcref)", "(table i64 2 funcref)")], "64-bit");
    check(&[("(memory (export \"memory\") 1)", "(memory (export \"memory\") 1 2 shared)")], "shared memory");
    check(&[("(memory (export \"memory\") 1)", "(memory (export \"memory\") i64 1)")], "64-bit addresses");
    check(
        &[("(memory (export \"memory\") 1)", "(memory (export \"memory\") 5000)")],
        "limit of 268,435,456 bytes of memory",
    );
    check(&[("(table 2 funcref)", "(table 2000000 funcref)")], "limit of 1,000,000 table elements");
    check(&[("string-encoding=utf8", "string-encoding=utf16")], "not UTF-8");
    check(&[("(realloc (core func $libc \"realloc\"))", "")], "without realloc");
    check(&[("(export \"log\" (func (", "(export \"send\" (func (")], "not log");
    check(&[("detector/detector@1.0.0", "detector/detector@2.0.0")], "exports no trailglass:detector/detector");
    check(&[("(export \"detect\" (func $c))", "")], "exports no detect");
    check(&[("(import \"trail", "(import \"x\" (func)) (import \"trail")], "an import that is no interface");
    check(&[("(with \"a\" (func $describe))", "")], "lacks one of its imports");
}

#[test]
fn calls_between_components_are_known_from_those_that_only_stand_in() {
    let other = |body: &str| {
        let module = format!("(core module $stub (func (export \"now\") {body}))");
        let lowered = "(core instance $stub (instantiate $stub)) (func $now (canon lift (core func $stub \"now\"))) \
             (core func $lowered (canon lower (func $now)))";
        planned(&[("(core module $main", &format!("{module} {lowered} (core module $main"))])
    };
    let plan = other("unreachable").unwrap();
    assert_eq!(plan.instances.len(), 3);
    let why = other("nop").unwrap_err().to_string();
    assert!(why.contains("a component that calls another one"), "{why}");
}

#[test]
fn files_that_cost_more_than_they_should() {
    let nested = format!("(component {} {}", "(component ".repeat(50), ")".repeat(51));
    // One that is not instantiated is not looked into.
    check_text(&nested, "exports no");
    let mut deep = "(component $c0)".to_owned();
    for depth in 1..20 {
        deep = format!("(component $c{depth} {deep} (instance (instantiate $c{})))", depth - 1);
    }
    check_text(&format!("(component {deep} (instance (instantiate $c19)))"), "16 components inside");
    let mut wide = "(component $c0 (core module $m) (core instance (instantiate $m)))".to_owned();
    for depth in 1..12 {
        let inner = format!("(instance (instantiate $c{}))", depth - 1).repeat(10);
        wide = format!("(component $c{depth} {wide} {inner})");
    }
    check_text(&format!("(component {wide} (instance (instantiate $c11)))"), "64 instances");
    let mut empty = "(component $c0)".to_owned();
    for depth in 1..12 {
        let inner = format!("(instance (instantiate $c{}))", depth - 1).repeat(10);
        empty = format!("(component $c{depth} {empty} {inner})");
    }
    check_text(&format!("(component {empty} (instance (instantiate $c11)))"), "bytes of definitions");
    let types = [b"\0asm\x0d\0\x01\0\x07\x80\x80\x01\x01".as_slice(), &b"\x42\x01\x01".repeat(5461)].concat();
    let why = plan(&types, &Limits::default()).unwrap_err().to_string();
    assert!(why.contains("8 types inside one another"), "{why}");
    let globals = "(global i32 (i32.const 0))".repeat(10_000);
    check(&[("(table 2 funcref)", &globals)], "");
}

fn check_text(text: &str, expected: &str) {
    let why = plan(&wat::parse_str(text).unwrap(), &Limits::default()).unwrap_err().to_string();
    assert!(why.contains(expected), "{why}");
}

#[test]
fn files_that_are_something_else() {
    let check = |bytes: &[u8]| assert!(plan(bytes, &Limits::default()).is_err(), "{bytes:?}");
    check(b"");
    check(b"hello");
    check(b"\0asm");
    check(b"\0asm\x01\0\0\0");
    check(b"\0asm\x0d\0\x01\0");
    check(b"\0asm\x0d\0\x01\0\x02\xff\xff\xff\xff\x0f");
}

#[test]
fn every_truncation_ends_in_an_answer() {
    let bytes = encoded(&[]);
    for end in 0..bytes.len() {
        let _ = plan(&bytes[..end], &Limits::default());
    }
}

/// Numbers that follow each other without a pattern that matters here.
fn mixed(seed: u64) -> u64 {
    let mut number = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[test]
fn ten_thousand_damaged_files_end_in_an_answer() {
    let bytes = encoded(&[]);
    for seed in 0..10_000 {
        let mut damaged = bytes.clone();
        for flip in 0..=mixed(seed) % 4 {
            let place = mixed(seed * 8 + flip) as usize;
            let length = damaged.len();
            damaged[place % length] ^= 1 << (place >> 32 & 7);
        }
        damaged.truncate(damaged.len() - (mixed(seed + 7) % 3 * (mixed(seed) >> 32) % 64) as usize);
        if let Ok(plan) = plan(&damaged, &Limits::default()) {
            // Whatever is planned keeps to the limits.
            let pages: u64 = (plan.modules.iter())
                .flat_map(|module| module::Module::read(module, 0).unwrap().memories)
                .map(|memory| memory.max.unwrap())
                .sum();
            assert!(pages * PAGE <= Limits::default().memory_bytes || plan.instances.is_empty(), "{seed}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_an_answer(sections in proptest::collection::vec((0_u8..13, any::<Vec<u8>>()), 0..6)) {
        let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
        for (id, body) in sections {
            bytes.push(id);
            bytes.extend([body.len() as u8 | 0x80, (body.len() >> 7) as u8]);
            bytes.extend(body);
        }
        let _ = plan(&bytes, &Limits::default());
    }
}
