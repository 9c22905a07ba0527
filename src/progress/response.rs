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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quiz::choice::{Choice, Choices};
    use crate::quiz::matching::Matching;
    use crate::quiz::ordering::Ordering;
    use crate::quiz::sorting::{SortItem, Sorting};

    fn question(kind: QuestionKind) -> Question {
        crate::quiz::tests::question("q", kind)
    }

    fn choices(texts: &[&str]) -> Question {
        let choice = |text: &&str| Choice {
            text: (*text).to_owned(),
            correct: false,
            feedback: String::new(),
            misconception: None,
        };
        let choices = texts.iter().map(choice).collect();
        question(QuestionKind::Choice(Choices { choices, multiple: true, shuffle: true }))
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn reordered_choices_are_found_by_their_words() {
        let stored =
            StoredResponse::of(&choices(&["a", "b", "c"]), &Response::Choices([0, 2].into()));
        let restored = stored.restore(&choices(&["c", "new", "b", "a"]));
        assert_eq!(restored, Some(Response::Choices([0, 3].into())));
        assert_eq!(stored.restore(&choices(&["b", "c"])), None);
        let number = StoredResponse::Number { value: 1.0 };
        assert_eq!(number.restore(&choices(&["b", "c"])), None);
    }

    #[test]
    fn every_kind_is_restored_in_the_new_positions() {
        let order = |items: &[&str]| {
            question(QuestionKind::Order(Ordering { items: texts(items), swaps: Vec::new() }))
        };
        let stored = StoredResponse::of(&order(&["a", "b", "c"]), &Response::Order(vec![2, 0, 1]));
        assert_eq!(stored.restore(&order(&["b", "c", "a"])), Some(Response::Order(vec![1, 2, 0])));
        assert_eq!(stored.restore(&order(&["b", "c", "a", "d"])), None);

        let matching = |left: &[&str], right: &[&str]| {
            question(QuestionKind::Match(Matching {
                left: texts(left),
                right: texts(right),
                answer: Vec::new(),
                wrong: Vec::new(),
            }))
        };
        let pairs = Response::Pairs(vec![Some(1), None]);
        let stored = StoredResponse::of(&matching(&["a", "b"], &["x", "y"]), &pairs);
        let restored = stored.restore(&matching(&["b", "a"], &["y", "z", "x"]));
        assert_eq!(restored, Some(Response::Pairs(vec![None, Some(0)])));

        let sorting = |bins: &[&str], items: &[&str]| {
            let item = |text: String| SortItem { text, bin: 0, feedback: String::new() };
            question(QuestionKind::Sort(Sorting {
                bins: texts(bins),
                items: texts(items).into_iter().map(item).collect(),
            }))
        };
        let bins = Response::Bins(vec![Some(0), Some(1)]);
        let stored = StoredResponse::of(&sorting(&["p", "q"], &["a", "b"]), &bins);
        let restored = stored.restore(&sorting(&["q", "p"], &["b", "a"]));
        assert_eq!(restored, Some(Response::Bins(vec![Some(0), Some(1)])));
    }

    proptest! {
        #[test]
        fn positions_that_are_not_there_do_no_harm(
            ticked in proptest::collection::btree_set(any::<usize>(), 0..5),
            order in proptest::collection::vec(0usize..9, 0..6),
            chosen in proptest::collection::vec(proptest::option::of(0usize..9), 0..6),
        ) {
            let question = choices(&["a", "b", "c"]);
            for response in [
                Response::Choices(ticked),
                Response::Order(order),
                Response::Pairs(chosen.clone()),
                Response::Bins(chosen),
            ] {
                let stored = StoredResponse::of(&question, &response);
                let json = serde_json::to_string(&stored).unwrap();
                prop_assert_eq!(&serde_json::from_str::<StoredResponse>(&json).unwrap(), &stored);
                let _ = stored.restore(&question);
            }
        }
    }
}
