//! From what trunk and the optimiser left to what a host serves: names with hashes, headers, sums; or one file with everything
//! inside. Pure functions of the files, so the same files give the same site.

mod digest;
mod headers;
mod html;
mod names;
mod single;

use crate::report::{Failure, Outcome};
use std::collections::BTreeMap;

pub use digest::sums;
pub use headers::{FILE as HEADERS, Rule, rules};
pub use single::single_file;

/// The page, whose name is what a server answers a folder with.
const PAGE: &str = "index.html";

/// The service worker, whose address is what a browser knows it by.
const SERVICE_WORKER: &str = "sw.js";

/// What the page starts.
const BOOT: &str = "boot.js";

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Relative to the site, with `/`.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Part {
    fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into() }
    }

    fn text(&self) -> Outcome<&str> {
        std::str::from_utf8(&self.bytes).map_err(|_| Failure::new(format!("{} is no text", self.path)))
    }
}

/// The site: every part but the page and the service worker under a name with a hash of its content, and the files that tell
/// hosts and people about them.
pub fn site(parts: Vec<Part>) -> Outcome<Vec<Part>> {
    let hashed: BTreeMap<String, String> = parts
        .iter()
        .filter(|part| ![PAGE, SERVICE_WORKER].contains(&part.path.as_str()))
        .map(|part| (part.path.clone(), names::hashed(&part.path, &part.bytes)))
        .collect();
    let page = names::page(find(&parts, PAGE)?.text()?, &hashed)?;
    let headers = headers::file(policy(&page)?, hashed.values());
    let mut site: Vec<Part> = parts
        .into_iter()
        .filter(|part| part.path != PAGE)
        .map(|part| Part { path: hashed.get(&part.path).cloned().unwrap_or(part.path), bytes: part.bytes })
        .collect();
    site.push(Part::new(PAGE, page));
    site.push(Part::new(headers::FILE, headers));
    site.sort_by(|a, b| a.path.cmp(&b.path));
    site.push(sums(&site));
    Ok(site)
}

fn find<'a>(parts: &'a [Part], path: &str) -> Outcome<&'a Part> {
    parts.iter().find(|part| part.path == path).ok_or_else(|| Failure::new(format!("the site has no {path}")))
}

fn policy(page: &str) -> Outcome<&str> {
    html::policy(page).ok_or_else(|| Failure::new("the page has no Content-Security-Policy"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As trunk leaves it.
    pub const RAW: &str = "<!doctype html><meta content=\"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self' blob:\" http-equiv=Content-Security-Policy><link href=./a.css rel=stylesheet><script src=boot.js type=module></script></head>";

    pub fn parts() -> Vec<Part> {
        [(PAGE, RAW), ("boot.js", "boot()"), (SERVICE_WORKER, "sw"), ("a.css", "p{}"), ("demo/x/a.json.gz", "log")]
            .map(|(path, text)| Part::new(path, text))
            .to_vec()
    }

    #[test]
    fn everything_but_the_page_and_the_service_worker_has_a_hash_in_its_name() {
        let site = site(parts()).unwrap();
        let paths: Vec<&str> = site.iter().map(|part| part.path.as_str()).collect();
        let expected = [
            "_headers",
            "a.806db221.css",
            "boot.31e652f3.js",
            "demo/x/a.836ff184.json.gz",
            "index.html",
            "sw.js",
            "SHA256SUMS",
        ];
        assert_eq!(paths, expected);
        let page = find(&site, PAGE).unwrap().text().unwrap();
        for expected in [
            "<link href=./a.806db221.css rel=stylesheet>",
            "<script src=boot.31e652f3.js type=module></script>",
            r#""demo/x/a.json.gz":"demo/x/a.836ff184.json.gz""#,
        ] {
            assert!(page.contains(expected), "{expected} is not in {page}");
        }
        let sums = find(&site, "SHA256SUMS").unwrap().text().unwrap();
        assert_eq!(sums.lines().count(), site.len() - 1);
    }

    #[test]
    fn the_same_files_give_the_same_site_in_whatever_order_they_come() {
        let mut reversed = parts();
        reversed.reverse();
        assert_eq!(site(parts()).unwrap(), site(reversed.clone()).unwrap());
        assert_eq!(single_file(&parts()).unwrap(), single_file(&reversed).unwrap());
    }

    #[test]
    fn a_page_that_does_not_name_its_parts_or_has_no_policy_is_no_site() {
        let check = |page: String, expected: &str| {
            let mut parts = parts();
            parts[0].bytes = page.into();
            assert_eq!(site(parts).unwrap_err().what, expected);
        };
        check(RAW.replace("boot.js", "start.js"), "the page does not name boot.js");
        check(RAW.replace("./a.css", "./b.css"), "the page does not name a.css");
        check(RAW.replace("http-equiv", "name"), "the page has no Content-Security-Policy");
        check("<p>".to_owned(), "the page has no script");
    }
}
