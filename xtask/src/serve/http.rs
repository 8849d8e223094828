//! As much of HTTP as a static page needs: GET and HEAD of files below one folder, one request a
//! connection, with the headers that the site's own file asks for. (The page is sealed by what it
//! carries itself: the browser tests serve it without these.)

use crate::build::publish::Rule;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longest request line and longest head in bytes; a browser's are far below.
const LINE_LIMIT: u64 = 8 * 1024;
const HEAD_LIMIT: u64 = 64 * 1024;

/// How long a silent client holds a thread.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    Get(String),
    Head(String),
    /// Another method, which a static site does not have.
    Other,
    Malformed,
}

/// Reads one request and answers it with a file of `folder`.
pub fn answer(stream: &TcpStream, folder: &Path, rules: &[Rule]) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = read_request(stream)?;
    let mut out = io::BufWriter::new(stream);
    let (path, with_body) = match &request {
        Request::Get(path) => (path, true),
        Request::Head(path) => (path, false),
        Request::Other => {
            return refuse(&mut out, "405 Method Not Allowed", "Allow: GET, HEAD\r\n");
        }
        Request::Malformed => return refuse(&mut out, "400 Bad Request", ""),
    };
    let Some(file) = locate(folder, path) else {
        return refuse(&mut out, "404 Not Found", "");
    };
    let mut content = File::open(&file)?;
    let length = content.metadata()?.len();
    let kind = media_type(&file);
    let headers = headers(rules, path);
    write!(
        out,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n"
    )?;
    if with_body {
        io::copy(&mut content, &mut out)?;
    }
    out.flush()
}

/// What the rules say about an address, as lines of an answer.
fn headers(rules: &[Rule], target: &str) -> String {
    let address = target.split(['?', '#']).next().unwrap_or_default();
    let about = rules.iter().filter(|rule| rule.is_about(address)).flat_map(|rule| &rule.headers);
    about.map(|(name, value)| format!("{name}: {value}\r\n")).collect()
}

fn refuse(out: &mut impl Write, status: &str, headers: &str) -> io::Result<()> {
    let length = status.len() + 1;
    write!(
        out,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\
         {headers}Connection: close\r\n\r\n{status}\n"
    )?;
    out.flush()
}

fn read_request(stream: &TcpStream) -> io::Result<Request> {
    let mut reader = BufReader::new(stream.take(HEAD_LIMIT));
    let mut line = String::new();
    reader.by_ref().take(LINE_LIMIT).read_line(&mut line)?;
    // The rest of the head says nothing that matters here, but closing a connection with unread
    // bytes makes the client see an error in place of the answer.
    let mut header = Vec::new();
    while reader.read_until(b'\n', &mut header)? > 0 && !matches!(&header[..], b"\r\n" | b"\n") {
        header.clear();
    }
    Ok(parse(&line))
}

fn parse(line: &str) -> Request {
    let mut words = line.split_ascii_whitespace();
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some("GET"), Some(target), Some(_), None) => Request::Get(target.to_owned()),
        (Some("HEAD"), Some(target), Some(_), None) => Request::Head(target.to_owned()),
        (Some(_), Some(_), Some(version), None) if version.starts_with("HTTP/") => Request::Other,
        _ => Request::Malformed,
    }
}

/// The file that a request's target names: it is looked up part by part, and a part that could
/// lead anywhere but down names nothing.
fn locate(folder: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let mut file = folder.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let part = percent_decoded(part)?;
        if part == "." || part == ".." || part.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    file.is_file().then_some(file)
}

fn percent_decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (high, low) = (hex(rest.next()?)?, hex(rest.next()?)?);
        bytes.push(high << 4 | low);
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("gz") => "application/gzip",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::{fs, thread};

    fn site() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-http-{}", std::process::id()));
        fs::create_dir_all(folder.join("site/demo one")).unwrap();
        fs::write(folder.join("secret"), "outside").unwrap();
        fs::write(folder.join("site/index.html"), "<!doctype html>").unwrap();
        fs::write(folder.join("site/demo one/a.wasm"), "\0asm").unwrap();
        folder.join("site")
    }

    fn check_in(folder: &Path, request: &str, status: &str, body: &str) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let folder = folder.to_owned();
        let server = thread::spawn(move || answer(&listener.accept().unwrap().0, &folder, &[]));
        client.write_all(format!("{request}\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
        let mut text = String::new();
        client.read_to_string(&mut text).unwrap();
        server.join().unwrap().unwrap();
        let (head, content) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{request} → {head}");
        assert_eq!(content, body, "{request}");
    }

    #[test]
    fn answers_with_files_below_the_folder_and_with_nothing_else() {
        let folder = site();
        let check = |request: &str, status: &str, body: &str| check_in(&folder, request, status, body);
        let missing = "404 Not Found\n";
        check("GET / HTTP/1.1", "200", "<!doctype html>");
        check("GET /index.html?x=/../secret HTTP/1.1", "200", "<!doctype html>");
        check("GET /demo%20one/a.wasm HTTP/1.1", "200", "\0asm");
        check("HEAD / HTTP/1.1", "200", "");
        check("GET /demo%20one/ HTTP/1.1", "404", missing);
        check("GET /../secret HTTP/1.1", "404", missing);
        check("GET /%2e%2e/secret HTTP/1.1", "404", missing);
        check("GET /demo%20one/..%2f..%2fsecret HTTP/1.1", "404", missing);
        check("GET /..%5csecret HTTP/1.1", "404", missing);
        check("GET /%zz HTTP/1.1", "404", missing);
        check("GET secret HTTP/1.1", "404", missing);
        check("POST / HTTP/1.1", "405", "405 Method Not Allowed\n");
        check("nonsense", "400", "400 Bad Request\n");
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    #[test]
    fn the_rules_of_the_site_become_headers() {
        let rules = crate::build::publish::rules("/*\n  A: 1\n/a.js\n  B: x: y\n  C: 2\n");
        assert_eq!(headers(&rules, "/a.js?x#y"), "A: 1\r\nB: x: y\r\nC: 2\r\n");
        assert_eq!(headers(&rules, "/b.js"), "A: 1\r\n");
    }

    #[test]
    fn a_module_has_the_type_that_browsers_compile_while_loading() {
        assert_eq!(media_type(Path::new("a/plugin_bg.wasm")), "application/wasm");
        assert_eq!(media_type(Path::new("boot.js")), "text/javascript; charset=utf-8");
    }
}
