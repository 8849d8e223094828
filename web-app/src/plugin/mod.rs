//! The worker of one plugin: loads it, and lets it judge what the shards selected. It works without a pause, and may never
//! come back from a call; the page keeps the time, and ends the worker.

use crate::linker::plugin::{News, Plugin, Stopped, Tell};
use crate::platform::files::{FileHandle, ask_slice};
use crate::platform::pump;
use crate::platform::workers::Message;
use crate::protocol::{Card, Finding, FromPlugin, Parcel, Setting, Step, ToPlugin, Trouble, VERSION, from_js, to_js};
use analyzer_core::detect::{self, Detector, Picked};
use analyzer_core::field::FieldRef;
use analyzer_core::predicate::Predicate;
use plugin_host::{
    Cause, Limit, Limits, LogLine, Manifest, OptionSetting, PluginFault, Stage, batch, described, settings, unfit,
};
use sha2::{Digest as _, Sha256};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A plugin that is ready to run.
struct Loaded {
    name: String,
    plugin: Plugin,
    detector: Detector,
}

/// How much of what a plugin logs in a run the page is told, in bytes: it has to hold it.
const MOST_LOGGED: usize = 4 << 20;

/// What a line takes beside its text.
const LINE_COST: usize = 128;

/// The plugin of this worker, once it is loaded.
type Shared = Rc<RefCell<Option<Loaded>>>;

/// Starts the worker.
pub fn start() {
    let shared = Shared::default();
    pump::listen(move |message| hear(&shared, message));
    say(&FromPlugin::Ready(VERSION));
}

fn say(message: &FromPlugin) {
    let said = to_js(message).and_then(|message| pump::post(&message));
    if let Err(why) = said {
        // Nobody hears a worker that cannot post, but its own error handler: the page sees what is thrown.
        pump::throw(&why);
    }
}

fn hear(shared: &Shared, message: Message) {
    match from_js::<ToPlugin>(message) {
        Err(why) => pump::throw(&why),
        Ok(ToPlugin::Load { name, limits, handle }) => {
            let shared = shared.clone();
            pump::spawn(async move {
                match load(name, limits_of(&limits), &handle).await {
                    Ok((loaded, card)) => {
                        shared.replace(Some(loaded));
                        say(&FromPlugin::Loaded(Box::new(card)));
                    }
                    Err(fault) => say(&FromPlugin::Refused(fault.into())),
                }
            });
        }
        Ok(ToPlugin::Run { options, by, selections }) => {
            if let Some(loaded) = shared.borrow().as_ref() {
                let fault = loaded.run(options, &by, &selections).err();
                say(&FromPlugin::Done(fault.map(Trouble::from)));
            }
        }
    }
}

/// Tells the page what happens, while it happens: a call that the page ends says nothing afterwards.
#[derive(Default)]
struct Teller {
    /// Bytes of log that the page was told.
    logged: Cell<usize>,
    /// Lines that it was not.
    dropped: Cell<u64>,
}

impl Teller {
    /// Of a call with so many events.
    fn of_call(self: &Rc<Teller>, events: usize) -> Tell {
        let teller = self.clone();
        Rc::new(move |news| match news {
            News::Begins(stage) => say(&FromPlugin::At(Step::from(stage), events as u64)),
            News::Logs(line) => teller.log(&line),
            News::DropsLine => teller.drop_line(),
        })
    }

    fn log(&self, line: &LogLine) {
        let logged = self.logged.get() + line.message.len() + LINE_COST;
        if logged > MOST_LOGGED {
            return self.drop_line();
        }
        self.logged.set(logged);
        say(&FromPlugin::Logged(line.into()));
    }

    /// A plugin may drop millions: the page hears of ever fewer of them, and of the number at the end of the call.
    fn drop_line(&self) {
        self.dropped.set(self.dropped.get() + 1);
        if self.dropped.get().is_power_of_two() {
            self.tell_dropped();
        }
    }

    fn tell_dropped(&self) {
        say(&FromPlugin::Dropped(self.dropped.get()));
    }
}

fn limits_of(set: &[(String, u64)]) -> Limits {
    let mut limits = Limits::default();
    for (name, value) in set {
        // The page names none that there is not.
        let _ = limits.set(name, *value);
    }
    limits
}

async fn load(name: String, limits: Limits, handle: &FileHandle) -> Result<(Loaded, Card), PluginFault> {
    let fault = |cause| PluginFault { plugin: name.clone(), stage: Stage::Load, cause, log: Vec::new() };
    let size = handle.size() as u64;
    if size > limits.file_bytes {
        return Err(fault(Cause::Limit { limit: Limit::FileBytes, allowed: limits.file_bytes }));
    }
    let tell = Rc::new(Teller::default()).of_call(0);
    tell(News::Begins(Stage::Load));
    let read = ask_slice(handle, 0, size).bytes().await;
    let bytes = read.map_err(|why| fault(unfit(format!("the file cannot be read: {why}"), "choose the file again")))?;
    let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let plugin = Plugin::load(&bytes, limits, tell).map_err(|stopped| of_plugin(&name, stopped))?;
    let detector = detector(&plugin.manifest);
    let card = Card {
        profile: plugin.manifest.clone().into(),
        digest,
        size,
        contract: plugin.inspected.contract.to_string(),
        imports: plugin.inspected.imports.clone(),
    };
    Ok((Loaded { name, plugin, detector }, card))
}

/// A detector of the core that groups and judges, but cannot select: it knows of its fields only how many there are. So this
/// worker needs neither the table of fields nor what reads queries; the page looks at both.
fn detector(manifest: &Manifest) -> Detector {
    described(manifest, Predicate::Everything, |_| FieldRef::Raw)
}

/// A finding with the names of the fields that its events have in common.
fn named(finding: detect::Finding, by: &[String]) -> Finding {
    let mut finding = Finding::from(finding);
    finding.group.iter_mut().zip(by).for_each(|((name, _), known)| name.clone_from(known));
    finding
}

fn of_plugin(name: &str, stopped: Stopped) -> PluginFault {
    PluginFault { plugin: name.to_owned(), stage: stopped.stage, cause: stopped.cause, log: Vec::new() }
}

impl Loaded {
    fn run(&self, options: Vec<(String, Setting)>, by: &[String], selections: &[Parcel]) -> Result<(), PluginFault> {
        let fault = |cause| PluginFault { plugin: self.name.clone(), stage: Stage::Configure, cause, log: Vec::new() };
        let wanted: Vec<OptionSetting> =
            options.into_iter().map(|(name, value)| OptionSetting { name, value: value.into() }).collect();
        let settings = settings::settings(&self.plugin.manifest, &wanted)
            .map_err(|why| fault(unfit(why, "change the option, or leave it as it was")))?;
        let picked = merged(selections)
            .ok_or_else(|| fault(unfit("its events cannot be read".to_owned(), "reload the page without its cache")))?;
        let total = picked.len() as u64;
        let grouped = picked.grouped(&self.detector);
        let teller = Rc::new(Teller::default());
        let mut judged = 0;
        for groups in batch::split(&grouped) {
            let batch = batch::batch(&self.detector, &picked, &grouped, groups.clone());
            judged += batch.rows.len() as u64;
            let answer = self.plugin.detect(&settings, &batch, teller.of_call(batch.rows.len()));
            if teller.dropped.get() > 0 {
                teller.tell_dropped();
            }
            let findings = answer.map_err(|stopped| of_plugin(&self.name, stopped))?;
            let findings = batch::findings(&self.detector, &picked, &grouped, groups, findings);
            say(&FromPlugin::Judged {
                events: judged,
                total,
                findings: findings.into_iter().map(|finding| named(finding, by)).collect(),
            });
        }
        Ok(())
    }
}

/// What all shards selected for the one detector that they were asked about.
fn merged(selections: &[Parcel]) -> Option<Picked> {
    let mut all = Picked::default();
    for selection in selections {
        all.merge(selection.open().picked()?);
    }
    Some(all)
}
