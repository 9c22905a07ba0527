//! Arithmetic over named values: `rate * 0.2`, `ceil(n / 10)`. Knows `+ - * /`, parentheses and
//! `ceil floor round min max`, nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Span;

/// Why a formula has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the formula it is about.
    pub span: Span,
    /// What is wrong, one sentence without a final full stop.
    pub message: String,
}

impl Fault {
    /// Whether the formula is right and only its value is not finite, as after a division by zero.
    pub fn is_of_values(&self) -> bool {
        self.message == NOT_FINITE
    }

    /// The name in the formula that has no value, if that is what is wrong.
    pub fn unknown(&self) -> Option<&str> {
        self.message.strip_suffix(NO_PARAM)?.strip_prefix('`')
    }
}

/// Said of a formula that can be read and has no value.
const NOT_FINITE: &str = "the value is not finite (a division by zero?)";

/// Said of a name, in its quotes.
const NO_PARAM: &str = "` is not one of the params";

/// Longer formulas are refused.
const LONGEST: usize = 1000;
/// Parentheses and signs deeper than this are refused.
const DEEPEST: usize = 50;
const FUNCTIONS: [&str; 5] = ["ceil", "floor", "max", "min", "round"];

/// The value of `formula` where `values` names its variables; always finite.
pub fn evaluate(formula: &str, values: &BTreeMap<String, f64>) -> Result<f64, Fault> {
    if formula.len() > LONGEST {
        let message = format!("a formula of more than {LONGEST} bytes");
        return Err(Fault { span: Span::new(0, formula.len()), message });
    }
    let mut reader = Reader { tokens: tokens(formula)?, at: 0, values, end: formula.len() };
    let value = reader.sum(0)?;
    if let Some((token, span)) = reader.tokens.get(reader.at) {
        return Err(Fault { span: *span, message: format!("unexpected {}", token.name()) });
    }
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Fault { span: Span::new(0, formula.len()), message: NOT_FINITE.to_owned() })
    }
}

/// The names that `formula` uses, functions left out.
pub fn names(formula: &str) -> BTreeSet<String> {
    let tokens = tokens(formula).unwrap_or_default();
    let names = tokens.into_iter().filter_map(|(token, _)| match token {
        Token::Name(name) if !FUNCTIONS.contains(&name.as_str()) => Some(name),
        _ => None,
    });
    names.collect()
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Sign(char),
}

impl Token {
    fn name(&self) -> String {
        match self {
            Self::Number(number) => format!("`{number}`"),
            Self::Name(name) => format!("`{name}`"),
            Self::Sign(sign) => format!("`{sign}`"),
        }
    }
}

fn tokens(formula: &str) -> Result<Vec<(Token, Span)>, Fault> {
    let characters: Vec<(usize, char)> = formula.char_indices().collect();
    let end_of = |index: usize| characters.get(index).map_or(formula.len(), |&(at, _)| at);
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(&(start, c)) = characters.get(index) {
        let run = |accepts: &dyn Fn(char, char) -> bool| {
            let mut last = c;
            let mut next = index + 1;
            while let Some(&(_, c)) = characters.get(next).filter(|&&(_, c)| accepts(c, last)) {
                last = c;
                next += 1;
            }
            next
        };
        let next = if c.is_whitespace() {
            index += 1;
            continue;
        } else if c.is_ascii_digit() || c == '.' {
            run(&|c, last| {
                c.is_ascii_digit()
                    || matches!(c, '.' | '_' | 'e' | 'E')
                    || (matches!(c, '+' | '-') && matches!(last, 'e' | 'E'))
            })
        } else if c.is_alphabetic() || c == '_' {
            run(&|c, _| c.is_alphanumeric() || c == '_')
        } else {
            index + 1
        };
        let span = Span::new(start, end_of(next));
        let text = formula.get(span.start..span.end).unwrap_or_default();
        found.push((token(text, c, span)?, span));
        index = next;
    }
    Ok(found)
}

fn token(text: &str, first: char, span: Span) -> Result<Token, Fault> {
    if first.is_ascii_digit() || first == '.' {
        let number = text.replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
        let message = format!("`{text}` is not a number");
        number.map(Token::Number).ok_or(Fault { span, message })
    } else if first.is_alphabetic() || first == '_' {
        Ok(Token::Name(text.to_owned()))
    } else {
        match first {
            '+' | '-' | '*' | '/' | '(' | ')' | ',' => Ok(Token::Sign(first)),
            '−' => Ok(Token::Sign('-')),
            '×' | '·' => Ok(Token::Sign('*')),
            '÷' => Ok(Token::Sign('/')),
            other => {
                let message = format!("`{other}` has no meaning in a formula");
                Err(Fault { span, message })
            }
        }
    }
}

/// Reads by precedence: sum, product, signed, atom.
struct Reader<'a> {
    tokens: Vec<(Token, Span)>,
    at: usize,
    values: &'a BTreeMap<String, f64>,
    end: usize,
}

impl Reader<'_> {
    fn sum(&mut self, depth: usize) -> Result<f64, Fault> {
        let mut value = self.product(depth)?;
        loop {
            if self.takes('+') {
                value += self.product(depth)?;
            } else if self.takes('-') {
                value -= self.product(depth)?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self, depth: usize) -> Result<f64, Fault> {
        let mut value = self.signed(depth)?;
        loop {
            if self.takes('*') {
                value *= self.signed(depth)?;
            } else if self.takes('/') {
                value /= self.signed(depth)?;
            } else {
                return Ok(value);
            }
        }
    }

    fn signed(&mut self, depth: usize) -> Result<f64, Fault> {
        if depth > DEEPEST {
            return Err(self.fault("nested too deeply".to_owned()));
        }
        if self.takes('-') {
            Ok(-self.signed(depth + 1)?)
        } else if self.takes('+') {
            self.signed(depth + 1)
        } else {
            self.atom(depth)
        }
    }

    fn atom(&mut self, depth: usize) -> Result<f64, Fault> {
        let Some((token, span)) = self.tokens.get(self.at).cloned() else {
            return Err(self.fault("the formula ends where a value is expected".to_owned()));
        };
        match token {
            Token::Number(number) => {
                self.at += 1;
                Ok(number)
            }
            Token::Name(name) => {
                self.at += 1;
                if FUNCTIONS.contains(&name.as_str()) {
                    return self.call(&name, depth);
                }
                let message = format!("`{name}{NO_PARAM}");
                self.values.get(&name).copied().ok_or(Fault { span, message })
            }
            Token::Sign('(') => {
                self.at += 1;
                let value = self.sum(depth + 1)?;
                self.expect(')')?;
                Ok(value)
            }
            Token::Sign(sign) => Err(self.fault(format!("a value is expected before `{sign}`"))),
        }
    }

    fn call(&mut self, function: &str, depth: usize) -> Result<f64, Fault> {
        self.expect('(')?;
        let mut arguments = vec![self.sum(depth + 1)?];
        while self.takes(',') {
            arguments.push(self.sum(depth + 1)?);
        }
        self.expect(')')?;
        match (function, arguments.as_slice()) {
            ("ceil", [x]) => Ok(x.ceil()),
            ("floor", [x]) => Ok(x.floor()),
            ("round", [x]) => Ok(x.round()),
            ("min", all) => Ok(all.iter().copied().fold(f64::INFINITY, f64::min)),
            ("max", all) => Ok(all.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            _ => Err(self.fault(format!("`{function}` takes one value"))),
        }
    }

    fn takes(&mut self, sign: char) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|(token, _)| *token == Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: char) -> Result<(), Fault> {
        if self.takes(sign) { Ok(()) } else { Err(self.fault(format!("`{sign}` is missing"))) }
    }

    /// A fault at the token that comes next.
    fn fault(&self, message: String) -> Fault {
        let next = self.tokens.get(self.at).map(|&(_, span)| span);
        Fault { span: next.unwrap_or(Span::new(self.end, self.end)), message }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(formula: &str) -> Result<f64, String> {
        let values = BTreeMap::from([("rate".to_owned(), 400.0), ("n".to_owned(), 7.0)]);
        evaluate(formula, &values)
            .map_err(|fault| format!("{}: {}", fault.span.start, fault.message))
    }

    #[test]
    fn arithmetic_has_its_usual_meaning() {
        for (formula, expected) in [
            ("rate * 0.2", 80.0),
            ("1 + 2 * 3", 7.0),
            ("(1 + 2) * 3", 9.0),
            ("8 - 3 - 2", 3.0),
            ("-n + +8", 1.0),
            ("16 / 4 / 2", 2.0),
            ("ceil(n / 2)", 4.0),
            ("min(rate, n, 9)", 7.0),
            ("max(1, min(2, 3))", 2.0),
            ("round(2.5) + floor(-0.5)", 2.0),
            ("1_000 × 1.5e-3", 1.5),
        ] {
            assert_eq!(value(formula), Ok(expected), "{formula}");
        }
    }

    #[test]
    fn faults_name_their_place() {
        for (formula, expected) in [
            ("1 +", "3: the formula ends where a value is expected"),
            ("rat * 2", "0: `rat` is not one of the params"),
            ("(1", "2: `)` is missing"),
            ("2 3", "2: unexpected `3`"),
            ("1 / 0", "0: the value is not finite (a division by zero?)"),
            ("1e999", "0: `1e999` is not a number"),
            ("2 ^ 3", "2: `^` has no meaning in a formula"),
            ("ceil(1, 2)", "10: `ceil` takes one value"),
            ("", "0: the formula ends where a value is expected"),
        ] {
            assert_eq!(value(formula), Err(expected.to_owned()), "{formula}");
        }
        assert!(value(&"(".repeat(900)).is_err());
        assert!(value(&"-".repeat(900)).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn any_text_has_a_finite_value_or_a_fault(text in r"[-+*/(),. 0-9a-z^é]{0,40}") {
            match value(&text) {
                Ok(number) => prop_assert!(number.is_finite()),
                Err(message) => prop_assert!(!message.is_empty()),
            }
        }
    }
}
