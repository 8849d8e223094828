//! What each memory and each table may grow to, so that all of a plugin's together keep to its limits.

use super::module::Bounds;
use plugin_host::{Cause, Limit, Limits};

/// Bytes of a page of memory.
pub const PAGE: u64 = 64 << 10;
/// A memory that is not the one of the detector may grow by so many pages: it belongs to something that stands in for
/// what a plugin may not have, and does nothing.
const SIDE_GROWTH: u64 = 16;

/// One kind of what grows, of all instances together.
pub struct Growing {
    /// What it is from the start, and what it says that it never passes.
    pub bounds: Bounds,
    /// How many instances have one.
    pub instances: u64,
    /// Whether it gets what the others leave.
    pub is_main: bool,
}

/// The maximum of each memory, in pages.
pub fn memories(all: &[Growing], limits: &Limits) -> Result<Vec<u64>, Cause> {
    let total = limits.memory_bytes / PAGE;
    let spare = spare(all, total).ok_or(Cause::Limit { limit: Limit::Memory, allowed: limits.memory_bytes })?;
    let side: u64 = all.iter().filter(|one| !one.is_main).map(|one| one.instances).sum();
    let side_growth = SIDE_GROWTH.min(spare / 2 / side.max(1));
    let main: u64 = all.iter().filter(|one| one.is_main).map(|one| one.instances).sum();
    let main_growth = (spare - side_growth * side) / main.max(1);
    Ok(all.iter().map(|one| one.bounds.most(if one.is_main { main_growth } else { side_growth })).collect())
}

/// The maximum of each table, in elements.
pub fn tables(all: &[Growing], limits: &Limits) -> Result<Vec<u64>, Cause> {
    let total = limits.table_elements;
    let spare = spare(all, total).ok_or(Cause::Limit { limit: Limit::Tables, allowed: total })?;
    let instances: u64 = all.iter().map(|one| one.instances).sum();
    let growth = spare / instances.max(1);
    Ok(all.iter().map(|one| one.bounds.most(growth)).collect())
}

/// What is left of the total; nothing if the minima pass it.
fn spare(all: &[Growing], total: u64) -> Option<u64> {
    all.iter().try_fold(total, |left, one| left.checked_sub(one.bounds.min.checked_mul(one.instances)?))
}

impl Bounds {
    /// The maximum when it may grow by so much. One that is below its minimum is left to the browser to refuse.
    fn most(self, growth: u64) -> u64 {
        let grown = self.min.saturating_add(growth);
        self.max.map_or(grown, |max| max.min(grown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growing(min: u64, max: Option<u64>, instances: u64, is_main: bool) -> Growing {
        Growing { bounds: Bounds { min, max }, instances, is_main }
    }

    fn check_memories(all: &[Growing], expected: Option<&[u64]>) {
        let found = memories(all, &Limits::default()).ok();
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn memories_together_keep_to_the_limit() {
        check_memories(&[growing(17, None, 1, true)], Some(&[4096]));
        check_memories(&[growing(17, Some(20), 1, true)], Some(&[20]));
        check_memories(&[growing(17, Some(100_000), 1, true)], Some(&[4096]));
        check_memories(&[growing(4096, None, 1, true)], Some(&[4096]));
        check_memories(&[growing(4097, None, 1, true)], None);
        check_memories(&[growing(u64::from(u32::MAX), None, 64, true)], None);
        check_memories(&[growing(100, None, 1, true), growing(0, None, 2, false)], Some(&[4064, 16]));
        check_memories(&[growing(100, None, 2, true)], Some(&[2048]));
        check_memories(&[growing(2000, None, 1, true), growing(2090, None, 1, false)], Some(&[2003, 2093]));
    }

    #[test]
    fn tables_share_what_is_left() {
        let check = |all: &[Growing], expected: Option<&[u64]>| {
            assert_eq!(tables(all, &Limits::default()).ok().as_deref(), expected);
        };
        check(&[growing(10, Some(10), 1, false), growing(0, None, 1, false)], Some(&[10, 499_995]));
        check(&[growing(1_000_001, None, 1, false)], None);
        check(&[], Some(&[]));
    }
}
