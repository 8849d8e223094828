//! Rules of chance: everything that Sigma 2.1 has, but for what is known to differ (`tests/differences.rs`).

use crate::events::{FIELDS, Field, HIDDEN, Kind, There, WORDS};
use crate::random::Random;
use crate::yaml::Yaml;

type Members = Vec<(String, Yaml)>;

/// A member of a map.
pub fn member(key: &str, value: Yaml) -> (String, Yaml) {
    (key.to_owned(), value)
}

/// The id of the rule with this number.
pub fn rule_id(number: usize) -> String {
    format!("11111111-0000-4000-8000-{number:012}")
}

/// A rule that selects events.
pub fn rule(number: usize, random: &mut Random) -> Yaml {
    let head = [member("title", Yaml::text(format!("Rule {number}"))), member("id", Yaml::text(rule_id(number)))];
    let source = Yaml::Map(vec![member("product", Yaml::text("aws")), member("service", Yaml::text("cloudtrail"))]);
    let detection = detection(random);
    Yaml::Map(head.into_iter().chain([member("logsource", source), member("detection", detection)]).collect())
}

/// The detection of a rule, or what a filter says beside its rules.
pub fn detection(random: &mut Random) -> Yaml {
    let names = ["sel_a", "sel_b", "sel_c", "filter_main", "filter_a", "_hidden", "keywords"];
    let number = 1 + random.below(4);
    let mut identifiers = Members::new();
    for _ in 0..number {
        let name = *random.pick(&names);
        if identifiers.iter().all(|(known, _)| known != name) {
            identifiers.push(member(name, identifier(random)));
        }
    }
    let known: Vec<String> = identifiers.iter().map(|(name, _)| name.clone()).collect();
    let condition = match random.percent(10) {
        true => Yaml::List(random.some(1, 3, |random| Yaml::text(condition(&known, 3, random)))),
        false => Yaml::text(condition(&known, 3, random)),
    };
    identifiers.push(member("condition", condition));
    Yaml::Map(identifiers)
}

/// A condition over these identifiers.
pub fn condition(names: &[String], depth: usize, random: &mut Random) -> String {
    let leaf = |random: &mut Random| {
        let count = ["1 of", "any of", "all of"];
        match random.below(6) {
            0 if names.iter().any(|name| !name.starts_with('_')) => format!("{} them", random.pick(&count)),
            1 | 2 => format!("{} {}", random.pick(&count), pattern(&random.pick(names).clone(), random)),
            _ => random.pick(names).clone(),
        }
    };
    if depth == 0 {
        return leaf(random);
    }
    match random.below(8) {
        0 | 1 => format!("{} and {}", condition(names, depth - 1, random), condition(names, depth - 1, random)),
        2 | 3 => format!("{} or {}", condition(names, depth - 1, random), condition(names, depth - 1, random)),
        4 => format!("not {}", condition(names, depth - 1, random)),
        5 => format!("({})", condition(names, depth - 1, random)),
        6 => format!("not ({})", condition(names, depth - 1, random)),
        _ => leaf(random),
    }
}

/// A pattern that this name fits, and more than a star alone.
fn pattern(name: &str, random: &mut Random) -> String {
    let cut = 1 + random.below(name.len() - 1);
    match random.below(4) {
        0 => name.to_owned(),
        1 => format!("{}*", &name[..cut]),
        2 => format!("*{}", &name[cut..]),
        _ => format!("{}*{}", &name[..cut], &name[name.len() - 1..]),
    }
}

/// What stands behind the name of a search identifier.
pub fn identifier(random: &mut Random) -> Yaml {
    match random.below(10) {
        0 => Yaml::List(random.some(1, 3, keyword)),
        1 => keyword(random),
        2 | 3 => Yaml::List(random.some(1, 3, |random| match random.percent(80) {
            true => Yaml::Map(items(random)),
            false => keyword(random),
        })),
        _ => Yaml::Map(items(random)),
    }
}

/// A text that stands somewhere in a value, or none.
fn keyword(random: &mut Random) -> Yaml {
    Yaml::text(*random.pick(&[
        "l*h",
        "?lph",
        "*beta",
        "a*a",
        "lph",
        "BETA",
        "amazonaws",
        "192.0.2",
        "nowhere",
        "o'clock",
        "\u{672c}",
        "\\\\pha",
        "al\\*",
    ]))
}

/// Fields with values. No key comes twice.
pub fn items(random: &mut Random) -> Members {
    let mut items = Members::new();
    for (key, value) in random.some(1, 3, item) {
        if items.iter().all(|(known, _)| *known != key) {
            items.push((key, value));
        }
    }
    items
}

fn item(random: &mut Random) -> (String, Yaml) {
    let field = random.pick(&FIELDS);
    let nothing = matches!(field.there, There::Maybe | There::Null);
    match random.below(12) {
        0 if nothing => return (field.name.to_owned(), Yaml::bare(random.pick(&["null", "~", ""]))),
        1 if field.there != There::Null => {
            return (format!("{}|exists", field.name), Yaml::bare(random.percent(50)));
        }
        2 if matches!(field.kind, Kind::Word) && field.there == There::Always => return reference(field, random),
        _ => {}
    }
    let (modifiers, mut values) = match field.kind {
        Kind::Word => words(random),
        Kind::Number => numbers(field, random),
        Kind::Ratio => ratios(random),
        Kind::Flag => (String::new(), vec![flag(random)]),
        Kind::Address => addresses(random),
        Kind::Moment => moments(random),
        Kind::Encoded => encoded(random),
    };
    let mut name = format!("{}{modifiers}", field.name);
    // What a missing field differs from is known to differ.
    if matches!(field.there, There::Always) && random.percent(12) {
        name.push_str("|neq");
    }
    if values.len() > 1 && !modifiers.contains("exists") && random.percent(20) {
        name.push_str("|all");
    }
    let value = if values.len() == 1 && random.percent(80) { values.remove(0) } else { Yaml::List(values) };
    (name, value)
}

fn reference(field: &Field, random: &mut Random) -> (String, Yaml) {
    let others: Vec<_> = FIELDS
        .iter()
        .filter(|other| other.kind == Kind::Word && matches!(other.there, There::Always | There::Maybe))
        .collect();
    let how = random.pick(&["", "", "|contains", "|startswith", "|endswith", "|cased", "|neq"]);
    (format!("{}|fieldref{how}", field.name), Yaml::text(random.pick(&others).name))
}

fn words(random: &mut Random) -> (String, Vec<Yaml>) {
    let cased = if random.percent(15) { "|cased" } else { "" };
    match random.below(14) {
        0..=4 => (cased.to_owned(), random.some(1, 3, |random| Yaml::text(whole(random)))),
        5 | 6 => (format!("|contains{cased}"), random.some(1, 3, |random| Yaml::text(inner(random)))),
        7 => (format!("|startswith{cased}"), random.some(1, 3, |random| Yaml::text(part(random)))),
        8 => (format!("|endswith{cased}"), random.some(1, 3, |random| Yaml::text(part(random)))),
        9 => {
            let patterns =
                ["^alpha$", "lph", "^.l.*a$", "[0-9]", "^$", "x|^beta", "(al|be)[pt]", "A", "\\?", "^[^a]", ".{9,}"];
            let flags = random.pick(&["", "|i", "|m", "|s", "|i|m"]);
            (format!("|re{flags}"), random.some(1, 2, |random| Yaml::text(*random.pick(&patterns))))
        }
        10 => {
            let likeness = random.pick(&["", "|contains", "|startswith", "|endswith"]);
            let values = ["-x -alpha", "-x", " -ALPHA", "-alpha", "beta", "a-b"];
            let value = |random: &mut Random| Yaml::text(*random.pick(&values));
            // A dash inside of a word is known to differ.
            let values = random.some(1, 2, value).into_iter().filter(|value| *value != Yaml::text("a-b"));
            (format!("|windash{likeness}"), values.chain([Yaml::text("-x")]).collect())
        }
        11 => ("|expand".to_owned(), vec![Yaml::text(*random.pick(&["alpha", "BETA", "alpha beta"]))]),
        12 => (String::new(), vec![Yaml::bare(random.pick(&["5", "true", "2.25"]))]),
        _ => {
            let likeness = random.pick(&["|contains", "|startswith", "|endswith"]);
            (likeness.to_string(), vec![Yaml::bare(random.pick(&["5", "12"]))])
        }
    }
}

/// A text whose wildcards mean themselves.
pub fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| "*?\\".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

fn upper(text: &str) -> String {
    if text.is_ascii() { text.to_uppercase() } else { text.to_owned() }
}

/// A part of a word.
fn part(random: &mut Random) -> String {
    let letters: Vec<char> = random.pick(&WORDS).chars().collect();
    let from = random.below(letters.len() + 1);
    let to = from + random.below(letters.len() - from + 1);
    let text = escaped(&letters[from..to].iter().collect::<String>());
    if random.percent(20) { upper(&text) } else { text }
}

/// A part of a word, perhaps with wildcards.
fn inner(random: &mut Random) -> String {
    match random.below(5) {
        0 => format!("{}*{}", part(random), part(random)),
        1 => format!("{}?", part(random)),
        2 => random.pick(&["*", "", "?", "*a*", "\\*", "\\\\"]).to_string(),
        _ => part(random),
    }
}

/// A word, perhaps with wildcards.
fn whole(random: &mut Random) -> String {
    let word = *random.pick(&WORDS);
    let letters: Vec<char> = word.chars().collect();
    let cut = random.below(letters.len() + 1);
    let piece = |from: usize, to: usize| escaped(&letters[from..to].iter().collect::<String>());
    match random.below(10) {
        0 => format!("{}*", piece(0, cut)),
        1 => format!("*{}", piece(cut, letters.len())),
        2 => format!("{}*{}", piece(0, cut), piece((cut + 1).min(letters.len()), letters.len())),
        3 if cut < letters.len() => format!("{}?{}", piece(0, cut), piece(cut + 1, letters.len())),
        4 => upper(&escaped(word)),
        // As it stands: its own stars are wildcards.
        5 => word.to_owned(),
        6 => random
            .pick(&["*", "?", "", "*a*a*", "al\\*pha", "al\\\\pha", "a\\\\*", "\\\\\\*", "al\\pha", "a\\\\"])
            .to_string(),
        _ => escaped(word),
    }
}

fn numbers(field: &Field, random: &mut Random) -> (String, Vec<Yaml>) {
    if field.name.ends_with("Id") {
        // An account's id is a text: it may begin with a zero.
        return match random.percent(50) {
            true => {
                (String::new(), random.some(1, 2, |random| Yaml::text(*random.pick(&["111122223333", "012345678901"]))))
            }
            false => (random.pick(&["|startswith", "|contains"]).to_string(), vec![Yaml::text("0123")]),
        };
    }
    let number = |random: &mut Random| Yaml::bare(random.pick(&["0", "5", "12", "-3", "111122223333", "7"]));
    match random.below(5) {
        0 | 1 => (String::new(), random.some(1, 3, number)),
        2 => (String::new(), random.some(1, 2, |random| Yaml::text(*random.pick(&["5", "-3", "1*", "??"])))),
        3 => ("|contains".to_owned(), random.some(1, 2, number)),
        _ => {
            let bound = ["0", "5", "11.5", "-3", "12"];
            let how = random.pick(&["|lt", "|lte", "|gt", "|gte"]);
            (how.to_string(), random.some(1, 2, |random| Yaml::bare(random.pick(&bound))))
        }
    }
}

fn ratios(random: &mut Random) -> (String, Vec<Yaml>) {
    let numbers = ["0.5", "2.25", "-1.75", "100.125", "3.5", "2.250", "5e-1"];
    let how = random.pick(&["", "", "|lt", "|lte", "|gt", "|gte"]);
    (how.to_string(), random.some(1, 2, |random| Yaml::bare(random.pick(&numbers))))
}

fn flag(random: &mut Random) -> Yaml {
    match random.below(3) {
        0 => Yaml::text(*random.pick(&["true", "False"])),
        _ => Yaml::bare(random.percent(50)),
    }
}

fn addresses(random: &mut Random) -> (String, Vec<Yaml>) {
    let networks =
        ["10.0.0.0/8", "192.0.2.0/25", "192.0.2.1/32", "2001:db8::/32", "2001::/16", "0.0.0.0/0", "2001:db8::1/128"];
    match random.percent(70) {
        true => ("|cidr".to_owned(), random.some(1, 3, |random| Yaml::text(*random.pick(&networks)))),
        false => (String::new(), vec![Yaml::text(*random.pick(&["192.0.2.*", "s3.amazonaws.com", "10.1.2.3"]))]),
    }
}

fn moments(random: &mut Random) -> (String, Vec<Yaml>) {
    let (part, numbers) = *random.pick(&[
        ("|minute", ["0", "59", "30"]),
        ("|hour", ["10", "0", "23"]),
        ("|day", ["6", "1", "29"]),
        ("|week", ["1", "52", "19"]),
        ("|month", ["5", "12", "1"]),
        ("|year", ["2024", "2025", "2023"]),
    ]);
    match random.percent(80) {
        true => (part.to_owned(), random.some(1, 2, |random| Yaml::bare(random.pick(&numbers)))),
        false => ("|startswith".to_owned(), vec![Yaml::text("2024-")]),
    }
}

fn encoded(random: &mut Random) -> (String, Vec<Yaml>) {
    let how = [
        "|base64offset|contains",
        "|base64offset|contains",
        "|base64",
        "|base64|contains",
        "|wide|base64offset|contains",
        "|utf16be|base64",
        "|utf16|base64offset|contains",
        "|utf16le|base64",
        "|base64|cased",
    ];
    (random.pick(&how).to_string(), random.some(1, 2, |random| Yaml::text(*random.pick(&HIDDEN))))
}
