//! The same work for many numbers, on some threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::shards::joined;

/// What `work` makes of each number below `count`, in their order. Threads take the numbers one by one, from the lowest.
pub fn in_parallel<T: Send>(count: usize, threads: NonZeroUsize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let some = || {
        let numbers =
            std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|&number| number < count);
        numbers.map(|number| (number, work(number))).collect::<Vec<_>>()
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.get().min(count)).map(|_| scope.spawn(some)).collect();
        let mut done = some();
        done.extend(others.into_iter().filter_map(|other| joined(other.join())).flatten());
        done
    });
    done.sort_unstable_by_key(|&(number, _)| number);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_in_order() {
        for (count, threads) in [(0, 4), (1, 4), (100, 1), (100, 8)] {
            let threads = NonZeroUsize::new(threads).unwrap();
            assert!(in_parallel(count, threads, |number| number * 2).into_iter().eq((0..count).map(|n| n * 2)));
        }
    }
}
