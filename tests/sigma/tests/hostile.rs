//! Rules of people who mean harm: every file is read or refused within a second or so, and what is refused says why.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use analyzer_core::detect::sigma::{Loaded, MAX_RULES, Placeholders, Refused};
use analyzer_core::detect::{RuleSet, cases, tuning::Tuning};
use analyzer_core::session::Session;
use std::time::{Duration, Instant};

/// Much for what is asked, even without optimisation and beside other builds. A cost that grows with the square of a file
/// takes minutes.
const MOST: Duration = Duration::from_secs(20);

/// Reads a file and runs what is in it over a record. Returns how many rules there are, and what was refused.
fn run(text: &str) -> (usize, Vec<Refused>) {
    let start = Instant::now();
    let mut loaded = Loaded::default();
    loaded.add("r.yml", text, &Placeholders::new());
    let loaded = loaded.finish();
    let set = RuleSet::new(loaded.rules);
    let mut session = Session::new(set.detectors().to_vec(), 1);
    let mut intake = session.open(0, String::new());
    session.push(
        &mut intake,
        br#"{"eventVersion":"1.08","eventID":"e","eventTime":"2024-05-04T03:02:01Z","eventName":"A"}"#,
    );
    session.close(intake, None);
    set.findings(session.selection().events);
    let took = start.elapsed();
    assert!(took < MOST, "{took:?} for {} bytes: {}", text.len(), text.chars().take(200).collect::<String>());
    (set.rules().len(), loaded.refused)
}

/// Runs a file that is refused somewhere because of this.
fn refused(text: &str, why: &str) {
    let (_, refused) = run(text);
    assert!(refused.iter().any(|one| one.why.contains(why)), "{why}: {:?}", &refused[..refused.len().min(3)]);
}

fn rule(detection: &str) -> String {
    format!("title: t\ndetection:\n{detection}\n")
}

#[test]
fn aliases() {
    let bomb: String =
        (1..40).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","))).collect();
    refused(&format!("a0: &a0 x\n{bomb}"), "200000 nodes");
    // Each of many aliases stands for much.
    let much = format!("a: &a [{}]\n", "x,".repeat(1_000));
    refused(&format!("{much}b: [{}]\n", "*a,".repeat(100_000)), "200000 nodes");
    // Anchors in anchors.
    let deep = (0..60).fold("x".to_owned(), |inner, n| format!("&a{n} [{inner}]"));
    run(&format!("a: {deep}\nb: [{}]", "*a59, ".repeat(2_000)));
    let anchors: String = (0..60_000).map(|n| format!("- &a{n} [x, *a{}]\n", n.max(1) - 1)).collect();
    run(&format!("- &a0 x\n{anchors}"));
    // Merged maps.
    let keys: String = (0..20_000).map(|n| format!("k{n}: v, ")).collect();
    run(&format!("a: &a {{{keys}}}\nb:\n  <<: [*a, *a, *a]\n  x: y\n"));
}

#[test]
fn nesting() {
    // The parser may be the first to say so.
    refused(&"[".repeat(4 << 20), "");
    refused(&"{a: ".repeat(1 << 20), "");
    refused(&format!("{}\n", "- ".repeat(1 << 20)), "64 deep");
    refused(&"{a: [".repeat(31).repeat(20_000), "");
    refused(&format!("title: t\ndetection: {}", "[{a: ".repeat(800_000)), "");
    refused(&"? ".repeat(1 << 20), "");
    refused(&"x".repeat((4 << 20) + 1), "at most 4 MiB");
}

#[test]
fn wide_maps_and_lists() {
    let keys: String = (0..95_000).map(|n| format!("k{n}: v\n")).collect();
    run(&keys);
    run(&format!("{keys}k94999: v\n"));
    refused(&format!("{keys}k94999: v\n"), "comes twice: k94999");
    let items: String = (0..60_000).map(|n| format!("    f{n}: v\n")).collect();
    run(&rule(&format!("  s:\n{items}  condition: s")));
    refused(&rule(&format!("  s:\n    f: [{}]\n  condition: s", "v, ".repeat(10_001))), "more than 10000 values");
    // A shared document under very many.
    let small: String = (0..20_000).map(|n| format!("---\nk{n}: v\n")).collect();
    refused(&format!("action: global\n{}{small}", &keys[..keys.len() / 2]), "");
    let repeated = "---\naction: repeat\nx: y\n".repeat(20_000);
    refused(&format!("{}{repeated}", &keys[..keys.len() / 2]), "");
    refused(&"---\n".repeat(1 << 20), "");
}

#[test]
fn very_many_rules() {
    let all: String = (0..40_000).map(|n| format!("title: t\nname: n{}\ndetection: {{}}\n---\n", n % 7)).collect();
    run(&all);
    let one =
        |n: usize| format!("{{title: t, name: n{}, detection: {{s: {{f: v{n}}}, condition: s}}}}\n---\n", n % 9_000);
    let all: String = (0..14_000).map(one).collect();
    let (rules, refused_rules) = run(&all);
    assert!(
        rules == 9_000 && refused_rules[0].why.contains("the same id or name"),
        "{rules} {:?}",
        refused_rules.len()
    );
    let mut loaded = Loaded::default();
    for file in 0..6 {
        let one = |n: usize| format!("title: {n}\ndetection: {{s: [x], condition: s}}\n---\n");
        loaded.add(&format!("{file}.yml"), &(0..10_000).map(one).collect::<String>(), &Placeholders::new());
    }
    let loaded = loaded.finish();
    assert_eq!((loaded.rules.len(), loaded.refused.len()), (MAX_RULES, 10_000));
    assert!(loaded.refused[0].why.contains("more than 50000 rules"));
}

#[test]
fn very_many_filters() {
    let rules: String =
        (0..4_000).map(|n| format!("{{title: t, name: r{n}, detection: {{s: [x], condition: s}}}}\n---\n")).collect();
    let filters = "{title: f, filter: {rules: any, s: [y], condition: not s}}\n---\n".repeat(6_000);
    refused(&format!("{rules}{filters}"), "tests");
    let names: String = (0..4_000).map(|n| format!("r{n}, ")).collect();
    let filters = format!("{{title: f, filter: {{rules: [{names}], s: [y], condition: not s}}}}\n---\n").repeat(20);
    run(&format!("{rules}{filters}"));
    let wide =
        format!("{{title: f, filter: {{rules: any, s: {{f: [{}]}}, condition: not s}}}}\n---\n", "y, ".repeat(9_000));
    refused(&format!("{rules}{wide}"), "tests");
}

#[test]
fn correlations_of_correlations() {
    let correlation = |name: &str, rules: &str| {
        format!("title: {name}\nname: {name}\ncorrelation: {{type: temporal, rules: [{rules}], timespan: 1m}}\n---\n")
    };
    let base = "title: b\nname: c0\ndetection: {s: {eventName: A}, condition: s}\n---\n";
    let chain: String = (1..10_000).map(|n| correlation(&format!("c{n}"), &format!("c{}", n - 1))).collect();
    refused(&format!("{base}{chain}"), "more than 8 correlations");
    let (rules, all) = run(&format!("{base}{chain}"));
    assert_eq!((rules, all.len()), (9, 9_991));
    // From its end, and in a circle.
    let back: String = (1..10_000).rev().map(|n| correlation(&format!("c{n}"), &format!("c{}", n - 1))).collect();
    assert_eq!(run(&format!("{back}{base}")).0, 9);
    refused(&chain.replacen("[c0]", "[c9999]", 1), "leads to itself");
    // Diamonds: every layer stands on the whole of the one before.
    let layers: String = (1..20)
        .flat_map(|layer| (0..40).map(move |n| (layer, n)))
        .map(|(layer, n)| {
            let below: Vec<String> = (0..40).map(|n| format!("d{}x{n}", layer - 1)).collect();
            correlation(&format!("d{layer}x{n}"), &below.join(", "))
        })
        .collect();
    let ground: String = (0..40).map(|n| base.replace("c0", &format!("d0x{n}"))).collect();
    let (rules, _) = run(&format!("{ground}{layers}"));
    assert_eq!(rules, 40 + 8 * 40);
    let rules: String = (0..50_000).map(|n| format!("n{n}, ")).collect();
    refused(&format!("title: t\ncorrelation: {{type: temporal, rules: [{rules}], timespan: 1m}}"), "");
}

#[test]
fn conditions() {
    let detection = |identifiers: &str, condition: &str| rule(&format!("{identifiers}  condition: {condition}"));
    let many = "s or ".repeat(5_000);
    refused(&detection("  s: {f: v}\n", &format!("{many} s")), "at most 4096 bytes");
    let many = format!("{}s", "s or ".repeat(800));
    run(&detection("  s: {f: v}\n", &many));
    let values = format!("  s: {{f: [{}]}}\n", "v, ".repeat(9_000));
    refused(&detection(&values, &many), "more than 50000 tests");
    let all = (0..20_000).map(|n| format!("  s{n}: {{f: v}}\n")).collect::<String>();
    run(&detection(&all, "1 of them"));
    run(&detection(&all, "1 of s* and not all of *9 or 1 of s1*2*3*"));
    let of = vec!["1 of s*"; 300].join(" or ");
    refused(&detection(&all, &of), "more than 50000 tests");
    let nothing = vec!["1 of x*y*z*"; 250].join(" or ");
    refused(&detection(&all, &nothing), "no search identifier fits");
    let conditions = format!("[{}]", vec!["1 of s*"; 5_000].join(", "));
    refused(&detection(&all, &conditions), "tests");
    let names = (0..300).map(|n| format!("s{}", 19_999 - n)).collect::<Vec<_>>().join(" or ");
    run(&detection(&all, &format!("[{}]", vec![names; 100].join(", "))));
    let twice = "  condition: s\n  s: x\n".repeat(2);
    refused(&rule(&twice), "comes twice");
}

#[test]
fn values() {
    let item = |item: &str| rule(&format!("  s:\n    {item}\n  condition: s"));
    refused(&item("f|re: 'a{1000}{1000}'"), "more than 256 KiB");
    refused(&item(&format!("f|re: '{}'", "(".repeat(900))), "not a regular expression");
    refused(&item(&format!("f|re: '{}'", "a".repeat(100_000))), "at most 1000 bytes");
    let bombs = "'(a{30}){30}b{9}', ".repeat(9_000);
    refused(&item(&format!("f|re: [{bombs}]")), "");
    refused(&item(&format!("f: [{}]", "'?a?b*c', ".repeat(9_000))), "");
    run(&item(&format!("f: '{}'", "*a".repeat(400_000))));
    refused(&item(&format!("f: '{}'", "?a".repeat(400_000))), "at most");
    run(&item(&format!("f|contains: '{}'", "*".repeat(1 << 20))));
    refused(&item("f|windash: '-a -b -c -d -e -f'"), "more than 4 dashes");
    refused(&item(&format!("f|windash|base64offset|contains: [{}]", "'-a -b -c -d', ".repeat(5_000))), "");
    refused(&item(&format!("f|{}: x", "base64|".repeat(5_000))), "");
    refused(&item(&format!("f|{}: x", vec!["base64"; 30].join("|"))), "at most 3 times");
    refused(&item(&format!("f|{}: x", vec!["base64offset"; 30].join("|"))), "");
    run(&item(&format!("f|base64|base64|base64: '{}'", "x".repeat(1 << 20))));
    run(&item(&format!("{}: x", "a.".repeat(500_000))));
    run(&item(&format!("f|fieldref: '{}'", "a.".repeat(500_000))));
    let values = |length: usize| vec!["v".repeat(length); 100];
    let placeholders = Placeholders::from([("p".to_owned(), values(1_000)), ("q".to_owned(), values(1))]);
    let mut loaded = Loaded::default();
    loaded.add("r.yml", &item("f|expand: '%q%%q%%q%'"), &placeholders);
    loaded.add("s.yml", &item(&format!("f|expand: '{}'", "%p".repeat(100_000))), &placeholders);
    loaded.add("t.yml", &item(&format!("f|expand: [{}]", "'%p%%p%', ".repeat(5_000))), &placeholders);
    let why: Vec<String> = loaded.finish().refused.into_iter().map(|refused| refused.why).collect();
    assert!(why[0].contains("more than 10000 values") && why[2].contains("more than 1 MiB of text"), "{why:?}");
    assert_eq!(why.len(), 3, "{why:?}");
}

#[test]
fn cases_and_tuning() {
    let start = Instant::now();
    let events = "{eventName: A, times: 10000}, ".repeat(2_000);
    assert!(cases::read(&format!("rule: r\nfinds:\n- [{events}]")).unwrap_err().why.contains("16 MiB"));
    assert!(cases::read("rule: r\nhits: [{times: 10001}]").unwrap_err().why.contains("at most 10000 times"));
    for every in ["9223372036854775807d", "9223372036854775807s", "é", "", "-1s", "1é"] {
        let _ = cases::read(&format!("rule: r\nhits: [{{a: b, times: 3, every: {every}}}]"));
    }
    let names: String = (0..90_000).map(|n| format!("n{n}, ")).collect();
    let tuning = Tuning::read(&format!("ignore: [{names}]")).unwrap();
    let rules = (0..10_000).map(|n| format!("title: t{n}\ndetection: {{s: [x], condition: s}}\n---\n"));
    let mut loaded = Loaded::default();
    loaded.add("r.yml", &rules.collect::<String>(), &Placeholders::new());
    assert_eq!(tuning.apply(&mut loaded.finish().rules).len(), 90_000);
    assert!(start.elapsed() < MOST, "{:?}", start.elapsed());
}
