//! Prints `docs/fields.md`: `cargo run --package analyzer-core --example fields > docs/fields.md`.

fn main() {
    print!("{}", analyzer_core::field::reference_page());
}
