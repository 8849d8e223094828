//! Compiled plugins, kept from run to run: compiling takes a quarter of a second for a small plugin and many for an
//! interpreter, loading what was compiled a millisecond.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use plugin_host::Limits;
use sha2::{Digest, Sha256};
use twox_hash::XxHash64;
use wasmtime::Engine;
use wasmtime::component::Component;

use super::engines::Engines;

/// The first bytes of a file of ours. Changes when the form of the file does.
const MAGIC: [u8; 8] = *b"tgplug01";
/// After the magic: a hash of the rest, against files that a crash or a disk broke.
const HEADER: usize = MAGIC.len() + size_of::<u64>();
/// Bytes that are kept at most; what was not used for longest goes first.
const MOST: u64 = 1 << 30;

/// A folder of compiled plugins, which nobody else may write to: what is in it runs as native code.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// When it cannot be made, or others may write to it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        create_private(folder)?;
        if !is_private(&fs::metadata(folder)?) {
            let why = "others may write to the folder of compiled plugins, so it is not used";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// The component of these bytes with this SHA-256: from the folder, or compiled and put there. A folder that cannot be
    /// used, and a file in it that is broken, only cost time.
    ///
    /// # Errors
    /// Those of compiling.
    pub(super) fn component(
        &self,
        engines: &Engines,
        limits: &Limits,
        bytes: &[u8],
        digest: &[u8; 32],
    ) -> wasmtime::Result<Component> {
        let path = self.folder.join(name(engines.compiling(), digest));
        let revived = |compiled: &[u8]| engines.choose(limits, |engine| revive(engine, compiled));
        if let Some(component) = kept(&path, revived) {
            return Ok(component);
        }
        let compiled = engines.compiling().precompile_component(bytes)?;
        let component = revived(&compiled)?;
        // Not to be kept is no fault of the plugin, and its user has the component.
        let _ = self.keep(&path, &compiled);
        Ok(component)
    }

    /// Writes beside the file and renames: a reader sees all of it or none, whoever else writes.
    fn keep(&self, path: &Path, compiled: &[u8]) -> io::Result<()> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let own = self.folder.join(format!("new-{}-{number}", std::process::id()));
        let write = || {
            let mut file = File::create_new(&own)?;
            file.write_all(&MAGIC)?;
            file.write_all(&hash(compiled).to_le_bytes())?;
            file.write_all(compiled)?;
            file.sync_data()?;
            fs::rename(&own, path)
        };
        write().inspect_err(|_| drop(fs::remove_file(&own)))?;
        self.shrink()
    }

    /// Removes what was not used for longest, until the rest is small enough.
    fn shrink(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let about = entry.metadata()?;
            files.push((about.modified()?, about.len(), entry.path()));
        }
        files.sort();
        let mut bytes: u64 = files.iter().map(|(_, length, _)| length).sum();
        for (_, length, path) in files {
            if bytes <= MOST {
                break;
            }
            bytes -= length;
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

/// The folder in which a user's programs keep what they can make again.
#[must_use]
pub fn default_folder() -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = if cfg!(windows) {
        of("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        of("HOME").map(|home| home.join("Library/Caches"))
    } else {
        of("XDG_CACHE_HOME").filter(|path| path.is_absolute()).or_else(|| of("HOME").map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join("trailglass").join("plugins"))
}

/// Says by which plugin, engine and settings a file was made.
fn name(engine: &Engine, digest: &[u8; 32]) -> String {
    let mut settings = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut settings);
    let mut all = Sha256::new();
    all.update(digest);
    all.update(settings.finish().to_le_bytes());
    all.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn kept(path: &Path, revived: impl Fn(&[u8]) -> wasmtime::Result<Component>) -> Option<Component> {
    let bytes = fs::read(path).ok()?;
    let (header, compiled) = bytes.split_at_checked(HEADER)?;
    let is_whole = header.starts_with(&MAGIC) && header.ends_with(&hash(compiled).to_le_bytes());
    if !is_whole {
        // It is made again and takes this one's place.
        return None;
    }
    if let Ok(file) = File::options().append(true).open(path) {
        // When it was used last; not to know makes it go earlier.
        let _ = file.set_modified(SystemTime::now());
    }
    revived(compiled).ok()
}

/// Native code from what the engine compiled.
#[allow(unsafe_code, reason = "the engine cannot check native code, see below")]
fn revive(engine: &Engine, compiled: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the bytes are what `precompile_component` returned: in this run, or in an earlier one that kept them in a folder
    // to which only this user may write, and their hash shows that nothing broke them since. Version and settings of the engine
    // are in the name of the file, and the engine checks them again.
    unsafe { Component::deserialize(engine, compiled) }
}

fn hash(bytes: &[u8]) -> u64 {
    XxHash64::oneshot(0, bytes)
}

#[cfg(unix)]
fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

#[cfg(unix)]
fn is_private(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.is_dir() && about.permissions().mode() & 0o022 == 0
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> io::Result<()> {
    // The folder is in the user's profile, whose rights it inherits.
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn is_private(about: &fs::Metadata) -> bool {
    about.is_dir()
}
