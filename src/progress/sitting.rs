//! From a sitting to records and back.

use super::{Answered, Progress, RecordKind, StoredResponse};
use crate::quiz::Quiz;
use crate::quiz::sitting::{self, Sitting};

impl Answered {
    /// The record of an answer to a question of a quiz; `lesson` is the id of the lesson whose
    /// quiz it is, if it is one's.
    pub fn in_quiz(answer: &sitting::Answered, lesson: Option<&str>) -> Self {
        let quiz = Some(answer.quiz.clone());
        Self { quiz, ..Self::in_flow(answer, lesson) }
    }

    /// The record of an answer to a question that stands in the flow of a lesson.
    pub fn in_flow(answer: &sitting::Answered, lesson: Option<&str>) -> Self {
        let question = &answer.question;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            question: question.id.clone(),
            rev: question.rev,
            quiz: None,
            lesson: lesson.map(str::to_owned),
            objective: match lesson {
                Some(lesson) => question.objective_in(lesson),
                None => question.objective.clone().filter(|objective| objective.contains('#')),
            },
            attempt: answer.attempt,
            retry: answer.retry,
            of: count(answer.of),
            pass: answer.pass,
            response: StoredResponse::of(question, &answer.response),
            score: answer.score,
            confidence: answer.confidence,
            hints: count(answer.hints),
            seed: answer.seed,
            params: answer.params.clone(),
        }
    }
}

impl Progress {
    /// The sitting to go on with: the last attempt at `quiz` if it was left before its end, with
    /// what was answered in it; else a new one. `quiz` has its pools joined. An attempt under
    /// another seed than `seed` is not taken up.
    pub fn sitting(&self, quiz: &Quiz, seed: Option<u64>) -> Sitting {
        let open = self.quiz(&quiz.id).and_then(super::QuizProgress::unfinished);
        let Some(open) = open.filter(|open| open.seed == seed) else {
            return Sitting::new(quiz, seed, self.next_attempt(&quiz.id));
        };
        let mut sitting = Sitting::new(quiz, seed, open.number);
        for answered in self.answers_since(&quiz.id, open.number, open.begun) {
            let asked = sitting.asked().iter().find(|asked| asked.question.id == answered.question);
            // Where the question was rewritten since, the score stands and the words are gone.
            let response = asked.and_then(|asked| answered.response.restore(&asked.question));
            let response = response.unwrap_or(crate::quiz::Response::Skipped);
            sitting.restore(&answered.question, response, answered.score);
        }
        sitting
    }

    fn answers_since(
        &self,
        quiz: &str,
        attempt: u32,
        begun: super::Time,
    ) -> impl Iterator<Item = &Answered> {
        self.records().filter(move |record| record.at >= begun).filter_map(move |record| {
            match &record.kind {
                RecordKind::Answered(answered)
                    if answered.quiz.as_deref() == Some(quiz)
                        && answered.attempt == attempt
                        && !answered.retry =>
                {
                    Some(&**answered)
                }
                _ => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::{Device, Record, Time};
    use crate::quiz::short_answer::ShortAnswer;
    use crate::quiz::tests::question;
    use crate::quiz::{Question, QuestionKind, Response};

    fn quiz() -> Quiz {
        let kind = QuestionKind::Short(ShortAnswer {
            accept: vec!["yes".into()],
            case_sensitive: false,
            near: Vec::new(),
        });
        let question =
            |id: &str| Question { objective: Some("aim".into()), ..question(id, kind.clone()) };
        Quiz {
            id: "q".into(),
            pass: 0.8,
            questions: ["q.1", "q.2", "q.3"].map(question).into(),
            file: "quizzes/l.toml".into(),
            ..Quiz::default()
        }
    }

    fn record(seq: u64, answer: &sitting::Answered) -> Record {
        let kind = RecordKind::Answered(Box::new(Answered::in_quiz(answer, Some("l"))));
        let at = Time(1_000 * i64::try_from(seq).unwrap());
        Record { device: Device(1), seq, at, kind }
    }

    #[test]
    fn an_attempt_left_half_way_is_taken_up_and_a_finished_one_is_not() {
        let mut progress = Progress::default();
        let mut sitting = progress.sitting(&quiz(), None);
        let answer = sitting.answer(Response::Text("yes".into()), None).unwrap();
        progress.apply(&record(1, &answer));

        let mut again = progress.sitting(&quiz(), None);
        assert_eq!(again.attempt(), 1);
        assert_eq!(again.current().unwrap().question.id, "q.2");
        assert!((again.summary().score - 1.0).abs() < 1e-9);
        for seq in [2, 3] {
            let answer = again.answer(Response::Text("no".into()), None).unwrap();
            progress.apply(&record(seq, &answer));
            again.advance();
        }
        assert_eq!(progress.sitting(&quiz(), None).attempt(), 2);
        assert_eq!(progress.objective("l#aim").asked, 3);
        let last = progress.last_answer("q.3").map(|(_, answer)| (answer.score, answer.confidence));
        assert_eq!(last, Some((0.0, None)));
    }

    #[test]
    fn another_seed_begins_anew() {
        let mut progress = Progress::default();
        let mut sitting = progress.sitting(&quiz(), Some(7));
        progress.apply(&record(1, &sitting.skip().unwrap()));
        assert_eq!(progress.sitting(&quiz(), None).attempt(), 2);
        assert_eq!(progress.sitting(&quiz(), Some(7)).attempt(), 1);
    }
}
