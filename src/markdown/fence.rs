//! Code blocks: code to read, figures, and the fences that hold a question, a scenario or its
//! output.

use pulldown_cmark::Event;

use super::reader::Reader;
use super::source_map::Collected;
use super::{BlockKind, Code, Embed, Fence};
use crate::diagnostic::{Diagnostic, Span, did_you_mean};
use crate::sanitize;

/// The info strings of blocks that are more than code.
const EMBEDDED: [(&str, &str); 4] =
    [("text", "figure"), ("toml", "quiz"), ("toml", "sim"), ("text", "output")];

impl Reader<'_> {
    /// Reads a code block with the info string `info` up to its end; a figure takes `alt`.
    pub(super) fn fence(
        &mut self,
        info: &str,
        span: Span,
        alt: &mut Option<(String, Span)>,
    ) -> BlockKind {
        let code = self.collect();
        let info = self.line(info, span);
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or("");
        match (language, words.next()) {
            ("text", Some("figure")) => {
                let alt = alt.take().map(|(alt, _)| alt);
                BlockKind::Figure { text: lines(&code.text), alt }
            }
            ("toml", Some("quiz")) => BlockKind::Embed(Embed::Question(fence(&code))),
            ("toml", Some("sim")) => BlockKind::Embed(Embed::Scenario(fence(&code))),
            ("text", Some("output")) => BlockKind::Embed(Embed::Output(fence(&code))),
            (language, word) => {
                self.near_miss(language, word, span);
                // As in `rust,ignore` and `python{1,3}`.
                let language = language.split([',', '{']).next().unwrap_or("").to_owned();
                BlockKind::Code(Code { language, text: lines(&code.text) })
            }
        }
    }

    /// Warns of a block that is shown as plain code and was probably meant to be more.
    fn near_miss(&mut self, language: &str, word: Option<&str>, span: Span) {
        let meant = EMBEDDED.iter().filter(|(first, _)| *first == language);
        let meant = word.and_then(|word| did_you_mean(word, meant.map(|&(_, second)| second)));
        if let (Some(word), Some(meant)) = (word, meant) {
            let what = format!("`{language} {word}` is shown as plain code");
            let finding = Diagnostic::warning("fence-near-miss", "", span, what);
            self.report(finding.hint(format!("did you mean `{language} {meant}`?")));
        }
    }

    /// Collects text or HTML up to the end of the block that was begun.
    pub(super) fn collect(&mut self) -> Collected {
        let mut collected = Collected::default();
        while let Some((event, span)) = self.next() {
            match event {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                    collected.push(&text, span.start);
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        collected
    }
}

/// The text sanitised, without the end of its last line.
fn lines(text: &str) -> String {
    let clean = sanitize::text(text);
    clean.strip_suffix('\n').unwrap_or(&clean).to_owned()
}

fn fence(code: &Collected) -> Fence {
    let text = sanitize::text(&code.text).into_owned();
    let mut line_starts = code.line_starts();
    // A last line of nothing but invisible characters is none.
    line_starts.truncate(text.split_inclusive('\n').count());
    Fence { text, line_starts }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{BlockKind, Embed, parse};

    #[test]
    fn a_fence_has_as_many_starts_as_lines() {
        for text in ["a\n", "a", "a\n\u{200b}", "\u{200b}", "a\n\nb\n\u{200b}\n"] {
            let document = parse(&format!("```toml quiz\n{text}"));
            let Some(BlockKind::Embed(Embed::Question(fence))) =
                document.blocks.first().map(|block| &block.kind)
            else {
                panic!("{text:?} is no question");
            };
            let lines = fence.text.split_inclusive('\n').count();
            assert_eq!(fence.line_starts.len(), lines, "{text:?}: {:?}", fence.text);
        }
    }
}
