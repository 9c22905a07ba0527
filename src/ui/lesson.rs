//! A lesson: one column of text, marks beside it, its outline where there is room.

use ratatui::style::Style;

use crate::app::frame::{self, Area};
use crate::app::{Ending, Heading, Mark, Overlay, Reading, World};
use crate::markdown::Target;
use crate::typeset::{Piece, Place, Role, Row};

use super::canvas::Canvas;

pub(super) fn draw(canvas: &mut Canvas<'_>, reading: &Reading, world: &World<'_>) {
    let page = frame::page(world.size);
    let text = page.text;
    let mut y = text.y;
    for (place, row) in reading.view() {
        paint(canvas, (text.x, y), reading, (place, row));
        if let Some(mark) = reading.mark(place) {
            let [bookmark, note] = canvas.signs.marks;
            let sign = if mark == Mark::Note { note } else { bookmark };
            canvas.text(text.x.saturating_sub(2), y, sign, canvas.style(Role::Accent));
        }
        y += 1;
    }
    let rest = Area { y, height: (text.y + text.height).saturating_sub(y), ..text };
    if let Some(end) = reading.ending(world) {
        ending(canvas, rest, &end, world);
    }
    if let Some(area) = page.outline {
        let (headings, under) = reading.headings();
        // The title stands above the text already.
        let titled = headings.first().is_some_and(|heading| heading.level == 1);
        let headings = headings.get(usize::from(titled)..).unwrap_or(&[]);
        let under = under.and_then(|under| under.checked_sub(usize::from(titled)));
        // Three lines of context above where the reader is.
        let height = usize::from(area.height);
        let last = headings.len().saturating_sub(height);
        let from = under.unwrap_or(0).saturating_sub(height.saturating_sub(4)).min(last);
        let shown = headings.get(from..).unwrap_or(&[]);
        outline(canvas, area, shown, under.map(|under| under.saturating_sub(from)));
    }
}

fn paint(
    canvas: &mut Canvas<'_>,
    (x, y): (u16, u16),
    reading: &Reading,
    (place, row): (Place, &Row),
) {
    let mut at = x;
    for (index, piece) in row.pieces.iter().enumerate() {
        let focused = reading.is_focused(place, index);
        let style = match (focused, &piece.target, piece.role) {
            (true, ..) => focus(canvas, piece),
            // Enter opens what is in focus, not this panel.
            (_, Some(Target::Embed(_) | Target::Offer(_)), Role::Accent) if reading.has_focus() => {
                canvas.style(Role::Muted)
            }
            (_, _, role) => canvas.style(role),
        };
        at = canvas.text(at, y, &piece.text, style);
    }
}

/// How a piece in focus looks: panels and asides by their frame, all else as a whole.
fn focus(canvas: &Canvas<'_>, piece: &Piece) -> Style {
    match (&piece.target, piece.role) {
        (Some(Target::Embed(_) | Target::Offer(_)), Role::Accent) => canvas.theme().focused,
        (Some(Target::Embed(_) | Target::Offer(_)), Role::Panel) => canvas.style(Role::Accent),
        (Some(Target::Embed(_) | Target::Offer(_)), role) => canvas.style(role),
        _ => canvas.theme().focused,
    }
}

/// What follows the last row.
fn ending(canvas: &mut Canvas<'_>, area: Area, end: &Ending, world: &World<'_>) {
    use crate::keymap::{Action, Context};
    if area.height < 3 {
        return;
    }
    let y = area.y + 2;
    let [.., across, _] = canvas.signs.frame;
    let line = across.repeat(usize::from(area.width));
    canvas.text(area.x, area.y + 1, &line, canvas.style(Role::Line));
    let Some((number, title)) = &end.next else {
        canvas.text(area.x, y, "The course ends here.", canvas.style(Role::Muted));
        return;
    };
    let key = world.keymap.chord(Context::Lesson, Action::NextLesson);
    let key = key.map(|key| key.label(world.settings.ascii)).unwrap_or_default();
    let x = canvas.text(area.x, y, "Next  ", canvas.style(Role::Muted));
    let x = canvas.text(x, y, &format!("{number}  "), canvas.style(Role::Muted));
    let width = (area.x + area.width).saturating_sub(x + 4);
    canvas.fitted(Area { x, y, width, height: 1 }, title, canvas.style(Role::Strong));
    canvas.ending_at(area.x + area.width, y, &key, Role::Accent);
}

/// Headings beside the text, the one that the reader is under in the accent.
fn outline(canvas: &mut Canvas<'_>, area: Area, headings: &[Heading], under: Option<usize>) {
    for (index, heading) in headings.iter().take(usize::from(area.height)).enumerate() {
        let y = area.y + u16::try_from(index).unwrap_or(0);
        let here = under == Some(index);
        let role = if here { Role::Accent } else { Role::Muted };
        if here {
            canvas.text(area.x, y, canvas.signs.pointer, canvas.style(Role::Accent));
        }
        let indent = 2 + u16::from(heading.level.saturating_sub(2)) * 2;
        let line =
            Area { x: area.x + indent, y, width: area.width.saturating_sub(indent), height: 1 };
        canvas.fitted(line, &heading.text, canvas.style(role));
    }
}

/// The outline, open to choose from: at its place beside the text, or in a box.
pub(super) fn choose(canvas: &mut Canvas<'_>, overlay: &Overlay, world: &World<'_>) {
    let Overlay::Outline(open) = overlay else { return };
    let (area, headings, chosen) = open.view();
    let beside = frame::page(world.size).outline.is_some();
    if beside {
        canvas.fill(area, Style::new());
    } else {
        canvas.boxed(area, "Outline", "");
    }
    let ground = if beside { Style::new() } else { canvas.theme().surface };
    for (index, heading) in headings.iter().take(usize::from(area.height)).enumerate() {
        let y = area.y + u16::try_from(index).unwrap_or(0);
        let line = Area { y, height: 1, ..area };
        let indent = 2 + u16::from(heading.level.saturating_sub(2)) * 2;
        let words = Area { x: line.x + indent, width: line.width.saturating_sub(indent), ..line };
        canvas.fitted(words, &heading.text, ground.patch(canvas.style(Role::Body)));
        if index == chosen {
            canvas.tint(line, canvas.theme().selected);
            let style = canvas.theme().selected;
            canvas.text(line.x, y, canvas.signs.pointer, style);
        }
    }
}
