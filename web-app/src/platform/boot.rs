//! What boot.js hands over once the page is sealed.

use super::files::LogFile;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// Everything that was loaded before the seal and is needed after it.
#[derive(Clone)]
pub struct BootKit {
    /// A `blob:` URL: the script of every worker.
    pub worker_url: String,
    /// The compiled module that each worker is posted first.
    pub worker_module: JsValue,
    /// A `blob:` URL: the script of every plugin's worker.
    pub plugin_url: String,
    /// The compiled module that each of these is posted first.
    pub plugin_module: JsValue,
    /// The demo trail; empty if the site was built without one.
    pub demo: Vec<LogFile>,
}

impl BootKit {
    /// Reads the object that boot.js builds; the error names the missing part.
    pub fn read(kit: &JsValue) -> Result<BootKit, String> {
        let part = |name: &str| {
            Reflect::get(kit, &name.into())
                .ok()
                .filter(|value| !value.is_undefined())
                .ok_or_else(|| format!("the boot kit lacks {name}"))
        };
        let url = |name: &str| part(name)?.as_string().ok_or_else(|| format!("{name} is not text"));
        let demo = Array::from(&part("demo")?).iter().filter_map(|entry| demo_file(&entry)).collect();
        Ok(BootKit {
            worker_url: url("workerUrl")?,
            worker_module: part("workerModule")?,
            plugin_url: url("pluginUrl")?,
            plugin_module: part("pluginModule")?,
            demo,
        })
    }
}

fn demo_file(entry: &JsValue) -> Option<LogFile> {
    let path = Reflect::get(entry, &"path".into()).ok()?.as_string()?;
    let file = Reflect::get(entry, &"file".into()).ok()?.dyn_into().ok()?;
    Some(LogFile::new(path, file))
}
