//! A response as it is remembered: by the words of what was chosen, never by its position, so that
//! reordering the choices of a question loses nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{TextHash, record::finite};
use crate::quiz::{Question, QuestionKind, Response};

/// A response as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum StoredResponse {
    /// The ticked choices.
    Choices {
        /// Their texts' hashes, in the order of the file at the time.
        ticked: Vec<TextHash>,
    },
    /// A number in the question's unit.
    Number {
        /// The number.
        #[serde(with = "finite")]
        value: f64,
    },
    /// A text.
    Text {
        /// As typed.
        text: String,
    },
    /// The items from first to last.
    Order {
        /// Their texts' hashes.
        items: Vec<TextHash>,
    },
    /// Left items and what they were matched with.
    Pairs {
        /// Hashes of left and right texts.
        pairs: Vec<(TextHash, Option<TextHash>)>,
    },
    /// The text of each blank.
    Blanks {
        /// As typed.
        texts: Vec<String>,
    },
    /// Items and the bins they were put in.
    Bins {
        /// Hashes of items' texts and bins' names.
        items: Vec<(TextHash, Option<TextHash>)>,
    },
    /// Passed over.
    Skipped,
}

impl StoredResponse {
    /// `response` to `question`, in the words of the question, its numbers drawn. Positions that the
    /// question does not have are left out.
    pub fn of(question: &Question, response: &Response) -> Self {
        let texts = Texts::of(&question.kind);
        let pairs = |chosen: &[Option<usize>]| -> Vec<(TextHash, Option<TextHash>)> {
            let named = texts.items.iter().zip(chosen);
            let target = |to: Option<usize>| texts.targets.get(to?).copied();
            named.map(|(item, to)| (*item, target(*to))).collect()
        };
        let items = |positions: &mut dyn Iterator<Item = usize>| -> Vec<TextHash> {
            positions.filter_map(|index| texts.items.get(index).copied()).collect()
        };
        match response {
            Response::Choices(ticked) => {
                Self::Choices { ticked: items(&mut ticked.iter().copied()) }
            }
            Response::Number(value) => Self::Number { value: *value },
            Response::Text(text) => Self::Text { text: text.clone() },
            Response::Order(order) => Self::Order { items: items(&mut order.iter().copied()) },
            Response::Pairs(chosen) => Self::Pairs { pairs: pairs(chosen) },
            Response::Blanks(texts) => Self::Blanks { texts: texts.clone() },
            Response::Bins(chosen) => Self::Bins { items: pairs(chosen) },
            Response::Skipped => Self::Skipped,
        }
    }

    /// The response in the positions that `question` (its numbers drawn as then) has now; `None` where its words are no longer
    /// those that were answered.
    pub fn restore(&self, question: &Question) -> Option<Response> {
        let texts = Texts::of(&question.kind);
        let find = |within: &[TextHash], text: &TextHash| within.iter().position(|t| t == text);
        let assigned = |pairs: &[(TextHash, Option<TextHash>)]| -> Option<Vec<Option<usize>>> {
            let mut chosen = vec![None; texts.items.len()];
            for (item, to) in pairs {
                let slot = chosen.get_mut(find(&texts.items, item)?)?;
                *slot = match to {
                    Some(to) => Some(find(&texts.targets, to)?),
                    None => None,
                };
            }
            Some(chosen)
        };
        Some(match (self, &question.kind) {
            (Self::Choices { ticked }, QuestionKind::Choice(_)) => {
                let ticked: Option<BTreeSet<usize>> =
                    ticked.iter().map(|text| find(&texts.items, text)).collect();
                Response::Choices(ticked?)
            }
            (Self::Number { value }, QuestionKind::Numeric(_)) => Response::Number(*value),
            (Self::Text { text }, QuestionKind::Short(_)) => Response::Text(text.clone()),
            (Self::Order { items }, QuestionKind::Order(_)) => {
                let order: Option<Vec<usize>> =
                    items.iter().map(|text| find(&texts.items, text)).collect();
                Response::Order(order.filter(|order| order.len() == texts.items.len())?)
            }
            (Self::Pairs { pairs }, QuestionKind::Match(_)) => Response::Pairs(assigned(pairs)?),
            (Self::Blanks { texts }, QuestionKind::Cloze(cloze)) => {
                Response::Blanks((texts.len() == cloze.blanks.len()).then(|| texts.clone())?)
            }
            (Self::Bins { items }, QuestionKind::Sort(_)) => Response::Bins(assigned(items)?),
            (Self::Skipped, _) => Response::Skipped,
            _ => return None,
        })
    }
}

/// The hashes of what a question offers: items, and what they can be put to.
struct Texts {
    items: Vec<TextHash>,
    targets: Vec<TextHash>,
}

impl Texts {
    fn of(kind: &QuestionKind) -> Self {
        fn hashes<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<TextHash> {
            texts.map(|text| TextHash::of(text)).collect()
        }
        let (items, targets) = match kind {
            QuestionKind::Choice(choices) => {
                (hashes(choices.choices.iter().map(|choice| &choice.text)), Vec::new())
            }
            QuestionKind::Order(order) => (hashes(order.items.iter()), Vec::new()),
            QuestionKind::Match(matching) => {
                (hashes(matching.left.iter()), hashes(matching.right.iter()))
            }
            QuestionKind::Sort(sorting) => {
                let items = sorting.items.iter().map(|item| &item.text);
                (hashes(items), hashes(sorting.bins.iter()))
            }
            QuestionKind::Numeric(_) | QuestionKind::Short(_) | QuestionKind::Cloze(_) => {
                (Vec::new(), Vec::new())
            }
        };
        Self { items, targets }
    }
}
