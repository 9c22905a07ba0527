//! Turning a control: from a value to the next.

use super::super::curve::amount;
use super::super::duration_text;
use super::{Control, Scale, Turn};
use crate::sim::time::{NS_PER_S, SimDuration};

/// The steps of a decade where steps are multiples.
const OF_A_DECADE: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0];
/// The steps from a minute on, in seconds: round in minutes, hours and days.
const LONG_S: [f64; 22] = [
    60.0, 90.0, 120.0, 180.0, 300.0, 420.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0, 5400.0,
    7200.0, 10_800.0, 18_000.0, 28_800.0, 43_200.0, 86_400.0, 172_800.0, 432_000.0, 864_000.0,
];

impl Control {
    /// The value `steps` after `from` (before it, where negative), both as written bare; it stops
    /// at the ends. From nothing it begins at the first.
    pub fn turned(&self, from: Option<&str>, steps: i32) -> String {
        if let Turn::Options(options) = &self.turn {
            let at = options.iter().position(|option| Some(option.as_str()) == from);
            let last = options.len().saturating_sub(1);
            // What the author left out is taken for the first of them.
            let at = at.or(from.is_none().then_some(0));
            let at = at.map_or(0, |at| moved(at, steps).min(last));
            return options.get(at).cloned().unwrap_or_default();
        }
        let (least, most) = self.ends();
        let x = from.and_then(|text| amount(text, self.is_duration())).unwrap_or(least);
        if let Some(rungs) = self.rungs() {
            return self.text(rung(&rungs, x, steps));
        }
        let step = self.step();
        let place = (x - least) / step;
        let base = if steps > 0 { (place + 1e-9).floor() } else { (place - 1e-9).ceil() };
        self.text((least + (base + f64::from(steps)) * step).clamp(least, most))
    }

    /// Where `text` stands between the ends, 0 to 1.
    pub fn position(&self, text: &str) -> f64 {
        if let Turn::Options(options) = &self.turn {
            let at = options.iter().position(|option| option == text).unwrap_or(0);
            let last = options.len().saturating_sub(1).max(1);
            return count(at) / count(last);
        }
        let (least, most) = self.ends();
        let x = amount(text, self.is_duration()).unwrap_or(least).clamp(least, most);
        match self.scale() {
            Scale::Log => libm::log(x / least) / libm::log(most / least),
            Scale::Linear => (x - least) / (most - least),
        }
    }

    /// At most `most` values over the whole range, all of them steps; empty for words.
    pub(in crate::course::scenario) fn spread(&self, most: usize) -> Vec<String> {
        let most = most.max(2);
        if matches!(self.turn, Turn::Options(_)) {
            return Vec::new();
        }
        if let Some(rungs) = self.rungs() {
            let last = rungs.len().saturating_sub(1);
            let wanted = most.min(rungs.len()).max(2);
            let at = |index: usize| (index * last + (wanted - 1) / 2) / (wanted - 1);
            let mut chosen: Vec<usize> = (0..wanted).map(at).collect();
            chosen.dedup();
            return chosen.iter().filter_map(|&at| rungs.get(at)).map(|&x| self.text(x)).collect();
        }
        let (least, end) = self.ends();
        let step = self.step();
        let steps = ((end - least) / step + 1e-9).floor();
        let wanted = count(most).min(steps + 1.0).max(2.0);
        let mut values: Vec<String> = Vec::new();
        for index in (0..most).map(count).take_while(|&index| index < wanted) {
            let place = (index * steps / (wanted - 1.0)).round();
            values.push(self.text((least + place * step).min(end)));
        }
        values.dedup();
        values
    }

    const fn is_duration(&self) -> bool {
        matches!(self.turn, Turn::Duration { .. })
    }

    const fn scale(&self) -> Scale {
        match self.turn {
            Turn::Duration { scale, .. } | Turn::Number { scale, .. } => scale,
            Turn::Options(_) => Scale::Linear,
        }
    }

    fn step(&self) -> f64 {
        match &self.turn {
            Turn::Duration { step, .. } => step.as_secs_f64(),
            Turn::Number { step, .. } => *step,
            Turn::Options(_) => 1.0,
        }
    }

    fn ends(&self) -> (f64, f64) {
        match &self.turn {
            Turn::Duration { min, max, .. } => (min.as_secs_f64(), max.as_secs_f64()),
            Turn::Number { min, max, .. } => (*min, *max),
            Turn::Options(options) => (0.0, count(options.len())),
        }
    }

    /// The round numbers from end to end, the ends among them, where steps are multiples.
    fn rungs(&self) -> Option<Vec<f64>> {
        if self.scale() == Scale::Linear {
            return None;
        }
        let (least, most) = self.ends();
        let mut rungs = vec![least];
        let mut decade = 1e-9;
        while decade < most {
            rungs.extend(OF_A_DECADE.map(|part| round(part * decade)));
            decade = round(decade * 10.0);
        }
        if self.is_duration() {
            rungs.retain(|&rung| rung < 60.0);
            rungs.extend(LONG_S);
        }
        rungs.push(most);
        rungs.retain(|&rung| (least..=most).contains(&rung));
        rungs.dedup_by(|b, a| (*b - *a).abs() <= 1e-9 * a.abs());
        Some(rungs)
    }

    /// An amount as it is written bare.
    fn text(&self, x: f64) -> String {
        if !self.is_duration() {
            return round(x).to_string();
        }
        let span = SimDuration::from_secs_f64(x);
        // Minutes and a half are said in seconds, and whole ones in the largest unit.
        let whole = span.0.is_multiple_of(NS_PER_S) || span.0 < NS_PER_S;
        duration_text(if whole { span } else { SimDuration::from_secs_f64(round(x)) })
    }
}

/// The rung `steps` after `x`, or before it.
fn rung(rungs: &[f64], x: f64, steps: i32) -> f64 {
    let same = |rung: f64| (rung - x).abs() <= 1e-9 * rung.abs();
    let at = match rungs.iter().position(|&rung| same(rung)) {
        Some(at) => moved(at, steps),
        None if steps > 0 => {
            let above = rungs.iter().position(|&rung| rung > x);
            above.map_or(rungs.len(), |above| moved(above, steps - 1))
        }
        None => moved(rungs.iter().filter(|&&rung| rung < x).count(), steps),
    };
    rungs.get(at).or(rungs.last()).copied().unwrap_or(x)
}

fn moved(at: usize, steps: i32) -> usize {
    let by = usize::try_from(steps.unsigned_abs()).unwrap_or(usize::MAX);
    if steps < 0 { at.saturating_sub(by) } else { at.saturating_add(by) }
}

#[expect(clippy::cast_precision_loss, reason = "a number of options or points")]
const fn count(number: usize) -> f64 {
    number as f64
}

/// Without the dust of the last digits.
fn round(x: f64) -> f64 {
    format!("{x:.9e}").parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn control(turn: Turn) -> Control {
        Control { param: "x".to_owned(), label: "X".to_owned(), turn, span: Span::default() }
    }

    fn number(min: f64, max: f64, step: f64, scale: Scale) -> Control {
        control(Turn::Number { min, max, step, scale })
    }

    #[test]
    fn steps_stop_at_the_ends_and_meet_the_grid() {
        let minutes = SimDuration::from_secs;
        let knob = control(Turn::Duration {
            min: SimDuration::ZERO,
            max: minutes(1800),
            step: minutes(60),
            scale: Scale::Linear,
        });
        for (from, steps, to) in [
            ("5m", 1, "6m"),
            ("5m", -1, "4m"),
            ("5m", -10, "0s"),
            ("5m", 99, "30m"),
            ("90s", 1, "2m"),
            ("90s", -1, "1m"),
            ("nonsense", 1, "1m"),
        ] {
            assert_eq!(knob.turned(Some(from), steps), to, "{from} {steps}");
        }
        let tenths = number(0.1, 1.0, 0.1, Scale::Linear);
        assert_eq!(tenths.turned(Some("0.2"), 1), "0.3");
        assert_eq!(tenths.turned(None, 0), "0.1");
        assert!((tenths.position("0.55") - 0.5).abs() < 1e-9);
    }

    #[test]
    fn multiples_are_round_numbers_between_the_ends() {
        let knob = number(8.0, 300.0, 10.0, Scale::Log);
        let mut at = "8".to_owned();
        let mut seen = vec![at.clone()];
        for _ in 0..20 {
            at = knob.turned(Some(&at), 1);
            seen.push(at.clone());
        }
        seen.dedup();
        assert_eq!(seen, ["8", "10", "15", "20", "30", "50", "70", "100", "150", "200", "300"]);
        assert_eq!(knob.turned(Some("42"), 1), "50");
        assert_eq!(knob.turned(Some("42"), -1), "30");
        assert_eq!(knob.spread(3), ["8", "50", "300"]);
    }

    #[test]
    fn words_are_in_their_order() {
        let knob = control(Turn::Options(vec!["lifo".into(), "fifo".into(), "random".into()]));
        assert_eq!(knob.turned(Some("fifo"), 1), "random");
        assert_eq!(knob.turned(Some("random"), 1), "random");
        assert_eq!(knob.turned(Some("other"), 1), "lifo");
        assert_eq!(knob.turned(None, 1), "fifo");
        assert!(knob.spread(9).is_empty());
        assert!((knob.position("fifo") - 0.5).abs() < 1e-9);
    }
}
