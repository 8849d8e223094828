//! What a file says about itself before anything of it is compiled: whether it is a component,
//! for which version of the contract it was built, and what it wants to import.

use trailglass_contract::{DETECTOR_INTERFACE, HOST_INTERFACE, VERSION, Version};
use wasmparser::{Encoding, Parser, Payload};

use crate::fault::Cause;

const NOT_A_COMPONENT: &str = "a plugin is a WebAssembly component; plugins/README.md tells how to build one";
const NOT_FOR_THIS_HOST: &str =
    "rebuild the plugin with the SDK of this version of trailglass, or get the trailglass that it was built for";
const NO_IMPORTS: &str = "a plugin may import nothing but `log` of the contract; build without WASI: componentize-py \
    and componentize-qjs have --stub-wasi, componentize-js can switch off all features";

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The version of the contract that it was built for.
    pub contract: Version,
    /// The interfaces that it imports, as it names them.
    pub imports: Vec<String>,
}

/// Reads the names of imports and exports and judges them.
///
/// # Errors
/// Why the file cannot be a plugin of this host, and what to do.
pub fn inspect(bytes: &[u8]) -> Result<Inspected, Cause> {
    let names = names(bytes)?;
    let versions: Vec<Option<Version>> =
        names.exports.iter().filter_map(|name| version_of(name, DETECTOR_INTERFACE)).collect();
    let contract = match versions.as_slice() {
        [] => {
            let reason = format!("it exports no {DETECTOR_INTERFACE}, so it is no detector");
            return Err(unfit(reason, NOT_A_COMPONENT));
        }
        [version, ..] => {
            if let Some(version) = versions.iter().flatten().find(|&&version| VERSION.runs(version)) {
                *version
            } else {
                let built = version.map_or("an unreadable version".to_owned(), |version| version.to_string());
                let reason = format!("it was built for contract {built}; this trailglass runs {VERSION}");
                return Err(unfit(reason, NOT_FOR_THIS_HOST));
            }
        }
    };
    match names.imports.iter().find(|name| version_of(name, HOST_INTERFACE).is_none()) {
        None => Ok(Inspected { contract, imports: names.imports }),
        Some(name) => Err(unfit(format!("it imports {name}"), NO_IMPORTS)),
    }
}

struct Names {
    imports: Vec<String>,
    exports: Vec<String>,
}

/// The names at the outermost level; a component may contain others.
fn names(bytes: &[u8]) -> Result<Names, Cause> {
    if !bytes.starts_with(b"\0asm") {
        return Err(unfit("it is not WebAssembly".to_owned(), NOT_A_COMPONENT));
    }
    let mut names = Names { imports: Vec::new(), exports: Vec::new() };
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(damaged)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(unfit("it is a core module, not a component".to_owned(), NOT_A_COMPONENT));
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    names.imports.push(import.map_err(damaged)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    names.exports.push(export.map_err(damaged)?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// `None` when `name` is another interface; the inner `None` when its version cannot be read.
fn version_of(name: &str, interface: &str) -> Option<Option<Version>> {
    match name.strip_prefix(interface)? {
        "" => Some(None),
        rest => rest.strip_prefix('@').map(Version::parse),
    }
}

/// The fault of a file that ends too soon, or is not what it begins as.
pub(crate) fn damaged(error: wasmparser::BinaryReaderError) -> Cause {
    unfit(format!("the file is damaged: {}", first_line(&error.to_string())), "get the file again")
}

/// A fault of a file, and what to do about it.
#[must_use]
pub fn unfit(reason: String, hint: &'static str) -> Cause {
    Cause::Unfit { reason, hint }
}

/// The first line of an engine's message: the rest is its own backtrace.
#[must_use]
pub fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
