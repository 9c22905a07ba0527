//! What was learned, as a document to keep: laid out on a terminal, Markdown in a pipe or a file.

use std::io::{self, IsTerminal as _, Write};

use super::super::{Colour, Global, is_dumb, show};
use crate::course::Course;
use crate::plain::quoted;
use crate::progress::Progress;
use crate::progress::notebook::{Notebook, Scope};
use crate::sanitize;
use crate::typeset::Supplements;

/// Prints the notebook of `progress`; where there is nothing to keep yet, what to do about it.
pub(super) fn print(
    global: &Global,
    course: &Course,
    progress: &Progress,
    scope: Scope,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let Some(notebook) = Notebook::of_course(course, progress, scope) else {
        writeln!(out, "{}", nothing(&global.own_program(), course, progress, scope))?;
        return Ok(());
    };
    let is_terminal = io::stdout().is_terminal();
    if !is_terminal && global.color != Colour::Always {
        write!(out, "{}", sanitize::text(&notebook.text))?;
        return Ok(());
    }
    let on_screen = is_terminal && !is_dumb();
    let theme = show::theme(global, on_screen)?;
    let printing = show::Printing {
        hyperlinks: on_screen && theme.is_some(),
        ..show::laid_out(global, theme.as_ref(), show::columns(None, on_screen))
    };
    show::show(out, &notebook.text, &printing, Supplements::default())?;
    Ok(())
}

/// What to do so that there is something.
fn nothing(program: &str, course: &Course, progress: &Progress, scope: Scope) -> String {
    if scope == Scope::All {
        return "No lesson of this course has a list of key points.".to_owned();
    }
    let last = progress.last_place().and_then(|place| course.lesson(&place.lesson));
    let Some(next) = last.or_else(|| course.lessons().next()) else {
        return "This course has no lessons.".to_owned();
    };
    let next = quoted(&sanitize::line(&next.id));
    format!(
        "Nothing is learned yet.\n\
         Read a lesson to its end and pass its quiz:  {program} learn {next}\n\
         The key points of every lesson:  {program} progress --notes --all"
    )
}
