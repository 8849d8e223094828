//! Where does damage end? Finds the next place at which reading can go on, and says the same however the bytes are cut.

use super::json::{self, Brackets};
use super::keys::is_first_key;
use crate::problem::Reason;

/// Between a bracket and the end of the first key stand at most this many bytes; more are no start of a record.
const LOOK_AHEAD: usize = 256;

/// What elements of an array, or documents, are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Object,
    /// An array of objects.
    Row,
    /// A text that is an object.
    Text,
}

/// How elements of an array, or documents, start: with a bracket and the first key. Learned from the first one, so that
/// the next is found behind damage.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    kind: Kind,
    key: [u8; 32],
    length: usize,
}

impl Opening {
    /// Of what starts at `b[at]`; none if that has no key, or a very long one.
    pub fn learn(b: &[u8], at: usize) -> Opening {
        let (kind, object) = match b.get(at) {
            Some(b'"') => return Opening { kind: Kind::Text, ..Opening::default() },
            Some(b'[') => (Kind::Row, json::skip_space(b, at + 1)),
            _ => (Kind::Object, at),
        };
        let start = json::skip_space(b, object + 1);
        let mut opening = Opening { kind, ..Opening::default() };
        if let (Some(b'{'), Some(b'"'), Ok(end)) = (b.get(object), b.get(start), json::skip_string(b, start))
            && let Some(room) = opening.key.get_mut(..end - start - 2)
        {
            room.copy_from_slice(&b[start + 1..end - 1]);
            opening.length = room.len();
        }
        opening
    }

    /// This, or the opening of what starts at `b[at]` if that is of another kind. What starts there may be damaged: one
    /// that is no opening, or that makes an array of what were objects, is not believed.
    pub fn or_of(self, b: &[u8], at: usize) -> Opening {
        let other = Opening::learn(b, at);
        let is_believed = other.kind != self.kind && other.kind != Kind::Row && !other.is_unknown();
        if self.is_unknown() || is_believed { other } else { self }
    }

    /// Whether nothing was learned yet.
    pub fn is_unknown(&self) -> bool {
        self.length == 0 && self.kind != Kind::Text
    }

    fn is(&self, key: &[u8]) -> bool {
        self.length > 0 && self.key[..self.length] == *key
    }
}

/// At what reading can go on.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// At an object that starts as records do, or as this opening says.
    Element(Opening),
    /// The same, or at any object at the start of a line.
    Document(Opening),
    /// At the next line.
    Line,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Reading can go on at this index.
    Found(usize),
    /// It may go on at this index: what follows will tell.
    Undecided(usize),
    /// Nowhere in these bytes.
    Nowhere,
}

/// A search that goes on from piece to piece.
#[derive(Clone, Debug)]
pub struct Seek {
    /// Offset in the inflated source up to which everything is decided.
    upto: u64,
    /// The last byte before it that is no white space; 0 if there is none.
    before: u8,
    /// The byte before it.
    last: u8,
}

impl Seek {
    /// Starts at `offset`, behind the byte `before`.
    pub fn new(offset: u64, before: u8) -> Seek {
        Seek { upto: offset, before, last: before }
    }

    /// Searches on in `b`, whose first byte is at `base`. `ended`: nothing follows it.
    pub fn find(&mut self, b: &[u8], base: u64, target: &Target, ended: bool) -> Next {
        let (bracket, other) = match target {
            Target::Line => (b'\n', b'\n'),
            Target::Element(opening) | Target::Document(opening) => match opening.kind {
                Kind::Object => (b'{', b'{'),
                // What looked like a row or a text may have been damage, and objects follow.
                Kind::Row => (b'[', b'{'),
                Kind::Text => (b'"', b'{'),
            },
        };
        let mut from = self.upto.saturating_sub(base) as usize;
        loop {
            let Some(found) = b.get(from..).and_then(|rest| memchr::memchr2(bracket, other, rest)) else {
                self.pass(b, from, b.len(), base);
                return Next::Nowhere;
            };
            let at = from + found;
            self.pass(b, from, at, base);
            match self.decide(b, at, target) {
                Some(true) if bracket == b'\n' => return Next::Found(at + 1),
                Some(true) => return Next::Found(at),
                None if !ended => return Next::Undecided(at),
                Some(false) | None => {
                    self.pass(b, at, at + 1, base);
                    from = at + 1;
                }
            }
        }
    }

    fn pass(&mut self, b: &[u8], from: usize, to: usize, base: u64) {
        let passed = b.get(from..to).unwrap_or_default();
        self.upto = self.upto.max(base + to as u64);
        self.last = passed.last().copied().unwrap_or(self.last);
        self.before = passed.iter().rev().find(|c| !c.is_ascii_whitespace()).copied().unwrap_or(self.before);
    }

    /// Whether reading can go on at the bracket at `b[at]`; `None` if the bytes end before it is clear.
    fn decide(&self, b: &[u8], at: usize, target: &Target) -> Option<bool> {
        let starts_line = matches!(target, Target::Document(_)) && self.last == b'\n';
        let opening = match target {
            Target::Line => return Some(true),
            Target::Document(Opening { kind: Kind::Object, .. }) if starts_line => return Some(true),
            Target::Document(opening) | Target::Element(opening) => opening,
        };
        if !starts_line && !matches!(self.before, 0 | b',' | b'[' | b'}') {
            return Some(false);
        }
        let is_object = b.get(at) == Some(&b'{');
        if opening.kind == Kind::Text && !is_object {
            return b.get(at + 1).map(|inside| *inside == b'{');
        }
        let b = &b[..b.len().min(at + LOOK_AHEAD)];
        let undecided = (b.len() < at + LOOK_AHEAD).then_some(()).map_or(Some(false), |()| None);
        let mut key = json::skip_space(b, at + 1);
        if opening.kind == Kind::Row && !is_object {
            match b.get(key) {
                Some(b'{') => key = json::skip_space(b, key + 1),
                Some(_) => return Some(false),
                None => return undecided,
            }
        }
        match b.get(key) {
            Some(b'"') => {}
            Some(_) => return Some(false),
            None => return undecided,
        }
        match json::skip_string(b, key) {
            Ok(end) => {
                let key = &b[key + 1..end - 1];
                match opening.kind {
                    Kind::Object => Some(opening.is(key) || is_first_key(key)),
                    Kind::Row if !is_object => Some(opening.is(key)),
                    _ if !is_first_key(key) => Some(false),
                    Kind::Text => Some(true),
                    // The cells of a row are objects, too, of one member each.
                    Kind::Row => has_second_member(b, end).map_or(undecided, Some),
                }
            }
            Err(json::Stop::More) => undecided,
            Err(json::Stop::Broken { .. }) => Some(false),
        }
    }
}

/// Whether a text and then another member follow the key that ends before `at`; `None` if the bytes end before it is clear.
fn has_second_member(b: &[u8], at: usize) -> Option<bool> {
    let colon = json::skip_space(b, at);
    let value = json::skip_space(b, colon + 1);
    if *b.get(colon)? != b':' || *b.get(value)? != b'"' {
        return Some(false);
    }
    match json::skip_string(b, value) {
        Ok(end) => b.get(json::skip_space(b, end)).map(|next| *next == b','),
        Err(json::Stop::More) => None,
        Err(json::Stop::Broken { .. }) => Some(false),
    }
}

/// Damage that is being passed over.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// Offset of its first byte in the inflated source.
    pub start: u64,
    /// Why the record that starts there is rejected; `None` where no record started.
    pub reason: Option<Reason>,
    /// At what reading can go on.
    pub target: Target,
    /// Looks for that.
    pub seek: Seek,
    /// Counts brackets up to `counted`, as long as they can be trusted.
    pub brackets: Option<Brackets>,
    /// Offset up to which the brackets were counted.
    pub counted: u64,
    /// Offset behind the bracket that closes the damage.
    pub closed: Option<u64>,
    /// Offset behind the last byte that is more than a separator.
    pub solid_end: u64,
}

impl Trouble {
    /// Counts brackets in `b`, whose first byte is at `base`.
    pub fn count_brackets(&mut self, b: &[u8], base: u64) {
        if let (Some(brackets), None) = (&mut self.brackets, self.closed) {
            let uncounted = b.get(self.counted.saturating_sub(base) as usize..).unwrap_or_default();
            self.closed = brackets.feed(uncounted).map(|n| self.counted + n as u64);
            self.counted += uncounted.len() as u64;
        }
    }

    /// What separates the damage from the next record is no part of it: remembers where it ends so far.
    pub fn pass(&mut self, b: &[u8], to: usize, base: u64) {
        let passed = b.get(self.solid_end.saturating_sub(base) as usize..to).unwrap_or_default();
        if let Some(last) = passed.iter().rposition(|byte| !b", \n\r\t".contains(byte)) {
            self.solid_end = self.solid_end.max(base) + last as u64 + 1;
        }
    }
}
