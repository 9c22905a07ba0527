//! How much of a text is read. What lies beyond is cut with a notice, so that no file can make the
//! reader slow or overflow the stack.

/// Bytes of a source; a longer one is cut after its last whole line.
pub(super) const SOURCE_BYTES: usize = 1 << 20;
/// Events taken from the parser: starts, ends and pieces of text.
pub(super) const EVENTS: usize = 200_000;
/// Blocks within blocks, and apart from them, running text within running text.
pub(super) const NESTING: usize = 64;
/// Diagnostics about one text; one more says that there were others.
pub(super) const DIAGNOSTICS: usize = 200;

/// As much of `source` as is read: at most [`SOURCE_BYTES`], whole lines if it has any.
pub(super) fn head(source: &str) -> &str {
    if source.len() <= SOURCE_BYTES {
        return source;
    }
    let end = source.floor_char_boundary(SOURCE_BYTES);
    let head = source.get(..end).unwrap_or("");
    // A line that is most of the text is cut in its midst rather than dropped.
    match head.rfind('\n') {
        Some(line_end) if line_end > SOURCE_BYTES / 2 => head.get(..=line_end).unwrap_or(head),
        _ => head,
    }
}
