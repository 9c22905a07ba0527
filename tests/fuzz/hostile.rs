//! Texts that somebody who means harm would write, and what must not be left of them.

use std::ops::Range;

use coldstart::sanitize;
use proptest::prelude::*;

use crate::pieces::PIECES;

/// Text in which everything that the parsers and the layout look at is frequent.
pub(crate) fn text(pieces: Range<usize>) -> impl Strategy<Value = String> {
    let long = (proptest::sample::select(PIECES), 2..60usize)
        .prop_map(|(piece, times)| piece.repeat(times));
    let piece = prop_oneof![
        30 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        6 => "[a-z]{1,14}",
        2 => any::<char>().prop_map(String::from),
        1 => long,
        1 => "[a-z]{60,200}",
    ];
    proptest::collection::vec(piece, pieces).prop_map(|pieces| pieces.concat())
}

/// What of `text` a terminal would obey or nobody would see: the first such character.
pub(crate) fn unfit(text: &str) -> Option<char> {
    let mut before = ' ';
    text.chars().find(|&c| {
        let tag = matches!(c, '\u{e0000}'..='\u{e007f}');
        let follows_flag = before == '🏴' || matches!(before, '\u{e0000}'..='\u{e007f}');
        before = c;
        c.is_control()
            || matches!(
                c,
                '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'
                    ..='\u{202e}'
            )
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
            || (tag && !follows_flag)
    })
}

/// Whether `text` may be written to a terminal as one line.
pub(crate) fn fit_line(text: &str) -> Result<(), TestCaseError> {
    prop_assert!(unfit(text).is_none(), "{:?} in {text:?}", unfit(text));
    Ok(())
}

/// Whether `text` may be written to a terminal as lines.
pub(crate) fn fit_lines(text: &str) -> Result<(), TestCaseError> {
    text.split('\n').try_for_each(fit_line)
}

/// Whether sanitising has nothing left to do.
pub(crate) fn sanitised(text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(sanitize::text(text), text);
    Ok(())
}
