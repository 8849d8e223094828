//! What page and workers say to each other.

mod case;
mod columns;
mod export;
mod message;
mod packed;
mod parcel;
mod plugin;
mod said;
mod table;
mod twin;

pub use case::{CASE_ENDING, Case, EventMark, FindingMark, Mark, SavedQuery};
pub use export::{Exporting, Pieces};
pub use message::{
    Among, Answer, Checking, FileToRead, Filter, Fitting, FromShard, Left, Question, RuleFile, ToShard, VERSION,
};
pub use packed::Bytes;
pub use parcel::Parcel;
pub use plugin::{Card, Choice, FromPlugin, Line, Profile, Setting, Step, ToPlugin, Together, Trouble};
pub use said::{Said, Value};
pub use table::TableRows;
pub use twin::{
    Account, Finding, KeyRun, Keys, Marks, Overview, Reread, Row, RuleCard, Rules, Samples, Span, Subject, Top, Totals,
    WhyTest,
};

use crate::platform::workers::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message as the browser carries it.
pub fn to_js<T: Serialize>(message: &T) -> Result<Message, String> {
    // Numbers beyond 2^53 (times, sizes) become BigInt instead of an error.
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(true);
    message.serialize(&serializer).map_err(|error| format!("a message cannot be written: {error}"))
}

/// A message that the browser carried.
pub fn from_js<T: DeserializeOwned>(message: Message) -> Result<T, String> {
    serde_wasm_bindgen::from_value(message).map_err(|error| format!("a message cannot be read: {error}"))
}
