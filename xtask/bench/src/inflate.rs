//! Inflating alone: the floor, since nobody can read a trail in less. With flate2 on zlib-rs, the quickest inflater that
//! is written in Rust throughout; it checks each file's CRC, as reading does.

use crate::files::File;
use flate2::bufread::GzDecoder;
use std::io::Read;

/// Bytes of the buffer that is thrown away: with this size it is quickest.
const BUFFER: usize = 64 << 10;

/// Inflates everything into a buffer that is thrown away; returns the number of bytes.
pub fn discard(files: &[File]) -> Result<u64, String> {
    let mut buffer = vec![0; BUFFER];
    let mut inflated = 0;
    for file in files {
        let mut decoder = GzDecoder::new(&file.packed[..]);
        loop {
            match decoder.read(&mut buffer).map_err(broken)? {
                0 => break,
                bytes => inflated += bytes as u64,
            }
        }
    }
    Ok(inflated)
}

/// One file's JSON.
pub fn whole(file: &File) -> Result<Vec<u8>, String> {
    let mut json = Vec::with_capacity(file.json_bytes as usize);
    GzDecoder::new(&file.packed[..]).read_to_end(&mut json).map_err(broken)?;
    Ok(json)
}

fn broken(error: std::io::Error) -> String {
    format!("cannot inflate what was just made: {error}")
}
