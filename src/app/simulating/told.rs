//! What the run says of the prediction and of the goals.
//!
//! ```text
//! ✗ Wrong: 22.1 percentage points too high · you were sure
//! You said 100 %. Simulated: 77.9 % ± 0.4 (theory 77.88 %).
//!
//! Random arrivals come in clusters: …
//!
//! ● Make fewer than 20 % of requests cold.
//!   The provider holds that idle memory, not you.
//! ```

use super::Simulating;
use crate::app::sheet::{Sheet, piece};
use crate::quiz::{Confidence, VerdictKind};
use crate::typeset::{Piece, Role, Row, fit};

impl Simulating {
    /// Whether there is anything to say once the first run was seen.
    pub(super) fn has_told(&self) -> bool {
        self.seen && (self.guess.is_some() || !self.start.goals.is_empty())
    }

    /// The verdict with what explains it, then the goals.
    pub(super) fn tell(&self, sheet: &mut Sheet) {
        self.tell_verdict(sheet);
        self.explain(sheet);
    }

    /// Whether the prediction held, if the run was seen.
    pub(super) fn tell_verdict(&self, sheet: &mut Sheet) {
        if let (Some(judged), true) = (&self.judged, self.seen) {
            let (sign, role) = match judged.kind {
                Some(VerdictKind::Right) => (sheet.sign("✓ ", "+ "), Role::Correct),
                Some(VerdictKind::Partly) => (sheet.sign("◐ ", "~ "), Role::Partly),
                Some(VerdictKind::Wrong) => (sheet.sign("✗ ", "x "), Role::Wrong),
                None => ("", Role::Muted),
            };
            sheet.led(vec![piece(sign, role)], &judged.verdict, role);
        }
    }

    /// What was said beside what was simulated, why it is so, and the goals.
    pub(super) fn explain(&self, sheet: &mut Sheet) {
        if let (Some(judged), true) = (&self.judged, self.seen) {
            let sure = match self.guess.and_then(|guess| guess.confidence) {
                Some(Confidence::Sure) => " You were sure.",
                Some(Confidence::Guess) => " It was a guess.",
                Some(Confidence::ThinkSo) | None => "",
            };
            let said = judged.said.replace('±', sheet.sign("±", "+-"));
            sheet.led(Vec::new(), &format!("{said}{sure}"), Role::Body);
            sheet.gap();
            if let Some(predict) = &self.start.predict {
                sheet.blocks(&predict.reveal);
            }
        }
        if self.is_awaited() {
            let text = "More runs are being computed, to hold your prediction against.";
            sheet.led(Vec::new(), text, Role::Muted);
        }
        self.goals(sheet);
    }

    /// Whether the run was seen and the verdict is still to come.
    pub(super) const fn is_awaited(&self) -> bool {
        self.seen && self.guess.is_some() && self.judged.is_none() && self.work.failed.is_none()
    }

    /// The goals, reached ones with what is said then.
    pub(super) fn goals(&self, sheet: &mut Sheet) {
        for (number, goal) in self.start.goals.iter().enumerate() {
            sheet.gap();
            let reached = self.reached.contains(&number);
            let (sign, role) = self.goal_sign(number, sheet.ascii());
            let text = if reached { Role::Body } else { Role::Strong };
            sheet.led(vec![piece(sign, role)], &goal.text, text);
            if reached {
                sheet.led(vec![Piece::blank(2)], &goal.feedback, Role::Body);
            }
        }
    }

    fn goal_sign(&self, number: usize, ascii: bool) -> (&'static str, Role) {
        match (self.reached.contains(&number), ascii) {
            (true, false) => ("● ", Role::Correct),
            (true, true) => ("* ", Role::Correct),
            (false, false) => ("○ ", Role::Muted),
            (false, true) => ("o ", Role::Muted),
        }
    }

    /// The goals in a line each, as far as it goes, but all of the first that is not reached, if
    /// that is within `most` lines.
    pub(super) fn goal_lines(&self, sheet: &Sheet, width: usize, most: usize) -> Vec<Row> {
        let ascii = sheet.ascii();
        let next = (0..self.start.goals.len()).find(|number| !self.reached.contains(number));
        let lines = self.start.goals.iter().enumerate().flat_map(|(number, goal)| {
            let (sign, role) = self.goal_sign(number, ascii);
            let sign = piece(sign, role);
            let role = if next == Some(number) { Role::Strong } else { Role::Body };
            let whole = sheet.wrapped(vec![sign.clone()], &goal.text, role, 0);
            if next == Some(number) && number + whole.len() <= most {
                return whole;
            }
            let text = fit(&goal.text, width.saturating_sub(2));
            let text = if ascii { text.replace('…', "~") } else { text };
            let mut row = Row::default();
            row.push(sign);
            row.push(piece(text, role));
            vec![row]
        });
        lines.collect()
    }
}
