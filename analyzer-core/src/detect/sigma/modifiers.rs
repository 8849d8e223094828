//! The modifiers behind a field's name (Sigma 2.1, appendix "Modifiers"): what they are, and which go together.

use super::yaml::Wrong;
use crate::predicate::{Likeness, TimePart};

/// How a value is to be compared with a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Modifiers {
    /// What becomes of the value first, in this order.
    pub encodings: Vec<Encoding>,
    /// Every kind of dash in it stands for the others.
    pub windash: bool,
    /// Placeholders in it are replaced.
    pub expand: bool,
    /// How a text stands to the value.
    pub likeness: Option<Likeness>,
    /// What kind of test it is, unless it is one of text.
    pub kind: Option<Kind>,
    /// The part of the field's time that is compared.
    pub part: Option<TimePart>,
    /// Case matters.
    pub cased: bool,
    /// All values, not any of them.
    pub all: bool,
    /// None of the values.
    pub neq: bool,
}

/// Kinds of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The field is there, or is not.
    Exists,
    /// A regular expression, with its flags.
    Regex(Flags),
    /// An address in a network.
    Cidr,
    /// A number beside another.
    Number(Order),
    /// The value names another field.
    FieldRef,
}

/// Flags of a regular expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// Case does not matter.
    pub i: bool,
    /// `^` and `$` are those of lines.
    pub m: bool,
    /// `.` is any letter, the end of a line too.
    pub s: bool,
}

/// How numbers stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// What becomes of a text before it is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf16Le,
    Utf16Be,
    /// Little-endian with a byte order mark.
    Utf16,
    Base64,
    /// Its three forms inside of a longer text.
    Base64Offset,
}

/// So many encodings can stand behind a field.
pub(super) const MOST_ENCODINGS: usize = 3;

/// Reads what stands behind a field's name, without the first bar.
pub(super) fn read(names: &str, line: usize) -> Result<Modifiers, Wrong> {
    let mut found = Modifiers::default();
    for name in names.split('|').filter(|_| !names.is_empty()) {
        found.add(name).map_err(|why| Wrong::new(line, why))?;
    }
    found.check().map_err(|why| Wrong::new(line, why))?;
    Ok(found)
}

impl Modifiers {
    fn add(&mut self, name: &str) -> Result<(), String> {
        let mut flag = |set: fn(&mut Flags)| match &mut self.kind {
            Some(Kind::Regex(flags)) => {
                set(flags);
                Ok(())
            }
            _ => Err(format!("{name} is a modifier of re, and must stand behind it")),
        };
        match name {
            "i" => flag(|flags| flags.i = true)?,
            "m" => flag(|flags| flags.m = true)?,
            "s" => flag(|flags| flags.s = true)?,
            "contains" => self.likeness(Likeness::Contains)?,
            "startswith" => self.likeness(Likeness::Begins)?,
            "endswith" => self.likeness(Likeness::Ends)?,
            "all" => self.all = true,
            "cased" => self.cased = true,
            "neq" => self.neq = true,
            "windash" => self.windash = true,
            "expand" => self.expand = true,
            "wide" | "utf16le" => self.encode(Encoding::Utf16Le)?,
            "utf16be" => self.encode(Encoding::Utf16Be)?,
            "utf16" => self.encode(Encoding::Utf16)?,
            "base64" => self.encode(Encoding::Base64)?,
            "base64offset" => self.encode(Encoding::Base64Offset)?,
            "exists" => self.kind(Kind::Exists)?,
            "re" => self.kind(Kind::Regex(Flags::default()))?,
            "cidr" => self.kind(Kind::Cidr)?,
            "fieldref" => self.kind(Kind::FieldRef)?,
            "lt" => self.kind(Kind::Number(Order::Below))?,
            "lte" => self.kind(Kind::Number(Order::AtMost))?,
            "gt" => self.kind(Kind::Number(Order::Above))?,
            "gte" => self.kind(Kind::Number(Order::AtLeast))?,
            "minute" => self.part(TimePart::Minute)?,
            "hour" => self.part(TimePart::Hour)?,
            "day" => self.part(TimePart::Day)?,
            "week" => self.part(TimePart::Week)?,
            "month" => self.part(TimePart::Month)?,
            "year" => self.part(TimePart::Year)?,
            "not" => return Err("there is no modifier not; negate in the condition, or use neq".to_owned()),
            "" => return Err("a modifier is missing between two bars".to_owned()),
            _ => return Err(format!("no modifier of Sigma 2.1: {name}")),
        }
        Ok(())
    }

    fn likeness(&mut self, likeness: Likeness) -> Result<(), String> {
        match self.likeness.replace(likeness) {
            Some(other) if other != likeness => {
                Err("only one of contains, startswith and endswith can stand behind a field".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn encode(&mut self, encoding: Encoding) -> Result<(), String> {
        self.encodings.push(encoding);
        if self.encodings.len() > MOST_ENCODINGS {
            return Err(format!("a text is encoded at most {MOST_ENCODINGS} times"));
        }
        Ok(())
    }

    fn kind(&mut self, kind: Kind) -> Result<(), String> {
        match self.kind.replace(kind) {
            Some(_) => {
                Err("only one of exists, re, cidr, fieldref, lt, lte, gt and gte can stand behind a field".to_owned())
            }
            None => Ok(()),
        }
    }

    fn part(&mut self, part: TimePart) -> Result<(), String> {
        match self.part.replace(part) {
            Some(_) => Err("only one part of a time can stand behind a field".to_owned()),
            None => Ok(()),
        }
    }

    /// Whether they mean something together.
    fn check(&self) -> Result<(), String> {
        let is_text = self.kind.is_none() && self.part.is_none();
        let encodes = self.windash || !self.encodings.is_empty();
        if encodes && !is_text {
            return Err("windash and encodings are modifiers of texts".to_owned());
        }
        if self.likeness.is_some() && !is_text && self.kind != Some(Kind::FieldRef) {
            return Err("contains, startswith and endswith are modifiers of texts".to_owned());
        }
        if self.part.is_some() && !matches!(self.kind, None | Some(Kind::Number(_))) {
            return Err("a part of a time is compared with numbers only".to_owned());
        }
        if self.kind == Some(Kind::Exists) && (self.all || self.cased || self.neq || self.expand) {
            return Err("nothing else can stand beside exists".to_owned());
        }
        Ok(())
    }
}
