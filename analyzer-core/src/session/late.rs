//! Detectors that come when events are there already. Columns say which events they could want; the sources that hold such
//! are read again, each once, and the detectors meet the records as if they had been there from the start. The edge reads
//! the bytes.

use super::{OpenSource, Session, sources};
use crate::detect::{Detector, Engine, Picked, Selection};
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Around};
use crate::ingest::sift::Sift;
use crate::store::{Rows, Store};

/// The late detectors, and the rows that they have yet to see.
pub(super) struct Late {
    pub engine: Engine,
    open: Rows,
    /// Another one for each time that they are set.
    generation: u64,
}

impl Late {
    pub fn none() -> Late {
        Late { engine: Engine::new(Vec::new(), 0), open: Rows::none(0), generation: 0 }
    }

    /// These rows are no events any more.
    pub fn forget(&mut self, rows: &[u32]) {
        self.engine.forget(rows);
        let known = self.open.len();
        rows.iter().filter(|row| **row < known).for_each(|&row| self.open.remove(row));
    }
}

/// A source that is read again for the late detectors. It is of no use once others are set.
pub struct LatePass {
    sift: Sift,
    memo: Memo,
    generation: u64,
}

impl Session {
    /// Sets the detectors that come late, in the place of those that were set before. Their selections stand behind those
    /// of the session's own ([`Session::selection`]).
    pub fn set_late_detectors(&mut self, detectors: Vec<Detector>, seed: u64) {
        let mut engine = Engine::new(detectors, seed);
        let store = &self.store;
        let mut open = Rows::none(store.len());
        store.live().each(|row| {
            if engine.could_want(store, row) {
                open.insert(row);
            }
        });
        self.late = Late { engine, open, generation: self.late.generation + 1 };
    }

    /// Sources that have to be read again until the late detectors have seen all that they could want, by ordinal, and how
    /// many events of each. Those that could not be read again stay among them.
    pub fn late_sources(&self) -> Vec<OpenSource> {
        sources::of_rows(&self.store, &self.late.open)
    }

    /// Starts to read a source again, from its first byte.
    pub fn late(&self, ordinal: u32) -> LatePass {
        let Late { open, generation, .. } = &self.late;
        let sift = sources::sift(&self.store, ordinal, |row| row < open.len() && open.contains(row));
        LatePass { sift, memo: Memo::new(0), generation: *generation }
    }

    /// Reads the next bytes of the source. Says whether more are needed: not if other detectors were set meanwhile.
    pub fn late_push(&mut self, pass: &mut LatePass, bytes: &[u8]) -> bool {
        let LatePass { sift, memo, generation } = pass;
        let (store, late) = (&self.store, &mut self.late);
        *generation == late.generation && sift.push(bytes, &mut |row, record| meet(store, late, row, record, memo))
    }

    /// The source is at its end.
    pub fn late_end(&mut self, pass: LatePass) {
        let LatePass { sift, mut memo, generation } = pass;
        let (store, late) = (&self.store, &mut self.late);
        if generation == late.generation {
            sift.finish(&mut |row, record| meet(store, late, row, record, &mut memo));
        }
    }

    /// What one of the detectors selected, the session's own or, behind them, a late one.
    pub fn picked(&self, detector: usize) -> Picked {
        match detector.checked_sub(self.engine.detectors().len()) {
            None => self.engine.picked(&self.store, detector),
            Some(late) => self.late.engine.picked(&self.store, late),
        }
    }

    /// What the session's own detectors selected, and behind it what the late ones did.
    pub fn selection(&self) -> Selection {
        self.selection_of(usize::MAX)
    }

    /// The same of the first so many detectors: of others, [`Session::picked`] makes less to hold.
    pub fn selection_of(&self, detectors: usize) -> Selection {
        let mut selection = self.engine.selection(&self.store, detectors);
        let left = detectors.saturating_sub(self.engine.detectors().len());
        selection.events.extend(self.late.engine.selection(&self.store, left).events);
        selection
    }
}

fn meet(store: &Store, late: &mut Late, row: u32, bytes: &[u8], memo: &mut Memo) {
    // Duplicates that were dropped meanwhile are no events.
    if !late.open.contains(row) {
        return;
    }
    late.open.remove(row);
    record::read(bytes, memo, |record| {
        let around = Around { principal: &|| store.principal(row), event_id: &|| store.event_id(row) };
        late.engine.select(store, row, record, &around);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::RuleSet;
    use crate::detect::sigma::{Loaded, Placeholders};

    const RULES: &str = "title: a\ndetection: {s: {eventName: Put*}, condition: s}\n---\ntitle: b\ndetection: {s: {requestParameters.n: [1, 4]}, condition: s}\n---\ntitle: c\ndetection: {s: {eventName: Nothing}, condition: s}";

    fn detectors() -> Vec<Detector> {
        let mut loaded = Loaded::default();
        loaded.add("r.yml", RULES, &Placeholders::new());
        RuleSet::new(loaded.finish().rules).detectors().to_vec()
    }

    fn file(from: usize) -> String {
        let record = |n: usize| {
            let name = ["PutA", "GetB"][n % 2];
            format!(
                r#"{{"eventVersion":"1.08","eventTime":"2024-05-04T03:02:0{n}Z","eventName":"{name}","requestParameters":{{"n":{n}}},"eventID":"e{n}"}}"#
            )
        };
        (from..from + 5).map(record).collect::<Vec<_>>().join("\n")
    }

    fn load(session: &mut Session, ordinal: u32, text: &str) {
        let mut intake = session.open(ordinal, String::new());
        session.push(&mut intake, text.as_bytes());
        session.close(intake, None);
    }

    /// What each detector selected is the same as columns.
    fn check_columns(session: &Session) {
        let all: Vec<&Detector> = session.engine.detectors().iter().chain(session.late.engine.detectors()).collect();
        for (number, (detector, events)) in all.into_iter().zip(session.selection().events).enumerate() {
            let picked = session.picked(number);
            let grouped = picked.grouped(detector);
            let found: Vec<_> = (0..grouped.len()).map(|at| picked.group(detector, grouped.events(at))).collect();
            assert_eq!(found, crate::detect::groups(detector, events));
        }
    }

    fn ids(session: &Session) -> Vec<Vec<String>> {
        let events = session.selection().events.into_iter();
        events
            .map(|events| {
                let mut ids: Vec<_> = events.into_iter().map(|event| event.event_id).collect();
                ids.sort();
                ids
            })
            .collect()
    }

    #[test]
    fn late_detectors_select_what_early_ones_do() {
        let (mut early, mut late) = (Session::new(detectors(), 1), Session::new(Vec::new(), 1));
        for (ordinal, from) in [(0, 0), (1, 4)] {
            load(&mut early, ordinal, &file(from));
            load(&mut late, ordinal, &file(from));
        }
        late.set_late_detectors(detectors(), 1);
        // More comes before the pass, and is not read again.
        load(&mut early, 2, &file(5));
        load(&mut late, 2, &file(5));
        for piece in [5, 1_000] {
            for source in late.late_sources() {
                let mut pass = late.late(source.ordinal);
                file([0, 4][source.ordinal as usize])
                    .as_bytes()
                    .chunks(piece)
                    .all(|piece| late.late_push(&mut pass, piece));
                late.late_end(pass);
            }
            assert_eq!(late.late_sources(), []);
        }
        assert_eq!(ids(&late), ids(&early));
        assert_eq!(ids(&late)[1], ["e1", "e4"]);
        check_columns(&late);
        check_columns(&early);
        // Others in their place start anew, and a pass for the old ones adds nothing.
        let mut old = late.late(0);
        late.set_late_detectors(detectors(), 2);
        assert!(!late.late_push(&mut old, file(0).as_bytes()));
        late.late_end(old);
        assert_eq!(ids(&late), [[""; 0]; 3]);
    }
}
