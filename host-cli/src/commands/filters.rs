//! Metric filters of one's own, as `NAME={ pattern }`.

use std::io::{self, Write};

use analyzer_core::detect::metric::Filter;
use analyzer_core::detect::metric::{filter, parse};

use crate::output::escape::{Escaped, escape};
use crate::output::report;

/// The filters as detectors. Nothing if one of them is wrong, which is told.
pub(super) fn read(texts: &[String], err: &mut impl Write) -> io::Result<Option<Vec<Filter>>> {
    let mut filters: Vec<Filter> = Vec::new();
    for text in texts {
        let named = text.split_once('=').map(|(name, pattern)| (name.trim(), pattern));
        let Some((name, pattern)) = named.filter(|(name, _)| !id_of(name).is_empty() && !name.contains('{')) else {
            report::line(err, format_args!("the metric filter has no name: {}", Escaped(text)))?;
            writeln!(err, "hint: write it as NAME={{ pattern }}, such as 'root={{ $.userIdentity.type = \"Root\" }}'")?;
            return Ok(None);
        };
        let id = format!("metric-filter-{}", id_of(name));
        if filters.iter().any(|other| other.detector.id == id) {
            report::line(err, format_args!("two metric filters have the same name: {}", Escaped(name)))?;
            return Ok(None);
        }
        match parse(pattern) {
            Ok(select) => {
                let description = format!("A metric filter from the command line: {}", pattern.trim());
                filters.push(filter(id, format!("Metric filter {name}"), description, select));
            }
            Err(problem) => {
                let what = format!("the metric filter {} is not understood", escape(name));
                report::query_problem(err, &what, pattern, &problem)?;
                return Ok(None);
            }
        }
    }
    Ok(Some(filters))
}

/// Letters and digits, small, with dashes between them.
fn id_of(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
