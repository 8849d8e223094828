//! What wasmtime makes of the contract: exchange types and typed calls of the exports; and how they become the plain types of
//! every host.
#![allow(missing_docs, reason = "generated; the contract documents every item")]

use analyzer_core::detect::Severity;
use plugin_host as plain;

use exports::trailglass::detector::detector as wire;

wasmtime::component::bindgen!({
    path: "../plugins/contract/wit/since-v1.0",
    world: "plugin",
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

impl From<wire::OptionValue> for plain::OptionValue {
    fn from(from: wire::OptionValue) -> Self {
        match from {
            wire::OptionValue::Flag(flag) => Self::Flag(flag),
            wire::OptionValue::Integer(number) => Self::Integer(number),
            wire::OptionValue::Text(text) => Self::Text(text),
            wire::OptionValue::Texts(texts) => Self::Texts(texts),
        }
    }
}

impl From<plain::OptionSetting> for wire::OptionSetting {
    fn from(plain::OptionSetting { name, value }: plain::OptionSetting) -> Self {
        let value = match value {
            plain::OptionValue::Flag(flag) => wire::OptionValue::Flag(flag),
            plain::OptionValue::Integer(number) => wire::OptionValue::Integer(number),
            plain::OptionValue::Text(text) => wire::OptionValue::Text(text),
            plain::OptionValue::Texts(texts) => wire::OptionValue::Texts(texts),
        };
        Self { name, value }
    }
}

impl From<plain::Column> for wire::Column {
    fn from(plain::Column { values, codes }: plain::Column) -> Self {
        Self { values, codes }
    }
}

impl From<plain::Batch> for wire::Batch {
    fn from(plain::Batch { rows, times, columns, group_starts, group_keys }: plain::Batch) -> Self {
        let all = |columns: Vec<plain::Column>| columns.into_iter().map(Into::into).collect();
        Self { rows, times, columns: all(columns), group_starts, group_keys: all(group_keys) }
    }
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
