//! The memory of a plugin, as the codec sees it.

use plugin_host::Cause;

/// The memory of an instance, and what gives room in it. Whoever implements it may rely on ranges that are inside.
pub trait Guest {
    /// How many bytes the memory has now.
    fn size(&self) -> u64;
    /// Copies bytes out. The range is inside the memory.
    fn read(&self, at: u32, into: &mut [u8]);
    /// Copies bytes in. The range is inside the memory.
    fn write(&self, at: u32, bytes: &[u8]);
    /// Asks the plugin for room, once for each size, as new allocations. Whatever it answers is passed on.
    ///
    /// # Errors
    /// What stopped it.
    fn allocate(&self, align: u32, sizes: &[u32]) -> Result<Vec<u32>, Cause>;
}

/// Whether a range is inside the memory and begins at a multiple of `align`.
pub fn is_place(guest: &impl Guest, at: u32, bytes: u64, align: u32) -> bool {
    at.is_multiple_of(align.max(1)) && u64::from(at) + bytes <= guest.size()
}

/// The plugin's answer is not what the contract says.
pub fn bad(what: &str) -> Cause {
    Cause::BadAnswer(what.to_owned())
}
