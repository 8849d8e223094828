//! The document: theme, focus, scrolling, the fragment of the address.

use super::files::{describe, forever};
use leptos::prelude::request_animation_frame;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, FocusOptions, HtmlDialogElement, HtmlElement, HtmlInputElement, MouseEvent, Node, PointerEvent,
    ResizeObserver, ScrollIntoViewOptions, ScrollLogicalPosition, Window,
};

/// What has the keyboard focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A field in which text is typed.
    Text,
    /// A button, link or other control.
    Control,
    /// Anything else.
    Elsewhere,
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// The element with this id, if it is one of this kind.
fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Whether there is a page: a worker has none.
pub fn is_here() -> bool {
    window().is_some()
}

/// Milliseconds since the page was opened, to 0.1 ms.
pub fn now_ms() -> f64 {
    window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// Milliseconds since 1970.
pub fn date_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// How many processors the browser admits to, if it does.
pub fn processors() -> Option<usize> {
    // A browser that keeps it to itself has no such property, which reads as zero.
    window().map(|w| w.navigator().hardware_concurrency() as usize).filter(|&count| count > 0)
}

/// The element of the static page that the app takes over, emptied.
pub fn take_over(id: &str) -> Option<HtmlElement> {
    let element: HtmlElement = by_id(id)?;
    element.set_inner_html("");
    Some(element)
}

/// Sets or removes the attribute by which style sheets choose the theme.
pub fn set_theme(theme: Option<&str>) {
    let Some(root) = document().and_then(|d| d.document_element()) else { return };
    // Neither call can fail with these names.
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
}

/// The language that the user reads best, as a tag: `de-AT`.
pub fn language() -> String {
    window().and_then(|w| w.navigator().language()).unwrap_or_default()
}

/// Says in which language the page is.
pub fn set_language(tag: &str) {
    let Some(root) = document().and_then(|d| d.document_element()) else { return };
    // It cannot fail with this name.
    let _ = root.set_attribute("lang", tag);
}

/// The policy that was added to the document last: after the boot, the seal.
pub fn last_policy() -> String {
    let policies = document().and_then(|d| d.query_selector_all("meta[http-equiv='Content-Security-Policy']").ok());
    policies
        .and_then(|list| list.get(list.length().saturating_sub(1)))
        .and_then(|node| node.dyn_into::<Element>().ok()?.get_attribute("content"))
        .unwrap_or_default()
}

/// Moves the keyboard focus to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = by_id::<HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// The same, once the element is there: at once, or in the next frame.
pub fn focus_soon(id: &str) {
    match by_id::<Element>(id) {
        Some(_) => focus(id),
        None => focus_when_drawn(id.to_owned()),
    }
}

/// Moves the keyboard focus to what is in the order of Tab in the element with this id.
pub fn focus_within(id: &str) {
    let found = document().and_then(|d| d.query_selector(&format!("#{id} [tabindex='0']")).ok());
    if let Some(element) = found.flatten().and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether the element with this id, or something in it, has the focus.
pub fn has_focus_within(id: &str) -> bool {
    by_id::<Element>(id).zip(active_element()).is_some_and(|(element, active)| element.contains(Some(&active)))
}

fn active_element() -> Option<Element> {
    document()?.active_element()
}

/// What has the focus now gets it back in the next frame, if it is lost until then: an element that is moved loses it.
pub fn hold_focus() {
    let Some(element) = active_element().and_then(|e| e.dyn_into::<HtmlElement>().ok()) else { return };
    request_animation_frame(move || {
        let is_lost = active_element().is_none_or(|now| now.tag_name() == "BODY");
        if is_lost && element.is_connected() {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // Fails for no element.
            let _ = element.focus_with_options(&options);
        }
    });
}

/// What is drawn anew until the next frame stands then as it stands now: the focus, the caret, open dialogs, and how far each
/// element of the selector is scrolled.
pub fn keep_place(scrolled: &'static str) {
    let Some(document) = document() else { return };
    let ids = |selector: &str| -> Vec<String> {
        elements(&document, selector).iter().map(Element::id).filter(|id| !id.is_empty()).collect()
    };
    let focused = active_element().and_then(|active| active.closest("[id]").ok().flatten()).map(|element| element.id());
    let caret = focused.as_deref().and_then(caret);
    let open = ids("dialog[open]");
    let tops: Vec<i32> = elements(&document, scrolled).iter().map(Element::scroll_top).collect();
    request_animation_frame(move || {
        open.iter()
            .filter(|id| dialog(id).is_some_and(|dialog| !dialog.has_attribute("open")))
            .for_each(|id| open_dialog(id));
        for (element, top) in elements(&document, scrolled).iter().zip(tops) {
            element.set_scroll_top(top);
        }
        let Some(id) = focused.filter(|id| !has_focus_within(id)) else { return };
        let Some(element) = by_id::<HtmlElement>(&id) else { return };
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails for no element.
        let _ = element.focus_with_options(&options);
        if let (Some(input), Some(caret)) = (input(&id), caret.and_then(|units| u32::try_from(units).ok())) {
            // Fails for inputs that hold no text only.
            let _ = input.set_selection_range(caret, caret);
        }
    });
}

fn elements(document: &Document, selector: &str) -> Vec<Element> {
    let Ok(found) = document.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// The value of this attribute at what has the focus, or at the nearest element around it that has one.
pub fn attribute_at_focus(name: &str) -> Option<String> {
    active_element()?.closest(&format!("[{name}]")).ok()??.get_attribute(name)
}

/// Moves the focus to the element that stands so many places behind the focused one, or before it, among those that the
/// selector finds; it stops at the ends. What is focused need not be one of them: its place among them counts.
pub fn step_focus(selector: &str, by: isize) {
    let found = document().and_then(|d| d.query_selector_all(selector).ok());
    let Some(all) = found.filter(|all| all.length() > 0) else { return };
    let Some(active) = active_element() else { return };
    let is_before = |node: &Node| active.compare_document_position(node) & Node::DOCUMENT_POSITION_PRECEDING != 0;
    let before = (0..all.length()).take_while(|&number| all.get(number).is_some_and(|node| is_before(&node))).count();
    let is_one = all.get(before as u32).is_some_and(|node| node.is_same_node(Some(&active)));
    // Between two of them, the next one is a step away, too.
    let by = if is_one || by < 0 { by } else { by - 1 };
    let next = (before as isize).saturating_add(by).clamp(0, all.length() as isize - 1);
    if let Some(element) = all.get(next as u32).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// What kind of element has the keyboard focus.
pub fn focus_kind() -> Focus {
    match active_element().map(|e| e.tag_name()).as_deref() {
        Some("INPUT" | "TEXTAREA" | "SELECT") => Focus::Text,
        Some("BUTTON" | "A" | "SUMMARY") => Focus::Control,
        _ => Focus::Elsewhere,
    }
}

fn input(id: &str) -> Option<HtmlInputElement> {
    by_id(id)
}

/// Where the caret of the input with this id is, in UTF-16 units.
pub fn caret(id: &str) -> Option<usize> {
    input(id)?.selection_start().ok()?.map(|units| units as usize)
}

/// Replaces the text of the input with this id and puts its caret behind so many UTF-16 units.
pub fn write(id: &str, text: &str, caret: usize) {
    let (Some(input), Ok(caret)) = (input(id), u32::try_from(caret)) else { return };
    input.set_value(text);
    // Fails for inputs that hold no text only.
    let _ = input.set_selection_range(caret, caret);
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    by_id(id)
}

/// Opens the dialog with this id in front of everything else.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        // Fails for one that is not in the document.
        let _ = dialog.show_modal();
    }
}

/// Opens the dialog with this id at a point of the window, as near as it fits; what it holds may be drawn in this turn, so
/// the element with the other id gets the focus in the next frame.
pub fn open_dialog_at(id: &'static str, (x, y): (f64, f64), first: String) {
    let Some(dialog) = dialog(id).filter(|dialog| !dialog.has_attribute("open")) else { return };
    // Fails for one that is not in the document.
    let _ = dialog.show_modal();
    request_animation_frame(move || {
        let Some(window) = window() else { return };
        let side = |size: Result<JsValue, JsValue>| size.ok().and_then(|size| size.as_f64()).unwrap_or_default();
        let place =
            |at: f64, whole: f64, length: i32| format!("{}px", at.min(whole - f64::from(length) - 8.0).max(8.0));
        let style = dialog.style();
        // Neither call can fail with these names.
        let _ = style.set_property("left", &place(x, side(window.inner_width()), dialog.offset_width()));
        let _ = style.set_property("top", &place(y, side(window.inner_height()), dialog.offset_height()));
        // Whoever is quick has gone on from the first already.
        let is_within = |element: Element| dialog.contains(Some(&element)) && !dialog.is_same_node(Some(&element));
        if !active_element().is_some_and(is_within) {
            focus(&first);
        }
    });
}

/// Closes the dialog with this id.
pub fn close_dialog(id: &str) {
    let Some(dialog) = dialog(id) else { return };
    dialog.close();
    // Where nothing had the focus before, it would stay in the closed dialog until the next frame, with the keys.
    let Some(element) = active_element().and_then(|e| e.dyn_into::<HtmlElement>().ok()) else { return };
    if dialog.contains(Some(&element)) {
        let _ = element.blur();
    }
}

/// Whether a dialog stands in front of everything else.
pub fn has_open_dialog() -> bool {
    let open = document().and_then(|d| d.query_selector("dialog[open]").ok());
    open.flatten().is_some()
}

/// Scrolls until the element with this id can be seen in the list that holds it.
pub fn reveal(id: &str) {
    if let Some(element) = by_id::<Element>(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// The lower left corner of the element with this id, in CSS pixels of the window.
pub fn corner_of(id: &str) -> (f64, f64) {
    by_id::<Element>(id).map_or((0.0, 0.0), |element| {
        let rect = element.get_bounding_client_rect();
        // What is higher than a line has its corner far from what it is about.
        (rect.left() + 16.0, rect.bottom().min(rect.top() + 28.0))
    })
}

/// The id of what the element with this id says is active in it.
pub fn active_descendant(id: &str) -> Option<String> {
    by_id::<Element>(id)?.get_attribute("aria-activedescendant")
}

/// Where a pointer was, in CSS pixels of the window.
pub fn place_of(event: &MouseEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// What is below the pointer goes on to hear of it until the button is up.
pub fn hold_pointer(event: &PointerEvent) {
    if let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
        // Without, a drag ends at the element's edge: worse, but no reason to stop.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Width of the widest text in the elements of this selector, in CSS pixels; whole, where it is cut off.
pub fn widest_text(selector: &str) -> f64 {
    let Some(document) = document() else { return 0.0 };
    let Ok(elements) = document.query_selector_all(selector) else { return 0.0 };
    let width = |node: Node| {
        let range = document.create_range().ok()?;
        range.select_node_contents(&node).ok()?;
        Some(range.get_bounding_client_rect().width())
    };
    (0..elements.length()).filter_map(|at| elements.get(at)).filter_map(width).fold(0.0, f64::max)
}

/// Clicks the element with this id in the next frame, when it has been drawn.
pub fn click_soon(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = by_id::<HtmlElement>(id) {
            element.click();
            let _ = element.focus();
        }
    });
}

/// As [`reveal`], once what changed is drawn.
pub fn reveal_soon(id: String) {
    request_animation_frame(move || reveal(&id));
}

/// Moves the focus to the element with this id, once what changed is drawn.
pub fn focus_when_drawn(id: String) {
    request_animation_frame(move || focus(&id));
}

/// The address of the page as it is now.
pub fn address() -> String {
    window().and_then(|w| w.location().href().ok()).unwrap_or_default()
}

/// Puts a text on the clipboard.
///
/// # Errors
/// Why the browser does not.
pub async fn copy(text: &str) -> Result<(), String> {
    let clipboard = window().map(|w| w.navigator().clipboard()).filter(|clipboard| clipboard.is_object());
    // Pages that come neither from https nor from this computer have none.
    let clipboard = clipboard.ok_or_else(|| "this page has no clipboard".to_owned())?;
    JsFuture::from(clipboard.write_text(text)).await.map(|_| ()).map_err(|error| describe(&error))
}

/// Closes the dialog with this id if the event is about itself, not about something in it.
pub fn close_if_target(event: &MouseEvent, id: &str) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if target.is_some_and(|target| target.id() == id) {
        close_dialog(id);
    }
}

/// The fragment of the address, as it stands there. No server sees it.
pub fn fragment() -> String {
    window().and_then(|w| w.location().hash().ok()).unwrap_or_default()
}

/// Replaces the fragment of the address without a new entry in the tab's history.
pub fn replace_fragment(fragment: &str) {
    let Some(history) = window().and_then(|w| w.history().ok()) else { return };
    // The only failure is a browser's limit on calls per second: the address is then one edit behind.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{fragment}")));
}

/// Sets the fragment of the address as a new entry in the tab's history: "back" returns to what was there.
pub fn push_fragment(fragment: &str) {
    let Some(history) = window().and_then(|w| w.history().ok()) else { return };
    // As above.
    let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("#{fragment}")));
}

/// Calls `changed` when the system turns from light to dark or back.
pub fn on_system_theme(changed: impl FnMut() + 'static) {
    if let Some(query) = window().and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten()) {
        query.set_onchange(Some(&forever(Closure::<dyn FnMut()>::new(changed))));
    }
}

/// Calls `changed` with whether the page is at least so many CSS pixels wide, now and whenever that changes.
pub fn on_width(least: u32, mut changed: impl FnMut(bool) + 'static) {
    let query = format!("(min-width: {least}px)");
    let Some(query) = window().and_then(|w| w.match_media(&query).ok().flatten()) else { return };
    let watched = query.clone();
    changed(query.matches());
    query.set_onchange(Some(&forever(Closure::<dyn FnMut()>::new(move || changed(watched.matches())))));
}

/// Calls `changed` with the element's inner size in CSS pixels, now and whenever it changes.
pub fn observe_size(element: &HtmlElement, mut changed: impl FnMut(f64, f64) + 'static) {
    let mut watched: Option<Element> = Some(element.clone().into());
    let callback = Closure::<dyn FnMut(JsValue, ResizeObserver)>::new(move |_, observer: ResizeObserver| {
        // One that is gone has no size that anybody wants to know, and all that was around it would be kept with it.
        if watched.take_if(|element| !element.is_connected()).is_some() {
            observer.disconnect();
        }
        if let Some(element) = &watched {
            changed(f64::from(element.client_width()), f64::from(element.client_height()));
        }
    });
    if let Ok(observer) = ResizeObserver::new(&forever(callback)) {
        observer.observe(element);
    }
}
