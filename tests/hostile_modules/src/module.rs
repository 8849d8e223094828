//! A plugin by hand, as text. Addresses: the manifest at 1,024, its texts from 2,048, its fields at 3,072, findings at 4,096,
//! the answer of `detect` at 5,120; `cabi_realloc` hands out what is behind 65,536.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The parts that a case may replace; each is WebAssembly text.
#[derive(Clone)]
pub struct Parts {
    /// Pages of memory.
    pub pages: u32,
    /// Anything more in the module.
    pub more: String,
    /// The body of `cabi_realloc (param $old i32) (param $old_size i32) (param $align i32) (param $size i32)`.
    pub realloc: String,
    /// The body of `describe`, which returns where the manifest is.
    pub describe: String,
    /// The body of `configure`, which returns where its result is.
    pub configure: String,
    /// The body of `detect (param $rows i32) …`, which returns where its result is.
    pub detect: String,
    /// The plugin's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its query.
    pub select: String,
    /// How many fields its manifest says it has. One is there.
    pub fields: u32,
}

/// Findings are reported for the first row, with this text.
const WHY: &str = "it is so";

impl Parts {
    /// A plugin without fault: it has one finding, about the first row.
    pub fn good(id: &str) -> Self {
        Self {
            pages: 32,
            more: String::new(),
            realloc:
                "(global.set $next (i32.and (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
                (i32.sub (i32.const 0) (local.get $align))))
                (global.get $next)
                (global.set $next (i32.add (global.get $next) (local.get $size)))"
                    .to_owned(),
            describe: "(i32.const 1024)".to_owned(),
            configure: "(i32.const 6144)".to_owned(),
            detect: "(i32.store (i32.const 4224) (i32.load (local.get $rows))) (i32.const 5120)".to_owned(),
            id: id.to_owned(),
            name: "Made by hand".to_owned(),
            select: String::new(),
            fields: 1,
        }
    }

    /// The text of the core module.
    fn text(&self) -> String {
        let Self { pages, more, realloc, describe, configure, detect, .. } = self;
        let version = trailglass_contract::VERSION;
        let interface = format!("trailglass:detector/detector@{version}");
        let lists = (1..10).map(|_| " (param i32)").collect::<String>();
        let memory = self.memory();
        let data: String =
            memory.iter().map(|(at, bytes)| format!("(data (i32.const {at}) \"{}\")\n", escaped(bytes))).collect();
        format!(
            "(module
              (memory (export \"memory\") {pages})
              (global $next (mut i32) (i32.const 65536))
              {more}
              (func (export \"cabi_realloc\") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32)
                (result i32) {realloc})
              (func (export \"{interface}#describe\") (result i32) {describe})
              (func (export \"{interface}#configure\") (param i32 i32) (result i32) {configure})
              (func (export \"{interface}#detect\") (param $rows i32){lists} (result i32) {detect})
              {data})"
        )
    }

    /// What is in memory: where, and which bytes. The layout is that of the canonical ABI for the contract's records.
    fn memory(&self) -> Vec<(u32, Vec<u8>)> {
        let mut memory = Vec::new();
        let mut next = 2048;
        let mut text = |text: &str| {
            let at = next;
            memory.push((at, text.as_bytes().to_vec()));
            next += text.len() as u32;
            [at, text.len() as u32]
        };
        let (id, name, version, select, field) =
            (text(&self.id), text(&self.name), text("1.0.0"), text(&self.select), text("eventName"));
        let why = text(WHY);
        // An option is aligned to eight bytes, since it may hold a long integer.
        let none = [8, 0];
        // id, name, version, description; severity, one byte in a word; five lists; select, fields; grouping, and none of it.
        let lists = [none; 5];
        let mut manifest: Vec<u32> = [id, name, version, none].concat();
        manifest.push(2);
        manifest.extend(lists.concat());
        manifest.extend([select, [3072, self.fields]].concat());
        manifest.extend([0, 0, 0]);
        memory.push((1024, words(&manifest)));
        memory.push((3072, words(&field)));
        // rows, why, no title, no severity.
        memory.push((4096, words(&[[4224, 1], why, [0, 0], [0, 0]].concat())));
        memory.push((5120, words(&[0, 4096, 1])));
        memory
    }

    /// The component.
    ///
    /// # Panics
    /// When the text is no module of the contract's world.
    #[allow(clippy::expect_used, reason = "a case that cannot be made is a broken test")]
    pub fn component(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.text()).expect("the text is a module");
        let mut resolve = Resolve::default();
        let package = resolve.push_source("detector.wit", trailglass_contract::WIT).expect("the contract is WIT");
        let world = resolve.select_world(&[package], Some("plugin")).expect("the contract has a world");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).expect("metadata");
        let encoded = ComponentEncoder::default().module(&module).and_then(|encoder| encoder.encode());
        encoded.expect("the module makes a component")
    }
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
