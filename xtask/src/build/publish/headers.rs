//! `_headers`, a file that several static hosts read: what they should send with the site. The page needs none of it, but what
//! only a header can say is said there. `cargo xtask serve` sends the same, from the same file.

/// The file's name.
pub const FILE: &str = "_headers";

/// What is sent with everything: types as they are declared, no address of the page to others, and no page of another origin
/// that shares a process with this one or embeds its files.
const ALWAYS: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
];

/// A file under a name with a hash never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The browser asks whether it has changed before it uses it again.
const ASK: &str = "no-cache";

/// A service worker does not have its page's policy: it may ask the place that it came from, and run nothing else.
const OF_SERVICE_WORKER: &str = "default-src 'none'; connect-src 'self'";

/// The headers of the addresses that a pattern names.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// An address from the root of the site, or the start of one and `*`.
    pub pattern: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
}

impl Rule {
    fn new(pattern: impl Into<String>, headers: &[(&str, &str)]) -> Self {
        let owned = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        Self { pattern: pattern.into(), headers: owned.collect() }
    }

    /// Whether it is about this address.
    pub fn is_about(&self, address: &str) -> bool {
        match self.pattern.strip_suffix('*') {
            Some(start) => address.starts_with(start),
            None => self.pattern == address,
        }
    }
}

/// The file, for a page with this policy and files with hashes in their names.
pub fn file<'a>(policy: &str, hashed: impl Iterator<Item = &'a String>) -> String {
    // Only a header can keep other pages from framing this one.
    let policy = format!("{policy}; frame-ancestors 'none'");
    let page = [("Content-Security-Policy", policy.as_str()), ("Cache-Control", ASK)];
    let service_worker = [("Content-Security-Policy", OF_SERVICE_WORKER), ("Cache-Control", ASK)];
    let mut rules = vec![
        Rule::new("/*", &ALWAYS),
        Rule::new("/", &page),
        Rule::new(format!("/{}", super::PAGE), &page),
        Rule::new(format!("/{}", super::SERVICE_WORKER), &service_worker),
    ];
    rules.extend(hashed.map(|path| Rule::new(format!("/{path}"), &[("Cache-Control", FOR_EVER)])));
    let line = |(name, value): &(String, String)| format!("  {name}: {value}\n");
    let text = |rule: &Rule| format!("{}\n{}", rule.pattern, rule.headers.iter().map(line).collect::<String>());
    rules.iter().map(text).collect()
}

/// What is in such a file; lines that are no rule are passed over.
pub fn rules(file: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for line in file.lines() {
        if line.starts_with('/') {
            rules.push(Rule::new(line.trim_end(), &[]));
        } else if let (Some(rule), Some((name, value))) = (rules.last_mut(), line.split_once(": ")) {
            rule.headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(address: &str, header: &str) -> Vec<String> {
        let file = file("default-src 'none'; worker-src blob:", ["boot.01234567.js".to_owned()].iter());
        let rules = rules(&file);
        let headers = rules.iter().filter(|rule| rule.is_about(address)).flat_map(|rule| &rule.headers);
        headers.filter(|(name, _)| name == header).map(|(_, value)| value.clone()).collect()
    }

    #[test]
    fn each_address_has_each_header_once() {
        fn check(address: &str, header: &str, expected: &[&str]) {
            assert_eq!(sent(address, header), expected, "{address} {header}");
        }
        let of_page = "default-src 'none'; worker-src blob:; frame-ancestors 'none'";
        check("/", "Content-Security-Policy", &[of_page]);
        check("/index.html", "Content-Security-Policy", &[of_page]);
        check("/index.html", "Cache-Control", &["no-cache"]);
        check("/sw.js", "Content-Security-Policy", &["default-src 'none'; connect-src 'self'"]);
        check("/sw.js", "Cache-Control", &["no-cache"]);
        check("/boot.01234567.js", "Cache-Control", &["public, max-age=31536000, immutable"]);
        check("/boot.01234567.js", "X-Content-Type-Options", &["nosniff"]);
        check("/boot.js", "Cache-Control", &[]);
        check("/boot.js", "Cross-Origin-Opener-Policy", &["same-origin"]);
    }
}
