//! The calls of one identity as paths: steps, and what was gained by them.

use std::collections::{BTreeMap, BTreeSet};

use super::Call;
use super::steps::{self, Step, last_part};

/// So many different calls of each kind are kept of a path.
const KEPT: usize = 50;
/// So many denied calls must work after a change that may be about somebody else.
const SEVERAL: usize = 2;

/// Steps that follow each other within the window, and their gains.
#[derive(Default)]
pub struct Path<'a> {
    /// The first step, in milliseconds.
    pub start: i64,
    /// The last gain, or the last step if there was none.
    pub end: i64,
    /// The last step.
    last_step: i64,
    window_ms: i64,
    /// The steps.
    pub steps: Vec<(Call<'a>, Step<'a>)>,
    /// Calls that worked and had been denied before the last step.
    worked: Vec<Gain<'a>>,
    /// Roles that were taken after they had been changed.
    pub taken: Vec<Gain<'a>>,
    /// Changes to identities of a kind that is new to this one, after it changed its own rights.
    pub new_kinds: Vec<(&'a str, Call<'a>)>,
    /// Calls that were denied within the window before the first step: the call, and the last such event.
    pub denied: Vec<(String, Call<'a>)>,
}

/// A call that worked for the first time.
pub struct Gain<'a> {
    what: String,
    service: &'a str,
    /// How often it was denied before.
    pub denied: usize,
    /// Whether it was denied within the window before the path began.
    recently: bool,
    /// The last time that it was denied.
    pub denial: Option<Call<'a>>,
    /// The event.
    pub call: Call<'a>,
}

impl Gain<'_> {
    /// `s3:ListBuckets (denied 3 times before)`.
    pub fn show(&self) -> String {
        match self.denied {
            0 => self.what.clone(),
            1 => format!("{} (denied once before)", self.what),
            times => format!("{} (denied {times} times before)", self.what),
        }
    }
}

/// Whom the start page of the console asks by itself. Who may not see the bill is denied by these on every visit.
const START_PAGE: &[&str] = &[
    "ce.amazonaws.com",
    "cost-optimization-hub.amazonaws.com",
    "freetier.amazonaws.com",
    "health.amazonaws.com",
    "notifications.amazonaws.com",
    "resource-explorer-2.amazonaws.com",
    "servicecatalog-appregistry.amazonaws.com",
];

/// What tells two calls apart: service, name, and the role that is taken.
type What<'a> = (&'a str, &'a str, Option<&'a str>);

/// What is known of an identity before a call.
#[derive(Default)]
struct History<'a> {
    worked: BTreeSet<What<'a>>,
    denied: BTreeMap<What<'a>, Denial<'a>>,
}

/// How often a call was denied, and lastly when.
struct Denial<'a> {
    times: usize,
    last: i64,
    call: Call<'a>,
}

/// The paths among the calls of one identity, which are in time order.
pub fn follow<'a>(calls: impl Iterator<Item = Call<'a>>, window_ms: i64) -> Vec<Path<'a>> {
    let mut history = History::default();
    let mut paths: Vec<Path<'a>> = Vec::new();
    for call in calls {
        let Some(time) = call.row.time_ms() else { continue };
        let what = what(&call);
        if call.error.is_some() {
            history.note_failure(what, time, call);
            continue;
        }
        let open = paths.last_mut().filter(|path| time - path.last_step <= window_ms);
        match (steps::read(&call), open) {
            (Some(step), Some(path)) => {
                path.step(time, call, step);
            }
            (Some(step), None) => {
                let denied = history.denied_within(time, window_ms);
                let mut path = Path { start: time, window_ms, denied, ..Path::default() };
                path.step(time, call, step);
                paths.push(path);
            }
            (None, Some(path)) => path.gain(&history, what, time, call),
            (None, None) => {}
        }
        history.worked.insert(what);
    }
    paths
}

fn what<'a>(call: &Call<'a>) -> What<'a> {
    let name = call.name.unwrap_or_default();
    (call.source.unwrap_or_default(), name, call.taken_role.filter(|_| name == "AssumeRole"))
}

/// `iam:CreateUser`, as policies write it.
fn show((source, name, role): What<'_>) -> String {
    match role {
        Some(role) => format!("{}:{name} of {}", service(source), last_part(role)),
        None => format!("{}:{name}", service(source)),
    }
}

/// `iam` of `iam.amazonaws.com`.
fn service(source: &str) -> &str {
    source.strip_suffix(".amazonaws.com").unwrap_or(source)
}

/// Whether an error says that rights are missing. Services spell it differently.
pub fn is_denial(error: &str) -> bool {
    error.starts_with("AccessDenied") || error.ends_with("UnauthorizedOperation") || error == "AuthorizationError"
}

impl<'a> History<'a> {
    fn note_failure(&mut self, what: What<'a>, time: i64, call: Call<'a>) {
        if call.error.is_some_and(is_denial) && !START_PAGE.contains(&what.0) {
            let denial = self.denied.entry(what).or_insert(Denial { times: 0, last: time, call });
            denial.times += 1;
            (denial.last, denial.call) = (time, call);
        }
    }

    fn denied_within(&self, time: i64, window_ms: i64) -> Vec<(String, Call<'a>)> {
        let recent = self.denied.iter().filter(|(_, denial)| time - denial.last <= window_ms);
        recent.take(KEPT).map(|(&what, denial)| (show(what), denial.call)).collect()
    }
}

impl<'a> Path<'a> {
    fn step(&mut self, time: i64, call: Call<'a>, step: Step<'a>) {
        (self.last_step, self.end) = (time, time);
        if self.steps.len() < KEPT {
            self.steps.push((call, step));
        }
    }

    /// Notes what a call that worked, and is no step, shows about the rights that were gained.
    fn gain(&mut self, history: &History<'a>, what: What<'a>, time: i64, call: Call<'a>) {
        if history.worked.contains(&what) {
            return;
        }
        let denial = history.denied.get(&what).filter(|denial| denial.last <= self.last_step);
        let denied = denial.map_or(0, |denial| denial.times);
        let recently = denial.is_some_and(|denial| self.start - denial.last <= self.window_ms);
        let gain = |text| Gain {
            what: text,
            service: service(what.0),
            denied,
            recently,
            denial: denial.map(|denial| denial.call),
            call,
        };
        if let Some(role) = self.changed_role(what).filter(|_| self.taken.len() < KEPT) {
            self.taken.push(gain(format!("role {role}")));
        } else if denied > 0 && self.worked.len() < KEPT {
            self.worked.push(gain(show(what)));
        } else if self.is_new_kind(what, &call) && self.new_kinds.len() < KEPT {
            self.new_kinds.push((what.1, call));
        } else {
            return;
        }
        self.end = time;
    }

    /// The calls that worked and had been denied, if the steps explain it: after a change of own rights one is enough, after a
    /// change that may be about somebody else it takes several that were denied just before, in services that the change is
    /// about. Errors pass for other reasons, too.
    pub fn worked_by_it(&self) -> Vec<&Gain<'a>> {
        if self.changed_own() {
            return self.worked.iter().collect();
        }
        let shared = self.steps.iter().filter(|(_, step)| matches!(step, Step::Shared(..)));
        let explained =
            |gain: &&Gain<'a>| gain.recently && shared.clone().any(|(call, _)| steps::concerns(call, gain.service));
        let recent: Vec<&Gain<'a>> = self.worked.iter().filter(explained).collect();
        if recent.len() >= SEVERAL { recent } else { Vec::new() }
    }

    fn changed_own(&self) -> bool {
        self.steps.iter().any(|&(_, step)| matches!(step, Step::Own(..)))
    }

    /// The role that is taken, if a step changed it.
    fn changed_role(&self, what: What<'a>) -> Option<&'a str> {
        let role = last_part(what.2?);
        let changed = |&(_, step): &(Call<'_>, Step<'_>)| matches!(step, Step::Role(_, changed) if changed == role);
        self.steps.iter().any(changed).then_some(role)
    }

    /// Whether this is a change to identities by somebody who changed their own rights.
    fn is_new_kind(&self, (source, ..): What<'_>, call: &Call<'_>) -> bool {
        let identities = ["iam.amazonaws.com", "sts.amazonaws.com", "organizations.amazonaws.com"].contains(&source);
        identities && self.changed_own() && call.read_only == Some(false)
    }
}
