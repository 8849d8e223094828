//! The page's end of the wire to the worker of one plugin.

use crate::kit::words::{tr, tr_with};
use crate::platform::boot::BootKit;
use crate::platform::workers::{self, Message, WorkerLink};
use crate::protocol::{FromPlugin, ToPlugin, Trouble, VERSION, from_js, to_js};

/// A worker that was started for a plugin.
#[derive(Clone)]
pub struct PluginLink(WorkerLink);

impl PluginLink {
    /// Starts the worker of a plugin. `hear` gets what it says, and that it broke.
    ///
    /// # Errors
    /// Why the browser did not start it.
    pub fn start(kit: &BootKit, hear: impl Fn(FromPlugin) + Clone + 'static) -> Result<PluginLink, String> {
        let broke = hear.clone();
        let link = workers::start(
            &kit.plugin_url,
            &kit.plugin_module,
            move |message| hear(heard(message)),
            move |why| broke(broken(tr_with("its worker stopped: {}", &[&why]))),
        )?;
        Ok(PluginLink(link))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// Why it cannot be sent.
    pub fn post(&self, message: &ToPlugin) -> Result<(), String> {
        self.0.post(&to_js(message)?)
    }

    /// Ends the worker at once, whatever it does.
    pub fn end(&self) {
        self.0.end();
    }
}

fn heard(message: Message) -> FromPlugin {
    match from_js::<FromPlugin>(message) {
        Ok(FromPlugin::Ready(version)) if version != VERSION => broken(
            tr("the page and its workers come from different builds: reload the page without its cache").to_owned(),
        ),
        Ok(message) => message,
        Err(why) => broken(why),
    }
}

fn broken(text: String) -> FromPlugin {
    FromPlugin::Done(Some(Trouble::plain(text)))
}
