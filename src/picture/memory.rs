//! The tuning curve.

use super::{Picture, Shown};
use crate::sim::memory::Params;

/// The picture of a tuning curve.
pub(super) fn of(_shown: &Shown<'_>, _params: &Params) -> Picture {
    Picture::default()
}
