//! `trailglass fields`.

use std::io::{self, Write};

use analyzer_core::field::{FIELDS, Place};

use super::Exit;
use crate::output::table;

pub(super) fn run(out: &mut impl Write) -> io::Result<Exit> {
    let mut rows = vec![["", "Field", "Also", "What it is"].map(str::to_owned)];
    rows.extend(FIELDS.iter().map(|field| {
        let is_column = !matches!(field.place, Place::Time | Place::Id | Place::Record);
        let star = if is_column { "*" } else { "" };
        [star.to_owned(), field.name.to_owned(), field.aliases.join(", "), field.doc.to_owned()]
    }));
    table::lines(&rows, [false; 4]).try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(
        out,
        "\n* can be counted by `top`, `timeline --split` and `pivot`. Any other path of a record is a field, too."
    )?;
    Ok(Exit::Clean)
}
