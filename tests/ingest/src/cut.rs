//! Cutting bytes into pieces: what is read must not depend on it.

/// The same bytes as one piece, byte by byte, and in pieces whose lengths the bytes themselves decide.
pub fn ways(data: &[u8]) -> [Vec<&[u8]>; 3] {
    [vec![data], data.chunks(1).collect(), at_random(data, u64::from(crc32fast::hash(data)))]
}

/// Pieces of 1 to 96 bytes, as a number decides.
pub fn at_random(mut data: &[u8], seed: u64) -> Vec<&[u8]> {
    let mut random = Random(seed);
    let mut pieces = Vec::new();
    while !data.is_empty() {
        let (piece, rest) = data.split_at(data.len().min(1 + random.below(96)));
        pieces.push(piece);
        data = rest;
    }
    pieces
}

/// Numbers that look like chance, the same for the same seed (Steele, Lea and Flood's SplitMix64).
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `end`; 0 if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        (self.any() % end.max(1) as u64) as usize
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
