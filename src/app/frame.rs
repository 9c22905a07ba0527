//! Where things stand on a screen of a given size: pure geometry, shared by those who move
//! through it and those who draw it.

use super::Size;

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The leftmost column, from 0.
    pub x: u16,
    /// The topmost row, from 0.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// The smallest screen that shows more than a hint.
pub const SMALLEST: Size = Size { width: 40, height: 12 };
/// The widest column of text.
pub const COLUMN: u16 = 76;
/// From this width on, the outline of a lesson stands beside its text.
pub const WIDE: u16 = 110;

/// The parts of every screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chrome {
    /// One line, or none on the smallest screens.
    pub title: Area,
    /// What the screen is about.
    pub body: Area,
    /// One line.
    pub status: Area,
}

/// Whether the screen shows no more than a hint.
pub const fn too_small(size: Size) -> bool {
    size.width < SMALLEST.width || size.height < SMALLEST.height
}

/// The parts of a screen; all empty where it is too small.
pub fn chrome(size: Size) -> Chrome {
    if too_small(size) {
        return Chrome::default();
    }
    let Size { width, height } = size;
    let titled = u16::from(height > SMALLEST.height);
    let air = u16::from(height >= 18);
    let line = |y, height| Area { x: 0, y, width, height };
    let above = titled + air;
    let below = 1 + air;
    Chrome {
        title: line(0, titled),
        body: line(above, height - above - below),
        status: line(height - 1, 1),
    }
}

/// The parts of the body of a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The column of text.
    pub text: Area,
    /// Where the outline stands beside it.
    pub outline: Option<Area>,
}

/// The parts of the body of a lesson.
pub fn page(size: Size) -> Page {
    let body = chrome(size).body;
    if too_small(size) {
        return Page::default();
    }
    let margin = if body.width >= 60 { 4 } else { 2 };
    let width = body.width.saturating_sub(2 * margin).min(COLUMN);
    let centred = (body.width.saturating_sub(width)) / 2;
    if size.width < WIDE {
        return Page { text: Area { x: centred, width, ..body }, outline: None };
    }
    let aside = (centred.max(body.width - width - margin) - 6).min(30);
    let x = centred.max(aside + 5).min(body.width - width - 2);
    let outline = Area { x: x - aside - 3, width: aside, ..body };
    Page { text: Area { x, width, ..body }, outline: Some(outline) }
}

/// The parts of the body of the contents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Parts and lessons.
    pub list: Area,
    /// What is said about the lesson chosen: at the right, below, or nowhere.
    pub detail: Option<Area>,
    /// Whether it stands at the right, a line between.
    pub beside: bool,
}

/// The parts of the body of the contents; `lines` is how long the list is.
pub fn overview(size: Size, lines: usize) -> Overview {
    /// The fewest rows that say something about a lesson.
    const LEAST: u16 = 7;
    let body = chrome(size).body;
    if body.width >= 96 {
        let right = (body.width / 8 * 3).min(64);
        // Lines stay short enough to follow; what is left over stays free at the right.
        let left = (body.width - right).min(74);
        let x = 0;
        let list = Area { x, width: left, ..body };
        let detail = Area { x: x + left + 3, width: right.saturating_sub(5), ..body };
        return Overview { list, detail: Some(detail), beside: true };
    }
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    let rest = body.height.saturating_sub(lines.saturating_add(2));
    if rest < LEAST {
        return Overview { list: body, detail: None, beside: false };
    }
    let list = Area { height: lines, ..body };
    let detail = Area {
        x: body.x + 3,
        y: body.y + lines + 2,
        width: body.width.saturating_sub(6).min(COLUMN),
        height: rest,
    };
    Overview { list, detail: Some(detail), beside: false }
}

/// A box in the middle of the screen for `lines` lines of `width` cells, as far as they fit; the
/// area is that of the lines, with room for a frame and a margin around it.
pub fn boxed(size: Size, width: u16, lines: usize) -> Area {
    let body = chrome(size).body;
    let wide = width.min(body.width.saturating_sub(8));
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    let high = lines.min(body.height.saturating_sub(4));
    Area {
        x: body.x + (body.width - wide) / 2,
        y: body.y + (body.height - high) / 2,
        width: wide,
        height: high,
    }
}

/// The width of the lines in a box that covers the column of text.
pub fn over_text(size: Size) -> u16 {
    page(size).text.width.saturating_sub(6)
}

/// As [`boxed`], but at the lower end of the screen or at its upper end.
pub fn boxed_at(size: Size, width: u16, lines: usize, low: bool) -> Area {
    let body = chrome(size).body;
    let area = boxed(size, width, lines);
    let y = if low { (body.y + body.height).saturating_sub(area.height + 2) } else { body.y + 2 };
    Area { y, ..area }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(inner: Area, size: Size) -> bool {
        inner.x + inner.width <= size.width && inner.y + inner.height <= size.height
    }

    #[test]
    fn everything_stands_inside_every_screen() {
        for width in (0..170).chain([1000, u16::MAX]) {
            for height in (0..70).chain([1000, u16::MAX]) {
                let size = Size { width, height };
                let Chrome { title, body, status } = chrome(size);
                let Page { text, outline } = page(size);
                let mut all = vec![title, body, status, text, boxed(size, 60, 20)];
                all.extend((!too_small(size)).then(|| boxed_at(size, 60, 20, true)));
                all.extend(outline);
                for lines in [0, 5, 50, 100_000] {
                    let overview = overview(size, lines);
                    all.push(overview.list);
                    all.extend(overview.detail);
                }
                assert!(all.iter().all(|area| inside(*area, size)), "{size:?} {all:?}");
                assert!(outline.is_none_or(|o| o.x + o.width < text.x), "{size:?}");
                assert!(too_small(size) || text.width >= 34 && text.height >= 9, "{size:?}");
            }
        }
    }

    #[test]
    fn the_column_is_in_the_middle_and_no_wider_than_it_reads_well() {
        let text = |width| page(Size { width, height: 24 }).text;
        assert_eq!((text(80).x, text(80).width), (4, 72));
        assert_eq!((text(100).x, text(100).width), (12, 76));
        assert_eq!((text(160).x, text(160).width), (42, 76));
        assert_eq!(text(110).width, 76);
    }
}
