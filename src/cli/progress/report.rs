//! Where the learner stands, as rows to print.
//!
//! ```text
//! Serverless, from cold start to steady state
//! 1 of 3 lessons learned · 1 begun · 11 of 14 objectives right, 2 mastered
//! ━━━━━━━━━━━━━━━━━━━━━━━━──────────────────────────────────────────────────
//!
//! Introduction                                   state      quiz   objectives
//!   ● 1.1  Somebody else's servers               done       83 %   4 of 5
//!   ◐ 1.2  Six promises and their small print    begun         –   2 of 4
//!   ○ 1.3  Functions or back ends                new           –   –
//!   ○      Final test: Introduction              new           –
//!
//! To revisit
//!   1.1  tell a managed service from a function
//!
//! Worth keeping
//!   1.1  Somebody else's servers
//!   • Serverless means that …
//!
//! Next: coldstart learn 1.2
//! ```

use crate::{
    course::{Course, Lesson},
    plain::quoted,
    progress::{Demands, LessonGlance, LessonState, Mastery, Progress},
    quiz::{Quiz, numeric::counted, summary::percent},
    sanitize,
    typeset::{self, Piece, Role, Row},
};

/// The cells that the columns behind the title take: state, quiz, objectives.
const COLUMNS: usize = 9 + 7 + 3 + 10;

/// The cells between the title and them.
const GAP: usize = 2;

/// How the report is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// The columns of the terminal; 40 to 100 are used.
    pub(super) width: usize,
    /// Marks and lines of ASCII only.
    pub(super) ascii: bool,
}

/// The mark of a state; it never stands without the state's name near it.
const fn mark(state: LessonState, ascii: bool) -> &'static str {
    match (state, ascii) {
        (LessonState::New, false) => "○",
        (LessonState::Begun, false) => "◐",
        (LessonState::Done, false) => "●",
        (LessonState::Mastered, false) => "✦",
        (LessonState::New, true) => "o",
        (LessonState::Begun, true) => "@",
        (LessonState::Done, true) => "*",
        (LessonState::Mastered, true) => "#",
    }
}

/// A lesson and where the learner stands in it.
struct Standing<'a> {
    lesson: &'a Lesson,
    glance: LessonGlance,
}

/// The report on `progress` in `course`; what it advises to type begins with `program`.
pub(super) fn report(course: &Course, progress: &Progress, form: Form, program: &str) -> Vec<Row> {
    let form = Form { width: form.width.clamp(40, 100), ..form };
    let standings: Vec<Standing<'_>> = course
        .lessons()
        .map(|lesson| {
            let glance = LessonGlance::of(progress, &Demands::of(course, lesson));
            Standing { lesson, glance }
        })
        .collect();
    let mut rows = totals(course, progress, &standings, form);
    parts(course, progress, &standings, form, &mut rows);
    revisit(&standings, form, &mut rows);
    keep(&standings, form, program, &mut rows);
    own(progress, &mut rows);
    let next = next(progress, &standings, form, program);
    rows.push(Row::default());
    rows.extend(next);
    rows
}

fn row(pieces: impl IntoIterator<Item = Piece>) -> Row {
    let mut row = Row::default();
    pieces.into_iter().for_each(|piece| row.push(piece));
    row
}

fn words(text: &str, role: Role) -> Piece {
    Piece::new(sanitize::line(text).into_owned(), role)
}

fn totals(
    course: &Course,
    progress: &Progress,
    standings: &[Standing<'_>],
    form: Form,
) -> Vec<Row> {
    let count = |wanted: &dyn Fn(LessonState) -> bool| {
        standings.iter().filter(|standing| wanted(standing.glance.state)).count()
    };
    let learned = count(&LessonState::learned);
    let begun = count(&|state| state == LessonState::Begun);
    let all: Vec<Mastery> = standings
        .iter()
        .flat_map(|standing| standing.lesson.objectives())
        .map(|objective| progress.objective(&objective.id).mastery())
        .collect();
    let right = all.iter().filter(|&&mastery| mastery >= Mastery::Right).count();
    let mastered = all.iter().filter(|&&mastery| mastery == Mastery::Mastered).count();
    let dot = if form.ascii { "-" } else { "·" };
    let lessons = if standings.len() == 1 { "lesson" } else { "lessons" };
    let begun = if begun > 0 { format!(" {dot} {begun} begun") } else { String::new() };
    let right = match all.len() {
        0 => String::new(),
        count => format!(" {dot} {right} of {count} objectives right"),
    };
    let mastered = if mastered > 0 { format!(", {mastered} mastered") } else { String::new() };
    let count = standings.len();
    let text = format!("{learned} of {count} {lessons} learned{begun}{right}{mastered}");
    let title = fit(&course.title, form.width, form);
    let mut rows = vec![row([Piece::new(title, Role::Heading(1))])];
    rows.extend(wrapped(&text, 0, form, Role::Body));
    let full = (learned * form.width).checked_div(standings.len()).unwrap_or(0);
    let [done, open] = if form.ascii { ["=", "-"] } else { ["━", "─"] };
    rows.push(row([
        Piece::new(done.repeat(full), Role::Accent),
        Piece::new(open.repeat(form.width - full), Role::Line),
    ]));
    rows
}

fn parts(
    course: &Course,
    progress: &Progress,
    standings: &[Standing<'_>],
    form: Form,
    rows: &mut Vec<Row>,
) {
    let mut standings = standings.iter();
    for part in &course.parts {
        rows.push(Row::default());
        let title = if part.title.is_empty() { "Lessons" } else { &part.title };
        rows.push(header(title, form));
        for standing in standings.by_ref().take(part.lessons.len()) {
            lesson(standing, form, rows);
        }
        if let Some(quiz) = course.final_test_of(part) {
            test(quiz, progress, form, rows);
        }
    }
}

/// Whether the columns stand beside the title; else they take a row of their own.
const fn is_wide(form: Form) -> bool {
    form.width >= 60
}

fn header(title: &str, form: Form) -> Row {
    let cells = if is_wide(form) { form.width - COLUMNS - GAP } else { form.width };
    let title = fit(title, cells, form);
    let gap = cells - typeset::width(&title) + GAP;
    let mut header = row([Piece::new(title, Role::Heading(2))]);
    if is_wide(form) {
        header.push(Piece::blank(gap));
        header.push(Piece::new(format!("{:<9}{:>7}   objectives", "state", "quiz"), Role::Muted));
    }
    header
}

/// A line of a part: a lesson, or its final test.
struct Line<'a> {
    state: LessonState,
    number: &'a str,
    title: &'a str,
    score: Option<f64>,
    /// How many of how many objectives; nothing is said of a test's.
    objectives: String,
}

fn lesson(standing: &Standing<'_>, form: Form, rows: &mut Vec<Row>) {
    let Standing { lesson, glance } = standing;
    let known = |least: Mastery| glance.objectives.values().filter(|&&m| m >= least).count();
    let objectives = match (lesson.objectives().len(), glance.objectives.is_empty()) {
        (0, _) | (_, true) => none(form).to_owned(),
        (all, false) => format!("{} of {all}", known(Mastery::Right)),
    };
    let (number, title) = (lesson.number.as_str(), lesson.title.as_str());
    let shown = Line { state: glance.state, number, title, score: glance.score, objectives };
    line(&shown, form, rows);
}

fn test(quiz: &Quiz, progress: &Progress, form: Form, rows: &mut Vec<Row>) {
    let state = progress.quiz_state(&quiz.id);
    let score = progress.best_score(&quiz.id);
    let shown = Line { state, number: "", title: &quiz.title, score, objectives: String::new() };
    line(&shown, form, rows);
}

/// What stands where there is no number.
const fn none(form: Form) -> &'static str {
    if form.ascii { "-" } else { "–" }
}

fn line(line: &Line<'_>, form: Form, rows: &mut Vec<Row>) {
    let Line { state, number, title, score, objectives } = line;
    let score = score.map_or(none(form).to_owned(), |score| format!("{} %", percent(score)));
    let role = match state {
        LessonState::New => Role::Muted,
        LessonState::Begun => Role::Body,
        LessonState::Done | LessonState::Mastered => Role::Accent,
    };
    let number = format!("{:<4} ", sanitize::line(number));
    let indent = 4 + typeset::width(&number);
    let wide = is_wide(form);
    let room = form.width.saturating_sub(indent + if wide { COLUMNS + GAP } else { 0 });
    let title = fit(title, room, form);
    let gap = room - typeset::width(&title) + GAP;
    let title_role = if *state == LessonState::New { Role::Body } else { Role::Strong };
    let mut first = row([
        Piece::blank(2),
        Piece::new(mark(*state, form.ascii), role),
        Piece::blank(1),
        Piece::new(number, Role::Muted),
        Piece::new(title, title_role),
    ]);
    if wide {
        first.push(Piece::blank(gap));
        first.push(Piece::new(format!("{:<9}", state.name()), role));
        let columns = format!("{}{score}   {objectives}", " ".repeat(pad(&score, 7)));
        first.push(Piece::new(columns.trim_end(), Role::Body));
        rows.push(first);
    } else {
        rows.push(first);
        let text = match objectives.as_str() {
            "" => format!("{}, best {score}", state.name()),
            objectives => format!("{}, quiz {score}, objectives {objectives}", state.name()),
        };
        rows.extend(wrapped(&text, indent, form, Role::Muted));
    }
}

/// `text` cut to `cells`.
fn fit(text: &str, cells: usize, form: Form) -> String {
    let cut = typeset::fit(&sanitize::line(text), cells);
    if form.ascii { cut.replace('…', "~") } else { cut }
}

fn pad(text: &str, cells: usize) -> usize {
    cells.saturating_sub(typeset::width(text))
}

/// The objectives whose last answer was not right.
fn revisit(standings: &[Standing<'_>], form: Form, rows: &mut Vec<Row>) {
    let mut found = Vec::new();
    for Standing { lesson, glance } in standings {
        let open = |id: &String| glance.objectives.get(id) == Some(&Mastery::Revisit);
        for objective in lesson.objectives().iter().filter(|objective| open(&objective.id)) {
            found.extend(hanging(
                (&lesson.number, Role::Muted),
                (&objective.text, Role::Body),
                form,
            ));
        }
    }
    section("To revisit", found, rows);
}

/// The key points of what was learned.
fn keep(standings: &[Standing<'_>], form: Form, program: &str, rows: &mut Vec<Row>) {
    let bullet = if form.ascii { "     -" } else { "     •" };
    let mut found = Vec::new();
    for Standing { lesson, glance } in standings {
        if !glance.state.learned() || lesson.key_points().is_empty() {
            continue;
        }
        if !found.is_empty() {
            found.push(Row::default());
        }
        found.extend(hanging((&lesson.number, Role::Muted), (&lesson.title, Role::Strong), form));
        for point in lesson.key_points() {
            found.extend(hanging((bullet, Role::Marker), (point, Role::Body), form));
        }
    }
    if !found.is_empty() {
        found.push(Row::default());
        let more = "With your notes and predictions, to keep:";
        found.extend(advice(more, &format!("{program} progress --notes"), form));
    }
    section("Worth keeping", found, rows);
}

/// What to type and what for. A command is never broken: so it can be copied.
fn advice(text: &str, command: &str, form: Form) -> Vec<Row> {
    let line = format!("{text} {command}");
    if typeset::width(&line) + 2 <= form.width {
        return wrapped(&line, 2, form, Role::Muted);
    }
    let mut rows = wrapped(text, 2, form, Role::Muted);
    rows.push(row([Piece::blank(2), words(command, Role::Muted)]));
    rows
}

fn section(title: &str, found: Vec<Row>, rows: &mut Vec<Row>) {
    if !found.is_empty() {
        rows.push(Row::default());
        rows.push(row([Piece::new(title, Role::Heading(2))]));
        rows.extend(found);
    }
}

/// The learner's own notes and bookmarks, counted.
fn own(progress: &Progress, rows: &mut Vec<Row>) {
    let (notes, bookmarks) = (progress.notes().len(), progress.bookmarks().count());
    if notes + bookmarks > 0 {
        let text = format!("{}, {}", counted(notes, "own note"), counted(bookmarks, "bookmark"));
        rows.extend([Row::default(), row([Piece::new(text, Role::Muted)])]);
    }
}

/// How to go on: where the learner was, if that is not learned yet; else the first that is not.
fn next(progress: &Progress, standings: &[Standing<'_>], form: Form, program: &str) -> Vec<Row> {
    let open = |standing: &&Standing<'_>| !standing.glance.state.learned();
    let last = progress.last_place().map(|place| place.lesson.as_str());
    let here = standings.iter().filter(open).find(|s| Some(s.lesson.id.as_str()) == last);
    match here.or_else(|| standings.iter().find(open)) {
        Some(Standing { lesson, glance }) => {
            let verb = if glance.state == LessonState::New { "Begin" } else { "Go on" };
            let command = format!("{program} learn {}", quoted(&lesson.id));
            let pieces =
                [words(&format!("{verb} with  "), Role::Muted), words(&command, Role::Key)];
            vec![row(pieces)]
        }
        None if standings.is_empty() => vec![row([words("No lessons.", Role::Muted)])],
        None => wrapped("You have learned every lesson.", 0, form, Role::Body),
    }
}

/// `lead` in a column of its own, from the third cell to the fifth at least, and `text` beside it.
fn hanging(lead: (&str, Role), text: (&str, Role), form: Form) -> Vec<Row> {
    let lead_text = sanitize::line(lead.0);
    let column = typeset::width(&lead_text).max(3);
    let beside = |(index, line): (usize, String)| {
        let line = Piece::new(line, text.1);
        if index > 0 {
            return row([Piece::blank(2 + column + 2), line]);
        }
        let gap = Piece::blank(column - typeset::width(&lead_text) + 2);
        row([Piece::blank(2), Piece::new(&*lead_text, lead.1), gap, line])
    };
    let lines = lines(text.0, form.width - (2 + column + 2), form);
    lines.into_iter().enumerate().map(beside).collect()
}

/// `text` in rows, indented.
fn wrapped(text: &str, indent: usize, form: Form, role: Role) -> Vec<Row> {
    let set = |line| row([Piece::blank(indent), Piece::new(line, role)]);
    lines(text, form.width - indent, form).into_iter().map(set).collect()
}

/// `text` broken between words into lines of at most `cells`.
fn lines(text: &str, cells: usize, form: Form) -> Vec<String> {
    let text = sanitize::line(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let word = fit(word, cells, form);
        match lines.last_mut() {
            Some(line) if typeset::width(line) + 1 + typeset::width(&word) <= cells => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests;
