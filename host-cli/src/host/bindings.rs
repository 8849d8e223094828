//! What wasmtime makes of the contract: exchange types and typed calls of the exports; and how they become the plain types of
//! every host.
#![allow(missing_docs, reason = "generated; the contract documents every item")]

use analyzer_core::detect::Severity;
use plugin_host as plain;

use exports::trailglass::detector::detector as wire;

wasmtime::component::bindgen!({
    path: "../plugins/contract/wit/since-v1.0",
    world: "plugin",
    // Nothing of a batch is copied on the way to a plugin's memory.
    ownership: Borrowing { duplicate_if_necessary: true },
});

impl From<wire::Manifest> for plain::Manifest {
    fn from(from: wire::Manifest) -> Self {
        Self {
            id: from.id,
            name: from.name,
            version: from.version,
            description: from.description,
            severity: from.severity.into(),
            tactics: from.tactics,
            techniques: from.techniques,
            false_positives: from.false_positives,
            references: from.references,
            options: from.options.into_iter().map(Into::into).collect(),
            select: from.select,
            fields: from.fields,
            grouping: match from.grouping {
                wire::Grouping::EachEvent => plain::Grouping::EachEvent,
                wire::Grouping::ByFields(fields) => plain::Grouping::ByFields(fields),
                wire::Grouping::AllEvents => plain::Grouping::AllEvents,
            },
        }
    }
}

impl From<wire::OptionSpec> for plain::OptionSpec {
    fn from(wire::OptionSpec { name, description, default }: wire::OptionSpec) -> Self {
        Self { name, description, default: default.into() }
    }
}

impl From<wire::OptionValueResult> for plain::OptionValue {
    fn from(from: wire::OptionValueResult) -> Self {
        match from {
            wire::OptionValueResult::Flag(flag) => Self::Flag(flag),
            wire::OptionValueResult::Integer(number) => Self::Integer(number),
            wire::OptionValueResult::Text(text) => Self::Text(text),
            wire::OptionValueResult::Texts(texts) => Self::Texts(texts),
        }
    }
}

/// Calls `configure`.
pub(super) fn configure(
    exports: &wire::Guest,
    store: impl wasmtime::AsContextMut,
    settings: &[plain::OptionSetting],
) -> wasmtime::Result<Result<(), String>> {
    let texts: Vec<Vec<&str>> = settings.iter().map(texts).collect();
    let settings: Vec<_> = settings.iter().zip(&texts).map(|(from, texts)| setting(from, texts)).collect();
    exports.call_configure(store, &settings)
}

/// The texts of a setting that has several.
fn texts(setting: &plain::OptionSetting) -> Vec<&str> {
    match &setting.value {
        plain::OptionValue::Texts(texts) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn setting<'a>(
    plain::OptionSetting { name, value }: &'a plain::OptionSetting,
    texts: &'a [&'a str],
) -> wire::OptionSetting<'a> {
    let value = match value {
        plain::OptionValue::Flag(flag) => wire::OptionValueParam::Flag(*flag),
        plain::OptionValue::Integer(number) => wire::OptionValueParam::Integer(*number),
        plain::OptionValue::Text(text) => wire::OptionValueParam::Text(text),
        plain::OptionValue::Texts(_) => wire::OptionValueParam::Texts(texts),
    };
    wire::OptionSetting { name, value }
}

/// Calls `detect`.
pub(super) fn detect(
    exports: &wire::Guest,
    store: impl wasmtime::AsContextMut,
    batch: &plain::Batch<'_>,
) -> wasmtime::Result<Result<Vec<plain::PluginFinding>, String>> {
    let (columns, group_keys) = (columns(&batch.columns), columns(&batch.group_keys));
    let plain::Batch { rows, times, group_starts, .. } = batch;
    let batch = wire::Batch { rows, times, columns: &columns, group_starts, group_keys: &group_keys };
    let found = exports.call_detect(store, batch)?;
    Ok(found.map(|findings| findings.into_iter().map(Into::into).collect()))
}

fn columns<'a>(from: &'a [plain::Column<'a>]) -> Vec<wire::Column<'a>> {
    from.iter().map(|plain::Column { values, codes }| wire::Column { values, codes }).collect()
}

impl From<wire::Finding> for plain::PluginFinding {
    fn from(wire::Finding { rows, why, title, severity }: wire::Finding) -> Self {
        Self { rows, why, title, severity: severity.map(Into::into) }
    }
}

impl From<wire::Severity> for Severity {
    fn from(from: wire::Severity) -> Self {
        match from {
            wire::Severity::Informational => Self::Informational,
            wire::Severity::Low => Self::Low,
            wire::Severity::Medium => Self::Medium,
            wire::Severity::High => Self::High,
            wire::Severity::Critical => Self::Critical,
        }
    }
}

impl From<trailglass::detector::host::Level> for plain::LogLevel {
    fn from(from: trailglass::detector::host::Level) -> Self {
        use trailglass::detector::host::Level;
        match from {
            Level::Debug => Self::Debug,
            Level::Info => Self::Info,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}
