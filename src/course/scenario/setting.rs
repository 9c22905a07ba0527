//! Settings: one value of a scenario turned, as `--set arrivals.gap=5m` or a control does.

use super::beside;
use crate::course::toml_file::{Entry, Faults, Kind, Origin, Table, Value, parse};
use crate::diagnostic::Span;

/// Places of values that stand in no file: this and the setting's number.
const OUTSIDE: usize = usize::MAX / 2;
/// A path of more parts is refused.
const PARTS_MAX: usize = 6;
/// What stands beside the params and can be set too.
const BESIDE_PARAMS: [&str; 3] = ["seed", "duration", "warm_up"];

/// One value of a scenario, turned.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    path: Vec<String>,
    value: Kind,
    /// Whether it stands beside `[params]` whatever the params are called.
    is_beside: bool,
}

impl Setting {
    /// Reads `PATH=VALUE`: a dotted path below `[params]` and a bare value, as in
    /// `arrivals.gap=5m`. The error says in one line what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shape = "write PATH=VALUE, as in `keep_alive=5m`";
        let (path, value) = text.split_once('=').ok_or_else(|| shape.to_owned())?;
        Self::new(path, value)
    }

    /// The value `value`, written bare, at `path`. The error says in one line what is wrong.
    pub fn new(path: &str, value: &str) -> Result<Self, String> {
        let path: Vec<String> = path.trim().split('.').map(|part| part.trim().to_owned()).collect();
        if path.iter().any(String::is_empty) || path.len() > PARTS_MAX {
            return Err("a path is names with dots between them, as in `arrivals.gap`".to_owned());
        }
        let value = value.trim();
        if value.is_empty() {
            return Err(format!("`{}` needs a value", path.join(".")));
        }
        let value = match path.as_slice() {
            [name] if name == "seed" && is_large(value) => Kind::Text(value.to_owned()),
            _ => bare(value)?,
        };
        Ok(Self { path, value, is_beside: false })
    }

    /// `seed`, `duration` or `warm_up` of the scenario itself, written bare.
    pub fn beside(name: &str, value: &str) -> Result<Self, String> {
        Ok(Self { is_beside: true, ..Self::new(name, value)? })
    }

    /// `value` at `path`.
    pub(super) fn of(path: &str, value: &Value) -> Self {
        let path = path.split('.').map(str::to_owned).collect();
        Self { path, value: value.kind.clone(), is_beside: false }
    }

    /// The value as it is written bare.
    pub(super) fn value(&self) -> String {
        super::bare_kind(&self.value)
    }

    /// The path, with dots.
    pub fn path(&self) -> String {
        self.path.join(".")
    }

    /// Puts the value into `root`, a whole scenario; `number` names the setting in faults.
    pub(super) fn apply(&self, root: &mut Table, number: usize) {
        let span = Span::new(OUTSIDE + number, OUTSIDE + number);
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let is_cost = matches!(
            root.get("model"), Some(Value { kind: Kind::Text(model), .. }) if model == "cost"
        );
        let path = match path.as_slice() {
            ["params", rest @ ..] if !rest.is_empty() => rest,
            [name] if self.is_beside || (BESIDE_PARAMS.contains(name) && !is_cost) => {
                return put(root, &[name], &self.value, span);
            }
            path => path,
        };
        put(root, &full(root, path), &self.value, span);
    }
}

/// The number of the setting that the place `span` is of, if it is of one and not of the file.
pub fn setting_at(span: Span) -> Option<usize> {
    span.start.checked_sub(OUTSIDE)
}

/// The place of the parameter `path` in `root`, a whole scenario: below `[params]`, and of
/// `beside.…` below the params of `[beside]`, if there is one.
fn full<'p>(root: &Table, path: &[&'p str]) -> Vec<&'p str> {
    let (before, rest): (&[&str], _) = match path {
        ["beside", "params", rest @ ..] | ["beside", rest @ ..]
            if !rest.is_empty() && beside::is_in(root) =>
        {
            (&["beside", "params"], rest)
        }
        path => (&["params"], path),
    };
    before.iter().chain(rest).copied().collect()
}

/// What stands at `path` below the params of `root`, a whole scenario.
pub(super) fn value_at<'t>(root: &'t Table, path: &str) -> Option<&'t Value> {
    let parts: Vec<&str> = path.split('.').collect();
    let path = full(root, &parts);
    let (first, rest) = path.split_first()?;
    let mut at = root.get(first)?;
    for part in rest {
        at = match &at.kind {
            Kind::Table(table) => table.get(part)?,
            Kind::Array(values) => values.get(chosen(values, part)?)?,
            _ => return None,
        };
    }
    Some(at)
}

/// Whether `text` is a whole number that TOML is too small for; a seed derived from another may be
/// one.
fn is_large(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|number| i64::try_from(number).is_err())
}

/// A value without quotes: what TOML knows (numbers, lists, `true`), else a text.
fn bare(text: &str) -> Result<Kind, String> {
    let faults = Faults::new("");
    let table = parse(&format!("value = {text}"), Origin::File, &faults);
    let is_toml = !faults.is_broken() && table.entries.len() == 1;
    match table.entries.into_iter().next() {
        Some(entry) if is_toml => match entry.value.kind {
            Kind::Unusable => {
                let fault = faults.into_diagnostics().into_iter().next();
                Err(fault.map_or_else(|| "this cannot be used".to_owned(), |it| it.message))
            }
            kind => Ok(kind),
        },
        _ => Ok(Kind::Text(crate::sanitize::line(text).into_owned())),
    }
}

/// Puts `value` at `path`; tables on the way that are not there are made.
fn put(table: &mut Table, path: &[&str], value: &Kind, span: Span) {
    let [name, rest @ ..] = path else { return };
    let at = table.entries.iter().position(|entry| entry.key == *name).unwrap_or_else(|| {
        let value = Value { kind: Kind::Table(Table { entries: Vec::new(), span }), span };
        table.entries.push(Entry { key: (*name).to_owned(), key_span: span, value });
        table.entries.len() - 1
    });
    if let Some(entry) = table.entries.get_mut(at) {
        put_below(&mut entry.value, rest, value, span);
    }
}

fn put_below(place: &mut Value, rest: &[&str], value: &Kind, span: Span) {
    if rest.is_empty() {
        *place = Value { kind: moved(value, span), span };
        return;
    }
    match &mut place.kind {
        Kind::Table(table) => put(table, rest, value, span),
        Kind::Array(values) => {
            let chosen = rest.first().and_then(|&name| chosen(values, name));
            match chosen.and_then(|at| values.get_mut(at)) {
                Some(inner) => put_below(inner, rest.get(1..).unwrap_or_default(), value, span),
                None => unreachable_place(place, rest, value, span),
            }
        }
        _ => unreachable_place(place, rest, value, span),
    }
}

/// A path that leads nowhere becomes a table there, which the reader then finds of a wrong type or
/// with an unknown key.
fn unreachable_place(place: &mut Value, rest: &[&str], value: &Kind, span: Span) {
    let mut table = Table { entries: Vec::new(), span };
    put(&mut table, rest, value, span);
    *place = Value { kind: Kind::Table(table), span };
}

/// The place in a list that `name` says: the table of that `name`, or a number from 1.
fn chosen(values: &[Value], name: &str) -> Option<usize> {
    let is_named = |value: &Value| match &value.kind {
        Kind::Table(table) => matches!(
            table.get("name"), Some(Value { kind: Kind::Text(text), .. }) if text == name
        ),
        _ => false,
    };
    let by_number = || name.parse::<usize>().ok()?.checked_sub(1);
    values.iter().position(is_named).or_else(by_number).filter(|&at| at < values.len())
}

/// `kind` with all places in it those of the setting.
fn moved(kind: &Kind, span: Span) -> Kind {
    let value = |value: &Value| Value { kind: moved(&value.kind, span), span };
    match kind {
        Kind::Array(values) => Kind::Array(values.iter().map(value).collect()),
        Kind::Table(table) => {
            let entries = table.entries.iter().map(|entry| Entry {
                key: entry.key.clone(),
                key_span: span,
                value: value(&entry.value),
            });
            Kind::Table(Table { entries: entries.collect(), span })
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Table {
        let text = "model = 'chain'\n[params]\narrivals = { gap = '1m' }\n\
                    services = [{ name = 'a', retries = 1 }, { name = 'b' }]\n";
        parse(text, Origin::File, &Faults::new(""))
    }

    #[test]
    fn a_path_leads_through_tables_and_lists() {
        for (setting, expected) in [
            ("arrivals.gap=5m", r#"Text("5m")"#),
            ("arrivals.gap=0.5", "Float(0.5)"),
            ("params.arrivals.gap=7", "Integer(7)"),
            ("services.b.retries=3", "Integer(3)"),
            ("services.1.retries=true", "Boolean(true)"),
            ("seed=9", "Integer(9)"),
            ("new.inner=\"x\"", r#"Text("x")"#),
        ] {
            let mut root = root();
            Setting::parse(setting).unwrap().apply(&mut root, 2);
            let shown = format!("{root:?}");
            let place = format!("kind: {expected}, span: Span {{ start: {}", OUTSIDE + 2);
            assert!(shown.contains(&place), "{setting}: {shown}");
        }
    }

    #[test]
    fn every_seed_that_a_run_can_have_can_be_set() {
        let large = Setting::beside("seed", "18446744073709551615").unwrap();
        assert_eq!(large.value, Kind::Text("18446744073709551615".to_owned()));
        let refused = |text: &str| Setting::parse(text).unwrap_err();
        assert_eq!(refused("seed=18446744073709551616"), "this number is too large");
        assert_eq!(refused("keep_alive=18446744073709551615"), "this number is too large");
        assert_eq!(refused("keep_alive=inf"), "numbers must be finite");
    }

    #[test]
    fn a_path_finds_what_stands_there() {
        let root = root();
        for (path, found) in [
            ("arrivals.gap", Some("1m")),
            ("services.b.name", Some("b")),
            ("services.2.name", Some("b")),
            ("services.c.name", None),
            ("arrivals.gap.more", None),
            ("", None),
        ] {
            let value = value_at(&root, path).map(|value| value.kind.clone());
            assert_eq!(value, found.map(|text| Kind::Text(text.to_owned())), "{path}");
        }
    }

    #[test]
    fn what_is_no_setting_is_refused_in_one_line() {
        for text in ["keep_alive", "=5", "a..b=1", "a=", "a=nan", "a=inf", "a.b.c.d.e.f.g=1"] {
            let error = Setting::parse(text).unwrap_err();
            assert!(!error.is_empty() && !error.contains('\n'), "{text}");
        }
        assert_eq!(Setting::parse("a=1\nb=2").unwrap().value, Kind::Text("1 b=2".to_owned()));
    }
}
