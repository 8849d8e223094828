//! RSigma's libraries, as their documentation says to use them.

use rsigma_eval::Engine;
use rsigma_eval::event::JsonEvent;
use rsigma_parser::parse_sigma_yaml;
use serde::Deserialize;
use serde_json::value::RawValue;

/// An engine with these rules.
pub fn engine(yaml: &str) -> Result<Engine, String> {
    let rules = parse_sigma_yaml(yaml).map_err(|error| format!("RSigma cannot read the rules: {error}"))?;
    let mut engine = Engine::new();
    engine.add_collection(&rules).map_err(|error| format!("RSigma cannot compile the rules: {error}"))?;
    Ok(engine)
}

/// The records of a file, each as a line of JSON.
pub fn lines(json: &[u8]) -> Result<Vec<String>, String> {
    let log: LogFile = serde_json::from_slice(json).map_err(|error| format!("not what was made: {error}"))?;
    Ok(log.records.iter().map(|record| record.get().to_owned()).collect())
}

#[derive(Deserialize)]
struct LogFile<'a> {
    #[serde(rename = "Records", borrow)]
    records: Vec<&'a RawValue>,
}

/// How often rules match.
pub fn matches(engine: &Engine, lines: &[String]) -> Result<u64, String> {
    let mut matches = 0;
    for line in lines {
        let event: serde_json::Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        matches += engine.evaluate(&JsonEvent::borrow(&event)).len() as u64;
    }
    Ok(matches)
}
