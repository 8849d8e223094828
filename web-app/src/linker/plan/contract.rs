//! The types of the contract, and whether a function has them.

use super::types::{Type, TypeId, Types, Value};
use plugin_host::Cause;

/// A type of the contract. Two types are the same if their parts are, whatever they are called.
#[derive(Debug)]
enum Shape {
    /// A primitive, by its byte in a file.
    Primitive(u8),
    List(&'static Shape),
    Record(&'static [(&'static str, &'static Shape)]),
    Variant(&'static [(&'static str, Option<&'static Shape>)]),
    Enum(&'static [&'static str]),
    Option(&'static Shape),
    Result(Option<&'static Shape>, Option<&'static Shape>),
}

/// A function of the contract.
#[derive(Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    params: &'static [&'static Shape],
    result: Option<&'static Shape>,
}

const BOOL: Shape = Shape::Primitive(0x7f);
const U32: Shape = Shape::Primitive(0x79);
const S64: Shape = Shape::Primitive(0x78);
const STRING: Shape = Shape::Primitive(0x73);
const STRINGS: Shape = Shape::List(&STRING);
const LEVEL: Shape = Shape::Enum(&["debug", "info", "warning", "error"]);
const SEVERITY: Shape = Shape::Enum(&["informational", "low", "medium", "high", "critical"]);
const GROUPING: Shape = Shape::Variant(&[("each-event", None), ("by-fields", Some(&STRINGS)), ("all-events", None)]);
const OPTION_VALUE: Shape = Shape::Variant(&[
    ("flag", Some(&BOOL)),
    ("integer", Some(&S64)),
    ("text", Some(&STRING)),
    ("texts", Some(&STRINGS)),
]);
const OPTION_SPEC: Shape = Shape::Record(&[("name", &STRING), ("description", &STRING), ("default", &OPTION_VALUE)]);
const OPTION_SETTING: Shape = Shape::Record(&[("name", &STRING), ("value", &OPTION_VALUE)]);
const MANIFEST: Shape = Shape::Record(&[
    ("id", &STRING),
    ("name", &STRING),
    ("version", &STRING),
    ("description", &STRING),
    ("severity", &SEVERITY),
    ("tactics", &STRINGS),
    ("techniques", &STRINGS),
    ("false-positives", &STRINGS),
    ("references", &STRINGS),
    ("options", &Shape::List(&OPTION_SPEC)),
    ("select", &STRING),
    ("fields", &STRINGS),
    ("grouping", &GROUPING),
]);
const CODES: Shape = Shape::List(&U32);
const COLUMNS: Shape = Shape::List(&Shape::Record(&[("values", &STRINGS), ("codes", &CODES)]));
const BATCH: Shape = Shape::Record(&[
    ("rows", &CODES),
    ("times", &Shape::List(&S64)),
    ("columns", &COLUMNS),
    ("group-starts", &CODES),
    ("group-keys", &COLUMNS),
]);
const FINDING: Shape = Shape::Record(&[
    ("rows", &CODES),
    ("why", &STRING),
    ("title", &Shape::Option(&STRING)),
    ("severity", &Shape::Option(&SEVERITY)),
]);

/// What a plugin may import.
pub const LOG: Signature = Signature { name: "log", params: &[&LEVEL, &STRING], result: None };
/// What a plugin exports first.
pub const DESCRIBE: Signature = Signature { name: "describe", params: &[], result: Some(&MANIFEST) };
/// What it exports to take options.
pub const CONFIGURE: Signature = Signature {
    name: "configure",
    params: &[&Shape::List(&OPTION_SETTING)],
    result: Some(&Shape::Result(None, Some(&STRING))),
};
/// What it exports to judge a batch.
pub const DETECT: Signature = Signature {
    name: "detect",
    params: &[&BATCH],
    result: Some(&Shape::Result(Some(&Shape::List(&FINDING)), Some(&STRING))),
};

const OWN_WIT: &str = "build it against the contract's own WIT, plugins/contract/wit";

impl Signature {
    /// Whether a function's type is this one. Takes as many steps as the contract is large, whatever the file says.
    pub fn check(&self, types: &Types<'_>, function: TypeId) -> Result<(), Cause> {
        let fits = match types.get(function) {
            Type::Func(params, result) => {
                params.len() == self.params.len()
                    && params.iter().zip(self.params).all(|(found, shape)| shape.fits(types, *found))
                    && optional(types, self.result, *result)
            }
            _ => false,
        };
        if fits {
            return Ok(());
        }
        let reason = format!("it does not keep to the contract: {} has another type there", self.name);
        Err(Cause::Unfit { reason, hint: OWN_WIT })
    }
}

/// The plugin lacks a function.
pub fn missing(name: &str) -> Cause {
    Cause::Unfit { reason: format!("it does not keep to the contract: it exports no {name}"), hint: OWN_WIT }
}

fn optional(types: &Types<'_>, shape: Option<&Shape>, found: Option<Value>) -> bool {
    match (shape, found) {
        (None, None) => true,
        (Some(shape), Some(found)) => shape.fits(types, found),
        _ => false,
    }
}

impl Shape {
    fn fits(&self, types: &Types<'_>, found: Value) -> bool {
        let id = match found {
            Value::Primitive(byte) => return matches!(self, Shape::Primitive(expected) if *expected == byte),
            Value::Type(id) => id,
        };
        match (self, types.get(id)) {
            (_, Type::Alias(Value::Primitive(byte))) => {
                matches!(self, Shape::Primitive(expected) if expected == byte)
            }
            (Shape::List(item), Type::List(found)) => item.fits(types, *found),
            (Shape::Record(fields), Type::Record(found)) => {
                fields.len() == found.len()
                    && fields
                        .iter()
                        .zip(found)
                        .all(|((name, shape), (found_name, found))| name == found_name && shape.fits(types, *found))
            }
            (Shape::Variant(cases), Type::Variant(found)) => {
                cases.len() == found.len()
                    && cases.iter().zip(found).all(|((name, shape), (found_name, found))| {
                        name == found_name && optional(types, *shape, *found)
                    })
            }
            (Shape::Enum(names), Type::Enum(found)) => names == found,
            (Shape::Option(item), Type::Option(found)) => item.fits(types, *found),
            (Shape::Result(ok, err), Type::Result(found_ok, found_err)) => {
                optional(types, *ok, *found_ok) && optional(types, *err, *found_err)
            }
            _ => false,
        }
    }
}
