//! Opening what is in focus.

use super::Reading;
use crate::app::{Destination, Effect, Overlay, PopUp, Request, Source, Spot, World};
use crate::course::{Destination as Leads, Embedded, Lesson, PlacedEmbed};
use crate::markdown::Target;

impl Reading {
    /// Opens what is in focus; without a focus the first panel in view, or the next lesson at the
    /// end.
    pub(super) fn open_focused(&mut self, world: &World<'_>) -> Vec<Request> {
        let focused = self.focus.as_ref().map(|focus| focus.target.clone());
        match focused.or_else(|| self.panel_in_view()) {
            Some(target) => self.open_target(&target, world),
            None if self.is_at_end() => self.turn(world, 1),
            None => self.cycle(1),
        }
    }

    fn open_target(&mut self, target: &Target, world: &World<'_>) -> Vec<Request> {
        let Some(lesson) = world.course.lesson(&self.lesson) else { return Vec::new() };
        match target {
            Target::Web(address) => vec![Request::Effect(Effect::OpenLink(address.clone()))],
            Target::Fact(id) => self.pop_up(PopUp::fact(id, world)),
            Target::Term(id) => self.pop_up(PopUp::term(id, world)),
            Target::Anchor(_) | Target::Footnote(_) | Target::FootnoteReference(_) => {
                self.follow(target)
            }
            Target::File { .. } => follow_file(lesson, target, world),
            Target::Embed(offset) => open_embed(lesson, *offset, world),
            Target::Details(offset) => self.fold(*offset),
            Target::Offer(panel) if self.withheld.holds_back(*panel) => {
                self.reveal(*panel, world);
                Vec::new()
            }
            Target::Offer(_) => self.test_out(),
            Target::Refused(address) => {
                vec![Request::Say(format!("Addresses of this kind are not opened: {address}"))]
            }
        }
    }

    /// A box that leaves what is in focus in view.
    fn pop_up(&self, made: Result<PopUp, String>) -> Vec<Request> {
        let focused = self.focus.as_ref().map(super::Focus::place);
        let row = self.view().position(|(place, _)| Some(place) == focused).unwrap_or(0);
        vec![match made {
            Ok(pop_up) => Request::Show(Overlay::PopUp(pop_up.beside(2 * row < self.height))),
            Err(reason) => Request::Say(reason),
        }]
    }

    /// Goes to another place of this lesson, to come back from it with one step.
    fn follow(&mut self, target: &Target) -> Vec<Request> {
        match self.galley.offset_of_target(target) {
            Some(offset) => {
                // What waits is not given away: what it waits for shows.
                self.jump(self.panel_before(offset).unwrap_or(offset));
                Vec::new()
            }
            None => vec![Request::Say("What this leads to is not in this lesson.".to_owned())],
        }
    }

    /// Opens or closes an aside.
    fn fold(&mut self, offset: usize) -> Vec<Request> {
        self.top = self.galley.supplement(self.top, |supplements| {
            if !supplements.unfolded.remove(&offset) {
                supplements.unfolded.insert(offset);
            }
        });
        Vec::new()
    }

    pub(super) fn open_next_fact(&mut self, world: &World<'_>) -> Vec<Request> {
        match self.focus_next(|target| matches!(target, Target::Fact(_))) {
            Some(target) => self.open_target(&target, world),
            None => vec![Request::Say("No dated fact is in view.".to_owned())],
        }
    }

    pub(super) fn open_next_term(&mut self, world: &World<'_>) -> Vec<Request> {
        match self.focus_next(|target| matches!(target, Target::Term(_))) {
            Some(target) => self.open_target(&target, world),
            None => vec![Request::Say("No glossary term is in view.".to_owned())],
        }
    }

    /// The test out of the lesson.
    pub(super) fn test_out(&self) -> Vec<Request> {
        vec![Request::Go(Destination::TestOut { lesson: self.lesson.clone(), reading: true })]
    }

    pub(super) fn open_quiz(&self, world: &World<'_>) -> Vec<Request> {
        let lesson = world.course.lesson(&self.lesson);
        let quizzes = lesson.map_or_else(Vec::new, |lesson| world.course.quizzes_with(lesson));
        vec![quizzes.first().map_or_else(
            || Request::Say("This lesson has no quiz.".to_owned()),
            |quiz| Request::Go(Destination::Quiz(quiz.id.clone())),
        )]
    }
}

fn follow_file(lesson: &Lesson, target: &Target, world: &World<'_>) -> Vec<Request> {
    vec![match world.course.resolve(lesson, target) {
        Some(Ok(Leads::Lesson(lesson, ""))) => {
            Request::Go(Destination::Lesson(lesson.id.clone(), Spot::Start))
        }
        Some(Ok(Leads::Lesson(lesson, anchor))) => {
            let heading = Spot::Heading(anchor.to_owned());
            Request::Go(Destination::Lesson(lesson.id.clone(), heading))
        }
        Some(Ok(Leads::File(path))) => match world.course.quiz_at(path) {
            Some(quiz) => Request::Go(Destination::Quiz(quiz.id.clone())),
            None => Request::Say(format!("`{path}` is no lesson and no quiz.")),
        },
        Some(Err(refusal)) => Request::Say(format!("This link leads nowhere: {refusal}.")),
        None => Request::Say("This link leads nowhere.".to_owned()),
    }]
}

fn open_embed(lesson: &Lesson, offset: usize, world: &World<'_>) -> Vec<Request> {
    let at = |embed: &&PlacedEmbed| embed.span.start == offset;
    let embedded = lesson.embeds().iter().find(at).map(|e| world.course.embedded(lesson, e));
    vec![match embedded {
        Some(Embedded::Quiz(quiz)) => Request::Go(Destination::Quiz(quiz.id.clone())),
        Some(Embedded::Question(_)) => {
            Request::Go(Destination::Question { lesson: lesson.id.clone(), offset })
        }
        Some(Embedded::Scenario { path, .. }) => {
            let source = path.map_or(Source::Fence(offset), |path| Source::File(path.to_owned()));
            Request::Go(Destination::Simulation { source, lesson: Some(lesson.id.clone()) })
        }
        Some(Embedded::Broken(reason)) => Request::Say(format!("This cannot be opened: {reason}.")),
        Some(Embedded::Output) | None => return Vec::new(),
    }]
}
