//! Colours for code: what each token is, never which colour it has. Slow to begin with and slow
//! by the byte: kept away from the first frame, and not loaded for a text without code.

use std::cell::RefCell;
use std::collections::BTreeMap;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use crate::typeset::Syntax;

/// Longer blocks stay plain: at half a megabyte a second they would take too long.
const BYTES_MAX: usize = 128 * 1024;

/// Longer lines stay plain: patterns may need time quadratic in them.
const LINE_BYTES_MAX: usize = 2_000;

/// Languages that are known to have no tokens: no set of grammars is loaded for them.
const PLAIN: [&str; 8] = ["", "text", "txt", "plain", "plaintext", "output", "none", "console"];

/// Lines whose tokens are remembered; then all are forgotten.
const SEEN_MAX: usize = 2_000;

/// The grammars of many languages.
pub(crate) struct Highlighter {
    grammars: SyntaxSet,
    rules: Vec<(Scope, Syntax)>,
    key: Vec<Scope>,
    /// Code repeats itself: lines whose tokens are known.
    seen: RefCell<BTreeMap<String, Vec<Seen>>>,
}

/// A line's tokens, and where its grammar stood before and after it.
struct Seen {
    before: Position,
    after: Position,
    tokens: Vec<(Syntax, usize)>,
}

/// Where a grammar stands between two lines.
#[derive(Clone, PartialEq)]
struct Position {
    state: ParseState,
    stack: ScopeStack,
}

impl Highlighter {
    /// Loads the grammars; each is made ready when it is first needed.
    pub(crate) fn new() -> Self {
        let scope = |name: &&str| Scope::new(name).ok();
        let rules = RULES
            .iter()
            .flat_map(|(syntax, names)| {
                names.iter().filter_map(scope).map(|scope| (scope, *syntax))
            })
            .collect();
        let key = KEYS.iter().filter_map(scope).collect();
        let seen = RefCell::new(BTreeMap::new());
        Self { grammars: two_face::syntax::extra_newlines(), rules, key, seen }
    }

    /// Whether it is worth loading the grammars for `language`.
    pub(crate) fn may_know(language: &str) -> bool {
        !PLAIN.contains(&language.to_ascii_lowercase().as_str())
    }

    /// The tokens of each line of `text` with their lengths in bytes; nothing where the language
    /// is not known or the text is too long.
    pub(crate) fn lines(&self, language: &str, text: &str) -> Option<Vec<Vec<(Syntax, usize)>>> {
        if text.len() > BYTES_MAX || !Self::may_know(language) {
            return None;
        }
        let language = alias(language);
        let grammar = self.grammars.find_syntax_by_token(language)?;
        let mut position = Position { state: ParseState::new(grammar), stack: ScopeStack::new() };
        text.split('\n').map(|line| self.line(line, &mut position)).collect()
    }

    /// The tokens of a line; `position` moves behind it.
    fn line(&self, line: &str, position: &mut Position) -> Option<Vec<(Syntax, usize)>> {
        if line.len() > LINE_BYTES_MAX {
            return Some(Vec::new());
        }
        let mut seen = self.seen.borrow_mut();
        let same = |seen: &&Seen| seen.before == *position;
        if let Some(known) = seen.get(line).and_then(|known| known.iter().find(same)) {
            position.clone_from(&known.after);
            return Some(known.tokens.clone());
        }
        let before = position.clone();
        let tokens = self.parse(line, position)?;
        if seen.len() >= SEEN_MAX {
            seen.clear();
        }
        let known = Seen { before, after: position.clone(), tokens: tokens.clone() };
        let entries = seen.entry(line.to_owned()).or_default();
        if entries.len() < 4 {
            entries.push(known);
        }
        Some(tokens)
    }

    fn parse(
        &self,
        line: &str,
        Position { state, stack }: &mut Position,
    ) -> Option<Vec<(Syntax, usize)>> {
        let operations = state.parse_line(&format!("{line}\n"), &self.grammars).ok()?;
        let mut tokens: Vec<(Syntax, usize)> = Vec::new();
        let mut from = 0;
        for (at, operation) in operations {
            self.token(&mut tokens, stack, line.get(from..at.min(line.len())).unwrap_or(""));
            from = from.max(at.min(line.len()));
            stack.apply(&operation).ok()?;
        }
        self.token(&mut tokens, stack, line.get(from..).unwrap_or(""));
        Some(tokens)
    }

    /// Appends a token; blanks and neighbours of one kind join.
    fn token(&self, tokens: &mut Vec<(Syntax, usize)>, stack: &ScopeStack, text: &str) {
        if text.is_empty() {
            return;
        }
        let blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
        let syntax = if blank { Syntax::Plain } else { self.syntax(stack) };
        match tokens.last_mut() {
            Some((last, length)) if *last == syntax || blank => *length += text.len(),
            _ => tokens.push((syntax, text.len())),
        }
    }

    /// What the innermost scope that says something says.
    fn syntax(&self, stack: &ScopeStack) -> Syntax {
        let scopes = stack.as_slice();
        let found = scopes.iter().rev().find_map(|scope| {
            let rule = self.rules.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
            rule.map(|(_, syntax)| *syntax)
        });
        let is_key =
            || scopes.iter().any(|scope| self.key.iter().any(|key| key.is_prefix_of(*scope)));
        match found {
            Some(Syntax::String | Syntax::Plain) | None if is_key() => Syntax::Attribute,
            found => found.unwrap_or_default(),
        }
    }
}

/// Names of languages that authors write and the grammars do not know.
fn alias(language: &str) -> &str {
    match language {
        "shell" | "shell-session" | "sh-session" | "zsh" => "bash",
        "jsonc" | "json5" => "json",
        "hcl" | "terraform" => "tf",
        "golang" => "go",
        "node" | "mjs" | "cjs" => "js",
        "docker" => "dockerfile",
        "python3" | "py3" => "python",
        other => other,
    }
}

/// Scopes to kinds of tokens: the first that matches the innermost scope counts.
const RULES: [(Syntax, &[&str]); 13] = [
    (Syntax::Comment, &["comment", "punctuation.definition.comment"]),
    (Syntax::String, &["punctuation.definition.string", "constant.character.escape"]),
    (Syntax::Punctuation, &["keyword.operator", "punctuation"]),
    (Syntax::Function, &["entity.name.function", "support.function", "variable.function"]),
    (
        Syntax::Type,
        &[
            "entity.name.type",
            "entity.name.class",
            "entity.name.struct",
            "entity.name.enum",
            "entity.name.trait",
            "entity.name.interface",
            "entity.name.namespace",
            "entity.other.inherited-class",
            "support.type",
            "support.class",
            "storage.type.primitive",
        ],
    ),
    (
        Syntax::Attribute,
        &[
            "entity.name.tag",
            "entity.other.attribute-name",
            "entity.name.table",
            "entity.name.section",
            "variable.annotation",
            "meta.annotation",
            "support.type.property-name",
            "variable.parameter.option",
            "variable.parameter.function.python",
        ],
    ),
    (Syntax::Keyword, &["keyword", "storage", "variable.language", "support.module"]),
    (Syntax::Constant, &["constant", "support.constant"]),
    (Syntax::String, &["string", "markup.raw"]),
    (Syntax::Comment, &["markup.deleted"]),
    (Syntax::Function, &["markup.inserted"]),
    (Syntax::Type, &["entity.name", "markup.heading"]),
    (Syntax::Plain, &["variable", "source", "text"]),
];

/// Scopes inside which a text is the key of a mapping.
const KEYS: [&str; 4] =
    ["meta.mapping.key", "meta.structure.dictionary.key", "meta.tag.table", "entity.name.tag"];

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of one line as `kind:text`.
    fn tokens(language: &str, line: &str) -> Vec<String> {
        let lines = Highlighter::new().lines(language, line).expect("a known language");
        let mut at = 0;
        lines[0]
            .iter()
            .map(|(syntax, length)| {
                let text = line.get(at..at + length).unwrap_or("?").trim();
                at += length;
                format!("{syntax:?}:{text}")
            })
            .collect()
    }

    #[test]
    fn tokens_are_told_apart() {
        let python = tokens("python", "def handler(event):  # entry");
        assert!(python.contains(&"Keyword:def".to_owned()), "{python:?}");
        assert!(python.contains(&"Function:handler".to_owned()), "{python:?}");
        assert!(python.contains(&"Comment:# entry".to_owned()), "{python:?}");
        let json = tokens("json", r#"{"MemorySize": 512, "Name": "x"}"#);
        assert!(json.iter().any(|token| token.starts_with("Attribute:\"MemorySize\"")), "{json:?}");
        assert!(json.contains(&"Constant:512".to_owned()), "{json:?}");
        assert!(json.iter().any(|token| token.starts_with("String:\"x\"")), "{json:?}");
        let yaml = tokens("yaml", "Timeout: 30 # seconds");
        assert!(yaml.contains(&"Attribute:Timeout".to_owned()), "{yaml:?}");
        let bash = tokens("bash", "aws lambda invoke --function-name x 'out file'");
        assert!(bash.iter().any(|token| token.starts_with("String:'out file'")), "{bash:?}");
    }

    #[test]
    fn the_tokens_of_a_line_cover_it() {
        let highlighter = Highlighter::new();
        for (language, text) in [
            ("rust", "fn main() {\n\tprintln!(\"é漢 {}\", 1);\n}"),
            ("toml", "[a.b]\nkey = \"ü\" # x\n\nn = 1.5"),
            ("js", "export const handler = async (event) => {\n  return `${event}`;\n};"),
            ("go", "func main() {\n}\n"),
            ("tf", "resource \"aws_lambda_function\" \"f\" {\n  timeout = 3\n}"),
        ] {
            let lines = highlighter.lines(language, text).expect(language);
            for (line, tokens) in text.split('\n').zip(lines) {
                assert_eq!(tokens.iter().map(|(_, length)| length).sum::<usize>(), line.len());
            }
        }
    }

    #[test]
    fn a_line_seen_before_has_the_tokens_of_its_place() {
        let highlighter = Highlighter::new();
        let text = "x = 1\n\"\"\"\nx = 1\n\"\"\"\nx = 1";
        let first = highlighter.lines("python", text).expect("python");
        assert_ne!(first[0], first[2], "inside the string it is no assignment");
        assert_eq!(first[0], first[4]);
        assert_eq!(highlighter.lines("python", text).expect("python"), first);
        assert_eq!(Highlighter::new().lines("python", text).expect("python"), first);
    }

    #[test]
    fn what_is_not_known_stays_plain() {
        let highlighter = Highlighter::new();
        assert_eq!(highlighter.lines("no-such-language", "x"), None);
        assert_eq!(highlighter.lines("text", "x"), None);
        assert!(!Highlighter::may_know("text") && Highlighter::may_know("rust"));
    }
}
