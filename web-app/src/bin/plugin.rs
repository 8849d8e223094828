//! A worker of the page: one plugin.

fn main() {
    web_app::plugin::start();
}
