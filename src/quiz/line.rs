//! An answer as one line of text: what is asked for, and what was typed.

use std::collections::BTreeSet;

use super::numeric::{Numeric, parse_number, with_unit};
use super::shown::{Shown, letter};
use super::{Confidence, Question, QuestionKind, Response};

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer.
    pub response: Response,
    /// How sure, from the suffix ` !` or ` ?`.
    pub confidence: Option<Confidence>,
}

/// The line that says what to type: `? (a–c)`, `? (number, %)`.
pub fn prompt_line(question: &Question) -> String {
    let what = match &question.kind {
        QuestionKind::Choice(kind) => {
            let last = letter(kind.choices.len().saturating_sub(1));
            if kind.multiple {
                format!("several of a–{last}, e.g. a c")
            } else {
                format!("a–{last}")
            }
        }
        QuestionKind::Numeric(Numeric { unit, .. }) if unit.is_empty() => "number".to_owned(),
        QuestionKind::Numeric(Numeric { unit, .. }) => format!("number, {unit}"),
        QuestionKind::Short(_) => "a word or a few".to_owned(),
        QuestionKind::Order(kind) => format!("order, e.g. {}", order_example(kind.items.len())),
        QuestionKind::Match(_) => "pairs, e.g. 1a 2c".to_owned(),
        QuestionKind::Cloze(kind) if kind.blanks.len() == 1 => "the missing words".to_owned(),
        QuestionKind::Cloze(kind) => format!("{} texts, with ; between", kind.blanks.len()),
        QuestionKind::Sort(_) => "pairs, e.g. 1a 2b".to_owned(),
    };
    format!("? ({what})")
}

/// Every number once, the first three turned round: `3 1 2 4`.
fn order_example(items: usize) -> String {
    let order = (1..=items).map(|n| match n {
        _ if items < 3 => items + 1 - n,
        1 => 3,
        2 | 3 => n - 1,
        n => n,
    });
    order.map(|n| n.to_string()).collect::<Vec<_>>().join(" ")
}

/// Reads a line as an answer to `question`, whose parts are `shown` in this order. The error is
/// one sentence for the learner, who may type again.
pub fn parse_response(question: &Question, shown: &Shown, line: &str) -> Result<Answer, String> {
    let free_text = matches!(question.kind, QuestionKind::Short(_) | QuestionKind::Cloze(_));
    let (text, confidence) = without_confidence(line.trim(), free_text);
    if text.is_empty() {
        return Err("Type an answer, or :s to skip.".to_owned());
    }
    let response = match &question.kind {
        QuestionKind::Choice(kind) => {
            let count = kind.choices.len();
            let ticks =
                if kind.multiple { letters(text, count)? } else { one_letter(text, count)? };
            let items = ticks.into_iter().filter_map(|place| shown.items.get(place).copied());
            Response::Choices(items.collect())
        }
        QuestionKind::Numeric(kind) => Response::Number(parse_number(text, &kind.unit)?),
        QuestionKind::Short(_) => Response::Text(text.to_owned()),
        QuestionKind::Order(kind) => {
            let places = permutation(text, kind.items.len())?;
            let items = places.into_iter().filter_map(|place| shown.items.get(place).copied());
            Response::Order(items.collect())
        }
        QuestionKind::Match(_) => Response::Pairs(in_file_order(text, shown)?),
        QuestionKind::Sort(_) => Response::Bins(in_file_order(text, shown)?),
        QuestionKind::Cloze(kind) => Response::Blanks(blanks(text, kind.blanks.len())?),
    };
    Ok(Answer { response, confidence })
}

/// Takes the suffix ` !` or ` ?` off; in free text it must stand apart.
pub fn without_confidence(line: &str, free_text: bool) -> (&str, Option<Confidence>) {
    for (mark, confidence) in [('!', Confidence::Sure), ('?', Confidence::Guess)] {
        let Some(text) = line.strip_suffix(mark) else { continue };
        let apart = text.ends_with(char::is_whitespace);
        if (apart || !free_text) && !text.trim().is_empty() {
            return (text.trim_end(), Some(confidence));
        }
    }
    (line, None)
}

fn one_letter(text: &str, count: usize) -> Result<BTreeSet<usize>, String> {
    let places = letters(text, count)?;
    if places.len() == 1 { Ok(places) } else { Err("Choose one letter.".to_owned()) }
}

/// `a c`, `ac`, `a, c`, `a and c`, `1 3`; `none` ticks nothing.
fn letters(text: &str, count: usize) -> Result<BTreeSet<usize>, String> {
    let last = letter(count.saturating_sub(1));
    let lower = text.to_lowercase();
    if matches!(lower.as_str(), "none" | "-") {
        return Ok(BTreeSet::new());
    }
    let mut places = BTreeSet::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word == "and" {
            continue;
        }
        for c in word.chars() {
            let place = match c {
                'a'..='z' => u32::from(c) - u32::from('a'),
                '1'..='9' => u32::from(c) - u32::from('1'),
                _ => u32::MAX,
            };
            let place = usize::try_from(place).ok().filter(|&place| place < count);
            places.insert(
                place.ok_or_else(|| format!("`{word}` is not one of the letters a to {last}."))?,
            );
        }
    }
    if places.is_empty() { Err(format!("Type letters from a to {last}.")) } else { Ok(places) }
}

/// `3 1 2`, `3, 1, 2`, or `312` where one digit is enough: each of 1 to `count` once.
fn permutation(text: &str, count: usize) -> Result<Vec<usize>, String> {
    let refusal = || format!("Type each number from 1 to {count} once, in order.");
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let numbers: Option<Vec<usize>> = match words.as_slice() {
        [digits] if count > 1 && count <= 9 => {
            digits.chars().map(|c| c.to_digit(10).and_then(|d| usize::try_from(d).ok())).collect()
        }
        words => words.iter().map(|word| word.parse().ok()).collect(),
    };
    let numbers = numbers.ok_or_else(refusal)?;
    let distinct: BTreeSet<usize> = numbers.iter().copied().collect();
    if numbers.len() == count
        && distinct.len() == count
        && distinct.iter().eq((1..=count).collect::<Vec<_>>().iter())
    {
        Ok(numbers.into_iter().map(|number| number - 1).collect())
    } else {
        Err(refusal())
    }
}

/// Pairs as typed against the places shown, to indices of the file.
fn in_file_order(text: &str, shown: &Shown) -> Result<Vec<Option<usize>>, String> {
    let places = pairs(text, shown.items.len(), shown.right.len())?;
    let mut chosen = vec![None; shown.items.len()];
    for (item, place) in shown.items.iter().zip(places) {
        if let Some(slot) = chosen.get_mut(*item) {
            *slot = place.and_then(|place| shown.right.get(place).copied());
        }
    }
    Ok(chosen)
}

/// `1a 2c`, `1-a, 2=c`, `1 a 2 c`, `1a2c`; `3-` leaves item 3 without a partner.
fn pairs(text: &str, left: usize, right: usize) -> Result<Vec<Option<usize>>, String> {
    let mut found: Vec<Option<Option<usize>>> = vec![None; left];
    let last = letter(right.saturating_sub(1));
    let refusal = || {
        format!(
            "Type pairs of a number from 1 to {left} and a letter from a to {last}, as in 1a 2b."
        )
    };
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits).ok_or_else(refusal)?;
        let number: usize = number.parse().map_err(|_| refusal())?;
        let after_sign = after.trim_start_matches(|c: char| {
            c == ' ' || c == '=' || c == '-' || c == ':' || c == '>' || c == ')' || c == '.'
        });
        let (partner, tail) = match after_sign.chars().next() {
            Some(c @ 'a'..='z') => {
                let place = usize::try_from(u32::from(c) - u32::from('a')).unwrap_or(usize::MAX);
                let tail = after_sign.get(1..).unwrap_or_default();
                (Some(Some(place).filter(|&place| place < right).ok_or_else(refusal)?), tail)
            }
            _ if after.trim_start().starts_with('-') => (None, after_sign),
            _ => return Err(refusal()),
        };
        let slot = number.checked_sub(1).and_then(|n| found.get_mut(n)).ok_or_else(refusal)?;
        if slot.is_some() {
            return Err(format!("Number {number} stands twice."));
        }
        *slot = Some(partner);
        rest = tail.trim_start_matches(|c: char| {
            c == ' ' || c == ',' || c == ';' || c == '.' || c == '\t'
        });
    }
    let open: Vec<String> = found
        .iter()
        .enumerate()
        .filter(|(_, partner)| partner.is_none())
        .map(|(index, _)| (index + 1).to_string())
        .collect();
    if let Some(first) = open.first() {
        return Err(format!(
            "Still without a letter: {} (type {first}- to leave it so).",
            open.join(", ")
        ));
    }
    Ok(found.into_iter().flatten().collect())
}

/// Texts with `;` or `|` between them; commas too where that gives the number wanted.
fn blanks(text: &str, count: usize) -> Result<Vec<String>, String> {
    if count <= 1 {
        return Ok(vec![text.to_owned()]);
    }
    let split = |signs: &[char]| -> Vec<String> {
        text.split(signs).map(|part| part.trim().to_owned()).collect()
    };
    for signs in [&[';', '|'][..], &[',', '、']] {
        let parts = split(signs);
        if parts.len() == count {
            return Ok(parts);
        }
    }
    Err(format!("Type {count} texts with ; between them."))
}

/// A response in words, one line a part, with the letters and numbers of the order shown:
/// what was answered, or (given [`Question::solution`]) what would have been right.
pub fn response_lines(question: &Question, shown: &Shown, response: &Response) -> Vec<String> {
    let text = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_default();
    match (&question.kind, response) {
        (QuestionKind::Choice(kind), Response::Choices(ticked)) => {
            let places = shown.items.iter().enumerate().filter(|(_, item)| ticked.contains(item));
            let line = |(place, &item): (usize, &usize)| {
                let choice = kind.choices.get(item)?;
                Some(format!("{}) {}", letter(place), choice.text))
            };
            places.filter_map(line).collect()
        }
        (QuestionKind::Numeric(kind), Response::Number(number)) => {
            vec![with_unit(*number, &kind.unit)]
        }
        (QuestionKind::Short(_), Response::Text(text)) => vec![text.clone()],
        (QuestionKind::Order(kind), Response::Order(order)) => {
            let line = |&item: &usize| {
                let place = shown.place_of(item).map_or(0, |place| place + 1);
                format!("{place}. {}", text(&kind.items, item))
            };
            order.iter().map(line).collect()
        }
        (QuestionKind::Match(kind), Response::Pairs(pairs)) => {
            pair_lines(shown, pairs, &|item| text(&kind.left, item), &|item| {
                text(&kind.right, item)
            })
        }
        (QuestionKind::Sort(kind), Response::Bins(bins)) => {
            let item =
                |item: usize| kind.items.get(item).map_or_else(String::new, |i| i.text.clone());
            pair_lines(shown, bins, &item, &|bin| text(&kind.bins, bin))
        }
        (QuestionKind::Cloze(_), Response::Blanks(texts)) => {
            let texts = texts.iter().enumerate();
            texts.map(|(index, text)| format!("({}) {text}", index + 1)).collect()
        }
        _ => Vec::new(),
    }
}

/// `1a. left – right` in the order shown.
fn pair_lines(
    shown: &Shown,
    pairs: &[Option<usize>],
    left: &dyn Fn(usize) -> String,
    right: &dyn Fn(usize) -> String,
) -> Vec<String> {
    let line = |(place, &item): (usize, &usize)| {
        let partner = pairs.get(item).copied().flatten()?;
        let at = shown.right.iter().position(|&shown| shown == partner)?;
        Some(format!("{}{}) {} – {}", place + 1, letter(at), left(item), right(partner)))
    };
    shown.items.iter().enumerate().filter_map(line).collect()
}
