//! stdout is data, everything else goes to stderr; a reader that has seen enough is no error.

use std::ffi::OsStr;
use std::io::Read as _;
use std::process::Stdio;

use trail_generator::Story;

use crate::{Folder, Ran, binary, plan, sign_in};

#[test]
fn findings_are_on_stdout_and_all_else_on_stderr() {
    let folder = Folder::with_trail(plan(61, Story::Attack));
    folder.put("notes.txt", "no log");
    let ran = folder.run("scan", &[]);
    assert!(ran.out.contains("Root user was used") && !ran.out.contains("notes.txt"), "{}", ran.out);
    assert!(ran.err.contains("notes.txt") && !ran.err.contains("Root user"), "{}", ran.err);
    assert!(ran.err.lines().any(|line| line.starts_with("21 findings")), "{}", ran.err);
    // No progress where there is no terminal, and no colour without one.
    assert!(!ran.err.contains('\r') && !ran.err.contains('\u{1b}') && !ran.out.contains('\u{1b}'));
}

#[test]
fn quiet_leaves_only_problems() {
    let folder = Folder::with_trail(plan(62, Story::Benign));
    for command in ["scan", "summary", "account"] {
        assert_eq!(folder.run(command, &["--quiet"]).err, "", "{command}");
    }
    folder.put("notes.txt", "no log");
    assert_eq!(folder.run("scan", &["-q"]).err.lines().count(), 1);
}

#[test]
fn nothing_found_is_nothing_printed() {
    let folder = Folder::with_trail(plan(63, Story::Benign));
    for format in ["human", "jsonl"] {
        assert_eq!(folder.run("scan", &["--format", format]).out, "");
    }
    assert_eq!(folder.run("scan", &["--format", "json"]).json()["findings"], serde_json::json!([]));
}

/// A folder about which every command has more to print than a pipe holds.
fn much_to_say() -> Folder {
    let folder = Folder::new();
    for number in 0..350 {
        let (user, address) = (format!("user-{number}-{}", "x".repeat(900)), format!("192.0.2.{number}"));
        let records: Vec<String> = (0..6).map(|at| sign_in(at, &user, &address, "Failure")).collect();
        let ids = format!("{number:08x}-0000");
        folder.put(&format!("{number}.json"), fixtures::document(&records).replace("00000000-0000", &ids));
    }
    folder
}

#[test]
fn a_closed_pipe_is_exit_0() {
    let folder = much_to_say();
    for command in ["summary", "scan"] {
        for format in ["human", "json", "jsonl"] {
            let whole = folder.run(command, &["--format", format]);
            assert!(whole.out.len() > 100_000, "{command} {format}: {} bytes", whole.out.len());
            // One reader leaves at once, the other after the first bytes.
            for bytes in [0, 10] {
                let mut child = binary()
                    .args([OsStr::new(command), folder.path().as_os_str(), OsStr::new("--format"), OsStr::new(format)])
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap();
                let mut pipe = child.stdout.take().unwrap();
                pipe.read_exact(&mut vec![0; bytes]).unwrap();
                drop(pipe);
                let ran = Ran::of(child.wait_with_output().unwrap());
                assert_eq!(ran.code, 0, "{command} {format}\n{}", ran.err);
                assert!(!ran.err.contains("pipe") && !ran.err.contains("panicked"), "{}", ran.err);
            }
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_exit_2() {
    let folder = much_to_say();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = binary().arg("summary").arg(folder.path()).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let ran = Ran::of(output);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("the output cannot be written"), "{}", ran.err);
}
