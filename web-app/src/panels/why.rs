//! Why an event matches the search: its tests, which of them decided, and what they saw.

use crate::kit::format::{shortened, visible};
use crate::kit::section::Section;
use crate::kit::words::{tr, tr_with};
use crate::protocol::WhyTest;
use leptos::prelude::*;

/// So many characters of a value are shown: the tree has it whole.
const MOST: usize = 120;
/// So many values of a field are shown.
const VALUES: usize = 3;

/// The tests of the search.
#[component]
pub fn Why(
    /// In the order of the query.
    tests: Vec<WhyTest>,
    /// Whether they show.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let test = |test: WhyTest| {
        let found = found(&test.values);
        let mark = if test.holds { "M3 8.5 6.5 12 13 4.5" } else { "M4.5 4.5l7 7M11.5 4.5l-7 7" };
        view! {
            <li class="why-test" class:decided=test.decided>
                <svg class="icon" class:holds=test.holds viewBox="0 0 16 16" aria-hidden="true">
                    <path d=mark />
                </svg>
                <div>
                    <code class="why-text">{visible(&test.test)}</code>
                    <p class="why-found">{found}</p>
                </div>
                <span class="why-verdict faint">{verdict(&test)}</span>
            </li>
        }
    };
    view! {
        <Section title=tr("Why it matches") id="why" is_open>
            <ul>{tests.into_iter().map(test).collect_view()}</ul>
        </Section>
    }
}

fn verdict(test: &WhyTest) -> &'static str {
    match (test.holds, test.decided) {
        (true, true) => tr("holds, and decides"),
        (true, false) => tr("holds"),
        (false, true) => tr("does not hold, and decides"),
        (false, false) => tr("does not hold"),
    }
}

/// What a field holds, shortened.
fn found(values: &[String]) -> String {
    if values.is_empty() {
        return tr("no value").to_owned();
    }
    let mut texts: Vec<String> = values.iter().take(VALUES).map(|value| visible(&shortened(value, MOST))).collect();
    if values.len() > VALUES {
        texts.push(tr_with("and {} more", &[&(values.len() - VALUES).to_string()]));
    }
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shortened() {
        let check = |values: &[&str], expected: &str| {
            assert_eq!(found(&values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>()), expected);
        };
        check(&[], "no value");
        check(&["a\u{202e}b"], "a\\u{202e}b");
        check(&["a", "b", "c", "d", "e"], "a, b, c, and 2 more");
        check(&[&"x".repeat(500)], &format!("{}…", "x".repeat(120)));
    }
}
