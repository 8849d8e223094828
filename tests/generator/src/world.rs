//! The organisation that the trail is about: its accounts and the places where it works.

use crate::random::{Random, fold};

/// One account of the organisation.
#[derive(Clone, Debug)]
pub struct Account {
    /// Place in [`World::accounts`].
    pub index: usize,
    /// Twelve digits.
    pub id: String,
    /// What it is for: `production`, `staging`, …
    pub name: &'static str,
    /// The seed of everything that lives in it.
    pub seed: u64,
}

/// The organisation.
#[derive(Clone, Debug)]
pub struct World {
    /// The plan's seed.
    pub seed: u64,
    /// Its identifier, `o-` and ten characters.
    pub organisation: String,
    /// Three to six accounts; the first is the busiest, and the one that a story happens in.
    pub accounts: Vec<Account>,
}

/// Regions and how much of the activity each has. The first is also the one where CloudTrail
/// records the global services.
pub const REGIONS: [(&str, u64); 12] = [
    ("us-east-1", 420),
    ("eu-west-1", 230),
    ("eu-central-1", 120),
    ("us-west-2", 80),
    ("ap-southeast-1", 45),
    ("eu-north-1", 30),
    ("ap-northeast-1", 24),
    ("us-east-2", 18),
    ("ca-central-1", 13),
    ("sa-east-1", 9),
    ("ap-south-1", 7),
    ("me-south-1", 4),
];

/// Accounts and how much of the activity each has.
const ACCOUNTS: [(&str, u64); 6] =
    [("production", 50), ("staging", 20), ("data", 14), ("development", 9), ("shared", 5), ("security", 2)];

impl World {
    /// The organisation of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::of(&[seed, 1]);
        let count = 3 + random.below(4) as usize;
        let accounts = ACCOUNTS[..count]
            .iter()
            .enumerate()
            .map(|(index, (name, _))| Account {
                index,
                // One leading digit an account keeps the numbers apart.
                id: format!("{}{:011}", index + 1, random.below(100_000_000_000)),
                name,
                seed: fold(&[seed, 2, index as u64]),
            })
            .collect();
        let mut organisation = b"o-".to_vec();
        write_letters(&mut organisation, &mut random, BASE36, 10);
        Self { seed, organisation: String::from_utf8_lossy(&organisation).into_owned(), accounts }
    }

    /// Every account and region with its share of the activity, the largest first.
    pub fn streams(&self) -> Vec<(usize, usize, u64)> {
        let mut streams: Vec<(usize, usize, u64)> = self
            .accounts
            .iter()
            .flat_map(|account| {
                REGIONS
                    .iter()
                    .enumerate()
                    .map(|(region, (_, share))| (account.index, region, ACCOUNTS[account.index].1 * share))
            })
            .collect();
        streams.sort_by_key(|&(account, region, share)| (std::cmp::Reverse(share), account, region));
        streams
    }
}

/// Digits and lower-case letters.
pub const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// The letters of principal and key identifiers.
pub const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The letters of file names and tokens.
pub const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The letters of base64.
pub const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Lower-case hexadecimal digits.
pub const HEX: &[u8] = b"0123456789abcdef";

/// Appends `count` letters of an alphabet of at most 64.
pub fn write_letters(out: &mut Vec<u8>, random: &mut Random, alphabet: &[u8], count: usize) {
    let mut left = count;
    while left > 0 {
        // Ten letters of six bits from one draw; scaling keeps every alphabet evenly used.
        let mut bits = random.bits();
        for _ in 0..left.min(10) {
            out.push(alphabet[((bits & 63) as usize * alphabet.len()) >> 6]);
            bits >>= 6;
        }
        left = left.saturating_sub(10);
    }
}

/// Appends a version 4 UUID.
pub fn write_uuid(out: &mut Vec<u8>, random: &mut Random) {
    let high = random.bits() & 0xffff_ffff_ffff_0fff | 0x4000;
    let low = random.bits() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
    for place in 0..32 {
        if matches!(place, 8 | 12 | 16 | 20) {
            out.push(b'-');
        }
        let half = if place < 16 { high } else { low };
        out.push(HEX[(half >> (60 - place % 16 * 4) & 15) as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_a_few_with_twelve_digits() {
        for seed in 0..50 {
            let world = World::new(seed);
            assert!((3..=6).contains(&world.accounts.len()));
            for account in &world.accounts {
                assert!(account.id.len() == 12 && account.id.bytes().all(|b| b.is_ascii_digit()));
            }
            assert_eq!(world.streams()[0].0, 0);
            assert_eq!(world.streams()[0].1, 0);
        }
    }

    #[test]
    fn uuids_are_of_version_four() {
        let mut out = Vec::new();
        write_uuid(&mut out, &mut Random::new(3));
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.len(), 36);
        assert_eq!(&text[14..15], "4");
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"));
    }
}
