//! **coldstart**: a course on serverless computing in the terminal, and the engine it runs on.
//!
//! The modules in reading order. Everything above the line is pure: the same input gives the same
//! output on every machine; the world (clock, disk, terminal) is met only below it.
//!
//! 1. [`diagnostic`] and [`sanitize`]: what is said about a file, and what may reach a terminal.
//! 2. [`markdown`]: text to blocks with source spans. [`sim`]: the simulator.
//! 3. [`quiz`]: questions, responses, grading, a sitting. [`typeset`]: blocks to rows of a galley.
//! 4. [`course`]: the files of a course, read and checked.
//! 5. [`progress`]: the learner's records, folded to where they stand. [`picture`]: what a run of a
//!    scenario looks like.
//! 6. [`keymap`] and [`theme`]: keys to actions, roles to colours.
//! 7. [`app`]: what the learner sees and does, as data.
//! 8. [`ui`] draws the app; [`plain`] speaks it line by line.
//!
//! ---
//! 9. [`content`] reads courses, [`store`] keeps records, [`terminal`] runs the screen, [`cli`] is
//!    the command line.

pub mod app;
pub mod cli;
pub mod content;
pub mod course;
pub mod diagnostic;
pub mod keymap;
pub mod markdown;
pub mod picture;
pub mod plain;
pub mod progress;
pub mod quiz;
pub mod sanitize;
pub mod sim;
pub mod store;
pub mod terminal;
pub mod theme;
pub mod typeset;
pub mod ui;
