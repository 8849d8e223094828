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

    /// A number of things within bounds.
    ///
    /// # Errors
    /// When the value is out of bounds, or the manifest has no such option.
    pub fn count(&self, name: &str, bounds: RangeInclusive<u32>) -> Result<usize, String> {
        let (low, high) = bounds.into_inner();
        let number = self.integer(name, i64::from(low)..=i64::from(high))?;
        usize::try_from(number).map_err(|error| error.to_string())
    }

    /// A span of time in milliseconds: a whole number of units (such as [`time::HOUR_MS`](crate::time::HOUR_MS)) within
    /// bounds.
    ///
    /// # Errors
    /// When the value is out of bounds, or the manifest has no such option.
    pub fn span_ms(&self, name: &str, unit_ms: i64, bounds: RangeInclusive<u32>) -> Result<i64, String> {
        let (low, high) = bounds.into_inner();
        let number = self.integer(name, i64::from(low)..=i64::from(high))?;
        Ok(number.saturating_mul(unit_ms))
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

    /// One of the texts that the option takes; case matters.
    ///
    /// # Errors
    /// When the text is none of them, or the manifest has no such option.
    pub fn choice(&self, name: &str, choices: &[&'static str]) -> Result<&'static str, String> {
        let text = self.text(name)?;
        let found = choices.iter().find(|&&choice| choice == text);
        found.copied().ok_or_else(|| format!("Option {name} takes {}, not {text}.", choices.join(" or ")))
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

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<const N: usize> From<[&str; N]> for Value {
    fn from(texts: [&str; N]) -> Self {
        Self::Texts(texts.map(str::to_owned).to_vec())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OptionSpec;

    const MANIFEST: Manifest = Manifest {
        options: &[
            OptionSpec::integer("hours", 3, ""),
            OptionSpec::flag("quiet", false, ""),
            OptionSpec::text("mode", "reads", ""),
            OptionSpec::texts("names", &["a", "b"], ""),
        ],
        ..Manifest::NOTHING
    };

    /// The options after one of them was set.
    fn set(name: &str, value: impl Into<Value>) -> Result<Options, String> {
        Options::defaults(&MANIFEST).with(name, value.into())
    }

    #[test]
    fn each_type_has_its_getters() {
        let options = Options::defaults(&MANIFEST);
        assert_eq!(options.integer("hours", 1..=24), Ok(3));
        assert_eq!(options.count("hours", 3..=3), Ok(3));
        assert_eq!(options.span_ms("hours", crate::time::HOUR_MS, 1..=24), Ok(10_800_000));
        assert_eq!(options.flag("quiet"), Ok(false));
        assert_eq!(options.text("mode"), Ok("reads"));
        assert_eq!(options.choice("mode", &["reads", "writes"]), Ok("reads"));
        assert_eq!(options.texts("names"), Ok(&["a".to_owned(), "b".to_owned()][..]));
        assert_eq!(set("quiet", true).unwrap().flag("quiet"), Ok(true));
        assert_eq!(set("names", ["c"]).unwrap().texts("names"), Ok(&["c".to_owned()][..]));
    }

    #[test]
    fn what_is_wrong_is_said() {
        fn check<T: std::fmt::Debug>(found: Result<T, String>, expected: &str) {
            assert_eq!(found.unwrap_err(), expected);
        }
        let defaults = Options::defaults(&MANIFEST);
        check(set("hours", 25).unwrap().count("hours", 1..=24), "Option hours takes a number from 1 to 24, not 25.");
        check(
            set("hours", -1).unwrap().span_ms("hours", 1, 1..=24),
            "Option hours takes a number from 1 to 24, not -1.",
        );
        check(set("mode", "x").unwrap().choice("mode", &["a", "b"]), "Option mode takes a or b, not x.");
        check(set("quiet", 1_i64), "Option quiet takes true or false, not a whole number.");
        check(set("other", true), "There is no option other.");
        check(defaults.text("other"), "There is no option other.");
        check(defaults.flag("names"), "Option names is declared as a list of texts, but read as true or false.");
    }
}
