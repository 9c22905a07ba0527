//! Journeys: keys in, the screen out. `journey("<enter>jj?")` types keys at the test course and
//! gives the screen; [`traveller::pictures`] takes it at three sizes, in three themes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "journeys/contents.rs"]
mod contents;
#[path = "journeys/final_test.rs"]
mod final_test;
#[path = "journeys/lesson.rs"]
mod lesson;
#[path = "journeys/overlays.rs"]
mod overlays;
#[path = "journeys/question.rs"]
mod question;
#[path = "journeys/recalling.rs"]
mod recalling;
#[path = "journeys/search.rs"]
mod search;
#[path = "journeys/simulation.rs"]
mod simulation;
#[path = "journeys/sizes.rs"]
mod sizes;
#[path = "journeys/standing.rs"]
mod standing;
#[path = "journeys/testing_out.rs"]
mod testing_out;
#[path = "journeys/traveller.rs"]
mod traveller;
#[path = "journeys/withholding.rs"]
mod withholding;
