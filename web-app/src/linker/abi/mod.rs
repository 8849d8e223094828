//! The values of the contract in the memory of a plugin: the canonical ABI, written out for the few functions that there
//! are.

pub mod guest;
pub mod lift;
pub mod lower;

#[cfg(test)]
mod tests;
