//! The options as the host set them, with getters that say what is wrong.

use std::ops::RangeInclusive;

use crate::Manifest;
pub use crate::bindings::exports::trailglass::detector::detector::OptionValue as Value;

/// The value of every option of a detector.
#[derive(Debug, Clone)]
pub struct Options {
    values: Vec<(String, Value)>,
}

impl Options {
    /// The defaults of a manifest.
    #[must_use]
    pub fn defaults(manifest: &Manifest) -> Self {
        let pair = |spec: &crate::OptionSpec| (spec.name.to_owned(), spec.default.value());
        Self { values: manifest.options.iter().map(pair).collect() }
    }

    /// The same options with one of them set.
    ///
    /// # Errors
    /// When the manifest has no option of this name and type.
    pub fn with(mut self, name: &str, value: Value) -> Result<Self, String> {
        let place = self.values.iter_mut().find(|(known, _)| known == name);
        let Some((_, current)) = place else {
            return Err(format!("There is no option {name}."));
        };
        if std::mem::discriminant(current) != std::mem::discriminant(&value) {
            return Err(format!("Option {name} takes {}, not {}.", kind(current), kind(&value)));
        }
        *current = value;
        Ok(self)
    }

    /// A whole number within bounds.
    ///
    /// # Errors
    /// When the value is out of bounds, or the manifest has no such option.
    pub fn integer(&self, name: &str, bounds: RangeInclusive<i64>) -> Result<i64, String> {
        match self.get(name)? {
            Value::Integer(number) if bounds.contains(number) => Ok(*number),
            Value::Integer(number) => {
                let (low, high) = bounds.into_inner();
                Err(format!("Option {name} takes a number from {low} to {high}, not {number}."))
            }
            other => Err(mismatch(name, "a whole number", other)),
        }
    }

    /// Yes or no.
    ///
    /// # Errors
    /// When the manifest has no such option.
    pub fn flag(&self, name: &str) -> Result<bool, String> {
        match self.get(name)? {
            Value::Flag(flag) => Ok(*flag),
            other => Err(mismatch(name, "true or false", other)),
        }
    }

    /// A piece of text.
    ///
    /// # Errors
    /// When the manifest has no such option.
    pub fn text(&self, name: &str) -> Result<&str, String> {
        match self.get(name)? {
            Value::Text(text) => Ok(text),
            other => Err(mismatch(name, "text", other)),
        }
    }

    /// Several pieces of text.
    ///
    /// # Errors
    /// When the manifest has no such option.
    pub fn texts(&self, name: &str) -> Result<&[String], String> {
        match self.get(name)? {
            Value::Texts(texts) => Ok(texts),
            other => Err(mismatch(name, "a list of texts", other)),
        }
    }

    fn get(&self, name: &str) -> Result<&Value, String> {
        let found = self.values.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value).ok_or_else(|| format!("There is no option {name}."))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Flag(_) => "true or false",
        Value::Integer(_) => "a whole number",
        Value::Text(_) => "text",
        Value::Texts(_) => "a list of texts",
    }
}

fn mismatch(name: &str, wanted: &str, found: &Value) -> String {
    format!("Option {name} is declared as {}, but read as {wanted}.", kind(found))
}
