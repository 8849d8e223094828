//! Records with a fixed place in time: console sign-ins and the steps of a story.

use crate::Plan;
use crate::actor::{Actor, Kind};
use crate::random::fold;
use crate::record::Place;
use crate::slot::Scene;
use crate::story;
use crate::template::Template;
use crate::world::Account;
use crate::{Story, signin};

/// A record that happens at a known time.
#[derive(Clone, Copy, Debug)]
pub struct Scheduled {
    /// The eventTime.
    pub time: i64,
    /// Who acts.
    pub actor: Actor,
    /// When the actor's session began.
    pub session: i64,
    /// The place of its template in [`Templates`].
    pub template: usize,
}

/// The templates of all scheduled records.
#[derive(Clone, Debug)]
pub struct Templates(Vec<Template>);

impl Templates {
    /// Takes the templates apart: the sign-ins first, then the story's.
    pub fn new() -> Self {
        Self(signin::templates().into_iter().chain(story::templates()).collect())
    }

    /// Appends a scheduled record.
    pub fn write(&self, out: &mut Vec<u8>, scheduled: &Scheduled, place: Place<'_>) {
        let scene = Scene {
            world: place.world,
            account: place.account,
            region: place.region,
            time: scheduled.time,
            seed: fold(&[place.seed, 91]),
            actor: scheduled.actor,
            session: scheduled.session,
            service: "signin.amazonaws.com",
            action: "signin",
            event: "ConsoleLogin",
        };
        self.0[scheduled.template].write(out, &scene);
    }
}

/// The first template of a story.
pub const STORY: usize = 2;

/// What is scheduled in the home region of an account, in time order. `events` is the number of
/// records there: a small trail has few sign-ins.
pub fn of_account(plan: &Plan, account: &Account, events: u64) -> Vec<Scheduled> {
    let mut scheduled = Vec::new();
    signin::schedule(&mut scheduled, account, plan.start, i64::from(plan.days), events / 64);
    if plan.story == Story::Attack && account.index == 0 {
        story::schedule(&mut scheduled, plan, account);
    }
    scheduled.sort_by_key(|record| (record.time, record.template, record.actor.kind == Kind::Root));
    scheduled
}
