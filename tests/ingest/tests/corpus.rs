//! Every body over its corpus: what fuzzing once found, and a little of everything, in an ordinary test.

use ingest_proof::BODIES;
use std::fs;
use std::path::{Path, PathBuf};

/// Inputs stay small: a corpus is a place to start from.
const MAX_INPUT: u64 = 2 << 10;

#[test]
fn every_body_holds_over_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, body) in BODIES {
        let mut inputs: Vec<PathBuf> = fs::read_dir(corpus.join(name)).unwrap().map(|e| e.unwrap().path()).collect();
        inputs.sort();
        assert!(inputs.len() >= 8, "{name} has {} inputs", inputs.len());
        for input in inputs {
            let data = fs::read(&input).unwrap();
            assert!(data.len() as u64 <= MAX_INPUT, "{} is too large", input.display());
            // Names the input when the body panics.
            println!("{name}: {}", input.display());
            body(&data);
        }
    }
}
