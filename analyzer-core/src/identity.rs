//! `userIdentity` → principal: who made the call, in the words of an investigator.
//!
//! Facts: CloudTrail user guide, "CloudTrail userIdentity element". Values are as loose in practice as JSON allows, so
//! everything is optional and nothing is trusted.

use crate::ingest::json;
use std::borrow::Cow;

/// Who made a call. Every part is what the record says, or `None`; an empty text counts as none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Principal<'a> {
    /// `type`: Root, IAMUser, AssumedRole, AWSService, …
    pub kind: Option<&'a str>,
    /// `arn`.
    pub arn: Option<&'a str>,
    /// `accountId`.
    pub account: Option<&'a str>,
    /// `principalId`.
    pub principal_id: Option<&'a str>,
    /// `userName`.
    pub user_name: Option<&'a str>,
    /// `accessKeyId`.
    pub access_key_id: Option<&'a str>,
    /// `invokedBy`: the service that made the call on somebody's behalf.
    pub invoked_by: Option<&'a str>,
    /// `sessionContext.sessionIssuer.arn`: the role or user behind temporary credentials.
    pub issuer_arn: Option<&'a str>,
    /// `sessionContext.sessionIssuer.userName`.
    pub issuer_name: Option<&'a str>,
    /// `sessionContext.attributes.mfaAuthenticated`: the text "true" or "false".
    pub mfa: Option<&'a str>,
    /// `sessionContext.sourceIdentity`.
    pub source_identity: Option<&'a str>,
}

/// The parts of a `userIdentity` as they are read: texts with escapes have to be kept somewhere.
#[derive(Clone, Debug, Default)]
pub struct Parts<'a> {
    kind: Option<Cow<'a, str>>,
    arn: Option<Cow<'a, str>>,
    account: Option<Cow<'a, str>>,
    principal_id: Option<Cow<'a, str>>,
    user_name: Option<Cow<'a, str>>,
    access_key_id: Option<Cow<'a, str>>,
    invoked_by: Option<Cow<'a, str>>,
    issuer_arn: Option<Cow<'a, str>>,
    issuer_name: Option<Cow<'a, str>>,
    mfa: Option<Cow<'a, str>>,
    source_identity: Option<Cow<'a, str>>,
}

/// Which object of a `userIdentity` is read.
#[derive(Clone, Copy)]
enum Place {
    Identity,
    Session,
    Issuer,
    Attributes,
}

impl<'a> Parts<'a> {
    /// Reads the JSON of a `userIdentity`, well-formed or not. Anything but an object gives a principal that knows
    /// nothing.
    pub fn read(json: &'a str) -> Parts<'a> {
        let mut parts = Parts::default();
        parts.read_object(json, 0, Place::Identity);
        parts
    }

    /// Reads the object at `start`, as deep as its parts are. Returns the index behind it.
    fn read_object(&mut self, json: &'a str, start: usize, place: Place) -> Option<usize> {
        let b = json.as_bytes();
        let mut i = json::skip_space(b, start);
        if b.get(i) != Some(&b'{') {
            return json::skip_value(b, start).ok();
        }
        i = json::skip_space(b, i + 1);
        if b.get(i) == Some(&b'}') {
            return Some(i + 1);
        }
        loop {
            let (key, from) = read_key(json, i)?;
            let to = match self.enter(place, &key) {
                Some(inner) => self.read_object(json, from, inner)?,
                None => {
                    let (to, value) = read_text(json, from)?;
                    if let Some(part) = self.part(place, &key) {
                        *part = value.filter(|text| !text.is_empty());
                    }
                    to
                }
            };
            i = json::skip_space(b, to);
            match b.get(i)? {
                b',' => i = json::skip_space(b, i + 1),
                _ => return Some(i + 1),
            }
        }
    }

    /// The place behind this key, if it is an object with parts. What an earlier value of the key said is forgotten.
    fn enter(&mut self, place: Place, key: &str) -> Option<Place> {
        let inner = match (place, key) {
            (Place::Identity, "sessionContext") => Place::Session,
            (Place::Session, "sessionIssuer") => Place::Issuer,
            (Place::Session, "attributes") => Place::Attributes,
            _ => return None,
        };
        if matches!(inner, Place::Session | Place::Issuer) {
            (self.issuer_arn, self.issuer_name) = (None, None);
        }
        if matches!(inner, Place::Session | Place::Attributes) {
            self.mfa = None;
        }
        if matches!(inner, Place::Session) {
            self.source_identity = None;
        }
        Some(inner)
    }

    fn part(&mut self, place: Place, key: &str) -> Option<&mut Option<Cow<'a, str>>> {
        Some(match (place, key) {
            (Place::Identity, "type") => &mut self.kind,
            (Place::Identity, "arn") => &mut self.arn,
            (Place::Identity, "accountId") => &mut self.account,
            (Place::Identity, "principalId") => &mut self.principal_id,
            (Place::Identity, "userName") => &mut self.user_name,
            (Place::Identity, "accessKeyId") => &mut self.access_key_id,
            (Place::Identity, "invokedBy") => &mut self.invoked_by,
            (Place::Session, "sourceIdentity") => &mut self.source_identity,
            (Place::Issuer, "arn") => &mut self.issuer_arn,
            (Place::Issuer, "userName") => &mut self.issuer_name,
            (Place::Attributes, "mfaAuthenticated") => &mut self.mfa,
            _ => return None,
        })
    }

    /// The parts as a principal.
    pub fn principal(&self) -> Principal<'_> {
        Principal {
            kind: self.kind.as_deref(),
            arn: self.arn.as_deref(),
            account: self.account.as_deref(),
            principal_id: self.principal_id.as_deref(),
            user_name: self.user_name.as_deref(),
            access_key_id: self.access_key_id.as_deref(),
            invoked_by: self.invoked_by.as_deref(),
            issuer_arn: self.issuer_arn.as_deref(),
            issuer_name: self.issuer_name.as_deref(),
            mfa: self.mfa.as_deref(),
            source_identity: self.source_identity.as_deref(),
        }
    }
}

impl<'a> Principal<'a> {
    /// Whether the part is one that differs between the sessions of somebody.
    pub(crate) fn is_of_key(part: for<'p> fn(&Principal<'p>) -> Option<&'p str>) -> bool {
        part(&Principal { access_key_id: Some("x"), mfa: Some("x"), ..Principal::default() }).is_some()
    }

    /// The name of a temporary session: what follows the last `/` of an assumed-role ARN.
    pub fn session_name(&self) -> Option<&'a str> {
        let (head, name) = self.arn?.rsplit_once('/')?;
        head.contains(":assumed-role/").then_some(name)
    }

    /// One short name for tables and groups: `root`, `alice`, `Admin/alice@example.com`, `ec2.amazonaws.com`.
    ///
    /// It does not name the account. Two principals of different accounts can share a label; their ARNs differ.
    pub fn label(&self) -> Cow<'a, str> {
        match self.kind.unwrap_or("") {
            "Root" => return Cow::Borrowed("root"),
            "AssumedRole" => {
                let role = self.issuer_name.or_else(|| role_of(self.arn));
                if let (Some(role), Some(session)) = (role, self.session_name()) {
                    return Cow::Owned([role, "/", session].concat());
                }
            }
            "AWSService" => {
                if let Some(service) = self.invoked_by {
                    return Cow::Borrowed(service);
                }
            }
            _ => {}
        }
        let names = [self.user_name, self.arn, self.principal_id, self.invoked_by, self.account, self.kind];
        Cow::Borrowed(names.into_iter().flatten().next().unwrap_or("unknown"))
    }
}

/// `Admin` in `arn:aws:sts::123456789012:assumed-role/Admin/session`.
fn role_of(arn: Option<&str>) -> Option<&str> {
    arn?.split_once(":assumed-role/")?.1.split('/').next()
}

/// The key at `i`, and where its value starts.
fn read_key(json: &str, i: usize) -> Option<(Cow<'_, str>, usize)> {
    let b = json.as_bytes();
    let (end, escaped) = json::skip_text(b, i).ok()?;
    let key = if escaped { json::text_of(json.get(i..end)?)? } else { Cow::Borrowed(json.get(i + 1..end - 1)?) };
    let behind = if b.get(end) == Some(&b':') { end + 1 } else { json::skip_key(b, i).ok()? };
    Some((key, json::skip_space(b, behind)))
}

/// The value at `i`, which is no white space: where it ends, and its text. Numbers and booleans are as they are printed,
/// since an account id may lack its quotes.
fn read_text(json: &str, i: usize) -> Option<(usize, Option<Cow<'_, str>>)> {
    let b = json.as_bytes();
    if b.get(i) == Some(&b'"') {
        let (end, escaped) = json::skip_text(b, i).ok()?;
        let text = if escaped { json::text_of(json.get(i..end)?) } else { json.get(i + 1..end - 1).map(Cow::Borrowed) };
        return Some((end, text));
    }
    let end = json::skip_value(b, i).ok()?;
    let is_container = matches!(b.get(i), Some(b'{' | b'['));
    Some((end, json.get(i..end).filter(|_| !is_container).and_then(json::text_of)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, label: &str) {
        assert_eq!(Parts::read(json).principal().label(), label, "{json}");
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
        assert_eq!(Parts::read(r#"{"accessKeyId":""}"#).principal().access_key_id, None);
    }

    #[test]
    fn of_a_key_that_comes_twice_the_last_counts() {
        let json = r#"{"sessionContext":{"sessionIssuer":{"arn":"a","userName":"u"},"attributes":{"mfaAuthenticated":"true"}},
            "sessionContext":{"sessionIssuer":{"arn":"b"},"sessionIssuer":{"userName":"v"}},"type":"x","type":["y"]}"#;
        let expected = Principal { issuer_name: Some("v"), ..Principal::default() };
        assert_eq!(Parts::read(json).principal(), expected);
    }
}
