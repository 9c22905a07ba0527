//! `coldstart show`: a lesson laid out on standard output.

mod printer;

pub use printer::{Printing, rows, show};

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write};

use anyhow::{anyhow, bail};
use clap::Args;

use super::{Colour, Global, Opened, Target, is_dumb};
use crate::course::{Course, Embedded, Lesson};
use crate::diagnostic::did_you_mean;
use crate::markdown::plain_text;
use crate::quiz::numeric::counted;
use crate::quiz::{Question, QuestionKind, Quiz};
use crate::sanitize;
use crate::theme::{self, Depth, Theme};
use crate::typeset::{LinkStyle, Measure, Panel, Settings, Supplements};

/// The options of `show`.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// A lesson's id, number or path, or - for standard input
    target: String,
    /// The columns to lay the text out at, 20 to 500 [default: the terminal's, at most 80]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(20..=500))]
    width: Option<u16>,
    /// Leave code without colours
    #[arg(long)]
    no_highlight: bool,
}

/// The columns where nothing else is known.
const COLUMNS: u16 = 80;

/// Blank columns left and right of a text on a terminal.
const MARGIN: u16 = 2;

/// Prints the lesson.
pub(super) fn run(global: &Global, options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let target = Target::from(options.target.as_str());
    let opened = Opened::lesson(global, &target)?;
    let Some(lesson) = opened.as_lesson() else {
        bail!("{} is no lesson", sanitize::line(&opened.file));
    };
    if let Some(reason) = lesson.unreadable() {
        bail!("{}: {}", sanitize::line(&opened.file), sanitize::line(reason));
    }
    let on_screen = io::stdout().is_terminal() && !is_dumb();
    let theme = theme(global, on_screen)?;
    let mut printing = laid_out(global, theme.as_ref(), columns(options.width, on_screen));
    printing.start = lesson.text_start();
    printing.highlight = !options.no_highlight;
    printing.hyperlinks = on_screen && theme.is_some();
    if !on_screen {
        printing.settings.links = LinkStyle::Numbered;
    }
    let command = |quiz: &Quiz| opened.quiz_command(global, &target, quiz);
    let supplements =
        Supplements { panels: panels(&opened.course, lesson, &command), ..Supplements::default() };
    show(out, lesson.source(), &printing, supplements)?;
    Ok(0)
}

/// A text at a measure, behind a margin, as [`columns`] gives them.
pub(super) fn laid_out<'a>(
    global: &Global,
    theme: Option<&'a Theme>,
    (measure, margin): (u16, usize),
) -> Printing<'a> {
    Printing {
        settings: Settings {
            measure: Measure(measure),
            ascii: global.ascii,
            bare: theme.is_none(),
            links: LinkStyle::Bare,
            unfold: true,
        },
        theme,
        hyperlinks: false,
        highlight: false,
        margin,
        start: 0,
    }
}

/// The measure, and the blanks before each row.
pub(super) fn columns(asked: Option<u16>, on_screen: bool) -> (u16, usize) {
    if let Some(asked) = asked {
        return (asked, 0);
    }
    // Asked only of a terminal: without one, crossterm would start other programs to find out.
    let size = on_screen.then(crossterm::terminal::size).and_then(Result::ok);
    let there = match size {
        Some((columns, _)) if columns > 0 => columns.min(COLUMNS),
        _ => COLUMNS,
    };
    if on_screen && there >= 60 {
        return (there - 2 * MARGIN, usize::from(MARGIN));
    }
    (there.max(20), 0)
}

/// The theme to print with; none where no escape byte is wanted. Without colours there is still
/// weight, if there is a terminal.
pub(super) fn theme(global: &Global, on_screen: bool) -> anyhow::Result<Option<Theme>> {
    let variable = |name: &str| std::env::var(name).ok();
    let (color, term) = (variable("COLORTERM"), variable("TERM"));
    let promised =
        |no_color: Option<&str>| Depth::promised(color.as_deref(), term.as_deref(), no_color);
    let depth = match global.color {
        Colour::Never => return Ok(None),
        Colour::Auto if !on_screen => return Ok(None),
        Colour::Auto => promised(variable("NO_COLOR").as_deref()),
        Colour::Always => promised(None).max(Depth::Sixteen),
    };
    let suggested = theme::suggested(variable("COLORFGBG").as_deref());
    let name = match global.theme.as_deref() {
        None | Some("auto") => suggested,
        Some(name) => name,
    };
    if let Some(theme) = Theme::named(name, depth) {
        return Ok(Some(theme));
    }
    let names: Vec<&str> = Theme::names().collect();
    let meant = did_you_mean(name, names.iter().copied());
    let meant = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    let name = sanitize::line(name);
    Err(anyhow!("there is no theme `{name}`{meant} (there are {}, auto)", names.join(", ")))
}

/// The boxes of what can be done in the lesson, by the byte their block begins at; `command` gives
/// what opens a quiz.
fn panels(
    course: &Course,
    lesson: &Lesson,
    command: &dyn Fn(&Quiz) -> String,
) -> BTreeMap<usize, Panel> {
    // Embeds are found by reading the whole text: not where there cannot be any.
    if !lesson.source().contains("toml") && !lesson.source().contains("{{#quiz") {
        return BTreeMap::new();
    }
    let panel = |embedded| match embedded {
        Embedded::Quiz(quiz) => Some(Panel { action: command(quiz), ..of_quiz(course, quiz) }),
        Embedded::Question(question) => Some(of_question(question)),
        Embedded::Scenario { title, .. } => Some(Panel {
            kind: "Simulation".to_owned(),
            title: title.to_owned(),
            ..Panel::default()
        }),
        Embedded::Broken(reason) => Some(Panel {
            kind: "Cannot be opened".to_owned(),
            lines: vec![reason],
            ..Panel::default()
        }),
        Embedded::Output => None,
    };
    let placed = lesson.embeds().iter();
    placed
        .filter_map(|embed| Some((embed.span.start, panel(course.embedded(lesson, embed))?)))
        .collect()
}

fn of_quiz(course: &Course, quiz: &Quiz) -> Panel {
    Panel {
        kind: "Quiz".to_owned(),
        title: quiz.title.clone(),
        lines: vec![counted(course.asked(quiz), "question")],
        ..Panel::default()
    }
}

/// A question as on paper: its stem and its choices, never its answer.
fn of_question(question: &Question) -> Panel {
    let asked = question.instance(None, 1).question;
    let mut lines = vec![words(&asked.prompt)];
    if let QuestionKind::Choice(choices) = &asked.kind {
        let letters = 'a'..='z';
        let told = letters.zip(&choices.choices);
        lines.push(String::new());
        lines.extend(told.map(|(letter, choice)| format!("{letter}) {}", words(&choice.text))));
    }
    Panel { kind: "Question".to_owned(), lines, ..Panel::default() }
}

/// A text of a quiz without its Markdown.
fn words(text: &str) -> String {
    let words = plain_text(&crate::markdown::inlines(text));
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
