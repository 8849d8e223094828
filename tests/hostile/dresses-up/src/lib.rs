//! Has texts that would be something else where they are shown: HTML, marks that turn the direction of text, control characters
//! where the contract allows them.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Level, Manifest, OptionSpec, Options, log};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "dresses-up",
        name: "<img src=x onerror=alert(1)>\u{202e}eman",
        version: "1\u{2066}.0<b>",
        description: "<script>alert(1)</script>\nof \u{202e}two\u{61c} lines",
        tactics: &["<i>TA\u{200f}</i>"],
        techniques: &["T1\u{202e}<u>"],
        false_positives: &["<a href=\"https://example.com\">\u{2067}mistake</a>"],
        references: &["javascript:alert(1)//\u{202e}moc.elpmaxe"],
        options: &[
            OptionSpec::flag("refuse", true, "Whether it <b>refuses\u{202e}</b>."),
            OptionSpec::text("word", "<b>\u{202e}drow", "A <i>word\u{2069}</i>."),
        ],
        select: "eventName:ConsoleLogin AND NOT userAgent:\"<b>\u{202e}\"",
        fields: &["eventName", "requestParameters.<b>\u{202e}"],
        grouping: Grouping::By(&["requestParameters.<b>\u{202e}"]),
        ..Manifest::NOTHING
    };

    fn configure(options: &Options) -> Result<Self, String> {
        log(Level::Warning, "\u{1b}[2J<img src=x onerror=alert(2)>\u{202e}gol\r\n");
        if options.flag("refuse")? {
            return Err("\u{1b}[31m<svg onload=alert(3)>\u{2066}no\u{85}".to_owned());
        }
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let finding = Finding::new(group.rows(), "\u{7}<img src=x onerror=alert(4)>\u{202e}yhw");
        vec![finding.title("<h1>\u{202e}eltit\u{2028}</h1>")]
    }
}

trailglass_plugin::export!(Hostile);
