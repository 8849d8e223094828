//! Calls that can widen the rights of whoever makes them.

use super::Call;

/// What a call changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The caller's own rights: the call, and the policy or group, if there is one.
    Own(&'a str, Option<&'a str>),
    /// The rights of a group or of whoever has a policy: the call, and the group or policy.
    Shared(&'a str, Option<&'a str>),
    /// The rights of a role, or who may take it: the call, and the role.
    Role(&'a str, &'a str),
    /// The credentials of another user: the call, and the user.
    Credentials(&'a str, &'a str),
}

impl Step<'_> {
    /// Whether it made credentials for somebody else.
    pub fn is_credentials(self) -> bool {
        matches!(self, Step::Credentials(..))
    }

    /// For the sentence: `changed its own rights (AttachUserPolicy AdministratorAccess)`.
    pub fn show(self) -> String {
        let with = |name: &str, what: Option<&str>| what.map_or(name.to_owned(), |what| format!("{name} {what}"));
        match self {
            Step::Own(name, what) => format!("changed its own rights ({})", with(name, what)),
            Step::Shared(name, what) => format!("changed rights of others that may be its own ({})", with(name, what)),
            Step::Role(name, role) => format!("changed role {role} ({name})"),
            Step::Credentials(name, user) => format!("made credentials for user {user} ({name})"),
        }
    }
}

/// The step that a call is, if it worked.
pub fn read<'a>(call: &Call<'a>) -> Option<Step<'a>> {
    if call.error.is_some() || call.source != Some("iam.amazonaws.com") {
        return None;
    }
    let name = call.name?;
    let policy = call.policy.map(last_part).or(call.policy_name);
    match name {
        "AttachUserPolicy"
        | "PutUserPolicy"
        | "PutUserPermissionsBoundary"
        | "DeleteUserPermissionsBoundary"
        | "DetachUserPolicy"
        | "DeleteUserPolicy" => {
            let target = call.target_user?;
            // To take a policy away lifts its denials.
            (call.user == Some(target)).then_some(Step::Own(name, policy))
        }
        "AddUserToGroup" => (call.user == Some(call.target_user?)).then_some(Step::Own(name, call.target_group)),
        "AttachRolePolicy"
        | "PutRolePolicy"
        | "PutRolePermissionsBoundary"
        | "DeleteRolePermissionsBoundary"
        | "DetachRolePolicy"
        | "DeleteRolePolicy" => {
            let target = call.target_role?;
            let own = call.role == Some(target);
            if own { Some(Step::Own(name, policy)) } else { gives_power(call).then_some(Step::Role(name, target)) }
        }
        "UpdateAssumeRolePolicy" => {
            let target = call.target_role?;
            trusts_caller(call).then_some(Step::Role(name, target))
        }
        "AttachGroupPolicy" | "PutGroupPolicy" => Some(Step::Shared(name, call.target_group)),
        "CreatePolicyVersion" | "SetDefaultPolicyVersion" => Some(Step::Shared(name, policy)),
        "CreateAccessKey" | "CreateLoginProfile" | "UpdateLoginProfile" => {
            let target = call.target_user?;
            (call.user != Some(target)).then_some(Step::Credentials(name, target))
        }
        _ => None,
    }
}

/// Whether the policy of a call allows everything, or to change all rights.
fn gives_power(call: &Call<'_>) -> bool {
    const POLICIES: &[&str] = &["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];
    let managed = call.policy.map(last_part).is_some_and(|policy| POLICIES.contains(&policy));
    let document: String = call.document.unwrap_or_default().split_ascii_whitespace().collect();
    let actions = ["\"Action\":\"*\"", "\"Action\":[\"*\"", "\"*:*\"", "\"iam:*\""];
    managed || actions.iter().any(|action| document.contains(action))
}

/// Whether the trust that a call gives to a role reaches the caller: by name, by account, or as everybody. Where the event
/// does not have the document, nobody knows.
fn trusts_caller(call: &Call<'_>) -> bool {
    let (Some(document), Some(arn)) = (call.document, call.arn) else {
        return true;
    };
    let account = arn.split(':').nth(4).unwrap_or_default();
    let named = |name: Option<&str>| name.is_some_and(|name| document.contains(&format!("/{name}\"")));
    let whole_account =
        document.contains(&format!(":{account}:root\"")) || document.contains(&format!("\"{account}\""));
    document.contains(arn) || named(call.user) || named(call.role) || whole_account || document.contains("\"*\"")
}

/// Whether a step can give rights in a service: its document names the service or everything, or is not in the event.
pub fn concerns(call: &Call<'_>, service: &str) -> bool {
    let named = |document: &str| document.contains(&format!("\"{service}:"));
    gives_power(call) || call.document.is_none_or(named)
}

/// The name at the end of an ARN.
pub fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
