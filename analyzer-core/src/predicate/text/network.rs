//! Networks.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// As [`Network::parse`] reads it.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v6 = Ipv6Addr::from_bits(self.address);
        match v6.to_ipv4_mapped().zip(self.bits.checked_sub(96)) {
            Some((v4, bits)) => write!(f, "{v4}/{bits}"),
            None => write!(f, "{v6}/{}", self.bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_network(network: &str, inside: &[&str], outside: &[&str]) {
        let network = Network::parse(network).unwrap();
        for value in inside {
            assert!(network.contains(value), "{value}");
        }
        for value in outside {
            assert!(!network.contains(value), "{value}");
        }
        assert_eq!(Network::parse(&network.to_string()), Some(network));
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
        check_network("::ffff:10.0.0.0/104", &["10.1.2.3"], &["11.0.0.1"]);
        check_network("::ffff:10.0.0.0/80", &["11.0.0.1"], &["2001:db8::1"]);
        check_network("::/0", &["2001:db8::1", "1.2.3.4"], &["x"]);
        check_network("192.0.2.1/32", &["192.0.2.1"], &["192.0.2.2"]);
        for bad in ["10.0.0.0", "10.0.0.0/33", "::/129", "x/8", "10.0.0.0/-1"] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }
}
