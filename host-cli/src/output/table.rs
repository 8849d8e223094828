//! Columns of text, one line for each row.

/// The lines of a table. Columns are as wide as their widest cell; those in `right` stand to the right.
pub fn lines<const N: usize>(rows: &[[String; N]], right: [bool; N]) -> impl Iterator<Item = String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    rows.iter().map(move |row| {
        let cell = |column: usize| {
            let (text, width) = (&row[column], widths[column]);
            if right[column] { format!("{text:>width$}") } else { format!("{text:<width$}") }
        };
        let cells: [String; N] = std::array::from_fn(cell);
        cells.join("  ").trim_end().to_owned()
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_below_each_other() {
        let rows = [["Name", "Calls"], ["ünï", "1,000"], ["a", "2"]].map(|row| row.map(str::to_owned));
        let lines: Vec<String> = super::lines(&rows, [false, true]).collect();
        assert_eq!(lines, ["Name  Calls", "ünï   1,000", "a         2"]);
    }
}
