//! Files that the browser saves: made piece by piece, and never sent anywhere.

use super::files::describe;
use js_sys::{Array, Uint8Array};
use web_sys::{Blob, BlobPropertyBag, Url};

/// A file in the making. The browser holds what is there already, on its disk if it is much.
#[derive(Default)]
pub struct Making {
    parts: Array,
    bytes: u64,
}

impl Making {
    /// Adds bytes.
    ///
    /// # Errors
    /// Why the browser does not take them.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), String> {
        let part = Array::of1(&Uint8Array::from(bytes));
        let part = Blob::new_with_u8_array_sequence(&part).map_err(|error| describe(&error))?;
        self.parts.push(&part);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// The whole file, of this media type.
    ///
    /// # Errors
    /// Why the browser does not hold it.
    pub fn finish(self, media_type: &str) -> Result<Made, String> {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        let whole =
            Blob::new_with_blob_sequence_and_options(&self.parts, &options).map_err(|error| describe(&error))?;
        let url = Url::create_object_url_with_blob(&whole).map_err(|error| describe(&error))?;
        Ok(Made { url, bytes: self.bytes })
    }
}

/// A file that can be saved until it is dropped with [`Made::forget`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its address, which names no server and works in this tab only.
    pub url: String,
    /// Its size.
    pub bytes: u64,
}

impl Made {
    /// Lets the browser drop it.
    pub fn forget(&self) {
        // An address that is none any more is no loss.
        let _ = Url::revoke_object_url(&self.url);
    }
}

/// Bytes that nobody can foresee.
///
/// # Errors
/// Why the browser has none.
pub fn chance() -> Result<[u8; 32], String> {
    let crypto = web_sys::window().ok_or("there is no window")?.crypto().map_err(|error| describe(&error))?;
    let mut bytes = [0; 32];
    crypto.get_random_values_with_u8_array(&mut bytes).map_err(|error| describe(&error))?;
    Ok(bytes)
}
