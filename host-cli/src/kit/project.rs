//! What a folder with the source of a plugin is.

use std::path::{Path, PathBuf};

/// What a plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Rust, with the SDK
    Rust,
    /// JavaScript, with componentize-qjs
    #[value(alias = "javascript")]
    Js,
    /// Python, with componentize-py
    Python,
    /// C, with clang and wasi-libc
    C,
}

/// A folder with the source of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The folder.
    pub folder: PathBuf,
    /// Its name, which the component gets too.
    pub name: String,
    /// What it is written in.
    pub language: Language,
}

/// The file by which a language is told, in the order in which they are looked for.
const TOLD_BY: [(&str, Language); 4] = [
    ("Cargo.toml", Language::Rust),
    ("detector.js", Language::Js),
    ("detector.py", Language::Python),
    ("detector.c", Language::C),
];

impl Project {
    /// Looks at a folder.
    ///
    /// # Errors
    /// A sentence, when there is no plugin's source in it.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let whole = folder.canonicalize().map_err(|error| format!("{error}: {}", folder.display()))?;
        let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let told = TOLD_BY.iter().find(|(file, _)| whole.join(file).is_file());
        let files: Vec<&str> = TOLD_BY.iter().map(|&(file, _)| file).collect();
        told.map(|&(_, language)| Self { folder: folder.to_owned(), name, language })
            .ok_or_else(|| format!("the folder has none of {}: {}", files.join(", "), folder.display()))
    }

    /// Where its component is put.
    #[must_use]
    pub fn component(&self) -> PathBuf {
        self.folder.join("dist").join(format!("{}.wasm", self.name))
    }

    /// Where its cases are.
    #[must_use]
    pub fn cases(&self) -> PathBuf {
        self.folder.join("cases")
    }
}
