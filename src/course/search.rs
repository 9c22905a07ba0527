//! Full-text search: lessons by section, glossary, facts, the learner's own notes.
//!
//! Every word of a query counts as typed, as the begin of a longer word, or, where neither is
//! found, with one typo forgiven. Results are ranked by BM25 over weighted fields, those that hold
//! every word first.

mod passages;

pub use passages::{explaining, passages};

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::edit_distance;
use crate::quiz::numeric::as_f64;
use crate::typeset;

/// Something that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it leads.
    pub source: Source,
    /// Where it stands, in words: `1.2 · Scaling out is cold too`.
    pub place: String,
    /// Its heading, its term: counts more than its text.
    pub title: String,
    /// Its text in lines, each with the byte of the source that it begins at.
    pub lines: Vec<(usize, String)>,
}

/// Where a result leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A lesson, and its title or its number are found.
    Lesson(String),
    /// A section of the lesson of this id.
    Section(String),
    /// A term of the glossary.
    Term(String),
    /// A dated fact.
    Fact(String),
    /// A note of the learner on the lesson of this id.
    Note(String),
}

/// Something found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Where it leads.
    pub source: Source,
    /// The byte of the lesson's source that the line begins at.
    pub offset: usize,
    /// Where it stands, in words.
    pub place: String,
    /// The line that matches best.
    pub line: String,
    /// The bytes of `line` that match, in order, apart from each other.
    pub marks: Vec<Range<usize>>,
    /// How well it matches: more is better, comparable within one search.
    pub score: f64,
}

/// The words of all passages.
#[derive(Clone, Debug, Default)]
pub struct Index {
    passages: Vec<Passage>,
    /// Each passage's length in words.
    lengths: Vec<f64>,
    mean_length: f64,
    /// Each word with the passages it stands in and how much it counts there.
    words: BTreeMap<String, Vec<(usize, f64)>>,
}

/// How much a word of a title counts, against one of the text.
const TITLE_WEIGHT: f64 = 4.0;
/// How much the begin of a word counts, against the whole word.
const PREFIX_WEIGHT: f64 = 0.6;
/// How much a word with a typo counts.
const TYPO_WEIGHT: f64 = 0.4;
/// The shortest word in which a typo is forgiven, in letters.
const TYPO_LETTERS_MIN: usize = 4;
/// The shortest begin of a word in which a typo is forgiven, in letters.
const TYPO_BEGIN_LETTERS_MIN: usize = 6;
/// BM25: how soon repetition stops counting.
const K1: f64 = 1.2;
/// BM25: how much a long passage is held against it, 0 to 1.
const B: f64 = 0.5;

impl Index {
    /// The index of all these passages.
    pub fn new(passages: Vec<Passage>) -> Self {
        let mut words: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
        let mut lengths = Vec::with_capacity(passages.len());
        for (at, passage) in passages.iter().enumerate() {
            let mut counts: BTreeMap<String, f64> = BTreeMap::new();
            let mut length = 0.0;
            for (_, word) in words_of(&passage.title) {
                *counts.entry(word).or_default() += TITLE_WEIGHT;
            }
            for (_, word) in passage.lines.iter().flat_map(|(_, line)| words_of(line)) {
                *counts.entry(word).or_default() += 1.0;
                length += 1.0;
            }
            for (word, count) in counts {
                words.entry(word).or_default().push((at, count));
            }
            lengths.push(length);
        }
        let mean_length = lengths.iter().sum::<f64>() / as_f64(lengths.len()).max(1.0);
        Self { passages, lengths, mean_length: mean_length.max(1.0), words }
    }

    /// The best `limit` results for a query, best first; equal ones in the order of the course.
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        let terms: BTreeSet<String> = words_of(query).map(|(_, word)| word).collect();
        let matches: Vec<BTreeMap<&str, f64>> =
            terms.iter().map(|term| self.matching(term)).collect();
        let mut scores: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
        for matching in &matches {
            for (passage, score) in self.scores(matching) {
                let entry = scores.entry(passage).or_default();
                *entry = (entry.0 + 1, entry.1 + score);
            }
        }
        let mut ranked: Vec<(usize, usize, f64)> =
            scores.into_iter().map(|(passage, (found, score))| (passage, found, score)).collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
        ranked.truncate(limit);
        ranked.into_iter().map(|(passage, _, score)| self.hit(passage, &matches, score)).collect()
    }

    /// The passage whose words are most like those of a text of any length: rare words that both
    /// have count, not how many are found.
    pub fn nearest(&self, text: &str) -> Option<Hit> {
        let words: BTreeSet<String> = words_of(text).map(|(_, word)| word).collect();
        let known = words.iter().filter_map(|word| self.words.get_key_value(word));
        let matches: Vec<BTreeMap<&str, f64>> =
            known.map(|(word, _)| BTreeMap::from([(word.as_str(), 1.0)])).collect();
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for (passage, score) in matches.iter().flat_map(|matching| self.scores(matching)) {
            *scores.entry(passage).or_default() += score;
        }
        // The first of equals.
        let best = scores.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(passage, score)| self.hit(passage, &matches, score))
    }

    /// The words of the index that a term stands for, and how much each counts.
    fn matching(&self, term: &str) -> BTreeMap<&str, f64> {
        let mut found: BTreeMap<&str, f64> = self
            .words
            .range(term.to_owned()..)
            .take_while(|(word, _)| word.starts_with(term))
            .map(|(word, _)| (word.as_str(), if word == term { 1.0 } else { PREFIX_WEIGHT }))
            .collect();
        if found.is_empty() && term.chars().count() >= TYPO_LETTERS_MIN {
            let term: Vec<char> = term.chars().collect();
            found = self
                .words
                .keys()
                .filter(|word| has_one_typo(word, &term))
                .map(|word| (word.as_str(), TYPO_WEIGHT))
                .collect();
        }
        found
    }

    /// Each passage that holds one of the words, with its score for them.
    fn scores(&self, matching: &BTreeMap<&str, f64>) -> BTreeMap<usize, f64> {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        for (word, weight) in matching {
            for &(passage, count) in self.words.get(*word).into_iter().flatten() {
                *counts.entry(passage).or_default() += weight * count;
            }
        }
        let (all, holding) = (as_f64(self.passages.len()), as_f64(counts.len()));
        let rarity = (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln();
        for (&passage, count) in &mut counts {
            let length = self.lengths.get(passage).copied().unwrap_or_default() / self.mean_length;
            *count = rarity * *count * (K1 + 1.0) / (*count + K1 * (1.0 - B + B * length));
        }
        counts
    }

    fn hit(&self, passage: usize, matches: &[BTreeMap<&str, f64>], score: f64) -> Hit {
        let passage = &self.passages[passage];
        let title = (passage.lines.first().map_or(0, |line| line.0), &passage.title);
        let lines = passage.lines.iter().map(|(offset, line)| (*offset, line));
        // The line that holds most of the words; the title only where no line holds any.
        let best = lines
            .chain([title])
            .map(|(offset, line)| (offset, line, marks(line, matches)))
            .reduce(|best, next| if next.2.0 > best.2.0 { next } else { best });
        let (offset, line, (_, marks)) = best.unwrap_or((0, &passage.title, (0, Vec::new())));
        let (source, place) = (passage.source.clone(), passage.place.clone());
        // As many bytes as before, so that the marks stay.
        let line = line.replace(['\n', '\t'], " ");
        Hit { source, offset, place, line, marks, score }
    }
}

impl Hit {
    /// The part of the line that fits into `cells`, around the first match, with the marks in it.
    /// What was cut off at an end is `…`.
    pub fn excerpt(&self, cells: usize) -> (String, Vec<Range<usize>>) {
        let clusters: Vec<(&str, usize)> = typeset::clusters(&self.line).collect();
        let first = self.marks.first().map_or(0, |mark| mark.start);
        let mut start = self.start_of(&clusters, first, cells);
        let mut text = String::new();
        let mut used = 0;
        if start > 0 {
            text.push('…');
            used = 1;
        }
        let shift = text.len();
        let total: usize = clusters.iter().skip(start).map(|(_, width)| width).sum();
        let room = if used + total > cells { cells.saturating_sub(1) } else { cells };
        let from: usize = clusters.iter().take(start).map(|(cluster, _)| cluster.len()).sum();
        while let Some((cluster, width)) = clusters.get(start) {
            if used + width > room {
                text.push('…');
                break;
            }
            text.push_str(cluster);
            used += width;
            start += 1;
        }
        let end = from + text.len() - shift;
        let inside = self.marks.iter().filter(|mark| mark.start >= from && mark.end <= end);
        let moved = inside.map(|mark| mark.start - from + shift..mark.end - from + shift);
        let moved = moved.filter(|mark| text.get(mark.clone()).is_some()).collect();
        (text, moved)
    }

    /// The first cluster of the excerpt: the beginning, unless the first match would be cut off.
    fn start_of(&self, clusters: &[(&str, usize)], first: usize, cells: usize) -> usize {
        let mut before = Vec::new();
        let (mut at, mut width) = (0, 0);
        for (index, (cluster, wide)) in clusters.iter().enumerate() {
            if at >= first {
                break;
            }
            before.push((index, width));
            at += cluster.len();
            width += wide;
        }
        if width + 12 <= cells || typeset::width(&self.line) <= cells {
            return 0;
        }
        // A third of the room for what stands before.
        let skipped = width.saturating_sub(cells / 3);
        let from =
            before.iter().find(|(_, width)| *width >= skipped).map_or(0, |(index, _)| *index);
        let at_word = clusters.iter().skip(from).take(16).position(|(cluster, _)| *cluster == " ");
        at_word.map_or(from, |blank| from + blank + 1)
    }
}

/// How many of the terms a line holds, and where.
fn marks(line: &str, matches: &[BTreeMap<&str, f64>]) -> (usize, Vec<Range<usize>>) {
    let mut held = BTreeSet::new();
    let mut marks = Vec::new();
    for (range, word) in words_of(line) {
        let terms = matches.iter().enumerate().filter(|(_, words)| words.contains_key(&*word));
        let terms: Vec<usize> = terms.map(|(term, _)| term).collect();
        if !terms.is_empty() {
            marks.push(range);
        }
        held.extend(terms);
    }
    (held.len(), marks)
}

/// The words of a text, folded, and where they stand. Scripts without spaces give each sign.
fn words_of(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut signs = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = signs.find(|(_, sign)| sign.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        if !stands_alone(first) {
            while let Some((at, sign)) =
                signs.next_if(|(_, sign)| sign.is_alphanumeric() && !stands_alone(*sign))
            {
                end = at + sign.len_utf8();
            }
        }
        Some((start..end, text.get(start..end)?.to_lowercase()))
    })
}

/// Whether a sign is a word of its own: Han, Kana and their kin.
const fn stands_alone(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether `word` is `term` with a typo; a longer term may be the begin of `word`.
fn has_one_typo(word: &str, term: &[char]) -> bool {
    if term.len() < TYPO_BEGIN_LETTERS_MIN {
        let near = word.chars().count().abs_diff(term.len()) <= 1;
        near && word.starts_with(&term[..1])
            && edit_distance(word, &term.iter().collect::<String>()) <= 1
    } else {
        begins_with_one_typo(word, term)
    }
}

/// Whether `word`, or a begin of it, is `term` but for one letter changed, missing, added or
/// swapped with its neighbour. The first letter must stand: people rarely miss it, and it keeps
/// strangers out.
fn begins_with_one_typo(word: &str, term: &[char]) -> bool {
    let word: Vec<char> = word.chars().take(term.len() + 1).collect();
    let same = word.iter().zip(term).take_while(|(a, b)| a == b).count();
    if same == 0 {
        return false;
    }
    let (word, term) = (&word[same..], &term[same..]);
    let begins = |word: &[char], term: &[char]| word.starts_with(term);
    match (word, term) {
        (_, []) | ([], [_]) => true,
        ([], _) => false,
        ([a, word_rest @ ..], [b, term_rest @ ..]) => {
            begins(word_rest, term_rest)
                || begins(word_rest, term)
                || begins(word, term_rest)
                || matches!((word_rest, term_rest), ([c, word_rest @ ..], [d, term_rest @ ..])
                    if a == d && b == c && begins(word_rest, term_rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passage(place: &str, title: &str, text: &str) -> Passage {
        let mut at = 0;
        let line = |line: &str| {
            let start = at;
            at += line.len() + 1;
            (start, line.to_owned())
        };
        Passage {
            source: Source::Section(place.to_owned()),
            place: place.to_owned(),
            title: title.to_owned(),
            lines: text.lines().map(line).collect(),
        }
    }

    fn index() -> Index {
        Index::new(vec![
            passage("1.1", "Somebody else's servers", "You rent an answer.\nNot a server."),
            passage(
                "1.4",
                "Cold starts",
                "The first request pays.\nAn idle environment goes cold.",
            ),
            passage(
                "1.5",
                "Concurrency",
                "What is in flight at once.\nA start that is cold waits.",
            ),
            passage("2.1", "Les fonctions", "La mémoire d'une fonction. 東京のコールド"),
        ])
    }

    /// Place and marked line of each result.
    fn found(query: &str) -> Vec<String> {
        let results = index().find(query, 10);
        results.iter().map(|hit| format!("{}: {}", hit.place, marked(hit))).collect()
    }

    fn marked(hit: &Hit) -> String {
        let mut text = hit.line.clone();
        for mark in hit.marks.iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        text
    }

    #[test]
    fn a_title_counts_more_than_text() {
        assert_eq!(
            found("cold"),
            ["1.4: An idle environment goes [cold].", "1.5: A start that is [cold] waits.",]
        );
    }

    #[test]
    fn the_line_with_most_of_the_words_is_shown() {
        assert_eq!(found("cold start")[1], "1.5: A [start] that is [cold] waits.");
        assert_eq!(found("first request")[0], "1.4: The [first] [request] pays.");
    }

    #[test]
    fn begins_of_words_are_enough() {
        assert_eq!(found("environ"), ["1.4: An idle [environment] goes cold."]);
        assert_eq!(found("Ré"), Vec::<String>::new());
        assert_eq!(found("MÉMO"), ["2.1: La [mémoire] d'une fonction. 東京のコールド"]);
    }

    #[test]
    fn one_typo_is_forgiven() {
        for query in ["enviroment", "environmnet", "envirronment", "environnent", "envirx"] {
            assert_eq!(found(query), ["1.4: An idle [environment] goes cold."], "{query}");
        }
        assert_eq!(found("nvironment"), Vec::<String>::new());
        assert_eq!(found("colt").len(), 2);
        assert_eq!(found("flit"), Vec::<String>::new());
        assert_eq!(found("envxxonment"), Vec::<String>::new());
    }

    #[test]
    fn scripts_without_spaces_are_found() {
        assert_eq!(found("東京").len(), 1);
        assert_eq!(found("コールド").len(), 1);
    }

    #[test]
    fn a_result_with_only_its_title_shows_it() {
        assert_eq!(found("somebody"), ["1.1: [Somebody] else's servers"]);
        assert_eq!(found(""), Vec::<String>::new());
        assert_eq!(found("?!"), Vec::<String>::new());
    }

    #[test]
    fn a_result_is_one_line() {
        let index = Index::new(vec![passage("x", "A\nterm", "a\tcold start")]);
        let line = |query| index.find(query, 1)[0].line.clone();
        assert_eq!((line("cold").as_str(), line("term").as_str()), ("a cold start", "A term"));
    }

    #[test]
    fn an_excerpt_shows_the_match_with_what_stands_around_it() {
        let text = format!("{} the cold start of it {}", "word ".repeat(30), "more ".repeat(30));
        let index = Index::new(vec![passage("x", "", &text)]);
        let (line, marks) = index.find("cold", 1)[0].excerpt(40);
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
        assert!(typeset::width(&line) <= 40, "{line}");
        assert_eq!(line.get(marks[0].clone()), Some("cold"));
    }

    proptest! {
        /// Marks always cut the line at letters, in order and apart.
        #[test]
        fn marks_fit_their_line(text in "[a-cé語 '.]{0,30}", query in "[a-cé語 ]{0,8}") {
            let index = Index::new(vec![passage("x", "", &text)]);
            for hit in index.find(&query, 5) {
                let mut from = 0;
                for mark in &hit.marks {
                    prop_assert!(mark.start >= from && hit.line.get(mark.clone()).is_some());
                    from = mark.end;
                }
                for cells in 1..20 {
                    let (line, marks) = hit.excerpt(cells);
                    prop_assert!(typeset::width(&line) <= cells + 1, "{line}");
                    prop_assert!(marks.iter().all(|mark| line.get(mark.clone()).is_some()));
                }
            }
        }

        /// What was written is found again, whatever it is.
        #[test]
        fn every_word_finds_its_passage(word in "[a-zé語]{1,9}") {
            let index = Index::new(vec![passage("x", "", &format!("before {word} after"))]);
            prop_assert_eq!(index.find(&word, 5).len(), 1);
        }
    }
}
