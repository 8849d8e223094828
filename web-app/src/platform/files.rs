//! Drops and pickers become log files; a log file becomes bytes.

use super::pump::breathe;
use js_sys::{Array, ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::{Closure, WasmClosure};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ClipboardEvent, DataTransfer, DragEvent, File, FileSystemDirectoryEntry, FileSystemDirectoryReader,
    FileSystemEntry, FileSystemFileEntry, HtmlInputElement,
};

/// A file as the browser holds it: a handle, not bytes. It can be posted to a worker at no cost.
pub type FileHandle = File;

/// A file that the user chose, not yet read.
#[derive(Clone)]
pub struct LogFile {
    /// Path below the folder that was dropped or picked, or just the name.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// What a worker reads it through.
    pub handle: FileHandle,
}

impl LogFile {
    /// A file under the path by which the user knows it.
    pub fn new(path: String, handle: FileHandle) -> LogFile {
        LogFile { path, size: handle.size() as u64, handle }
    }

    /// A text as a file under this name.
    ///
    /// # Errors
    /// Why the browser does not hold it.
    pub fn of_text(path: String, text: &str) -> Result<LogFile, String> {
        let handle = File::new_with_str_sequence(&Array::of1(&text.into()), &path).map_err(|why| describe(&why))?;
        Ok(LogFile::new(path, handle))
    }

    /// Its text; bytes that are no UTF-8 are replaced. For small files only: it is read on the thread of the page.
    pub async fn text(&self) -> Result<String, String> {
        let text = JsFuture::from(self.handle.text()).await.map_err(|why| describe(&why))?;
        text.as_string().ok_or_else(|| "it has no text".to_owned())
    }
}

/// Makes a file picker one for folders.
pub fn pick_folders(input: &HtmlInputElement) {
    input.set_webkitdirectory(true);
}

/// The files of a picker for few; empties it, so that the same choice can be made again.
pub fn take_picked(input: &HtmlInputElement) -> Vec<LogFile> {
    take_handles(input).into_iter().map(named).collect()
}

/// The same for a picker of thousands of files or a folder: they are looked at later, some at a time.
pub fn take_many_picked(input: &HtmlInputElement) -> Dropped {
    Dropped { folders: Vec::new(), files: take_handles(input) }
}

fn take_handles(input: &HtmlInputElement) -> Vec<File> {
    let list = input.files();
    let files = list.iter().flat_map(|list| (0..list.length()).filter_map(|i| list.get(i))).collect();
    input.set_value("");
    files
}

fn named(file: File) -> LogFile {
    LogFile::new(relative_path(&file).unwrap_or_else(|| file.name()), file)
}

/// Path below the picked folder; a picker of single files leaves it empty.
fn relative_path(file: &File) -> Option<String> {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok()?.as_string()?;
    (!path.is_empty()).then_some(path)
}

/// Files that are named and handed on before the page gets a turn.
const AT_ONCE: usize = 64;

/// What was dropped or picked: files and folders, the latter not yet walked.
///
/// A browser empties its drop as soon as the event handler returns, so everything is taken out at once; folders are walked
/// later.
#[derive(Default)]
pub struct Dropped {
    folders: Vec<FileSystemDirectoryEntry>,
    files: Vec<File>,
}

/// Takes everything out of a drop.
pub fn take_dropped(event: &DragEvent) -> Dropped {
    event.data_transfer().map_or_else(Dropped::default, |transfer| take_out(&transfer))
}

/// What a user pastes.
pub enum Pasted {
    /// Files and folders that were copied elsewhere.
    Files(Dropped),
    /// A text.
    Text(String),
}

/// Takes everything out of what is pasted; nothing, if there are neither files nor text.
pub fn take_pasted(event: &ClipboardEvent) -> Option<Pasted> {
    let transfer = event.clipboard_data()?;
    let dropped = take_out(&transfer);
    if !dropped.folders.is_empty() || !dropped.files.is_empty() {
        return Some(Pasted::Files(dropped));
    }
    let text = transfer.get_data("text/plain").ok().filter(|text| !text.trim().is_empty())?;
    Some(Pasted::Text(text))
}

fn take_out(transfer: &DataTransfer) -> Dropped {
    let mut dropped = Dropped::default();
    let items = transfer.items();
    for item in (0..items.length()).filter_map(|i| items.get(i)).filter(|item| item.kind() == "file") {
        let entry = item.webkit_get_as_entry().ok().flatten();
        match entry.filter(FileSystemEntry::is_directory) {
            Some(folder) => dropped.folders.push(folder.unchecked_into()),
            // The file itself is at hand: not every browser can open the entry of one, or has entries at all.
            None => dropped.files.extend(item.get_as_file().ok().flatten()),
        }
    }
    dropped
}

impl Dropped {
    /// Walks the folders to their leaves. `found` is handed some files at a time, as soon as they are known; `lost` the path
    /// of each entry that cannot be read, and why.
    pub async fn walk(self, mut found: impl FnMut(Vec<LogFile>), mut lost: impl FnMut(String, String)) {
        for files in self.files.chunks(AT_ONCE) {
            // Before the first ones, too: the browser itself has just worked on the choice of the user.
            breathe().await;
            found(files.iter().cloned().map(named).collect());
        }
        let mut folders = self.folders;
        while let Some(folder) = folders.pop() {
            let reader = folder.create_reader();
            // readEntries gives at most a hundred or so at a time and says that it is done by giving none.
            loop {
                match read_entries(&reader).await {
                    Ok(entries) if entries.is_empty() => break,
                    Ok(entries) => found(sort_out(entries, &mut folders, &mut lost).await),
                    Err(why) => {
                        lost(folder.full_path(), why);
                        break;
                    }
                }
            }
        }
    }
}

/// Files are opened and returned, folders are put aside.
async fn sort_out(
    entries: Vec<FileSystemEntry>,
    folders: &mut Vec<FileSystemDirectoryEntry>,
    lost: &mut impl FnMut(String, String),
) -> Vec<LogFile> {
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if entry.is_directory() {
            folders.push(entry.unchecked_into());
            continue;
        }
        match open_entry(entry.unchecked_into()).await {
            Ok(file) => files.push(LogFile::new(path, file)),
            Err(why) => lost(path, why),
        }
    }
    files
}

async fn open_entry(entry: FileSystemFileEntry) -> Result<File, String> {
    let opened = settle(|done, failed| entry.file_with_callback_and_callback(done, failed)).await?;
    opened.dyn_into().map_err(|_| "not a file".to_owned())
}

async fn read_entries(reader: &FileSystemDirectoryReader) -> Result<Vec<FileSystemEntry>, String> {
    let entries =
        settle(|done, failed| reader.read_entries_with_callback_and_callback(done, failed).map_or((), drop)).await?;
    Ok(Array::from(&entries).iter().map(|entry| entry.unchecked_into()).collect())
}

/// Turns a pair of callbacks into something to await.
async fn settle(start: impl Fn(&Function, &Function)) -> Result<JsValue, String> {
    let promise = Promise::new(&mut |done, failed| start(&done, &failed));
    JsFuture::from(promise).await.map_err(|error| describe(&error))
}

/// Bytes that the browser was asked for and is fetching.
pub struct Pending(Result<JsFuture, String>);

impl Pending {
    /// The bytes, once they are there.
    pub async fn bytes(self) -> Result<Vec<u8>, String> {
        let buffer = self.0?.await.map_err(|error| describe(&error))?;
        let buffer: ArrayBuffer = buffer.dyn_into().map_err(|_| "no bytes".to_owned())?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

/// Asks for a part of a file.
pub fn ask_slice(file: &FileHandle, from: u64, to: u64) -> Pending {
    let part = file.slice_with_f64_and_f64(from as f64, to as f64);
    Pending(part.map(|part| part.array_buffer().into()).map_err(|error| describe(&error)))
}

/// Asks for many small files, one after the other in one go: asking for each by itself costs more than to parse it.
pub fn ask_together<'a>(files: impl Iterator<Item = &'a FileHandle>) -> Pending {
    let parts: Array = files.map(JsValue::from).collect();
    let joined = Blob::new_with_blob_sequence(&parts);
    Pending(joined.map(|joined| joined.array_buffer().into()).map_err(|error| describe(&error)))
}

/// What the browser says went wrong.
pub fn describe(error: &JsValue) -> String {
    Reflect::get(error, &"message".into())
        .ok()
        .and_then(|message| message.as_string())
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| format!("{error:?}"))
}

/// Keeps a callback alive for the life of the page.
pub(super) fn forever<T: WasmClosure + ?Sized>(closure: Closure<T>) -> Function {
    closure.into_js_value().unchecked_into()
}
