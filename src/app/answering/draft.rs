//! An answer in the making: what is ticked, typed, moved or paired so far, and where.

use std::collections::BTreeSet;

use crate::app::text_field::TextField;
use crate::keymap::{Action, Context};
use crate::quiz::numeric::parse_number;
use crate::quiz::shown::Shown;
use crate::quiz::{Question, QuestionKind, Response};

/// An answer in the making. Places are those shown, from 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Draft {
    /// Choices by letter.
    Choices(Choosing),
    /// A number or a few words.
    Text(TextField),
    /// The blanks of a cloze.
    Blanks { at: usize, fields: Vec<TextField> },
    /// Items in an order.
    Order(Arranging),
    /// Items with their partners or bins.
    Pairs(Pairing),
}

/// Choices being ticked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choosing {
    /// Where the arrows are; nowhere before the first one.
    pub(crate) at: Option<usize>,
    pub(crate) ticked: BTreeSet<usize>,
    count: usize,
    multiple: bool,
}

/// Items being put in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arranging {
    pub(crate) at: usize,
    /// The item at `at` goes where the arrows go.
    pub(crate) in_hand: bool,
    /// Items by their index in the file.
    pub(crate) order: Vec<usize>,
    /// Somebody moved something, or looked and said so.
    touched: bool,
}

/// Items being paired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pairing {
    pub(crate) at: usize,
    /// For each item shown the partner's place.
    pub(crate) partners: Vec<Option<usize>>,
    count: usize,
}

/// The letters of partners: those of the alphabet that are no commands.
const PARTNER_LETTERS: &str = "abcdefgijklmnopqrtuvwxyz";

/// The letter of the partner at a place.
pub(crate) fn partner_letter(place: usize) -> char {
    PARTNER_LETTERS.chars().nth(place).unwrap_or('?')
}

impl Draft {
    /// Nothing answered yet.
    pub(crate) fn new(question: &Question, shown: &Shown) -> Self {
        match &question.kind {
            QuestionKind::Choice(kind) => Self::Choices(Choosing {
                at: None,
                ticked: BTreeSet::new(),
                count: kind.choices.len(),
                multiple: kind.multiple,
            }),
            QuestionKind::Numeric(_) | QuestionKind::Short(_) => Self::Text(TextField::new()),
            QuestionKind::Cloze(kind) => {
                Self::Blanks { at: 0, fields: vec![TextField::new(); kind.blanks.len().max(1)] }
            }
            QuestionKind::Order(_) => Self::Order(Arranging {
                at: 0,
                in_hand: false,
                order: shown.items.clone(),
                touched: false,
            }),
            QuestionKind::Match(_) | QuestionKind::Sort(_) => Self::Pairs(Pairing {
                at: 0,
                partners: vec![None; shown.items.len()],
                count: shown.right.len(),
            }),
        }
    }

    /// Where its keys act.
    pub(crate) const fn context(&self) -> Context {
        match self {
            Self::Choices(Choosing { multiple: false, .. }) => Context::Question,
            Self::Choices(_) => Context::Ticking,
            Self::Text(_) | Self::Blanks { .. } => Context::Answer,
            Self::Order(_) => Context::Ordering,
            Self::Pairs(_) => Context::Pairing,
        }
    }

    /// Does what an action says; `false`: it says nothing here.
    pub(crate) fn act(&mut self, action: Action) -> bool {
        match self {
            Self::Choices(choosing) => return choosing.act(action),
            Self::Text(field) => return field.act(action),
            Self::Blanks { at, fields } => match action {
                Action::NextField => *at = (*at + 1).min(fields.len().saturating_sub(1)),
                Action::PreviousField => *at = at.saturating_sub(1),
                action => return fields.get_mut(*at).is_some_and(|field| field.act(action)),
            },
            Self::Order(arranging) => return arranging.act(action),
            Self::Pairs(pairing) => return pairing.act(action),
        }
        true
    }

    /// Takes what was typed or pasted.
    pub(crate) fn typed(&mut self, text: &str) {
        match self {
            Self::Text(field) => field.insert(text),
            Self::Blanks { at, fields } => {
                if let Some(field) = fields.get_mut(*at) {
                    field.insert(text);
                }
            }
            // A letter answers; a pasted text does not.
            Self::Choices(_) | Self::Order(_) | Self::Pairs(_) => {
                let mut signs = text.chars();
                if let (Some(sign), None) = (signs.next(), signs.next()) {
                    self.sign(sign.to_ascii_lowercase());
                }
            }
        }
    }

    fn sign(&mut self, sign: char) {
        let number = sign.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
        let place = number.and_then(|number| number.checked_sub(1));
        match self {
            Self::Choices(choosing) => {
                let letter = ('a'..='z').position(|letter| letter == sign);
                if let Some(place) = letter.or(place) {
                    choosing.tick(place);
                }
            }
            Self::Order(arranging) => {
                if let Some(place) = place {
                    arranging.put(place);
                }
            }
            Self::Pairs(pairing) => match place {
                Some(place) if place < pairing.partners.len() => pairing.at = place,
                _ => pairing.pair(PARTNER_LETTERS.chars().position(|letter| letter == sign)),
            },
            Self::Text(_) | Self::Blanks { .. } => {}
        }
    }

    /// Enter means the next part first, where one is still open behind this one.
    pub(crate) fn goes_on(&mut self) -> bool {
        match self {
            Self::Blanks { at, fields } if *at + 1 < fields.len() => {
                *at += 1;
                true
            }
            Self::Order(Arranging { in_hand: in_hand @ true, .. }) => {
                *in_hand = false;
                true
            }
            _ => false,
        }
    }

    /// Whether there is nothing to lose yet.
    pub(crate) fn is_untouched(&self) -> bool {
        match self {
            Self::Choices(choosing) => choosing.ticked.is_empty(),
            Self::Text(field) => field.text().is_empty(),
            Self::Blanks { fields, .. } => fields.iter().all(|field| field.text().is_empty()),
            Self::Order(arranging) => !arranging.touched,
            Self::Pairs(pairing) => pairing.partners.iter().all(Option::is_none),
        }
    }

    /// The answer, or what is still missing, in one sentence.
    pub(crate) fn response(
        &mut self,
        question: &Question,
        shown: &Shown,
    ) -> Result<Response, String> {
        let in_file = |places: &BTreeSet<usize>| {
            places.iter().filter_map(|&place| shown.items.get(place).copied()).collect()
        };
        match self {
            Self::Choices(choosing) if choosing.ticked.is_empty() => Err(choosing.missing()),
            Self::Choices(choosing) => Ok(Response::Choices(in_file(&choosing.ticked))),
            Self::Text(field) => typed_response(question, field.text().trim()),
            Self::Blanks { at, fields } => {
                let texts: Vec<String> =
                    fields.iter().map(|field| field.text().trim().to_owned()).collect();
                match texts.iter().position(String::is_empty) {
                    Some(empty) => {
                        *at = empty;
                        Err(format!("Blank {} is still empty.", empty + 1))
                    }
                    None => Ok(Response::Blanks(texts)),
                }
            }
            Self::Order(arranging) => Ok(Response::Order(arranging.order.clone())),
            Self::Pairs(pairing) => pairing.response(question, shown),
        }
    }
}

fn typed_response(question: &Question, text: &str) -> Result<Response, String> {
    match &question.kind {
        _ if text.is_empty() => Err("Nothing is typed yet.".to_owned()),
        QuestionKind::Numeric(kind) => parse_number(text, &kind.unit).map(Response::Number),
        _ => Ok(Response::Text(text.to_owned())),
    }
}

impl Choosing {
    fn act(&mut self, action: Action) -> bool {
        let last = self.count.saturating_sub(1);
        let to = match action {
            Action::Down => self.at.map_or(0, |at| (at + 1).min(last)),
            Action::Up => self.at.map_or(last, |at| at.saturating_sub(1)),
            Action::Mark => {
                self.tick(self.at.unwrap_or(0));
                return true;
            }
            _ => return false,
        };
        self.at = Some(to);
        if !self.multiple {
            self.ticked = BTreeSet::from([to]);
        }
        true
    }

    /// Ticks a choice, or unticks it.
    fn tick(&mut self, place: usize) {
        if place >= self.count {
            return;
        }
        self.at = Some(place);
        if !self.ticked.remove(&place) {
            if !self.multiple {
                self.ticked.clear();
            }
            self.ticked.insert(place);
        }
    }

    fn missing(&self) -> String {
        let what = if self.multiple { "Tick at least one" } else { "Mark one first" };
        format!("{what}: a to {}.", crate::quiz::shown::letter(self.count.saturating_sub(1)))
    }
}

impl Arranging {
    fn act(&mut self, action: Action) -> bool {
        let last = self.order.len().saturating_sub(1);
        let (down, up) = ((self.at + 1).min(last), self.at.saturating_sub(1));
        match action {
            Action::Down if self.in_hand => self.put(down),
            Action::Up if self.in_hand => self.put(up),
            Action::MoveDown => self.put(down),
            Action::MoveUp => self.put(up),
            Action::Down => self.at = down,
            Action::Up => self.at = up,
            Action::Mark => self.in_hand = !self.in_hand,
            _ => return false,
        }
        true
    }

    /// Moves the item at hand to a place; the ones between make room.
    fn put(&mut self, place: usize) {
        if place < self.order.len() && self.at < self.order.len() {
            let item = self.order.remove(self.at);
            self.order.insert(place, item);
            self.at = place;
            self.touched = true;
        }
    }
}

impl Pairing {
    fn act(&mut self, action: Action) -> bool {
        let now = self.partners.get(self.at).copied().flatten();
        let count = self.count.max(1);
        match action {
            Action::Down => self.at = (self.at + 1).min(self.partners.len().saturating_sub(1)),
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Right => self.set(now.map_or(0, |now| (now + 1) % count)),
            Action::Left => self.set(now.map_or(count - 1, |now| (now + count - 1) % count)),
            _ => return false,
        }
        true
    }

    fn set(&mut self, partner: usize) {
        if let Some(slot) = self.partners.get_mut(self.at) {
            *slot = Some(partner).filter(|&partner| partner < self.count);
        }
    }

    /// Gives the item its partner and goes on to the next.
    fn pair(&mut self, partner: Option<usize>) {
        if let Some(partner) = partner.filter(|&partner| partner < self.count) {
            self.set(partner);
            self.at = (self.at + 1).min(self.partners.len().saturating_sub(1));
        }
    }

    fn response(&mut self, question: &Question, shown: &Shown) -> Result<Response, String> {
        let open: Vec<usize> =
            (0..self.partners.len()).filter(|&place| self.partners[place].is_none()).collect();
        if let Some(&first) = open.first() {
            self.at = first;
            let numbers: Vec<String> = open.iter().map(|place| (place + 1).to_string()).collect();
            return Err(format!("Still open: {}.", numbers.join(", ")));
        }
        let mut chosen = vec![None; shown.items.len()];
        for (item, partner) in shown.items.iter().zip(&self.partners) {
            if let Some(slot) = chosen.get_mut(*item) {
                *slot = partner.and_then(|place| shown.right.get(place).copied());
            }
        }
        Ok(match question.kind {
            QuestionKind::Sort(_) => Response::Bins(chosen),
            _ => Response::Pairs(chosen),
        })
    }
}
