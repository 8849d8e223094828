//! A dictionary-coded column: one small integer a row, widened when the values need it.

use super::interner::Interner;

/// The code of a row without a value. The code of a value is its number plus one.
pub const MISSING: u32 = 0;

/// One code a row, in the smallest integers that hold them all.
enum Codes {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
    Longs(Vec<u32>),
}

/// One column.
pub struct DictColumn {
    /// The distinct values.
    pub values: Interner,
    codes: Codes,
}

impl DictColumn {
    /// An empty column.
    pub fn new(seed: u64) -> DictColumn {
        DictColumn { values: Interner::new(seed), codes: Codes::Bytes(Vec::new()) }
    }

    /// Adds a row and returns its code.
    pub fn push(&mut self, value: Option<&str>) -> u32 {
        let code = value.map_or(MISSING, |text| self.values.intern(text).0 + 1);
        self.push_code(code);
        code
    }

    fn push_code(&mut self, code: u32) {
        match &mut self.codes {
            Codes::Bytes(codes) => match u8::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => {
                    self.codes = Codes::Words(codes.iter().map(|&c| c.into()).collect());
                    self.push_code(code);
                }
            },
            Codes::Words(codes) => match u16::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => {
                    self.codes = Codes::Longs(codes.iter().map(|&c| c.into()).collect());
                    self.push_code(code);
                }
            },
            Codes::Longs(codes) => codes.push(code),
        }
    }

    /// The code of a row; [`MISSING`] for a row that is not there.
    pub fn code(&self, row: u32) -> u32 {
        let row = row as usize;
        match &self.codes {
            Codes::Bytes(codes) => codes.get(row).map_or(MISSING, |&c| c.into()),
            Codes::Words(codes) => codes.get(row).map_or(MISSING, |&c| c.into()),
            Codes::Longs(codes) => codes.get(row).copied().unwrap_or(MISSING),
        }
    }

    /// The value of a row.
    pub fn get(&self, row: u32) -> Option<&str> {
        self.value_of(self.code(row))
    }

    /// The value of a code.
    pub fn value_of(&self, code: u32) -> Option<&str> {
        code.checked_sub(1).map(|number| self.values.get(number))
    }

    /// Calls `each` with the code of every row in order.
    pub fn each_code(&self, mut each: impl FnMut(u32)) {
        match &self.codes {
            Codes::Bytes(codes) => codes.iter().for_each(|&c| each(c.into())),
            Codes::Words(codes) => codes.iter().for_each(|&c| each(c.into())),
            Codes::Longs(codes) => codes.iter().for_each(|&c| each(c)),
        }
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        let codes = match &self.codes {
            Codes::Bytes(codes) => codes.capacity(),
            Codes::Words(codes) => codes.capacity() * 2,
            Codes::Longs(codes) => codes.capacity() * 4,
        };
        codes + self.values.memory()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_widens_without_losing_a_row() {
        let mut column = DictColumn::new(0);
        let n = 70_000u32;
        for row in 0..n {
            column.push((row % 7 != 0).then_some(row.to_string()).as_deref());
        }
        for row in [0, 1, 254, 255, 256, 257, 65_534, 65_535, 65_536, 69_999] {
            let expected = (row % 7 != 0).then(|| row.to_string());
            assert_eq!(column.get(row), expected.as_deref(), "{row}");
        }
        assert_eq!(column.get(n), None);
        let mut rows = 0;
        column.each_code(|code| {
            assert_eq!(code, column.code(rows));
            rows += 1;
        });
        assert_eq!(rows, n);
    }
}
