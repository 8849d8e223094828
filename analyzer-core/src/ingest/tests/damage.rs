//! Broken sources: what was good is kept, what is broken is told, and nothing panics.

use super::*;
use Wrapping::{Gzip, Tar, Zip, Zstd};
use proptest::prelude::*;

/// One small source of each kind, and how many records it has.
fn samples() -> Vec<(&'static str, Vec<u8>, u64)> {
    use Sizes::*;
    let (one, two) = (log(1, 1), log(2, 1));
    let files: [(&str, &[u8]); 2] = [("a", &one), ("b", &two)];
    let entries = |method, sizes| [Entry::new("a", method, &one, sizes), Entry::new("b", method, &two, sizes)];
    vec![
        ("gzip", gzip(&one), 1),
        ("gzip twice", [gzip(&one), gzip(&two)].concat(), 2),
        ("zstd", zstd(&one), 1),
        ("zstd twice", [zstd(&one), zstd(&two)].concat(), 2),
        ("zip", zip(&files), 2),
        ("zip stored", zip_of(&entries(0, Header)), 2),
        ("zip stored, described", zip_of(&entries(0, Signed)), 2),
        ("zip described", zip_of(&entries(8, Bare)), 2),
        ("zip of zstd", zip_of(&entries(93, SignedWide)), 2),
        ("zip64", zip_of(&entries(8, Zip64)), 2),
        ("tar", tar(&files), 2),
        ("tar.gz", gzip(&tar(&files)), 2),
        ("tar.zst", zstd(&tar(&files)), 2),
        ("zip of gzip", zip(&[("a", &gzip(&one)), ("b", &gzip(&two))]), 2),
        ("zip in zip", zip(&[("in.zip", &zip(&files))]), 2),
        ("tar in zip", zip_of(&[Entry::new("in.tar", 8, &tar(&files), Signed)]), 2),
        ("zip with large sizes", zip_with(&files, ::zip::write::SimpleFileOptions::default().large_file(true)), 2),
        ("utf-16", utf16(&one, u16::to_le_bytes), 1),
        ("utf-16, high byte first", utf16(&one, u16::to_be_bytes), 1),
    ]
}

/// Length of the tar up to which something is missing.
fn tar_end() -> usize {
    1024 + 512 + log(2, 1).len()
}

#[test]
fn cut_at_every_byte() {
    for (name, bytes, kept) in samples() {
        let whole = read(&bytes, usize::MAX);
        assert_eq!((whole.kept(), whole.has_fault()), (kept, false), "{name}: {:?}", whole.short());
        let mut before = 0;
        for cut in 0..bytes.len() {
            let reading = read(&bytes[..cut], if cut % 2 == 0 { usize::MAX } else { 5 });
            // Where one gzip member, frame or tar entry ends, a whole source may end too.
            let may_be_whole = match name {
                "tar" => cut >= tar_end() || cut == 1024 || (512 + log(1, 1).len()..=1024).contains(&cut),
                "gzip twice" | "zstd twice" => reading.kept() == 1,
                _ => false,
            };
            assert!(reading.has_fault() || may_be_whole, "{name} cut at {cut}: {:?}", reading.short());
            assert!(reading.kept() >= before, "{name} cut at {cut}: {:?}", reading.short());
            before = reading.kept();
        }
        assert_eq!(before, kept, "{name}: all records are there before the last byte");
    }
}

#[test]
fn a_cut_is_told_where_it_is() {
    let bytes = zip(&[("a", &log(1, 1)), ("b", &log(2, 1))]);
    let second = read(&bytes, 100).accounts[2].restart.at() as usize;
    let cut = second + 60;
    let truncated = |read| Fault::from(ContainerFault::ZipTruncated { read });
    check(
        &bytes[..cut],
        &[
            ("", &[Zip], 0, &[truncated(cut as u64)]),
            (" › a", &[], 1, &[]),
            (" › b", &[], 0, &[ContainerFault::MemberTruncated.into()]),
        ],
    );
    let bytes = tar(&[("a", &log(1, 1)), ("b", &log(2, 1))]);
    check(
        &bytes[..1600],
        &[
            ("", &[Tar], 0, &[ContainerFault::TarTruncated { read: 1600 }.into()]),
            (" › a", &[], 1, &[]),
            (" › b", &[], 0, &[ContainerFault::MemberTruncated.into()]),
        ],
    );
    let bytes = zstd(&log(1, 1));
    let read = bytes.len() as u64 - 2;
    check(&bytes[..read as usize], &[("", &[Zstd], 1, &[ContainerFault::ZstdTruncated { read }.into()])]);
}

#[test]
fn one_broken_entry_takes_no_other_with_it() {
    use Sizes::*;
    let good = |n| Entry::new("good", 8, &log(n, 1), Header);
    let broken = |entry: Entry, fault: ContainerFault, kept| {
        let bytes = zip_of(&[good(1), entry, good(3)]);
        check(
            &bytes,
            &[
                ("", &[Zip], 0, &[]),
                (" › good", &[], 1, &[]),
                (" › bad", &[], kept, &[fault.into()]),
                (" › good", &[], 1, &[]),
            ],
        );
    };
    let bad = |method, sizes| Entry::new("bad", method, &log(2, 1), sizes);
    for sizes in [Header, Signed, Both, SignedWide] {
        for method in [0, 8, 93] {
            if (method, sizes) != (0, Signed) && (method, sizes) != (0, SignedWide) && (method == 8 || sizes == Header)
            {
                broken(Entry { crc: 1, ..bad(method, sizes) }, ContainerFault::MemberChecksum, 1);
            }
        }
        let mut corrupt = bad(8, sizes);
        corrupt.data[0] = 0xff;
        broken(corrupt, ContainerFault::MemberCorrupt { at: 1 }, 0);
        broken(Entry { flags: 1, ..bad(8, sizes) }, ContainerFault::Encrypted, 0);
        broken(Entry { method: 12, ..bad(0, sizes) }, ContainerFault::Method { method: 12 }, 0);
    }
    let mut short = bad(8, Header);
    short.data.truncate(20);
    broken(short, ContainerFault::MemberCorrupt { at: 20 }, 0);
    let mut long = bad(8, Header);
    let at = long.data.len() as u64;
    long.data.extend(b"more");
    broken(long, ContainerFault::MemberCorrupt { at }, 1);
    broken(Entry { size: 5, ..bad(8, Header) }, ContainerFault::MemberChecksum, 1);
}

#[test]
fn a_directory_that_does_not_fit() {
    let entry = |n| Entry::new("f", 8, &log(n, 1), Sizes::Header);
    let both = zip_of(&[entry(1), entry(2)]);
    let one = zip_of(&[entry(1)]);
    let second = read(&both, 100).accounts[2].restart.at() as usize;
    let hidden = [&both[..second], &one].concat();
    let fault = Fault::from(ContainerFault::ZipDirectory { listed: 1, found: 2 });
    check(&hidden, &[("", &[Zip], 0, &[fault]), (" › f", &[], 1, &[]), (" › f", &[], 1, &[])]);
    let at = one.len() as u64;
    let trailing = Fault::from(ContainerFault::ZipTrailing { at });
    check(&[one.as_slice(), b"more"].concat(), &[("", &[Zip], 0, &[trailing]), (" › f", &[], 1, &[])]);
    let lost = Fault::from(ContainerFault::ZipCorrupt { at: second as u64 });
    let junk = [&both[..second], b"junk", &both[second..]].concat();
    check(&junk, &[("", &[Zip], 0, &[lost]), (" › f", &[], 1, &[])]);
}

#[test]
fn a_broken_tar_header_is_passed_over() {
    let file = |n: u32| [tar_header(b"f", b'0', &octal(log(n, 1).len()), b"ustar\x0000"), blocks(&log(n, 1))].concat();
    let mut middle = file(2);
    middle[0] = b'x';
    let fault = Fault::from(ContainerFault::TarCorrupt { at: 1024 });
    let bytes = [file(1), middle, file(3)].concat();
    check(&bytes, &[("", &[Tar], 0, &[fault]), (" › f", &[], 1, &[]), (" › f", &[], 1, &[])]);
}

#[test]
fn damage_inside_of_a_member_is_told_there() {
    let mut wrong = gzip(&log(2, 1));
    let end = wrong.len();
    wrong[end - 8] ^= 1;
    let fault = Fault::GzipChecksum { at: end as u64 };
    let bytes = tar(&[("a", &log(1, 1)), ("b.gz", &wrong), ("c", &log(3, 1))]);
    check(
        &bytes,
        &[("", &[Tar], 0, &[]), (" › a", &[], 1, &[]), (" › b.gz", &[Gzip], 1, &[fault]), (" › c", &[], 1, &[])],
    );
}

#[test]
fn zstd_faults() {
    let good = zstd(&log(1, 1));
    let n = good.len();
    let mut wrong = good.clone();
    wrong[n - 1] ^= 1;
    check(&wrong, &[("", &[Zstd], 1, &[ContainerFault::ZstdChecksum { at: n as u64 }.into()])]);
    let trailing = ContainerFault::ZstdTrailing { at: n as u64 };
    check(&[good.as_slice(), b"more"].concat(), &[("", &[Zstd], 1, &[trailing.into()])]);
    let asked = 1 << 31;
    check(b"\x28\xb5\x2f\xfd\0\xa8", &[("", &[Zstd], 0, &[ContainerFault::ZstdWindow { asked }.into()])]);
    check(b"\x28\xb5\x2f\xfd\x21\x07\x05", &[("", &[Zstd], 0, &[ContainerFault::ZstdDictionary.into()])]);
    check(b"\x28\xb5\x2f\xfd\0\x58\x07\0\0", &[("", &[Zstd], 0, &[ContainerFault::ZstdCorrupt { at: 6 }.into()])]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bits(
        sample in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..6),
        piece in 1usize..400,
    ) {
        static SAMPLES: std::sync::LazyLock<Vec<(&str, Vec<u8>, u64)>> = std::sync::LazyLock::new(samples);
        let mut bytes = sample.get(&SAMPLES).1.clone();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        let reading = read(&bytes, piece);
        prop_assert_eq!(reading.short(), read(&bytes, usize::MAX).short());
    }

    #[test]
    fn noise_behind_every_magic_number(
        start in prop::sample::select(vec![&b"\x1f\x8b\x08"[..], b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"\xff\xfe", b""]),
        noise in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        read(&[start, &noise].concat(), 50);
    }
}
