//! Values that tell by themselves what they are, and what stands for them.

use super::Redactor;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What unique ids begin with: IAM user guide, "Unique identifiers".
const UNIQUE: [&str; 12] =
    ["ABIA", "ACCA", "AGPA", "AIDA", "AIPA", "AKIA", "ANPA", "ANVA", "APKA", "AROA", "ASCA", "ASIA"];

/// A unique id has so many characters at least; shorter texts are names.
const UNIQUE_LENGTH: usize = 16;

/// What ids of resources begin with, before the dash: EC2 user guide, "Resource IDs".
const RESOURCES: [&str; 30] = [
    "acl", "ami", "cgw", "dopt", "eigw", "eipalloc", "eipassoc", "eni", "fl", "fs", "i", "igw", "lt", "nat", "pcx",
    "pl", "r", "rtb", "rtbassoc", "sg", "sgr", "sir", "snap", "subnet", "tgw", "vgw", "vol", "vpc", "vpce", "vpn",
];

impl Redactor {
    /// The pseudonym of a value that tells what it is; nothing for one that does not.
    pub(super) fn known(&self, text: &str) -> Option<String> {
        self.account(text)
            .or_else(|| self.arn(text))
            .or_else(|| self.network(text))
            .or_else(|| self.unique_id(text))
            .or_else(|| self.resource_id(text))
    }

    /// The pseudonym of something that has a name, or is known by what it looks like.
    pub(super) fn name(&self, text: &str) -> String {
        self.known(text).unwrap_or_else(|| {
            let word = if text.contains(char::is_whitespace) { "text" } else { "name" };
            format!("{word}-{}", letters(&self.code("name", text), 12, UNSPEAKABLE))
        })
    }

    /// Twelve digits for twelve digits; the first is not 0, so that it survives programs that take it for a number.
    fn account(&self, text: &str) -> Option<String> {
        let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_account.then(|| (number(&self.code("account", text)) % 900_000_000_000 + 100_000_000_000).to_string())
    }

    /// An address, or a network, whose length stays. That of everything stays as a whole.
    fn network(&self, text: &str) -> Option<String> {
        let Some((address, length)) = text.split_once('/') else { return Some(self.address(text.parse().ok()?)) };
        let length = length.parse::<u8>().ok().filter(|&length| length <= 128)?;
        Some(format!("{}/{length}", self.address(address.parse().ok()?)))
    }

    /// Of 240.0.0.0/4 (RFC 1112, section 4), which nobody has, and of 2001:db8::/32 (RFC 3849): nobody's address is taken
    /// for one of these. The network 10.0.0.0/8 would not do, since logs have addresses of it.
    fn address(&self, address: IpAddr) -> String {
        if address.is_unspecified() {
            return address.to_string();
        }
        let code = number(&self.code("address", &address.to_string()));
        match address {
            IpAddr::V4(_) => Ipv4Addr::from_bits(0xf000_0000 | code as u32 >> 4).to_string(),
            IpAddr::V6(_) => Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(code)).to_string(),
        }
    }

    /// An id of an access key, a user, a role or such; its first four characters say which, and stay.
    fn unique_id(&self, text: &str) -> Option<String> {
        let prefix = text.get(..4).filter(|prefix| UNIQUE.contains(prefix))?;
        let is_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        (text.len() >= UNIQUE_LENGTH && text.bytes().all(is_id))
            .then(|| format!("{prefix}{}", letters(&self.code("unique", text), 16, BASE32)))
    }

    /// An id such as `i-0a1b2c3d4e5f60718`; what it is the id of stays.
    fn resource_id(&self, text: &str) -> Option<String> {
        let (prefix, id) = text.split_once('-')?;
        let is_id = (8..=17).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (is_id && RESOURCES.contains(&prefix))
            .then(|| format!("{prefix}-{:017x}", number(&self.code("resource", text)) >> 4))
    }
}

fn number(code: &[u8; 32]) -> u64 {
    code.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// Letters of ids of AWS: base32 (RFC 4648).
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Letters of names: without vowels and what is read as one, so that a pseudonym never happens to be, or to hold,
/// somebody's name or a word that nobody wants in a report. Twelve of them have 56 bits.
const UNSPEAKABLE: &[u8] = b"bcdfghjkmnpqrstvwxz2456789";

/// So many letters of an alphabet, each made of one byte.
fn letters(code: &[u8; 32], count: usize, alphabet: &[u8]) -> String {
    code.iter().take(count).map(|&byte| char::from(alphabet[usize::from(byte) % alphabet.len()])).collect()
}
