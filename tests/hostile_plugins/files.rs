//! Files that are wrong before they run.

use host_cli::host::Host;
use plugin_host::{Cause, Limits, Stage};

use crate::artefact;

const NOT_A_COMPONENT: &str = "a plugin is a WebAssembly component";

fn check(bytes: &[u8], expected: &str, expected_hint: &str) {
    let host = Host::new(None).unwrap();
    let fault = host.load("file.wasm", bytes, Limits::default()).err().unwrap();
    assert_eq!(fault.stage, Stage::Load, "{fault}");
    assert!(fault.to_string().contains(expected), "{fault}; not: {expected}");
    assert!(fault.to_string().ends_with("(file.wasm)"), "{fault}");
    assert!(fault.hint().unwrap_or_default().contains(expected_hint), "{:?}", fault.hint());
}

/// A component with an empty instance under this name, and these imports.
fn component(export: &str, imports: &str) -> Vec<u8> {
    let text = format!(
        r#"(component {imports} (component $empty) (instance $i (instantiate $empty)) (export "{export}" (instance $i)))"#
    );
    wat::parse_str(text).unwrap()
}

#[test]
fn no_component_at_all() {
    check(b"", "it is not WebAssembly", NOT_A_COMPONENT);
    check(b"title: a Sigma rule\n", "it is not WebAssembly", NOT_A_COMPONENT);
    check(b"\0asm", "the file is damaged", "get the file again");
    check(b"\0asm\x01\0\0\0", "it is a core module, not a component", NOT_A_COMPONENT);
    check(&wat::parse_str("(component)").unwrap(), "it exports no trailglass:detector/detector", NOT_A_COMPONENT);
}

#[test]
fn another_version_of_the_contract() {
    let check_version = |version: &str, expected: &str| {
        check(&component(&format!("trailglass:detector/detector{version}"), ""), expected, "rebuild the plugin");
    };
    check_version("@1.1.0", "it was built for contract 1.1.0; this trailglass runs 1.0.0");
    check_version("@0.1.0", "it was built for contract 0.1.0");
    check_version("", "it was built for contract an unreadable version");
}

#[test]
fn an_import_other_than_log_is_named() {
    let detector = "trailglass:detector/detector@1.0.0";
    let import = |name: &str| component(detector, &format!(r#"(import "{name}" (instance))"#));
    let refused = "a plugin may import nothing but `log`";
    check(&import("wasi:cli/environment@0.2.0"), "it imports wasi:cli/environment@0.2.0", refused);
    check(&import("trailglass:detector/clock@1.0.0"), "it imports trailglass:detector/clock@1.0.0", refused);
    check(&import("trailglass:detector/host-two@1.0.0"), "it imports trailglass:detector/host-two@1.0.0", refused);
}

#[test]
fn right_name_but_wrong_shape() {
    let empty = component("trailglass:detector/detector@1.0.0", "");
    check(&empty, "it does not keep to the contract", "the contract's own WIT");
}

#[test]
fn a_file_that_is_too_large_is_not_looked_at() {
    let limits = Limits { file_bytes: 100, ..Limits::default() };
    let fault = Host::new(None).unwrap().load("x", &[0; 101], limits).err().unwrap();
    assert!(matches!(fault.cause, Cause::Limit { allowed: 100, .. }), "{fault}");
}

#[test]
fn a_component_cut_anywhere_is_refused() {
    let whole = std::fs::read(artefact("plugins/console-login-after-failures.wasm")).unwrap();
    let host = Host::new(None).unwrap();
    assert!(host.load("whole", &whole, Limits::default()).is_ok());
    let lengths = (0..64).chain((64..whole.len()).step_by(997)).chain([whole.len() - 1]);
    for length in lengths {
        let fault = host.load("cut", &whole[..length], Limits::default()).err();
        assert!(fault.is_some_and(|fault| fault.stage == Stage::Load), "cut after {length} bytes");
    }
}

#[test]
fn damage_never_panics() {
    let whole = std::fs::read(artefact("plugins/console-login-after-failures.wasm")).unwrap();
    let limits = Limits { fuel: 10_000_000, ..Limits::default() };
    let host = Host::new(None).unwrap();
    for turn in 0..40_usize {
        let mut damaged = whole.clone();
        for place in 0..3 {
            let at = (turn * 2_654_435_761 + place * 40_503) % damaged.len();
            damaged[at] ^= 1 << (turn % 8);
        }
        // Whether it loads is up to where it hit; that this returns is what counts.
        let _ = host.load("damaged", &damaged, limits.clone());
    }
}
