//! Good sources: each wrapping, and wrappings in wrappings.

use super::*;
use Wrapping::{Gzip, Tar, Utf16, Zip, Zstd};

const NO_MEMBERS: Fault = Fault::NotCloudTrail(NotCloudTrail::NoMembers);

#[test]
fn one_text() {
    let text = log(1, 3);
    check(&text, &[("", &[], 3, &[])]);
    check(&gzip(&text), &[("", &[Gzip], 3, &[])]);
    check(&zstd(&text), &[("", &[Zstd], 3, &[])]);
    check(&[gzip(&log(1, 2)), gzip(&log(3, 2))].concat(), &[("", &[Gzip], 4, &[])]);
    let skipped = b"\x53\x2a\x4d\x18\x05\0\0\0other".to_vec();
    let frames = [skipped.clone(), zstd(&log(1, 2)), skipped, zstd(&log(3, 2))].concat();
    check(&frames, &[("", &[Zstd], 4, &[])]);
    check(&[b"\xef\xbb\xbf", text.as_slice()].concat(), &[("", &[], 3, &[])]);
    check(&utf16(&text, u16::to_le_bytes), &[("", &[Utf16], 3, &[])]);
    check(&utf16(&text, u16::to_be_bytes), &[("", &[Utf16], 3, &[])]);
    check(&gzip(&utf16(&text, u16::to_be_bytes)), &[("", &[Gzip, Utf16], 3, &[])]);
    check(b"", &[("", &[], 0, &[Fault::Empty])]);
    check(&[0x1f], &[("", &[], 0, &[Fault::NotCloudTrail(NotCloudTrail::NotJson)])]);
}

#[test]
fn offsets_count_in_utf_8() {
    let text = log(1, 3);
    let place = |bytes: &[u8]| read(bytes, 5).places;
    assert_eq!(place(&utf16(&text, u16::to_le_bytes)), place(&text));
    let with_bom = place(&[b"\xef\xbb\xbf", text.as_slice()].concat());
    assert_eq!(with_bom[0].offset, place(&text)[0].offset + 3);
}

#[test]
fn several_members() {
    let (one, two) = (log(1, 2), log(3, 1));
    let files: [(&str, &[u8]); 6] = [
        ("a/", b""),
        ("a/one.json", &one),
        ("__MACOSX/a/._one.json", b"x"),
        ("a/.DS_Store", b"x"),
        ("two.json.gz", &gzip(&two)),
        ("picture", b"\x89PNG"),
    ];
    let members: [(&str, &[Wrapping], u64, &[Fault]); 3] = [
        (" › a/one.json", &[], 2, &[]),
        (" › two.json.gz", &[Gzip], 1, &[]),
        (" › picture", &[], 0, &[Fault::NotCloudTrail(NotCloudTrail::NotJson)]),
    ];
    let with = |archive: &'static [Wrapping]| [vec![("", archive, 0, &[] as &[Fault])], members.to_vec()].concat();
    let reading = check(&zip(&files), &with(&[Zip]));
    assert_eq!(reading.accounts[2].bytes_read, zip_size(&gzip(&two)));
    check(&tar(&files), &with(&[Tar]));
    check(&gzip(&tar(&files)), &with(&[Gzip, Tar]));
    check(&zstd(&tar(&files)), &with(&[Zstd, Tar]));
}

/// What a zip makes of bytes that cannot be compressed further: that, or a little more.
fn zip_size(bytes: &[u8]) -> u64 {
    deflate(bytes).len() as u64
}

#[test]
fn archives_in_archives() {
    let inner = zip(&[("x.json", &log(1, 1)), ("y.json.zst", &zstd(&log(2, 2)))]);
    let outer = tar(&[("first.json", &log(4, 1)), ("in.zip", &inner), ("last.json.gz", &gzip(&log(5, 1)))]);
    check(
        &outer,
        &[
            ("", &[Tar], 0, &[]),
            (" › first.json", &[], 1, &[]),
            (" › in.zip", &[Zip], 0, &[]),
            (" › in.zip › x.json", &[], 1, &[]),
            (" › in.zip › y.json.zst", &[Zstd], 2, &[]),
            (" › last.json.gz", &[Gzip], 1, &[]),
        ],
    );
    let twice = zip(&[("a.zip", &inner), ("b.zip", &inner)]);
    let reading = read_all_ways(&twice);
    assert_eq!((reading.accounts.len(), reading.kept(), reading.has_fault()), (7, 6, false));
    check_extraction(&twice, &reading);
    check(&gzip(&gzip(&log(1, 1))), &[("", &[Gzip, Gzip], 1, &[])]);
}

#[test]
fn how_zip_entries_tell_their_size() {
    use Sizes::*;
    // A text that has the signature of a descriptor in it.
    let odd = [b"[\"PK\x07\x08PK\x07\x08\", ", log(7, 1).as_slice(), b"]"].concat();
    for sizes in [Header, Zip64, Signed, Bare, SignedWide, BareWide, Both] {
        for method in [0, 8, 93] {
            if method != 8 && matches!(sizes, Bare | BareWide) {
                // Nothing tells where such data ends.
                continue;
            }
            let texts = [log(1, 2), log(3, 1), Vec::new()];
            let mut entries: Vec<_> = texts.iter().map(|text| Entry::new("f", method, text, sizes)).collect();
            let mut folder = Entry::new("d/", 0, b"", Header);
            folder.sizes = if method == 0 { sizes } else { Header };
            entries.push(folder);
            let expected: [(&str, &[Wrapping], u64, &[Fault]); 4] =
                [("", &[Zip], 0, &[]), (" › f", &[], 2, &[]), (" › f", &[], 1, &[]), (" › f", &[], 0, &[Fault::Empty])];
            check(&zip_of(&entries), &expected);
            if method == 0 {
                let reading = read_all_ways(&zip_of(&[Entry::new("odd", 0, &odd, sizes), entries[0].clone()]));
                assert_eq!(reading.accounts[1].bytes_inflated, odd.len() as u64);
                assert_eq!(reading.accounts[2].kept, 2);
            }
        }
    }
}

#[test]
fn tars_of_every_kind() {
    let (text, size) = (log(1, 2), |text: &[u8]| octal(text.len()));
    let end = vec![0; 1024];
    let file = |name: &[u8], magic: &[u8]| [tar_header(name, b'0', &size(&text), magic), blocks(&text)].concat();
    let v7 = file(b"old.json", b"");
    check(&[v7.clone(), end.clone()].concat(), &[("", &[Tar], 0, &[]), (" › old.json", &[], 2, &[])]);
    // Without the blocks at the end, without padding, and one archive behind another.
    check(&v7, &[("", &[Tar], 0, &[]), (" › old.json", &[], 2, &[])]);
    check(&v7[..512 + text.len()], &[("", &[Tar], 0, &[]), (" › old.json", &[], 2, &[])]);
    let both = [v7.clone(), end.clone(), v7.clone(), end.clone()].concat();
    check(&both, &[("", &[Tar], 0, &[]), (" › old.json", &[], 2, &[]), (" › old.json", &[], 2, &[])]);
    let mut ustar = tar_header(b"file.json", b'0', &size(&text), b"ustar\x0000");
    ustar[345..351].copy_from_slice(b"folder");
    ustar[148..156].fill(b' ');
    let sum: u32 = ustar.iter().map(|&byte| u32::from(byte)).sum();
    ustar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    check(&[ustar, blocks(&text)].concat(), &[("", &[Tar], 0, &[]), (" › folder/file.json", &[], 2, &[])]);
    // Sizes in base 256, long names, pax headers.
    let mut wide = vec![0x80; 1];
    wide.extend([0; 3]);
    wide.extend((text.len() as u64).to_be_bytes());
    let base256 = [tar_header(b"wide.json", b'0', &wide, b"ustar  \0"), blocks(&text)].concat();
    check(&base256, &[("", &[Tar], 0, &[]), (" › wide.json", &[], 2, &[])]);
    let long = "n".repeat(150);
    check(&tar(&[(&long, &text)]), &[("", &[Tar], 0, &[]), (&format!(" › {long}"), &[], 2, &[])]);
    let records = format!("27 mtime=1700000000.123456\n17 path=ä/é.json\n{:2} size={}\n", 12, text.len());
    let records = records.replace("17 path", "19 path");
    let pax = [
        tar_header(b"PaxHeaders/x", b'x', &octal(records.len()), b"ustar\x0000"),
        blocks(records.as_bytes()),
        tar_header(b"short.json", b'0', &octal(0), b"ustar\x0000"),
        blocks(&text),
        v7,
    ];
    check(&pax.concat(), &[("", &[Tar], 0, &[]), (" › ä/é.json", &[], 2, &[]), (" › old.json", &[], 2, &[])]);
}

#[test]
fn what_is_no_file_is_named() {
    let text = log(1, 1);
    let header = |name: &[u8], kind| tar_header(name, kind, &octal(0), b"ustar\x0000");
    let bytes = [
        header(b"folder", b'5'),
        header(b"link", b'2'),
        header(b"device", b'3'),
        [tar_header(b"sparse", b'S', &octal(text.len()), b"ustar  \0"), blocks(&text)].concat(),
        [tar_header(b"file.json", b'0', &octal(text.len()), b""), blocks(&text)].concat(),
    ];
    let fault = |kind, name: &str| Fault::from(ContainerFault::NotAFile { kind, name: name.to_owned() });
    let faults = [fault("a link", "link"), fault("a device", "device"), fault("a sparse file", "sparse")];
    check(&bytes.concat(), &[("", &[Tar], 0, &faults), (" › file.json", &[], 1, &[])]);
}

#[test]
fn archives_without_files_are_quiet() {
    check(&zip(&[]), &[("", &[Zip], 0, &[NO_MEMBERS])]);
    check(&zip(&[("folder/", b"")]), &[("", &[Zip], 0, &[NO_MEMBERS])]);
    check(&tar(&[("folder/", b"")]), &[("", &[Tar], 0, &[NO_MEMBERS])]);
    check(&gzip(&zip(&[])), &[("", &[Gzip, Zip], 0, &[NO_MEMBERS])]);
}

#[test]
fn a_restart_is_near_its_record() {
    let files: Vec<(String, Vec<u8>)> = (0..5).map(|n| (format!("{n}.json"), log(n * 3 + 1, 3))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    for bytes in [zip(&files), tar(&files)] {
        let accounts = read(&bytes, 1_000).accounts;
        let starts: Vec<_> = accounts.iter().map(|account| account.restart.at()).collect();
        assert!(starts[1] == 0 && starts[1..].is_sorted_by(|a, b| a < b), "{starts:?}");
    }
    let mut session = Session::new(Vec::new(), 1);
    let mut intake = session.open(0, "plain".to_owned());
    session.push(&mut intake, &log(1, 3));
    session.close(intake, None);
    let place = Location { offset: 40, form: crate::event::Form::Record, ..Location::default() };
    assert_eq!(session.restart(place), Restart::Text(40));
    // What a row of a table means, its first row says.
    assert_eq!(session.restart(Location { form: crate::event::Form::CsvRow, ..place }), Restart::Start);
}

#[test]
fn bytes_count_once() {
    let bytes = zip(&[("a", &log(1, 2)), ("b", &log(3, 2))]);
    let accounts = read(&bytes, 100).accounts;
    let totals = crate::problem::Totals::of(&accounts);
    assert_eq!((totals.bytes_read, totals.sources), (bytes.len() as u64, 3));
    assert_eq!(totals.bytes_inflated, (log(1, 2).len() + log(3, 2).len()) as u64);
}

#[test]
fn two_copies_in_one_archive_count_once() {
    let bytes = tar(&[("a", &log(1, 2)), ("b", &log(2, 2))]);
    let mut shards = [Session::new(Vec::new(), 1), Session::new(Vec::new(), 2)];
    for (ordinal, shard) in shards.iter_mut().enumerate() {
        let mut intake = shard.open(ordinal as u32, "archive".to_owned());
        shard.push(&mut intake, &bytes);
        assert_eq!(intake.kept(), 3);
        shard.close(intake, None);
    }
    let ids = shards[0].claims();
    shards[1].drop_duplicates(&ids);
    let counts = |shard: &Session| shard.accounts().iter().map(|a| (a.kept, a.duplicate)).collect::<Vec<_>>();
    assert_eq!(counts(&shards[0]), [(0, 0), (2, 0), (1, 1)]);
    assert_eq!(counts(&shards[1]), [(0, 0), (0, 2), (0, 2)]);
}
