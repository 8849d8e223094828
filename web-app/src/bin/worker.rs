//! A worker of the page: one shard.

fn main() {
    web_app::shard::start();
}
