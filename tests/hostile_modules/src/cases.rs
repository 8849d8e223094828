//! What each does.

use crate::module::Parts;

/// A plugin that no compiler would make.
pub struct Case {
    /// Its name, which is its id too.
    pub name: &'static str,
    /// Its component.
    pub bytes: Vec<u8>,
}

/// All of them. The first has no fault.
pub fn cases() -> Vec<Case> {
    let mut all = vec![case("made-by-hand", |_| {})];
    all.extend(without_end());
    all.extend(too_large());
    all.extend(wrong_memory());
    all.extend(wrong_manifest());
    all.push(Case { name: "nests-types", bytes: nested_types(60_000) });
    all.push(Case { name: "nests-components", bytes: nested_components(10_000) });
    all.push(case("shows-nan-bits", |parts| {
        // A sentence whose letters depend on the sign of 0/0, which engines may choose.
        parts.detect = "(i32.store8 (i32.const 8192) (i32.add (i32.const 65)
            (i32.wrap_i64 (i64.shr_u (i64.reinterpret_f64 (f64.div (f64.const 0) (f64.const 0))) (i64.const 63)))))
            (i32.store (i32.const 4104) (i32.const 8192)) (i32.store (i32.const 4108) (i32.const 1))
            (i32.store (i32.const 4224) (i32.load (local.get $rows))) (i32.const 5120)"
            .to_owned();
    }));
    all
}

fn without_end() -> Vec<Case> {
    let forever = "(loop $again (br $again)) (unreachable)";
    vec![
        case("loops-in-configure", |parts| parts.configure = forever.to_owned()),
        case("loops-in-realloc", |parts| parts.realloc = forever.to_owned()),
        case("loops-in-start", |parts| {
            parts.more = "(func $start (loop $again (br $again))) (start $start)".to_owned();
        }),
        case("calls-itself", |parts| {
            parts.more = "(func $deep (param i64 i64 i64 i64) (result i64)
                (i64.add (i64.const 1) (call $deep (local.get 0) (local.get 1) (local.get 2) (local.get 3))))"
                .to_owned();
            parts.detect =
                "(drop (call $deep (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4))) (i32.const 5120)"
                    .to_owned();
        }),
    ]
}

fn too_large() -> Vec<Case> {
    vec![
        case("declares-four-gigabytes", |parts| parts.pages = 65_536),
        // Some may want to give it so much.
        case("declares-half-a-gigabyte", |parts| parts.pages = 8_192),
        case("declares-a-huge-table", |parts| parts.more = "(table 100000000 funcref)".to_owned()),
        case("has-ten-thousand-globals", |parts| {
            parts.more = (0..10_000).map(|n| format!("(global (mut i64) (i64.const {n}))")).collect();
        }),
        // All of it is there, and more than an answer may have.
        case("writes-a-hundred-megabytes", |parts| {
            parts.pages = 2_000;
            parts.detect = why(0x10_0000, 100_000_000);
        }),
        case("says-ten-thousand-fields", |parts| {
            parts.fields = 10_000;
            // Each is the same text: the list is written before it is handed over.
            parts.describe = "(local $at i32) (local.set $at (i32.const 131072))
                (loop $next
                  (i64.store (local.get $at) (i64.load (i32.const 3072)))
                  (local.set $at (i32.add (local.get $at) (i32.const 8)))
                  (br_if $next (i32.lt_u (local.get $at) (i32.const 211072))))
                (i32.store (i32.const 1108) (i32.const 131072)) (i32.const 1024)"
                .to_owned();
        }),
    ]
}

fn wrong_memory() -> Vec<Case> {
    let answer =
        |text: &str| format!("(i32.store (i32.const 4224) (i32.load (local.get $rows))) {text} (i32.const 5120)");
    vec![
        case("points-out-of-memory", |parts| parts.detect = why(0x7fff_0000, 8)),
        case("ends-out-of-memory", |parts| parts.detect = why(32 * 65_536 - 4, 8)),
        case("overflows-an-address", |parts| parts.detect = why(0xffff_fff0, 0xffff_ffff)),
        case("answers-out-of-memory", |parts| parts.detect = "(i32.const 0x7fff0000)".to_owned()),
        case("answers-between-words", |parts| parts.detect = "(i32.const 5121)".to_owned()),
        case("points-between-words", |parts| {
            parts.detect = answer("(i32.store (i32.const 5124) (i32.const 4097))");
        }),
        case("has-endless-findings", |parts| {
            parts.detect = answer("(i32.store (i32.const 5128) (i32.const 0xffffffff))");
        }),
        case("breaks-utf-8", |parts| {
            parts.detect = answer(
                "(i32.store8 (i32.const 8192) (i32.const 255))
                (i32.store (i32.const 4104) (i32.const 8192)) (i32.store (i32.const 4108) (i32.const 1))",
            );
        }),
        case("has-no-such-case", |parts| parts.detect = answer("(i32.store8 (i32.const 5120) (i32.const 9))")),
        case("has-no-such-severity", |parts| {
            parts.detect =
                answer("(i32.store8 (i32.const 4124) (i32.const 1)) (i32.store8 (i32.const 4125) (i32.const 77))");
        }),
        case("allocates-out-of-memory", |parts| parts.realloc = "(i32.const 0x7fff0000)".to_owned()),
        case("allocates-between-words", |parts| parts.realloc = "(i32.const 65537)".to_owned()),
    ]
}

fn wrong_manifest() -> Vec<Case> {
    vec![
        case("has-a-wrong-query", |parts| parts.select = "eventName:(".to_owned()),
        case("has-a-name-that-clears-screens", |parts| parts.name = "\u{1b}[2Jred".to_owned()),
        case("describes-out-of-memory", |parts| parts.describe = "(i32.const -8)".to_owned()),
    ]
}

/// A component: its first eight bytes.
const HEADER: [u8; 8] = *b"\0asm\x0d\0\x01\0";

/// One instance type in the other, so deep that reading them by recursion ends a program.
fn nested_types(depth: usize) -> Vec<u8> {
    // One type: an instance with one declaration, which is a type.
    let types = [vec![1], [0x42, 1, 1].repeat(depth), vec![0x42, 0]].concat();
    in_detector(&section(7, &types))
}

/// One component in the other.
fn nested_components(depth: usize) -> Vec<u8> {
    in_detector(&section(4, &(0..depth).fold(HEADER.to_vec(), |inner, _| [&HEADER[..], &section(4, &inner)].concat())))
}

/// A component that says it is a detector, with this section before all others.
#[allow(clippy::expect_used, reason = "a case that cannot be made is a broken test")]
fn in_detector(section: &[u8]) -> Vec<u8> {
    let detector = format!("trailglass:detector/detector@{}", trailglass_contract::VERSION);
    let text =
        format!(r#"(component (component $c) (instance $i (instantiate $c)) (export "{detector}" (instance $i)))"#);
    let outer = wat::parse_str(text).expect("the text is a component");
    [&outer[..HEADER.len()], section, &outer[HEADER.len()..]].concat()
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    let mut section = vec![id];
    let mut length = content.len();
    while length >= 0x80 {
        section.push(length as u8 | 0x80);
        length >>= 7;
    }
    section.push(length as u8);
    section.extend(content);
    section
}

/// The body of `detect` with one finding whose sentence is said to be there.
fn why(at: u32, length: u32) -> String {
    format!(
        "(i32.store (i32.const 4104) (i32.const {at})) (i32.store (i32.const 4108) (i32.const {length}))
         (i32.store (i32.const 4224) (i32.load (local.get $rows))) (i32.const 5120)"
    )
}

fn case(name: &'static str, change: impl FnOnce(&mut Parts)) -> Case {
    let mut parts = Parts::good(name);
    change(&mut parts);
    Case { name, bytes: parts.component() }
}
