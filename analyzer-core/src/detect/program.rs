//! Many predicates at once: each distinct test once, and the tests of a column once for each of its values.
//!
//! A value of a column, or an identity, is of a class: the tests of that column which hold for it. Few classes come of many
//! values, and few combinations of classes of many events; for each combination it is decided once which predicates hold,
//! which do not, and which need the record. Predicates mostly name an eventSource and an eventName, so what these two leave
//! is kept apart, and a new combination meets only that.

use super::Detector;
use crate::field::{Column, FieldRef, Place};
use crate::identity::Principal;
use crate::predicate::{Matcher, Predicate, Test};
use crate::store::Store;
use foldhash::fast::FixedState as State;
use hashbrown::HashMap;

/// So many combinations are remembered; a hostile log can have more.
const MAX_COMBINATIONS: usize = 1 << 16;

/// The class of a value that was not tested yet.
const UNKNOWN: u32 = u32::MAX;

/// What a combination of classes decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Detectors that select the event, whatever else is in it.
    pub sure: Box<[u32]>,
    /// Detectors that have to see the record, and what is left of their predicates.
    pub open: Box<[(u32, Left)]>,
}

/// What is left of a predicate once columns have decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left(Node);

/// The predicates of many detectors, compiled together.
pub struct Program {
    tests: Vec<Compiled>,
    /// How many distinct fields they have.
    pub fields: usize,
    predicates: Vec<Node>,
    dims: Vec<Dim>,
    /// What eventSource and eventName leave, by their classes.
    named: HashMap<(u32, u32), Box<[u32]>, State>,
    /// The number of the verdict on each combination.
    combinations: HashMap<Box<[u32]>, u32, State>,
    verdicts: Vec<Verdict>,
    /// The classes of the event at hand.
    classes: Vec<u32>,
}

/// A distinct test.
pub struct Compiled {
    /// The test.
    pub test: Test,
    /// The number of its field, the same for all tests of it.
    pub field: usize,
    /// Where it is decided: the dimension, and its place among the tests of that.
    known: Option<(usize, usize)>,
}

/// The numbers of tests and fields, by what is printed of them.
struct Numbers {
    tests: HashMap<String, u32, State>,
    fields: HashMap<String, usize, State>,
}

/// A predicate over numbers of tests.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Everything,
    Test(u32),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// A column, or the identities, with the tests of it.
struct Dim {
    place: Dimension,
    tests: Vec<Test>,
    /// For each test the letters that a value must have to match.
    needs: Vec<Letters>,
    /// By the code of a value; [`UNKNOWN`] for one that was not tested yet.
    class_of: Vec<u32>,
    /// For each class the tests that hold, a bit each.
    classes: Vec<Box<[u64]>>,
    numbers: HashMap<Box<[u64]>, u32, State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Column(Column),
    /// Whoever it is, whatever the access key: far fewer than identities.
    Who,
    Identity,
}

/// The first two dimensions.
const NAMES: [Dimension; 2] = [Dimension::Column(Column::EventSource), Dimension::Column(Column::EventName)];

impl Program {
    /// Of the predicates of these detectors.
    pub fn new(detectors: &[Detector], seed: u64) -> Program {
        let mut program = Program {
            tests: Vec::new(),
            fields: 0,
            predicates: Vec::new(),
            dims: NAMES.iter().map(|place| Dim::new(*place, seed)).collect(),
            named: HashMap::with_hasher(State::with_seed(seed)),
            combinations: HashMap::with_hasher(State::with_seed(seed)),
            verdicts: Vec::new(),
            classes: Vec::new(),
        };
        let mut numbers = Numbers {
            tests: HashMap::with_hasher(State::with_seed(seed)),
            fields: HashMap::with_hasher(State::with_seed(seed)),
        };
        for detector in detectors {
            let node = program.compile(&detector.select, &mut numbers, seed);
            program.predicates.push(node);
        }
        program
    }

    fn compile(&mut self, predicate: &Predicate, numbers: &mut Numbers, seed: u64) -> Node {
        match predicate {
            Predicate::Everything => Node::Everything,
            Predicate::Test(test) => {
                // What is printed in the same way means the same.
                let number = *numbers.tests.entry(format!("{test:?}")).or_insert_with(|| {
                    let known = dimension(test).map(|place| self.place(place, test, seed));
                    let field = *numbers.fields.entry(format!("{:?}", test.field)).or_insert(self.fields);
                    self.fields = self.fields.max(field + 1);
                    self.tests.push(Compiled { test: test.clone(), field, known });
                    self.tests.len() as u32 - 1
                });
                Node::Test(number)
            }
            Predicate::Not(inner) => Node::Not(Box::new(self.compile(inner, numbers, seed))),
            Predicate::All(inner) => Node::All(inner.iter().map(|part| self.compile(part, numbers, seed)).collect()),
            Predicate::Any(inner) => Node::Any(inner.iter().map(|part| self.compile(part, numbers, seed)).collect()),
        }
    }

    fn place(&mut self, place: Dimension, test: &Test, seed: u64) -> (usize, usize) {
        let at = self.dims.iter().position(|dim| dim.place == place).unwrap_or_else(|| {
            self.dims.push(Dim::new(place, seed));
            self.dims.len() - 1
        });
        self.dims[at].tests.push(test.clone());
        self.dims[at].needs.push(Letters::needed(&test.matcher));
        (at, self.dims[at].tests.len() - 1)
    }

    /// The number of what is decided of the event in this row without its record.
    #[inline]
    pub fn judge(&mut self, store: &Store, row: u32) -> u32 {
        let mut classes = std::mem::take(&mut self.classes);
        classes.clear();
        classes.extend(self.dims.iter_mut().map(|dim| dim.class(store, row)));
        self.classes = classes;
        let known = self.combinations.get(&self.classes[..]).copied();
        known.unwrap_or_else(|| self.learn())
    }

    /// What was decided last under this number.
    pub fn verdict(&self, number: u32) -> &Verdict {
        &self.verdicts[number as usize]
    }

    /// Decides a combination that is new.
    #[inline(never)]
    fn learn(&mut self) -> u32 {
        if self.combinations.len() == MAX_COMBINATIONS {
            self.combinations.clear();
            self.verdicts.clear();
        }
        let (dims, tests, predicates, classes) = (&self.dims, &self.tests, &self.predicates, &self.classes);
        let truth = |number: u32, dims_known: usize| {
            let (dim, bit) = tests[number as usize].known.filter(|(dim, _)| *dim < dims_known)?;
            let bits = dims[dim].classes.get(classes[dim] as usize)?;
            Some(bits[bit / 64] >> (bit % 64) & 1 == 1)
        };
        let names = (classes[0], classes[1]);
        let left = self.named.entry(names).or_insert_with(|| {
            let is_left =
                |at: &u32| predicates[*at as usize].decide(&mut |number| truth(number, NAMES.len())) != Some(false);
            (0..predicates.len() as u32).filter(is_left).collect()
        });
        let (mut sure, mut open) = (Vec::new(), Vec::new());
        for &at in left.iter() {
            match predicates[at as usize].decide(&mut |number| truth(number, dims.len())) {
                Some(true) => sure.push(at),
                Some(false) => {}
                None => open.push((at, Left(predicates[at as usize].left(&mut |number| truth(number, dims.len()))))),
            }
        }
        let number = self.verdicts.len() as u32;
        self.verdicts.push(Verdict { sure: sure.into(), open: open.into() });
        self.combinations.insert(self.classes.clone().into(), number);
        number
    }

    /// Whether what is left of a predicate holds; `ask` asks the record.
    pub fn holds(&self, left: &Left, ask: &mut impl FnMut(&Compiled) -> bool) -> bool {
        left.0.decide(&mut |number| self.tests.get(number as usize).map(&mut *ask)) == Some(true)
    }

    /// Bytes of memory, about.
    pub fn memory(&self) -> usize {
        let dims: usize = self.dims.iter().map(|dim| dim.class_of.capacity() * size_of::<u32>()).sum();
        let key = self.dims.len() * size_of::<u32>() + size_of::<Verdict>() + size_of::<Box<[u32]>>();
        dims + self.combinations.capacity() * key
    }
}

impl Node {
    /// What is left when some tests are known, and it is not decided by these.
    fn left(&self, truth: &mut impl FnMut(u32) -> Option<bool>) -> Node {
        let mut open = |inner: &[Node]| {
            let open: Vec<&Node> = inner.iter().filter(|node| node.decide(truth).is_none()).collect();
            open.into_iter().map(|node| node.left(truth)).collect::<Vec<_>>()
        };
        match self {
            Node::Everything | Node::Test(_) => self.clone(),
            Node::Not(inner) => Node::Not(Box::new(inner.left(truth))),
            Node::All(inner) => Node::All(open(inner)),
            Node::Any(inner) => Node::Any(open(inner)),
        }
    }

    /// As [`Predicate::decide`].
    fn decide(&self, truth: &mut impl FnMut(u32) -> Option<bool>) -> Option<bool> {
        match self {
            Node::Everything => Some(true),
            Node::Test(number) => truth(*number),
            Node::Not(inner) => inner.decide(truth).map(|holds| !holds),
            Node::All(inner) => decide_until(inner, false, truth),
            Node::Any(inner) => decide_until(inner, true, truth),
        }
    }
}

fn decide_until(inner: &[Node], settles: bool, truth: &mut impl FnMut(u32) -> Option<bool>) -> Option<bool> {
    let mut known = true;
    for node in inner {
        match node.decide(truth) {
            Some(holds) if holds == settles => return Some(settles),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!settles)
}

/// The dimension that decides a test; none if only the record does.
fn dimension(test: &Test) -> Option<Dimension> {
    let FieldRef::Standard(field) = &test.field else { return None };
    match field.place {
        _ if test.matcher.needs_record() => None,
        Place::Column(column) => Some(Dimension::Column(column)),
        Place::Identity(part) if Principal::is_of_key(part) => Some(Dimension::Identity),
        Place::Identity(_) | Place::IdentityLabel => Some(Dimension::Who),
        Place::Time | Place::Id | Place::Record => None,
    }
}

impl Dim {
    fn new(place: Dimension, seed: u64) -> Dim {
        let numbers = HashMap::with_hasher(State::with_seed(seed));
        Dim { place, tests: Vec::new(), needs: Vec::new(), class_of: Vec::new(), classes: Vec::new(), numbers }
    }

    #[inline]
    fn class(&mut self, store: &Store, row: u32) -> u32 {
        let code = match self.place {
            Dimension::Column(column) => store.column(column).code(row),
            Dimension::Who => store.identities.who(store.identity_number(row)),
            Dimension::Identity => store.identity_number(row),
        };
        match self.class_of.get(code as usize) {
            Some(&class) if class != UNKNOWN => class,
            _ => self.learn(store, row, code),
        }
    }

    /// Tests a value that is new.
    #[inline(never)]
    fn learn(&mut self, store: &Store, row: u32, code: u32) -> u32 {
        let mut bits = vec![0u64; self.tests.len().div_ceil(64)];
        let letters = match self.place {
            Dimension::Column(column) => store.column(column).get(row).map_or(Letters::ALL, Letters::of),
            // Their tests are of several fields.
            Dimension::Who | Dimension::Identity => Letters::ALL,
        };
        for (at, test) in self.tests.iter().enumerate().filter(|(at, _)| letters.contain(self.needs[*at])) {
            let FieldRef::Standard(field) = &test.field else { continue };
            if store.value(row, field).is_some_and(|value| test.matcher.matches(&value)) {
                bits[at / 64] |= 1 << (at % 64);
            }
        }
        let bits: Box<[u64]> = bits.into();
        let class = *self.numbers.entry(bits.clone()).or_insert_with(|| {
            self.classes.push(bits);
            self.classes.len() as u32 - 1
        });
        if self.class_of.len() <= code as usize {
            self.class_of.resize(code as usize + 1, UNKNOWN);
        }
        self.class_of[code as usize] = class;
        class
    }
}

/// A set of bytes, letters without their case. A text that lacks one that a test needs is not looked at further: of many
/// tests of user agents few are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Letters([u64; 4]);

impl Letters {
    const NONE: Letters = Letters([0; 4]);
    const ALL: Letters = Letters([u64::MAX; 4]);

    fn of(text: &str) -> Letters {
        let mut letters = Letters::NONE;
        letters.add(text);
        letters
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes().map(|byte| byte.to_ascii_lowercase()) {
            self.0[usize::from(byte / 64)] |= 1 << (byte % 64);
        }
    }

    fn contain(self, needed: Letters) -> bool {
        self.0.iter().zip(needed.0).all(|(mine, needed)| needed & !mine == 0)
    }

    /// What any text must have that matches.
    fn needed(matcher: &Matcher) -> Letters {
        let mut letters = Letters::NONE;
        match matcher {
            Matcher::Text(text) | Matcher::Exact(text) => letters.add(text),
            Matcher::Glob(glob) => glob.parts().for_each(|part| letters.add(part)),
            _ => {}
        }
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predicate::{Case, Glob};

    #[test]
    fn letters_rule_out_what_cannot_match() {
        let check = |matcher: Matcher, text: &str, expected: bool| {
            assert_eq!(Letters::of(text).contain(Letters::needed(&matcher)), expected, "{matcher:?} {text}");
        };
        check(Matcher::Text("Äb".to_owned()), "xBÄ", true);
        check(Matcher::Text("ab".to_owned()), "ac", false);
        check(Matcher::Exact(String::new()), "", true);
        check(Matcher::Glob(Glob::new(["", "kali", "7", ""], Case::Ignored)), "KALI linux 7", true);
        check(Matcher::Glob(Glob::new(["", "kali", ""], Case::Kept)), "kal", false);
        check(Matcher::Exists, "", true);
    }
}
