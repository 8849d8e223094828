//! Consistent pseudonyms in place of what identifies somebody, before anything is shared.
//!
//! A [`Redactor`] keeps what it can vouch for and replaces all the rest: a value that it does not know is replaced, not
//! kept. What stays is in [`keep`]: names of calls and services, regions, times, error codes, ids of events, and words
//! that AWS itself says. `docs/export.md` has the list for readers.
//!
//! The same value has the same pseudonym wherever it stands: `alice` of a `userName` is `alice` of an ARN. A pseudonym is
//! made from the secret and the value with HMAC-SHA-256 (RFC 2104), so nothing has to be remembered, shards agree
//! without a word, and the same secret gives the same pseudonyms tomorrow. Whoever has the secret can try values: account
//! ids and IPv4 addresses are few enough to try all. So the secret must stay where the logs are.

mod agent;
mod arn;
mod host;
mod keep;
mod kind;
mod record;
#[cfg(test)]
mod tests;

use crate::field::Field;
use crate::identity::Principal;
use sha2::{Digest as _, Sha256};

/// The least a secret should have, in bytes. Shorter ones can be found by trying.
pub const SECRET_BYTES: usize = 16;

/// Bytes of a block of SHA-256, to which HMAC fills up its key.
const BLOCK: usize = 64;

/// Gives pseudonyms.
#[derive(Clone)]
pub struct Redactor {
    /// SHA-256 that has seen the inner key of HMAC …
    inner: Sha256,
    /// … and the outer one.
    outer: Sha256,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    /// Pseudonyms of this secret, which should have [`SECRET_BYTES`] at least.
    pub fn new(secret: &[u8]) -> Redactor {
        let mut key = [0; BLOCK];
        match key.get_mut(..secret.len()) {
            Some(start) => start.copy_from_slice(secret),
            None => key[..32].copy_from_slice(&Sha256::digest(secret)),
        }
        let keyed = |pad: u8| Sha256::new_with_prefix(key.map(|byte| byte ^ pad));
        Redactor { inner: keyed(0x36), outer: keyed(0x5c) }
    }

    /// The value of a standard field, redacted. For the label of an identity see [`Redactor::label`].
    pub fn field(&self, field: &Field, value: &str) -> String {
        self.text(field.name, value)
    }

    /// The label of an identity whose parts are redacted.
    pub fn label(&self, principal: &Principal) -> String {
        let part = |path: &str, value: Option<&str>| value.map(|value| self.text(path, value));
        let kind = part("userIdentity.type", principal.kind);
        let arn = part("userIdentity.arn", principal.arn);
        let account = part("userIdentity.accountId", principal.account);
        let principal_id = part("userIdentity.principalId", principal.principal_id);
        let user_name = part("userIdentity.userName", principal.user_name);
        let invoked_by = part("userIdentity.invokedBy", principal.invoked_by);
        let issuer_name = part("userIdentity.sessionContext.sessionIssuer.userName", principal.issuer_name);
        let redacted = Principal {
            kind: kind.as_deref(),
            arn: arn.as_deref(),
            account: account.as_deref(),
            principal_id: principal_id.as_deref(),
            user_name: user_name.as_deref(),
            invoked_by: invoked_by.as_deref(),
            issuer_name: issuer_name.as_deref(),
            ..Principal::default()
        };
        redacted.label().into_owned()
    }

    /// HMAC-SHA-256 of a value of some kind.
    fn code(&self, kind: &str, value: &str) -> [u8; 32] {
        let mut inner = self.inner.clone();
        inner.update(kind);
        inner.update([0]);
        inner.update(value);
        let mut outer = self.outer.clone();
        outer.update(inner.finalize());
        outer.finalize().into()
    }
}
