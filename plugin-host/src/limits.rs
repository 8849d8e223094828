//! What a plugin may take. THE table: the hosts, the help and the documentation read it.

use crate::numbers::grouped;

/// What a plugin may take, in the units that [`TABLE`] names. Limits of a call hold for each call with a batch, and for
/// `describe`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a plugin's file. It bounds the time to compile it: about 0.5 s for each MiB.
    pub file_bytes: u64,
    /// Fuel of a call: about one unit for each WebAssembly instruction, and 1–2 thousand million units a
    /// second. Enough for an interpreter to start.
    pub fuel: u64,
    /// Fuel beside that for each event of the batch.
    pub fuel_per_event: u64,
    /// Wall-clock time of a call, for what fuel does not see, such as one instruction that fills
    /// all of the memory. Generous, because a slow machine must not change a verdict.
    pub time_ms: u64,
    /// Wall-clock time beside that for each event of the batch.
    pub time_ms_per_event: u64,
    /// Bytes of all linear memories together.
    pub memory_bytes: u64,
    /// Elements of all tables together.
    pub table_elements: u64,
    /// Core instances, memories and tables, of each so many.
    pub instances: u64,
    /// Bytes that one call may hand to the host: findings as the host holds them, with their text.
    pub answer_bytes: u64,
    /// Findings of a call.
    pub findings: u64,
    /// Bytes of the sentence and title of one finding.
    pub finding_text_bytes: u64,
    /// Log lines of a call that are kept; the rest is counted and dropped.
    pub log_lines: u64,
    /// Bytes of a log line that are kept.
    pub log_line_bytes: u64,
}

/// One limit: how users call it, and where it is kept.
#[derive(Clone, Copy)]
pub struct LimitName {
    /// Lower-case words with dashes, the unit last.
    pub name: &'static str,
    /// What it bounds, in one clause.
    pub what: &'static str,
    place: fn(&mut Limits) -> &mut u64,
}

/// Every limit.
pub const TABLE: [LimitName; 13] = [
    LimitName { name: "file-bytes", what: "the plugin's file", place: |limits| &mut limits.file_bytes },
    LimitName {
        name: "fuel",
        what: "WebAssembly instructions of a call, counted by the command line only",
        place: |limits| &mut limits.fuel,
    },
    LimitName {
        name: "fuel-per-event",
        what: "the same beside that for each event of the batch",
        place: |limits| &mut limits.fuel_per_event,
    },
    LimitName { name: "time-ms", what: "milliseconds of a call", place: |limits| &mut limits.time_ms },
    LimitName {
        name: "time-ms-per-event",
        what: "the same beside that for each event of the batch",
        place: |limits| &mut limits.time_ms_per_event,
    },
    LimitName { name: "memory-bytes", what: "all memories together", place: |limits| &mut limits.memory_bytes },
    LimitName {
        name: "table-elements",
        what: "elements of all tables together",
        place: |limits| &mut limits.table_elements,
    },
    LimitName {
        name: "instances",
        what: "core instances, memories and tables, of each so many",
        place: |limits| &mut limits.instances,
    },
    LimitName { name: "answer-bytes", what: "the findings of a call", place: |limits| &mut limits.answer_bytes },
    LimitName { name: "findings", what: "findings of a call", place: |limits| &mut limits.findings },
    LimitName {
        name: "finding-text-bytes",
        what: "sentence and title of a finding",
        place: |limits| &mut limits.finding_text_bytes,
    },
    LimitName { name: "log-lines", what: "lines of a call; more are dropped", place: |limits| &mut limits.log_lines },
    LimitName {
        name: "log-line-bytes",
        what: "a line; what is longer is cut",
        place: |limits| &mut limits.log_line_bytes,
    },
];

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            fuel: 2_000_000_000,
            fuel_per_event: 100_000,
            time_ms: 60_000,
            time_ms_per_event: 1,
            memory_bytes: 256 << 20,
            table_elements: 1_000_000,
            instances: 64,
            answer_bytes: 16 << 20,
            findings: 10_000,
            finding_text_bytes: 8 << 10,
            log_lines: 100,
            log_line_bytes: 1 << 10,
        }
    }
}

impl LimitName {
    /// Its default.
    #[must_use]
    pub fn default(self) -> u64 {
        *(self.place)(&mut Limits::default())
    }

    /// So much of it as a user would write it: `256 MiB`, `60,000`.
    #[must_use]
    pub fn written(self, number: u64) -> String {
        let is_bytes = self.name.ends_with("bytes");
        let fits = |&&(_, bits): &&(&str, u32)| is_bytes && number > 0 && number.is_multiple_of(1 << bits);
        match UNITS.iter().rev().find(fits) {
            Some((unit, bits)) => format!("{} {unit}", number >> bits),
            None => grouped(number),
        }
    }
}

/// What may stand behind a number, and how many bits it stands for.
const UNITS: [(&str, u32); 3] = [("KiB", 10), ("MiB", 20), ("GiB", 30)];

/// Reads how much a plugin may take, as a user writes it: a whole number, with `KiB`, `MiB` or `GiB` if wanted.
///
/// # Errors
/// A clause: what a limit is.
pub fn read_limit(text: &str) -> Result<u64, String> {
    let unit = UNITS.iter().find_map(|&(unit, bits)| text.strip_suffix(unit).map(|number| (number.trim_end(), bits)));
    let (digits, bits) = unit.unwrap_or((text, 0));
    let number: Option<u64> = digits.replace(['_', ','], "").parse().ok();
    number.and_then(|number| number.checked_mul(1 << bits)).ok_or_else(|| "a limit is a whole number".to_owned())
}

impl Limits {
    /// Sets a limit by its name.
    ///
    /// # Errors
    /// A sentence, when there is no such limit.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        let Some(limit) = TABLE.iter().find(|limit| limit.name == name) else {
            let names: Vec<&str> = TABLE.iter().map(|limit| limit.name).collect();
            return Err(format!("there is no such limit; there are {}", names.join(", ")));
        };
        *(limit.place)(self) = value;
        Ok(())
    }

    /// Fuel for a call with so many events.
    #[must_use]
    pub fn fuel_for(&self, events: usize) -> u64 {
        self.fuel.saturating_add(self.fuel_per_event.saturating_mul(events as u64))
    }

    /// Milliseconds for a call with so many events.
    #[must_use]
    pub fn time_ms_for(&self, events: usize) -> u64 {
        self.time_ms.saturating_add(self.time_ms_per_event.saturating_mul(events as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_set_by_its_name_and_no_other() {
        for (number, limit) in TABLE.iter().enumerate() {
            let mut limits = Limits::default();
            assert_eq!(limits.set(limit.name, 7_777 + number as u64), Ok(()));
            let changed: Vec<usize> = (0..TABLE.len())
                .filter(|&other| *(TABLE[other].place)(&mut limits.clone()) != TABLE[other].default())
                .collect();
            assert_eq!(changed, [number], "{}", limit.name);
        }
        let why = Limits::default().set("speed", 1).unwrap_err();
        assert!(why.starts_with("there is no such limit; there are file-bytes, fuel,"), "{why}");
    }

    #[test]
    fn what_a_user_writes_is_read_and_written() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(read_limit(text).ok(), expected, "{text}");
        check("60000", Some(60_000));
        check("1_000", Some(1_000));
        check("1,000", Some(1_000));
        check("2 KiB", Some(2_048));
        check("4GiB", Some(4 << 30));
        check("17179869184GiB", None);
        check("-1", None);
        check("1.5MiB", None);
        check("MiB", None);
        check("", None);
        for limit in TABLE {
            assert_eq!(read_limit(&limit.written(limit.default())), Ok(limit.default()), "{}", limit.name);
        }
        let written = |name: &str, number| TABLE.iter().find(|limit| limit.name == name).map(|it| it.written(number));
        assert_eq!(written("memory-bytes", 256 << 20).as_deref(), Some("256 MiB"));
        assert_eq!(written("memory-bytes", 1_000).as_deref(), Some("1,000"));
        assert_eq!(written("memory-bytes", 0).as_deref(), Some("0"));
        assert_eq!(written("findings", 1_024).as_deref(), Some("1,024"));
    }

    #[test]
    fn a_call_may_take_more_for_more_events_without_overflow() {
        let limits = Limits { fuel: 10, fuel_per_event: 3, ..Limits::default() };
        assert_eq!(limits.fuel_for(4), 22);
        assert_eq!(Limits { fuel: u64::MAX, ..limits }.fuel_for(4), u64::MAX);
    }
}
