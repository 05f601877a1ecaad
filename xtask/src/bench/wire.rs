//! The program's addresses, headers and messages, as a browser on the other side knows them.

use std::time::SystemTime;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{http::Request, server::Server, wrk::THREADS};
use crate::shell::Result;

pub(super) const READY: &str = "/readyz";
/// One path (or whole address) in each line.
pub(super) const SITEMAP: &str = "/sitemap.txt";
pub(super) const OWN_PAGE: &str = "/tien-do";
pub(super) const DASHBOARD: &str = "/thong-ke";
pub(super) const EVENTS: &str = "/api/v1/events";
pub(super) const ACCEPT_ENCODING: &str = "Accept-Encoding";

/// A lesson is `<language>/bai-hoc/<track>/<lesson>`, its simulator the same with `/tap`.
pub(super) const LESSONS: &str = "/bai-hoc/";
const PRACTISE: &str = "/tap";
const LANGUAGES: [&str; 2] = ["", "/en"];
const COOKIE: &str = "__Host-hocso";
const FORMAT: u32 = 1;
const CONSENT_VERSION: u32 = 1;
/// Any commune of the province.
const UNIT: &str = "03646";

/// Scripts of wrk: each request is a statistics page drawn from many. Everyday ones are those that people come to; any are of
/// whatever release, step and order.
pub(super) const EVERYDAY: &str = r#"
local paths = { "/thong-ke", "/thong-ke/an-toan", "/thong-ke/thanh-toan", "/thong-ke/dich-vu-cong", "/thong-ke?buoc=tu-tap",
  "/thong-ke?xep=ten", "/thong-ke/ban", "/thong-ke/xa/03646", "/thong-ke/xa/03727", "/thong-ke/xa/03781", "/en/thong-ke" }
request = function()
  return wrk.format("GET", paths[math.random(#paths)], { ["Accept-Encoding"] = "br" })
end
"#;
pub(super) const ANY: &str = r#"
local tracks = { "", "/an-toan", "/thanh-toan", "/dich-vu-cong" }
local steps = { "da-hoc", "tap-co-giup", "tu-tap", "lam-co-giup", "tu-lam", "da-day" }
local orders = { "ten", "nguoi", "ty-le" }
request = function()
  local path = "/thong-ke" .. tracks[math.random(#tracks)] .. "?buoc=" .. steps[math.random(#steps)]
    .. "&ban=" .. math.random(8) .. "&xep=" .. orders[math.random(#orders)]
  return wrk.format("GET", path, { ["Accept-Encoding"] = "br" })
end
"#;

/// Events in one message: the size that the budget is stated for.
pub(super) const BATCH: usize = 50;

/// Path and id of the lesson that a line of the site map names; the id is `track/lesson`.
pub(super) fn lesson(line: &str) -> Option<(&str, &str)> {
    let path = path_of(line.trim())?;
    let id = LANGUAGES.iter().find_map(|language| path.strip_prefix(language)?.strip_prefix(LESSONS))?;
    let segments: Vec<&str> = id.split('/').collect();
    (segments.len() == 2 && !segments.contains(&"")).then_some((path, id))
}

/// The path of the simulator, in Vietnamese, that a line of the site map names.
pub(super) fn simulator(line: &str) -> Option<&str> {
    let path = path_of(line.trim())?;
    let rest = path.strip_prefix(LESSONS)?.strip_suffix(PRACTISE)?;
    (rest.split('/').count() == 2).then_some(path)
}

/// The path of an address on our own server.
fn path_of(address: &str) -> Option<&str> {
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map(|slash| &rest[slash..])?,
        None => address,
    };
    path.starts_with('/').then_some(path)
}

/// The version of the lesson on this page.
pub(super) fn version(page: &str) -> Option<String> {
    tags(page).into_iter().find_map(|tag| tag.attribute("data-version").map(str::to_owned))
}

/// The paths of all that a browser fetches for this page before anybody touches it, each once.
pub(super) fn loaded_at_once(page: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for tag in tags(page) {
        let relation = tag.attribute("rel").unwrap_or_default();
        let addresses = match tag.name {
            "script" => [tag.attribute("src"), None],
            "img" if tag.attribute("loading") != Some("lazy") => [tag.attribute("src"), None],
            "link" if ["stylesheet", "modulepreload", "preload"].contains(&relation) => [tag.attribute("href"), None],
            "html" | "body" => [tag.attribute("data-js"), tag.attribute("data-wasm")],
            _ => continue,
        };
        for path in addresses.into_iter().flatten().filter_map(path_of) {
            if !paths.iter().any(|known| known == path) {
                paths.push(path.to_owned());
            }
        }
    }
    paths
}

struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Tag<'a> {
    fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// The opening tags of a page as our server writes it: lower case, values quoted or without spaces.
fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with("!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end..]);
        }
        if !rest.starts_with(|c: char| c.is_ascii_lowercase()) {
            continue;
        }
        let (name, after) =
            rest.split_at(rest.find(|c: char| c.is_whitespace() || "/>".contains(c)).unwrap_or(rest.len()));
        let mut attributes = Vec::new();
        rest = after;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || "=/>".contains(c)).unwrap_or(rest.len());
            let (attribute, after) = rest.split_at(end);
            if attribute.is_empty() {
                break;
            }
            let Some(value) = after.strip_prefix('=') else {
                attributes.push((attribute, ""));
                rest = after;
                continue;
            };
            let quote = value.chars().next().filter(|c| ['"', '\''].contains(c));
            let value = value.strip_prefix(['"', '\'']).unwrap_or(value);
            let ends = |c: char| quote.map_or(c.is_whitespace() || c == '>', |quote| c == quote);
            let (value, after) = value.split_at(value.find(ends).unwrap_or(value.len()));
            attributes.push((attribute, value));
            rest = quote.and_then(|quote| after.strip_prefix(quote)).unwrap_or(after);
        }
        // What stands inside these is no HTML.
        if let Some(closing) = [("script", "</script"), ("style", "</style")].iter().find(|(raw, _)| *raw == name) {
            rest = rest.find(closing.1).map_or("", |end| &rest[end..]);
        }
        tags.push(Tag { name, attributes });
    }
    tags
}

/// A learner as a phone makes one: a random id and a random secret.
pub(super) struct Learner {
    id: String,
    secret: String,
}

impl Learner {
    pub(super) fn new(purpose: &str, number: usize) -> Self {
        // Unguessable they need not be, only different: the server lives for a minute and knows nobody else.
        let digest = |what: &str| -> String {
            let seed = format!("{purpose} {number} {what}");
            Sha256::digest(seed).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        Self { id: digest("id")[..32].to_owned(), secret: digest("secret") }
    }

    pub(super) fn cookie(&self) -> String {
        format!("{COOKIE}={}.{}", self.id, self.secret)
    }

    pub(super) fn register(&self, server: &Server) -> Result<()> {
        let body = json!({
            "format": FORMAT,
            "learner": self.id,
            "events": [{
                "id": self.event_id(),
                "at": now_ms(),
                "no": 1,
                "what": { "registered": {
                    "profile": { "unit": UNIT, "birth_year": 1970, "sex": "female" },
                    "consent": { "version": CONSENT_VERSION },
                    "made_at": now_ms(),
                } },
            }],
        });
        let headers = [
            ("Authorization", &*format!("Bearer {}.{}", self.id, self.secret)),
            ("Content-Type", "application/json"),
            ("Origin", &*format!("http://localhost:{}", server.port)),
        ];
        let request = Request { method: "POST", path: EVENTS, headers: &headers, body: &body.to_string() };
        let answer = server.send(&request)?.text()?;
        let results: Value = serde_json::from_str(&answer).unwrap_or_default();
        match results["results"][0]["result"].as_str() {
            Some("stored") => Ok(()),
            _ => Err(format!("a learner was not registered, the answer was {answer}: compare with bench/wire.rs")),
        }
    }

    /// The ids of everything that this learner did, as the server gives them to their phones.
    pub(super) fn log(&self, server: &Server) -> Result<Vec<String>> {
        let bearer = format!("Bearer {}.{}", self.id, self.secret);
        let (mut ids, mut after) = (Vec::new(), Some(0));
        while let Some(from) = after {
            let path = format!("{EVENTS}?after={from}");
            let request = Request { method: "GET", path: &path, headers: &[("Authorization", &*bearer)], body: "" };
            let part: Value = serde_json::from_str(&server.send(&request)?.text()?).unwrap_or_default();
            let events = part["events"].as_array().ok_or_else(|| format!("{path} gave no events"))?;
            ids.extend(events.iter().filter_map(|event| event["id"].as_str().map(str::to_owned)));
            after = part["next"].as_i64();
        }
        Ok(ids)
    }

    /// A UUID of version 7, as the phone makes them; the random part is the learner's.
    fn event_id(&self) -> String {
        let time = format!("{:012x}", now_ms());
        format!("{}-{}-7{}-8{}-{}", &time[..8], &time[8..], &self.id[..3], &self.id[3..6], &self.id[6..18])
    }
}

/// A batch that is always the same for the same numbers, so that it can be sent again.
pub(super) struct Batch<'a> {
    learner: &'a Learner,
    body: String,
}

/// What became of the events of a batch.
pub(super) struct Results {
    pub(super) stored: usize,
}

impl<'a> Batch<'a> {
    /// The nth batch of a learner, with so many events; numbers are never the same for two batches of one purpose.
    pub(super) fn new(learner: &'a Learner, (lesson, version): (&str, &str), nth: usize, events: usize) -> Self {
        let event = |(place, id): (usize, String)| {
            let number = nth * BATCH + place;
            let what = json!({ "lesson_started": { "lesson": lesson, "version": version } });
            json!({ "id": id, "at": now_ms(), "no": number as u32, "what": what })
        };
        let events: Vec<Value> = Self::ids(learner, nth, events).enumerate().map(event).collect();
        let body = json!({ "format": FORMAT, "learner": learner.id, "events": events }).to_string();
        Self { learner, body }
    }

    /// The ids of its events.
    pub(super) fn ids(learner: &'a Learner, nth: usize, events: usize) -> impl Iterator<Item = String> + use<'a> {
        let of = |number: usize| format!("{}-{}-4000-8000-{number:012x}", &learner.id[..8], &learner.id[8..12]);
        (nth * BATCH..nth * BATCH + events).map(of)
    }

    /// Sends it; `None` when the server says that it shall come again later.
    pub(super) fn send(&self, server: &Server) -> Result<Option<Results>> {
        let bearer = format!("Bearer {}.{}", self.learner.id, self.learner.secret);
        let headers = [("Authorization", &*bearer), ("Content-Type", "application/json")];
        let request = Request { method: "POST", path: EVENTS, headers: &headers, body: &self.body };
        let answer = server.ask(&request)?;
        if [429, 503].contains(&answer.status) {
            return Ok(None);
        }
        let answer = answer.text()?;
        let count = |what: &str| answer.matches(&format!("\"result\":\"{what}\"")).count();
        Ok(Some(Results { stored: count("stored") }))
    }
}

fn now_ms() -> u64 {
    let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or_default()
}

/// Batches of distinct events for wrk. Each thread has learners of its own, so that running numbers only grow. The last
/// line that it prints is `events stored: <number> of <number looked at>`.
pub(super) fn events_script(learners: &[Learner], lessons: &[(&str, &str)]) -> Result<String> {
    let list = |pairs: Vec<[&str; 2]>| -> Result<String> {
        let mut list = String::new();
        for [first, second] in pairs {
            // Ids and hashes have no other characters: then no quoting is needed, in Lua or in JSON.
            let is_plain =
                |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/.".contains(&byte));
            if !is_plain(first) || !is_plain(second) {
                return Err(format!("`{first}` or `{second}` holds a strange character: compare with bench/wire.rs"));
            }
            list += &format!("  {{ \"{first}\", \"{second}\" }},\n");
        }
        Ok(list)
    };
    let learners = list(learners.iter().map(|learner| [&*learner.id, &*learner.secret]).collect())?;
    let lessons = list(lessons.iter().map(|(id, version)| [*id, *version]).collect())?;
    Ok(SCRIPT
        .replace("LEARNERS", &learners)
        .replace("LESSONS", &lessons)
        .replace("THREADS", &THREADS.to_string())
        .replace("BATCH", &BATCH.to_string())
        .replace("FORMAT", &FORMAT.to_string()))
}

const SCRIPT: &str = r#"
local learners = {
LEARNERS}
local lessons = {
LESSONS}

local threads = {}
function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local turn, made, no = 0, 0, {}
function init()
  turn, looked_at, stored = number, 0, 0
end

local function event(learner)
  made = made + 1
  no[learner] = (no[learner] or 1) + 1
  local ms = os.time() * 1000
  local id = string.format("%08x-%04x-7%03x-8%03x-%04x%08x", math.floor(ms / 65536), ms % 65536,
    math.random(0, 4095), math.random(0, 4095), number, made)
  local lesson = lessons[made % #lessons + 1]
  return string.format('{"id":"%s","at":%.0f,"no":%d,"what":{"lesson_started":{"lesson":"%s","version":"%s"}}}',
    id, ms, no[learner], lesson[1], lesson[2])
end

function request()
  local learner = learners[turn % #learners + 1]
  turn = turn + THREADS
  local events = {}
  for i = 1, BATCH do events[i] = event(learner) end
  local body = '{"format":FORMAT,"learner":"' .. learner[1] .. '","events":[' .. table.concat(events, ",") .. ']}'
  local headers = {
    ["Authorization"] = "Bearer " .. learner[1] .. "." .. learner[2],
    ["Content-Type"] = "application/json",
    ["Origin"] = "http://" .. wrk.headers["Host"],
  }
  return wrk.format("POST", nil, headers, body)
end

function response(status, headers, body)
  if looked_at < 20 * BATCH then
    looked_at = looked_at + BATCH
    stored = stored + select(2, body:gsub('"stored"', ""))
  end
end

function done()
  local all_stored, all = 0, 0
  for _, thread in ipairs(threads) do
    all_stored, all = all_stored + thread:get("stored"), all + thread:get("looked_at")
  end
  print(string.format("events stored: %d of %d", all_stored, all))
end
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_known_by_their_address() {
        let id = "thanh-toan/chuyen-tien-khong-nham";
        assert_eq!(lesson(&format!("/bai-hoc/{id}")), Some((&*format!("/bai-hoc/{id}"), id)));
        assert_eq!(
            lesson(&format!("http://localhost:3000/en/bai-hoc/{id}\r")),
            Some((&*format!("/en/bai-hoc/{id}"), id))
        );
        assert_eq!(simulator(&format!("http://localhost:3000/bai-hoc/{id}/tap")), Some(&*format!("/bai-hoc/{id}/tap")));
        for other in [&*format!("/bai-hoc/{id}"), &format!("/en/bai-hoc/{id}/tap"), "/luyen-tap"] {
            assert_eq!(simulator(other), None, "{other}");
        }
        for other in
            ["", "/", "/bai-hoc/thanh-toan", "/bai-hoc/thanh-toan/", "/bai-hoc/a/b/c", "http://localhost", "/tien-do"]
        {
            assert_eq!(lesson(other), None, "{other}");
        }
    }

    const PAGE: &str = r#"<!DOCTYPE html><html lang="vi" data-js=/assets/client-1.js data-wasm='/assets/client-2.wasm'>
        <head><link rel="icon" href="/icon.svg"><link href="/assets/charts-3.css" rel="stylesheet"/>
        <script type="module" src="http://localhost:3000/assets/app-4.js"></script>
        <script>if (a<b) "<img src='/no.svg'>"</script><style>a{}</style><!-- <img src="/no.svg"> -->
        </head><body><p hidden class="a > b">1 < 2</p><main data-version="abc123"><img alt='' src="/first.svg">
        <img src="/later.svg" loading="lazy"><img src="/first.svg"><img src="data:image/png;base64,AA"></main>"#;

    #[test]
    fn what_a_page_loads_at_once() {
        let paths =
            ["/assets/client-1.js", "/assets/client-2.wasm", "/assets/charts-3.css", "/assets/app-4.js", "/first.svg"];
        assert_eq!(loaded_at_once(PAGE), paths);
        assert_eq!(version(PAGE).as_deref(), Some("abc123"));
        assert_eq!(version("<p>no lesson</p>"), None);
        assert_eq!(tags("<a b='cut off").len(), 1);
    }

    #[test]
    fn learners_and_events_have_the_phones_format() {
        let (learner, other) = (Learner::new("a", 0), Learner::new("a", 1));
        assert_eq!((learner.id.len(), learner.secret.len()), (32, 64));
        assert_ne!(learner.id, other.id);
        let id = learner.event_id();
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!((&id[14..15], &id[19..20]), ("7", "8"));
    }

    #[test]
    fn the_script_holds_no_placeholder_and_no_strange_text() {
        let learners = [Learner::new("a", 0)];
        let script = events_script(&learners, &[("track/lesson", "abc")]).unwrap();
        for placeholder in ["LEARNERS", "LESSONS", "THREADS", "BATCH", "FORMAT"] {
            assert!(!script.contains(placeholder), "{placeholder}");
        }
        assert!(script.contains("{ \"track/lesson\", \"abc\" }"));
        assert!(events_script(&learners, &[("track/lesson", "\"")]).is_err());
    }
}
