//! Which entries of an archive are members, and the one that is open.

use super::Layer;
use super::flow::Flow;

/// An entry of an archive while its bytes come.
pub struct Member {
    /// `None` for what is no member: its bytes lead nowhere.
    layer: Option<Layer>,
}

impl Member {
    /// Starts a member of an archive that has `depth` wrappings around it, if the entry with this path is one.
    pub fn start(path: &[u8], depth: usize, flow: &mut Flow) -> Member {
        let is_member = !is_litter(path) && flow.start(path);
        Member { layer: is_member.then(|| Layer::new(depth + 1)) }
    }

    /// Whether it is a member.
    pub fn is_open(&self) -> bool {
        self.layer.is_some()
    }

    /// Unpacked bytes.
    pub fn push(&mut self, bytes: &[u8], flow: &mut Flow) {
        if let Some(layer) = &mut self.layer {
            layer.push(bytes, flow);
        }
    }

    /// A fault of the member, if it is one.
    pub fn fault(&mut self, fault: impl Into<crate::problem::Fault>, flow: &mut Flow) {
        if let Some(layer) = &mut self.layer
            && !flow.shared.stopped
        {
            // What is inside is said to have ended first: faults are about the member that is open last.
            layer.finish(flow);
            layer.state = super::State::Ignored;
            flow.fault(fault);
        }
    }

    /// Its bytes are at their end; it took so many in the archive.
    pub fn finish(mut self, packed: u64, flow: &mut Flow) {
        if let Some(layer) = &mut self.layer {
            layer.finish(flow);
            flow.end(packed);
        }
    }
}

/// Folders, and what systems leave behind: macOS adds a `._name` with the attributes of each file.
fn is_litter(path: &[u8]) -> bool {
    let is_separator = |byte: &u8| matches!(byte, b'/' | b'\\');
    let last = path.rsplit(is_separator).next().unwrap_or_default();
    let is_folder = last.is_empty();
    is_folder || last == b".DS_Store" || last.starts_with(b"._") || path.split(is_separator).any(|p| p == b"__MACOSX")
}

#[cfg(test)]
mod tests {
    use super::is_litter;

    #[test]
    fn what_is_no_member() {
        for path in ["a/", "", "__MACOSX/a/._b.json", ".DS_Store", "a/.DS_Store", "a/._b.json", "a\\"] {
            assert!(is_litter(path.as_bytes()), "{path}");
        }
        for path in ["a", "a/b.json.gz", ".hidden", "a.DS_Store", "_a", "../x"] {
            assert!(!is_litter(path.as_bytes()), "{path}");
        }
    }
}
