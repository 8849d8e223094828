//! The clock of the deadlines: advances an engine's epoch while the host lives.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;
use wasmtime::Engine;

const TICK: Duration = Duration::from_millis(50);

/// A thread that ticks until this is dropped.
pub(super) struct Ticker {
    _stop: Sender<()>,
}

impl Ticker {
    pub fn start(engine: &Engine) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let engine = engine.weak();
        std::thread::Builder::new().name("plugin-deadline".to_owned()).spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                let Some(engine) = engine.upgrade() else { break };
                engine.increment_epoch();
            }
        })?;
        Ok(Self { _stop: stop })
    }
}

/// How many ticks a duration takes: at least one whole one, so never less than the duration (up to seven years).
pub(super) fn ticks(duration: Duration) -> u64 {
    u64::from(u32::try_from(duration.as_millis() / TICK.as_millis()).unwrap_or(u32::MAX)) + 1
}
