//! `userIdentity` → principal: who made the call, in the words of an investigator.
//!
//! Facts: CloudTrail user guide, "CloudTrail userIdentity element". Values are as loose in practice as JSON allows, so
//! everything is optional and nothing is trusted.

use serde_json::Value;

/// Who made a call. Every part is what the record says, or `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// `type`: Root, IAMUser, AssumedRole, AWSService, …
    pub kind: Option<String>,
    /// `arn`.
    pub arn: Option<String>,
    /// `accountId`.
    pub account: Option<String>,
    /// `principalId`.
    pub principal_id: Option<String>,
    /// `userName`.
    pub user_name: Option<String>,
    /// `accessKeyId`; an empty text counts as none.
    pub access_key_id: Option<String>,
    /// `invokedBy`: the service that made the call on somebody's behalf.
    pub invoked_by: Option<String>,
    /// `sessionContext.sessionIssuer.arn`: the role or user behind temporary credentials.
    pub issuer_arn: Option<String>,
    /// `sessionContext.sessionIssuer.userName`.
    pub issuer_name: Option<String>,
    /// `sessionContext.attributes.mfaAuthenticated`: the text "true" or "false".
    pub mfa: Option<String>,
    /// `sessionContext.sourceIdentity`.
    pub source_identity: Option<String>,
}

impl Principal {
    /// Reads the JSON of a `userIdentity`. Anything but an object gives a principal that knows nothing.
    pub fn from_json(json: &str) -> Principal {
        let Ok(value) = serde_json::from_str::<Value>(json) else {
            return Principal::default();
        };
        let issuer = &value["sessionContext"]["sessionIssuer"];
        Principal {
            kind: text(&value["type"]),
            arn: text(&value["arn"]),
            account: text(&value["accountId"]),
            principal_id: text(&value["principalId"]),
            user_name: text(&value["userName"]),
            access_key_id: text(&value["accessKeyId"]),
            invoked_by: text(&value["invokedBy"]),
            issuer_arn: text(&issuer["arn"]),
            issuer_name: text(&issuer["userName"]),
            mfa: text(&value["sessionContext"]["attributes"]["mfaAuthenticated"]),
            source_identity: text(&value["sessionContext"]["sourceIdentity"]),
        }
    }

    /// The name of a temporary session: what follows the last `/` of an assumed-role ARN.
    pub fn session_name(&self) -> Option<&str> {
        let (head, name) = self.arn.as_deref()?.rsplit_once('/')?;
        head.contains(":assumed-role/").then_some(name)
    }

    /// One short name for tables and groups: `root`, `alice`, `Admin/alice@example.com`, `ec2.amazonaws.com`.
    ///
    /// It does not name the account. Two principals of different accounts can share a label; their ARNs differ.
    pub fn label(&self) -> String {
        let kind = self.kind.as_deref().unwrap_or("");
        match kind {
            "Root" => return "root".to_owned(),
            "AssumedRole" => {
                let role = self.issuer_name.as_deref().or_else(|| role_of(self.arn.as_deref()));
                if let (Some(role), Some(session)) = (role, self.session_name()) {
                    return format!("{role}/{session}");
                }
            }
            "AWSService" => {
                if let Some(service) = &self.invoked_by {
                    return service.clone();
                }
            }
            _ => {}
        }
        [&self.user_name, &self.arn, &self.principal_id, &self.invoked_by, &self.account, &self.kind]
            .into_iter()
            .find_map(Clone::clone)
            .unwrap_or_else(|| "unknown".to_owned())
    }
}

/// `Admin` in `arn:aws:sts::123456789012:assumed-role/Admin/session`.
fn role_of(arn: Option<&str>) -> Option<&str> {
    arn?.split_once(":assumed-role/")?.1.split('/').next()
}

/// A non-empty text; numbers and booleans as they are printed, since an account id may lack its quotes.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if !s.is_empty() => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, label: &str) {
        assert_eq!(Principal::from_json(json).label(), label, "{json}");
    }

    #[test]
    fn labels() {
        check(r#"{"type":"Root","arn":"arn:aws:iam::111122223333:root"}"#, "root");
        check(r#"{"type":"IAMUser","userName":"alice","arn":"arn:aws:iam::111122223333:user/alice"}"#, "alice");
        check(
            r#"{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Admin/bob@example.com",
                "sessionContext":{"sessionIssuer":{"userName":"Admin"}}}"#,
            "Admin/bob@example.com",
        );
        check(r#"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Admin/bob"}"#, "Admin/bob");
        check(r#"{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#, "ec2.amazonaws.com");
        check(r#"{"type":"AWSAccount","principalId":"AIDAX","accountId":"111122223333"}"#, "AIDAX");
        check(r#"{"accountId":123}"#, "123");
        check("null", "unknown");
        check("{", "unknown");
    }

    #[test]
    fn an_empty_access_key_is_none() {
        assert_eq!(Principal::from_json(r#"{"accessKeyId":""}"#).access_key_id, None);
    }
}
