//! What follows a question or a prediction, and would give it away, waits for the learner.
//!
//! ```text
//! ╭ Simulation ── When does an environment go cold? ────────────╮
//! │ What share of the requests starts cold?                     │
//! ╰──────────────────────────────────────────────── ↵ predict ──╯
//!
//! ── The text goes on after your prediction. ────── x  read on ──
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::{Reading, panels};
use crate::app::{Request, World};
use crate::course::{Embedded, Lesson};
use crate::keymap::Action;
use crate::markdown::{Block, BlockKind, Embed};
use crate::typeset::{Panel, Place};

/// What a text waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    Answer,
    Prediction,
    /// One of them, or neither: the records are not read yet.
    Unknown,
}

/// What is not shown yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Withheld {
    /// The blocks, each with the question or simulation that it waits for.
    blocks: BTreeMap<usize, usize>,
    /// What is waited for, by the byte that the question's or simulation's block begins at.
    awaited: BTreeMap<usize, Awaited>,
}

impl Withheld {
    /// Of these blocks: those behind what is `awaited`, as far as the next heading or panel.
    fn of(blocks: &[Block], awaited: impl Fn(usize) -> Option<Awaited>) -> Self {
        let mut withheld = Self::default();
        let mut behind = None;
        for block in blocks {
            let start = block.span.start;
            match &block.kind {
                // Footnotes stand last, wherever they are written.
                BlockKind::Footnote { .. } => {}
                BlockKind::Heading { .. } => behind = None,
                BlockKind::Embed(embed) if !matches!(embed, Embed::Output(_)) => {
                    behind = awaited(start).map(|what| (start, what));
                }
                _ => {
                    if let Some((panel, what)) = behind {
                        withheld.blocks.insert(start, panel);
                        withheld.awaited.insert(panel, what);
                    }
                }
            }
        }
        withheld
    }

    /// The blocks of which nothing shows.
    pub(super) fn blocks(&self) -> BTreeSet<usize> {
        self.blocks.keys().copied().collect()
    }

    /// Whether the last of these blocks waits: then the end of the text is not reached yet.
    pub(super) fn holds_the_end(&self, blocks: &[Block]) -> bool {
        let flow = |block: &&Block| !matches!(block.kind, BlockKind::Footnote { .. });
        let last = blocks.iter().rfind(flow);
        last.is_some_and(|block| self.blocks.contains_key(&block.span.start))
    }

    /// Whether something waits for what stands in this panel.
    pub(super) fn holds_back(&self, panel: usize) -> bool {
        self.awaited.contains_key(&panel)
    }

    /// The rows in their places.
    pub(super) fn offers(&self, world: &World<'_>) -> BTreeMap<usize, Panel> {
        let action = panels::action_words(Action::ReadOn, "read on", world);
        let offer = |(&panel, what): (&usize, &Awaited)| {
            let after = match what {
                Awaited::Answer => "answer",
                Awaited::Prediction => "prediction",
                Awaited::Unknown => return None,
            };
            let title = format!("The text goes on after your {after}.");
            Some((panel, Panel { title, action: action.clone(), ..Panel::default() }))
        };
        self.awaited.iter().filter_map(offer).collect()
    }
}

impl Reading {
    /// Finds anew what waits.
    pub(super) fn withhold(&mut self, lesson: &Lesson, world: &World<'_>) {
        let awaited = |panel: usize| match self.whole {
            _ if self.is_open || self.revealed.contains(&panel) => None,
            true => awaited(lesson, panel, world),
            false => Some(Awaited::Unknown),
        };
        self.withheld = Withheld::of(&self.galley.document().blocks, awaited);
    }

    /// Shows what follows the first panel in view that it waits for, whether or not that was
    /// answered.
    pub(super) fn read_on(&mut self, world: &World<'_>) -> Vec<Request> {
        let Some(panel) = self.held_back_in_view() else {
            return vec![Request::Say("Nothing in view waits for an answer.".to_owned())];
        };
        self.reveal(panel, world);
        Vec::new()
    }

    /// The first panel in view that something waits for.
    pub(super) fn held_back_in_view(&self) -> Option<usize> {
        let mut starts = self.visible_blocks().into_iter().map(|block| block.span.start);
        starts.find(|&start| self.withheld.holds_back(start))
    }

    /// Shows what follows a panel.
    pub(super) fn reveal(&mut self, panel: usize, world: &World<'_>) {
        self.revealed.insert(panel);
        self.focus = None;
        self.seen = None;
        self.refresh(world);
    }

    /// The panel that what stands at a byte of the source waits for.
    pub(super) fn panel_before(&self, offset: usize) -> Option<usize> {
        let (&start, &panel) = self.withheld.blocks.range(..=offset).next_back()?;
        let blocks = &self.galley.document().blocks;
        let holds = |block: &Block| block.span.start == start && offset < block.span.end;
        blocks.iter().any(holds).then_some(panel)
    }

    /// The place that shows a byte of the source, to which the learner is led: it waits no longer.
    pub(super) fn led_to(&mut self, offset: usize, world: &World<'_>) -> Place {
        if let Some(panel) = self.panel_before(offset) {
            self.reveal(panel, world);
        }
        self.galley.place_of(offset)
    }
}

/// What a panel waits for.
fn awaited(lesson: &Lesson, panel: usize, world: &World<'_>) -> Option<Awaited> {
    let embed = lesson.embeds().iter().find(|embed| embed.span.start == panel)?;
    match world.course.embedded(lesson, embed) {
        Embedded::Question(question) => {
            world.progress.last_answer(&question.id).is_none().then_some(Awaited::Answer)
        }
        Embedded::Scenario { .. } => {
            let scenario = world.course.scenario_of(lesson, embed)?;
            panels::is_open(scenario, world).then_some(Awaited::Prediction)
        }
        Embedded::Quiz(_) | Embedded::Broken(_) | Embedded::Output => None,
    }
}
