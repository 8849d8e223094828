//! Documents that hold an array of records, or of what carries records: which array, and how deep it lies.

use crate::ingest::json::{self, Stop};
use crate::ingest::keys::is_key;
use crate::problem::Shape;

/// An array whose elements are read one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Array {
    /// How many objects have to be closed behind it.
    pub depth: u64,
    /// The shape of records that are its elements themselves.
    pub shape: Shape,
}

impl Array {
    /// An array that is a document itself.
    pub const BARE: Array = Array { depth: 0, shape: Shape::RecordArray };
}

/// What the object at the start of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// The elements of its array start at this index.
    Array(usize, Array),
    /// `Records` is something else than an array.
    RecordsNotArray,
    /// It has no such array: it may be a record itself, or carry one.
    Other,
}

/// Looks for the array of the object at `b[start]`. An object with a key of records before it is a record.
pub fn open(b: &[u8], start: usize) -> Result<Envelope, Stop> {
    let mut members = Members::of(b, start);
    while let Some((key, value)) = members.next()? {
        let Some(&first) = b.get(value) else { return Err(Stop::More) };
        match (key, first) {
            (b"Records", b'[') => return Ok(Envelope::Array(value + 1, Array { depth: 1, shape: Shape::TrailFile })),
            (b"Records", _) => return Ok(Envelope::RecordsNotArray),
            (b"hits", b'{') => {
                if let Some(inside) = hits(b, value)? {
                    return Ok(Envelope::Array(inside, Array { depth: 2, shape: Shape::Elastic }));
                }
            }
            (_, b'[') => {
                if let Some(shape) = shape_of(key, b, value)? {
                    return Ok(Envelope::Array(value + 1, Array { depth: 1, shape }));
                }
                if is_key(key) {
                    return Ok(Envelope::Other);
                }
            }
            _ if is_key(key) => return Ok(Envelope::Other),
            _ => {}
        }
        members.pass(value)?;
    }
    Ok(Envelope::Other)
}

/// Elasticsearch answers `{"hits":{"hits":[…]}}`: the inside of the inner array.
fn hits(b: &[u8], start: usize) -> Result<Option<usize>, Stop> {
    let mut members = Members::of(b, start);
    while let Some((key, value)) = members.next()? {
        match (key, b.get(value)) {
            (_, None) => return Err(Stop::More),
            (b"hits", Some(b'[')) => return Ok(Some(value + 1)),
            _ => members.pass(value)?,
        }
    }
    Ok(None)
}

/// The shape of the array at `b[value]`, if it is one that holds records under this key.
fn shape_of(key: &[u8], b: &[u8], value: usize) -> Result<Option<Shape>, Stop> {
    if !matches!(key, b"Events" | b"events" | b"logEvents" | b"results" | b"QueryResultRows") {
        return Ok(None);
    }
    let Some(&first) = b.get(json::skip_space(b, value + 1)) else { return Err(Stop::More) };
    Ok(match (key, first) {
        (_, byte) if !matches!(byte, b'{' | b'[' | b']') => None,
        (b"Events", _) => Some(Shape::LookupEvents),
        (b"events" | b"logEvents", _) => Some(Shape::CloudWatchLogs),
        (b"QueryResultRows", _) => Some(Shape::LakeQuery),
        (_, b'{') => Some(Shape::Splunk),
        _ => Some(Shape::LogsInsights),
    })
}

/// Walks over the members of an object.
struct Members<'b> {
    b: &'b [u8],
    /// Where the next member or the end of the object is, behind its bracket or a value.
    at: usize,
    first: bool,
}

impl<'b> Members<'b> {
    fn of(b: &'b [u8], start: usize) -> Members<'b> {
        Members { b, at: start + 1, first: true }
    }

    /// The next key, and the index of its value; `None` at the end, or at something that is no member.
    fn next(&mut self) -> Result<Option<(&'b [u8], usize)>, Stop> {
        let (b, mut i) = (self.b, json::skip_space(self.b, self.at));
        match b.get(i) {
            None => return Err(Stop::More),
            Some(b'"') if self.first => {}
            Some(b',') if !self.first => i = json::skip_space(b, i + 1),
            // The scan of the whole object says what is wrong with it.
            Some(_) => return Ok(None),
        }
        self.first = false;
        let value = json::skip_space(b, json::skip_key(b, i)?);
        Ok(Some((&b[i + 1..json::skip_string(b, i)? - 1], value)))
    }

    /// Goes on behind the value at this index.
    fn pass(&mut self, value: usize) -> Result<(), Stop> {
        self.at = json::skip_value(self.b, value)?;
        Ok(())
    }
}
