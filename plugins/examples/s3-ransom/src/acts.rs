//! What a call does to the objects of a bucket, as far as it matters here.

use std::collections::{BTreeMap, VecDeque};

use trailglass_plugin::Row;

use super::Call;

/// A lifecycle rule that expires objects after more days than this is housekeeping.
const SOON_DAYS: i64 = 7;

/// A call that matters, when it was, and why it matters.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    /// When it was, in milliseconds.
    pub time: i64,
    /// The call; there can be millions of them, and a row is smaller than what it has.
    pub row: Row<'a>,
    /// What it did.
    pub kind: Kind,
}

impl<'a> Act<'a> {
    /// The call with all its fields.
    pub fn call(&self) -> Call<'a> {
        Call::from(self.row)
    }
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Wrote an object with a foreign key; `in_place` when it copied the object onto itself.
    Encrypted { in_place: bool },
    /// Deleted an object, or just one version of it.
    Deleted { version: bool },
    /// Deleted the bucket.
    BucketDeleted,
    /// Switched versions off.
    VersionsSuspended,
    /// Lets objects expire soon.
    Expiry { days: i64 },
}

/// The acts among the calls on one bucket, in time order. A write that is no copy in place counts only when the bucket was in
/// use for `learning_ms` before it first saw the key.
pub fn read<'a>(calls: impl Iterator<Item = Call<'a>>, learning_ms: i64, key_accounts: &[String]) -> Vec<Act<'a>> {
    let mut start = None;
    // When the bucket first saw each foreign key.
    let mut ciphers: BTreeMap<&str, i64> = BTreeMap::new();
    let mut acts = Vec::new();
    for call in calls {
        let Some(time) = call.row.time_ms() else { continue };
        let start = *start.get_or_insert(time);
        let kind = match call.name.unwrap_or_default() {
            "PutObject" | "CopyObject" | "CreateMultipartUpload" => cipher(&call, key_accounts).and_then(|cipher| {
                let since = *ciphers.entry(cipher).or_insert(time);
                let new = since - start >= learning_ms && time - since < learning_ms;
                let in_place = is_in_place(&call);
                (new || in_place).then_some(Kind::Encrypted { in_place })
            }),
            "DeleteObject" | "DeleteObjects" => {
                Some(Kind::Deleted { version: call.version.is_some_and(|id| id != "null") })
            }
            "DeleteBucket" => Some(Kind::BucketDeleted),
            "PutBucketVersioning" => (call.versioning == Some("Suspended")).then_some(Kind::VersionsSuspended),
            _ => call.expiry_days.filter(|&days| days <= SOON_DAYS).map(|days| Kind::Expiry { days }),
        };
        acts.extend(kind.map(|kind| Act { time, row: call.row, kind }));
    }
    acts
}

/// The foreign key that an object was written with: one that the caller brought along, or one of another account.
pub fn cipher<'a>(call: &Call<'a>, key_accounts: &[String]) -> Option<&'a str> {
    if call.customer_key.is_some() || call.encryption == Some("SSE_C") {
        return Some("a key of the caller's own (SSE-C)");
    }
    let key = call.kms_key?;
    // A key without an ARN is one of the own account.
    let account = key.split(':').nth(4).filter(|account| !account.is_empty())?;
    let own = Some(account) == call.account || key_accounts.iter().any(|known| known == account);
    (!own).then_some(key)
}

/// Whether an object was copied onto itself.
fn is_in_place(call: &Call<'_>) -> bool {
    let (Some(source), Some(bucket), Some(key)) = (call.copied_from, call.bucket, call.key) else { return false };
    let source = source.split_once("?versionId=").map_or(source, |(object, _)| object);
    let source = unescaped(source.trim_start_matches('/'));
    source.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('/')) == Some(key)
}

/// A path without the escapes of a URL: the header that names a source may have them.
fn unescaped(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, behind @ ..] = rest {
        let digit = |place: usize| behind.get(place).and_then(|&digit| char::from(digit).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                // Two digits make one byte.
                bytes.push((high * 16 + low) as u8);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The first acts that are, within a window, about so many different objects, and all that follow with no longer pause than
/// the window. Calls without the name of an object are about one each.
pub fn burst<'a>(acts: &[Act<'a>], window_ms: i64, least: usize) -> Option<Vec<Act<'a>>> {
    let mut window: VecDeque<usize> = VecDeque::new();
    let mut objects: BTreeMap<(Option<&str>, usize), usize> = BTreeMap::new();
    let object = |place: usize| {
        let key = acts[place].call().key;
        (key, if key.is_some() { 0 } else { place })
    };
    for place in 0..acts.len() {
        while let Some(&old) = window.front().filter(|&&old| acts[place].time - acts[old].time > window_ms) {
            window.pop_front();
            if let Some(times) = objects.get_mut(&object(old)) {
                *times -= 1;
                if *times == 0 {
                    objects.remove(&object(old));
                }
            }
        }
        window.push_back(place);
        *objects.entry(object(place)).or_default() += 1;
        if objects.len() >= least {
            let more = acts[place..].windows(2).take_while(|pair| pair[1].time - pair[0].time <= window_ms).count();
            let start = window.front().copied().unwrap_or(place);
            return Some(acts[start..=place + more].to_vec());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_a_path() {
        let check = |path: &str, expected: &str| assert_eq!(unescaped(path), expected);
        check("", "");
        check("documents/a%2Fb%20c.pdf", "documents/a/b c.pdf");
        check("%C3%A9%", "é%");
        check("100%25%2", "100%%2");
        check("%zz", "%zz");
    }
}
