//! One event in full: what matters at a glance, where one can go on from it, its JSON as a tree, and its raw text.

use super::follow::Follow;
use super::marks::EventMark;
use super::why::Why;
use crate::kit::drawer::Drawer;
use crate::kit::format::{time, visible};
use crate::kit::tree::{Tree, TreeNode, TreeValue};
use crate::protocol::Reread;
use crate::state::{App, Opened};
use analyzer_core::field::FieldRef;
use analyzer_core::view::detail::{Node, NodeKind, detail};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Tree,
    Raw,
}

/// What the user has opened, whichever event it is.
#[derive(Clone, Copy)]
struct Looks {
    tab: RwSignal<Tab>,
    follow: RwSignal<bool>,
    why: RwSignal<bool>,
}

/// The drawer.
#[component]
pub fn DetailPanel() -> impl IntoView {
    let app = App::of_page();
    let looks = Looks { tab: RwSignal::new(Tab::Tree), follow: RwSignal::new(true), why: RwSignal::new(true) };
    let title = move || {
        app.opened.with(|o| match o {
            Some(o) => visible(o.row.event_name.as_deref().unwrap_or("Event")),
            None => "Event".to_owned(),
        })
    };
    let body = move || {
        app.opened.with(|opened| match opened {
            Some(opened) => content(app, opened, looks),
            None => view! { <p class="detail-wait">"Reading the event again from its file…"</p> }.into_any(),
        })
    };
    view! {
        <Drawer title=Signal::derive(title) on_close=Callback::new(move |()| app.close_side())>
            {body}
        </Drawer>
    }
}

fn content(app: App, opened: &Opened, looks: Looks) -> AnyView {
    let Looks { tab, follow, why } = looks;
    let row = &opened.row;
    let fact = |label: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <dt>{label}</dt>
                <dd>{visible(&value)}</dd>
            }
        })
    };
    let tab_button = |this: Tab, label: &'static str| {
        view! {
            <button
                class="tab"
                role="tab"
                aria-selected=move || if tab.get() == this { "true" } else { "false" }
                on:click=move |_| tab.set(this)
            >
                {label}
            </button>
        }
    };
    let raw = opened.reread.clone();
    let file = opened.reread.as_ref().ok().map(|reread| reread.path.clone());
    let pane = move || match (tab.get(), &raw) {
        (_, Err(why)) => view! { <p class="detail-wait">{why.clone()}</p> }.into_any(),
        (Tab::Raw, Ok(Reread { raw, .. })) => view! { <pre class="raw" id="raw">{visible_lines(raw)}</pre> }.into_any(),
        (Tab::Tree, Ok(Reread { raw, .. })) => tree(app, raw),
    };
    let (subjects, tests) = match &opened.reread {
        Ok(reread) => (reread.subjects.clone(), reread.why.clone()),
        Err(_) => (Vec::new(), Vec::new()),
    };
    let (query, has_tests) = (opened.query.clone(), !tests.is_empty());
    // Of another search it is not known why the event matches, nor whether it does.
    let is_explained = Memo::new(move |_| has_tests && app.filter.with(|filter| filter.query == query));
    view! {
        <div class="detail" id="detail">
                <dl class="detail-facts">
                    {fact("Time", Some(row.time_ms.map_or_else(|| "no time".to_owned(), |ms| format!("{} UTC", time(ms)))))}
                    {fact("Who", Some(row.principal.clone()))} {fact("From", row.source_address.clone())}
                    {fact("Service", row.event_source.clone())} {fact("Region", row.region.clone())}
                    {fact("Account", row.account.clone())} {fact("Error", row.error_code.clone())}
                    {fact("Event id", Some(row.event_id.clone()))} {fact("File", file)}
                </dl>
            <EventMark row=row.clone() />
            <Follow subjects time_ms=row.time_ms is_open=follow />
            <Show when=move || is_explained.get()>
                <Why tests=tests.clone() is_open=why />
            </Show>
            <div class="tabs" role="tablist">
                {tab_button(Tab::Tree, "Tree")} {tab_button(Tab::Raw, "Raw")}
            </div>
            <div class="detail-pane" role="tabpanel">
                {pane}
            </div>
        </div>
    }
    .into_any()
}

fn tree(app: App, raw: &str) -> AnyView {
    let detail = detail(raw);
    if detail.nodes.is_empty() {
        return view! { <p class="detail-wait">"This record cannot be shown as a tree. Its raw text can."</p> }
            .into_any();
    }
    let on_pick = Callback::new(move |(field, value): (String, String)| app.add_term(&field, &value));
    let cut = detail.cut.then(|| view! { <p class="detail-wait">"The tree ends here; the raw text is whole."</p> });
    view! {
        <Tree nodes=detail.nodes.into_iter().map(tree_node).collect() on_pick />
        {cut}
    }
    .into_any()
}

fn tree_node(node: Node) -> TreeNode {
    let value = match node.kind {
        NodeKind::Object(size) | NodeKind::Array(size) => TreeValue::Branch(size),
        NodeKind::Text(text) => TreeValue::Leaf { text, class: "json-text" },
        NodeKind::Literal(text) => {
            let class = match text.as_str() {
                "null" => "json-null",
                "true" | "false" => "json-boolean",
                _ => "json-number",
            };
            TreeValue::Leaf { text, class }
        }
    };
    let is_searchable = matches!(FieldRef::parse(&node.path), FieldRef::Standard(_));
    let is_value = !matches!(&value, TreeValue::Leaf { class: "json-null", .. });
    TreeNode { depth: node.depth, label: node.label, value, pick: (is_searchable && is_value).then_some(node.path) }
}

/// Raw text with its line breaks, and with everything else made visible that hides.
fn visible_lines(raw: &str) -> String {
    raw.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}
