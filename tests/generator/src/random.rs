//! The one source of chance: SplitMix64, in integers only, so that every machine draws the same.
//!
//! A value is drawn from *names* (plan seed, file number, record number, slot name), never from a
//! shared stream. That makes every record a pure function of its place, so files can be made in
//! any order and on any number of threads, and one record can be made again for a duplicate.

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's output function: spreads every bit of `value` over all 64.
pub fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// One number that stands for a list of numbers; the order counts.
pub fn fold(parts: &[u64]) -> u64 {
    parts.iter().fold(0, |seed, part| mix(seed.wrapping_add(STEP) ^ mix(part.wrapping_add(STEP))))
}

/// FNV-1a of a name, to draw by name rather than by position in a table.
pub const fn name_hash(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// A SplitMix64 generator.
#[derive(Clone, Copy, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator for a place: see [`fold`].
    pub fn of(parts: &[u64]) -> Self {
        Self(fold(parts))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u64
    }

    /// True in `numerator` of `denominator` cases.
    pub fn chance(&mut self, numerator: u64, denominator: u64) -> bool {
        self.below(denominator) < numerator
    }

    /// A number below `limit` where small ones are much more likely than large ones.
    pub fn skewed(&mut self, limit: u64) -> u64 {
        let limit = self.below(limit) + 1;
        self.below(limit)
    }

    /// One of `choices`, each as likely as the others.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// One of `choices`, the first ones much more likely than the last ones.
    pub fn pick_skewed<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.skewed(choices.len() as u64) as usize]
    }
}

/// A table of weighted choices, drawn from in logarithmic time.
#[derive(Clone, Debug, Default)]
pub struct Weighted<T> {
    total: u64,
    ends: Vec<u64>,
    values: Vec<T>,
}

impl<T: Copy> Weighted<T> {
    /// A table of these values and weights.
    pub fn new(choices: impl IntoIterator<Item = (T, u64)>) -> Self {
        let mut table = Self { total: 0, ends: Vec::new(), values: Vec::new() };
        for (value, weight) in choices {
            table.total += weight;
            table.ends.push(table.total);
            table.values.push(value);
        }
        table
    }

    /// Draws one value; `None` when the table is empty.
    pub fn draw(&self, random: &mut Random) -> Option<T> {
        let point = random.below(self.total);
        self.values.get(self.ends.partition_point(|&end| end <= point)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_below_their_limit_and_reach_everything() {
        let mut random = Random::new(1);
        let mut seen = [0_u32; 7];
        for _ in 0..7_000 {
            seen[random.below(7) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| (800..1200).contains(&count)), "{seen:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn weights_are_kept() {
        let table = Weighted::new([('a', 1), ('b', 0), ('c', 9)]);
        let mut random = Random::new(2);
        let drawn: Vec<char> = (0..10_000).filter_map(|_| table.draw(&mut random)).collect();
        assert_eq!(drawn.len(), 10_000);
        assert!(!drawn.contains(&'b'));
        let rare = drawn.iter().filter(|&&value| value == 'a').count();
        assert!((800..1200).contains(&rare), "{rare}");
        assert_eq!(Weighted::<char>::new([]).draw(&mut random), None);
    }
}
