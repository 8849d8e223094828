//! The user's rules: dropped like logs, they run beside the bundled ones.

use super::App;
use crate::kit::words::tr_with;
use crate::platform::files::LogFile;
use crate::protocol::{Checking, RuleFile};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A file of rules has at most so many bytes; the core refuses larger ones, too.
const MOST_BYTES: u64 = 4 << 20;

impl App {
    /// Takes the files of rules out of these; the others are logs.
    pub(super) fn take_rules(&self, files: Vec<LogFile>) -> Vec<LogFile> {
        let (rules, logs): (Vec<LogFile>, Vec<LogFile>) = files.into_iter().partition(|file| is_of_rules(&file.path));
        if !rules.is_empty() {
            self.add_rules(rules);
        }
        logs
    }

    /// Reads files of rules. One with the path of another takes its place.
    fn add_rules(&self, files: Vec<LogFile>) {
        let app = *self;
        spawn_local(async move {
            for file in files {
                if file.size > MOST_BYTES {
                    let most = (MOST_BYTES >> 20).to_string();
                    app.complain(tr_with("A file of rules has at most {} MiB: {}", &[&most, &file.path]));
                    continue;
                }
                match file.text().await {
                    Ok(text) => app.rule_files.update(|known| {
                        known.retain(|other| other.path != file.path);
                        known.push(RuleFile { path: file.path, text });
                    }),
                    Err(why) => app.complain(tr_with("This file of rules cannot be read: {}: {}", &[&file.path, &why])),
                }
            }
            app.push_rules();
        });
    }

    /// Takes all of the user's rules away.
    pub fn forget_rules(&self) {
        self.rule_files.set(Vec::new());
        self.push_rules();
    }

    /// Tells the shards which rules and plugins run.
    pub(super) fn push_rules(&self) {
        let Some(session) = self.session() else { return };
        self.rules_seen.set(Checking { is_running: true, ..Checking::default() });
        session.client.set_rules(self.rule_files.get_untracked(), self.installed_plugins());
        self.ask_for_rules();
    }

    /// Asks which rules there are.
    pub(super) fn ask_for_rules(&self) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        spawn_local(async move {
            if let Some(rules) = session.client.rules().await {
                app.rules.set(rules);
                app.refuse_taken_ids();
            }
        });
    }

    /// Rules met events that were there before them; once they have met all, what they found is shown.
    pub(super) fn note_rules_seen(&self, seen: Checking) {
        self.rules_seen.set(seen);
        let (app, Some(session)) = (*self, self.session()) else { return };
        // While files are read, findings come with the end of that.
        if seen.is_running || session.client.is_reading() {
            return;
        }
        spawn_local(async move {
            if let Some(findings) = session.client.findings().await {
                app.rule_findings.set_value(findings);
                app.show_findings();
                app.run_waiting_plugins();
            }
        });
    }
}

fn is_of_rules(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    (name.ends_with(".yml") || name.ends_with(".yaml")) && !name.ends_with(".cases.yml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_of_rules() {
        let check = |path: &str, expected| assert_eq!(is_of_rules(path), expected, "{path}");
        check("rules/a.yml", true);
        check("A.YAML", true);
        check("a.cases.yml", false);
        check("a.json.gz", false);
        check("yml", false);
    }
}
