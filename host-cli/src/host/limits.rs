//! What a plugin may take. One table; a host with other needs changes fields of [`Limits::default`].

use std::time::Duration;

/// What a plugin may take. Limits of a call hold for each call with a batch, and for `describe`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a plugin's file. It bounds the time to compile it: about 0.5 s for each MiB.
    pub file_bytes: usize,
    /// Fuel of a call: about one unit for each WebAssembly instruction, and 1–2 thousand million units a
    /// second. Enough for an interpreter to start.
    pub fuel: u64,
    /// Fuel beside that for each event of the batch.
    pub fuel_per_event: u64,
    /// Wall-clock time of a call, for what fuel does not see, such as one instruction that fills
    /// all of the memory. Generous, because a slow machine must not change a verdict.
    pub deadline: Duration,
    /// Wall-clock time beside that for each event of the batch.
    pub deadline_per_event: Duration,
    /// Bytes of all linear memories together.
    pub memory_bytes: usize,
    /// Elements of all tables together.
    pub table_elements: usize,
    /// Core instances, memories and tables, of each so many.
    pub instances: usize,
    /// Bytes that one call may hand to the host: findings as the host holds them, with their text.
    pub answer_bytes: usize,
    /// Findings of a call.
    pub findings: usize,
    /// Bytes of the sentence and title of one finding.
    pub finding_text_bytes: usize,
    /// Log lines of a call that are kept; the rest is counted and dropped.
    pub log_lines: usize,
    /// Bytes of a log line that are kept.
    pub log_line_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            fuel: 2_000_000_000,
            fuel_per_event: 100_000,
            deadline: Duration::from_secs(60),
            deadline_per_event: Duration::from_millis(1),
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

impl Limits {
    /// Fuel for a call with so many events.
    #[must_use]
    pub fn fuel_for(&self, events: usize) -> u64 {
        self.fuel.saturating_add(self.fuel_per_event.saturating_mul(events as u64))
    }

    /// Wall-clock time for a call with so many events.
    #[must_use]
    pub fn deadline_for(&self, events: usize) -> Duration {
        let events = u32::try_from(events).unwrap_or(u32::MAX);
        self.deadline.saturating_add(self.deadline_per_event.saturating_mul(events))
    }
}
