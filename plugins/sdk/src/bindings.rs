//! What `wit-bindgen` makes of the contract: the exchange types, the import and the export macro.
//! The only place with unsafe code, all of it generated.
#![allow(unsafe_code, missing_docs, clippy::all, clippy::pedantic)]

wit_bindgen::generate!({
    path: "../contract/wit/since-v1.0",
    world: "plugin",
    pub_export_macro: true,
    export_macro_name: "export_bindings",
    default_bindings_module: "trailglass_plugin::bindings",
});
