//! What was selected for a plugin as bytes: numbers one after the other, texts with their lengths. Both ends are of one
//! build, so there is no version in it.

use super::packed::{Bytes, form_of};
use analyzer_core::detect::Picked;
use analyzer_core::event::{EventId, EventKey, Location};

/// Bytes of an event without its id as text: key, location.
const EVENT: usize = 8 + 16 + 4 + 4 + 8 + 4 + 1;

impl Bytes {
    /// Columns of selected events.
    pub fn of_picked(picked: &Picked) -> Bytes {
        let mut bytes = Vec::with_capacity(picked.len() * (EVENT + 40) + picked.codes.len() * 4);
        for number in [picked.len(), picked.width, picked.codes.len(), picked.texts.len()] {
            bytes.extend((number as u32).to_le_bytes());
        }
        for (key, location) in picked.keys.iter().zip(&picked.locations) {
            bytes.extend(key.time_ms.to_le_bytes());
            bytes.extend(key.id.0.to_le_bytes());
            bytes.extend(location.source.to_le_bytes());
            bytes.extend(location.member.to_le_bytes());
            bytes.extend(location.offset.to_le_bytes());
            bytes.extend(location.length.to_le_bytes());
            bytes.push(location.form as u8);
        }
        picked.codes.iter().for_each(|code| bytes.extend(code.to_le_bytes()));
        for text in picked.ids.iter().chain(&picked.texts) {
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        Bytes(bytes)
    }

    /// The columns again; `None` if they are none.
    pub fn picked(&self) -> Option<Picked> {
        let mut rest = Rest(&self.0);
        let [events, width, codes, texts] = [(); 4].map(|()| rest.number());
        let (events, codes, texts) = (events? as usize, codes? as usize, texts? as usize);
        let mut picked = Picked { width: width? as usize, ..Picked::default() };
        for _ in 0..events {
            let time_ms = i64::from_le_bytes(rest.part()?);
            picked.keys.push(EventKey { time_ms, id: EventId(u128::from_le_bytes(rest.part()?)) });
            picked.locations.push(Location {
                source: rest.number()?,
                member: rest.number()?,
                offset: u64::from_le_bytes(rest.part()?),
                length: rest.number()?,
                form: form_of(u8::from_le_bytes(rest.part()?)),
            });
        }
        picked.codes = rest.take(codes.checked_mul(4)?)?.as_chunks().0.iter().map(|c| u32::from_le_bytes(*c)).collect();
        picked.ids = (0..events).map(|_| rest.text()).collect::<Option<_>>()?;
        picked.texts = (0..texts).map(|_| rest.text()).collect::<Option<_>>()?;
        let is_whole = rest.0.is_empty() && picked.codes.len() == events.checked_mul(picked.width)?;
        is_whole.then_some(picked)
    }
}

/// What is not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn part<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.first_chunk().copied()
    }

    fn number(&mut self) -> Option<u32> {
        self.part().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::event::{Form, NO_TIME};

    fn picked() -> Picked {
        Picked {
            keys: vec![EventKey { time_ms: NO_TIME, id: EventId(u128::MAX) }, EventKey { time_ms: 1, id: EventId(2) }],
            ids: vec!["e".to_owned(), String::new()],
            locations: vec![
                Location { source: 1, member: 2, offset: u64::MAX, length: 3, form: Form::CsvRow },
                Location::default(),
            ],
            texts: vec!["東".to_owned()],
            width: 2,
            codes: vec![0, 1, 1, 0],
        }
    }

    #[test]
    fn there_and_back() {
        assert_eq!(Bytes::of_picked(&picked()).picked(), Some(picked()));
        assert_eq!(Bytes::of_picked(&Picked::default()).picked(), Some(Picked::default()));
    }

    #[test]
    fn nonsense_is_nothing() {
        let whole = Bytes::of_picked(&picked()).0;
        for end in 0..whole.len() {
            assert_eq!(Bytes(whole[..end].to_vec()).picked(), None, "{end}");
        }
        assert_eq!(Bytes(vec![0xff; 200]).picked(), None);
    }
}
