use super::*;

fn predict(unit: &str, factor: f64, tolerance: Tolerance) -> Predict {
    let text = |text: &str| text.to_owned();
    let (prompt, metric, reveal) = (text("How many?"), text("p_cold"), text("So."));
    Predict { prompt, metric, unit: text(unit), factor, tolerance, reveal, place: Span::default() }
}

fn interval(mean: f64, ci95: f64, n: u64) -> Interval {
    Interval { mean, ci95, n }
}

#[test]
fn a_guess_is_written_as_answers_are() {
    for (text, unit, expected) in [
        ("77.9 %", "%", 77.9),
        ("100", "%", 100.0),
        ("0.8", "%", 0.8),
        ("80 %", "", 0.8),
        ("1,000", "requests", 1000.0),
        ("16 million requests", "requests", 16e6),
        ("20m", "min", 20.0),
        ("2m", "s", 120.0),
        ("1.5 h", "min", 90.0),
        ("900ms", "ms", 900.0),
        ("2d", "h", 48.0),
        ("$9.33", "$", 9.33),
    ] {
        let guess = predict(unit, 1.0, Tolerance::Absolute(1.0)).parse_guess(text);
        assert!(guess.is_ok_and(|guess| (guess - expected).abs() < 1e-9), "{text} in {unit}");
    }
    for (text, unit) in [("", "%"), ("many", "s"), ("5m", "%"), ("5 apples", "s"), ("1e999", "")] {
        let refusal = predict(unit, 1.0, Tolerance::Absolute(1.0)).parse_guess(text).unwrap_err();
        assert!(refusal.starts_with("Type a number"), "{text}: {refusal}");
    }
}

#[test]
fn the_truth_is_theory_where_a_formula_holds() {
    let share = predict("%", 100.0, Tolerance::Absolute(10.0));
    let judged = share.judge(100.0, Some(&interval(0.779, 0.004, 30)), Some(0.778_8));
    assert_eq!(judged.said, "You said 100 %. Simulated: 77.9 % ± 0.4 (theory 77.88 %).");
    assert_eq!(judged.kind, Some(VerdictKind::Wrong));
    assert!(!judged.is_right);
    assert!((judged.truth.unwrap() - 77.88).abs() < 1e-9);
    assert!((judged.error.unwrap() - 22.12).abs() < 1e-9);
    assert!((share.in_metric(share.in_unit(0.3)) - 0.3).abs() < 1e-12);
}

#[test]
fn a_verdict_says_how_far_off() {
    let share = predict("%", 100.0, Tolerance::Absolute(10.0));
    let million = predict("requests", 1.0, Tolerance::Percent(20.0));
    let ms = predict("ms", 1.0, Tolerance::Absolute(0.0));
    for (predict, guess, truth, verdict) in [
        (&share, 77.88, 0.778_8, "Right: exactly that."),
        (&share, 70.0, 0.778_8, "Right: 7.88 percentage points too low."),
        (&share, 76.88, 0.778_8, "Right: 1 percentage point too low."),
        (
            &share,
            90.0,
            0.778_8,
            "Partly: 12.1 percentage points too high; up to 10 percentage points would have been \
             right.",
        ),
        (&share, 100.0, 0.778_8, "Wrong: 22.1 percentage points too high."),
        (&share, 0.0, 0.778_8, "Wrong: 77.9 percentage points too low."),
        (&share, 50.0, 0.001_3, "Wrong: about 385 times too high."),
        (&share, 5.0, 0.0, "Right: 5 percentage points too high."),
        (&million, 15e6, 16_268_542.0, "Right: 1,268,542 requests too low."),
        (
            &million,
            12e6,
            16_268_542.0,
            "Partly: 4,268,542 requests too low; up to 20 % of it would have been right.",
        ),
        (&million, 1e6, 16_268_542.0, "Wrong: too low, it is about 16 times that."),
        (&ms, 960.0, 961.5, "Wrong: 1.5 ms too low."),
        (&ms, 1e-300, 961.5, "Wrong: too low, it is more than a million times that."),
        (&ms, 1e300, 961.5, "Wrong: more than a million times too high."),
        (&share, 0.5, 0.05, "Right: 4.5 percentage points too low."),
    ] {
        assert_eq!(predict.judge(guess, None, Some(truth)).verdict, verdict);
    }
}

#[test]
fn a_verdict_is_no_more_exact_than_the_run() {
    let bookings = predict("bookings", 1.0, Tolerance::Absolute(2.0));
    let about_41 = interval(40.633, 2.1, 30);
    for (guess, verdict) in [
        (40.0, "Right: 1 booking too low."),
        (41.0, "Right: exactly that."),
        (20.0, "Wrong: 21 bookings too low."),
    ] {
        let judged = bookings.judge(guess, Some(&about_41), None);
        assert_eq!(judged.verdict, verdict);
        assert!((judged.error.unwrap() - (guess - 40.633)).abs() < 1e-9);
    }
    assert_eq!(bookings.short_text(40.0), "40");
}

#[test]
fn numbers_show_as_many_digits_as_are_sure() {
    let share = predict("%", 100.0, Tolerance::Absolute(10.0));
    let dollars = predict("USD", 1.0, Tolerance::Percent(10.0));
    for (predict, interval, theory, said) in [
        (&share, interval(0.5, 0.0, 1), None, "You said 5 %. Simulated: 50 %."),
        (
            &share,
            interval(0.5, 0.0, 30),
            Some(0.5),
            "You said 5 %. Simulated: 50 %, as theory says.",
        ),
        (&share, interval(0.123_456, 0.012, 30), None, "You said 5 %. Simulated: 12 % ± 1."),
        (&dollars, interval(5.601_234, 0.0, 1), None, "You said $5. Simulated: $5.601."),
        (&dollars, interval(0.4, 0.0, 1), None, "You said $5. Simulated: $0.40."),
        (&share, interval(0.630_2, 0.007, 30), None, "You said 5 %. Simulated: 63.0 % ± 0.7."),
        (&share, interval(0.333, 0.000_6, 2), None, "You said 5 %. Simulated: 33.30 % ± 0.06."),
    ] {
        let judged = predict.judge(5.0, Some(&interval), theory);
        assert_eq!(judged.said, said);
    }
    assert_eq!(predict("", 1.0, Tolerance::Absolute(0.0)).text(16_268_542.4), "16,268,542");
}

#[test]
fn without_a_number_there_is_no_verdict() {
    let share = predict("%", 100.0, Tolerance::Absolute(10.0));
    for simulated in [None, Some(interval(f64::NAN, f64::NAN, 30))] {
        let judged = share.judge(5.0, simulated.as_ref(), Some(f64::INFINITY));
        assert_eq!((judged.kind, judged.truth, judged.error), (None, None, None));
        assert!(!judged.is_right && judged.said == "You said 5 %.");
    }
}
