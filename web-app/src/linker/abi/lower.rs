//! Values of the host, written into the memory of a plugin by the canonical ABI. Room for every list and text is asked of
//! the plugin, also for empty ones, because it may free each of them.

use super::guest::{Guest, bad, is_place};
use plugin_host::{Batch, Cause, Column, Limit, OptionSetting, OptionValue};

/// Bytes of a pointer with a length.
const LIST: usize = 8;
/// Bytes of a column: its values and its codes.
const COLUMN: usize = 2 * LIST;
/// Bytes of the setting of an option: name, case and value.
const SETTING: usize = 24;
/// Where in it the case of the value stands, and where the value.
const CASE: usize = 8;
const VALUE: usize = 16;
/// Texts are written together if what lies between them is not more than this beside as much as they are.
const BETWEEN: u64 = 4 << 10;

/// What a function takes for a list: where it is and how many items it has.
type Flat = [u32; 2];

/// Writes a batch: the parameters of `detect`.
pub fn batch(guest: &impl Guest, batch: &Batch<'_>) -> Result<Vec<u32>, Cause> {
    let lists = [
        numbers(guest, &batch.rows)?,
        times(guest, &batch.times)?,
        columns(guest, &batch.columns)?,
        numbers(guest, &batch.group_starts)?,
        columns(guest, &batch.group_keys)?,
    ];
    Ok(lists.concat())
}

/// Writes the settings of all options: the parameters of `configure`.
pub fn settings(guest: &impl Guest, settings: &[OptionSetting]) -> Result<Vec<u32>, Cause> {
    let names: Vec<&[u8]> = settings.iter().map(|setting| setting.name.as_bytes()).collect();
    let at = room(guest, 8, settings.len(), SETTING)?;
    let names = texts_at(guest, &names)?;
    let mut image = vec![0; settings.len() * SETTING];
    for ((setting, name), entry) in settings.iter().zip(names).zip(image.chunks_exact_mut(SETTING)) {
        put_pair(entry, 0, name);
        let case = match &setting.value {
            OptionValue::Flag(flag) => {
                put(entry, VALUE, &[u8::from(*flag)]);
                0
            }
            OptionValue::Integer(number) => {
                put(entry, VALUE, &number.to_le_bytes());
                1
            }
            OptionValue::Text(text) => {
                let text = texts_at(guest, &[text.as_bytes()])?;
                put_pair(entry, VALUE, text.first().copied().unwrap_or_default());
                2
            }
            OptionValue::Texts(texts) => {
                put_pair(entry, VALUE, strings(guest, texts)?);
                3
            }
        };
        put(entry, CASE, &[case]);
    }
    guest.write(at, &image);
    Ok(vec![at, count(settings.len())?])
}

fn numbers(guest: &impl Guest, numbers: &[u32]) -> Result<Flat, Cause> {
    let at = room(guest, 4, numbers.len(), 4)?;
    guest.write(at, &image(numbers, |number| number.to_le_bytes()));
    Ok([at, count(numbers.len())?])
}

fn times(guest: &impl Guest, times: &[i64]) -> Result<Flat, Cause> {
    let at = room(guest, 8, times.len(), 8)?;
    guest.write(at, &image(times, |time| time.to_le_bytes()));
    Ok([at, count(times.len())?])
}

/// The bytes of all items. It is one copy, which the compiler does not see where bytes are collected.
fn image<T: Copy, const N: usize>(items: &[T], bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    let mut image = vec![0; items.len() * N];
    image.as_chunks_mut().0.iter_mut().zip(items).for_each(|(place, &item)| *place = bytes(item));
    image
}

fn columns(guest: &impl Guest, columns: &[Column<'_>]) -> Result<Flat, Cause> {
    let at = room(guest, 4, columns.len(), COLUMN)?;
    let mut image = vec![0; columns.len() * COLUMN];
    for (column, entry) in columns.iter().zip(image.chunks_exact_mut(COLUMN)) {
        put_pair(entry, 0, strings(guest, &column.values)?);
        put_pair(entry, LIST, numbers(guest, &column.codes)?);
    }
    guest.write(at, &image);
    Ok([at, count(columns.len())?])
}

fn strings(guest: &impl Guest, texts: &[impl AsRef<str>]) -> Result<Flat, Cause> {
    let at = room(guest, 4, texts.len(), LIST)?;
    let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_ref().as_bytes()).collect();
    let mut image = vec![0; texts.len() * LIST];
    for (flat, entry) in texts_at(guest, &texts)?.into_iter().zip(image.chunks_exact_mut(LIST)) {
        put_pair(entry, 0, flat);
    }
    guest.write(at, &image);
    Ok([at, count(texts.len())?])
}

/// Writes texts, each where the plugin gave room for it.
fn texts_at(guest: &impl Guest, texts: &[&[u8]]) -> Result<Vec<Flat>, Cause> {
    let sizes: Vec<u32> = texts.iter().map(|text| count(text.len())).collect::<Result<_, _>>()?;
    let places = guest.allocate(1, &sizes)?;
    if places.len() != sizes.len()
        || !places.iter().zip(&sizes).all(|(&at, &size)| is_place(guest, at, u64::from(size), 1))
    {
        return Err(no_room());
    }
    let total: u64 = sizes.iter().copied().map(u64::from).sum();
    let start = places.iter().min().copied().unwrap_or(0);
    let end = places.iter().zip(&sizes).map(|(&at, &size)| u64::from(at) + u64::from(size)).max().unwrap_or(0);
    let span = end.saturating_sub(u64::from(start));
    if texts.len() > 1 && span <= 2 * total + BETWEEN {
        // One copy out and one in cost less than a copy for each. No code of the plugin runs in between.
        let mut image = vec![0; span as usize];
        guest.read(start, &mut image);
        for (text, &at) in texts.iter().zip(&places) {
            put(&mut image, (at - start) as usize, text);
        }
        guest.write(start, &image);
    } else {
        places.iter().zip(texts).for_each(|(&at, text)| guest.write(at, text));
    }
    Ok(places.into_iter().zip(sizes).map(|(at, size)| [at, size]).collect())
}

/// Room for so many items.
fn room(guest: &impl Guest, align: u32, items: usize, size: usize) -> Result<u32, Cause> {
    let bytes = count(items.checked_mul(size).ok_or_else(too_large)?)?;
    let at = guest.allocate(align, &[bytes])?.first().copied().ok_or_else(no_room)?;
    if is_place(guest, at, u64::from(bytes), align) { Ok(at) } else { Err(no_room()) }
}

fn put_pair(image: &mut [u8], at: usize, [first, second]: Flat) {
    put(image, at, &first.to_le_bytes());
    put(image, at + 4, &second.to_le_bytes());
}

fn put(image: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = image.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn count(number: usize) -> Result<u32, Cause> {
    u32::try_from(number).map_err(|_| too_large())
}

/// More than any memory of a plugin could hold.
fn too_large() -> Cause {
    Cause::Limit { limit: Limit::Memory, allowed: u64::from(u32::MAX) }
}

fn no_room() -> Cause {
    bad("its realloc gave a place that is not in its memory")
}
