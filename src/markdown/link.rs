//! Addresses of links to what they open.

use std::borrow::Cow;

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
    fn controls_do_not_hide_in_addresses() {
        assert_eq!(target("https://a.b/\u{1b}]0;x\u{7}"), Target::Web("https://a.b/␛]0;x␇".into()));
        assert_eq!(target("#a%1bb"), Target::Anchor("a␛b".into()));
    }
}
