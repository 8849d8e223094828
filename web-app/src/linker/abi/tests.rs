//! The codec over a memory of bytes: what is written is what a plugin would read, and nothing that a plugin answers does
//! more than end in a fault.

use super::guest::Guest;
use super::{lift, lower};
use analyzer_core::detect::Severity;
use plugin_host::{Batch, Cause, Column, Grouping, Limits, OptionSetting, OptionValue, PluginFinding};
use proptest::prelude::*;
use std::cell::{Cell, RefCell};

/// A plugin whose realloc takes the next place.
struct Fake {
    bytes: RefCell<Vec<u8>>,
    next: Cell<u32>,
    /// How far apart allocations are: like headers of an allocator.
    gap: u32,
}

impl Fake {
    fn new(size: usize, gap: u32) -> Fake {
        Fake { bytes: RefCell::new(vec![0xaa; size]), next: Cell::new(8), gap }
    }

    /// Puts bytes somewhere, for an answer.
    fn place(&self, bytes: &[u8]) -> u32 {
        let at = self.next.get().next_multiple_of(8);
        self.next.set(at + bytes.len() as u32);
        self.write(at, bytes);
        at
    }

    fn number(&self, at: u32) -> u32 {
        let mut bytes = [0; 4];
        self.read(at, &mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn text(&self, at: u32) -> String {
        let mut bytes = vec![0; self.number(at + 4) as usize];
        self.read(self.number(at), &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    fn numbers(&self, at: u32, items: u32) -> Vec<u32> {
        (0..items).map(|item| self.number(at + 4 * item)).collect()
    }

    fn texts(&self, at: u32) -> Vec<String> {
        (0..self.number(at + 4)).map(|item| self.text(self.number(at) + 8 * item)).collect()
    }
}

impl Guest for Fake {
    fn size(&self) -> u64 {
        self.bytes.borrow().len() as u64
    }

    fn read(&self, at: u32, into: &mut [u8]) {
        into.copy_from_slice(&self.bytes.borrow()[at as usize..at as usize + into.len()]);
    }

    fn write(&self, at: u32, bytes: &[u8]) {
        self.bytes.borrow_mut()[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
    }

    fn allocate(&self, align: u32, sizes: &[u32]) -> Result<Vec<u32>, Cause> {
        let one = |&size: &u32| {
            let at = self.next.get().next_multiple_of(align);
            self.next.set(at + size + self.gap);
            at
        };
        Ok(sizes.iter().map(one).collect())
    }
}

fn column<'a>(values: &[&'a str], codes: &[u32]) -> Column<'a> {
    Column { values: values.to_vec(), codes: codes.to_vec() }
}

fn batch() -> Batch<'static> {
    Batch {
        rows: vec![3, 1, 2],
        times: vec![i64::MIN, 0, 1_700_000_000_000],
        columns: vec![column(&["", "東京", "b"], &[0, u32::MAX, 2]), column(&[], &[u32::MAX; 3])],
        group_starts: vec![0, 2],
        group_keys: vec![column(&["k"], &[0, u32::MAX])],
    }
}

#[test]
fn a_batch_is_written_as_a_plugin_reads_it() {
    for gap in [0, 16, 100_000] {
        let guest = Fake::new(4 << 20, gap);
        let flat = lower::batch(&guest, &batch()).unwrap();
        let [rows, 3, times, 3, columns, 2, starts, 2, keys, 1] = flat[..] else { panic!("{flat:?}") };
        assert_eq!(guest.numbers(rows, 3), [3, 1, 2]);
        assert_eq!(times % 8, 0);
        assert_eq!(guest.numbers(times, 4), [0, 0x8000_0000, 0, 0]);
        assert_eq!(guest.texts(columns), ["", "東京", "b"]);
        assert_eq!(guest.numbers(guest.number(columns + 8), 3), [0, u32::MAX, 2]);
        assert_eq!(guest.texts(columns + 16), [""; 0]);
        assert_eq!(guest.number(columns + 16 + 12), 3);
        assert_eq!(guest.numbers(starts, 2), [0, 2]);
        assert_eq!(guest.texts(keys), ["k"]);
    }
}

#[test]
fn options_are_written_as_a_plugin_reads_them() {
    let guest = Fake::new(1 << 12, 0);
    let setting = |name: &str, value| OptionSetting { name: name.to_owned(), value };
    let settings = [
        setting("flag", OptionValue::Flag(true)),
        setting("integer", OptionValue::Integer(-2)),
        setting("text", OptionValue::Text("t".to_owned())),
        setting("texts", OptionValue::Texts(vec!["a".to_owned(), String::new()])),
    ];
    let flat = lower::settings(&guest, &settings).unwrap();
    let [at, 4] = flat[..] else { panic!("{flat:?}") };
    assert_eq!(at % 8, 0);
    let names: Vec<String> = (0..4).map(|option| guest.text(at + 24 * option)).collect();
    assert_eq!(names, ["flag", "integer", "text", "texts"]);
    let cases: Vec<u32> = (0..4).map(|option| guest.number(at + 24 * option + 8)).collect();
    assert_eq!(cases, [0, 1, 2, 3]);
    assert_eq!(guest.number(at + 16), 1);
    assert_eq!(guest.numbers(at + 24 + 16, 2), [-2_i32 as u32, u32::MAX]);
    assert_eq!(guest.text(at + 48 + 16), "t");
    assert_eq!(guest.texts(at + 72 + 16), ["a", ""]);
}

/// A plugin that gives places outside of its memory, or not aligned.
struct Liar(u32);

impl Guest for Liar {
    fn size(&self) -> u64 {
        64
    }
    fn read(&self, _: u32, _: &mut [u8]) {
        panic!("read where nothing is");
    }
    fn write(&self, _: u32, bytes: &[u8]) {
        assert!(bytes.is_empty(), "wrote where nothing is");
    }
    fn allocate(&self, _: u32, sizes: &[u32]) -> Result<Vec<u32>, Cause> {
        Ok(vec![self.0; sizes.len()])
    }
}

#[test]
fn places_are_checked_before_they_are_used() {
    for place in [1, 2, 60, 64, 65, u32::MAX] {
        let fault = lower::batch(&Liar(place), &batch()).unwrap_err();
        assert!(fault.to_string().contains("not in its memory"), "{place}: {fault}");
    }
}

/// The parts of a finding in memory: rows, why, title, severity.
fn finding(guest: &Fake, rows: &[u32], why: &str, title: Option<&str>, severity: Option<u8>) -> Vec<u8> {
    let pair = |at: u32, items: usize| [at.to_le_bytes(), (items as u32).to_le_bytes()].concat();
    let rows_at = guest.place(&rows.iter().flat_map(|row| row.to_le_bytes()).collect::<Vec<u8>>());
    let title_at = title.map_or(0, |title| guest.place(title.as_bytes()));
    let mut image = pair(rows_at, rows.len());
    image.extend(pair(guest.place(why.as_bytes()), why.len()));
    image.extend([u8::from(title.is_some()), 9, 9, 9]);
    image.extend(pair(title_at, title.map_or(0, str::len)));
    image.extend([u8::from(severity.is_some()), severity.unwrap_or(9), 9, 9]);
    image
}

fn answer(guest: &Fake, case: u8, list: &[u8], items: u32) -> u32 {
    let at = guest.place(list);
    guest.place(&[&[case, 9, 9, 9][..], &at.to_le_bytes(), &items.to_le_bytes()].concat())
}

#[test]
fn findings_are_read() {
    let guest = Fake::new(1 << 16, 0);
    let list = [finding(&guest, &[1, 7], "why", None, None), finding(&guest, &[], "", Some("東"), Some(4))].concat();
    let at = answer(&guest, 0, &list, 2);
    let expected = [
        PluginFinding { rows: vec![1, 7], why: "why".to_owned(), title: None, severity: None },
        PluginFinding {
            rows: Vec::new(),
            why: String::new(),
            title: Some("東".to_owned()),
            severity: Some(Severity::Critical),
        },
    ];
    assert_eq!(lift::findings(&guest, at, &Limits::default()).unwrap(), expected);
    let at = answer(&guest, 1, b"no good", 7);
    assert_eq!(lift::findings(&guest, at, &Limits::default()), Err(Cause::Refused("no good".to_owned())));
    assert_eq!(lift::configured(&guest, at, &Limits::default()), Err(Cause::Refused("no good".to_owned())));
    let at = answer(&guest, 0, b"", 0);
    assert_eq!(lift::configured(&guest, at, &Limits::default()), Ok(()));
}

#[test]
fn answers_are_measured_before_they_are_read() {
    let limits = Limits::default();
    let check = |change: &dyn Fn(&Fake) -> u32, expected: &str| {
        let guest = Fake::new(40 << 20, 0);
        let at = change(&guest);
        let found = lift::findings(&guest, at, &limits).unwrap_err().to_string();
        assert!(found.contains(expected), "{found:?}, not {expected:?}");
    };
    let one = |guest: &Fake, place: usize, bytes: &[u8]| {
        let mut list = finding(guest, &[1], "why", Some("title"), Some(1));
        list[place..place + bytes.len()].copy_from_slice(bytes);
        answer(guest, 0, &list, 1)
    };
    check(&|guest| answer(guest, 0, b"", u32::MAX), "not in its memory");
    check(&|guest| answer(guest, 0, b"", 1_000_000), "limit of 16,777,216 bytes of an answer");
    check(&|guest| answer(guest, 0, b"", 10_001), "limit of 10,000 findings");
    check(&|guest| one(guest, 12, &20_000_000_u32.to_le_bytes()), "limit of 16,777,216 bytes of an answer");
    check(&|guest| answer(guest, 2, b"", 0), "a case that");
    check(&|guest| one(guest, 12, &9_000_u32.to_le_bytes()), "8,192 bytes of text");
    check(&|guest| one(guest, 24, &u32::MAX.to_le_bytes()), "8,192 bytes of text");
    check(&|guest| one(guest, 4, &u32::MAX.to_le_bytes()), "not in its memory");
    check(&|guest| one(guest, 4, &5_000_000_u32.to_le_bytes()), "bytes of an answer");
    check(&|guest| one(guest, 0, &1_u32.to_le_bytes()), "not aligned");
    check(&|guest| one(guest, 8, &((40_u32 << 20) - 2).to_le_bytes()), "not in its memory");
    check(&|guest| one(guest, 16, &[2]), "a case that");
    check(&|guest| one(guest, 29, &[5]), "a case that");
    check(&|guest| one(guest, 28, &[7]), "a case that");
    check(
        &|guest| {
            let at = guest.place(b"\xff\xfe\xfd");
            one(guest, 8, &at.to_le_bytes())
        },
        "not UTF-8",
    );
    check(&|_| 3, "not aligned");
    check(&|_| u32::MAX - 3, "not in its memory");
}

#[test]
fn a_manifest_is_read() {
    let guest = Fake::new(1 << 16, 0);
    let pair = |at: u32, items: u32| [at.to_le_bytes(), items.to_le_bytes()].concat();
    let text = |text: &str| pair(guest.place(text.as_bytes()), text.len() as u32);
    let texts = |all: &[&str]| {
        let list: Vec<u8> = all.iter().flat_map(|one| text(one)).collect();
        pair(guest.place(&list), all.len() as u32)
    };
    let option =
        [text("speed"), text("How fast."), vec![1, 0, 0, 0, 0, 0, 0, 0], (-7_i64).to_le_bytes().to_vec()].concat();
    let image = [
        ["an-id", "Name", "1.0", "About it."].map(text).concat(),
        vec![3, 9, 9, 9],
        [texts(&["TA1"]), texts(&["T1", "T2"]), texts(&[]), texts(&["r"])].concat(),
        pair(guest.place(&option), 1),
        text("eventName:a"),
        texts(&["eventName"]),
        vec![1, 9, 9, 9],
        texts(&["eventName"]),
    ]
    .concat();
    let manifest = lift::manifest(&guest, guest.place(&image)).unwrap();
    assert_eq!([manifest.id, manifest.name, manifest.version], ["an-id", "Name", "1.0"]);
    assert_eq!(manifest.severity, Severity::High);
    assert_eq!((manifest.tactics.len(), manifest.techniques.len(), manifest.false_positives.len()), (1, 2, 0));
    assert_eq!(manifest.references, ["r"]);
    assert_eq!((manifest.options[0].name.as_str(), &manifest.options[0].default), ("speed", &OptionValue::Integer(-7)));
    assert_eq!((manifest.select.as_str(), manifest.fields.len()), ("eventName:a", 1));
    assert_eq!(manifest.grouping, Grouping::ByFields(vec!["eventName".to_owned()]));
}

#[test]
fn lines_are_cut_between_characters() {
    let guest = Fake::new(1 << 12, 0);
    let at = guest.place("a東b".as_bytes());
    let check = |length, most, expected: Result<(&str, bool), &str>| {
        let found = lift::line(&guest, at, length, most, &Limits::default());
        let expected = expected.map(|(text, is_longer)| (text.to_owned(), is_longer));
        assert_eq!(found.map_err(|cause| cause.to_string()), expected.map_err(str::to_owned));
    };
    check(5, 10, Ok(("a東b", false)));
    check(5, 5, Ok(("a東b", false)));
    check(5, 4, Ok(("a東", true)));
    check(5, 3, Ok(("a", true)));
    check(5, 0, Ok(("", true)));
    check(2, 10, Err("its answer breaks the contract: a text that is not UTF-8"));
    check(5000, 10, Err("its answer breaks the contract: an address that is not in its memory or not aligned"));
}

proptest! {
    #[test]
    fn any_memory_ends_in_an_answer(bytes in proptest::collection::vec(prop_oneof![Just(0), Just(1), Just(8), any::<u8>()], 0..400), at in 0_u32..300) {
        let guest = Fake { bytes: RefCell::new(bytes), next: Cell::new(0), gap: 0 };
        let limits = Limits::default();
        let _ = lift::findings(&guest, at, &limits);
        let _ = lift::manifest(&guest, at);
        let _ = lift::configured(&guest, at, &limits);
        let _ = lift::line(&guest, at, at, 100, &limits);
    }
}
