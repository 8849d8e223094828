//! What each plugin may take: the limits that a tab can keep, as the user typed them.

use super::Plugin;
use crate::state::App;
use plugin_host::{LimitName, Limits, TABLE, read_limit};
use std::ops::RangeInclusive;
use std::time::Duration;

/// A limit that the page keeps, and what may be typed for it.
#[derive(Clone)]
pub struct Kept {
    /// What it is.
    pub limit: LimitName,
    /// How small and how large it may be.
    pub bounds: RangeInclusive<u64>,
}

/// All of them, in the order of the table. A browser counts no fuel.
pub fn kept_limits() -> Vec<Kept> {
    let kept = |limit: &LimitName| Some(Kept { limit: *limit, bounds: bounds(limit.name)? });
    TABLE.iter().filter_map(kept).collect()
}

/// What a tab can hold, and a plugin can live with.
fn bounds(name: &str) -> Option<RangeInclusive<u64>> {
    Some(match name {
        "file-bytes" => 1..=1 << 30,
        // An hour.
        "time-ms" => 1..=3_600_000,
        "time-ms-per-event" => 0..=1_000,
        // From one page to all that 32 bits can address.
        "memory-bytes" => 64 << 10..=4 << 30,
        "table-elements" => 0..=10_000_000,
        "instances" => 1..=1_000,
        "answer-bytes" => 0..=256 << 20,
        "findings" => 0..=1_000_000,
        "finding-text-bytes" => 1..=1 << 20,
        "log-lines" => 0..=10_000,
        "log-line-bytes" => 1..=64 << 10,
        _ => return None,
    })
}

impl Kept {
    /// What the user typed for it, if that can be.
    fn read(&self, typed: &str) -> Option<u64> {
        read_limit(typed.trim()).ok().filter(|number| self.bounds.contains(number))
    }
}

/// The defaults, as a user would type them.
pub(super) fn usual() -> Vec<String> {
    kept_limits().iter().map(|kept| kept.limit.written(kept.limit.default())).collect()
}

impl Plugin {
    /// The limit of this place among [`kept_limits`], if what the user typed can be one.
    pub fn limit(&self, place: usize) -> Option<u64> {
        kept_limits().get(place).zip(self.typed_limits.get(place)).and_then(|(kept, typed)| kept.read(typed))
    }

    /// How many limits are not as they are by default.
    pub fn changed_limits(&self) -> usize {
        kept_limits()
            .iter()
            .enumerate()
            .filter(|(place, kept)| self.limit(*place) != Some(kept.limit.default()))
            .count()
    }

    /// All that differ from the defaults; what cannot be read is as it is by default.
    fn own_limits(&self) -> Vec<(String, u64)> {
        let own = |(place, kept): (usize, &Kept)| {
            let number = self.limit(place).filter(|number| *number != kept.limit.default())?;
            Some((kept.limit.name.to_owned(), number))
        };
        kept_limits().iter().enumerate().filter_map(own).collect()
    }

    /// Those of them that its worker keeps: all but time, which the page keeps.
    pub(super) fn limits_of_worker(&self) -> Vec<(String, u64)> {
        self.own_limits().into_iter().filter(|(name, _)| !name.starts_with("time")).collect()
    }

    /// How long a call with so many events may take.
    pub(super) fn time_of_call(&self, events: u64) -> Duration {
        let mut limits = Limits::default();
        for (name, number) in self.own_limits() {
            // Of names of the table all are known.
            let _ = limits.set(&name, number);
        }
        let allowed = limits.time_ms_for(usize::try_from(events).unwrap_or(usize::MAX));
        // What a browser's timers can count to.
        Duration::from_millis(allowed.min(i32::MAX as u64))
    }
}

impl App {
    /// What the user typed for a limit; nothing means its default. It holds from the next run on, but time at once: a call
    /// that is under way has from now on so much of it.
    pub fn set_limit(&self, number: u32, place: usize, typed: String) {
        let Some(kept) = kept_limits().get(place).cloned() else { return };
        let typed = if typed.trim().is_empty() { kept.limit.written(kept.limit.default()) } else { typed };
        self.with_plugin(number, |plugin| {
            if let Some(known) = plugin.typed_limits.get_mut(place) {
                *known = typed;
            }
        });
        if kept.limit.name.starts_with("time") && self.with_worker(number, |held| held.is_timed()) == Some(true) {
            self.keep_time(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_limits_but_fuel_can_be_set_and_have_their_defaults() {
        let kept = kept_limits();
        let left: Vec<&str> = TABLE
            .iter()
            .map(|limit| limit.name)
            .filter(|name| kept.iter().all(|kept| kept.limit.name != *name))
            .collect();
        assert_eq!(left, ["fuel", "fuel-per-event"]);
        for kept in &kept {
            assert_eq!(kept.read(&kept.limit.written(kept.limit.default())), Some(kept.limit.default()));
        }
    }

    #[test]
    fn what_can_be_typed() {
        let check = |name: &str, typed: &str, expected: Option<u64>| {
            let kept = kept_limits().into_iter().find(|kept| kept.limit.name == name).unwrap();
            assert_eq!(kept.read(typed), expected, "{name}: {typed}");
        };
        check("memory-bytes", " 512MiB ", Some(512 << 20));
        check("memory-bytes", "4GiB", Some(4 << 30));
        check("memory-bytes", "5GiB", None);
        check("memory-bytes", "1", None);
        check("memory-bytes", "much", None);
        check("time-ms", "0", None);
        check("time-ms", "3_600_001", None);
        check("log-lines", "0", Some(0));
    }

    #[test]
    fn only_what_differs_is_sent_and_time_is_kept_here() {
        let mut plugin = Plugin::new(1, "a.wasm".to_owned());
        let set = |plugin: &mut Plugin, name: &str, typed: &str| {
            let place = kept_limits().iter().position(|kept| kept.limit.name == name).unwrap();
            plugin.typed_limits[place] = typed.to_owned();
        };
        assert_eq!((plugin.changed_limits(), plugin.limits_of_worker()), (0, Vec::new()));
        assert_eq!(plugin.time_of_call(500), Duration::from_millis(60_500));
        set(&mut plugin, "time-ms", "2000");
        set(&mut plugin, "findings", "3");
        set(&mut plugin, "answer-bytes", "nothing");
        assert_eq!(plugin.changed_limits(), 3);
        assert_eq!(plugin.limits_of_worker(), [("findings".to_owned(), 3)]);
        assert_eq!(plugin.time_of_call(500), Duration::from_millis(2_500));
        set(&mut plugin, "time-ms-per-event", "1000");
        assert_eq!(plugin.time_of_call(u64::MAX), Duration::from_millis(i32::MAX as u64));
    }
}
