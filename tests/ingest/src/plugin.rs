//! A file that is said to be a plugin, whoever made it: its header is read, and the tab's linker plans it or says why not.

use plugin_host::{Cause, Limits, inspect};
use web_app::linker::plan::plan;

/// Neither panics, each says in a line what is wrong, and what the header does not allow no plan is made of. Text is read as
/// WebAssembly text first, so that a corpus can be read.
pub fn plugin(data: &[u8]) {
    let assembled = data.starts_with(b"(").then(|| wat::parse_bytes(data).ok()).flatten();
    let bytes = assembled.as_deref().unwrap_or(data);
    let (header, planned) = (inspect(bytes), plan(bytes, &Limits::default()));
    for cause in [header.as_ref().err(), planned.as_ref().err()].into_iter().flatten() {
        let told = cause.to_string();
        assert!(!told.is_empty() && told.len() < 2_000, "{told:?}");
        assert!(matches!(cause, Cause::Unfit { .. } | Cause::Limit { .. }), "{told}");
    }
    assert!(header.is_ok() || planned.is_err(), "a plan of what the header refuses: {:?}", header.err());
}
