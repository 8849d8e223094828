//! `trailglass plugin`, and plugins in `scan`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;
use trail_generator::Story;

use crate::{Folder, Ran, binary, plan, sign_in, trailglass};

const SIGN_INS: &str = "console-login-after-failures";

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn target() -> PathBuf {
    std::env::var_os("TRAILGLASS_TARGET").map_or_else(|| root().join("target"), PathBuf::from)
}

fn built(name: &str) -> String {
    let path = target().join("plugins").join(name).with_extension("wasm");
    assert!(path.exists(), "{} is missing; run cargo xtask test", path.display());
    path.display().to_string()
}

/// The names of the plugins in Rust.
fn examples() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("plugins/examples")).unwrap().flatten();
    let mut names: Vec<String> = folders
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Three sign-ins that failed and one that did not, from one address.
fn guessed() -> Folder {
    let folder = Folder::new();
    let outcomes = ["Failure", "Failure", "Failure", "Success"];
    let records: Vec<String> =
        (0..).zip(outcomes).map(|(number, outcome)| sign_in(number, "alice", "198.51.100.7", outcome)).collect();
    folder.put("log.json", format!("{{\"Records\":[{}]}}", records.join(",")));
    folder
}

/// Runs a plugin alone over the guessed sign-ins.
fn scan(arguments: &[&str]) -> Ran {
    let plugin = built(SIGN_INS);
    let own = ["--no-bundled", "--no-plugin-cache", "--format", "jsonl", "--quiet", "--plugin", &plugin];
    guessed().run("scan", &[&own[..], arguments].concat())
}

#[test]
fn every_example_finds_what_its_cases_say() {
    let all = examples();
    assert!(all.len() >= 8, "{all:?}");
    for name in all {
        let cases = root().join("plugins/examples").join(&name).join("cases");
        let ran = trailglass(["plugin", "test", "--wasm", &built(&name), "--cases", &cases.display().to_string()]);
        assert_eq!(ran.code, 0, "{name}: {}{}", ran.out, ran.err);
        let counts = |line: &&str| line.contains(": 0 findings");
        assert!(ran.out.lines().any(|line| counts(&line)), "{name} has no case in which it is silent");
        assert!(!ran.out.lines().all(|line| counts(&line)), "{name} has no case in which it finds something");
    }
}

#[test]
fn the_test_kit_does_the_same_in_a_test() {
    let cases = root().join("plugins/languages/rust/nameless-events/cases");
    trailglass_testkit::assert_cases(built("nameless-events"), &cases);
    // With the cases of another plugin it fails, and says where.
    let failed = std::panic::catch_unwind(|| trailglass_testkit::assert_cases(built("new-region"), &cases));
    let why = failed.unwrap_err().downcast::<String>().unwrap();
    assert!(why.contains("no-names: expected, not found: {\"severity\":\"informational\""), "{why}");
}

#[test]
fn a_case_says_what_is_missing_and_what_is_too_much_and_can_be_updated() {
    let folder = guessed();
    let log = std::fs::read(folder.path().join("log.json")).unwrap();
    folder.put("cases/one/log.json", log);
    let findings = folder.put("cases/one/findings.json", r#"[{"why": "Nothing of the kind."}]"#);
    let cases = folder.path().join("cases").display().to_string();
    let test = |more: &[&str]| {
        let plugin = built(SIGN_INS);
        trailglass([&["plugin", "test", "--wasm", &plugin, "--cases", &cases][..], more].concat())
    };
    let ran = test(&[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.starts_with("FAILED  one: 1 finding\n"), "{}", ran.out);
    assert!(ran.out.contains("found, not expected: {\"severity\":\"high\""), "{}", ran.out);
    assert!(ran.out.contains("expected, not found: {\"why\":\"Nothing of the kind.\"}"), "{}", ran.out);
    assert_eq!(ran.err, "0 cases hold, 1 failed.\n");
    assert_eq!(test(&["--update"]).code, 0);
    assert_eq!(test(&[]).out, "ok      one: 1 finding\n");
    let written: Value = serde_json::from_slice(&std::fs::read(&findings).unwrap()).unwrap();
    assert_eq!(written[0]["events"].as_array().unwrap().len(), 4);
    // Options are part of a case, and so is what is wrong with them or with the log.
    folder.put("cases/one/options.json", r#"{"failures": 4}"#);
    assert!(test(&[]).out.contains("expected, not found"));
    folder.put("cases/one/options.json", r#"{"failure": 4}"#);
    assert!(test(&[]).out.contains("options.json: there is no option failure; there are"), "{}", test(&[]).out);
    folder.put("cases/one/options.json", r#"{"failures": 3}"#);
    folder.put("cases/one/more.json", "not a log");
    assert!(test(&[]).out.contains("not CloudTrail"), "{}", test(&[]).out);
    assert_eq!(test(&["two"]).code, 2);
}

#[test]
fn options_and_limits_come_from_arguments_and_from_a_file() {
    let check = |arguments: &[&str], code: i32, told: &str| {
        let ran = scan(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(told), "{arguments:?}: {}", ran.err);
    };
    check(&[], 1, "");
    check(&["--plugin-option", "failures=4"], 0, "");
    check(&["--plugin-option", "console-login-after-failures.failures=3"], 1, "");
    check(&["--plugin-option", "failures=many"], 2, "option failures takes a whole number");
    check(&["--plugin-option", "failures=0"], 2, "reported an error");
    check(&["--plugin-option", "speed=1"], 2, "there is no option speed; there are ");
    check(&["--plugin-option", "other.failures=1"], 2, "no plugin's file is called other.wasm");
    check(&["--plugin-limit", "fuel=1000"], 2, "it passed its limit of 1,000 units of fuel");
    check(&["--plugin-limit", "memory-bytes=64KiB"], 2, "it passed its limit of 65,536 bytes of memory");
    check(&["--plugin-limit", "file-bytes=10"], 2, "it passed its limit of 10 bytes of a plugin file");
    check(&["--plugin-limit", "speed=1"], 2, "there is no such limit; there are file-bytes, fuel");

    let folder = guessed();
    let plugin = built(SIGN_INS);
    let settings = |text: &str| {
        let file = folder.put("settings.yml", text);
        let log = folder.path().join("log.json").display().to_string();
        let file = file.display().to_string();
        trailglass(["scan", &log, "--no-bundled", "--no-plugin-cache", "--quiet", "--plugin-settings", &file])
    };
    assert_eq!(settings(&format!("plugins:\n  - file: {plugin}\n")).code, 1);
    assert_eq!(settings(&format!("plugins:\n  - file: {plugin}\n    options: {{failures: 4}}\n")).code, 0);
    let ran = settings(&format!("plugins:\n  - file: {plugin}\n    limits: {{fuel: 1}}\n"));
    assert!(ran.code == 2 && ran.err.contains("limit of 1 units of fuel"), "{}", ran.err);
    let ran = settings("plugins:\n  - name: x\n");
    assert!(ran.code == 2 && ran.err.contains("settings.yml:2: a plugin has a file"), "{}", ran.err);
}

#[test]
fn a_plugin_is_tuned_as_rules_are() {
    let folder = Folder::new();
    let with = |tuning: &str, more: &[&str]| {
        let file = folder.put("tuning.yml", tuning).display().to_string();
        let ran = scan(&[&["--tuning", &file][..], more].concat());
        let severities: Vec<String> =
            ran.lines().iter().map(|finding| finding["severity"].as_str().unwrap().to_owned()).collect();
        (ran.code, severities.join(" "), ran.err)
    };
    let fine = |code, severities: &str| (code, severities.to_owned(), String::new());
    assert_eq!(with("ignore: []", &[]), fine(1, "high"));
    assert_eq!(with("levels: {console-login-after-failures: low}", &[]), fine(1, "low"));
    assert_eq!(with("levels: {console-login-after-failures: low}", &["--min-level", "medium"]), fine(0, ""));
    assert_eq!(with("ignore: [console-login-after-failures]", &[]), fine(0, ""));
    let (code, _, told) = with("ignore: [console-login]", &[]);
    assert!(code == 2 && told.contains("tuning.yml:1: there is no detector console-login"), "{told}");
}

#[test]
fn a_plugin_with_the_id_of_a_rule_is_refused() {
    let rules = Folder::new();
    let own =
        "title: Mine\nname: console-login-after-failures\ndetection: {s: {eventName: NoSuchCall}, condition: s}\n";
    let ran = scan(&["--rules", &rules.put("own.yml", own).display().to_string()]);
    let told =
        "plugin refused while it was loaded: there is another detector with the id console-login-after-failures (";
    assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn plugins_count_in_coverage() {
    let logs = guessed();
    let (plugin, log) = (built(SIGN_INS), logs.path().display().to_string());
    let coverage = |arguments: &[&str]| {
        let own = ["rules", "coverage", "--no-bundled", "--no-plugin-cache", "--plugin", &plugin];
        trailglass([&own[..], arguments].concat())
    };
    // Techniques, each with its score and what it comes from.
    let check = |arguments: &[&str], expected: &[(&str, u64)]| {
        let ran = coverage(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        let layer = ran.json();
        let techniques: Vec<_> = layer["techniques"].as_array().unwrap().iter().collect();
        let told = |at: &&Value| (at["techniqueID"].as_str().unwrap().to_owned(), at["score"].as_u64().unwrap());
        let expected: Vec<_> = expected.iter().map(|&(technique, score)| (technique.to_owned(), score)).collect();
        assert_eq!(techniques.iter().map(told).collect::<Vec<_>>(), expected, "{arguments:?}");
        assert!(techniques.iter().all(|at| at["comment"] == "Console sign-in succeeded after failures"), "{layer}");
    };
    let both = [("T1078.004", 1), ("T1110", 1)];
    check(&[], &both);
    check(&["--logs", &log], &both);
    // What a plugin does not find is not covered, nor what is ignored or less severe than asked for.
    check(&["--logs", &log, "--plugin-option", "failures=4"], &[]);
    let tuning = logs.put("tuning.txt", "ignore: [console-login-after-failures]\n").display().to_string();
    for more in [&["--tuning", &tuning][..], &["--min-level", "critical"]] {
        check(more, &[]);
        check(&[more, &["--logs", &log]].concat(), &[]);
    }
    let two = coverage(&["--plugin", &plugin, "--logs", &log]);
    assert!(two.code == 2 && two.err.contains("another detector with the id console-login-after-failures"));
    let stopped = coverage(&["--plugin-limit", "findings=0", "--logs", &log]);
    assert!(stopped.code == 2 && stopped.err.contains("it passed its limit of 0 findings"), "{}", stopped.err);
    assert_eq!(stopped.json()["techniques"], serde_json::json!([]));
}

#[test]
fn findings_do_not_depend_on_the_number_of_threads() {
    let folder = Folder::with_trail(plan(5, Story::Attack));
    let plugins: Vec<String> = examples().iter().flat_map(|name| ["--plugin".to_owned(), built(name)]).collect();
    let scan = |threads: &str| {
        let mut arguments = vec!["--format", "jsonl", "--quiet", "--min-level", "informational", "--threads", threads];
        arguments.extend(plugins.iter().map(String::as_str));
        folder.run("scan", &arguments)
    };
    let one = scan("1");
    assert!(one.lines().iter().any(|finding| finding["detector"] == SIGN_INS), "{}", one.out);
    for threads in ["2", "8"] {
        assert_eq!(scan(threads).out, one.out, "{threads} threads");
    }
}

#[test]
fn what_was_compiled_is_kept_and_never_trusted_when_it_is_broken() {
    let folder = Folder::new();
    let cache = folder.path().join("cache/plugins");
    let (plugin, place) = (built(SIGN_INS), cache.display().to_string());
    let run = || guessed().run("scan", &["--no-bundled", "--quiet", "--plugin", &plugin, "--plugin-cache", &place]);
    let files = || -> Vec<PathBuf> { std::fs::read_dir(&cache).unwrap().flatten().map(|entry| entry.path()).collect() };
    let fine = run();
    assert_eq!((fine.code, files().len()), (1, 1));
    let whole = std::fs::read(&files()[0]).unwrap();
    let breakages: [&dyn Fn() -> Vec<u8>; 4] = [
        &Vec::new,
        &|| whole[..whole.len() / 2].to_vec(),
        &|| whole.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == whole.len() / 2)).collect(),
        &|| vec![0; whole.len()],
    ];
    for broken in breakages {
        std::fs::write(&files()[0], broken()).unwrap();
        assert_eq!(run().out, fine.out);
        // It is mended on the way.
        assert_eq!(std::fs::read(&files()[0]).unwrap(), whole);
    }
    // Several at once, each of which finds nothing there.
    std::fs::remove_file(&files()[0]).unwrap();
    let log = guessed();
    let start = || -> Child {
        let mut command = binary();
        command.arg("scan").arg(log.path()).args([
            "--no-bundled",
            "--quiet",
            "--plugin",
            &plugin,
            "--plugin-cache",
            &place,
        ]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<Child> = (0..4).map(|_| start()).collect();
    for child in running {
        assert_eq!(Ran::of(child.wait_with_output().unwrap()).out, fine.out);
    }
    assert_eq!(files().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_may_write_to_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let (plugin, place) = (built(SIGN_INS), folder.path().display().to_string());
    let ran = guessed().run("scan", &["--no-bundled", "--quiet", "--plugin", &plugin, "--plugin-cache", &place]);
    assert_eq!(ran.code, 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn inspect_says_what_a_plugin_is_and_what_it_would_see() {
    let folder = guessed();
    let log = folder.path().display().to_string();
    let ran = trailglass(["plugin", "inspect", &built(SIGN_INS), "--logs", &log, "--format", "json"]);
    let about = ran.json();
    assert_eq!(about["id"], SIGN_INS);
    assert_eq!(about["contract"], "1.0.0");
    assert_eq!(about["imports"], serde_json::json!(["trailglass:detector/host@1.0.0"]));
    assert_eq!(about["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(about["selected"], serde_json::json!({"read": 4, "events": 4, "groups": 1, "largestGroup": 4}));
    let ran = trailglass(["plugin", "inspect", &built(SIGN_INS)]);
    assert!(ran.out.contains("\nOptions:\n  failures: a whole number, 3\n"), "{}", ran.out);
    assert_eq!(trailglass(["plugin", "inspect", &log]).code, 2);
}

#[test]
fn bench_measures() {
    let ran =
        trailglass(["plugin", "bench", &built(SIGN_INS), "--rounds", "1", "--no-plugin-cache", "--format", "json"]);
    let figures = ran.json();
    assert_eq!(figures["events"], 100_000);
    for name in ["ns_per_event", "fuel_per_event", "memory_bytes", "load_compiled_ms", "empty_call_ms"] {
        assert!(figures[name].as_f64().is_some_and(|figure| figure > 0.0), "{name}: {figures}");
    }
    assert_eq!(figures["load_kept_ms"], Value::Null);
}

/// `trailglass` in a folder, with the compiler that has the target, no network, and what was compiled of the SDK before.
fn command_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command: Command = binary();
    command.current_dir(folder).args(arguments).env("CARGO_NET_OFFLINE", "true");
    command.env("CARGO_TARGET_DIR", target().join("new-plugins"));
    if let Some(toolchain) = std::env::var_os("TRAILGLASS_TOOLCHAIN") {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command
}

fn in_project(folder: &Path, arguments: &[&str]) -> Ran {
    Ran::of(command_in(folder, arguments).output().unwrap())
}

/// A program of ours that ends with the test, and what it says on stderr.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines: receiver }
    }

    /// Waits for a line with this in it.
    fn says(&self, what: &str) {
        let mut heard = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(300)) {
                Ok(line) if line.contains(what) => return,
                Ok(line) => heard.push(line),
                Err(error) => panic!("{error}: it never said {what:?}, but {heard:#?}"),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn watch_builds_and_tests_again_after_a_change() {
    let folder = Folder::new();
    assert_eq!(in_project(folder.path(), &["plugin", "new", "watched-trail"]).code, 0);
    let project = folder.path().join("watched-trail");
    let watching = Running::start(command_in(&project, &["plugin", "watch", "cases/trail-stopped/events.json"]));
    watching.says("2 cases hold, 0 failed.");
    watching.says("1 finding: 1 high.");
    watching.says("Waiting for a change");
    std::fs::write(project.join("cases/trail-looked-at/findings.json"), r#"[{"why": "Nothing."}]"#).unwrap();
    watching.says("1 case holds, 1 failed.");
    watching.says("Waiting for a change");
    let source = project.join("src/lib.rs");
    let text = std::fs::read_to_string(&source).unwrap().replace("StopLogging", "GetTrailStatus");
    std::fs::write(&source, text).unwrap();
    watching.says("0 cases hold, 2 failed.");
}

#[test]
fn a_new_plugin_builds_passes_its_cases_and_runs() {
    let folder = Folder::new();
    let ran = in_project(folder.path(), &["plugin", "new", "stopped-trail"]);
    assert_eq!((ran.code, ran.out.trim_end()), (0, "./stopped-trail"), "{}", ran.err);
    let project = folder.path().join("stopped-trail");
    let ran = in_project(&project, &["plugin", "test"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(ran.out, "ok      trail-looked-at: 0 findings\nok      trail-stopped: 1 finding\n");
    let ran =
        in_project(&project, &["plugin", "run", "cases/trail-stopped/events.json", "--quiet", "--format", "jsonl"]);
    assert_eq!((ran.code, &ran.lines()[0]["detector"]), (1, &Value::from("stopped-trail")), "{}", ran.err);
    let ran = in_project(&project, &["plugin", "build"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "./dist/stopped-trail.wasm\n"), "{}", ran.err);
    // Once more is refused, and so is what is no name.
    for name in ["stopped-trail", "../other", "Other"] {
        assert_eq!(in_project(folder.path(), &["plugin", "new", name]).code, 2, "{name}");
    }
    let ran = in_project(folder.path(), &["plugin", "build"]);
    assert!(ran.code == 2 && ran.err.contains("has none of Cargo.toml, detector.js"), "{}", ran.err);
}

#[test]
fn a_core_module_becomes_a_component_and_a_component_stays_one() {
    let folder = Folder::new();
    let output = folder.path().join("out.wasm").display().to_string();
    let ran = trailglass(["plugin", "build", &built(SIGN_INS), "--output", &output]);
    assert_eq!((ran.code, ran.out.trim_end()), (0, output.as_str()), "{}", ran.err);
    assert_eq!(std::fs::read(&output).unwrap(), std::fs::read(built(SIGN_INS)).unwrap());
    let text = folder.put("text.wasm", "no module").display().to_string();
    let ran = trailglass(["plugin", "build", &text, "--output", &output]);
    assert!(ran.code == 2 && ran.err.contains("does not make a component"), "{}", ran.err);
    let ran = trailglass(["plugin", "build", &text]);
    assert!(ran.code == 2 && ran.err.contains("needs --output"), "{}", ran.err);
}
