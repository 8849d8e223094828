//! Sorting of what is short or sorted once: lists of rules, findings, values, accounts.
//!
//! The standard library's sorts are compiled anew, about eight kilobytes of WebAssembly each, for every type and comparison.
//! These share one. They are stable and take about twice as long: what is sorted for each event or row has
//! `sort_unstable` of a plain number, of which there are few.

use core::cmp::Ordering;

/// Sorts by a comparison. Equal ones stay in their order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order = ordered(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    arrange(&mut order, &mut |a, b| items.swap(a, b));
}

/// Sorts by a key, which is made anew for each comparison. Equal ones stay in their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by the natural order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The places of so many items, sorted by a comparison of two places.
fn ordered(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    if !order.is_sorted_by(|&a, &b| compare(a, b).is_le()) {
        order.sort_by(|&a, &b| compare(a, b));
    }
    order
}

/// Brings items into an order by swapping two at a time; `order` tells for each place where its item is now, and is used up.
fn arrange(order: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        // Round a circle of places, each of which waits for the item of the next.
        let mut place = start;
        while order[place] != start {
            let next = order[place];
            swap(place, next);
            order[place] = place;
            place = next;
        }
        order[place] = place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_as_the_standard_librarys(items in prop::collection::vec((0u8..8, any::<u16>()), 0..200)) {
            let mut expected = items.clone();
            expected.sort_by_key(|&(key, _)| key);
            let mut by_key = items.clone();
            sort_by_key(&mut by_key, |&(key, _)| key);
            prop_assert_eq!(by_key, expected);

            let mut expected = items.clone();
            expected.sort_by(|a, b| b.cmp(a));
            let mut by = items.clone();
            sort_by(&mut by, |a, b| b.cmp(a));
            prop_assert_eq!(by, expected);

            let (mut natural, mut expected) = (items.clone(), items);
            expected.sort_unstable();
            sort(&mut natural);
            prop_assert_eq!(natural, expected);
        }
    }
}
