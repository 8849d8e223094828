//! Writes them into a folder, each with its name.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("hostile-modules: which folder?");
        return ExitCode::FAILURE;
    };
    for case in hostile_modules::cases() {
        let path = folder.join(case.name).with_extension("wasm");
        if let Err(error) = std::fs::write(&path, case.bytes) {
            eprintln!("hostile-modules: {error}: {}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
