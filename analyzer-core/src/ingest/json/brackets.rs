//! Containers whose inside is broken.

/// Finds the end of a container by brackets and strings alone, however broken the rest of it is, and across pieces.
#[derive(Clone, Debug, Default)]
pub struct Brackets {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Brackets {
    /// For a container whose opening bracket was read already.
    pub fn inside_one() -> Brackets {
        Brackets { depth: 1, ..Brackets::default() }
    }

    /// Reads on. Returns the index behind the bracket that closes the container, once it comes.
    pub fn feed(&mut self, b: &[u8]) -> Option<usize> {
        let mut i = 0;
        while i < b.len() {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    i += 1;
                    continue;
                }
                match memchr::memchr2(b'"', b'\\', &b[i..]) {
                    None => return None,
                    Some(found) => {
                        i += found;
                        if b[i] == b'"' {
                            self.in_string = false;
                        } else {
                            self.escaped = true;
                        }
                        i += 1;
                    }
                }
                continue;
            }
            match b[i] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(i + 1);
                    }
                }
                _ => {}
            }
            i += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_end_where_the_value_does_however_it_is_cut() {
        let json = br#"{"a":"}\"{","b":[{}, tru]} tail"#;
        for cut in 0..json.len() {
            let mut brackets = Brackets::default();
            let end = match brackets.feed(&json[..cut]) {
                Some(end) => end,
                None => cut + brackets.feed(&json[cut..]).unwrap(),
            };
            assert_eq!(end, json.len() - 5);
        }
    }
}
