//! JSON text with slots: the shapes of requests, responses and identities are data, not code.
//!
//! `$name` is a slot (see [`crate::slot`]); digits after the name tell two values of one kind
//! apart (`$instance` and `$instance2`), and the same slot has the same value everywhere in one
//! record. `$3(…)` writes what is in the brackets one to three times with commas between, each
//! time with other values. Anything else is written as it stands.

use crate::random::{Random, fold, name_hash};
use crate::slot::{self, Scene};

/// A template, taken apart once so that writing is only copying.
#[derive(Clone, Debug, Default)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(&'static str),
    Slot { write: slot::Write, name: u64 },
    Repeat { most: u64, inner: Template },
}

impl Template {
    /// Takes a template apart. What looks like a slot and is none stays text: a test demands
    /// that there is no such thing in the catalogue.
    pub fn new(source: &'static str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some(at) = rest.find('$') {
            let (text, tail) = rest.split_at(at);
            let (piece, length) = piece(tail);
            if !text.is_empty() {
                pieces.push(Piece::Text(text));
            }
            pieces.push(piece);
            rest = &tail[length..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        Self(pieces)
    }

    /// True when nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the text with its slots filled for `scene`.
    pub fn write(&self, out: &mut Vec<u8>, scene: &Scene<'_>) {
        self.write_salted(out, scene, 0);
    }

    fn write_salted(&self, out: &mut Vec<u8>, scene: &Scene<'_>, salt: u64) {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Slot { write, name } => {
                    write(out, scene, Random::new(fold(&[scene.seed, *name, salt])));
                }
                Piece::Repeat { most, inner } => {
                    let times = 1 + Random::of(&[scene.seed, *most, salt]).below(*most);
                    for time in 1..=times {
                        if time > 1 {
                            out.push(b',');
                        }
                        inner.write_salted(out, scene, salt * 64 + time);
                    }
                }
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn unknown_slot(&self) -> Option<&'static str> {
        self.0.iter().find_map(|piece| match piece {
            Piece::Text(text) => text.contains('$').then_some(*text),
            Piece::Slot { .. } => None,
            Piece::Repeat { inner, .. } => inner.unknown_slot(),
        })
    }
}

/// The piece at the start of `source`, which begins with `$`, and its length in bytes.
fn piece(source: &'static str) -> (Piece, usize) {
    let body = &source[1..];
    let number = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if number > 0
        && body[number..].starts_with('(')
        && let (Ok(most), Some(close)) = (body[..number].parse(), closing(&body[number..]))
    {
        let inner = Template::new(&body[number + 1..number + close]);
        return (Piece::Repeat { most, inner }, 1 + number + close + 1);
    }
    let word = body.len() - body.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let digits = &body[word..];
    let digits = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match slot::find(&body[..word]) {
        Some(write) => {
            let length = word + digits;
            (Piece::Slot { write, name: name_hash(&body[..length]) }, 1 + length)
        }
        None => (Piece::Text(&source[..1 + word]), 1 + word),
    }
}

/// Where the bracket that opens `source` closes.
fn closing(source: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}
