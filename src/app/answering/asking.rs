//! A question with its answer in the making.

use super::draft::{Arranging, Choosing, Draft, Pairing, partner_letter};
use super::{Answering, Stage, World};
use crate::app::sheet::{Sheet, field, piece, tick, with_note};
use crate::app::sureness::how_sure;
use crate::app::text_field::TextField;
use crate::quiz::shown::{Shown, letter};
use crate::quiz::sitting::Asked;
use crate::quiz::{Question, QuestionKind};
use crate::typeset::{Piece, Role, Row, fit, width};

/// Lays out the question that stands.
pub(super) fn lay(answering: &Answering, sheet: &mut Sheet, world: &World<'_>) {
    let Some(asked) = answering.sitting.current() else { return };
    if answering.resumed > 0 && answering.stage == Stage::Asking {
        let count = answering.resumed;
        let text = format!("Going on where you left: {count} answered before.");
        sheet.pieces([piece(text, Role::Muted)]);
        sheet.gap();
    }
    if let Some(deal) = answering.deal() {
        sheet.led(Vec::new(), &deal, Role::Muted);
        sheet.gap();
    }
    sheet.blocks(&prompt(&asked.question, &answering.draft));
    hints(asked, sheet);
    sheet.gap();
    draft(&answering.draft, asked, sheet);
    missing(answering, sheet);
    if answering.sitting.asks_confidence() {
        let asked = match answering.stage {
            Stage::HowSure(at) => (true, at),
            _ => (false, answering.confidence),
        };
        how_sure(asked, sheet, world);
    }
}

/// The stem; the blanks of a cloze show what was typed.
pub(super) fn prompt(question: &Question, draft: &Draft) -> String {
    let texts: Vec<&str> = match draft {
        Draft::Blanks { fields, .. } => fields.iter().map(TextField::text).collect(),
        _ => return question.prompt.clone(),
    };
    filled(&question.prompt, &texts)
}

/// A cloze's prompt with texts in its blanks.
pub(super) fn filled(prompt: &str, texts: &[&str]) -> String {
    let mut prompt = prompt.to_owned();
    for (index, text) in texts.iter().enumerate() {
        let text: String = text.chars().map(|c| if c == '`' { '\'' } else { c }).collect();
        let shown = if text.trim().is_empty() { "____".to_owned() } else { text };
        let blank = format!("{{{{{}}}}}", index + 1);
        prompt = prompt.replace(&blank, &format!("`({}) {shown}`", index + 1));
    }
    prompt
}

fn draft(draft: &Draft, asked: &Asked, sheet: &mut Sheet) {
    match (draft, &asked.question.kind) {
        (Draft::Choices(choosing), QuestionKind::Choice(kind)) => {
            let choices = asked.shown.items.iter().enumerate().map(|(place, &item)| {
                let text = kind.choices.get(item).map_or("", |choice| &choice.text);
                choice(choosing, (place, text, kind.multiple), sheet)
            });
            let choices = choices.collect();
            sheet.choices(choices, choosing.at);
        }
        (Draft::Text(text), QuestionKind::Numeric(kind)) => {
            field(("Your answer  ", text, &kind.unit), (24, true), sheet);
        }
        (Draft::Text(text), _) => field(("Your answer  ", text, ""), (48, true), sheet),
        (Draft::Blanks { at, fields }, _) => {
            for (index, text) in fields.iter().enumerate() {
                let label = format!("({})  ", index + 1);
                field((&label, text, ""), (40, index == *at), sheet);
            }
        }
        (Draft::Order(arranging), QuestionKind::Order(kind)) => {
            order(arranging, &kind.items, sheet);
        }
        (Draft::Pairs(pairing), QuestionKind::Match(kind)) => {
            let item = |item: usize| kind.left.get(item).map_or("", String::as_str);
            pairs(pairing, (&asked.shown, &item, &kind.right), sheet);
        }
        (Draft::Pairs(pairing), QuestionKind::Sort(kind)) => {
            let item = |item: usize| kind.items.get(item).map_or("", |item| &item.text);
            pairs(pairing, (&asked.shown, &item, &kind.bins), sheet);
        }
        _ => {}
    }
}

/// `  ● a  About 25 %`, `  [x] a  …` where several may be ticked.
fn choice(
    choosing: &Choosing,
    (place, text, multiple): (usize, &str, bool),
    sheet: &Sheet,
) -> Vec<Row> {
    let ticked = choosing.ticked.contains(&place);
    let mark = tick(sheet, ticked, multiple);
    let role = if ticked { Role::Accent } else { Role::Muted };
    let lead = vec![
        piece("  ", Role::Body),
        piece(mark, role),
        piece(format!(" {}  ", letter(place)), Role::Key),
    ];
    let role = if ticked { Role::Strong } else { Role::Body };
    sheet.wrapped(lead, text, role, 1)
}

/// `  1  ⇅ item`
fn order(arranging: &Arranging, items: &[String], sheet: &mut Sheet) {
    let items = arranging.order.iter().enumerate().map(|(place, &item)| {
        let here = place == arranging.at;
        let hand = here && arranging.in_hand;
        let grip = if hand { sheet.sign("↕", "*") } else { " " };
        let lead = vec![
            piece(format!("  {}", place + 1), Role::Key),
            piece(format!(" {grip} "), Role::Accent),
        ];
        let text = items.get(item).map_or("", String::as_str);
        let role = if hand { Role::Strong } else { Role::Body };
        sheet.wrapped(lead, text, role, 1)
    });
    let items = items.collect();
    sheet.choices(items, Some(arranging.at));
}

/// Items with their partners at the right, and the partners with their letters below.
fn pairs<'a>(
    pairing: &Pairing,
    (shown, item, partners): (&Shown, &dyn Fn(usize) -> &'a str, &[String]),
    sheet: &mut Sheet,
) {
    let plain = |index: usize| {
        let text = partners.get(index).map_or("", String::as_str);
        crate::markdown::plain_text(&crate::markdown::inlines(text))
    };
    let widest = shown.right.iter().map(|&index| width(&plain(index))).max().unwrap_or(0);
    let column = (widest + 3).clamp(8, sheet.measure() * 2 / 5);
    for (place, &index) in shown.items.iter().enumerate() {
        let lead = vec![piece(format!("  {}  ", place + 1), Role::Key)];
        let rows = sheet.wrapped(lead, item(index), Role::Body, column + 2);
        let partner = pairing.partners.get(place).copied().flatten();
        let note = match partner {
            Some(partner) => {
                let text = shown.right.get(partner).map(|&index| plain(index)).unwrap_or_default();
                let text = fit(&text, column - 3);
                let filling = column.saturating_sub(3 + width(&text));
                vec![
                    piece(format!("{}  ", partner_letter(partner)), Role::Key),
                    piece(text, Role::Accent),
                    Piece::blank(filling),
                ]
            }
            None => vec![
                piece(sheet.sign("…", "~"), Role::Muted),
                Piece::blank(column.saturating_sub(1)),
            ],
        };
        let rows = with_note(rows, note, sheet.measure());
        sheet.selectable(rows, place == pairing.at);
    }
    sheet.gap();
    let last = partner_letter(shown.right.len().saturating_sub(1));
    let dash = sheet.sign("–", "-");
    sheet.pieces([
        piece(format!("  a{dash}{last}"), Role::Key),
        piece("  place the marked item", Role::Muted),
    ]);
    legend(shown, partners, sheet);
}

/// The partners and their letters, on one line where they fit.
fn legend(shown: &Shown, partners: &[String], sheet: &mut Sheet) {
    let named: Vec<(char, &str)> = shown
        .right
        .iter()
        .enumerate()
        .filter_map(|(place, &index)| Some((partner_letter(place), partners.get(index)?.as_str())))
        .collect();
    let together: usize = named.iter().map(|(_, text)| width(text) + 6).sum();
    if together <= sheet.measure() {
        let mut pieces = vec![Piece::blank(2)];
        for (letter, text) in named {
            let text = crate::markdown::plain_text(&crate::markdown::inlines(text));
            pieces.push(piece(format!("{letter}  "), Role::Key));
            pieces.push(piece(text, Role::Body));
            pieces.push(Piece::blank(3));
        }
        sheet.pieces(pieces);
        return;
    }
    for (letter, text) in named {
        sheet.led(vec![piece(format!("  {letter}  "), Role::Key)], text, Role::Body);
    }
}

fn hints(asked: &Asked, sheet: &mut Sheet) {
    let of = asked.question.hints.len();
    for (index, hint) in asked.revealed().iter().enumerate() {
        sheet.gap();
        let lead =
            if of == 1 { "Hint  ".to_owned() } else { format!("Hint {} of {of}  ", index + 1) };
        sheet.led(vec![piece(lead, Role::Accent)], hint, Role::Body);
    }
}

fn missing(answering: &Answering, sheet: &mut Sheet) {
    if let Some(missing) = &answering.missing {
        sheet.gap();
        let lead = vec![piece(sheet.sign("▸ ", "> "), Role::Notice)];
        sheet.led(lead, missing, Role::Notice);
    }
}
