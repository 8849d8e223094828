//! What the page hands on from worker to worker without a look into it.

use super::Bytes;
use crate::platform::workers::Buffer;
use serde::{Deserialize, Serialize};

/// Packed bytes. With a million events they are tens of megabytes: the page's memory would have to grow for them, and its
/// thread to copy them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parcel(#[serde(with = "serde_wasm_bindgen::preserve")] Buffer);

impl Parcel {
    /// The bytes, in the memory of whoever opens it.
    pub fn open(&self) -> Bytes {
        Bytes(self.0.to_vec())
    }
}

impl From<Bytes> for Parcel {
    fn from(bytes: Bytes) -> Parcel {
        Parcel(Buffer::from(bytes.0.as_slice()))
    }
}
