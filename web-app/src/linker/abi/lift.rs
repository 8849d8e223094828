//! Answers of a plugin, read out of its memory by the canonical ABI. Everything that the memory says is an outsider's
//! claim: it is checked before it is followed, and before room is made for what it promises.

use super::guest::{Guest, bad, is_place};
use analyzer_core::detect::Severity;
use plugin_host::{Cause, Grouping, Limit, Limits, MANIFEST_BYTES, Manifest, OptionSpec, OptionValue, PluginFinding};

/// Bytes of a manifest, of an option in it and of a finding in the memory of a plugin.
const MANIFEST: usize = 104;
const OPTION: usize = 32;
const FINDING: usize = 32;
/// Bytes of a result whose error is a text.
const RESULT: usize = 12;
/// Bytes of a pointer with a length.
const LIST: usize = 8;
/// What a text, an option and a finding without their content count of an answer: what the host on the command line needs
/// for each.
const TEXT_COST: u64 = 24;
const OPTION_COST: u64 = 80;
const FINDING_COST: u64 = 80;

/// Reads what `describe` answered; `at` is where it put it.
pub fn manifest(guest: &impl Guest, at: u32) -> Result<Manifest, Cause> {
    let mut answer = Answer::new(guest, MANIFEST_BYTES as u64);
    let image = answer.image(at, 1, MANIFEST, 4)?;
    let options = answer.list(&image, 68, OPTION, 8, OPTION_COST)?;
    Ok(Manifest {
        id: answer.text(&image, 0)?,
        name: answer.text(&image, 8)?,
        version: answer.text(&image, 16)?,
        description: answer.text(&image, 24)?,
        severity: severity(byte(&image, 32))?,
        tactics: answer.texts(&image, 36)?,
        techniques: answer.texts(&image, 44)?,
        false_positives: answer.texts(&image, 52)?,
        references: answer.texts(&image, 60)?,
        options: options.chunks_exact(OPTION).map(|option| answer.option(option)).collect::<Result<_, _>>()?,
        select: answer.text(&image, 76)?,
        fields: answer.texts(&image, 84)?,
        grouping: match byte(&image, 92) {
            0 => Grouping::EachEvent,
            1 => Grouping::ByFields(answer.texts(&image, 96)?),
            2 => Grouping::AllEvents,
            _ => return Err(no_case()),
        },
    })
}

/// Reads what `configure` answered.
pub fn configured(guest: &impl Guest, at: u32, limits: &Limits) -> Result<(), Cause> {
    let mut answer = Answer::new(guest, limits.answer_bytes);
    let image = answer.image(at, 1, RESULT, 4)?;
    match byte(&image, 0) {
        0 => Ok(()),
        _ => Err(answer.refused(&image)?),
    }
}

/// Reads what `detect` answered.
pub fn findings(guest: &impl Guest, at: u32, limits: &Limits) -> Result<Vec<PluginFinding>, Cause> {
    let mut answer = Answer::new(guest, limits.answer_bytes);
    let image = answer.image(at, 1, RESULT, 4)?;
    if byte(&image, 0) != 0 {
        return Err(answer.refused(&image)?);
    }
    answer.claim(&image, 4, FINDING, 4, FINDING_COST)?;
    if u64::from(number(&image, 8)) > limits.findings {
        return Err(Cause::Limit { limit: Limit::Findings, allowed: limits.findings });
    }
    let list = answer.image(number(&image, 4), number(&image, 8), FINDING, 4)?;
    list.chunks_exact(FINDING).map(|finding| answer.finding(finding, limits)).collect()
}

/// Reads the start of a text that the plugin gives to the host while it runs, cut to about `most` bytes; also tells
/// whether it was longer.
pub fn line(guest: &impl Guest, at: u32, length: u32, most: u64, limits: &Limits) -> Result<(String, bool), Cause> {
    if !is_place(guest, at, u64::from(length), 1) {
        return Err(out_of_memory());
    }
    if u64::from(length) > limits.answer_bytes {
        return Err(Cause::Limit { limit: Limit::Answer, allowed: limits.answer_bytes });
    }
    let is_longer = u64::from(length) > most;
    let mut bytes = vec![0; u64::from(length).min(most) as usize];
    guest.read(at, &mut bytes);
    // A cut may split a character.
    let end = match std::str::from_utf8(&bytes) {
        Ok(_) => bytes.len(),
        Err(error) if is_longer && error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return Err(no_utf8()),
    };
    bytes.truncate(end);
    String::from_utf8(bytes).map(|text| (text, is_longer)).map_err(|_| no_utf8())
}

/// An answer that is being read.
struct Answer<'g, G> {
    guest: &'g G,
    /// How many bytes it may be, and how many of these are left.
    most: u64,
    left: u64,
}

impl<'g, G: Guest> Answer<'g, G> {
    fn new(guest: &'g G, most: u64) -> Answer<'g, G> {
        Answer { guest, most, left: most }
    }

    /// Counts so many items of so many bytes.
    fn pay(&mut self, items: u64, bytes: u64) -> Result<(), Cause> {
        let left = items.checked_mul(bytes).and_then(|cost| self.left.checked_sub(cost));
        self.left = left.ok_or(Cause::Limit { limit: Limit::Answer, allowed: self.most })?;
        Ok(())
    }

    /// Whether the items of a list, whose pointer and length stand at `at`, are in memory and not too many.
    fn claim(&mut self, image: &[u8], at: usize, size: usize, align: u32, cost: u64) -> Result<(), Cause> {
        let items = u64::from(number(image, at + 4));
        if !is_place(self.guest, number(image, at), items * size as u64, align) {
            return Err(out_of_memory());
        }
        self.pay(items, cost)
    }

    /// The bytes of so many items, which have been paid for.
    fn image(&self, at: u32, items: u32, size: usize, align: u32) -> Result<Vec<u8>, Cause> {
        let bytes = u64::from(items) * size as u64;
        if !is_place(self.guest, at, bytes, align) {
            return Err(out_of_memory());
        }
        let mut image = vec![0; bytes as usize];
        self.guest.read(at, &mut image);
        Ok(image)
    }

    /// The bytes of the items of a list whose pointer and length stand at `at`.
    fn list(&mut self, image: &[u8], at: usize, size: usize, align: u32, cost: u64) -> Result<Vec<u8>, Cause> {
        self.claim(image, at, size, align, cost)?;
        self.image(number(image, at), number(image, at + 4), size, align)
    }

    fn text(&mut self, image: &[u8], at: usize) -> Result<String, Cause> {
        utf8(self.list(image, at, 1, 1, 1)?)
    }

    fn texts(&mut self, image: &[u8], at: usize) -> Result<Vec<String>, Cause> {
        let list = self.list(image, at, LIST, 4, TEXT_COST)?;
        list.chunks_exact(LIST).map(|text| self.text(text, 0)).collect()
    }

    fn option(&mut self, image: &[u8]) -> Result<OptionSpec, Cause> {
        Ok(OptionSpec {
            name: self.text(image, 0)?,
            description: self.text(image, 8)?,
            default: match byte(image, 16) {
                0 => OptionValue::Flag(byte(image, 24) != 0),
                1 => OptionValue::Integer(i64::from_le_bytes(part(image, 24))),
                2 => OptionValue::Text(self.text(image, 24)?),
                3 => OptionValue::Texts(self.texts(image, 24)?),
                _ => return Err(no_case()),
            },
        })
    }

    fn finding(&mut self, image: &[u8], limits: &Limits) -> Result<PluginFinding, Cause> {
        let has_title = is_some(byte(image, 16))?;
        let title_bytes = if has_title { number(image, 24) } else { 0 };
        self.claim(image, 8, 1, 1, 1)?;
        if u64::from(number(image, 12)) + u64::from(title_bytes) > limits.finding_text_bytes {
            return Err(Cause::Limit { limit: Limit::FindingText, allowed: limits.finding_text_bytes });
        }
        let rows = self.list(image, 0, 4, 4, 4)?;
        Ok(PluginFinding {
            rows: rows.as_chunks().0.iter().map(|row| u32::from_le_bytes(*row)).collect(),
            why: utf8(self.image(number(image, 8), number(image, 12), 1, 1)?)?,
            title: if has_title { Some(self.text(image, 20)?) } else { None },
            severity: if is_some(byte(image, 28))? { Some(severity(byte(image, 29))?) } else { None },
        })
    }

    /// The plugin's own error in a result.
    fn refused(&mut self, image: &[u8]) -> Result<Cause, Cause> {
        match byte(image, 0) {
            1 => Ok(Cause::Refused(self.text(image, 4)?)),
            _ => Err(no_case()),
        }
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, Cause> {
    String::from_utf8(bytes).map_err(|_| no_utf8())
}

fn severity(case: u8) -> Result<Severity, Cause> {
    Ok(match case {
        0 => Severity::Informational,
        1 => Severity::Low,
        2 => Severity::Medium,
        3 => Severity::High,
        4 => Severity::Critical,
        _ => return Err(no_case()),
    })
}

fn is_some(case: u8) -> Result<bool, Cause> {
    match case {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(no_case()),
    }
}

fn byte(image: &[u8], at: usize) -> u8 {
    image.get(at).copied().unwrap_or_default()
}

fn number(image: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(part(image, at))
}

/// Bytes of an image; its layout has them.
fn part<const N: usize>(image: &[u8], at: usize) -> [u8; N] {
    image.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
}

fn no_case() -> Cause {
    bad("a case that the contract does not have")
}

fn no_utf8() -> Cause {
    bad("a text that is not UTF-8")
}

fn out_of_memory() -> Cause {
    bad("an address that is not in its memory or not aligned")
}
