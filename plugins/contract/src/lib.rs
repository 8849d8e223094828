//! The contract between Trailglass and a detector plugin: the text of its WIT package and the
//! names by which a component shows which version it was built for.
//!
//! The WIT files are the contract; this crate only carries them, so that the SDK, the hosts and the
//! documentation speak of the same one. It depends on nothing and is not tied to WebAssembly.

/// The WIT package of contract 1.0.
pub const WIT: &str = include_str!("../wit/since-v1.0/detector.wit");

/// The version of [`WIT`].
pub const VERSION: Version = Version { major: 1, minor: 0, patch: 0 };

/// The interface that a plugin exports, as a component names it, without the version.
pub const DETECTOR_INTERFACE: &str = "trailglass:detector/detector";

/// The interface that a plugin may import, as a component names it, without the version.
pub const HOST_INTERFACE: &str = "trailglass:detector/host";

/// The code that stands for a missing value in a column.
pub const MISSING: u32 = u32::MAX;

/// The time that stands for a missing eventTime.
pub const NO_TIME: i64 = i64::MIN;

/// A version of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Changes when a plugin has to be rebuilt (from 1.0 on).
    pub major: u32,
    /// Changes when a plugin has to be rebuilt (before 1.0), or when something is added.
    pub minor: u32,
    /// Changes when documentation does.
    pub patch: u32,
}

impl Version {
    /// Reads `0.1.0`; nothing else, no suffixes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| match part.as_bytes() {
            [b'0'] => Some(0),
            [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => part.parse().ok(),
            _ => None,
        });
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }

    /// Whether a host of this version runs a plugin that was built for `plugin`.
    #[must_use]
    pub fn runs(self, plugin: Self) -> bool {
        self.major == plugin.major
            && if self.major == 0 { self.minor == plugin.minor } else { self.minor >= plugin.minor }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wit_says_the_same_version_and_names() {
        assert!(WIT.contains(&format!("package trailglass:detector@{VERSION};")));
        for interface in [DETECTOR_INTERFACE, HOST_INTERFACE] {
            let name = interface.split_once('/').unwrap().1;
            assert!(WIT.contains(&format!("interface {name} {{")), "{interface}");
        }
    }

    #[test]
    fn versions() {
        let check = |text: &str, expected: Option<(u32, u32, u32)>| {
            let parsed = Version::parse(text).map(|v| (v.major, v.minor, v.patch));
            assert_eq!(parsed, expected, "{text}");
        };
        check("0.1.0", Some((0, 1, 0)));
        check("12.34.56", Some((12, 34, 56)));
        for bad in ["", "0.1", "0.1.0.0", "01.0.0", "0.1.0-rc", "a.b.c", "+1.0.0", "9999999999.0.0"] {
            check(bad, None);
        }
    }

    #[test]
    fn which_host_runs_which_plugin() {
        let check = |host: &str, plugin: &str, expected: bool| {
            let runs = Version::parse(host).unwrap().runs(Version::parse(plugin).unwrap());
            assert_eq!(runs, expected, "host {host}, plugin {plugin}");
        };
        check("0.1.0", "0.1.7", true);
        check("0.1.0", "0.2.0", false);
        check("0.2.0", "0.1.0", false);
        check("1.2.0", "1.1.0", true);
        check("1.1.0", "1.2.0", false);
        check("2.0.0", "1.0.0", false);
    }
}
