//! The condition of a rule: how its search identifiers go together.

use super::weight::Sums;
use super::yaml::Wrong;
use crate::predicate::{Case, Glob, Predicate};
use std::collections::BTreeMap;

/// A condition has at most this many bytes.
pub(super) const MAX_CONDITION: usize = 4_096;
/// Parentheses and negations nest at most so deep.
pub(super) const MAX_DEPTH: usize = 48;
/// So many search identifiers are looked at for the conditions of a rule: a pattern looks at all of them.
const MAX_LOOKS: usize = 1_000_000;

/// The search identifiers of a rule, each with what it means, and what its conditions cost so far.
#[derive(Default)]
pub(super) struct Identifiers {
    all: Vec<(String, Predicate)>,
    places: BTreeMap<String, usize>,
    sums: Sums,
    looks: usize,
}

impl Identifiers {
    /// Adds one whose name is new.
    pub fn add(&mut self, name: String, predicate: Predicate) {
        self.places.insert(name.clone(), self.all.len());
        self.all.push((name, predicate));
    }

    fn look(&mut self, number: usize) -> Result<(), String> {
        self.looks += number;
        if self.looks > MAX_LOOKS {
            return Err(format!("the conditions of the rule look at search identifiers more than {MAX_LOOKS} times"));
        }
        Ok(())
    }

    fn named(&mut self, at: usize) -> Result<Predicate, String> {
        let (_, predicate) = &self.all[at];
        self.sums.add(predicate)?;
        Ok(predicate.clone())
    }
}

/// What a condition means.
pub(super) fn read(text: &str, identifiers: &mut Identifiers, line: usize) -> Result<Predicate, Wrong> {
    let wrong = |why: String| Wrong::new(line, why);
    if text.len() > MAX_CONDITION {
        return Err(wrong(format!("a condition has at most {MAX_CONDITION} bytes")));
    }
    if text.contains('|') {
        let why = "aggregations in a condition are not part of Sigma 2; write a correlation instead";
        return Err(wrong(why.to_owned()));
    }
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut words = Words { words: spaced.split_whitespace().collect(), at: 0, identifiers };
    let found = words.any(0).map_err(wrong)?;
    match words.peek() {
        None => Ok(found),
        Some(word) => Err(wrong(format!("nothing is expected here in the condition: {word}"))),
    }
}

struct Words<'c> {
    words: Vec<&'c str>,
    at: usize,
    identifiers: &'c mut Identifiers,
}

impl<'c> Words<'c> {
    fn peek(&self) -> Option<&'c str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'c str> {
        self.at += 1;
        self.words.get(self.at - 1).copied()
    }

    /// Whether this word comes; then it is passed.
    fn passes(&mut self, word: &str) -> bool {
        let comes = self.peek().is_some_and(|next| next.eq_ignore_ascii_case(word));
        self.at += usize::from(comes);
        comes
    }

    fn any(&mut self, depth: usize) -> Result<Predicate, String> {
        let mut parts = vec![self.all(depth)?];
        while self.passes("or") {
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Predicate::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Predicate, String> {
        let mut parts = vec![self.not(depth)?];
        while self.passes("and") {
            parts.push(self.not(depth)?);
        }
        Ok(one_or(parts, Predicate::All))
    }

    fn not(&mut self, depth: usize) -> Result<Predicate, String> {
        if depth == MAX_DEPTH {
            return Err(format!("the condition nests more than {MAX_DEPTH} deep"));
        }
        if self.passes("not") {
            return Ok(Predicate::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.passes("(") {
            let inner = self.any(depth + 1)?;
            return if self.passes(")") { Ok(inner) } else { Err("a parenthesis is not closed".to_owned()) };
        }
        let word = self.next().ok_or("the condition ends where an identifier is expected")?;
        if self.peek().is_some_and(|next| next.eq_ignore_ascii_case("of")) {
            self.at += 1;
            return self.of(word);
        }
        self.identifiers.look(1)?;
        match self.identifiers.places.get(word).copied() {
            Some(at) => self.identifiers.named(at),
            None => Err(format!("the condition names what is no search identifier: {word}")),
        }
    }

    /// `1 of them`, `all of selection*`.
    fn of(&mut self, how_many: &str) -> Result<Predicate, String> {
        let pattern = self.next().ok_or("nothing stands behind of")?;
        let glob = Glob::new(pattern.split('*'), Case::Kept);
        let is_meant = |name: &str| match pattern {
            "them" => !name.starts_with('_'),
            _ => glob.matches(name),
        };
        let all = &self.identifiers.all;
        let meant: Vec<usize> = (0..all.len()).filter(|at| is_meant(&all[*at].0)).collect();
        self.identifiers.look(self.identifiers.all.len())?;
        let parts = meant.into_iter().map(|at| self.identifiers.named(at)).collect::<Result<Vec<_>, _>>()?;
        if parts.is_empty() {
            return Err(format!("no search identifier fits {pattern}"));
        }
        match how_many.to_ascii_lowercase().as_str() {
            "1" | "any" => Ok(one_or(parts, Predicate::Any)),
            "all" => Ok(one_or(parts, Predicate::All)),
            other => Err(format!("only 1 of and all of are part of Sigma, not {other} of")),
        }
    }
}

/// A single part stands for itself.
pub(super) fn one_or(mut parts: Vec<Predicate>, all: fn(Vec<Predicate>) -> Predicate) -> Predicate {
    if parts.len() == 1 { parts.remove(0) } else { all(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predicate::parse;

    fn check(condition: &str, expected: Result<&str, &str>) {
        let names = ["a", "sel_x", "sel_y", "_hidden"];
        let mut identifiers = Identifiers::default();
        names
            .into_iter()
            .for_each(|name| identifiers.add(name.to_owned(), parse(&format!("f:{name}"), None).predicate));
        match (read(condition, &mut identifiers, 7), expected) {
            (Ok(found), Ok(query)) => assert_eq!(found.to_string(), query, "{condition}"),
            (Err(wrong), Err(why)) => assert!(wrong.line == 7 && wrong.why.contains(why), "{condition}: {wrong:?}"),
            (found, _) => panic!("{condition}: {found:?}"),
        }
    }

    #[test]
    fn conditions() {
        check("a", Ok("f:a"));
        check("a or sel_x and not sel_y", Ok("f:a OR f:sel_x AND NOT f:sel_y"));
        check("(a OR sel_x) AND sel_y", Ok("(f:a OR f:sel_x) AND f:sel_y"));
        check("1 of sel_*", Ok("f:sel_x OR f:sel_y"));
        check("not all of sel_* and a", Ok("NOT (f:sel_x AND f:sel_y) AND f:a"));
        check("1 of them", Ok("f:a OR f:sel_x OR f:sel_y"));
        check("any of *_y", Ok("f:sel_y"));
        check("_hidden", Ok("f:\"_hidden\""));
        check("", Err("ends where"));
        check("a b", Err("nothing is expected here in the condition: b"));
        check("(a", Err("not closed"));
        check("b", Err("no search identifier: b"));
        check("1 of x*", Err("no search identifier fits x*"));
        check("2 of sel_*", Err("not 2 of"));
        check("a | count() > 5", Err("write a correlation"));
        check(&"not ".repeat(60), Err("48 deep"));
        check(&"(".repeat(60), Err("48 deep"));
        check(&"a and ".repeat(800), Err("4096 bytes"));
    }
}
