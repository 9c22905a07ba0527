//! A course: the files of an author, read.

pub mod date;
pub mod search;
pub mod toml_file;

pub use date::Date;
