//! Files that wait to be read, handed out in batches.

use std::collections::VecDeque;

/// A batch ends with the file that reaches this many bytes…
const BATCH_BYTES: u64 = 8_000_000;
/// …or with this many files. Small enough to share the work fairly, large enough to be read in one go.
const BATCH_FILES: usize = 128;

/// The queue. Items come out in the order in which they went in.
#[derive(Debug)]
pub struct Queue<T> {
    waiting: VecDeque<(u64, T)>,
}

impl<T> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue { waiting: VecDeque::new() }
    }
}

impl<T> Queue<T> {
    /// Adds an item of so many bytes.
    pub fn push(&mut self, bytes: u64, item: T) {
        self.waiting.push_back((bytes, item));
    }

    /// The next batch; empty if nothing waits.
    pub fn take_batch(&mut self) -> Vec<T> {
        let (mut batch, mut total) = (Vec::new(), 0u64);
        while batch.len() < BATCH_FILES && total < BATCH_BYTES {
            let Some((bytes, item)) = self.waiting.pop_front() else { break };
            total = total.saturating_add(bytes);
            batch.push(item);
        }
        batch
    }

    /// Everything that waits.
    pub fn take_all(&mut self) -> Vec<T> {
        self.waiting.drain(..).map(|(_, item)| item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(sizes: &[u64]) -> Vec<usize> {
        let mut queue = Queue::default();
        for &size in sizes {
            queue.push(size, ());
        }
        std::iter::from_fn(|| Some(queue.take_batch().len()).filter(|&n| n > 0)).collect()
    }

    #[test]
    fn neither_too_many_bytes_nor_too_many_files() {
        assert_eq!(batches(&[]), Vec::<usize>::new());
        assert_eq!(batches(&[u64::MAX, u64::MAX, 1]), [1, 1, 1]);
        assert_eq!(batches(&[5_000_000, 5_000_000, 1]), [2, 1]);
        assert_eq!(batches(&[10; 300]), [128, 128, 44]);
    }
}
