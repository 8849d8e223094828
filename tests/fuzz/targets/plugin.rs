//! Fuzzes one body of `ingest-proof`: see the README of this workspace.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ingest_proof::plugin(data));
