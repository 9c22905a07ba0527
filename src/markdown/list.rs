//! Lists: bulleted, numbered, of tasks, of objectives.

use pulldown_cmark::{Event, Tag};

use super::reader::Reader;
use super::{Item, List};

impl Reader<'_> {
    /// Reads a list up to its end.
    pub(super) fn list(&mut self, start: Option<u64>, nesting: usize) -> List {
        let mut list = List { start, tight: true, items: Vec::new() };
        while let Some((event, span)) = self.next() {
            match event {
                Event::Start(Tag::Item) => {
                    if self.begins_with_paragraph() {
                        list.tight = false;
                    }
                    let item = self.children(nesting);
                    let (checked, id) = (item.checked, item.id);
                    list.items.push(Item { checked, id, blocks: item.blocks, span });
                }
                Event::Start(_) => self.skip(),
                _ => break,
            }
        }
        list
    }

    /// Whether the item that was begun has its text in a paragraph: so it is in loose lists.
    fn begins_with_paragraph(&mut self) -> bool {
        matches!(self.peek(), Some((Event::Start(Tag::Paragraph), _)))
    }
}
