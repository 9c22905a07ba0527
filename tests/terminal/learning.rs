//! What a learner did in one mode is there in the other: the shipped course through a pipe, line by
//! line, then on the screen.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use coldstart::content::{Embedded, Source as _};
use coldstart::progress::Progress;
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

/// How often a kind of record was exported.
fn exported(home: &Path, kind: &str) -> usize {
    let file = home.join("all.jsonl");
    let mut command = Command::new(program());
    command.env("COLDSTART_DATA_DIR", home.join("data"));
    assert!(command.args(["progress", "export"]).arg(&file).output().unwrap().status.success());
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    text.lines().filter(|line| line.contains(&format!("\"type\":\"{kind}\""))).count()
}

#[test]
fn lessons_taken_line_by_line_are_marked_on_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let course = Embedded.open().unwrap();
    let with_quiz = course.lessons().filter_map(|lesson| Some((lesson, course.quiz_of(lesson)?)));
    // In the second lesson too little is answered, in the third nearly all.
    let skipped = [0, 2, 1].into_iter().chain(std::iter::repeat(0));
    let mut marked = Vec::new();
    let (mut simulations, mut predictions) = (0, 0);
    for ((lesson, quiz), skipped) in with_quiz.zip(skipped) {
        let mut lines = right_lines_of(&course, lesson);
        // The quiz comes last: its last questions are skipped.
        let kept = lines.len() - skipped;
        lines.truncate(kept);
        lines.extend(vec![":s".to_owned(); skipped]);
        let (right, of) = (course.playable(quiz).asked() - skipped, course.playable(quiz).asked());
        let percent = (200 * right + of) / (2 * of);
        let passes = percent >= 80;
        let verdict = if passes { "passed" } else { "not passed" };
        let said = format!("Score: {right} of {of} ({percent} %), {verdict}");
        assert_eq!(types(home.path(), &["learn", &lesson.id], &lines), said, "{}", lesson.id);
        let scenarios = lesson.embeds().iter().filter_map(|it| course.scenario_of(lesson, it));
        for scenario in scenarios {
            simulations += 1;
            let predict = scenario.predict.as_ref();
            let theory = predict.is_some_and(|it| scenario.theory().contains_key(&it.metric));
            predictions += usize::from(theory);
        }
        marked.push((if passes { '●' } else { '◐' }, &lesson.title, format!("{percent} %")));
    }
    assert!(marked.len() >= 6 && simulations >= 6, "{marked:?}, {simulations} simulations");
    assert_eq!(exported(home.path(), "predicted"), predictions);
    assert_eq!(exported(home.path(), "simulated"), simulations);
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for(&format!("{} of {} learned", marked.len() - 1, course.lessons().count()));
    desk.type_keys("\x1b[H");
    for part in &course.parts {
        // Where not all parts fit, the lessons of one are in view.
        let first = part.lessons.first().map_or("", |lesson| lesson.title.as_str());
        desk.wait_for(first);
        let screen = desk.screen();
        let taken = |(_, title, _): &&(char, &String, String)| {
            part.lessons.iter().any(|lesson| lesson.title == **title)
        };
        for (mark, title, score) in marked.iter().filter(taken) {
            assert!(has_line(&screen, *mark, title, score), "{title}: {screen}");
        }
        desk.type_keys("]");
    }
    // The quiz that was not passed says so where it stands in its lesson.
    desk.type_keys("\x1b[H\x1b[B\r");
    desk.wait_for("Six promises and their small print");
    desk.type_keys("G");
    desk.wait_for("end");
    desk.type_keys("\x1b[5~");
    desk.wait_for("best 4 of 6");
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
    let of = lines.len();
    assert!(of > 4, "{lines:?}");

    let mut child = in_lines(home.path(), &arguments);
    let typed = format!("{}\n", lines[..3].join("\n"));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).unwrap();
    let printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let asked = |line: &String| line.starts_with(&format!("Question 4 of {of}"));
    assert!(printed.map(Result::unwrap).any(|line| asked(&line)));
    child.kill().unwrap();
    child.wait().unwrap();

    let mut desk = Desk::open(&Start { arguments: &arguments, ..Start::new(home.path()) });
    desk.wait_for(&format!("4 of {of}"));
    desk.wait_for("3 answered before");
    desk.skip();
    desk.wait_until("saved", || !desk.screen().contains("saving"));
    desk.kill();

    let said = types(home.path(), &arguments, &lines[4..]);
    let percent = (200 * (of - 1) + of) / (2 * of);
    assert_eq!(said, format!("Score: {} of {of} ({percent} %), passed", of - 1));
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_until("the score", || {
        has_line(&desk.screen(), '◐', "Somebody else's servers", &format!("{percent} %"))
    });
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
}

#[test]
fn a_lesson_tested_out_of_line_by_line_is_learned_on_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let course = Embedded.open().unwrap();
    let lesson = course.lesson("six-traits").unwrap();
    let test = Progress::default().test_out(&course, lesson, None).unwrap();
    let lines: Vec<String> = [":test".to_owned()].into_iter().chain(right_lines(test)).collect();
    types(home.path(), &["learn", "six-traits"], &lines);
    assert_eq!(exported(home.path(), "tested-out"), 1);
    let desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("1 of ");
    desk.wait_for(&format!("● {}", lesson.title));
}
