//! A plugin in the browser's engine: loaded once, and in a fresh instance for every call with a batch.

use super::abi::guest::Guest as _;
use super::abi::{lift, lower};
use super::plan::{Export, Plan, plan};
use crate::platform::engine::{Asked, Callable, Instances, Memory, Modules, NotStarted, call};
use plugin_host::{
    Batch, Cause, Inspected, Limit, Limits, LogLevel, LogLine, Manifest, OptionSetting, PluginFinding, Stage, answer,
    check_manifest, inspect, unfit,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A plugin that was compiled and has described itself.
pub struct Plugin {
    modules: Modules,
    plan: Plan,
    limits: Limits,
    /// What it says of itself; checked.
    pub manifest: Manifest,
    /// The version of the contract that it was built for, and what it imports.
    pub inspected: Inspected,
}

/// What stopped a plugin.
pub struct Stopped {
    /// What it was doing.
    pub stage: Stage,
    /// What went wrong.
    pub cause: Cause,
}

/// What happens in a call. It may never end, so it is told while it goes on.
pub enum News {
    /// The plugin begins something.
    Begins(Stage),
    /// It logged a line.
    Logs(LogLine),
    /// It logged a line behind the last that is kept.
    DropsLine,
}

type Step<T> = Result<T, Stopped>;

/// Who is told what happens.
pub type Tell = Rc<dyn Fn(News)>;

impl Plugin {
    /// Loads a plugin: reads what it was built for, plans, compiles, and asks it to describe itself.
    ///
    /// # Errors
    /// Why it is no plugin, or what stopped it in `describe`.
    pub fn load(bytes: &[u8], limits: Limits, tell: Tell) -> Result<Plugin, Stopped> {
        let compiled = compile(bytes, &limits);
        let (inspected, plan, modules) = compiled.map_err(|cause| Stopped { stage: stage_of(&cause), cause })?;
        let manifest = describe(&modules, &plan, &Call::new(&limits, tell))?;
        Ok(Plugin { modules, plan, limits, manifest, inspected })
    }

    /// Judges a batch in a fresh instance.
    ///
    /// # Errors
    /// What stopped the plugin; all that it found in this batch is lost.
    pub fn detect(&self, settings: &[OptionSetting], batch: &Batch, tell: Tell) -> Step<Vec<PluginFinding>> {
        detect(self, settings, batch, &Call::new(&self.limits, tell))
    }
}

fn compile(bytes: &[u8], limits: &Limits) -> Result<(Inspected, Plan, Modules), Cause> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(Cause::Limit { limit: Limit::FileBytes, allowed: limits.file_bytes });
    }
    let inspected = inspect(bytes)?;
    let plan = plan(bytes, limits)?;
    let modules = Modules::compile(&plan.modules).map_err(|why| unsound(&why))?;
    Ok((inspected, plan, modules))
}

/// What is too large from the start is seen before it starts, and told as the other host does.
fn stage_of(cause: &Cause) -> Stage {
    match cause {
        Cause::Limit { limit: Limit::Memory | Limit::Tables | Limit::Instances, .. } => Stage::Start,
        _ => Stage::Load,
    }
}

fn unsound(why: &str) -> Cause {
    unfit(format!("the component is not valid: {why}"), "build it with the tools that plugins/README.md names")
}

fn describe(modules: &Modules, plan: &Plan, call: &Rc<Call>) -> Step<Manifest> {
    let live = call.start(modules, plan)?;
    let at = |cause| Stopped { stage: Stage::Describe, cause };
    (call.tell)(News::Begins(Stage::Describe));
    let function = Function::of(&live, &plan.describe).map_err(at)?;
    let manifest = call.ask(plan, &function, &[], lift::manifest).map_err(at)?;
    check_manifest(&manifest).map_err(|what| at(Cause::BadAnswer(what)))?;
    Ok(manifest)
}

fn detect(plugin: &Plugin, settings: &[OptionSetting], batch: &Batch, call: &Rc<Call>) -> Step<Vec<PluginFinding>> {
    let Plugin { modules, plan, limits, .. } = plugin;
    let live = call.start(modules, plan)?;
    let at = |cause| Stopped { stage: Stage::Configure, cause };
    (call.tell)(News::Begins(Stage::Configure));
    let configure = Function::of(&live, &plan.configure).map_err(at)?;
    let arguments = call.give(plan, &configure, |memory| lower::settings(memory, settings)).map_err(at)?;
    call.ask(plan, &configure, &arguments, |memory, answer| lift::configured(memory, answer, limits)).map_err(at)?;
    let at = |cause| Stopped { stage: Stage::Detect, cause };
    (call.tell)(News::Begins(Stage::Detect));
    let detect = Function::of(&live, &plan.detect).map_err(at)?;
    let arguments = call.give(plan, &detect, |memory| lower::batch(memory, batch)).map_err(at)?;
    let findings =
        call.ask(plan, &detect, &arguments, |memory, answer| lift::findings(memory, answer, limits)).map_err(at)?;
    answer::check(&findings, &batch.rows, &batch.group_starts, limits).map_err(at)?;
    Ok(findings)
}

/// A function of the contract in an instance.
struct Function {
    function: Callable,
    memory: Memory,
    post_return: Option<Callable>,
}

impl Function {
    fn of(live: &Instances, export: &Export) -> Result<Function, Cause> {
        let missing = || Cause::BadAnswer("an export is not what the file says".to_owned());
        let memory = live.memory(&export.memory, export.realloc.as_ref()).ok_or_else(missing)?;
        Ok(Function {
            function: live.function(&export.function).ok_or_else(missing)?,
            memory,
            post_return: export.post_return.as_ref().and_then(|function| live.function(function)),
        })
    }
}

/// One call with a batch, or one of `describe`: what belongs to it while code of the plugin runs.
struct Call {
    limits: Limits,
    tell: Tell,
    /// Lines that it logged and that were kept.
    kept: Cell<u64>,
    /// Why the host ended it, if it did.
    cause: RefCell<Option<Cause>>,
    /// Not while room is given or taken back: the component model forbids it.
    may_log: Cell<bool>,
}

impl Call {
    fn new(limits: &Limits, tell: Tell) -> Rc<Call> {
        Rc::new(Call {
            limits: limits.clone(),
            tell,
            kept: Cell::new(0),
            cause: RefCell::default(),
            may_log: Cell::new(true),
        })
    }

    fn start(self: &Rc<Call>, modules: &Modules, plan: &Plan) -> Step<Instances> {
        (self.tell)(News::Begins(Stage::Start));
        Instances::make(modules, &plan.instances, self).map_err(|why| {
            let cause = match why {
                NotStarted::Unfit(why) => unsound(&why),
                NotStarted::Stopped(why) => self.cause.take().unwrap_or(Cause::Trap(why)),
            };
            Stopped { stage: Stage::Start, cause }
        })
    }

    /// Writes arguments.
    fn give(
        &self,
        plan: &Plan,
        function: &Function,
        write: impl FnOnce(&Memory) -> Result<Vec<u32>, Cause>,
    ) -> Result<Vec<u32>, Cause> {
        self.may_log.set(false);
        let arguments = write(&function.memory);
        self.may_log.set(true);
        arguments.map_err(|cause| self.reason(plan, &function.memory, cause))
    }

    /// Calls, reads the answer, and lets the plugin take back what it was in.
    fn ask<T>(
        &self,
        plan: &Plan,
        function: &Function,
        arguments: &[u32],
        read: impl FnOnce(&Memory, u32) -> Result<T, Cause>,
    ) -> Result<T, Cause> {
        let memory = &function.memory;
        let stopped = |why| self.reason(plan, memory, Cause::Trap(why));
        let answer = call(&function.function, arguments).map_err(stopped)?;
        // A plugin that caught what ended it has nothing to say any more.
        if let Some(cause) = self.cause.take() {
            return Err(cause);
        }
        let at = answer.ok_or_else(|| Cause::BadAnswer("it answered with no address".to_owned()))?;
        memory.look_again();
        let value = read(memory, at)?;
        if let Some(post_return) = &function.post_return {
            self.may_log.set(false);
            let done = call(post_return, &[at]);
            self.may_log.set(true);
            done.map_err(stopped)?;
        }
        Ok(value)
    }

    /// Why a call ended: what the host found wrong, or its memory. An engine tells nobody that a memory could not grow, but
    /// what doubles would have passed its cap when it has half of it.
    fn reason(&self, plan: &Plan, memory: &Memory, found: Cause) -> Cause {
        if let Some(cause) = self.cause.take() {
            return cause;
        }
        memory.look_again();
        let is_trap = matches!(found, Cause::Trap(_));
        if is_trap && memory.size() * 2 >= plan.memory_bytes && plan.memory_bytes * 2 >= self.limits.memory_bytes {
            return Cause::Limit { limit: Limit::Memory, allowed: self.limits.memory_bytes };
        }
        found
    }
}

impl Asked for Call {
    fn log(&self, memory: &Memory, level: u32, at: u32, length: u32) -> Result<(), String> {
        let kept = self.kept.get();
        let most = if kept < self.limits.log_lines { self.limits.log_line_bytes } else { 0 };
        let read = match (self.may_log.get(), level_of(level)) {
            (false, _) => Err(Cause::Trap("it logged where it must not".to_owned())),
            (_, None) => Err(Cause::BadAnswer("a case that the contract does not have".to_owned())),
            (_, Some(level)) => lift::line(memory, at, length, most, &self.limits).map(|line| (level, line)),
        };
        let (level, (mut message, is_longer)) = read.map_err(|cause| {
            let why = cause.to_string();
            self.cause.replace(Some(cause));
            why
        })?;
        if kept >= self.limits.log_lines {
            (self.tell)(News::DropsLine);
            return Ok(());
        }
        if is_longer {
            message.push('…');
        }
        self.kept.set(kept + 1);
        (self.tell)(News::Logs(LogLine { level, message }));
        Ok(())
    }

    fn lacks(&self, what: &'static str) -> String {
        let cause = Cause::Trap(format!("it tried to use {what}"));
        let why = cause.to_string();
        self.cause.replace(Some(cause));
        why
    }
}

fn level_of(case: u32) -> Option<LogLevel> {
    [LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error].get(case as usize).copied()
}
