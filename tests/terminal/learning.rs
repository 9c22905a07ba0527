//! What a learner did in one mode is there in the other: the shipped course through a pipe, line by
//! line, then on the screen.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use coldstart::content::{Embedded, Source as _};
use coldstart::quiz::sitting::Sitting;

use crate::answers::{right_lines, right_lines_of};
use crate::desk::{Desk, Start, program};

/// The program in line mode, its ends in pipes, with the same data folder as a desk at `home`.
fn in_lines(home: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(program());
    command.args(arguments).arg("--plain").env("COLDSTART_DATA_DIR", home.join("data"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap()
}

/// Types all lines and gives the last line that was printed.
fn types(home: &Path, arguments: &[&str], lines: &[String]) -> String {
    let mut child = in_lines(home, arguments);
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().next_back().unwrap_or_default().to_owned()
}

/// The line of the contents that begins with this mark and title.
fn has_line(screen: &str, mark: char, title: &str, score: &str) -> bool {
    let begin = format!("{mark} {title} ");
    screen.lines().any(|line| line.contains(&begin) && line.contains(&format!(" {score} ")))
}

#[test]
fn lessons_taken_line_by_line_are_marked_on_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let course = Embedded.open().unwrap();
    let ended = [
        (0, '●', "100 %", "Score: 8 of 8 (100 %), passed"),
        (2, '◐', "75 %", "Score: 6 of 8 (75 %), not passed"),
        (1, '●', "88 %", "Score: 7 of 8 (88 %), passed"),
    ];
    for (lesson, &(skipped, .., said)) in course.lessons().zip(&ended) {
        let mut lines = right_lines_of(&course, lesson);
        // The quiz comes last: its last questions are skipped.
        let kept = lines.len() - skipped;
        lines.truncate(kept);
        lines.extend(vec![":s".to_owned(); skipped]);
        assert_eq!(types(home.path(), &["learn", &lesson.id], &lines), said);
    }
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for(&format!("2 of {} learned", course.lessons().count()));
    let screen = desk.screen();
    for (lesson, (_, mark, score, _)) in course.lessons().zip(ended) {
        assert!(has_line(&screen, mark, &lesson.title, score), "{screen}");
    }
    // The quiz that was not passed says so where it stands in its lesson.
    desk.type_keys("\x1b[H\x1b[B\r");
    desk.wait_for("Six promises and their small print");
    desk.type_keys("G");
    desk.wait_for("end");
    desk.type_keys("\x1b[5~");
    desk.wait_for("best 6 of 8");
    desk.wait_for("try again");
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
}

#[test]
fn a_quiz_killed_in_both_modes_goes_on_in_the_other() {
    let home = tempfile::tempdir().unwrap();
    let course = Embedded.open().unwrap();
    let quiz = course.quiz("what-is-serverless").unwrap();
    let arguments = ["quiz", "what-is-serverless"];
    let lines = right_lines(Sitting::new(&course.playable(quiz), None, 1));
    assert_eq!(lines.len(), 8);

    let mut child = in_lines(home.path(), &arguments);
    let typed = format!("{}\n", lines[..3].join("\n"));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).unwrap();
    let printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let asked = |line: &String| line.starts_with("Question 4 of 8");
    assert!(printed.map(Result::unwrap).any(|line| asked(&line)));
    child.kill().unwrap();
    child.wait().unwrap();

    let mut desk = Desk::open(&Start { arguments: &arguments, ..Start::new(home.path()) });
    desk.wait_for("4 of 8");
    desk.wait_for("3 answered before");
    // In a text ^S skips.
    desk.type_keys("\x13");
    desk.wait_for("Skipped");
    desk.wait_until("saved", || !desk.screen().contains("saving"));
    desk.kill();

    let said = types(home.path(), &arguments, &lines[4..]);
    assert_eq!(said, "Score: 7 of 8 (88 %), passed");
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_until("the score", || {
        has_line(&desk.screen(), '◐', "Somebody else's servers", "88 %")
    });
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
}
