use super::*;
use crate::diagnostic::Position;

/// What reading `source` finds: `line:column code: message`, and the table.
fn read(source: &str) -> (Table, Vec<String>) {
    let faults = Faults::new("x.toml");
    let table = parse(source, Origin::File, &faults);
    (table, lines(source, faults))
}

fn lines(source: &str, faults: Faults<'_>) -> Vec<String> {
    let line = |fault: &Diagnostic| {
        format!("{} {}: {}", Position::of(source, fault.span.start), fault.code, fault.message)
    };
    faults.into_diagnostics().iter().map(line).collect()
}

fn codes(source: &str) -> Vec<String> {
    let cut = |line: String| line.split(": ").next().unwrap_or_default().to_owned();
    read(source).1.into_iter().map(cut).collect()
}

#[test]
fn every_value_knows_its_place() {
    let source = "# x\nb = 1\n[t]\na = ['ü', true, 2026-11-17, 0x10, -0.0]\n";
    let (table, faults) = read(source);
    assert_eq!(faults, Vec::<String>::new());
    let keys: Vec<&str> = table.entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["b", "t"]);
    let Some(Value { kind: Kind::Table(inner), .. }) = table.get("t") else { panic!() };
    let Some(Value { kind: Kind::Array(values), .. }) = inner.get("a") else { panic!() };
    let texts: Vec<&str> =
        values.iter().filter_map(|value| source.get(value.span.start..value.span.end)).collect();
    assert_eq!(texts, ["'ü'", "true", "2026-11-17", "0x10", "-0.0"]);
    assert_eq!(values[3].kind, Kind::Integer(16));
    let Kind::Float(zero) = values[4].kind else { panic!() };
    assert!(zero.is_sign_positive());
}

#[test]
fn all_faults_of_the_syntax_are_found_at_once() {
    let source = "a = \nb = 1\nb = 2\nc = \"open\nd = [1,\n";
    assert_eq!(
        codes(source),
        ["1:5 toml-syntax", "3:1 toml-syntax", "4:10 toml-syntax", "5:8 toml-syntax"]
    );
    assert_eq!(read(source).0.get("b").map(|value| &value.kind), Some(&Kind::Integer(1)));
}

#[test]
fn numbers_are_finite_and_small() {
    assert_eq!(
        codes("a = inf\nb = nan\nc = 1e999\nd = 9223372036854775808\ne = -9223372036854775808"),
        ["1:5 out-of-range", "2:5 out-of-range", "3:5 out-of-range", "4:5 out-of-range"]
    );
    assert_eq!(codes("a = 07:32:00\nb = 1979-05-27T07:32:00Z").len(), 2);
}

#[test]
fn hostile_texts_end_quickly() {
    let lines: Vec<String> = (0..200_000).map(|n| format!("k{n}=1\n")).collect();
    let million = lines.concat();
    assert_eq!(read(&million).0.entries.len(), 200_000);
    for deep in ["[", "{a=", "[["] {
        let (_, faults) = read(&format!("x = {}", deep.repeat(100_000)));
        assert!(!faults.is_empty() && faults.len() <= FAULTS_MAX);
    }
    assert_eq!(codes(&format!("x = 1\n{}a = 1", "a.".repeat(100_000))), ["2:1 toml-syntax"]);
    assert_eq!(codes(&format!("[{}a]", "'b' . ".repeat(100_000))), ["1:2 toml-syntax"]);
    let nested = format!("x = {}1", "{a.b.c.d.e.f.g.h.i.j.k.l.m.n.o = ".repeat(10_000));
    assert!(!read(&nested).1.is_empty());
    assert!(!read(&"=\n".repeat(500_000)).1.is_empty());
}

#[test]
fn a_mark_of_byte_order_and_dos_lines_are_fine() {
    let (table, faults) = read("\u{feff}a = 1\r\nb = \"x\"\r\n");
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(table.entries[1].key_span, Span::new(10, 11));
}

#[test]
fn a_fence_has_the_places_of_its_lesson() {
    let lesson = "> ```toml quiz\n> a = 1\n> b = \n> ```";
    let text = "a = 1\nb = ";
    let starts = [lesson.find("a =").unwrap(), lesson.find("b =").unwrap()];
    let faults = Faults::new("x.md");
    let table = parse(text, Origin::Fence(&starts), &faults);
    assert_eq!(table.entries[0].key_span, Span::new(17, 18));
    assert_eq!(table.entries[0].value.span, Span::new(21, 22));
    let found = lines(lesson, faults);
    assert!(found[0].starts_with("3:7 toml-syntax"), "{found:?}");
}

#[test]
fn fields_name_what_is_wrong_all_at_once() {
    let source = "titel = 'x'\nminutes = 900\nid = 4\npass = 'high'\nwhen = 'now'\nmode = 'ful'\n";
    let faults = Faults::new("x.toml");
    let table = parse(source, Origin::File, &faults);
    let fields = Fields::new(&table, &faults);
    fields.required_text("title", "a lesson");
    assert_eq!(fields.integer("minutes", 1..=600), None);
    assert_eq!(fields.text("id"), None);
    assert_eq!(fields.number("pass", 0.0..=1.0), None);
    assert_eq!(fields.date("when"), None);
    assert_eq!(fields.one_of("mode", &["full", "plain"]), None);
    fields.finish();
    let hint = faults.list.borrow().last().and_then(|fault| fault.hint.clone());
    assert_eq!(hint.as_deref(), Some("did you mean `title`?"));
    assert_eq!(
        lines(source, faults),
        [
            "1:1 missing-key: a lesson needs `title`",
            "2:11 out-of-range: `minutes` must be 1 to 600",
            "3:6 wrong-type: `id` must be a text in quotes, this is a number",
            "4:8 wrong-type: `pass` must be a number, this is a text",
            "5:8 wrong-type: `when` must be a day, without quotes, this is a text",
            "6:8 unknown-word: `mode` cannot be \"ful\"",
            "1:1 unknown-key: unknown key `titel`",
        ]
    );
}
