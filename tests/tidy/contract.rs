//! Released versions of the plugin contract stay as they are: people have built plugins against them.

use crate::{assert_none, tree};
use sha2::{Digest, Sha256};
use std::fs;

/// Every released version and the digest of its text. A line is added with a release and never changed.
const RELEASED: [(&str, &str); 1] =
    [("since-v1.0/detector.wit", "36d91578049f84b67f7a61471ff3214a04e6bc75b5d3f34837946a93ac4b1327")];

#[test]
fn released_contracts_are_frozen() {
    let folder = tree::root().join("plugins/contract/wit");
    let mut violations = Vec::new();
    for (path, expected) in RELEASED {
        let text = fs::read(folder.join(path)).unwrap_or_default();
        let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        if digest != expected {
            violations.push(format!("{path} is now {digest}"));
        }
    }
    let files = fs::read_dir(&folder).unwrap().flatten().flat_map(|version| fs::read_dir(version.path()).unwrap());
    let count = files.count();
    if count != RELEASED.len() {
        violations.push(format!("{count} files are there, {} are released", RELEASED.len()));
    }
    assert_none("a released contract has changed; a new version needs a folder of its own", &violations);
}
