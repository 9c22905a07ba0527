//! Fuzzing on the stable toolchain: whatever comes in, nothing panics, nothing hangs, nothing that
//! a terminal would obey comes out.
//!
//! `cargo test` runs a short smoke. The long run is `just fuzz`, or
//! `PROPTEST_CASES=100000 cargo test --test fuzz fuzz_` (optimised, and overflows panic). A case that
//! is found becomes a unit test beside the construct that it broke.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::string_slice, reason = "a test cuts where it found a boundary")]
#![expect(clippy::disallowed_methods, reason = "what comes in must be read soon")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "the files are ours")]
#![expect(clippy::trivially_copy_pass_by_ref, reason = "an index is chosen by the strategy")]

#[path = "fuzz/answers.rs"]
mod answers;
#[path = "fuzz/courses.rs"]
mod courses;
#[path = "fuzz/files.rs"]
mod files;
#[path = "fuzz/hostile.rs"]
mod hostile;
#[path = "fuzz/keys.rs"]
mod keys;
#[path = "fuzz/layout.rs"]
mod layout;
#[path = "fuzz/lines.rs"]
mod lines;
#[path = "fuzz/mutation.rs"]
mod mutation;
#[path = "support/pieces.rs"]
mod pieces;
#[path = "fuzz/records.rs"]
mod records;
#[path = "fuzz/sanitising.rs"]
mod sanitising;

use proptest::test_runner::Config;

/// `smoke` cases, or as many as `PROPTEST_CASES` says. Nothing is written beside the sources.
fn cases(smoke: u32) -> Config {
    slow_cases(smoke, 1)
}

/// As [`cases`], for a case that takes as long as `each` others.
fn slow_cases(smoke: u32, each: u32) -> Config {
    let asked: Option<u32> =
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: asked.map_or(smoke, |asked| asked.div_ceil(each)),
        failure_persistence: None,
        max_shrink_iters: 4000,
        max_shrink_time: 30_000,
        ..Config::default()
    }
}
