//! One small integer a row: as few bits as the largest needs, and next to nothing where nearly all rows have none.

/// The code of a row without a value. The code of a value is its number plus one.
pub const MISSING: u32 = 0;

/// From so many codes on it is worth asking whether they are the few or the many.
const SPARSE_FROM: usize = if cfg!(test) { 64 } else { 4_096 };

/// Rows are packed so many at a time: they fill whole words, whatever their width.
const BLOCK: u32 = 64;

/// The codes of all rows.
pub struct Codes {
    /// Rows in `held`: a multiple of [`BLOCK`].
    packed: u32,
    held: Held,
    /// The rows behind them: fewer than a block.
    latest: [u32; BLOCK as usize],
    /// How many these are.
    filled: u32,
}

impl Default for Codes {
    fn default() -> Self {
        Codes { packed: 0, held: Held::default(), latest: [MISSING; BLOCK as usize], filled: 0 }
    }
}

enum Held {
    /// Only the rows that have a code, in order, with their codes.
    Sparse { rows: Vec<u32>, codes: Vec<u32> },
    /// Every row: `1 << log_width` bits each, the first row in the lowest bits of the first word.
    Packed { words: Vec<u64>, log_width: u32 },
}

impl Default for Held {
    fn default() -> Self {
        Held::Sparse { rows: Vec::new(), codes: Vec::new() }
    }
}

/// The smallest of 1, 2, 4, 8, 16 and 32 bits that hold the code, as a power of two.
fn log_width_of(code: u32) -> u32 {
    (32 - code.leading_zeros()).max(1).next_power_of_two().trailing_zeros()
}

impl Codes {
    /// Adds a row.
    #[inline(always)]
    pub fn push(&mut self, code: u32) {
        self.latest[(self.filled % BLOCK) as usize] = code;
        self.filled += 1;
        if self.filled == BLOCK {
            self.flush();
        }
    }

    fn latest(&self) -> &[u32] {
        self.latest.get(..self.filled as usize).unwrap_or_default()
    }

    /// Packs the latest block.
    #[inline(never)]
    fn flush(&mut self) {
        // Its highest bit is that of the largest.
        let all = self.latest.iter().fold(0, |all, &code| all | code);
        if let Held::Sparse { rows, codes } = &mut self.held {
            for (row, &code) in (self.packed..).zip(&self.latest).filter(|&(_, &code)| code != MISSING) {
                rows.push(row);
                codes.push(code);
            }
            // Each costs 64 bits here, and up to 32 as one of many.
            if rows.len() >= SPARSE_FROM && rows.len() > self.packed as usize / 8 {
                self.held = pack(rows, codes, self.packed + BLOCK);
            }
        } else if let Held::Packed { words, log_width } = &mut self.held {
            if u64::from(all) > mask(*log_width) {
                *words = widened(words, *log_width, log_width_of(all), self.packed);
                *log_width = log_width_of(all);
            }
            match log_width {
                0 => pack_block::<64>(&self.latest, words),
                1 => pack_block::<32>(&self.latest, words),
                2 => pack_block::<16>(&self.latest, words),
                3 => pack_block::<8>(&self.latest, words),
                4 => pack_block::<4>(&self.latest, words),
                _ => pack_block::<2>(&self.latest, words),
            }
        }
        self.packed += BLOCK;
        self.filled = 0;
    }

    /// The code of a row; [`MISSING`] for a row that is not there.
    pub fn get(&self, row: u32) -> u32 {
        if let Some(latest) = row.checked_sub(self.packed) {
            return self.latest().get(latest as usize).copied().unwrap_or(MISSING);
        }
        match &self.held {
            Held::Sparse { rows, codes } => {
                rows.binary_search(&row).ok().and_then(|at| codes.get(at)).copied().unwrap_or(MISSING)
            }
            Held::Packed { words, log_width } => {
                let (word, shift) = place(row, *log_width);
                words.get(word).map_or(MISSING, |word| (word >> shift & mask(*log_width)) as u32)
            }
        }
    }

    /// Calls `each` with the code of every row in order.
    pub fn each(&self, mut each: impl FnMut(u32)) {
        match &self.held {
            Held::Sparse { rows, codes } => {
                let mut next = 0;
                for (&row, &code) in rows.iter().zip(codes) {
                    (next..row).for_each(|_| each(MISSING));
                    each(code);
                    next = row + 1;
                }
                (next..self.packed).for_each(|_| each(MISSING));
            }
            Held::Packed { words, log_width } => {
                let mask = mask(*log_width);
                for &word in words {
                    (0..64 >> *log_width).for_each(|at| each((word >> (at << *log_width) & mask) as u32));
                }
            }
        }
        self.latest().iter().for_each(|&code| each(code));
    }

    /// Gives back memory that was reserved for more rows.
    pub fn shrink(&mut self) {
        match &mut self.held {
            Held::Sparse { rows, codes } => {
                rows.shrink_to_fit();
                codes.shrink_to_fit();
            }
            Held::Packed { words, .. } => words.shrink_to_fit(),
        }
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        match &self.held {
            Held::Sparse { rows, codes } => (rows.capacity() + codes.capacity()) * 4,
            Held::Packed { words, .. } => words.capacity() * 8,
        }
    }
}

/// The word of a row, and how far its code is shifted there.
fn place(row: u32, log_width: u32) -> (usize, u32) {
    ((row >> (6 - log_width)) as usize, (row & ((64 >> log_width) - 1)) << log_width)
}

fn mask(log_width: u32) -> u64 {
    u64::MAX >> (64 - (1u32 << log_width))
}

/// Packs codes, so many to a word; they fit.
fn pack_block<const IN_WORD: usize>(codes: &[u32], words: &mut Vec<u64>) {
    words.extend(codes.as_chunks::<IN_WORD>().0.iter().map(|codes| {
        let shifted = codes.iter().enumerate().map(|(at, &code)| u64::from(code) << (at * (64 / IN_WORD)));
        shifted.fold(0, |word, code| word | code)
    }));
}

/// Sparse codes of `len` rows, packed.
fn pack(rows: &[u32], codes: &[u32], len: u32) -> Held {
    let log_width = log_width_of(codes.iter().copied().max().unwrap_or(MISSING));
    let mut words = vec![0; (len >> (6 - log_width)) as usize];
    for (&row, &code) in rows.iter().zip(codes) {
        let (word, shift) = place(row, log_width);
        if let Some(word) = words.get_mut(word) {
            *word |= u64::from(code) << shift;
        }
    }
    Held::Packed { words, log_width }
}

/// The codes of `len` rows, packed more widely.
fn widened(words: &[u64], log_width: u32, wide: u32, len: u32) -> Vec<u64> {
    let mut out = vec![0; (len >> (6 - wide)) as usize];
    for row in 0..len {
        let (from, shift) = place(row, log_width);
        let (to, shift_to) = place(row, wide);
        if let (Some(from), Some(to)) = (words.get(from), out.get_mut(to)) {
            *to |= (from >> shift & mask(log_width)) << shift_to;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(expected: &[u32]) {
        let mut codes = Codes::default();
        expected.iter().for_each(|&code| codes.push(code));
        codes.shrink();
        let mut found = Vec::new();
        codes.each(|code| found.push(code));
        assert!(found == expected, "each: {expected:?} became {found:?}");
        let found: Vec<_> = (0..expected.len() as u32).map(|row| codes.get(row)).collect();
        assert!(found == expected, "get: {expected:?} became {found:?}");
        assert_eq!(codes.get(expected.len() as u32), MISSING);
    }

    #[test]
    fn widths() {
        check(&[]);
        for limit in [1u32, 2, 3, 4, 15, 16, 255, 256, 65_535, 65_536, u32::MAX] {
            assert!(mask(log_width_of(limit)) >= u64::from(limit) && log_width_of(limit) <= 5);
            check(
                &(0..400)
                    .map(|row| if row % 3 == 0 { MISSING } else { limit - row % limit.min(7) })
                    .collect::<Vec<_>>(),
            );
        }
    }

    #[test]
    fn few_values_take_little_and_many_take_their_bits() {
        let bytes = |of: &dyn Fn(u32) -> u32| {
            let mut codes = Codes::default();
            (0..64_000).for_each(|row| codes.push(of(row)));
            codes.shrink();
            codes.memory()
        };
        assert_eq!(bytes(&|_| MISSING), 0);
        assert_eq!(bytes(&|row| u32::from(row % 100 == 0)), 640 * 8);
        assert_eq!(bytes(&|row| row % 2), 64_000 / 8);
        assert_eq!(bytes(&|row| row % 12), 64_000 / 2);
        assert_eq!(bytes(&|row| row % 300), 64_000 * 2);
    }

    proptest! {
        #[test]
        fn codes_come_back(codes in prop::collection::vec(prop_oneof![9 => Just(0u32), 1 => 0u32..5, 1 => 0u32..70_000, 1 => any::<u32>()], 0..600)) {
            check(&codes);
        }
        #[test]
        fn growing_codes_come_back(steps in prop::collection::vec(0u32..3, 0..600)) {
            let mut next = 1;
            check(&steps.into_iter().map(|step| { next += step * next / 16; next }).collect::<Vec<_>>());
        }
    }
}
