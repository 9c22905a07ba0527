//! One value for each role: no theme can forget one.

use serde::Deserialize;

use crate::markdown::CalloutKind;
use crate::typeset::{Role, Syntax};

/// Something for each role.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Roles<T> {
    body: T,
    emphasis: T,
    strong: T,
    strong_emphasis: T,
    strike: T,
    muted: T,
    heading_1: T,
    heading_2: T,
    heading_3: T,
    heading_4: T,
    heading_5: T,
    heading_6: T,
    code_span: T,
    code_plain: T,
    code_comment: T,
    code_keyword: T,
    code_string: T,
    code_constant: T,
    code_function: T,
    code_type: T,
    code_attribute: T,
    code_punctuation: T,
    key: T,
    link: T,
    fact: T,
    term: T,
    footnote: T,
    marker: T,
    line: T,
    table_header: T,
    figure: T,
    note: T,
    tip: T,
    important: T,
    warning: T,
    caution: T,
    panel: T,
    panel_title: T,
    notice: T,
    accent: T,
    correct: T,
    partly: T,
    wrong: T,
    chrome: T,
    r#match: T,
}

impl<T> Roles<T> {
    /// The value for the role.
    pub(super) const fn get(&self, role: Role) -> &T {
        match role {
            Role::Body => &self.body,
            Role::Emphasis => &self.emphasis,
            Role::Strong => &self.strong,
            Role::StrongEmphasis => &self.strong_emphasis,
            Role::Strike => &self.strike,
            Role::Muted => &self.muted,
            Role::Heading(level) => self.heading(level),
            Role::CodeSpan => &self.code_span,
            Role::Code(syntax) => self.code(syntax),
            Role::Key => &self.key,
            Role::Link => &self.link,
            Role::Fact => &self.fact,
            Role::Term => &self.term,
            Role::Footnote => &self.footnote,
            Role::Marker => &self.marker,
            Role::Line => &self.line,
            Role::TableHeader => &self.table_header,
            Role::Figure => &self.figure,
            Role::Callout(kind) => self.callout(kind),
            Role::Panel => &self.panel,
            Role::PanelTitle => &self.panel_title,
            Role::Notice => &self.notice,
            Role::Accent => &self.accent,
            Role::Correct => &self.correct,
            Role::Partly => &self.partly,
            Role::Wrong => &self.wrong,
            Role::Chrome => &self.chrome,
            Role::Match => &self.r#match,
        }
    }

    const fn heading(&self, level: u8) -> &T {
        match level {
            0 | 1 => &self.heading_1,
            2 => &self.heading_2,
            3 => &self.heading_3,
            4 => &self.heading_4,
            5 => &self.heading_5,
            _ => &self.heading_6,
        }
    }

    const fn code(&self, syntax: Syntax) -> &T {
        match syntax {
            Syntax::Plain => &self.code_plain,
            Syntax::Comment => &self.code_comment,
            Syntax::Keyword => &self.code_keyword,
            Syntax::String => &self.code_string,
            Syntax::Constant => &self.code_constant,
            Syntax::Function => &self.code_function,
            Syntax::Type => &self.code_type,
            Syntax::Attribute => &self.code_attribute,
            Syntax::Punctuation => &self.code_punctuation,
        }
    }

    const fn callout(&self, kind: CalloutKind) -> &T {
        match kind {
            CalloutKind::Note => &self.note,
            CalloutKind::Tip => &self.tip,
            CalloutKind::Important => &self.important,
            CalloutKind::Warning => &self.warning,
            CalloutKind::Caution => &self.caution,
        }
    }

    /// The same for each role, changed.
    pub(super) fn map<U>(self, mut to: impl FnMut(T) -> U) -> Roles<U> {
        Roles {
            body: to(self.body),
            emphasis: to(self.emphasis),
            strong: to(self.strong),
            strong_emphasis: to(self.strong_emphasis),
            strike: to(self.strike),
            muted: to(self.muted),
            heading_1: to(self.heading_1),
            heading_2: to(self.heading_2),
            heading_3: to(self.heading_3),
            heading_4: to(self.heading_4),
            heading_5: to(self.heading_5),
            heading_6: to(self.heading_6),
            code_span: to(self.code_span),
            code_plain: to(self.code_plain),
            code_comment: to(self.code_comment),
            code_keyword: to(self.code_keyword),
            code_string: to(self.code_string),
            code_constant: to(self.code_constant),
            code_function: to(self.code_function),
            code_type: to(self.code_type),
            code_attribute: to(self.code_attribute),
            code_punctuation: to(self.code_punctuation),
            key: to(self.key),
            link: to(self.link),
            fact: to(self.fact),
            term: to(self.term),
            footnote: to(self.footnote),
            marker: to(self.marker),
            line: to(self.line),
            table_header: to(self.table_header),
            figure: to(self.figure),
            note: to(self.note),
            tip: to(self.tip),
            important: to(self.important),
            warning: to(self.warning),
            caution: to(self.caution),
            panel: to(self.panel),
            panel_title: to(self.panel_title),
            notice: to(self.notice),
            accent: to(self.accent),
            correct: to(self.correct),
            partly: to(self.partly),
            wrong: to(self.wrong),
            chrome: to(self.chrome),
            r#match: to(self.r#match),
        }
    }
}
