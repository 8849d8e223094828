//! Matchers of text: wildcards and networks.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A text with `*` for any run of characters, the empty one included. ASCII case does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// What stands before, between and behind the stars.
    parts: Vec<String>,
}

impl Glob {
    /// Splits the pattern at its stars.
    pub fn new(pattern: &str) -> Glob {
        Glob { parts: pattern.split('*').map(str::to_ascii_lowercase).collect() }
    }

    /// Whether the whole value fits.
    pub fn matches(&self, value: &str) -> bool {
        let value = value.to_ascii_lowercase();
        let (Some((first, middle)), mut rest) = (self.parts.split_first(), value.as_str()) else { return false };
        let Some((last, middle)) = middle.split_last() else { return value == *first };
        match rest.strip_prefix(first.as_str()) {
            Some(stripped) => rest = stripped,
            None => return false,
        }
        for part in middle {
            match rest.find(part.as_str()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

/// A network: an address and how many of its leading bits count. IPv4 is held as IPv4-mapped IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: u128,
    bits: u32,
}

fn bits_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Network {
    /// Reads `10.0.0.0/8` or `2001:db8::/32`.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, bits) = text.split_once('/')?;
        let bits: u32 = bits.parse().ok()?;
        if let Ok(v4) = address.parse::<Ipv4Addr>() {
            (bits <= 32).then_some(Network { address: bits_of(v4.into()), bits: bits + 96 })
        } else {
            let v6: Ipv6Addr = address.parse().ok()?;
            (bits <= 128).then_some(Network { address: v6.to_bits(), bits })
        }
    }

    /// Whether the value is an address inside.
    pub fn contains(&self, value: &str) -> bool {
        let Ok(address) = value.parse::<IpAddr>() else { return false };
        let differing = bits_of(address) ^ self.address;
        self.bits == 0 || differing >> (128 - self.bits) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_glob(pattern: &str, matching: &[&str], other: &[&str]) {
        let glob = Glob::new(pattern);
        for value in matching {
            assert!(glob.matches(value), "{pattern} should match {value:?}");
        }
        for value in other {
            assert!(!glob.matches(value), "{pattern} should not match {value:?}");
        }
    }

    #[test]
    fn globs() {
        check_glob("Get*", &["GetObject", "get", "GET*"], &["BudGet x", ""]);
        check_glob("*Object", &["GetObject", "object"], &["Objects"]);
        check_glob("a*b*c", &["abc", "aXbYc", "abbc"], &["ab", "ac", "abcd"]);
        check_glob("a*a", &["aa", "aba"], &["a"]);
        check_glob("*", &["", "x"], &[]);
        check_glob("*ä*", &["xäy"], &["xay"]);
    }

    fn check_network(network: &str, inside: &[&str], outside: &[&str]) {
        let network = Network::parse(network).unwrap();
        for value in inside {
            assert!(network.contains(value), "{value}");
        }
        for value in outside {
            assert!(!network.contains(value), "{value}");
        }
    }

    #[test]
    fn networks() {
        check_network(
            "10.0.0.0/8",
            &["10.1.2.3", "10.255.255.255", "::ffff:10.0.0.1"],
            &["11.0.0.1", "ec2.amazonaws.com", ""],
        );
        check_network("0.0.0.0/0", &["1.2.3.4"], &["2001:db8::1"]);
        check_network("2001:db8::/32", &["2001:db8::1"], &["2001:db9::1", "1.2.3.4"]);
        check_network("::/0", &["2001:db8::1", "1.2.3.4"], &["x"]);
        check_network("192.0.2.1/32", &["192.0.2.1"], &["192.0.2.2"]);
        for bad in ["10.0.0.0", "10.0.0.0/33", "::/129", "x/8", "10.0.0.0/-1"] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }
}
