//! The core gives the same answers, byte for byte, natively and as WebAssembly; and they depend on the files alone, not
//! on how many sessions share them, in what pieces they come, or what the hashes are seeded with.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;

use trail_generator::{Plan, Story, gzip};
use trailglass_probe::{File, Input, dump};
use wasmtime::{Engine, Instance, Module, Store};

/// The probe as a module, instantiated.
struct Probe {
    store: Store<()>,
    instance: Instance,
}

impl Probe {
    fn new() -> Self {
        let target = std::env::var_os("TRAILGLASS_TARGET")
            .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")), PathBuf::from);
        let path = target.join("probe/probe.wasm");
        assert!(path.exists(), "{} is missing; run cargo xtask test", path.display());
        let engine = Engine::default();
        let module = Module::from_file(&engine, &path).unwrap();
        let imports: Vec<String> = module.imports().map(|import| import.name().to_owned()).collect();
        assert!(imports.is_empty(), "the core asks its host for {imports:?}");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        Probe { store, instance }
    }

    fn dump(&mut self, input: &Input) -> String {
        let (store, instance) = (&mut self.store, &self.instance);
        let write = instance.get_typed_func::<u64, ()>(&mut *store, "probe_write").unwrap();
        let run = instance.get_typed_func::<u32, u32>(&mut *store, "probe_run").unwrap();
        let read = instance.get_typed_func::<u32, u64>(&mut *store, "probe_read").unwrap();
        let bytes = input.to_bytes();
        for piece in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..piece.len()].copy_from_slice(piece);
            write.call(&mut *store, u64::from_le_bytes(word)).unwrap();
        }
        let length = run.call(&mut *store, bytes.len() as u32).unwrap();
        let mut output = Vec::new();
        for offset in (0..length).step_by(8) {
            output.extend(read.call(&mut *store, offset).unwrap().to_le_bytes());
        }
        output.truncate(length as usize);
        String::from_utf8(output).unwrap()
    }
}

/// A generated trail with a story and repeated deliveries, every other file compressed.
fn trail() -> Vec<File> {
    let plan = Plan { days: 3, ..Plan::week(4_000, 41, Story::Attack) };
    let file = |(number, file): (usize, trail_generator::TrailFile)| {
        let bytes = if number.is_multiple_of(2) { gzip(&file.json) } else { file.json };
        File { name: file.path, bytes }
    };
    trail_generator::files(plan).enumerate().map(file).collect()
}

/// Everything that is broken, twice, so that there are duplicates too.
fn broken() -> Vec<File> {
    let file = |broken: fixtures::Broken| File { name: broken.name.to_owned(), bytes: broken.bytes };
    fixtures::all().into_iter().chain(fixtures::all()).map(file).collect()
}

fn input(files: &[File]) -> Input {
    Input { files: files.to_vec(), shards: 1, piece: 1 << 16, seed: 1 }
}

/// Says where two long texts part.
fn check(what: &str, left: &str, right: &str) {
    if left != right {
        let same = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
        let line = |text: &str| text.lines().nth(same).map(str::to_owned).unwrap_or_default();
        panic!("{what}: line {} differs\n{}\n{}", same + 1, line(left), line(right));
    }
}

#[test]
fn a_trail_gives_the_same_answers_natively_and_in_wasm() {
    let input = input(&trail());
    let native = dump(&input);
    assert!(native.contains("repeated-failed-sign-ins") && native.contains("root-use"), "the story is not told");
    check("a trail", &native, &Probe::new().dump(&input));
}

#[test]
fn broken_logs_give_the_same_answers_natively_and_in_wasm() {
    let input = input(&broken());
    let native = dump(&input);
    assert!(native.contains("GzipCorrupt") && native.contains("NotUtf8"), "nothing is broken");
    check("broken logs", &native, &Probe::new().dump(&input));
}

#[test]
fn answers_depend_on_the_files_alone() {
    let mut probe = Probe::new();
    for files in [trail(), broken()] {
        let expected = dump(&input(&files));
        for (shards, piece, seed) in [(1, 1_000_000, 2), (2, 997, 3), (3, 64, 4), (7, 1 << 16, u64::MAX)] {
            let input = Input { shards, piece, seed, ..input(&files) };
            check(&format!("{shards} shards, pieces of {piece}"), &expected, &dump(&input));
        }
        let input = Input { shards: 3, piece: 777, seed: 99, ..input(&files) };
        check("three shards in wasm", &expected, &probe.dump(&input));
    }
}
