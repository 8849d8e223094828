//! Programs that measure for us: they get JSON on stdin and print JSON on stdout.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Asks a program one question and runs it to its end; what it says on stderr goes to ours.
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

/// A program that is asked one question after another, a line each. It ends when there are no more.
pub struct Talk {
    program: String,
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Talk {
    /// Starts it; what it says on stderr goes to ours.
    pub fn start(command: &mut Command) -> Result<Talk, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| format!("`{program}` cannot be started: {error}"))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(questions), Some(answers)) => {
                Ok(Talk { program, child, questions, answers: BufReader::new(answers) })
            }
            _ => Err(format!("`{program}` cannot be talked to")),
        }
    }

    /// Waits for its answer.
    pub fn ask<A: DeserializeOwned>(&mut self, question: &impl Serialize) -> Result<A, String> {
        let mut answer = String::new();
        let mut talk = || -> io::Result<()> {
            let mut question = serde_json::to_vec(question)?;
            question.push(b'\n');
            self.questions.write_all(&question)?;
            self.answers.read_line(&mut answer)?;
            if answer.is_empty() { Err(io::Error::other(self.child.wait()?.to_string())) } else { Ok(()) }
        };
        talk().map_err(|error| format!("`{}` failed: {error}", self.program))?;
        serde_json::from_str(&answer)
            .map_err(|error| format!("`{}` gave no answer that can be read: {error}", self.program))
    }

    /// There are no more questions.
    pub fn end(self) -> Result<(), String> {
        let Talk { program, mut child, questions, .. } = self;
        drop(questions);
        let status = child.wait().map_err(|error| format!("`{program}` failed: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("`{program}` failed: {status}")) }
    }
}
