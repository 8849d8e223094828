//! What the page knows and what the user has set.

mod chart;
mod completing;
mod copying;
mod display;
mod exporting;
pub mod filter;
pub mod findings;
pub mod language;
mod link;
mod loading;
mod looking;
mod marking;
mod marks;
mod obeying;
mod plugins;
mod queries;
mod reporting;
mod ruling;
mod steps;
mod stretch;
mod subject;
mod table;
pub mod theme;
mod values;

pub use chart::{Course, SPLITTING};
pub use completing::{Choice, Completing};
pub use copying::CopyAs;
pub use display::{Telling, Zone};
pub use exporting::{EXPORT_FORMS, Export, Stage};
pub use loading::{Progress, RanOut};
pub use looking::{Opened, Shown};
pub use marking::{ABOUT_FINDING, id_of_finding};
pub use marks::{Marked, Marks, tags_in};
pub use plugins::{Kept, Plugin, Standing, kept_limits, written};
pub use reporting::Origin;
pub use subject::{Known, TOLD};
pub use table::{Chosen, Density, Table};
pub use values::{Ranking, Stand, Values, Within, ranked};

use crate::client::Client;
use crate::kit::grid::GridState;
use crate::kit::menu::MenuState;
use crate::platform::boot::BootKit;
use crate::platform::page;
use crate::protocol::{Account, Checking, Finding, Left, RuleFile, Rules, Totals};
use chart::Chart;
use display::Display;
use filter::Filter;
use findings::FindingsView;
use language::LanguageState;
use leptos::ev;
use leptos::prelude::*;
use link::Link;
use looking::Block;
use plugins::Workers;
use queries::Queries;
use std::rc::Rc;
use steps::Ongoing;
use subject::Subjects;
use theme::ThemeState;

/// How far the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Loading, sealing, starting workers: no file is taken.
    Booting,
    /// Ready for the first files.
    Empty,
    /// Files are being read.
    Loading,
    /// Every file is read.
    Loaded,
}

/// What stands beside the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The findings: what stands there unless the user asks for something else.
    Findings,
    /// What the matching events are made of.
    Values,
    /// One event in full.
    Detail,
    /// The columns of the table.
    Columns,
    /// What was read.
    Account,
    /// The user's plugins.
    Plugins,
    /// What the user marked.
    Notes,
    /// What the privacy claim rests on.
    Privacy,
    /// Searches to come back to.
    Queries,
    /// How the page tells what it tells.
    Display,
    /// The keys.
    Keys,
}

/// What needs the page's own thread: the shards and what boot.js handed over.
struct Session {
    client: Client,
    kit: BootKit,
}

/// Everything, as signals. A copy is a handle on the same state.
#[derive(Clone, Copy)]
pub struct App {
    /// How far the page is.
    pub phase: RwSignal<Phase>,
    /// How far reading is.
    pub progress: RwSignal<Progress>,
    /// The accounts of all sources that are closed.
    pub accounts: RwSignal<Vec<Account>>,
    /// The accounts added up.
    pub totals: RwSignal<Totals>,
    /// How many bytes of memory the events of each shard took when it was measured last.
    pub memory: RwSignal<Vec<u64>>,
    /// Set when memory ran out, and the user does not know yet.
    pub ran_out: RwSignal<Option<RanOut>>,
    /// Time of the first and of the last of all events, in milliseconds since 1970.
    pub span: RwSignal<Option<(i64, i64)>>,
    /// Time of the newest event that was ever in an answer, in milliseconds since 1970. Times such as `now-1h` are counted
    /// from it.
    pub newest: RwSignal<Option<i64>>,
    /// What the user looks for.
    pub filter: RwSignal<Filter>,
    /// What can be put into it where the caret is.
    pub completing: Completing,
    /// The finding whose events are shown: that of the filter, if the detections found it.
    pub chosen: Memo<Option<Finding>>,
    /// How many events match.
    pub matching: RwSignal<u64>,
    /// How far the search is in records that have to be read again for it.
    pub checking: RwSignal<Checking>,
    /// When they happened.
    pub chart: Chart,
    /// Where the grid stands.
    pub grid: GridState,
    /// What the table shows, and how.
    pub table: Table,
    /// An export of the matching events.
    pub export: Export,
    /// What can be done with what the user points at.
    pub menu: MenuState,
    /// The event that is shown in full; `None` while it is read again.
    pub opened: RwSignal<Option<Opened>>,
    /// What the detections found, worst first.
    pub findings: RwSignal<Vec<Finding>>,
    /// Which of them are listed.
    pub findings_view: FindingsView,
    /// What the user marked.
    pub marks: Marks,
    /// What the matching events are made of.
    pub values: Values,
    /// Whose page is open.
    pub subjects: Subjects,
    /// Searches to come back to.
    pub queries: Queries,
    /// The files of rules that the user gave.
    pub rule_files: RwSignal<Vec<RuleFile>>,
    /// Which of these rules run, which were refused, and the ids of all rules.
    pub rules: RwSignal<Rules>,
    /// How far they are with the events that were there before them.
    pub rules_seen: RwSignal<Checking>,
    /// The user's plugins.
    pub plugins: RwSignal<Vec<Plugin>>,
    /// What stands beside the events.
    pub side: RwSignal<Side>,
    /// The colours.
    pub theme: ThemeState,
    /// The language.
    pub language: LanguageState,
    /// How times are told.
    pub display: Display,
    /// Something that went wrong.
    pub notice: RwSignal<Option<String>>,
    rows: RwSignal<Block>,
    /// What the rules found.
    rule_findings: StoredValue<Vec<Finding>>,
    plugin_workers: StoredValue<Workers, LocalStorage>,
    /// The number of the next plugin.
    next_plugin: StoredValue<u32>,
    /// How many texts were pasted.
    pastes: StoredValue<u32>,
    /// What the newest entry of the tab's history came from, if that goes on.
    ongoing: StoredValue<Option<Ongoing>>,
    /// Goes up with every refresh: rows that were asked for before it are stale.
    revision: RwSignal<u64>,
    /// How many drops are still being walked, or wait for a turn: more files may come.
    walking: RwSignal<u32>,
    /// Goes up when files are left: a folder that is still being walked adds nothing more.
    cancelled: RwSignal<u32>,
    /// Why files were left the last time.
    left: RwSignal<Left>,
    /// How many refreshes are on their way.
    refreshing: RwSignal<u32>,
    /// When the last one ended, and how long each shard answered for it, in milliseconds.
    last_refresh: RwSignal<(f64, f64)>,
    session: StoredValue<Option<Rc<Session>>, LocalStorage>,
}

impl App {
    /// The state of a page without data. The filter comes from the address.
    pub fn start() -> App {
        // First: what follows may say something.
        let language = LanguageState::start();
        let Link { filter, trail, split } = Link::from_fragment(&page::fragment());
        let filter = RwSignal::new(filter);
        let findings: RwSignal<Vec<Finding>> = RwSignal::new(Vec::new());
        let chosen = Memo::new(move |_| {
            let id = filter.with(|filter| filter.finding.clone())?;
            findings.with(|findings| findings.iter().find(|finding| finding.id == id).cloned())
        });
        let marks = Marks::start();
        let app = App {
            phase: RwSignal::new(Phase::Booting),
            progress: RwSignal::new(Progress::default()),
            accounts: RwSignal::new(Vec::new()),
            totals: RwSignal::new(Totals::default()),
            memory: RwSignal::new(Vec::new()),
            ran_out: RwSignal::new(None),
            span: RwSignal::new(None),
            newest: RwSignal::new(None),
            filter,
            completing: Completing::default(),
            chosen,
            matching: RwSignal::new(0),
            checking: RwSignal::new(Checking::default()),
            chart: Chart::start(split),
            grid: GridState::new(),
            table: Table::start(),
            export: Export::start(),
            menu: MenuState::default(),
            opened: RwSignal::new(None),
            findings,
            findings_view: FindingsView::start(findings, marks.case),
            marks,
            values: Values::start(),
            subjects: Subjects::start(trail),
            queries: Queries::start(marks.case),
            rule_files: RwSignal::new(Vec::new()),
            rules: RwSignal::new(Rules::default()),
            rules_seen: RwSignal::new(Checking::default()),
            plugins: RwSignal::new(Vec::new()),
            side: RwSignal::new(Side::Findings),
            theme: ThemeState::start(),
            language,
            display: Display::start(),
            notice: RwSignal::new(None),
            rows: RwSignal::new(Block::default()),
            rule_findings: StoredValue::new(Vec::new()),
            plugin_workers: StoredValue::new_local(Workers::new()),
            next_plugin: StoredValue::new(0),
            pastes: StoredValue::new(0),
            ongoing: StoredValue::new(None),
            revision: RwSignal::new(0),
            walking: RwSignal::new(0),
            cancelled: RwSignal::new(0),
            left: RwSignal::new(Left::default()),
            refreshing: RwSignal::new(0),
            last_refresh: RwSignal::new((f64::MIN, 0.0)),
            session: StoredValue::new_local(None),
        };
        app.keep_asking();
        app.keep_portraying();
        app.keep_open();
        app.keep_marks();
        app.keep_table();
        app.keep_splitting();
        app.keep_knowing();
        app.keep_last();
        app.read_address();
        window_event_listener(ev::hashchange, move |_| app.read_address());
        app
    }

    /// The state of the page that a component is on.
    pub fn of_page() -> App {
        expect_context::<App>()
    }

    fn session(&self) -> Option<Rc<Session>> {
        self.session.get_value()
    }

    /// Says what went wrong, where no file's account can.
    pub fn complain(&self, what: String) {
        self.notice.set(Some(what));
    }

    /// Whether files came in.
    pub fn has_data(&self) -> bool {
        !matches!(self.phase.get(), Phase::Booting | Phase::Empty)
    }

    /// Opens a side panel, or closes it if it is the one that is open.
    pub fn toggle(&self, side: Side) {
        if self.side.get_untracked() == side {
            self.close_side();
        } else {
            self.side.set(side);
        }
    }

    /// Back to the findings.
    pub fn close_side(&self) {
        self.side.set(Side::Findings);
        self.opened.set(None);
    }
}
