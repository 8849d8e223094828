//! Identities that widen their rights and then do what they could not do before.
//!
//! A change of one's own rights is a step; what it leads to is a gain. Steps alone are administration, and gains alone are
//! work, so a finding needs both, within hours of each other:
//!
//! - after a change of its own rights, a call works that was denied before and had never worked, or an identity makes several
//!   changes to IAM, STS or Organizations of kinds that it never made;
//! - after a change of a policy or group that may be its own, several calls work that had just been denied;
//! - after it changed who may take a role, or gave a role power over everything, the same identity takes that role for
//!   the first time;
//! - after several different calls were denied, an identity makes a key or a password for somebody else.
//!
//! Everything is seen from one identity, a user or a session of a role. What somebody does with the key that they made
//! for another user belongs to that user, and is not seen here. Which groups a user is in and who has a policy is not
//! in the events either.

mod path;
mod steps;

use path::Path;
use trailglass_plugin::time::{HOUR_MS, SECOND_MS, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Severity, words};

/// How many steps and gains the sentence names.
const NAMED: usize = 4;

trailglass_plugin::rows! {
    /// A management call.
    struct Call {
        arn: "userIdentity.arn",
        user: "userIdentity.userName",
        role: "userIdentity.sessionContext.sessionIssuer.userName",
        source: "eventSource",
        name: "eventName",
        error: "errorCode",
        read_only: "readOnly" as bool,
        target_user: "requestParameters.userName",
        target_group: "requestParameters.groupName",
        target_role: "requestParameters.roleName",
        taken_role: "requestParameters.roleArn",
        policy: "requestParameters.policyArn",
        policy_name: "requestParameters.policyName",
        document: "requestParameters.policyDocument",
    }
}

/// The detector; its fields are its options.
pub struct PrivilegeEscalationPath {
    window_ms: i64,
    new_kinds: usize,
    denials: usize,
    ignored: Vec<String>,
}

impl Detector for PrivilegeEscalationPath {
    const MANIFEST: Manifest = Manifest {
        id: "privilege-escalation-path",
        name: "An identity widened its rights and used them",
        version: env!("CARGO_PKG_VERSION"),
        description: "An identity changed its own rights, a policy or a role, and soon after did what it could not or did not do \
            before. Each step can be ordinary work; together they are a way to more power.",
        severity: Severity::Medium,
        tactics: &["TA0004", "TA0003"],
        techniques: &["T1098.001", "T1098.003", "T1484"],
        false_positives: &[
            "An administrator who mends missing rights, their own among them.",
            "A deployment that grants itself what it needs.",
        ],
        references: &[
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html",
        ],
        options: &[
            OptionSpec::integer("hours", 6, "Within how many hours of a step a gain counts, from 1 to 168."),
            OptionSpec::integer(
                "new-kinds",
                3,
                "How many kinds of changes that it never made an identity makes after a step, from 1 to 100.",
            ),
            OptionSpec::integer(
                "denials",
                3,
                "How many different calls are denied before somebody makes credentials for another user, from 1 to 100.",
            ),
            OptionSpec::texts("ignore", &[], "Identities that may change their own rights: parts of their ARNs."),
        ],
        select: "userIdentity.arn:* AND NOT userIdentity.type:AWSService AND NOT userIdentity.invokedBy:* \
            AND NOT eventCategory:(Data OR NetworkActivity OR Insight OR Aggregated)",
        fields: Call::FIELDS,
        grouping: Grouping::By(&["userIdentity.arn"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            window_ms: options.span_ms("hours", HOUR_MS, 1..=168)?,
            new_kinds: options.count("new-kinds", 1..=100)?,
            denials: options.count("denials", 1..=100)?,
            ignored: options.texts("ignore")?.to_vec(),
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let arn = Call::from(group.first()).arn.unwrap_or_default();
        if words::mentions(arn, &self.ignored) {
            return Vec::new();
        }
        // Most identities never take a step, and nothing has to be remembered for them.
        if !group.rows().any(|row| steps::read(&Call::from(row)).is_some()) {
            return Vec::new();
        }
        let paths = path::follow(group.rows().map(Call::from), self.window_ms);
        paths.iter().filter_map(|path| self.finding(path)).collect()
    }
}

impl PrivilegeEscalationPath {
    fn finding(&self, path: &Path<'_>) -> Option<Finding> {
        let probed = path.denied.len() >= self.denials && path.steps.iter().any(|step| step.1.is_credentials());
        let new_kinds = if path.new_kinds.len() >= self.new_kinds { path.new_kinds.as_slice() } else { &[] };
        let worked = path.worked_by_it();
        if worked.is_empty() && path.taken.is_empty() && new_kinds.is_empty() && !probed {
            return None;
        }
        let mut gains = Vec::new();
        if !worked.is_empty() {
            gains.push(format!("called {}", words::list(worked.iter().map(|gain| gain.show()), NAMED)));
        }
        if !path.taken.is_empty() {
            gains.push(format!("took {}", words::list(path.taken.iter().map(path::Gain::show), NAMED)));
        }
        if !new_kinds.is_empty() {
            let names = new_kinds.iter().map(|(name, _)| name);
            gains.push(format!("made changes that it never made: {}", words::list(names, NAMED)));
        }
        let first = path.steps.first()?;
        let mut who = words::capital(&words::who(first.0.arn));
        if probed {
            who += &format!(", who had been denied {},", words::list(path.denied.iter().map(|(what, _)| what), NAMED));
        }
        let steps = words::list(path.steps.iter().map(|(_, step)| step.show()), NAMED);
        let why = match gains.as_slice() {
            [] => format!("{who} {steps}."),
            gains => format!(
                "{who} {steps}, and within {} {}.",
                span((path.end - path.start).max(SECOND_MS)),
                words::list(gains, NAMED)
            ),
        };
        let high = !worked.is_empty() || probed || path.taken.iter().any(|taken| taken.denied > 0);
        let gained = worked.iter().copied().chain(&path.taken);
        let denied = path.denied.iter().filter(|_| probed).map(|&(_, call)| call);
        let denied = denied.chain(gained.clone().filter_map(|gain| gain.denial));
        let steps = path.steps.iter().map(|&(call, _)| call);
        let gained = gained.map(|gain| gain.call).chain(new_kinds.iter().map(|&(_, call)| call));
        let finding = Finding::new(denied.chain(steps).chain(gained), why);
        Some(if high { finding.severity(Severity::High) } else { finding })
    }
}

trailglass_plugin::export!(PrivilegeEscalationPath);

#[cfg(test)]
mod tests;
