//! Numbers, bytes and times as people read them.

pub use super::time::{dated, exact, exact_span, spanned, time, time_heading, timed, zone};
use super::words::{chosen, tr, tr_with};

/// `1,234,567`.
pub fn count(n: u64) -> String {
    let thousands = chosen().thousands;
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(thousands);
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `2 files`: a number and its noun, which is translated.
pub fn counted(n: u64, one: &'static str, many: &'static str) -> String {
    format!("{} {}", count(n), tr(if n == 1 { one } else { many }))
}

/// A text about a number: one of these two, translated. The number is the first of its values.
pub fn counted_with(n: u64, one: &'static str, many: &'static str, more: &[&str]) -> String {
    let number = count(n);
    let values: Vec<&str> = std::iter::once(number.as_str()).chain(more.iter().copied()).collect();
    tr_with(if n == 1 { one } else { many }, &values)
}

/// `12.3`: with one decimal.
fn decimal(n: f64) -> String {
    let text = format!("{n:.1}");
    match chosen().decimal {
        '.' => text,
        mark => text.replace('.', mark.encode_utf8(&mut [0; 4])),
    }
}

/// `12.3%`: so much of a whole.
pub fn percent(part: u64, whole: u64) -> String {
    let share = part as f64 * 100.0 / whole.max(1) as f64;
    // What would be printed as 0.0.
    let (sign, shown) = if part > 0 && share < 0.05 { ("<", 0.1) } else { ("", share.min(100.0)) };
    format!("{sign}{}", tr_with("{}%", &[&decimal(shown)]))
}

/// `×3.4`: so many times as much. Fractions of what is large say nothing.
pub fn multiple(factor: f64) -> String {
    if factor < 9.95 { format!("×{}", decimal(factor)) } else { format!("×{}", count(factor.round() as u64)) }
}

/// A text cut after so many characters.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// `12.3 MB`, in decimal units.
pub fn bytes(n: u64) -> String {
    let (mut value, mut unit) = (n as f64, "B");
    for next in ["kB", "MB", "GB", "TB"] {
        // 999.95 would be printed as 1000.0.
        if value < 999.95 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if unit == "B" { format!("{n} B") } else { format!("{} {unit}", decimal(value)) }
}

/// A length of time in its two largest units: `3 d 4 h`, `12 min 5 s`, `40 s`.
pub fn duration(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let parts = [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let shown: Vec<String> = parts
        .iter()
        .skip_while(|(n, _)| *n == 0)
        .take(2)
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect();
    if shown.is_empty() { "0 s".to_owned() } else { shown.join(" ") }
}

/// Makes characters visible that would reorder or hide text: control characters, separators of lines, invisible marks, and
/// whatever turns the direction of text. Log content is untrusted, and an address that reads backwards is a trick.
pub fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c,
                '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    text.chars().map(|c| if hidden(c) { format!("\\u{{{:x}}}", u32::from(c)) } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::{ENGLISH, Language, choose};
    use super::*;

    #[test]
    fn counts() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(n), text);
        }
        assert_eq!(counted(1, "file", "files"), "1 file");
        assert_eq!(counted(0, "file", "files"), "0 files");
    }

    #[test]
    fn in_another_language() {
        let words = r#"{"file": "Datei", "files": "Dateien", "{}%": "{} %", "{} of {} file": "{1}: {0} Datei"}"#;
        let language: &'static Language = Box::leak(Box::new(Language::new("x", "Test", ('.', ','), words)));
        choose(language);
        assert_eq!(count(1_234_567), "1.234.567");
        assert_eq!(
            (counted(1, "file", "files"), counted(1_000, "file", "files")),
            ("1 Datei".into(), "1.000 Dateien".into())
        );
        assert_eq!(counted_with(1, "{} of {} file", "{} of {} files", &["a"]), "a: 1 Datei");
        assert_eq!(counted_with(2_000, "{} of {} file", "{} of {} files", &["a"]), "2.000 of a files");
        assert_eq!((percent(1, 3), percent(1, 10_000)), ("33,3 %".into(), "<0,1 %".into()));
        assert_eq!((multiple(1.04), multiple(1_234.5)), ("×1,0".into(), "×1.235".into()));
        assert_eq!((bytes(999), bytes(1_500)), ("999 B".into(), "1,5 kB".into()));
        choose(&ENGLISH);
    }

    #[test]
    fn shares() {
        for (part, whole, text) in [
            (0, 10, "0.0%"),
            (1, 3, "33.3%"),
            (1, 10_000, "<0.1%"),
            (5, 10_000, "0.1%"),
            (10, 10, "100.0%"),
            // Counted a moment later than the whole.
            (11, 10, "100.0%"),
            (0, 0, "0.0%"),
        ] {
            assert_eq!(percent(part, whole), text);
        }
        for (factor, text) in [(1.04, "×1.0"), (9.94, "×9.9"), (9.96, "×10"), (1_234.5, "×1,235")] {
            assert_eq!(multiple(factor), text);
        }
        assert_eq!(shortened("grün", 4), "grün");
        assert_eq!(shortened("grün", 3), "grü…");
    }

    #[test]
    fn sizes() {
        for (n, text) in [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (999_949, "999.9 kB"), (999_960, "1.0 MB")] {
            assert_eq!(bytes(n), text);
        }
    }

    #[test]
    fn lengths_of_time() {
        for (ms, text) in [(0, "0 s"), (-5, "0 s"), (61_000, "1 min 1 s"), (3_600_000, "1 h"), (90_061_000, "1 d 1 h")]
        {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn tricks_are_shown() {
        assert_eq!(visible("a\u{202e}b\n"), "a\\u{202e}b\\u{a}");
        assert_eq!(visible("grün 東京"), "grün 東京");
    }
}
