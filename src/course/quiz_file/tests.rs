#![expect(clippy::float_cmp, reason = "0 and 1 are exact")]
#![expect(clippy::string_slice, reason = "a span inside a character should fail the test")]

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Position, Severity};
use crate::quiz::sitting::Sitting;
use crate::quiz::{QuestionKind, grade};

/// `line:column severity code: message` of every finding.
fn found(source: &str) -> Vec<String> {
    lines(source, &read_quiz("quizzes/t.toml", source).1)
}

fn lines(source: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let line = |d: &Diagnostic| {
        format!("{} {} {}: {}", Position::of(source, d.span.start), d.severity, d.code, d.message)
    };
    diagnostics.iter().map(line).collect()
}

/// A quiz of these questions, each the lines after its id.
fn quiz(questions: &[&str]) -> String {
    let mut source = "schema = 1\nid = \"t\"\ntitle = \"T\"\n".to_owned();
    for (index, body) in questions.iter().enumerate() {
        let id = format!("t.{index}");
        let head = [("id", id.as_str()), ("objective", "o"), ("prompt", "Why?")];
        source += "[[questions]]\n";
        source.extend(head.map(|(key, value)| format!("{key} = \"{value}\"\n")));
        source.extend([body, "\n"]);
    }
    source
}

/// Findings about one question, positions counted from its first own line.
fn about(body: &str) -> Vec<String> {
    let source = quiz(&[body]);
    let own = 7;
    let (_, diagnostics) = read_quiz("quizzes/t.toml", &source);
    let line = |d: &Diagnostic| {
        let at = Position::of(&source, d.span.start);
        format!("{}:{} {}: {}", (at.line + 1).saturating_sub(own + 1), at.column, d.code, d.message)
    };
    diagnostics.iter().map(line).collect()
}

const GOOD: &str = r#"type = "single"
choices = [
  { text = "One", feedback = "no" },
  { text = "Two", correct = true, feedback = "yes" },
]"#;

const EVERY_TYPE: [&str; 9] = [
    GOOD,
    "type = \"multiple\"\nshuffle = false\nchoices = [{ text = \"a\", correct = true, feedback = \"x\" }, { text = \"b\", feedback = \"x\", misconception = \"m\" }]",
    "type = \"numeric\"\nanswer = \"n * 2\"\nparams = { n = [1, 2], k = { min = 10, max = 30, step = 10 } }\nunit = \"s\"\ntolerance_pct = 1\nwrong = [{ value = 0, feedback = \"x\" }, { value = \"k\", feedback = \"x\" }]",
    "type = \"short\"\naccept = [\"a\"]\nnear = [{ match = [\"b\"], feedback = \"x\" }]",
    "type = \"order\"\nitems = [\"a\", \"b\", \"c\"]\nswaps = [{ pair = [3, 2], feedback = \"x\" }]",
    "type = \"match\"\nleft = [\"a\", \"b\"]\nright = [\"x\", \"y\", \"z\"]\nanswer = [3, 3]\nwrong = [{ pair = [1, 2], feedback = \"x\" }]",
    "type = \"sort\"\nbins = [\"p\", \"q\"]\nitems = [{ text = \"a\", bin = 1, feedback = \"x\" }, { text = \"b\", bin = 2, feedback = \"x\" }]",
    "type = \"predict\"\nscenario = \"gap\"\nset = { arrivals = { gap = \"20m\" }, n = 3 }\nmetric = \"p_cold\"\nanswer = 50\ntolerance_abs = 5\nwrong = [{ value = 0, feedback = \"x\" }, { value = 90, feedback = \"x\" }]",
    "type = \"predict\"\nscenario = \"gap\"\nchoices = [{ text = \"a\", correct = true, feedback = \"x\" }, { text = \"b\", feedback = \"x\" }]",
];

#[test]
fn every_type_is_read() {
    let mut source = quiz(&EVERY_TYPE);
    source += "[[questions]]\nid = \"t.cloze\"\nrev = 3\nobjective = \"other#o\"\ntype = \"cloze\"\n\
               prompt = \"{{1}} and {{ 2 }}\"\nhints = [\"h\"]\nexplain = \"e\"\nsource = \"s\"\n\
               blanks = [[\"a\", \"b\"], \"c\"]\nnear = [[{ match = [\"x\"], feedback = \"f\" }], []]\n";
    let (quiz, diagnostics) = read_quiz("quizzes/t.toml", &source);
    assert_eq!(lines(&source, &diagnostics), Vec::<String>::new());
    let quiz = quiz.expect("a quiz");
    assert_eq!((quiz.questions.len(), quiz.omitted), (10, 0));
    let cloze = quiz.questions.last().expect("the cloze");
    assert_eq!((cloze.rev, cloze.objective.as_deref()), (3, Some("other#o")));
    let span = cloze.places.objective;
    assert_eq!(&source[span.start..span.end], "\"other#o\"");
    let QuestionKind::Order(order) = &quiz.questions[4].kind else { panic!() };
    assert_eq!(order.swaps[0].pair, [1, 2]);
    let QuestionKind::Match(matching) = &quiz.questions[5].kind else { panic!() };
    assert_eq!((matching.answer.as_slice(), matching.wrong[0].pair), (&[2, 2][..], [0, 1]));
    assert_eq!(quiz.questions[2].params["k"], [10.0, 20.0, 30.0]);
    let prediction = quiz.questions[7].prediction.clone().expect("a prediction");
    let set: Vec<_> = prediction.set.into_iter().collect();
    assert_eq!(
        set,
        [("arrivals.gap".to_owned(), "20m".to_owned()), ("n".to_owned(), "3".to_owned())]
    );
    for asked in Sitting::new(&quiz, None, 1).asked() {
        assert_eq!(grade(&asked.question, &asked.question.solution()).score, 1.0);
    }
}

#[test]
fn each_fault_is_named_at_its_place() {
    let two =
        "{ text = \"a\", feedback = \"f\", correct = true }, { text = \"b\", feedback = \"f\" }";
    for (body, expected) in [
        ("type = \"singel\"".to_owned(), "1:8 unknown-word: `type` cannot be \"singel\""),
        ("rev = 1".to_owned(), "-: missing-key: a question needs `type`"),
        (
            "type = \"single\"\nchoices = [{ text = \"a\", feedback = \"f\" }, { text = \"b\", feedback = \"f\" }]".to_owned(),
            "2:1 correct-choices: no choice is correct",
        ),
        (
            "type = \"single\"\nchoices = [{ text = \"a\", correct = true, feedback = \"f\" }, { text = \"b\", correct = true, feedback = \"f\" }, { text = \"c\", feedback = \"f\" }]".to_owned(),
            "2:1 correct-choices: 2 choices are correct",
        ),
        (
            "type = \"multiple\"\nchoices = [{ text = \"a\", correct = true, feedback = \"f\" }, { text = \"b\", correct = true, feedback = \"f\" }]".to_owned(),
            "2:1 correct-choices: every choice is correct",
        ),
        (format!("type = \"single\"\nchoices = [{two}, {{ text = \"c\" }}]"), "2:92 missing-feedback: a choice without feedback"),
        (format!("type = \"single\"\nchoices = [{two}, {{ text = \"a\", feedback = \"f\" }}]"), "2:1 duplicate-text: `choices` holds \"a\" twice"),
        (format!("type = \"single\"\nchoices = [{two}]\nshufle = false"), "3:1 unknown-key: unknown key `shufle`"),
        ("type = \"single\"\nchoices = []".to_owned(), "2:1 wrong-count: `choices` has 0 entries"),
        ("type = \"numeric\"\nanswer = true\nwrong = []".to_owned(), "2:10 wrong-type: `answer` must be a number, this is `true` or `false`"),
        ("type = \"numeric\"\nanswer = inf".to_owned(), "2:10 out-of-range: numbers must be finite"),
        ("type = \"numeric\"\nanswer = \"2 * rat\"\nparams = { rate = [1] }".to_owned(), "2:15 formula: `rat` is not one of the params"),
        ("type = \"numeric\"\nanswer = \"1 / (n - 2)\"\nparams = { n = [1, 2] }".to_owned(), "2:11 formula: the value is not finite where n = 2"),
        ("type = \"numeric\"\nanswer = \"\\u00e9é\"".to_owned(), "2:10 formula: `éé` is not one of the params"),
        ("type = \"numeric\"\nanswer = 1".to_owned(), "-: few-diagnoses: wrong numbers with feedback: 0"),
        ("type = \"numeric\"\nanswer = 1\ntolerance_abs = 1\ntolerance_pct = 1".to_owned(), "4:17 two-tolerances: two tolerances"),
        ("type = \"numeric\"\nanswer = 1\nwrong = [{ value = 1.0, feedback = \"f\" }, { value = 2, feedback = \"f\" }]".to_owned(), "3:20 right-diagnosis: this number counts as right: the answer is 1"),
        ("type = \"numeric\"\nanswer = 1\nparams = { n = { min = 5, max = 1 } }".to_owned(), "3:16 out-of-range: a range that gives no values, or more than a thousand"),
        ("type = \"short\"\naccept = []".to_owned(), "2:1 wrong-count: `accept` has 0 entries"),
        ("type = \"order\"\nitems = [\"a\", \"b\"]\nswaps = [{ pair = [1, 3], feedback = \"f\" }]".to_owned(), "3:23 out-of-range: there is no number 3 here"),
        ("type = \"order\"\nitems = [\"a\", \"b\"]\nswaps = [{ pair = [0, 1], feedback = \"f\" }]".to_owned(), "3:20 out-of-range: there is no number 0 here"),
        ("type = \"match\"\nleft = [\"a\", \"b\"]\nright = [\"x\", \"y\"]\nanswer = [1]".to_owned(), "4:10 wrong-count: `answer` has 1 numbers for 2 left items"),
        ("type = \"match\"\nleft = [\"a\", \"b\"]\nright = [\"x\", \"y\"]\nanswer = [1, 2]\nwrong = [{ pair = [1, 1], feedback = \"f\" }]".to_owned(), "5:19 bad-pair: this pair is right by `answer`"),
        ("type = \"sort\"\nbins = [\"p\", \"q\"]\nitems = [{ text = \"a\", bin = 1, feedback = \"f\" }, { text = \"b\", bin = 3, feedback = \"f\" }]".to_owned(), "3:71 out-of-range: there is no number 3 here"),
        ("type = \"cloze\"\nblanks = [[\"a\"]]".to_owned(), "0:10 blanks: blank 1 has no place in the prompt"),
        ("type = \"predict\"\nscenario = \"s\"\nmetric = \"m\"".to_owned(), "-: missing-key: a simulated number needs `tolerance_abs` or `tolerance_pct`"),
    ] {
        let findings = about(&body);
        let fits = |line: &String| match expected.strip_prefix("-: ") {
            Some(rest) => line.ends_with(rest),
            None => line == expected,
        };
        assert!(findings.iter().any(fits), "{body}\nexpected {expected}\nfound {findings:#?}");
    }
}

#[test]
fn all_faults_of_a_file_are_reported_and_the_rest_opens() {
    let source = quiz(&[
        GOOD,
        "type = \"single\"\nchoices = 3\nhint = \"x\"",
        "type = \"order\"\nitems = [\"a\"]\nrev = 0",
        GOOD,
    ]);
    let (quiz, _) = read_quiz("quizzes/t.toml", &source);
    assert_eq!(
        found(&source),
        [
            "18:11 error wrong-type: `choices` must be a list, this is a number",
            "19:1 error unknown-key: unknown key `hint`",
            "26:7 error out-of-range: `rev` must be 1 to 1000000",
            "25:1 error wrong-count: `items` has 1 entries",
        ]
    );
    let quiz = quiz.expect("a quiz");
    assert_eq!((quiz.questions.len(), quiz.omitted), (2, 2));
}

#[test]
fn a_question_cut_by_broken_syntax_is_left_out_and_its_neighbours_stay() {
    let source = quiz(&[
        GOOD,
        "type = \"single\"\nchoices = [{ text = \"a\", correct = tru }, { text = \"b\", correct = true }]",
        GOOD,
    ]);
    let (quiz, diagnostics) = read_quiz("quizzes/t.toml", &source);
    assert!(diagnostics.iter().any(|d| d.code == "toml-syntax"), "{diagnostics:?}");
    let quiz = quiz.expect("a quiz");
    let ids: Vec<&str> = quiz.questions.iter().map(|q| q.id.as_str()).collect();
    assert_eq!((ids, quiz.omitted), (vec!["t.0", "t.2"], 1));
}

#[test]
fn a_question_that_asks_for_nothing_is_left_out_of_a_broken_file_too() {
    let text = "schema = 1\nid = 'x'\ntitle = 'X'\npass = \n[[questions]]\nid = 'x.a'\ntype = 'short'\n\
        prompt = '?'\naccept = []\n[[questions]]\nid = 'x.b'\ntype = 'short'\nprompt = '?'\naccept = ['b']\n";
    let (quiz, found) = read_quiz("quizzes/x.toml", text);
    let quiz = quiz.expect("a quiz");
    assert!(found.iter().any(|fault| fault.code == "toml-syntax"), "{found:?}");
    assert_eq!(quiz.questions.iter().map(|q| q.id.as_str()).collect::<Vec<_>>(), ["x.b"]);
    assert_eq!(quiz.omitted, 1);
}

#[test]
fn a_question_without_feedback_fails_the_check_and_is_asked() {
    let body = "type = \"single\"\nchoices = [{ text = \"a\", correct = true }, { text = \"b\", feedback = \"f\" }]";
    let (quiz, diagnostics) = read_quiz("quizzes/t.toml", &quiz(&[body]));
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(
        (diagnostics[0].code, diagnostics[0].severity),
        ("missing-feedback", Severity::Error)
    );
    assert_eq!(quiz.map(|quiz| quiz.questions.len()), Some(1));
}

#[test]
fn faults_of_the_quiz_itself() {
    for (source, expected) in [
        ("", "1:1 error missing-key: a quiz needs questions"),
        ("schema = 2\nfrom = [\"x\"]", "1:10 error unknown-schema: `schema = 2` is not known here"),
        ("from = [\"x\"]\nfrm = 1", "2:1 error unknown-key: unknown key `frm`"),
        ("from = [\"x\"]\npass = 80", "2:8 error out-of-range: `pass` must be 0 to 1"),
        ("from = [\"x\"]\nid = \"a b\"", "2:6 error bad-id: `a b` cannot be an id"),
        ("from = \"x\"", "1:8 error wrong-type: `from` must be a list, this is a text"),
    ] {
        assert!(
            found(source).iter().any(|line| line == expected),
            "{source}: {:#?}",
            found(source)
        );
    }
    let mut twice = quiz(&[GOOD, GOOD]).replace("t.1", "t.0");
    assert_eq!(found(&twice), ["14:6 error duplicate-id: a second question `t.0`"]);
    twice = twice.replace("title", "draw = 3\ntitle");
    assert!(
        found(&twice)
            .iter()
            .any(|line| line == "3:8 error out-of-range: `draw = 3` of 2 questions")
    );
    assert!(read_quiz("x.toml", "a = 1").0.is_none());
    assert!(read_quiz("x.toml", &" ".repeat(BYTES_MAX + 1)).0.is_none());
}

#[test]
fn questions_are_linted() {
    let body = "type = \"single\"\nchoices = [{ text = \"None of the above\", feedback = \"f\" }, { text = \"It is frozen, and its clock stands still until then\", correct = true, feedback = \"f\" }]";
    let source =
        quiz(&[body]).replace("Why?", "Which is NOT so?").replace("objective = \"o\"\n", "");
    assert_eq!(
        found(&source),
        [
            "5:6 warning no-objective: a question without an objective",
            "6:10 warning negative-stem: the question asks for what is not so",
            "8:21 warning of-the-above: \"none of the above\" as a choice",
            "8:69 warning longest-is-correct: the correct choice is conspicuously longer than the others",
        ]
    );
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let source = quiz(&EVERY_TYPE);
    for variant in [source.replace('\n', "\r\n"), format!("\u{feff}{source}")] {
        let (read, diagnostics) = read_quiz("quizzes/t.toml", &variant);
        assert_eq!(diagnostics, []);
        assert_eq!(read.map(|quiz| quiz.questions.len()), Some(EVERY_TYPE.len()));
    }
}

#[test]
fn texts_hold_no_control_characters() {
    let body = GOOD.replace("One", "\\u001b[31mOne\\u202e");
    let source = quiz(&[&body]).replace("Why?", "Wh\\u0007y?");
    let (quiz, _) = read_quiz("quizzes/t.toml", &source);
    let text = format!("{:?}", quiz.expect("a quiz").questions);
    assert!(
        !text.contains("\\u{1b}") && !text.contains("\\u{202e}") && !text.contains("\\u{7}"),
        "{text}"
    );
}

#[test]
fn a_fence_is_read_with_places_of_its_lesson() {
    let text = "[[questions]]\nid = \"l.q\"\nobjective = \"o\"\ntype = \"short\"\nprompt = \"Why?\"\naccept = 3\n";
    let lesson = format!(
        "# L\n\n{}",
        text.lines().fold(String::new(), |all, line| all + "    " + line + "\n")
    );
    let mut starts = Vec::new();
    let mut at = 5;
    for line in text.lines() {
        starts.push(at + 4);
        at += line.len() + 5;
    }
    let fence = Fence { text: text.to_owned(), line_starts: starts };
    let (questions, diagnostics) = read_questions("lessons/l.md", &fence);
    assert_eq!(questions.len(), 0);
    assert!(
        lines(&lesson, &diagnostics).contains(
            &"8:14 error wrong-type: `accept` must be a list, this is a number".to_owned()
        ),
        "{diagnostics:?}"
    );
    let good = Fence { text: text.replace('3', "[\"a\"]"), ..fence };
    assert_eq!(read_questions("lessons/l.md", &good).0.len(), 1);
    let empty = Fence { text: String::new(), line_starts: vec![5] };
    assert_eq!(
        lines(&lesson, &read_questions("l.md", &empty).1),
        ["3:1 error missing-key: a quick check needs one `[[questions]]` table"]
    );
}

#[test]
fn the_quizzes_of_the_course_open() {
    for (file, source) in [
        (
            "quizzes/what-is-serverless.toml",
            include_str!("../../../quizzes/what-is-serverless.toml"),
        ),
        ("quizzes/six-traits.toml", include_str!("../../../quizzes/six-traits.toml")),
        ("quizzes/faas-vs-baas.toml", include_str!("../../../quizzes/faas-vs-baas.toml")),
    ] {
        let (quiz, diagnostics) = read_quiz(file, source);
        let errors: Vec<_> = diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{file}: {errors:#?}");
        assert!(quiz.is_some_and(|quiz| quiz.questions.len() >= 6 && quiz.omitted == 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Quizzes with a part cut out, doubled or replaced: nothing panics, and what is left of the
    /// questions can be asked and graded.
    #[test]
    fn damaged_quizzes_open_as_far_as_they_can(
        cut in any::<prop::sample::Index>(),
        length in 0..60usize,
        patch in r#"(|\[|"|\{|\}|\]|,|= |9|-1|nan|true|[a-z]{1,4} = |\PC{0,5})"#,
    ) {
        let source = quiz(&EVERY_TYPE);
        let start = source.floor_char_boundary(cut.index(source.len()));
        let end = source.floor_char_boundary((start + length).min(source.len()));
        let damaged = format!("{}{patch}{}", &source[..start], &source[end..]);
        let (quiz, diagnostics) = read_quiz("quizzes/t.toml", &damaged);
        for diagnostic in &diagnostics {
            prop_assert!(diagnostic.span.start <= diagnostic.span.end);
            prop_assert!(diagnostic.span.end <= damaged.len(), "{diagnostic:?}");
        }
        for asked in quiz.iter().flat_map(|quiz| Sitting::new(quiz, None, 1).asked().to_vec()) {
            prop_assert_eq!(grade(&asked.question, &asked.question.solution()).score, 1.0);
        }
    }
}
