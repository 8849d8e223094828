//! Progress on stderr, when it is a terminal.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::grouped;
use crate::scan::shards::Progress;
use crate::scan::walk::FileEntry;

/// A line with a bar, bytes, files and events.
pub struct Bar {
    bar: ProgressBar,
    files: u64,
    files_done: AtomicU64,
    events: AtomicU64,
}

impl Bar {
    /// A bar for these files, on a terminal.
    pub fn on_terminal(files: &[FileEntry]) -> Self {
        let bar = match std::io::stderr().is_terminal() {
            true => ProgressBar::new(files.iter().map(|file| file.size).sum()),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self::new(bar, files)
    }

    /// A bar that is never drawn.
    pub fn hidden(files: &[FileEntry]) -> Self {
        Self::new(ProgressBar::hidden(), files)
    }

    /// Takes the bar off the terminal.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn new(bar: ProgressBar, files: &[FileEntry]) -> Self {
        Self { bar, files: files.len() as u64, files_done: AtomicU64::new(0), events: AtomicU64::new(0) }
    }
}

impl Progress for Bar {
    fn bytes(&self, count: u64) {
        self.bar.inc(count);
    }

    fn file(&self, events: u64) {
        let files = self.files_done.fetch_add(1, Ordering::Relaxed) + 1;
        let events = self.events.fetch_add(events, Ordering::Relaxed) + events;
        if !self.bar.is_hidden() {
            let (done, all) = (grouped(files), grouped(self.files));
            self.bar.set_message(format!("{done} of {all} files, {} events", grouped(events)));
        }
    }
}
