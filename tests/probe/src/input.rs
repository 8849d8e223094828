//! What the probe is asked, and its form as bytes: numbers of eight bytes, the lowest first, and texts after their
//! lengths.

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes as they are stored.
    pub bytes: Vec<u8>,
}

/// The files, and how they are to be loaded. The answers depend on the files only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The files in the order of their numbers.
    pub files: Vec<File>,
    /// Over how many sessions they are spread, at least one.
    pub shards: usize,
    /// Bytes that a session is handed at once, at least one.
    pub piece: usize,
    /// The seed of the sessions' hashes.
    pub seed: u64,
}

impl Input {
    /// Its form as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for number in [self.shards as u64, self.piece as u64, self.seed, self.files.len() as u64] {
            out.extend(number.to_le_bytes());
        }
        for file in &self.files {
            for text in [file.name.as_bytes(), &file.bytes] {
                out.extend((text.len() as u64).to_le_bytes());
                out.extend(text);
            }
        }
        out
    }

    /// Reads its form as bytes; `None` if they end too early or a name is not UTF-8.
    pub fn from_bytes(bytes: &[u8]) -> Option<Input> {
        let mut rest = bytes;
        let (shards, piece, seed) = (number(&mut rest)?, number(&mut rest)?, number(&mut rest)?);
        let count = number(&mut rest)?;
        let mut files = Vec::new();
        for _ in 0..count {
            let name = String::from_utf8(text(&mut rest)?).ok()?;
            files.push(File { name, bytes: text(&mut rest)? });
        }
        Some(Input { files, shards: usize::try_from(shards).ok()?, piece: usize::try_from(piece).ok()?, seed })
    }
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(u64::from_le_bytes(*head))
}

fn text(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(number(rest)?).ok()?;
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_comes_back_from_its_bytes() {
        let files = vec![
            File { name: "ä.json".into(), bytes: b"{}".to_vec() },
            File { name: String::new(), bytes: Vec::new() },
        ];
        let input = Input { files, shards: 3, piece: 7, seed: u64::MAX };
        let bytes = input.to_bytes();
        assert_eq!(Input::from_bytes(&bytes), Some(input));
        assert_eq!(Input::from_bytes(&bytes[..bytes.len() - 1]), None);
    }
}
