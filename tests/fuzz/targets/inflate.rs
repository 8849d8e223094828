#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ingest_proof::inflate(data));
