//! The first time that another account takes a role.
//!
//! A role that trusts another account is a door. Partners and sister accounts use theirs again and again, so after a learning
//! period an account that was never seen before is worth a look: the trust may be new, wrong, or planted. An account that
//! is known and takes a role that it never took is told as well, with less weight, if it kept to a few roles for as long as a
//! learning period. Accounts that take ever more roles are brokers of access, and another role says nothing of them.
//!
//! Seen are the events of the account that owns the role. In a trail of an organization the same call is also recorded in the
//! account of the caller; that copy is left out.

use std::collections::BTreeMap;

use trailglass_plugin::time::{DAY_MS, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Severity, words};

/// An account that took more roles than this takes roles by trade.
const FEW_ROLES: usize = 3;

trailglass_plugin::rows! {
    /// A call that gives credentials of a role.
    struct Assume {
        owner: "recipientAccountId",
        caller: "userIdentity.accountId",
        arn: "userIdentity.arn",
        principal: "userIdentity.principalId",
        role: "requestParameters.roleArn",
        external_id: "requestParameters.externalId",
        address: "sourceIPAddress",
    }
}

/// The detector; its fields are its options.
pub struct CrossAccountRoleFirstSeen {
    learning_ms: i64,
    new_roles: bool,
    trusted: Vec<String>,
}

impl Detector for CrossAccountRoleFirstSeen {
    const MANIFEST: Manifest = Manifest {
        id: "cross-account-role-first-seen",
        name: "Another account took a role for the first time",
        version: env!("CARGO_PKG_VERSION"),
        description: "A principal of another account assumed a role of this one, and that account had not done so in the time \
            before. The role may trust somebody whom it should not.",
        severity: Severity::Medium,
        tactics: &["TA0001", "TA0003"],
        techniques: &["T1199", "T1078.004"],
        false_positives: &[
            "A new partner, tool or account of the organization.",
            "A partner who comes more rarely than the learning period is long.",
        ],
        references: &["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_aws-accounts.html"],
        options: &[
            OptionSpec::integer(
                "days",
                7,
                "How many days, from the account's first AssumeRole on, accounts are learned, from 1 to 365.",
            ),
            OptionSpec::flag(
                "new-roles",
                true,
                "Whether to tell when a known account takes a role that it never took.",
            ),
            OptionSpec::texts("trusted", &[], "Accounts that are never new: their ids of twelve digits."),
        ],
        select: "eventSource:sts.amazonaws.com AND eventName:AssumeRole AND NOT errorCode:* AND userIdentity.accountId:* \
            AND NOT userIdentity.type:AWSService AND NOT userIdentity.invokedBy:*",
        fields: Assume::FIELDS,
        grouping: Grouping::By(&["recipientAccountId"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            learning_ms: options.span_ms("days", DAY_MS, 1..=365)?,
            new_roles: options.flag("new-roles")?,
            trusted: options.texts("trusted")?.to_vec(),
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let Some(start) = group.rows().find_map(|row| row.time_ms()) else { return Vec::new() };
        let mut known: BTreeMap<&str, Known<'_>> = BTreeMap::new();
        let mut findings = Vec::new();
        for call in group.rows().map(Assume::from) {
            let (Some(time), Some(owner), Some(caller)) = (call.row.time_ms(), call.owner, call.caller) else {
                continue;
            };
            let role = call.role.unwrap_or("unknown");
            // In a copy for the caller's account, the role is of another account than the event.
            let own_copy = role.split(':').nth(4).is_none_or(|account| account == owner);
            if caller == owner || !own_copy || self.trusted.iter().any(|trusted| trusted == caller) {
                continue;
            }
            let before = known.len();
            let account = known.entry(caller).or_insert(Known { roles: Vec::new(), last_new: start });
            if account.roles.contains(&role) {
                continue;
            }
            let steady = time - account.last_new >= self.learning_ms;
            if account.roles.is_empty() && time - start >= self.learning_ms {
                findings.push(first_time(&call, role, time - start, before));
            } else if self.new_roles && steady && account.roles.len() <= FEW_ROLES {
                findings.push(other_role(&call, role, time - account.last_new, &account.roles));
            }
            account.roles.push(role);
            account.last_new = time;
        }
        findings
    }
}

/// What is known of another account.
struct Known<'a> {
    /// The roles that it took, in the order of their first time.
    roles: Vec<&'a str>,
    /// When it last took a role that it had not taken before.
    last_new: i64,
}

fn first_time(call: &Assume<'_>, role: &str, since_ms: i64, known: usize) -> Finding {
    let others = match known {
        0 => "no other account".to_owned(),
        _ => words::length(known, "other account"),
    };
    let external = if call.external_id.is_some() { "with" } else { "without" };
    let why = format!(
        "{} took {} from {} {external} an external id; in the {} before {others} had taken a role here.",
        words::capital(&caller(call)),
        words::who(Some(role)),
        call.address.unwrap_or("an unknown address"),
        span(since_ms),
    );
    Finding::new([*call], why)
}

fn other_role(call: &Assume<'_>, role: &str, since_ms: i64, taken: &[&str]) -> Finding {
    let why = format!(
        "{} took {} from {} for the first time; for {} it had kept to {}.",
        words::capital(&caller(call)),
        words::who(Some(role)),
        call.address.unwrap_or("an unknown address"),
        span(since_ms),
        words::list(taken.iter().map(|role| words::who(Some(role))), 3),
    );
    let finding = Finding::new([*call], why).severity(Severity::Low);
    finding.title("A known account took another role for the first time")
}

/// Of a caller of another account an event often has the account and an opaque id only.
fn caller(call: &Assume<'_>) -> String {
    let account = call.caller.unwrap_or("unknown");
    match (call.arn, call.principal) {
        (Some(arn), _) => format!("account {account} ({})", words::who(Some(arn))),
        (None, Some(principal)) => format!("account {account} ({principal})"),
        (None, None) => format!("account {account}"),
    }
}

trailglass_plugin::export!(CrossAccountRoleFirstSeen);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    const OWNER: &str = "111122223333";

    /// Each event: its day, the account of the caller, and the role.
    fn trial(events: &[(i64, &str, &str)]) -> Trial {
        events.iter().fold(Trial::new(), |trial, &(day, caller, role)| {
            let role = format!("arn:aws:iam::{OWNER}:role/{role}");
            let who = [("userIdentity.accountId", caller), ("userIdentity.principalId", "AIDAEXAMPLE")];
            let what = [("recipientAccountId", OWNER), ("requestParameters.roleArn", role.as_str())];
            trial.event(day * DAY_MS, who.into_iter().chain(what).chain([("sourceIPAddress", "203.0.113.9")]))
        })
    }

    fn check(trial: Trial, expected: &[(Option<Severity>, &[u32])]) {
        let findings = trial.run::<CrossAccountRoleFirstSeen>().unwrap();
        let found: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.rows.as_slice())).collect();
        assert_eq!(found, expected, "{findings:?}");
    }

    #[test]
    fn accounts_are_learned_and_then_new() {
        let own = (0, OWNER, "Admin");
        let other = "444455556666";
        check(trial(&[own, (100, OWNER, "Other")]), &[]);
        check(trial(&[own, (6, other, "Audit"), (20, other, "Audit")]), &[]);
        check(trial(&[own, (7, other, "Audit"), (8, other, "Audit")]), &[(None, &[1])]);
        check(trial(&[own, (7, other, "Audit")]).option("days", 8), &[]);
        check(trial(&[own, (7, other, "Audit")]).option("trusted", [other]), &[]);
        let again = [own, (6, other, "Audit"), (13, other, "Admin")];
        check(trial(&again), &[(Some(Severity::Low), &[2])]);
        check(trial(&again).option("new-roles", false), &[]);
        check(trial(&[own, (6, other, "Audit"), (12, other, "Admin")]), &[]);
        let broker = [own, (0, other, "A"), (0, other, "B"), (0, other, "C"), (9, other, "D")];
        check(trial(&broker), &[(Some(Severity::Low), &[4])]);
        check(trial(&[&broker[..4], &[(0, other, "E"), broker[4]]].concat()), &[]);
    }

    #[test]
    fn the_copy_for_the_caller_is_left_out() {
        let mine = [("userIdentity.accountId", "444455556666"), ("recipientAccountId", "444455556666")];
        let elsewhere = [
            ("userIdentity.accountId", "777788889999"),
            ("recipientAccountId", "444455556666"),
            ("requestParameters.roleArn", "arn:aws:iam::111122223333:role/Audit"),
        ];
        check(Trial::new().event(0, mine).event(9 * DAY_MS, elsewhere), &[]);
        // Without the role's ARN nobody knows whose it is.
        check(Trial::new().event(0, mine).event(9 * DAY_MS, elsewhere[..2].to_vec()), &[(None, &[1])]);
    }

    #[test]
    fn why_says_who_and_what_was_known() {
        let events = [(0, OWNER, "Admin"), (8, "444455556666", "Audit"), (15, "444455556666", "Admin")];
        let findings = trial(&events).run::<CrossAccountRoleFirstSeen>().unwrap();
        let expected = [
            "Account 444455556666 (AIDAEXAMPLE) took role Audit from 203.0.113.9 without an external id; in the 8 days before no \
                other account had taken a role here.",
            "Account 444455556666 (AIDAEXAMPLE) took role Admin from 203.0.113.9 for the first time; for 7 days it had kept to \
                role Audit.",
        ];
        assert_eq!([&findings[0].why, &findings[1].why], expected);
    }
}
