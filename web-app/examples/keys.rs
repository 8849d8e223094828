//! Prints `docs/keys.md`: `cargo run --package web-app --example keys > docs/keys.md`.

fn main() {
    print!("{}", web_app::command::reference_page());
}
