//! What wasmtime makes of the contract: plain exchange types, and typed calls of the exports.
#![allow(missing_docs, reason = "generated; the contract documents every item")]

wasmtime::component::bindgen!({
    path: "../plugins/contract/wit/since-v1.0",
    world: "plugin",
});
