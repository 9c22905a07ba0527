//! Sanitising: nothing that a terminal obeys is left, once is enough, and what is found is where
//! it is said to be.

use std::time::{Duration, Instant};

use coldstart::sanitize;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{cases, hostile};

fn check(dirty: &str) -> Result<(), TestCaseError> {
    let clean = sanitize::text(dirty);
    hostile::fit_lines(&clean.replace('\t', " "))?;
    prop_assert!(clean.graphemes(true).all(|cluster| cluster.len() <= 64), "a tower in {clean:?}");
    hostile::sanitised(&clean)?;
    prop_assert_eq!(sanitize::findings(&clean), vec![]);
    let line = sanitize::line(dirty);
    hostile::fit_line(&line)?;
    prop_assert_eq!(sanitize::line(&line), line.as_ref());
    for (at, found) in sanitize::findings(dirty) {
        prop_assert_eq!(dirty.get(at..).and_then(|rest| rest.chars().next()), Some(found));
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn fuzz_sanitize(dirty in hostile::text(0..40)) {
        check(&dirty)?;
    }

    #[test]
    fn fuzz_sanitize_any_characters(dirty in any::<String>()) {
        check(&dirty)?;
    }

    #[test]
    fn fuzz_sanitize_one_mark_many_times(
        mark in proptest::sample::select(vec!["\u{301}", "\u{200d}", "👩\u{200d}", "🏴\u{e0067}", "\u{1b}", "क्", "ᄀ", "\u{600}"]),
        times in 0..20_000usize,
    ) {
        let dirty = format!("a{}b", mark.repeat(times));
        let start = Instant::now();
        check(&dirty)?;
        prop_assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}
