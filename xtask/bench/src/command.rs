//! Programs that measure for us: they get one JSON value on stdin and print one on stdout.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};

/// Runs a program to its end; what it says on stderr goes to ours.
pub fn ask<A: DeserializeOwned>(command: &mut Command, question: &impl Serialize) -> Result<A, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut run = || -> io::Result<Vec<u8>> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(&serde_json::to_vec(question)?)?;
        }
        let output = child.wait_with_output()?;
        if output.status.success() { Ok(output.stdout) } else { Err(io::Error::other(output.status.to_string())) }
    };
    let answer = run().map_err(|error| format!("`{program}` failed: {error}"))?;
    serde_json::from_slice(&answer).map_err(|error| format!("`{program}` gave no answer that can be read: {error}"))
}
