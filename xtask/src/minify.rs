//! A small and careful minifier: it drops comments, indentation, blank lines and spaces that separate nothing. It never
//! renames, reorders or joins statements. Where it is not sure what a character means it leaves the whole text alone:
//! a kilobyte more is cheaper than a script that breaks on one phone.

/// JavaScript without comments and idle white space; the text itself when it holds something unclear.
pub(crate) fn js(text: &str) -> String {
    strip_js(text).unwrap_or_else(|| text.to_owned())
}

/// What came before decides whether a slash divides or opens a regular expression.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// A value: a slash divides.
    Value,
    /// An operator, a keyword or nothing: a slash opens a regular expression.
    Operator,
    /// `}`, `++`, `--` or a dot: it could be either.
    Unclear,
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Gap {
    None,
    Space,
    Newline,
}

enum Piece {
    Gap(Gap),
    /// Ends here, to be kept byte by byte.
    Code,
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    before: Before,
    /// The last word is one after which `(…)` holds a condition, so that a statement follows its closing parenthesis.
    condition: bool,
    /// For each open parenthesis, whether it holds a condition.
    parentheses: Vec<bool>,
}

/// Words after which an expression begins.
const OPERATOR_WORDS: [&str; 15] = [
    "await",
    "case",
    "default",
    "delete",
    "do",
    "else",
    "in",
    "instanceof",
    "new",
    "of",
    "return",
    "throw",
    "typeof",
    "void",
    "yield",
];
const CONDITION_WORDS: [&str; 4] = ["for", "if", "while", "with"];

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'\\') || byte >= 0x80
}

impl<'a> Lexer<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, before: Before::Operator, condition: false, parentheses: Vec::new() }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Moves past the next piece. `None`: unclear, or cut off.
    fn next(&mut self) -> Option<Piece> {
        let start = self.at;
        let byte = self.peek(0);
        match (byte, self.peek(1)) {
            (b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c, _) => {
                while matches!(self.peek(0), b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c) {
                    self.at += 1;
                }
                return Some(Piece::Gap(self.gap(start)));
            }
            (b'/', b'/') => {
                while self.at < self.bytes.len() && !matches!(self.peek(0), b'\n' | b'\r') {
                    self.at += 1;
                }
                return Some(Piece::Gap(Gap::None));
            }
            (b'/', b'*') => {
                let end = self.bytes[start + 2..].windows(2).position(|pair| pair == b"*/")?;
                self.at = start + 2 + end + 2;
                return Some(Piece::Gap(self.gap(start)));
            }
            (b'"' | b'\'', _) => self.string(byte)?,
            (b'`', _) => self.template()?,
            (b'/', _) => self.slash()?,
            _ if is_word(byte) => self.word(),
            _ => self.mark(byte),
        }
        Some(Piece::Code)
    }

    /// What a run of white space or a block comment stands for: a line break inside may end a statement.
    fn gap(&self, start: usize) -> Gap {
        let breaks = self.bytes[start..self.at].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        if breaks { Gap::Newline } else { Gap::Space }
    }

    fn string(&mut self, quote: u8) -> Option<()> {
        self.at += 1;
        loop {
            match *self.bytes.get(self.at)? {
                b'\\' => self.at += 2,
                b'\n' => return None,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        self.before = Before::Value;
                        return Some(());
                    }
                }
            }
        }
    }

    fn template(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match (*self.bytes.get(self.at)?, self.peek(1)) {
                (b'\\', _) => self.at += 2,
                (b'`', _) => {
                    self.at += 1;
                    self.before = Before::Value;
                    return Some(());
                }
                (b'$', b'{') => {
                    let mut inner = Lexer::new(self.bytes, self.at + 2);
                    let mut depth = 0_u32;
                    loop {
                        match *self.bytes.get(inner.at)? {
                            b'}' if depth == 0 => break,
                            b'}' => depth -= 1,
                            b'{' => depth += 1,
                            _ => (),
                        }
                        inner.next()?;
                    }
                    self.at = inner.at + 1;
                }
                _ => self.at += 1,
            }
        }
    }

    fn slash(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at + 1..];
        let line = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or(rest);
        match self.before {
            // A regular expression ends on its line: without another slash there, this one divides.
            Before::Unclear if line.contains(&b'/') => return None,
            Before::Unclear | Before::Value => {
                self.at += 1;
                self.before = Before::Operator;
                return Some(());
            }
            Before::Operator => (),
        }
        let mut class = false;
        let mut place = 0;
        loop {
            match *line.get(place)? {
                b'\\' => place += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => break,
                _ => (),
            }
            place += 1;
        }
        self.at += 1 + place + 1;
        while is_word(self.peek(0)) {
            self.at += 1;
        }
        self.before = Before::Value;
        Some(())
    }

    fn word(&mut self) {
        let start = self.at;
        while is_word(self.peek(0)) {
            self.at += 1;
        }
        // `a.return` and `a.if` are names like any other.
        let member = start > 0 && self.bytes[start - 1] == b'.';
        let is_one_of =
            |words: &[&str]| !member && words.iter().any(|word| word.as_bytes() == &self.bytes[start..self.at]);
        self.condition = is_one_of(&CONDITION_WORDS);
        self.before = if is_one_of(&OPERATOR_WORDS) { Before::Operator } else { Before::Value };
    }

    fn mark(&mut self, byte: u8) {
        self.at += 1;
        self.before = match byte {
            b'(' => {
                self.parentheses.push(self.condition);
                Before::Operator
            }
            b')' if self.parentheses.pop() == Some(true) => Before::Operator,
            b')' | b']' => Before::Value,
            b'}' | b'.' => Before::Unclear,
            b'+' | b'-' if self.at > 1 && self.bytes[self.at - 2] == byte => Before::Unclear,
            _ => Before::Operator,
        };
        self.condition = false;
    }
}

fn strip_js(text: &str) -> Option<String> {
    // Two line breaks of JavaScript that hardly anybody knows of.
    if text.contains(['\u{2028}', '\u{2029}']) {
        return None;
    }
    let mut lexer = Lexer::new(text.as_bytes(), 0);
    let mut kept = String::with_capacity(text.len());
    let mut gap = Gap::None;
    while lexer.at < text.len() {
        let start = lexer.at;
        match lexer.next()? {
            Piece::Gap(wider) if wider > gap => gap = wider,
            Piece::Gap(_) => (),
            Piece::Code => {
                let code = text.get(start..lexer.at)?;
                match (gap, kept.bytes().last(), code.bytes().next()) {
                    (Gap::Space, Some(left), Some(right)) if separates(left, right) => kept.push(' '),
                    (Gap::Newline, Some(left), _) if !goes_on(left) => kept.push('\n'),
                    _ => (),
                }
                kept.push_str(code);
                gap = Gap::None;
            }
        }
    }
    kept.push('\n');
    Some(kept)
}

/// Whether two pieces would grow together without the space: words with words, signs with signs, `1 .toString()`.
fn separates(left: u8, right: u8) -> bool {
    let is_sign = |byte: u8| b"+-*/%<>=!&|^~?:.@".contains(&byte);
    (is_word(left) && is_word(right)) || (is_sign(left) && is_sign(right)) || (left.is_ascii_digit() && right == b'.')
}

/// After these marks no statement can end, so that a line break means nothing.
fn goes_on(left: u8) -> bool {
    matches!(left, b'{' | b'(' | b'[' | b',' | b';')
}

/// A style sheet without comments and idle white space.
pub(crate) fn css(text: &str) -> String {
    strip_css(text).unwrap_or_else(|| text.to_owned())
}

fn strip_css(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut kept: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    let mut space = false;
    let mut comment = false;
    // The last byte is punctuation, and not the end of a string or of an escape.
    let mut mark = true;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        if byte.is_ascii_whitespace() {
            space = true;
            at += 1;
            continue;
        }
        if bytes[at..].starts_with(b"/*") {
            at += 4 + bytes[at + 2..].windows(2).position(|pair| pair == b"*/")?;
            comment = true;
            continue;
        }
        match byte {
            b'"' | b'\'' => at = css_string(bytes, at)?,
            b'\\' => at += 2,
            _ if bytes[at..].get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"url(")) => {
                at += 4;
                while *bytes.get(at)? != b')' {
                    at = match bytes[at] {
                        b'"' | b'\'' => css_string(bytes, at)?,
                        b'\\' => at + 2,
                        _ => at + 1,
                    };
                }
                at += 1;
            }
            _ => at += 1,
        }
        let left = kept.last().copied().filter(|_| mark);
        // A space before a colon or a parenthesis can be a combinator (`nav :focus`): it stays.
        let idle = kept.is_empty() || left.is_some_and(|left| b"{};,:".contains(&left)) || b"{};,".contains(&byte);
        if !idle && space {
            kept.push(b' ');
        } else if !idle && comment {
            // It may separate two names that would be one: the shortest comment does so as well.
            kept.extend_from_slice(b"/**/");
        }
        if byte == b'}' && left == Some(b';') {
            kept.pop();
        }
        kept.extend_from_slice(bytes.get(start..at)?);
        (space, comment) = (false, false);
        mark = at == start + 1;
    }
    String::from_utf8(kept).ok()
}

fn css_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == bytes[start] => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(from: &str, to: &str) {
        assert_eq!(js(from), format!("{to}\n"));
        assert_eq!(js(&js(from)), js(from), "minified twice is minified once");
    }

    #[track_caller]
    fn stays(text: &str) {
        assert_eq!(strip_js(text), None);
        assert_eq!(js(text), text);
    }

    #[test]
    fn comments_indentation_and_blank_lines_go() {
        becomes("// hello\n\n  let a = 1; // one\n\n\n  /* two\n lines */ let b = 2\n", "let a=1;let b=2");
        becomes("/** @type {x} */\nfunction f(a, b) {\n    return a;\n}\n", "function f(a,b){return a;}");
    }

    #[test]
    fn line_breaks_that_end_statements_stay() {
        becomes("let a = b\n(c)\n++d\nreturn\nx", "let a=b\n(c)\n++d\nreturn\nx");
        becomes("a /* no\nbreak */ b", "a\nb");
        becomes("a /* space */ b", "a b");
        becomes("a/**/b", "a b");
    }

    #[test]
    fn signs_do_not_grow_together() {
        becomes("a + +b - -c + ++d", "a+ +b- -c+ ++d");
        becomes("1 .toString() ; a ? .5 : b", "1 .toString();a? .5:b");
        becomes("a < ! --b", "a< ! --b");
        becomes("x = a / /b/.c", "x=a/ /b/.c");
    }

    #[test]
    fn strings_and_templates_are_kept() {
        becomes(r#"a = "/* no  // */  \" ' ` ";  b = 'it\'s  // "'"#, r#"a="/* no  // */  \" ' ` ";b='it\'s  // "'"#);
        becomes(
            "a = `  // x\n\n  ${ b + `/* ${ '}' } */` + { c: 1 }.c }  `  ;",
            "a=`  // x\n\n  ${ b + `/* ${ '}' } */` + { c: 1 }.c }  `;",
        );
        becomes("a = \"bà con  //\" // con", "a=\"bà con  //\"");
        becomes("a = 'one\\\n  two'  ;", "a='one\\\n  two';");
    }

    #[test]
    fn slashes_divide_or_quote() {
        becomes("a = b / c; // 'd", "a=b/c;");
        becomes("a = /[/'\"]  \\/ `/g  ; b = 1", "a= /[/'\"]  \\/ `/g;b=1");
        becomes("f(/\"/, 'x  y')", "f(/\"/,'x  y')");
        becomes("return /'  /.test(a)", "return/'  /.test(a)");
        becomes("(a + b) / 2 // it's half", "(a+b)/2");
        becomes("if (a) /'  /.test(b)", "if(a)/'  /.test(b)");
        becomes("a.if(b) / 2 // it's", "a.if(b)/2");
        becomes("a.return / 2 // it's", "a.return/2");
        becomes("a[0] / 2 // it's", "a[0]/2");
        becomes("i++ / 2", "i++ /2");
    }

    #[test]
    fn what_is_unclear_is_left_alone() {
        stays("if (a) { b } /'/.test(c)");
        stays("i++ / 2 // it's half");
        stays("a = 'not closed\n  b  =  1");
        stays("a = `not closed");
        stays("/* not closed  ");
        stays("a = 'x'  ;\u{2028}  b");
    }

    #[test]
    fn style_sheets_lose_what_is_idle() {
        assert_eq!(
            css("/* a */\nnav  a:hover ,\n b > i {\n  color: red; /* why */\n  margin: 0  auto;\n}\n\n"),
            "nav a:hover,b > i{color:red;margin:0 auto}"
        );
        assert_eq!(
            css("@media (min-width: 40em) and (hover) { a { b: c } }"),
            "@media (min-width:40em) and (hover){a{b:c}}"
        );
    }

    #[test]
    fn style_sheets_keep_what_means_something() {
        assert_eq!(css("nav :focus { width: calc(1px + 2em) }"), "nav :focus{width:calc(1px + 2em)}");
        assert_eq!(css("a::before { content: \"  /* \\\" */  ;}\" }"), "a::before{content:\"  /* \\\" */  ;}\"}");
        assert_eq!(css(".a\\, .b{c:d\\;}"), ".a\\, .b{c:d\\;}");
        assert_eq!(css(".a/* x */.b{c:d}"), ".a/**/.b{c:d}");
        assert_eq!(css("a{b:url( //x/*y ) }"), "a{b:url( //x/*y )}");
        assert_eq!(css("a{b:c /* not closed"), "a{b:c /* not closed");
        assert_eq!(css("a { content: 'ờ' }"), "a{content:'ờ'}");
    }
}
