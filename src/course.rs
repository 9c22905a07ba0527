//! A course: the files of an author, read.

pub mod date;
pub mod lint_quiz;
pub mod mdbook_quiz;
pub mod quiz_file;
pub mod search;
pub mod toml_file;

pub use date::Date;
