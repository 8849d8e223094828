//! A file is one idea and a function fits a screen, or nearly.

use crate::rust_source::{code_only, line_of, offsets_of_word};
use crate::{assert_none, tree};

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 80;

#[test]
fn no_file_is_too_long() {
    let sources = tree::sources();
    let sources = sources.iter().filter(|source| source.has_extension(&["rs", "js", "mjs", "css"]));
    let violations: Vec<String> = sources
        .filter_map(|source| {
            let lines = source.text.lines().count();
            (lines > FILE_LINES).then(|| format!("{}: {lines} lines", source.path))
        })
        .collect();
    assert_none("a file has at most 600 lines: split it by idea", &violations);
}

#[test]
fn no_function_is_too_long() {
    let mut violations = Vec::new();
    for source in tree::rust_sources() {
        for function in functions(&code_only(&source.text)) {
            if function.lines > FUNCTION_LINES {
                let Function { name, line, lines } = function;
                violations.push(format!("{}:{line}: {name} has {lines} lines", source.path));
            }
        }
    }
    assert_none("a function has at most 80 lines", &violations);
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// The functions with a body, in code without comments and literals.
fn functions(code: &str) -> Vec<Function> {
    offsets_of_word(code, "fn")
        .filter_map(|at| {
            let rest = code[at + 2..].trim_start();
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // `fn(u8) -> u8` is a type.
            if name.is_empty() {
                return None;
            }
            let end = body_end(code, at)?;
            let line = line_of(code, at);
            Some(Function { name, line, lines: line_of(code, end) - line + 1 })
        })
        .collect()
}

/// The closing brace of the body of the function that starts here; none for a declaration.
fn body_end(code: &str, at: usize) -> Option<usize> {
    let (mut brackets, mut braces) = (0, 0);
    for (offset, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets -= 1,
            // `[u8; 4]` in the signature is no end.
            b';' if brackets == 0 && braces == 0 => return None,
            b'{' => braces += 1,
            b'}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

#[test]
fn functions_are_measured_from_signature_to_brace() {
    fn check(code: &str, expected: &[(&str, usize, usize)]) {
        let found = functions(&code_only(code));
        let found: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(found, expected, "{code}");
    }
    check("fn a() {}", &[("a", 1, 1)]);
    check("\nfn a(\n x: [u8; 4],\n) {\n if x { \"}\" }\n}\n", &[("a", 2, 5)]);
    check("trait T { fn a(&self); fn b() {\n } }", &[("b", 1, 2)]);
    check("type F = fn(u8) -> u8; fn a() {}", &[("a", 1, 1)]);
    check("fn a() {\n fn b() {\n }\n}", &[("a", 1, 4), ("b", 2, 2)]);
}
