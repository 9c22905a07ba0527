//! Lists: bullets by depth, numbers aligned at their dots, tasks with their boxes.
//!
//! ```text
//!    9. nine                • one
//!   10. ten                   ◦ within
//! ```

use crate::markdown::{Item, List};

use super::page::{Page, between};
use super::{Piece, Role};

pub(super) fn set(page: &mut Page<'_>, list: &List) {
    let indent = if page.depth == 0 && page.safe_space() >= 40 { 2 } else { 0 };
    let highest =
        list.start.map(|start| start.saturating_add(list.items.len().saturating_sub(1) as u64));
    let digits = highest.map_or(0, |highest| highest.to_string().len());
    page.depth += 1;
    for (index, item) in list.items.iter().enumerate() {
        if index > 0 && !list.tight {
            page.blank(1, between(item.span, item.span));
        }
        let (mark, role) = match list.start {
            Some(start) => {
                let number = start.saturating_add(index as u64);
                (format!("{number:>digits$}. "), Role::Marker)
            }
            None => bullet(page, item),
        };
        let (mark, hang) = with_task(page, item, list.start.is_some(), mark);
        let first = Piece::new(format!("{:indent$}{mark}", ""), role);
        page.within(first, Piece::blank(indent + hang), item.span, |page| {
            page.blocks(&item.blocks, list.tight);
        });
    }
    page.depth -= 1;
}

/// The mark of an item without a number.
fn bullet(page: &Page<'_>, item: &Item) -> (String, Role) {
    if let Some((glyph, role)) = page.supplements.marks.get(&item.span.start) {
        return (format!("{glyph} "), *role);
    }
    let deepest = page.glyphs.bullets.len() - 1;
    let glyph = page.glyphs.bullets.get((page.depth - 1).min(deepest)).copied().unwrap_or("*");
    (format!("{glyph} "), Role::Marker)
}

/// The mark with the box of a task: instead of a bullet, after a number. Gives its cells too.
fn with_task(page: &Page<'_>, item: &Item, numbered: bool, mark: String) -> (String, usize) {
    let Some(done) = item.checked else {
        let cells = super::width(&mark);
        return (mark, cells);
    };
    let task = if done { page.glyphs.done } else { page.glyphs.open };
    let mark = if numbered { format!("{mark}{task} ") } else { format!("{task} ") };
    let cells = super::width(&mark);
    (mark, cells)
}
