//! Names with a hash of the content in them: a host may let browsers keep such a file for ever.

use super::{BOOT, digest, html};
use crate::report::{Failure, Outcome};
use std::collections::BTreeMap;

/// Hexadecimal digits of the hash that are in a name. sw.js and the tests know a name by them.
const DIGITS: usize = 8;

/// `demo/log.json.gz` is `demo/log.01234567.json.gz`.
pub fn hashed(path: &str, bytes: &[u8]) -> String {
    let hash = &digest::hex(bytes)[..DIGITS];
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name..].find('.') {
        Some(dot) => format!("{}.{hash}{}", &path[..name + dot], &path[name + dot..]),
        None => format!("{path}.{hash}"),
    }
}

/// The page with the new names in the place of the old ones, and the table of them for boot.js: not as a script, which the
/// page's policy would refuse, but as an attribute.
pub fn page(page: &str, names: &BTreeMap<String, String>) -> Outcome<String> {
    let mut named = Vec::new();
    let renamed = html::map_tags(page, &["link", "script"], |tag| {
        let path = html::attribute(tag, "href").or_else(|| html::attribute(tag, "src"))?;
        let (old, new) = names.get_key_value(path.trim_start_matches("./"))?;
        named.push(old.clone());
        Some(tag.replacen(path, &path.replacen(old, new, 1), 1))
    });
    let at = renamed.find("<script").ok_or_else(|| Failure::new("the page has no script"))?;
    let mut must_be_named = names.keys().filter(|path| path.ends_with(".css") || *path == BOOT);
    if let Some(missing) = must_be_named.find(|path| !named.contains(path)) {
        return Err(Failure::new(format!("the page does not name {missing}")));
    }
    let table = serde_json::json!(names).to_string();
    if table.contains('\'') {
        return Err(Failure::new("a part of the site has an apostrophe in its name"));
    }
    Ok(format!("{}<meta name=parts content='{table}'>{}", &renamed[..at], &renamed[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_stands_before_all_extensions() {
        fn check(path: &str, expected: &str) {
            assert_eq!(hashed(path, b""), expected);
        }
        check("boot.js", "boot.e3b0c442.js");
        check("demo/x.y/log.json.gz", "demo/x.y/log.e3b0c442.json.gz");
        check("demo.d/LICENSE", "demo.d/LICENSE.e3b0c442");
    }
}
