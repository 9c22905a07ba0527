//! A cell for each thing there is: `▓ ▓ ▓ ▒ ░ ░ ░`.

use super::Grid;
use super::canvas::Canvas;
use crate::typeset::Role;

/// Draws `grid` on all of `canvas`, as large as it fits.
pub(super) fn draw(grid: &Grid, canvas: &mut Canvas) {
    let (width, height) = (canvas.width, canvas.height);
    if width == 0 || height == 0 {
        return;
    }
    let count = grid.cells.len();
    if count == 0 && grid.more == 0 {
        canvas.text(0, 0, "There is none at this moment.", Role::Muted);
        return;
    }
    let fits = |wide: usize, gap: usize, rows: usize| {
        ((width + gap) / (wide + gap)).max(1) * rows >= count && width >= wide
    };
    let forms = [
        (4, 2, height.div_ceil(2), 2),
        (2, 1, height.div_ceil(2), 2),
        (2, 1, height, 1),
        (1, 1, height, 1),
    ];
    let fitting = forms.into_iter().find(|&(wide, gap, rows, _)| fits(wide, gap, rows));
    let (wide, gap, _, leading) = fitting.unwrap_or((1, 0, height, 1));
    let across = ((width + gap) / (wide + gap)).max(1);
    let room = across * height.div_ceil(leading);
    let is_cut = grid.more > 0 || count > room;
    let kept = if is_cut { across * (height - 1) } else { count };
    for (place, tone) in grid.cells.iter().take(kept).enumerate() {
        let (x, y) = (place % across * (wide + gap), place / across * leading);
        for column in 0..wide {
            canvas.sign(x + column, y, tone.sign(canvas.ascii), tone.role());
        }
    }
    let hidden = grid.more + count.saturating_sub(kept);
    if hidden > 0 {
        let row = (kept.div_ceil(across) * leading).min(height - 1);
        canvas.text(0, row, &format!("and {hidden} more"), Role::Muted);
    }
}
