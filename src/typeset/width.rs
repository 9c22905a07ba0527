//! How many cells a text takes: by grapheme cluster, as the screen's buffer will count them.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The cells that `text` takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    clusters(text).map(|(_, cells)| cells).sum()
}

/// The grapheme clusters of `text`, each with its cells.
pub fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let length = first_cluster(rest)?;
        let (cluster, after) = rest.split_at_checked(length)?;
        rest = after;
        Some((cluster, cluster_width(cluster)))
    })
}

/// `text`, cut with `…` where it is wider than `cells`.
pub fn fit(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for (cluster, wide) in clusters(text) {
        used += wide;
        if used > cells {
            break;
        }
        kept.push_str(cluster);
    }
    if cells > 0 {
        kept.truncate(kept.trim_end().len());
        kept.push('…');
    }
    kept
}

/// The length in bytes of the first cluster; most texts are ASCII, where no table is asked.
fn first_cluster(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [] => None,
        [b'\r', b'\n', ..] => Some(2),
        [a] if a.is_ascii() => Some(1),
        [a, b, ..] if a.is_ascii() && b.is_ascii() => Some(1),
        _ => text.graphemes(true).next().map(str::len),
    }
}

/// The cells of one cluster, as ratatui's buffer counts them.
fn cluster_width(cluster: &str) -> usize {
    if cluster.len() == 1 {
        return 1;
    }
    let mut chars = cluster.chars();
    if let (Some(one), None) = (chars.next(), chars.next()) {
        return if matches!(one, '\u{ff9e}' | '\u{ff9f}') { 1 } else { one.width().unwrap_or(0) };
    }
    let sound_marks = cluster.chars().filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}')).count();
    cluster.width() + sound_marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_have_the_width_of_the_screens_buffer() {
        use ratatui::buffer::Buffer;
        use ratatui::layout::Rect;
        use ratatui::style::Style;
        let samples = [
            "plain",
            "naïve",
            "e\u{301}a",
            "漢字",
            "👩‍👩‍👧",
            "👍🏽",
            "❤️",
            "❤",
            "1️⃣",
            "🇩🇪",
            "ｶﾞ",
            "각",
            "नमस्ते",
            "שלום",
            "…—–",
            "☑︎",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
            "ก็",
            "±§°",
        ];
        for sample in samples {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
            let (end, _) = buffer.set_stringn(0, 0, sample, 40, Style::default());
            assert_eq!(usize::from(end), width(sample), "{sample:?}");
        }
    }

    #[test]
    fn a_cut_text_ends_in_an_ellipsis_and_fits() {
        assert_eq!(fit("cold starts", 20), "cold starts");
        assert_eq!(fit("cold starts", 6), "cold…");
        assert_eq!(fit("漢字漢字", 4), "漢…");
        assert_eq!(fit("abc", 0), "");
    }
}
