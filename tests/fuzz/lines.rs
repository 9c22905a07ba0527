//! Lines to the line mode: answers, commands, anything, and an end at any point.

use std::sync::Arc;

use coldstart::course::Course;
use coldstart::plain::{Session, Settings, Start, Turn};
use coldstart::progress::{Device, Progress, Record, Time};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::{courses, hostile, slow_cases};

/// Plays a session as the shell does, without a disk.
struct Player {
    progress: Progress,
    seq: u64,
}

impl Player {
    fn take(&mut self, session: &mut Session<'_>, turn: Turn) -> Result<(), TestCaseError> {
        for kind in turn.records {
            self.seq += 1;
            let at = Time(1_795_428_900_000).plus_ms(self.seq * 1000);
            let record = Record { device: Device(1), seq: self.seq, at, kind };
            session.recorded(&record);
            self.progress.apply(&record);
        }
        hostile::fit_lines(&turn.output)?;
        prop_assert!(turn.output.is_empty() || turn.output.ends_with('\n'));
        turn.output.lines().filter(|line| line.starts_with("Score: ")).try_for_each(check_score)
    }

    fn play(&mut self, mut session: Session<'_>, lines: &[String]) -> Result<(), TestCaseError> {
        let turn = session.start();
        self.take(&mut session, turn)?;
        for line in lines {
            let turn = session.line(line);
            self.take(&mut session, turn)?;
        }
        let turn = session.end_of_input();
        self.take(&mut session, turn)?;
        prop_assert!(session.is_over());
        // Nothing is said after the end.
        prop_assert_eq!(session.end_of_input(), Turn::default());
        Ok(())
    }
}

/// `Score: 5 of 6 (83 %), passed`: no more than all.
fn check_score(line: &str) -> Result<(), TestCaseError> {
    let number =
        |text: Option<&str>| text.and_then(|text| text.replace(',', "").parse::<f64>().ok());
    let words: Vec<&str> = line.split(' ').collect();
    let (score, of) = (number(words.get(1).copied()), number(words.get(3).copied()));
    let percent = number(words.get(4).map(|word| word.trim_start_matches('(')));
    let (Some(score), Some(of), Some(percent)) = (score, of, percent) else {
        return Err(TestCaseError::fail(format!("no score: {line}")));
    };
    prop_assert!((0.0..=of).contains(&score) && (0.0..=100.0).contains(&percent), "{line}");
    prop_assert!(percent < 100.0 || score >= of - 1e-6, "{line}");
    Ok(())
}

/// Takes every lesson and every quiz of a course with a few lines each.
pub(crate) fn through(course: &Arc<Course>, seed: u64) -> Result<(), TestCaseError> {
    let settings = Settings {
        width: 20 + usize::try_from(seed % 100).unwrap_or(0),
        ascii: seed.is_multiple_of(2),
        seed: Some(seed),
    };
    let lines: Vec<String> = [
        ":h", "a", "1", ":again", "word", "1a 2b", ":s", "b !", ":outline", "3 1 2", ":s", ":s",
        ":retry", "a", ":q",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut player = Player { progress: Progress::default(), seq: 0 };
    for lesson in course.lessons() {
        let session =
            Session::lesson(course, player.progress.clone(), lesson, Start::Top, settings);
        player.play(session, &lines)?;
    }
    for quiz in course.quizzes() {
        player.play(Session::quiz(course, player.progress.clone(), quiz, settings), &lines)?;
    }
    Ok(())
}

const COMMANDS: [&str; 22] = [
    ":h",
    ":hint",
    ":s",
    ":skip",
    ":again",
    ":outline",
    ":fact",
    ":fact lambda.timeout",
    ":term cold start",
    ":term",
    ":search cold",
    ":search",
    ":note",
    ":note remember this",
    ":retry",
    ":help",
    ":",
    "::",
    ":nope",
    "h",
    "s",
    "",
];

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-g]( ?[a-g]){0,3}( ?[!?])?",
        3 => "[1-9]( [1-9]){0,5}",
        3 => "[1-6][a-f]( [1-6][a-f-]){0,5}",
        2 => "-?[0-9]{1,6}([.,][0-9]{1,3})?( ?(%|s|ms|k|USD))?( [!?])?",
        5 => proptest::sample::select(COMMANDS.to_vec()).prop_map(str::to_owned),
        1 => (proptest::sample::select(COMMANDS.to_vec()), hostile::text(0..6)).prop_map(|(command, rest)| format!("{command} {rest}")),
        1 => Just(":q".to_owned()),
        2 => hostile::text(0..10),
        1 => any::<String>(),
        1 => (1usize..70_000).prop_map(|times| "a".repeat(times)),
    ]
}

proptest! {
    #![proptest_config(slow_cases(60, 20))]

    #[test]
    fn fuzz_lines(
        shipped in any::<bool>(),
        at in any::<Index>(),
        rounds in proptest::collection::vec((proptest::collection::vec(line(), 0..30), any::<bool>()), 1..4),
        settings in (20usize..200, any::<bool>(), proptest::option::of(any::<u64>())),
    ) {
        let course = if shipped { courses::shipped_course() } else { courses::journeys_course() };
        let (width, ascii, seed) = settings;
        let settings = Settings { width, ascii, seed };
        let lessons: Vec<_> = course.lessons().collect();
        let mut player = Player { progress: Progress::default(), seq: 0 };
        // Each round goes on where the one before ended.
        for (lines, alone) in &rounds {
            let lesson = at.get(&lessons);
            let progress = player.progress.clone();
            let session = match course.quiz_of(lesson).filter(|_| *alone) {
                Some(quiz) => Session::quiz(&course, progress, quiz, settings),
                None => Session::lesson(&course, progress, lesson, Start::LeftOff, settings),
            };
            player.play(session, lines)?;
        }
        for quiz in course.quizzes() {
            let best = player.progress.quiz(&quiz.id).and_then(coldstart::progress::QuizProgress::best);
            prop_assert!(best.is_none_or(|best| (0.0..=1.0).contains(&best)), "{best:?}");
        }
    }
}
