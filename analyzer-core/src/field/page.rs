//! The table as a page of the documentation.

use super::{FIELDS, Field, FieldType, Place};

/// `docs/fields.md`, as it must be.
pub fn reference_page() -> String {
    let mut page = HEAD.to_owned();
    for field in FIELDS {
        page.push_str(&row(field));
    }
    page
}

const HEAD: &str = "# Fields

The standard fields of an event, by the names that a search, a facet and a plugin know them by. [search.md](search.md) says
how to search for them. Case does not matter in these names. Whatever is not in the table is a path into the record's JSON,
such as `requestParameters.bucketName`; the keys of a path are written as in the record.

A field in a *column* is at hand for every event, and searching for it takes milliseconds. A field in the *record* only is
read from the logs again, which takes as long as inflating them.

This page is made from the table in `analyzer-core/src/field/table.rs`:
`cargo run --package analyzer-core --example fields > docs/fields.md`.

| field | other names | type | where | what it says | example |
|---|---|---|---|---|---|
";

fn row(field: &Field) -> String {
    let aliases: Vec<String> = field.aliases.iter().map(|alias| code(alias)).collect();
    let Field { name, doc, example, .. } = field;
    format!(
        "| {} | {} | {} | {} | {} | {} |\n",
        code(name),
        aliases.join(", "),
        type_name(field.kind),
        place_name(field.place),
        doc.replace('|', "\\|"),
        code(example)
    )
}

/// As code in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

fn type_name(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::Time => "time",
        FieldType::Address => "address",
        FieldType::Boolean => "true or false",
        FieldType::Version => "version",
        FieldType::Json => "JSON",
    }
}

fn place_name(place: Place) -> &'static str {
    match place {
        Place::Time | Place::Id | Place::Column(_) | Place::Identity(_) | Place::IdentityLabel => "column",
        Place::Record => "record",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_row_of_six_cells() {
        let page = reference_page();
        let rows: Vec<_> = page.lines().skip_while(|line| !line.starts_with("|---")).skip(1).collect();
        assert_eq!(rows.len(), FIELDS.len());
        for row in rows {
            assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
        }
    }
}
