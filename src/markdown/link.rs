//! Addresses of links to what they open.

use std::borrow::Cow;
use std::ops::Range;

use super::Target;
use crate::sanitize;

/// What the address `address` (as decoded by the parser) opens.
pub(super) fn target(address: &str) -> Target {
    let address = sanitize::line(address);
    let address = address.trim();
    if let Some((scheme, rest)) = scheme(address) {
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" if rest.starts_with("//") => Target::Web(address.to_owned()),
            "mailto" => Target::Web(address.to_owned()),
            "fact" => Target::Fact(rest.to_owned()),
            "term" => Target::Term(rest.to_owned()),
            _ => Target::Refused(address.to_owned()),
        };
    }
    let (path, anchor) = address.split_once('#').unwrap_or((address, ""));
    let anchor = percent_decoded(anchor);
    if path.is_empty() && !anchor.is_empty() {
        return Target::Anchor(anchor.into_owned());
    }
    if is_file_of_the_course(path) {
        return Target::File { path: path.to_owned(), anchor: anchor.into_owned() };
    }
    Target::Refused(address.to_owned())
}

/// The path of the file that a picture of the address `address` is in; `None` where it is not one
/// of this machine's, and so may be anywhere.
pub fn picture_path(address: &str) -> Option<&str> {
    let path = address.split(['#', '?']).next().unwrap_or_default().trim();
    let is_elsewhere = scheme(path).is_some() || path.starts_with("//") || path.is_empty();
    (!is_elsewhere).then_some(path)
}

/// The first bare web address in `text`, as GitHub links them: after white space or an opening mark,
/// with a dot in its host, without the punctuation after it.
pub(super) fn bare_address(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("http")) {
        let start = from + found;
        from = start + "http".len();
        let (before, rest) = text.split_at(start);
        let follows = before.chars().next_back().is_none_or(|c| {
            c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(' | '（' | '「' | '、' | '，')
        });
        let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme));
        let (true, Some(scheme)) = (follows, scheme) else { continue };
        // The host comes first: it is short, so that no text makes the search slow.
        let after = rest.get(scheme.len()..).unwrap_or("");
        if !is_host(after.split(|c| !is_of_host(c)).next().unwrap_or("")) {
            continue;
        }
        let is_end = |c: char| {
            c.is_whitespace()
                || matches!(c, '<' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF65}')
        };
        let address = without_punctuation(rest.split(is_end).next().unwrap_or(rest));
        return Some(start..start + address.len());
    }
    None
}

/// `address` without punctuation at its end, and without a `)` that it does not open.
fn without_punctuation(address: &str) -> &str {
    let count = |paren| address.bytes().filter(|&b| b == paren).count();
    let mut unopened = count(b')').saturating_sub(count(b'('));
    let ends = |c| {
        if c == ')' && unopened > 0 {
            unopened -= 1;
            return true;
        }
        matches!(c, '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '"')
    };
    address.trim_end_matches(ends)
}

fn is_of_host(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Whether `host`, of characters that [`is_of_host`], has a dot and no empty part.
fn is_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.contains('.') && host.split('.').all(|part| !part.is_empty())
}

/// The scheme of an absolute address, and what follows its colon.
fn scheme(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once(':')?;
    let mut bytes = scheme.bytes();
    let valid = bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    valid.then_some((scheme, rest))
}

/// Whether `path` names a quiz or a scenario.
pub(super) fn is_toml(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "toml")
}

/// Whether `path` is a relative path to a lesson or to a quiz or scenario.
fn is_file_of_the_course(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("md" | "toml"))
        && !path.starts_with('/')
        && !path.contains(['\\', '?'])
}

/// `%41` to `A`; what does not decode to text stays as written.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = rest.get(1..3).and_then(|two| std::str::from_utf8(two).ok());
        let decoded = digits
            .filter(|two| first == b'%' && two.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { rest.get(3..).unwrap_or_default() } else { after };
    }
    match String::from_utf8(bytes) {
        Ok(decoded) => Cow::Owned(sanitize::line(&decoded).into_owned()),
        Err(_) => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, anchor: &str) -> Target {
        Target::File { path: path.into(), anchor: anchor.into() }
    }

    #[test]
    fn schemes() {
        assert_eq!(target("https://a.b/c?d#e"), Target::Web("https://a.b/c?d#e".into()));
        assert_eq!(target("HTTP://a.b"), Target::Web("HTTP://a.b".into()));
        assert_eq!(target("mailto:a@b.c"), Target::Web("mailto:a@b.c".into()));
        assert_eq!(target("fact:lambda.timeout"), Target::Fact("lambda.timeout".into()));
        assert_eq!(target("term:cold-start"), Target::Term("cold-start".into()));
        for refused in
            ["javascript:alert(1)", "file:///etc/passwd", "ssh://x", "//host/x", "http:x", ""]
        {
            assert_eq!(target(refused), Target::Refused(refused.into()));
        }
    }

    #[test]
    fn files_and_anchors() {
        assert_eq!(target("#key-points"), Target::Anchor("key-points".into()));
        assert_eq!(target("#gr%C3%B6%C3%9Fe"), Target::Anchor("größe".into()));
        assert_eq!(target("../2-a/b.md#c"), file("../2-a/b.md", "c"));
        assert_eq!(target("../../quizzes/x.toml"), file("../../quizzes/x.toml", ""));
        for refused in ["/etc/x.md", "a\\b.md", "picture.png", "b.md?x=1"] {
            assert_eq!(target(refused), Target::Refused(refused.into()));
        }
    }

    #[test]
    fn bare_addresses() {
        for (text, address) in [
            ("see https://a.b/c_d?e=f. Then", "https://a.b/c_d?e=f"),
            ("(http://a.b/c_(d))", "http://a.b/c_(d)"),
            ("xhttps://a.b http https://c.d", "https://c.d"),
            ("https://a.b/漢字。次", "https://a.b/漢字"),
            ("http://a.b:80/", "http://a.b:80/"),
        ] {
            assert_eq!(bare_address(text).and_then(|range| text.get(range)), Some(address));
        }
        for none in ["https://", "https://localhost", "http://a..b", "http:/a.b", "x"] {
            assert_eq!(bare_address(none), None);
        }
    }

    #[test]
    fn controls_do_not_hide_in_addresses() {
        assert_eq!(target("https://a.b/\u{1b}]0;x\u{7}"), Target::Web("https://a.b/␛]0;x␇".into()));
        assert_eq!(target("#a%1bb"), Target::Anchor("a␛b".into()));
    }
}
