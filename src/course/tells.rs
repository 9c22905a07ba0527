//! What the form of the choices tells about the right one, counted over many questions.
//!
//! A learner who knows nothing of a subject still sees how long each choice is and where it stands.
//! If that betrays the right one more often than chance, the questions measure the wrong thing.

use crate::markdown::{inlines, plain_text};
use crate::quiz::choice::Choices;
use crate::quiz::numeric::as_f64;
use crate::quiz::shown::Shown;
use crate::quiz::{Question, QuestionKind};
use crate::typeset::width;

/// One way of guessing: how often it finds the right choice, and how often chance would.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Guess {
    /// In so many questions it was right.
    pub right: usize,
    /// In so many it would be by chance.
    pub by_chance: f64,
    /// The square of how far chance strays from that.
    variance: f64,
}

/// So many standard deviations above chance are told: chance alone goes there one time in twenty.
const STRAYING: f64 = 1.645;
/// Chance must give each place so many right choices before they are judged.
const PLACE_LEAST: f64 = 5.0;
/// What the sum of squared deviations stays below 19 times out of 20, by degrees of freedom from 1.
const CHI_SQUARED: [f64; 6] = [3.841, 5.991, 7.815, 9.488, 11.070, 12.592];

impl Guess {
    fn count(&mut self, right: bool, chance: f64) {
        self.right += usize::from(right);
        self.by_chance += chance;
        self.variance += chance * (1.0 - chance);
    }

    /// Whether it is right clearly more often than by chance.
    pub fn pays(&self) -> bool {
        as_f64(self.right) > self.by_chance + STRAYING * self.variance.sqrt()
    }
}

/// The questions with choices, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tells {
    /// Questions with one right choice.
    pub single: usize,
    /// Questions with several.
    pub multiple: usize,
    /// The choices of all of them.
    pub choices: usize,
    /// Taking the longest choice, or one of those of the same length; of questions with one right
    /// choice.
    pub longest: Guess,
    /// Taking the shortest.
    pub shortest: Guess,
    /// Taking the first choice as learners see them, the second, …; at their first attempt.
    pub places: Vec<Guess>,
    /// Cells and count of the right choices, and of the wrong ones.
    cells: [(usize, usize); 2],
}

impl Tells {
    /// Those of `questions`; what is not answered by choosing does not count.
    pub fn of<'a>(questions: impl IntoIterator<Item = &'a Question>) -> Self {
        let mut tells = Self::default();
        for question in questions {
            if let QuestionKind::Choice(kind) = &question.kind {
                tells.count(question, kind);
            }
        }
        tells
    }

    fn count(&mut self, question: &Question, kind: &Choices) {
        let lengths = lengths(kind);
        self.choices += lengths.len();
        for &(length, correct) in &lengths {
            let (cells, count) = &mut self.cells[usize::from(!correct)];
            *cells += length;
            *count += 1;
        }
        if kind.multiple {
            self.multiple += 1;
            return;
        }
        let Some(right) = lengths.iter().position(|(_, correct)| *correct) else { return };
        self.single += 1;
        let all = || lengths.iter().map(|(length, _)| *length);
        let count = as_f64(lengths.len());
        for (guess, extreme) in
            [(&mut self.longest, all().max()), (&mut self.shortest, all().min())]
        {
            let alike = all().filter(|length| Some(*length) == extreme).count();
            let is_right = lengths.get(right).map(|(length, _)| *length) == extreme;
            guess.count(is_right, as_f64(alike) / count);
        }
        let shown = Shown::new(question, None, 1);
        if self.places.len() < lengths.len() {
            self.places.resize(lengths.len(), Guess::default());
        }
        for (place, guess) in self.places.iter_mut().take(lengths.len()).enumerate() {
            guess.count(shown.items.get(place) == Some(&right), 1.0 / count);
        }
    }

    /// Whether there is anything to tell of.
    pub const fn is_empty(&self) -> bool {
        self.single + self.multiple == 0
    }

    /// The mean length of the right choices and of the wrong ones, in cells.
    pub fn mean_cells(&self) -> [f64; 2] {
        self.cells.map(|(cells, count)| as_f64(cells) / as_f64(count.max(1)))
    }

    /// Whether the right choices stand in some places more often than chance would put them there;
    /// `None` where they are too few to say.
    pub fn is_uneven(&self) -> Option<bool> {
        // Rare places (only few questions have a fifth choice) are judged together.
        let mut judged: Vec<Guess> = Vec::new();
        for place in &self.places {
            match judged.last_mut() {
                Some(last) if place.by_chance < PLACE_LEAST || last.by_chance < PLACE_LEAST => {
                    last.right += place.right;
                    last.by_chance += place.by_chance;
                }
                _ => judged.push(*place),
            }
        }
        let square = |guess: &Guess| (as_f64(guess.right) - guess.by_chance).powi(2);
        let sum: f64 = judged.iter().map(|guess| square(guess) / guess.by_chance).sum();
        let most = CHI_SQUARED.get(judged.len().checked_sub(2)?)?;
        Some(sum > *most)
    }
}

/// The cells of each choice as it is shown, and whether it is right.
fn lengths(kind: &Choices) -> Vec<(usize, bool)> {
    let shown = |text: &str| width(&plain_text(&inlines(text)));
    kind.choices.iter().map(|choice| (shown(&choice.text), choice.correct)).collect()
}

/// A right choice this many times as long as every wrong one, or this many times shorter, is seen
/// without reading …
const TIMES: f64 = 1.25;
/// … if that is a difference of so many cells: about a word and a half at the end of a line.
const CELLS: usize = 8;

/// How a single question gives itself away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiveAway {
    /// The index of the right choice, or of the first of them.
    pub choice: usize,
    /// The right ones are longer; else they are shorter.
    pub longer: bool,
    /// The cells of the right choice that is nearest to the wrong ones.
    pub right: usize,
    /// The cells of the wrong choice that is nearest to it.
    pub wrong: usize,
}

/// Whether the right choice, or all right ones of several, can be told by length alone.
pub fn give_away(kind: &Choices) -> Option<GiveAway> {
    let lengths = lengths(kind);
    let choice = lengths.iter().position(|(_, correct)| *correct)?;
    let of = |wanted: bool| {
        let found = lengths.iter().filter(move |(_, correct)| *correct == wanted);
        found.map(|(length, _)| *length)
    };
    let is_far =
        |long: usize, short: usize| long >= short + CELLS && as_f64(long) >= as_f64(short) * TIMES;
    let (least, most) = (of(true).min()?, of(true).max()?);
    let (wrong_least, wrong_most) = (of(false).min()?, of(false).max()?);
    if is_far(least, wrong_most) {
        return Some(GiveAway { choice, longer: true, right: least, wrong: wrong_most });
    }
    let shorter = is_far(wrong_least, most);
    shorter.then_some(GiveAway { choice, longer: false, right: most, wrong: wrong_least })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quiz;
    use crate::quiz::choice::Choice;

    fn choices(texts: &[(&str, bool)], multiple: bool) -> Choices {
        let choice = |&(text, correct): &(&str, bool)| Choice {
            text: text.to_owned(),
            correct,
            feedback: String::new(),
            misconception: None,
        };
        Choices { choices: texts.iter().map(choice).collect(), multiple, shuffle: true }
    }

    fn question(id: usize, texts: &[(&str, bool)]) -> Question {
        quiz::tests::question(&format!("q.{id}"), QuestionKind::Choice(choices(texts, false)))
    }

    #[test]
    fn lengths_and_places_are_held_against_chance() {
        let asked = [
            question(1, &[("aaaa", true), ("bb", false), ("cc", false), ("d", false)]),
            // Three of the longest: chance takes the right one three times out of four.
            question(2, &[("aa", true), ("`bb`", false), ("cc", false), ("d", false)]),
            question(3, &[("a", true), ("bb", false), ("cc", false), ("dd", false)]),
        ];
        let tells = Tells::of(&asked);
        assert_eq!((tells.single, tells.multiple, tells.choices), (3, 0, 12));
        assert_eq!((tells.longest.right, tells.shortest.right), (2, 1));
        assert!((tells.longest.by_chance - (0.25 + 0.75 + 0.75)).abs() < 1e-9);
        assert!((tells.shortest.by_chance - 0.75).abs() < 1e-9);
        assert!(!tells.longest.pays());
        let [right, wrong] = tells.mean_cells();
        assert!((right - 7.0 / 3.0).abs() < 1e-9 && (wrong - 16.0 / 9.0).abs() < 1e-9);
        assert_eq!(tells.places.iter().map(|place| place.right).sum::<usize>(), 3);
        assert_eq!(tells.is_uneven(), None, "three questions say nothing");
    }

    #[test]
    fn what_pays_and_what_is_uneven_is_said() {
        let texts = [("the longest", true), ("b", false), ("c", false), ("d", false)];
        let asked: Vec<Question> = (0..200).map(|id| question(id, &texts)).collect();
        let tells = Tells::of(&asked);
        assert!(tells.longest.pays() && !tells.shortest.pays());
        assert_eq!(tells.is_uneven(), Some(false), "{:?}", tells.places);
        let fixed = asked.into_iter().map(|mut question| {
            if let QuestionKind::Choice(kind) = &mut question.kind {
                kind.shuffle = false;
            }
            question
        });
        assert_eq!(Tells::of(&fixed.collect::<Vec<_>>()).is_uneven(), Some(true));
        assert_eq!(Tells::of([]).is_uneven(), None);
    }

    #[test]
    fn a_right_choice_that_stands_out_gives_itself_away() {
        let of = |right: usize, wrong: [usize; 2]| {
            let text = |cells: usize| "x".repeat(cells);
            let texts = [text(right), text(wrong[0]), text(wrong[1])];
            let marked = [(&*texts[0], true), (&*texts[1], false), (&*texts[2], false)];
            give_away(&choices(&marked, false)).map(|found| found.longer)
        };
        assert_eq!(of(40, [32, 10]), Some(true));
        assert_eq!(of(39, [32, 10]), None, "seven cells are not seen");
        assert_eq!(of(60, [50, 10]), None, "a fifth of a line is not seen");
        assert_eq!(of(10, [18, 40]), Some(false));
        assert_eq!(of(12, [18, 40]), None);
    }

    #[test]
    fn several_right_choices_give_themselves_away_together() {
        let long = "x".repeat(30);
        let mut texts = vec![(&*long, true), ("short", false), (&*long, true)];
        let found = give_away(&choices(&texts, true)).unwrap();
        assert_eq!((found.choice, found.longer, found.right, found.wrong), (0, true, 30, 5));
        texts.push(("also right", true));
        assert_eq!(give_away(&choices(&texts, true)), None);
        assert_eq!(give_away(&choices(&[("all of it", true)], true)), None);
    }
}
