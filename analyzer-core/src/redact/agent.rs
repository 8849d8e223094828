//! User agents: the products that AWS and its tools name stay with their versions. Anything else can hold names.

use super::Redactor;

/// Products whose names say nothing about who uses them, in lower case.
const PRODUCTS: [&str; 38] = [
    "apn",
    "applewebkit",
    "aws-cli",
    "aws-internal",
    "aws-sdk-cpp",
    "aws-sdk-dotnet",
    "aws-sdk-go",
    "aws-sdk-go-v2",
    "aws-sdk-java",
    "aws-sdk-js",
    "aws-sdk-nodejs",
    "aws-sdk-php",
    "aws-sdk-ruby3",
    "aws-sdk-rust",
    "boto",
    "boto3",
    "botocore",
    "chrome",
    "curl",
    "darwin",
    "edg",
    "firefox",
    "gecko",
    "go",
    "hashicorp",
    "java",
    "kotlin",
    "linux",
    "macos",
    "mozilla",
    "node",
    "openjdk_64-bit_server_vm",
    "python",
    "ruby",
    "safari",
    "terraform",
    "version",
    "windows",
];

/// Digits of one part of a version: more would be an account.
const DIGITS: usize = 4;

impl Redactor {
    /// What stays of a user agent, and a pseudonym of the whole if something does not.
    pub(super) fn agent(&self, text: &str) -> String {
        let words = || text.trim_matches(['[', ']']).split_whitespace();
        let mut kept: Vec<String> = words().filter_map(product).collect();
        if words().ne(kept.iter().map(String::as_str)) || kept.is_empty() {
            kept.push(self.name(text).replacen("text-", "agent-", 1).replacen("name-", "agent-", 1));
        }
        kept.join(" ")
    }
}

/// A product with at most three parts of its version.
fn product(word: &str) -> Option<String> {
    let (name, version) = word.split_once('/')?;
    let is_part = |part: &&str| (1..=DIGITS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = version.split('.').take_while(is_part).take(3).collect();
    // Of more parts, which an address has too, the first says enough.
    let parts = if version.split('.').count() > 3 { parts.get(..1)? } else { &parts };
    (PRODUCTS.contains(&name.to_ascii_lowercase().as_str()) && !parts.is_empty())
        .then(|| format!("{name}/{}", parts.join(".")))
}
