//! Text becomes a file that the browser saves where it saves downloads. Nothing is sent: the file is made in this tab.

use super::files::describe;
use js_sys::Array;
use leptos::prelude::set_timeout;
use std::time::Duration;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// How long the content stays for the browser to take it.
const KEPT: Duration = Duration::from_secs(60);

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON.
    Json,
    /// Markdown.
    Markdown,
    /// A page.
    Html,
}

impl Kind {
    fn mime(self) -> &'static str {
        match self {
            Kind::Json => "application/json",
            Kind::Markdown => "text/markdown",
            Kind::Html => "text/html",
        }
    }
}

/// Lets the browser save a text under this name, or ask the user for one.
///
/// # Errors
/// Why it does not.
pub fn save(name: &str, kind: Kind, text: &str) -> Result<(), String> {
    try_save(name, kind, text).map_err(|error| describe(&error))
}

fn try_save(name: &str, kind: Kind, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind.mime());
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no page")?;
    let link: HtmlElement = document.create_element("a")?.unchecked_into();
    let url = Url::create_object_url_with_blob(&blob)?;
    link.set_attribute("href", &url)?;
    // With a name the browser saves what the link leads to; it never goes there.
    link.set_attribute("download", name)?;
    link.click();
    // Some browsers take hold of the content a while after the click.
    set_timeout(move || drop(Url::revoke_object_url(&url)), KEPT);
    Ok(())
}
