//! The record of one event: as a tree whose values can be copied, looked for and excluded, and as its raw text.

use crate::kit::format::visible;
use crate::kit::menu::MenuItem;
use crate::kit::tree::{Tree, TreeNode, TreeValue};
use crate::kit::words::tr;
use crate::state::App;
use analyzer_core::view::detail::{Node, NodeKind, detail};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::sync::Arc;

/// What shows of the record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Its values.
    Tree,
    /// Its text.
    Raw,
}

impl Tab {
    fn id(self) -> &'static str {
        match self {
            Tab::Tree => "tab-tree",
            Tab::Raw => "tab-raw",
        }
    }

    fn other(self) -> Tab {
        match self {
            Tab::Tree => Tab::Raw,
            Tab::Raw => Tab::Tree,
        }
    }
}

/// The record, or why it cannot be read again.
#[component]
pub fn Record(
    /// Its text. Untrusted.
    raw: Result<String, String>,
    /// What shows of it.
    tab: RwSignal<Tab>,
) -> impl IntoView {
    let app = App::of_page();
    let pane = move || match (tab.get(), &raw) {
        (_, Err(why)) => view! { <p class="detail-wait">{why.clone()}</p> }.into_any(),
        (Tab::Raw, Ok(raw)) => raw_text(app, raw),
        (Tab::Tree, Ok(raw)) => tree(app, raw),
    };
    view! {
        <div class="tabs" role="tablist" aria-label=tr("Record")>
            <TabButton this=Tab::Tree label=tr("Tree") tab />
            <TabButton this=Tab::Raw label=tr("Raw") tab />
        </div>
        <div class="detail-pane" id="record" role="tabpanel" aria-labelledby=move || tab.get().id()>
            {pane}
        </div>
    }
}

#[component]
fn TabButton(this: Tab, label: &'static str, tab: RwSignal<Tab>) -> impl IntoView {
    let press = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            tab.set(this.other());
            crate::platform::page::focus(this.other().id());
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let is_it = move || tab.get() == this;
    view! {
        <button
            class="tab"
            role="tab"
            id=this.id()
            aria-controls="record"
            aria-selected=move || if is_it() { "true" } else { "false" }
            tabindex=move || if is_it() { "0" } else { "-1" }
            on:keydown=press
            on:click=move |_| tab.set(this)
        >
            {label}
        </button>
    }
}

fn raw_text(app: App, raw: &str) -> AnyView {
    let text = raw.to_owned();
    view! {
        <button class="small copy-raw" id="copy-raw" on:click=move |_| app.copy_text(text.clone(), tr("The record is copied."))>
            {tr("Copy")}
        </button>
        <pre class="raw" id="raw">
            {visible_lines(raw)}
        </pre>
    }
    .into_any()
}

fn tree(app: App, raw: &str) -> AnyView {
    let detail = detail(raw);
    if detail.nodes.is_empty() {
        return view! { <p class="detail-wait">{tr("This record cannot be shown as a tree. Its raw text can.")}</p> }
            .into_any();
    }
    let cut =
        detail.cut.then(|| view! { <p class="detail-wait">{tr("The tree ends here; the raw text is whole.")}</p> });
    let nodes: Vec<TreeNode> = detail.nodes.iter().map(tree_node).collect();
    let leaves = Arc::new(detail.nodes);
    let picked = leaves.clone();
    let on_pick = move |at: usize| {
        if let Some(query) = picked.get(at).and_then(Node::query) {
            app.narrow(&query);
        }
    };
    let on_menu = move |(at, point): (usize, (f64, f64))| {
        if let Some(node) = leaves.get(at) {
            app.menu.open(node.path.clone(), items(app, node), point);
        }
    };
    view! {
        <Tree label=tr("Record") nodes on_pick=Callback::new(on_pick) on_menu=Callback::new(on_menu) />
        {cut}
    }
    .into_any()
}

/// What can be done with a value.
fn items(app: App, node: &Node) -> Vec<MenuItem> {
    let item = |label, run: Callback<()>| MenuItem { label, key: "", run };
    let mut items = Vec::new();
    if let Some(query) = node.query() {
        let not = format!("NOT {query}");
        items.push(item(tr("Only events with this"), Callback::new(move |()| app.narrow(&query))));
        items.push(item(tr("Exclude events with this"), Callback::new(move |()| app.narrow(&not))));
    }
    if let NodeKind::Text(text) | NodeKind::Literal(text) = &node.kind {
        let text = text.clone();
        items.push(item(
            tr("Copy the value"),
            Callback::new(move |()| app.copy_text(text.clone(), tr("The value is copied."))),
        ));
    }
    let path = node.path.clone();
    items.push(item(
        tr("Copy the path"),
        Callback::new(move |()| app.copy_text(path.clone(), tr("The path is copied."))),
    ));
    items
}

fn tree_node(node: &Node) -> TreeNode {
    let value = match &node.kind {
        NodeKind::Object(size) | NodeKind::Array(size) => TreeValue::Branch(*size),
        NodeKind::Text(text) => TreeValue::Leaf { text: text.clone(), class: "json-text" },
        NodeKind::Literal(text) => {
            let class = match text.as_str() {
                "null" => "json-null",
                "true" | "false" => "json-boolean",
                _ => "json-number",
            };
            TreeValue::Leaf { text: text.clone(), class }
        }
    };
    let pick = node.query().map(|_| tr("Add to the search"));
    TreeNode { depth: node.depth, label: node.label.clone(), value, pick }
}

/// Raw text with its line breaks, and with everything else made visible that hides.
fn visible_lines(raw: &str) -> String {
    raw.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}
