//! How a step tells what it does: one line with its duration, on stderr; and how it fails: what
//! went wrong, then what the user can do about it.

use std::fmt;
use std::time::{Duration, Instant};

/// A step that could not be done.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong, one sentence without a full stop.
    pub what: String,
    /// What the user can do by hand.
    pub hint: Option<String>,
}

/// What a step returns.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure that explains itself.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None }
    }

    /// The same failure with another thing to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same failure with something to do about it, if it does not know better.
    pub fn or_hint(mut self, hint: &str) -> Self {
        self.hint.get_or_insert_with(|| hint.to_owned());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Turns an I/O error into a failure that says what was being done to which file.
pub fn while_doing<E: fmt::Display>(what: impl fmt::Display) -> impl FnOnce(E) -> Failure {
    move |error| Failure::new(format!("{what}: {error}"))
}

/// Runs a step that may take long: says so before it starts, and how long it took when it is done.
pub fn step<T>(name: impl fmt::Display, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("xtask: {name} …");
    let start = Instant::now();
    let result = work();
    let verdict = if result.is_ok() { "done" } else { "failed" };
    eprintln!("xtask: {name}: {verdict} in {}", seconds(start.elapsed()));
    result
}

/// Says that a step was not needed, and what was found instead.
pub fn found(name: impl fmt::Display, what: impl fmt::Display) {
    eprintln!("xtask: {name}: {what}");
}

/// A duration as a reader wants it: `0.04 s`, `12.3 s`, `3 min 20 s`.
pub fn seconds(duration: Duration) -> String {
    let s = duration.as_secs_f64();
    match s {
        s if s < 1.0 => format!("{s:.2} s"),
        s if s < 120.0 => format!("{s:.1} s"),
        _ => format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_as_exact_as_a_reader_needs() {
        fn check(milliseconds: u64, expected: &str) {
            assert_eq!(seconds(Duration::from_millis(milliseconds)), expected);
        }
        check(4, "0.00 s");
        check(340, "0.34 s");
        check(12_340, "12.3 s");
        check(200_000, "3 min 20 s");
    }

    #[test]
    fn a_failure_ends_with_its_own_hint_or_with_the_step_s() {
        fn check(failure: Failure, expected: &str) {
            assert_eq!(failure.to_string(), expected);
        }
        check(Failure::new("no disk"), "error: no disk");
        check(Failure::new("no disk").or_hint("buy one"), "error: no disk\nhint: buy one");
        check(Failure::new("no disk").hint("mount it").or_hint("buy one"), "error: no disk\nhint: mount it");
    }
}
