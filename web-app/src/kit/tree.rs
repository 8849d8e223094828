//! Nested values as nested disclosures. A level is drawn when it is opened.

use super::format::visible;
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Levels that are open at first.
const OPEN_LEVELS: u16 = 4;
/// A level with more children than this starts closed.
const OPEN_CHILDREN: usize = 60;

/// One node. A tree is a list of them, parents before their children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeNode {
    /// 0 for the outermost.
    pub depth: u16,
    /// What stands before it.
    pub label: String,
    /// What it is.
    pub value: TreeValue,
    /// What is handed over when the user picks it; without, it cannot be picked.
    pub pick: Option<String>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeValue {
    /// It has so many children, which follow.
    Branch(usize),
    /// It has none.
    Leaf {
        /// What it shows.
        text: String,
        /// The class of its kind.
        class: &'static str,
    },
}

type Nodes = Arc<Vec<TreeNode>>;

/// The tree.
#[component]
pub fn Tree(
    /// Its nodes.
    nodes: Vec<TreeNode>,
    /// Called with what the picked leaf hands over, and its text.
    on_pick: Callback<(String, String)>,
) -> impl IntoView {
    let whole = 0..nodes.len();
    view! { <div class="tree">{level(Arc::new(nodes), whole, on_pick)}</div> }
}

/// The outermost nodes of a part of the list, each with the range of what is below it.
fn members(nodes: &[TreeNode], part: Range<usize>) -> Vec<(usize, Range<usize>)> {
    let Some(depth) = nodes.get(part.start).map(|node| node.depth) else { return Vec::new() };
    let starts: Vec<usize> = part.clone().filter(|&i| nodes[i].depth == depth).collect();
    let ends = starts.iter().skip(1).copied().chain([part.end]);
    starts.iter().zip(ends).map(|(&start, end)| (start, start + 1..end)).collect()
}

fn level(nodes: Nodes, part: Range<usize>, on_pick: Callback<(String, String)>) -> AnyView {
    let items = members(&nodes, part).into_iter().map(|(at, below)| item(&nodes, at, below, on_pick)).collect_view();
    view! { <ul class="tree-level">{items}</ul> }.into_any()
}

fn item(nodes: &Nodes, at: usize, below: Range<usize>, on_pick: Callback<(String, String)>) -> AnyView {
    let node = &nodes[at];
    let key = visible(&node.label);
    match &node.value {
        TreeValue::Branch(size) if !below.is_empty() => {
            let size = *size;
            let open = RwSignal::new(node.depth < OPEN_LEVELS && size <= OPEN_CHILDREN);
            let nodes = nodes.clone();
            let inside = move || open.get().then(|| level(nodes.clone(), below.clone(), on_pick));
            view! {
                <li class="tree-branch">
                    <button
                        class="plain tree-toggle"
                        aria-expanded=move || if open.get() { "true" } else { "false" }
                        on:click=move |_| open.update(|o| *o = !*o)
                    >
                        <span class="tree-key">{key}</span>
                        <span class="tree-size">{size}</span>
                    </button>
                    {inside}
                </li>
            }
            .into_any()
        }
        TreeValue::Branch(_) => leaf(key, "empty".to_owned(), "json-null", None, on_pick),
        TreeValue::Leaf { text, class } => leaf(key, text.clone(), class, node.pick.clone(), on_pick),
    }
}

fn leaf(
    key: String,
    text: String,
    class: &'static str,
    pick: Option<String>,
    on_pick: Callback<(String, String)>,
) -> AnyView {
    let shown = visible(&text);
    let value = match pick {
        None => view! { <span class=format!("tree-value {class}")>{shown}</span> }.into_any(),
        Some(pick) => view! {
            <button
                class=format!("plain tree-value {class}")
                title="Add to the search"
                on:click=move |_| on_pick.run((pick.clone(), text.clone()))
            >
                {shown}
            </button>
        }
        .into_any(),
    };
    view! {
        <li class="tree-leaf">
            <span class="tree-key">{key}</span>
            {value}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_each_level() {
        let depths = [0, 1, 2, 2, 1, 0, 1];
        let nodes: Vec<TreeNode> = depths
            .iter()
            .map(|&depth| TreeNode { depth, label: String::new(), value: TreeValue::Branch(1), pick: None })
            .collect();
        assert_eq!(members(&nodes, 0..7), [(0, 1..5), (5, 6..7)]);
        assert_eq!(members(&nodes, 1..5), [(1, 2..4), (4, 5..5)]);
        assert_eq!(members(&nodes, 2..4), [(2, 3..3), (3, 4..4)]);
        assert!(members(&nodes, 5..5).is_empty());
    }
}
