//! Paths that authors write: relative to the file they stand in, never out of the course.

use std::collections::BTreeSet;
use std::fmt;

use crate::markdown::{Block, BlockKind, Embed, Inline, InlineKind, Target, picture_path};

/// Why a path of an author is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It begins at the root of the file system.
    Absolute,
    /// It climbs out of the course.
    Outside,
    /// The course has no such file.
    Missing,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "is an absolute path",
            Self::Outside => "leads out of the course",
            Self::Missing => "is not in the course",
        })
    }
}

/// The path relative to the root that `path` means in the file `from`. Never [`Refusal::Missing`]:
/// whether the file is there is not looked at.
pub fn resolve(from: &str, path: &str) -> Result<String, Refusal> {
    let path = decoded(path);
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\', '~']) || drive {
        return Err(Refusal::Absolute);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(Refusal::Outside)?;
            }
            _ if part.contains(['\\', '\0']) => return Err(Refusal::Outside),
            _ => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// How the file `to` is written in the file `from`.
pub fn relative(from: &str, to: &str) -> String {
    let mut base: Vec<&str> = from.split('/').collect();
    base.pop();
    let to: Vec<&str> = to.split('/').collect();
    let shared = base.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", base.len() - shared);
    up.chain(to.into_iter().skip(shared)).collect::<Vec<_>>().join("/")
}

/// The paths of other files that `block` and the blocks in it name.
pub fn paths_of(block: &Block, paths: &mut BTreeSet<String>) {
    if let BlockKind::Embed(Embed::File { path, .. }) = &block.kind {
        paths.insert(path.clone());
    }
    block.texts().into_iter().for_each(|text| paths_in(text, paths));
    block.inner().into_iter().flatten().for_each(|block| paths_of(block, paths));
}

fn paths_in(inlines: &[Inline], paths: &mut BTreeSet<String>) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Link { target: Target::File { path, .. }, .. } => {
                paths.insert(path.clone());
            }
            InlineKind::Image { address, .. } => {
                paths.extend(picture_path(address).map(str::to_owned));
            }
            _ => {}
        }
        paths_in(inline.inner(), paths);
    }
}

/// The name of the file at `path`, without its folders and its ending.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// `path` without its percent signs: `my%20lesson.md`.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                match digit(high).zip(digit(low)).map(|(high, low)| u8::try_from(high * 16 + low)) {
                    Some(Ok(value)) => {
                        bytes.push(value);
                        rest = after;
                    }
                    _ => bytes.push(b'%'),
                }
            }
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_their_file_and_stay_inside() {
        let from = "lessons/1-introduction/4-cold.md";
        for (path, expected) in [
            ("../../quizzes/cold.toml", Ok("quizzes/cold.toml")),
            ("5-scaling.md", Ok("lessons/1-introduction/5-scaling.md")),
            ("./a/../b.md", Ok("lessons/1-introduction/b.md")),
            ("my%20lesson.md", Ok("lessons/1-introduction/my lesson.md")),
            ("100%.md", Ok("lessons/1-introduction/100%.md")),
            ("../../../etc/passwd", Err(Refusal::Outside)),
            ("..%2f../../../x", Err(Refusal::Outside)),
            ("a\\..\\..\\x.md", Err(Refusal::Outside)),
            ("/etc/passwd", Err(Refusal::Absolute)),
            ("%2fetc/passwd", Err(Refusal::Absolute)),
            ("C:/x.md", Err(Refusal::Absolute)),
            ("~/x.md", Err(Refusal::Absolute)),
        ] {
            assert_eq!(resolve(from, path), expected.map(str::to_owned), "{path}");
        }
    }

    #[test]
    fn a_path_is_written_from_where_it_stands() {
        assert_eq!(relative("lessons/1/a.md", "quizzes/a.toml"), "../../quizzes/a.toml");
        assert_eq!(relative("lessons/1/a.md", "lessons/1/b.md"), "b.md");
        assert_eq!(relative("a.md", "b/c.md"), "b/c.md");
    }
}
