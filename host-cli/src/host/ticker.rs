//! The clock of the deadlines: advances the engines' epochs while the host lives.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;
use wasmtime::{Engine, EngineWeak};

const TICK: Duration = Duration::from_millis(50);

/// A thread that ticks until this is dropped.
pub(super) struct Ticker {
    _stop: Sender<()>,
}

impl Ticker {
    pub fn start<'a>(engines: impl Iterator<Item = &'a Engine>) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let engines: Vec<_> = engines.map(Engine::weak).collect();
        std::thread::Builder::new().name("plugin-deadline".to_owned()).spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                for engine in engines.iter().filter_map(EngineWeak::upgrade) {
                    engine.increment_epoch();
                }
            }
        })?;
        Ok(Self { _stop: stop })
    }
}

/// How many ticks so many milliseconds take: at least one whole one, so never less than the time.
pub(super) fn ticks(milliseconds: u64) -> u64 {
    milliseconds / TICK.as_millis() as u64 + 1
}
