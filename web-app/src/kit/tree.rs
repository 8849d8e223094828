//! Nested values as a tree that keys walk through (ARIA Authoring Practices, "Tree View Pattern"). A level is drawn when it
//! is opened.

use super::format::visible;
use super::words::{tr, tr_with};
use crate::platform::page;
use leptos::ev::KeyboardEvent;
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
    /// What a click on its value does, in a few words; without, it does nothing.
    pub pick: Option<&'static str>,
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

/// The nodes, which of them are open, and which one the keys are at.
#[derive(Clone, Copy)]
struct Walk {
    nodes: StoredValue<Arc<Vec<TreeNode>>>,
    open: RwSignal<Vec<bool>>,
    at: RwSignal<usize>,
    on_pick: Callback<usize>,
    on_menu: Callback<(usize, (f64, f64))>,
}

/// The tree. Nodes are known by their place in the list.
#[component]
pub fn Tree(
    /// What it is, for those who hear it.
    label: &'static str,
    /// Its nodes.
    nodes: Vec<TreeNode>,
    /// Called with a leaf whose value is clicked.
    on_pick: Callback<usize>,
    /// Called with a leaf for which a menu is asked, and the point where it belongs.
    on_menu: Callback<(usize, (f64, f64))>,
) -> impl IntoView {
    let is_open = |node: &TreeNode| match node.value {
        TreeValue::Branch(size) => node.depth < OPEN_LEVELS && size <= OPEN_CHILDREN,
        TreeValue::Leaf { .. } => false,
    };
    let open = RwSignal::new(nodes.iter().map(is_open).collect());
    let whole = 0..nodes.len();
    let nodes = StoredValue::new(Arc::new(nodes));
    let walk = Walk { nodes, open, at: RwSignal::new(0), on_pick, on_menu };
    view! {
        <ul class="tree tree-level" role="tree" aria-label=label on:keydown=move |event| walk.press(&event)>
            {walk.level(whole)}
        </ul>
    }
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Go(usize),
    Turn(usize),
    Menu(usize),
}

/// What a key means at a node, if anything.
fn meant(nodes: &[TreeNode], open: &[bool], at: usize, key: &str) -> Option<Step> {
    let node = nodes.get(at)?;
    let is_branch = matches!(node.value, TreeValue::Branch(size) if size > 0);
    let is_open = is_branch && open.get(at).copied().unwrap_or_default();
    match key {
        "ArrowDown" => after(nodes, open, at).map(Step::Go),
        "ArrowUp" => before(nodes, open, at).map(Step::Go),
        "ArrowRight" if is_branch && !is_open => Some(Step::Turn(at)),
        "ArrowRight" if is_open => Some(Step::Go(at + 1)),
        "ArrowLeft" if is_open => Some(Step::Turn(at)),
        "ArrowLeft" => parent(nodes, at).map(Step::Go),
        "Home" => Some(Step::Go(0)),
        "End" => std::iter::successors(Some(at), |&at| after(nodes, open, at)).last().map(Step::Go),
        "Enter" | " " if is_branch => Some(Step::Turn(at)),
        "Enter" | " " | "ContextMenu" | "F10" if matches!(node.value, TreeValue::Leaf { .. }) => Some(Step::Menu(at)),
        _ => None,
    }
}

fn parent(nodes: &[TreeNode], at: usize) -> Option<usize> {
    let depth = nodes.get(at)?.depth;
    nodes.get(..at)?.iter().rposition(|node| node.depth < depth)
}

/// The next node that can be seen.
fn after(nodes: &[TreeNode], open: &[bool], at: usize) -> Option<usize> {
    let depth = nodes.get(at)?.depth;
    let is_open = open.get(at).copied().unwrap_or_default();
    let is_seen = |node: &TreeNode| is_open || node.depth <= depth;
    nodes.get(at + 1..)?.iter().position(is_seen).map(|further| at + 1 + further)
}

/// The node that can be seen before this one.
fn before(nodes: &[TreeNode], open: &[bool], at: usize) -> Option<usize> {
    let mut found = at.checked_sub(1)?;
    // Inside of something closed, that is what can be seen.
    let mut above = parent(nodes, found);
    while let Some(branch) = above {
        if !open.get(branch).copied().unwrap_or_default() {
            found = branch;
        }
        above = parent(nodes, branch);
    }
    Some(found)
}

/// The outermost nodes of a part of the list, each with the range of what is below it.
fn members(nodes: &[TreeNode], part: Range<usize>) -> Vec<(usize, Range<usize>)> {
    let Some(depth) = nodes.get(part.start).map(|node| node.depth) else { return Vec::new() };
    let starts: Vec<usize> = part.clone().filter(|&i| nodes[i].depth == depth).collect();
    let ends = starts.iter().skip(1).copied().chain([part.end]);
    starts.iter().zip(ends).map(|(&start, end)| (start, start + 1..end)).collect()
}

fn id_of(at: usize) -> String {
    format!("tree-{at}")
}

impl Walk {
    fn press(self, event: &KeyboardEvent) {
        let key = event.key();
        let is_other = event.ctrl_key() || event.alt_key() || event.meta_key() || (key == "F10" && !event.shift_key());
        let at = self.at.get_untracked();
        let step = self.open.with_untracked(|open| self.nodes.with_value(|nodes| meant(nodes, open, at, &key)));
        let Some(step) = step.filter(|_| !is_other) else { return };
        match step {
            Step::Go(at) => self.go(at),
            Step::Turn(at) => self.turn(at),
            Step::Menu(at) => self.ask_menu(at),
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn go(self, at: usize) {
        self.at.set(at);
        page::focus(&id_of(at));
    }

    fn turn(self, at: usize) {
        self.at.set(at);
        self.open.update(|open| {
            if let Some(is_open) = open.get_mut(at) {
                *is_open = !*is_open;
            }
        });
    }

    fn ask_menu(self, at: usize) {
        self.at.set(at);
        self.on_menu.run((at, page::corner_of(&id_of(at))));
    }

    fn level(self, part: Range<usize>) -> AnyView {
        let nodes = self.nodes.get_value();
        members(&nodes, part).into_iter().map(|(at, below)| self.item(&nodes[at], at, below)).collect_view().into_any()
    }

    fn item(self, node: &TreeNode, at: usize, below: Range<usize>) -> AnyView {
        let key = visible(&node.label);
        let tabindex = move || if self.at.get() == at { "0" } else { "-1" };
        match &node.value {
            TreeValue::Branch(size) if *size > 0 => {
                let size = *size;
                let is_open = Memo::new(move |_| self.open.with(|open| open.get(at).copied().unwrap_or_default()));
                let inside = move || {
                    is_open
                        .get()
                        .then(|| view! { <ul class="tree-level" role="group">{self.level(below.clone())}</ul> })
                };
                view! {
                    <li
                        id=id_of(at)
                        class="tree-branch"
                        role="treeitem"
                        aria-expanded=move || if is_open.get() { "true" } else { "false" }
                        tabindex=tabindex
                        on:focus=move |_| self.at.set(at)
                    >
                        <span class="tree-toggle" on:click=move |_| self.turn(at)>
                            <span class="tree-key">{key}</span>
                            <span class="tree-size">{size}</span>
                        </span>
                        {inside}
                    </li>
                }
                .into_any()
            }
            TreeValue::Branch(_) => self.leaf(at, key, tr("empty").to_owned(), "json-null", None),
            TreeValue::Leaf { text, class } => self.leaf(at, key, visible(text), class, node.pick),
        }
    }

    fn leaf(self, at: usize, key: String, text: String, class: &'static str, pick: Option<&'static str>) -> AnyView {
        let class = format!("plain tree-value {class}");
        let tabindex = move || if self.at.get() == at { "0" } else { "-1" };
        let more = tr_with("More for {}", &[&key]);
        let value = match pick {
            None => view! { <span class=class>{text}</span> }.into_any(),
            Some(title) => {
                let pick = move |_| {
                    self.at.set(at);
                    self.on_pick.run(at);
                };
                view! { <button class=class tabindex="-1" title=title on:click=pick>{text}</button> }.into_any()
            }
        };
        view! {
            <li
                id=id_of(at)
                class="tree-leaf"
                role="treeitem"
                tabindex=tabindex
                on:focus=move |_| self.at.set(at)
                on:contextmenu=move |event| {
                    event.prevent_default();
                    self.at.set(at);
                    self.on_menu.run((at, page::place_of(&event)));
                }
            >
                <span class="tree-key">{key}</span>
                {value}
                // For the pointer; keys have Enter.
                <button class="plain tree-more" tabindex="-1" aria-hidden="true" title=more on:click=move |_| self.ask_menu(at)>
                    "⋯"
                </button>
            </li>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Branches with so many children as follow, leaves where none do.
    fn tree(depths: &[u16]) -> Vec<TreeNode> {
        let children = |at: usize| {
            let inner = depths[at + 1..].iter().take_while(|&&depth| depth > depths[at]);
            inner.filter(|&&depth| depth == depths[at] + 1).count()
        };
        let value = |at| match children(at) {
            0 => TreeValue::Leaf { text: String::new(), class: "" },
            size => TreeValue::Branch(size),
        };
        let node = |(at, &depth)| TreeNode { depth, label: String::new(), value: value(at), pick: None };
        depths.iter().enumerate().map(node).collect()
    }

    #[test]
    fn members_of_each_level() {
        let nodes = tree(&[0, 1, 2, 2, 1, 0, 1]);
        assert_eq!(members(&nodes, 0..7), [(0, 1..5), (5, 6..7)]);
        assert_eq!(members(&nodes, 1..5), [(1, 2..4), (4, 5..5)]);
        assert_eq!(members(&nodes, 2..4), [(2, 3..3), (3, 4..4)]);
        assert!(members(&nodes, 5..5).is_empty());
    }

    #[test]
    fn keys_walk_through_what_can_be_seen() {
        let nodes = tree(&[0, 1, 2, 2, 1, 0, 1]);
        // The first branch is open, the one in it is closed, and so is the last.
        let open = [true, false, false, false, false, false, false];
        let check = |at, key, expected| assert_eq!(meant(&nodes, &open, at, key), expected, "{at} {key}");
        check(0, "ArrowDown", Some(Step::Go(1)));
        check(1, "ArrowDown", Some(Step::Go(4)));
        check(4, "ArrowDown", Some(Step::Go(5)));
        check(5, "ArrowDown", None);
        check(5, "ArrowUp", Some(Step::Go(4)));
        check(4, "ArrowUp", Some(Step::Go(1)));
        check(0, "ArrowUp", None);
        check(0, "ArrowRight", Some(Step::Go(1)));
        check(1, "ArrowRight", Some(Step::Turn(1)));
        check(4, "ArrowRight", None);
        check(0, "ArrowLeft", Some(Step::Turn(0)));
        check(4, "ArrowLeft", Some(Step::Go(0)));
        check(5, "ArrowLeft", None);
        check(3, "Home", Some(Step::Go(0)));
        check(0, "End", Some(Step::Go(5)));
        check(1, "Enter", Some(Step::Turn(1)));
        check(4, "Enter", Some(Step::Menu(4)));
        check(4, "ContextMenu", Some(Step::Menu(4)));
        check(4, "x", None);
        assert_eq!(meant(&[], &[], 0, "Home"), None);
    }
}
