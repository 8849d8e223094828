//! The functions of the module: a host writes the input word by word, runs, and reads the output word by word.

use std::cell::RefCell;

use crate::{Input, dump};

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Appends eight bytes to the input, the lowest first.
// SAFETY: an exported name is the unsafe part; no other symbol of the module has it.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn probe_write(word: u64) {
    INPUT.with_borrow_mut(|input| input.extend(word.to_le_bytes()));
}

/// Answers the first `length` bytes of the input and forgets it. Returns the length of the output in bytes, 0 for an
/// input that cannot be read.
// SAFETY: as above.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn probe_run(length: u32) -> u32 {
    let mut input = INPUT.take();
    input.truncate(length as usize);
    let answer = Input::from_bytes(&input).map(|input| dump(&input)).unwrap_or_default();
    let length = answer.len() as u32;
    OUTPUT.set(answer.into_bytes());
    length
}

/// Eight bytes of the output, the lowest first; zeros behind its end.
// SAFETY: as above.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn probe_read(offset: u32) -> u64 {
    OUTPUT.with_borrow(|output| {
        let rest = output.get(offset as usize..).unwrap_or_default();
        let mut word = [0; 8];
        let length = rest.len().min(8);
        word[..length].copy_from_slice(&rest[..length]);
        u64::from_le_bytes(word)
    })
}
