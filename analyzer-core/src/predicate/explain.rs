//! Why an event matches a predicate, or not.

use super::{Predicate, Test};

/// A part of a predicate, and what became of it for one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The part as a query; empty for the predicate that everything matches.
    pub text: String,
    /// What kind of part it is.
    pub part: Part,
    /// Whether it holds.
    pub holds: bool,
    /// Whether it is one of those for which the whole predicate holds, or does not: of parts of which all must hold, and
    /// some do not, those decide that do not.
    pub decided: bool,
    /// The parts that it is made of.
    pub inner: Vec<Explanation>,
}

/// Kinds of parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Holds always.
    Everything,
    /// A test of a field.
    Test {
        /// The values that the field has in this event. None where it is missing or null.
        values: Vec<String>,
    },
    /// Holds if the part in it does not.
    Not,
    /// Holds if every part in it does.
    All,
    /// Holds if a part in it does.
    Any,
}

impl Explanation {
    /// The tests, in the order of the query.
    pub fn tests(&self) -> Vec<&Explanation> {
        match self.part {
            Part::Test { .. } => vec![self],
            _ => self.inner.iter().flat_map(Explanation::tests).collect(),
        }
    }
}

/// Explains a predicate for one event; `ask` gives what a test's field holds there, and whether the test does. Every test
/// is asked, not only those that decide.
pub fn explain(predicate: &Predicate, ask: &mut dyn FnMut(&Test) -> (Vec<String>, bool)) -> Explanation {
    let mut explanation = evaluate(predicate, ask);
    mark(&mut explanation);
    explanation
}

fn evaluate(predicate: &Predicate, ask: &mut dyn FnMut(&Test) -> (Vec<String>, bool)) -> Explanation {
    let (part, holds, inner) = match predicate {
        Predicate::Everything => (Part::Everything, true, Vec::new()),
        Predicate::Test(test) => {
            let (values, holds) = ask(test);
            (Part::Test { values }, holds, Vec::new())
        }
        Predicate::Not(inner) => {
            let inner = evaluate(inner, ask);
            (Part::Not, !inner.holds, vec![inner])
        }
        Predicate::All(inner) => {
            let inner: Vec<_> = inner.iter().map(|part| evaluate(part, ask)).collect();
            (Part::All, inner.iter().all(|part| part.holds), inner)
        }
        Predicate::Any(inner) => {
            let inner: Vec<_> = inner.iter().map(|part| evaluate(part, ask)).collect();
            (Part::Any, inner.iter().any(|part| part.holds), inner)
        }
    };
    Explanation { text: predicate.to_string(), part, holds, decided: false, inner }
}

/// This part decides; which of the parts in it do?
fn mark(explanation: &mut Explanation) {
    explanation.decided = true;
    let (is_not, holds) = (explanation.part == Part::Not, explanation.holds);
    let deciding = explanation.inner.iter_mut().filter(|inner| is_not || inner.holds == holds);
    deciding.for_each(mark);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predicate::parse;

    /// The tests of a query for an event with one name and two tags, each with its values, `+` if it holds, and `!` if it
    /// decided.
    fn check(query: &str, holds: bool, expected: &[&str]) {
        let values = |test: &Test| match test.field.name().as_str() {
            "eventName" => vec!["GetObject".to_owned()],
            "a.tags" => vec!["red".to_owned(), "blue".to_owned()],
            _ => Vec::new(),
        };
        let predicate = parse(query, None).predicate;
        let mut ask = |test: &Test| {
            let values = values(test);
            let holds = values.iter().any(|value| test.matcher.matches(value));
            (values, holds)
        };
        let explanation = explain(&predicate, &mut ask);
        let decided = predicate.decide(&mut |test| Some(values(test).iter().any(|value| test.matcher.matches(value))));
        assert_eq!((explanation.holds, explanation.decided, decided), (holds, true, Some(holds)), "{query}");
        let shown = |test: &Explanation| {
            let Part::Test { values } = &test.part else { panic!("{test:?}") };
            let sign = |is: bool, sign| if is { sign } else { "" };
            format!("{}{}{} {}", sign(test.decided, "!"), sign(test.holds, "+"), test.text, values.join(","))
        };
        let found: Vec<_> = explanation.tests().into_iter().map(shown).collect();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn what_decided() {
        check("", true, &[]);
        check("name:get*", true, &["!+eventName:get* GetObject"]);
        check("name=get*", false, &["!eventName=get* GetObject"]);
        check("name:GetObject a.tags:blue", true, &["!+eventName:GetObject GetObject", "!+a.tags:blue red,blue"]);
        check("name:GetObject a.tags:green", false, &["+eventName:GetObject GetObject", "!a.tags:green red,blue"]);
        check("name:x OR a.tags:red", true, &["eventName:x GetObject", "!+a.tags:red red,blue"]);
        check("name:x OR error:*", false, &["!eventName:x GetObject", "!errorCode:* "]);
        check("NOT error:*", true, &["!errorCode:* "]);
        check("NOT (name:x AND a.tags:red)", true, &["!eventName:x GetObject", "+a.tags:red red,blue"]);
        check(
            "NOT a.tags:(red OR green) AND (name:get* OR error:*)",
            false,
            &["!+a.tags:red red,blue", "a.tags:green red,blue", "+eventName:get* GetObject", "errorCode:* "],
        );
    }
}
