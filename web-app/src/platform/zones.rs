//! Time zones as the browser knows them. It has their rules with it: nothing is asked of anybody.

use crate::kit::time::offset_in;
use js_sys::{Array, Function, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast as _, JsValue};

/// Moments that a browser has dates for lie within so many milliseconds of 1970.
const MOST_MS: f64 = 8.64e15;

thread_local! {
    /// Writes moments with the offset of the zone in use.
    static WRITES: RefCell<Option<Function>> = const { RefCell::new(None) };
}

fn intl(name: &str) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::get(&intl, &name.into()).ok()?.dyn_into().ok()
}

/// A format of this zone, or of this computer's; `None` if there is no such zone.
fn format_of(zone: Option<&str>) -> Option<JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    if let Some(zone) = zone {
        Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    }
    Reflect::construct(&intl("DateTimeFormat")?, &Array::of2(&"en-US".into(), &options)).ok()
}

fn name_of(format: &JsValue) -> Option<String> {
    let resolved: Function = Reflect::get(format, &"resolvedOptions".into()).ok()?.dyn_into().ok()?;
    Reflect::get(&resolved.call0(format).ok()?, &"timeZone".into()).ok()?.as_string()
}

/// The name of this computer's zone.
pub fn local() -> Option<String> {
    name_of(&format_of(None)?)
}

/// The name of the zone that somebody called so, whatever the case; `None` if there is none.
pub fn named(name: &str) -> Option<String> {
    let name = name.trim();
    let known = name_of(&format_of(Some(name))?)?;
    // A browser may know the zone by an older name: then it is called what the user called it.
    Some(if known.eq_ignore_ascii_case(name) { known } else { name.to_owned() })
}

/// The names of all zones, as the browser lists them.
pub fn all() -> Vec<String> {
    let values = intl("supportedValuesOf").and_then(|list| list.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok());
    values.map(|values| Array::from(&values).iter().filter_map(|name| name.as_string()).collect()).unwrap_or_default()
}

/// From now on [`offset_ms`] tells of this zone; false if there is none.
pub fn follow(zone: &str) -> bool {
    let writes = format_of(Some(zone)).and_then(|format| Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok());
    let is_known = writes.is_some();
    WRITES.set(writes);
    is_known
}

/// How far the zone is ahead of UTC at a moment, both in milliseconds. It takes some microseconds.
pub fn offset_ms(at_ms: i64) -> i64 {
    let at = (at_ms as f64).clamp(-MOST_MS, MOST_MS);
    let text = WRITES.with_borrow(|writes| writes.as_ref()?.call1(&JsValue::UNDEFINED, &at.into()).ok()?.as_string());
    text.and_then(|text| offset_in(&text)).unwrap_or_default()
}
