//! Reading a page as far as tests need it: elements, their attributes and what is inside them.

use std::collections::BTreeMap;

/// An element with its attributes; those without a value have an empty one.
#[derive(Clone, Debug)]
pub struct Element<'a> {
    attributes: BTreeMap<&'a str, String>,
    /// The HTML inside.
    pub inner: &'a str,
}

/// All elements of a name, in order, nested ones too.
pub fn elements<'a>(html: &'a str, name: &str) -> Vec<Element<'a>> {
    let open = format!("<{name}");
    let mut found = Vec::new();
    for (at, _) in html.match_indices(&open) {
        let rest = &html[at + open.len()..];
        if !rest.starts_with([' ', '>', '/']) {
            continue;
        }
        let end = tag_end(rest);
        found.push(Element { attributes: attributes(&rest[..end]), inner: inside(&rest[end..], name) });
    }
    found
}

/// Where the tag ends: a `>` outside quotes.
fn tag_end(rest: &str) -> usize {
    let mut quoted = false;
    let end = rest.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.expect("a tag ends")
}

fn attributes(tag: &str) -> BTreeMap<&str, String> {
    let mut attributes = BTreeMap::new();
    let mut rest = tag.trim_start();
    while !rest.is_empty() && rest != "/" {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').expect("a closing quote");
            (value, rest) = (&quoted[..end], &quoted[end + 1..]);
        }
        attributes.insert(name, plain(value));
        rest = rest.trim_start();
    }
    attributes
}

/// What stands between the tag and its end; of an element without an end, the rest of the page.
fn inside<'a>(rest: &'a str, name: &str) -> &'a str {
    let rest = rest.strip_prefix('>').unwrap_or(rest);
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 1;
    let mut at = 0;
    while let Some(next_close) = rest[at..].find(&close) {
        let opened = rest[at..at + next_close].match_indices(&open);
        depth += opened.filter(|(from, _)| rest[at + from + open.len()..].starts_with([' ', '>'])).count();
        depth -= 1;
        if depth == 0 {
            return &rest[..at + next_close];
        }
        at += next_close + close.len();
    }
    rest
}

/// Text with its entities read.
pub fn plain(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (entity, mark)| text.replace(entity, mark))
}

/// The words of a piece of HTML, without its tags.
pub fn text_of(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        text.push(' ');
    }
    plain(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Element<'_> {
    /// The value of an attribute; empty where it is missing or has none.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    pub fn has_class(&self, class: &str) -> bool {
        self.get("class").split(' ').any(|one| one == class)
    }

    pub fn text(&self) -> String {
        text_of(self.inner)
    }
}

#[test]
fn elements_are_found_with_what_is_inside() {
    let html = "<p class=\"a b\" hidden>x</p><div data-x=\"1 &gt; 0\"><div>in</div>out</div><pre>no</pre><p>y";
    let divs = elements(html, "div");
    assert_eq!((divs.len(), divs[0].text().as_str(), divs[0].get("data-x")), (2, "in out", "1 > 0"));
    let paragraphs = elements(html, "p");
    assert_eq!(paragraphs.len(), 2);
    assert!(paragraphs[0].has("hidden") && paragraphs[0].has_class("b") && !paragraphs[1].has("hidden"));
}
