//! Limits: what passes them is stopped, and the limit is named.

use super::*;
use Wrapping::{Gzip, Zip};

#[test]
fn too_many_wrappings() {
    let wrapped = |times: usize| (0..times).fold(log(1, 1), |bytes, _| gzip(&bytes));
    check(&wrapped(4), &[("", &[Gzip; 4], 1, &[])]);
    check(&wrapped(5), &[("", &[Gzip; 4], 0, &[ContainerFault::Nesting.into()])]);
    let archives = (0..5).fold(log(1, 1), |bytes, _| zip(&[("a", &bytes)]));
    let reading = read_all_ways(&archives);
    assert_eq!(reading.accounts.len(), 5);
    assert_eq!(reading.accounts[4].faults, [ContainerFault::Nesting.into()]);
}

/// A bomb ends in the fault that says so, in all these accounts, and nothing much comes out of it.
fn check_bomb(bytes: &[u8], accounts: &[usize]) {
    let reading = read(bytes, 1 << 20);
    let stopped = Fault::InflationLimit { ratio: container::MAX_RATIO };
    let told: Vec<_> = (0..reading.accounts.len()).filter(|&n| reading.accounts[n].faults.contains(&stopped)).collect();
    assert_eq!(told, accounts, "{:?}", reading.short());
    let made: u64 = reading.accounts.iter().map(|account| account.bytes_inflated).sum();
    assert!(made < 200 << 20, "{made}");
    assert_eq!(read(bytes, bytes.len() / 7 + 1).accounts, reading.accounts);
}

#[test]
fn bombs() {
    let spaces = vec![b' '; 300 << 20];
    check_bomb(&gzip(&spaces), &[0]);
    check_bomb(&zstd(&spaces), &[0]);
    check_bomb(&zip(&[("a", &log(1, 1)), ("bomb", &spaces), ("b", &log(2, 1))]), &[0, 2]);
    // Zeros in a tar make a bomb once that is compressed, and so does a bomb that is compressed again.
    check_bomb(&gzip(&tar(&[("zeros", &spaces)])), &[0, 1]);
    check_bomb(&gzip(&gzip(&spaces)), &[0]);
}

#[test]
fn many_small_bombs_are_one() {
    let bomb = gzip(&vec![b' '; 50 << 20]);
    let files: Vec<(&str, &[u8])> = (0..40).map(|_| ("bomb", bomb.as_slice())).collect();
    check_bomb(&tar(&files[..4]), &[0, 2]);
}

#[test]
fn long_names_are_cut() {
    let name = "é".repeat(2_000);
    let reading = read_all_ways(&zip(&[(&name, &log(1, 1))]));
    let cut = "é".repeat(container::MAX_NAME);
    assert_eq!(reading.accounts[1].name, format!("source › {cut}"));
    let mut entry = Entry::new("x", 0, &log(1, 1), Sizes::Header);
    entry.name = b"\xff\xfe.json".to_vec();
    check(&zip_of(&[entry]), &[("", &[Zip], 0, &[]), (" › \u{fffd}\u{fffd}.json", &[], 1, &[])]);
}

#[test]
fn faults_are_counted_when_there_are_many() {
    let links: Vec<u8> = (0..150).flat_map(|_| tar_header(b"link", b'2', &octal(0), b"ustar\x0000")).collect();
    let faults = &read_all_ways(&links).accounts[0].faults;
    assert_eq!(faults.len(), crate::problem::FAULTS_KEPT + 1);
    // The last one says that there is no file.
    assert_eq!(faults.last(), Some(&Fault::More { count: 51 }));
}
