//! As much of HTML as our own page has: tags whose attributes hold no `>`.

/// The page with some tags replaced: `change` is asked about every opening tag of these names.
pub fn map_tags(page: &str, names: &[&str], mut change: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        let is_wanted = tag[1..].split([' ', '\n', '>']).next().is_some_and(|name| names.contains(&name));
        out.push_str(&rest[..at]);
        match is_wanted.then(|| change(tag)).flatten() {
            Some(changed) => out.push_str(&changed),
            None => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The value of a tag's attribute, in quotes or not.
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.find(&format!(" {name}="))?;
    let value = &tag[at + name.len() + 2..];
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '\n', '>']).next(),
    }
}

/// The page's policy.
pub fn policy(page: &str) -> Option<&str> {
    let tags = page.split('<').filter(|tag| tag.starts_with("meta "));
    let tag = tags.into_iter().find(|tag| attribute(tag, "http-equiv") == Some("Content-Security-Policy"))?;
    attribute(tag, "content")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_quoted_or_not() {
        fn check(tag: &str, name: &str, expected: Option<&str>) {
            assert_eq!(attribute(tag, name), expected, "{tag}");
        }
        check("<link href=./a.css rel=stylesheet>", "href", Some("./a.css"));
        check("<link href=./a.css rel=stylesheet>", "rel", Some("stylesheet"));
        check("<meta content=\"default-src 'none'\">", "content", Some("default-src 'none'"));
        check("<link data-href=a>", "href", None);
    }

    #[test]
    fn only_tags_of_the_names_are_replaced() {
        let changed = map_tags("a<p x=1>b</p><link><p>c", &["p"], |tag| (tag == "<p>").then(|| "!".to_owned()));
        assert_eq!(changed, "a<p x=1>b</p><link>!c");
    }
}
