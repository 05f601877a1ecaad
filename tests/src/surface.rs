//! Everything that can be asked of the house, and who may: a new route, or a right that changes, shows in the table here.

use crate::{
    cast::{KEEP_ACCOUNT, Learner, answers_of, fields_of, lesson, neighbour, right_answers},
    practice,
    source::{File, files},
    world::{Answer, Ask, World, batch, on_sqlite},
};
use axum::http::Method;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

const NONE: &[(&str, &str)] = &[];
/// A code that could be one, and is nobody's.
const CARD: &[(&str, &str)] = &[("code", "3467-9ACD-EFHJ-KMNP-RTV7")];
const ALONE: &[(&str, &str)] = &[("how", "alone")];
const PLACING: &[(&str, &str)] = &[("q-ten-khac", "b"), ("send", "1")];
const SURE: &[(&str, &str)] = &[("sure", "yes")];
const YES: &[(&str, &str)] = &[("answer", "yes")];
const THAI: &[(&str, &str)] = &[("answer", "yes"), ("group", "thai")];
const SIGN_IN: &[(&str, &str)] = &[("login", "lo-thi-mai"), ("password", "x")];
const SECOND: &[(&str, &str)] = &[("second", "123456")];
const END_OTHERS: &[(&str, &str)] = &[("act", "end-others")];
const NEW_TRAINER: &[(&str, &str)] = &[("name", "Lò Thị Mới"), ("role", "trainer"), ("units", "Mường É")];
const JOIN: &[(&str, &str)] = &[("code", "012345"), ("name", "Mai")];
const NEW_CLASS: &[(&str, &str)] = &[
    ("name", "Lớp sáng"),
    ("place", "Nhà văn hóa"),
    ("unit", "03727"),
    ("plan", "thanh-toan"),
    ("from", "2026-11-23"),
    ("to", "2027-01-23"),
];
const NEW_CODE: &[(&str, &str)] = &[("act", "code")];
const MEMBER: &[(&str, &str)] = &[("act", "add"), ("name", "Lò Văn Sương"), ("consent", "yes")];
const ROW: &[(&str, &str)] = &[("n-1", "Lò Văn Sương"), ("t-1", "yes")];
const UNNAMED: &[(&str, &str)] = &[("day", "2026-11-23"), ("unnamed", "2")];
const SEEN: &[(&str, &str)] = &[("act", "seen"), ("lesson", KEEP_ACCOUNT), ("deed", "heard"), ("held", "helper_held")];
const LINK: &[(&str, &str)] = &[("act", "link")];
const PROFILE: &[(&str, &str)] = &[("place", "muong e"), ("born", "1961"), ("sex", "female"), ("send", "1")];

/// What a request carries; always something that a person who may do it would send.
#[derive(Clone, Copy)]
pub enum Carries {
    Nothing,
    Form(&'static [(&'static str, &'static str)]),
    /// A lesson answered and finished.
    Lesson,
    /// A simulator done, and who held the phone.
    Practice,
    /// A drill done, and who held the phone.
    Drill,
    /// The booster of the lesson answered and finished.
    Review,
    /// A batch of the learner who asks.
    Batch,
    /// Where the learner is.
    Place,
}

use Carries::{Batch, Drill, Form, Lesson, Nothing, Place, Practice, Review};

/// Every route, in the order of the README.
pub const ROUTES: &[(Method, &str, Carries)] = &[
    (Method::GET, "/", Nothing),
    (Method::GET, "/bai-hoc/{track}", Nothing),
    (Method::GET, "/bai-hoc/{track}/{lesson}", Nothing),
    (Method::POST, "/bai-hoc/{track}/{lesson}", Lesson),
    (Method::GET, "/bai-hoc/{track}/{lesson}/tap", Nothing),
    (Method::POST, "/bai-hoc/{track}/{lesson}/tap", Practice),
    (Method::GET, "/bai-hoc/{track}/{lesson}/on-lai", Nothing),
    (Method::POST, "/bai-hoc/{track}/{lesson}/on-lai", Review),
    (Method::GET, "/bai-hoc/{track}/{lesson}/lam-that", Nothing),
    (Method::POST, "/bai-hoc/{track}/{lesson}/lam-that", Form(ALONE)),
    (Method::GET, "/bai-hoc/{track}/chung-nhan", Nothing),
    (Method::POST, "/bai-hoc/{track}/chung-nhan", Form(NONE)),
    (Method::GET, "/chung-nhan/{code}", Nothing),
    (Method::GET, "/bat-dau", Nothing),
    (Method::POST, "/bat-dau", Form(PLACING)),
    (Method::GET, "/luyen-tap", Nothing),
    (Method::GET, "/luyen-tap/lua-dao", Nothing),
    (Method::POST, "/luyen-tap/lua-dao", Drill),
    (Method::GET, "/tien-do", Nothing),
    (Method::GET, "/dong-y", Nothing),
    (Method::POST, "/dong-y", Form(YES)),
    (Method::GET, "/dong-y/ho-so", Nothing),
    (Method::POST, "/dong-y/ho-so", Form(PROFILE)),
    (Method::GET, "/dong-y/dan-toc", Nothing),
    (Method::POST, "/dong-y/dan-toc", Form(THAI)),
    (Method::GET, "/toi", Nothing),
    (Method::GET, "/toi/tai-ve", Nothing),
    (Method::GET, "/toi/the", Nothing),
    (Method::POST, "/toi/the", Form(NONE)),
    (Method::GET, "/toi/the/huy", Nothing),
    (Method::POST, "/toi/the/huy", Form(NONE)),
    (Method::GET, "/toi/xoa", Nothing),
    (Method::POST, "/toi/xoa", Form(SURE)),
    (Method::GET, "/the", Nothing),
    (Method::POST, "/the", Form(CARD)),
    (Method::GET, "/lop", Nothing),
    (Method::POST, "/lop", Form(JOIN)),
    (Method::GET, "/may-nay", Nothing),
    (Method::GET, "/thong-ke", Nothing),
    (Method::GET, "/thong-ke/{track}", Nothing),
    (Method::GET, "/thong-ke/xa/{unit}", Nothing),
    (Method::GET, "/thong-ke/ban", Nothing),
    (Method::GET, "/tu-dien", Nothing),
    (Method::GET, "/gioi-thieu", Nothing),
    (Method::GET, "/can-bo", Nothing),
    (Method::GET, "/can-bo/dang-nhap", Nothing),
    (Method::POST, "/can-bo/dang-nhap", Form(SIGN_IN)),
    (Method::GET, "/can-bo/dang-nhap/ma", Nothing),
    (Method::POST, "/can-bo/dang-nhap/ma", Form(SECOND)),
    (Method::GET, "/can-bo/moi", Nothing),
    (Method::POST, "/can-bo/moi", Form(CARD)),
    (Method::GET, "/can-bo/tai-khoan", Nothing),
    (Method::POST, "/can-bo/tai-khoan", Form(END_OTHERS)),
    (Method::GET, "/can-bo/tai-khoan/ung-dung-ma", Nothing),
    (Method::POST, "/can-bo/tai-khoan/ung-dung-ma", Form(SECOND)),
    (Method::GET, "/can-bo/nhan-su", Nothing),
    (Method::POST, "/can-bo/nhan-su", Form(NEW_TRAINER)),
    (Method::GET, "/can-bo/nhan-su/{person}", Nothing),
    (Method::POST, "/can-bo/nhan-su/{person}", Form(LINK)),
    (Method::GET, "/can-bo/nhat-ky", Nothing),
    (Method::GET, "/can-bo/lop", Nothing),
    (Method::POST, "/can-bo/lop", Form(NEW_CLASS)),
    (Method::GET, "/can-bo/lop/{class}", Nothing),
    (Method::POST, "/can-bo/lop/{class}", Form(NEW_CODE)),
    (Method::GET, "/can-bo/lop/{class}/danh-sach", Nothing),
    (Method::POST, "/can-bo/lop/{class}/danh-sach", Form(MEMBER)),
    (Method::GET, "/can-bo/lop/{class}/danh-sach/tep", Nothing),
    (Method::POST, "/can-bo/lop/{class}/danh-sach/tep", Form(ROW)),
    (Method::GET, "/can-bo/lop/{class}/diem-danh", Nothing),
    (Method::POST, "/can-bo/lop/{class}/diem-danh", Form(UNNAMED)),
    (Method::GET, "/can-bo/lop/{class}/the", Nothing),
    (Method::GET, "/can-bo/lop/{class}/nguoi/{member}", Nothing),
    (Method::POST, "/can-bo/lop/{class}/nguoi/{member}", Form(SEEN)),
    (Method::POST, "/api/v1/events", Batch),
    (Method::GET, "/api/v1/events", Nothing),
    (Method::POST, "/api/v1/place", Place),
    (Method::GET, "/api/v1/tracks/{track}", Nothing),
    (Method::GET, "/api/v1/coverage", Nothing),
    (Method::GET, "/api/v1/coverage/releases", Nothing),
    (Method::GET, "/api/v1/coverage/dataset", Nothing),
    (Method::GET, "/api/v1/coverage/dictionary.csv", Nothing),
    (Method::GET, "/api/v1/coverage/noise.csv", Nothing),
    (Method::GET, "/api/openapi.json", Nothing),
    (Method::GET, "/a/{file}", Nothing),
    (Method::GET, "/livez", Nothing),
    (Method::GET, "/readyz", Nothing),
    (Method::GET, "/khong-mang", Nothing),
    (Method::GET, "/sw.js", Nothing),
    (Method::GET, "/hoc-so.webmanifest", Nothing),
    (Method::GET, "/sitemap.txt", Nothing),
    (Method::GET, "/robots.txt", Nothing),
    (Method::GET, "/favicon.ico", Nothing),
];

/// An address of this form that is there.
pub fn filled(path: &str, world: &World) -> String {
    let (track, lesson) = KEEP_ACCOUNT.split_once('/').expect("a track and a lesson");
    let file = world.front.house.assets.path("app.js");
    let file = file.strip_prefix("/a/").expect("an asset");
    path.replace("{track}", track)
        .replace("{lesson}", lesson)
        .replace("{unit}", "03727")
        .replace("{file}", file)
        .replace("{person}", &"0a".repeat(16))
        .replace("{class}", &"0b".repeat(16))
        .replace("{member}", &"0c".repeat(16))
        .replace("{code}", "3467-9ACD-EFH9")
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Cookie,
    Bearer,
    /// Knows a learner's id, and makes up the secret.
    Impostor,
    /// A page of somebody else, in the browser of a learner.
    Foreign,
}

const EVERYBODY: [(Who, &str); 5] = [
    (Who::Nobody, "nobody"),
    (Who::Cookie, "cookie"),
    (Who::Bearer, "bearer"),
    (Who::Impostor, "impostor"),
    (Who::Foreign, "foreign"),
];

impl Who {
    fn asks(self, ask: Ask, learner: &Learner) -> Ask {
        match self {
            Self::Nobody => ask,
            Self::Cookie => ask.learner(learner),
            Self::Bearer => ask.bearer(learner),
            Self::Impostor => {
                let mut impostor = learner.clone();
                impostor.credentials.secret.0[0] ^= 1;
                ask.bearer(&impostor)
            }
            Self::Foreign => {
                let ask = ask.learner(learner).header("origin", "https://evil.example");
                ask.header("sec-fetch-site", "cross-site").header("sec-fetch-mode", "navigate")
            }
        }
    }
}

async fn asked(world: &World, who: Who, learner: &Learner, route: &(Method, &str, Carries)) -> Answer {
    let (method, path, carries) = route;
    let ask = who.asks(world.ask(method.clone(), &filled(path, world)), learner);
    let ask = match carries {
        Nothing => ask,
        Form(fields) => ask.form(fields),
        Lesson => {
            let mut fields = fields_of(&right_answers(KEEP_ACCOUNT));
            fields.push(("finish".into(), "1".into()));
            ask.form(&fields)
        }
        Review => {
            let mut fields = fields_of(&answers_of(&lesson(KEEP_ACCOUNT).review.marking));
            fields.push(("finish".into(), "1".into()));
            ask.form(&fields)
        }
        Practice => ask.form(&practice::done_by_form(KEEP_ACCOUNT)),
        Drill => ask.form(&practice::drilled_by_form(3)),
        Place => ask.json(&format!("{{\"lesson\":\"{KEEP_ACCOUNT}\",\"place\":\"tom-tat\",\"wrong\":0}}")),
        Batch => ask.json(&batch(learner, &learner.story().numbered_from(100).starts(KEEP_ACCOUNT).events).to_string()),
    };
    ask.send().await
}

#[test]
fn who_may_do_what() {
    on_sqlite(|world| async move {
        let mut table = format!("{:<40}", "route");
        for (_, name) in EVERYBODY {
            write!(table, " {name:<9}").expect("a string grows");
        }
        let mut number = 0;
        for route in ROUTES {
            let (method, path, _) = route;
            // So many new learners are too many for an hour.
            world.set_clock(world.now() + 2 * 60_000);
            write!(table, "\n{:<40}", format!("{method} {path}")).expect("a string grows");
            for (who, name) in EVERYBODY {
                // A learner of their own: some of these requests leave nothing of a learner.
                number += 1;
                let learner = neighbour(number);
                world.registers(&learner).await;
                let before = world.everything().await;
                let answer = asked(&world, who, &learner, route).await;
                let after = world.everything().await;
                // What is stored about a learner is changed by that learner alone; a new one may be made by anybody of here.
                let of_old = |rows: &BTreeMap<&str, Vec<String>>| {
                    rows["learner"].iter().filter(|row| before["learner"].contains(row)).count()
                };
                let changed = before != after;
                let is_learner = matches!(who, Who::Cookie | Who::Bearer);
                if *method == Method::GET || who == Who::Foreign {
                    assert!(!changed, "{method} {path} by {name} changes something");
                } else if !is_learner {
                    assert_eq!(of_old(&before), of_old(&after), "{method} {path} by {name} changes a learner");
                    assert!(
                        !changed || after["learner"].len() == before["learner"].len() + 1,
                        "{method} {path} by {name}"
                    );
                }
                let mark = if changed { "*" } else { "" };
                write!(table, " {:<9}", format!("{}{mark}", answer.status)).expect("a string grows");
            }
        }
        let table: Vec<&str> = table.lines().map(str::trim_end).collect();
        // With *: something was stored or erased.
        insta::assert_snapshot!(table.join("\n"), @"
        route                                    nobody    cookie    bearer    impostor  foreign
        GET /                                    200       200       200       200       200
        GET /bai-hoc/{track}                     200       200       200       200       200
        GET /bai-hoc/{track}/{lesson}            200       200       200       200       200
        POST /bai-hoc/{track}/{lesson}           200       200*      200*      200       403
        GET /bai-hoc/{track}/{lesson}/tap        200       200       200       200       200
        POST /bai-hoc/{track}/{lesson}/tap       200       200*      200*      200       403
        GET /bai-hoc/{track}/{lesson}/on-lai     200       200       200       200       200
        POST /bai-hoc/{track}/{lesson}/on-lai    200       200*      200*      200       403
        GET /bai-hoc/{track}/{lesson}/lam-that   200       200       200       200       200
        POST /bai-hoc/{track}/{lesson}/lam-that  200       200*      200*      200       403
        GET /bai-hoc/{track}/chung-nhan          200       200       200       200       200
        POST /bai-hoc/{track}/chung-nhan         303       409       409       303       403
        GET /chung-nhan/{code}                   404       404       404       404       404
        GET /bat-dau                             200       200       200       200       200
        POST /bat-dau                            200       200*      200*      200       403
        GET /luyen-tap                           200       200       200       200       200
        GET /luyen-tap/lua-dao                   200       200       200       200       200
        POST /luyen-tap/lua-dao                  200       200*      200*      200       403
        GET /tien-do                             200       200       200       200       200
        GET /dong-y                              200       200       200       200       200
        POST /dong-y                             303       303       303       303       403
        GET /dong-y/ho-so                        200       200       200       200       200
        POST /dong-y/ho-so                       303*      303*      303*      401       403
        GET /dong-y/dan-toc                      200       200       200       200       200
        POST /dong-y/dan-toc                     303       303*      303*      303       403
        GET /toi                                 200       200       200       200       200
        GET /toi/tai-ve                          404       200       200       404       200
        GET /toi/the                             303       303       303       303       303
        POST /toi/the                            303       200*      200*      200       403
        GET /toi/the/huy                         303       303       303       303       303
        POST /toi/the/huy                        303       303       303       303       403
        GET /toi/xoa                             303       303       303       303       303
        POST /toi/xoa                            200       200*      200*      200       403
        GET /the                                 200       200       200       200       200
        POST /the                                422       422       422       422       403
        GET /lop                                 200       200       200       200       200
        POST /lop                                422       422       422       422       403
        GET /may-nay                             200       200       200       200       200
        GET /thong-ke                            200       200       200       200       200
        GET /thong-ke/{track}                    200       200       200       200       200
        GET /thong-ke/xa/{unit}                  200       200       200       200       200
        GET /thong-ke/ban                        200       200       200       200       200
        GET /tu-dien                             200       200       200       200       200
        GET /gioi-thieu                          200       200       200       200       200
        GET /can-bo                              303       303       303       303       303
        GET /can-bo/dang-nhap                    200       200       200       200       200
        POST /can-bo/dang-nhap                   422       422       422       422       403
        GET /can-bo/dang-nhap/ma                 303       303       303       303       303
        POST /can-bo/dang-nhap/ma                303       303       303       303       403
        GET /can-bo/moi                          200       200       200       200       200
        POST /can-bo/moi                         422       422       422       422       403
        GET /can-bo/tai-khoan                    303       303       303       303       303
        POST /can-bo/tai-khoan                   401       401       401       401       403
        GET /can-bo/tai-khoan/ung-dung-ma        303       303       303       303       303
        POST /can-bo/tai-khoan/ung-dung-ma       401       401       401       401       403
        GET /can-bo/nhan-su                      303       303       303       303       303
        POST /can-bo/nhan-su                     401       401       401       401       403
        GET /can-bo/nhan-su/{person}             303       303       303       303       303
        POST /can-bo/nhan-su/{person}            401       401       401       401       403
        GET /can-bo/nhat-ky                      303       303       303       303       303
        GET /can-bo/lop                          303       303       303       303       303
        POST /can-bo/lop                         401       401       401       401       403
        GET /can-bo/lop/{class}                  303       303       303       303       303
        POST /can-bo/lop/{class}                 401       401       401       401       403
        GET /can-bo/lop/{class}/danh-sach        303       303       303       303       303
        POST /can-bo/lop/{class}/danh-sach       401       401       401       401       403
        GET /can-bo/lop/{class}/danh-sach/tep    303       303       303       303       303
        POST /can-bo/lop/{class}/danh-sach/tep   401       401       401       401       403
        GET /can-bo/lop/{class}/diem-danh        303       303       303       303       303
        POST /can-bo/lop/{class}/diem-danh       401       401       401       401       403
        GET /can-bo/lop/{class}/the              303       303       303       303       303
        GET /can-bo/lop/{class}/nguoi/{member}   303       303       303       303       303
        POST /can-bo/lop/{class}/nguoi/{member}  401       401       401       401       403
        POST /api/v1/events                      401       401       200*      401       403
        GET /api/v1/events                       401       401       200       401       401
        POST /api/v1/place                       404       404       404       404       403
        GET /api/v1/tracks/{track}               200       200       200       200       200
        GET /api/v1/coverage                     404       404       404       404       404
        GET /api/v1/coverage/releases            200       200       200       200       200
        GET /api/v1/coverage/dataset             200       200       200       200       200
        GET /api/v1/coverage/dictionary.csv      200       200       200       200       200
        GET /api/v1/coverage/noise.csv           200       200       200       200       200
        GET /api/openapi.json                    200       200       200       200       200
        GET /a/{file}                            200       200       200       200       200
        GET /livez                               200       200       200       200       200
        GET /readyz                              200       200       200       200       200
        GET /khong-mang                          200       200       200       200       200
        GET /sw.js                               200       200       200       200       200
        GET /hoc-so.webmanifest                  200       200       200       200       200
        GET /sitemap.txt                         200       200       200       200       200
        GET /robots.txt                          200       200       200       200       200
        GET /favicon.ico                         302       302       302       302       302
        ");
        world.agrees().await;
    });
}

#[test]
fn nothing_else_is_answered() {
    on_sqlite(|world| async move {
        // Several take turns: one alone would ask more often than one person may.
        let learners: Vec<Learner> = (1..=4).map(neighbour).collect();
        for learner in &learners {
            world.registers(learner).await;
        }
        let before = world.everything().await;
        let mut answered = Vec::new();
        let paths: BTreeSet<&str> = ROUTES.iter().map(|(_, path, _)| *path).collect();
        for (path, learner) in paths.into_iter().zip(learners.iter().cycle()) {
            for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                if ROUTES.iter().any(|(known, of, _)| *known == method && *of == path) {
                    continue;
                }
                for who in [Who::Nobody, Who::Cookie, Who::Bearer] {
                    let ask = world.ask(method.clone(), &filled(path, &world));
                    let status = who.asks(ask, learner).form(SURE).send().await.status;
                    if !matches!(status, 404 | 405) {
                        answered.push(format!("{method} {path}: {status}"));
                    }
                }
            }
        }
        assert_eq!(answered, [""; 0]);
        assert_eq!(world.everything().await, before);
    });
}

fn table() -> BTreeSet<(String, String)> {
    let table: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| (method.to_string(), (*path).to_owned())).collect();
    assert_eq!(table.len(), ROUTES.len(), "a route stands twice");
    table
}

/// `pub const NAME: &str = "value"` of the addresses.
fn addresses() -> BTreeMap<String, String> {
    let paths = File::read("app/src/paths.rs").text;
    let constants = paths.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""));
    constants.map(|(name, value)| (format!("paths::{name}"), value.trim_end_matches("\";").to_owned())).collect()
}

/// What a call holds, up to its closing parenthesis.
fn inside(rest: &str) -> &str {
    let mut depth = 0;
    let end = rest.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '(') - i32::from(*c == ')');
        depth < 0
    });
    &rest[..end.expect("a call ends").0]
}

/// The first argument and the rest.
fn cut(arguments: &str) -> (&str, &str) {
    let mut depth = 0;
    let comma = arguments.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '(') - i32::from(*c == ')');
        depth == 0 && *c == ','
    });
    comma.map_or((arguments.trim(), ""), |(at, _)| (arguments[..at].trim(), arguments[at + 1..].trim()))
}

/// The address that an expression in a source means.
fn address(expression: &str, source: &str, known: &BTreeMap<String, String>) -> String {
    let value = |name: &str| -> String {
        let bound = source.split(&format!("let {name} = ")).nth(1).and_then(|rest| rest.split(';').next());
        let name = bound.unwrap_or(name);
        known.get(name).unwrap_or_else(|| panic!("what is {name} in {expression}?")).clone()
    };
    if let Some(literal) = expression.strip_prefix('"') {
        return literal.trim_end_matches('"').to_owned();
    }
    let Some(format) = expression.strip_prefix("&format!(") else { return value(expression) };
    let (pattern, rest) = cut(inside(format));
    let mut given = rest.split(',').map(str::trim);
    let pattern = pattern.trim_matches('"').replace("{{", "<").replace("}}", ">");
    let mut whole = String::new();
    for (part, nth) in pattern.split('{').zip(0..) {
        match part.split_once('}') {
            Some(("", after)) => whole += &(value(given.next().expect("a value for {}")) + after),
            Some((name, after)) => whole += &(value(name) + after),
            None => {
                assert_eq!(nth, 0, "{expression}");
                whole += part;
            }
        }
    }
    whole.replace('<', "{").replace('>', "}")
}

/// The methods that handlers are for: `post(erase).get(to_mine)`.
fn methods(handlers: &str) -> Vec<String> {
    let mut methods = Vec::new();
    let mut rest = handlers;
    while let Some((name, after)) = rest.split_once('(') {
        let name = name.trim().trim_start_matches('.').rsplit("::").next().unwrap_or_default();
        assert!(["get", "post", "put", "patch", "delete"].contains(&name), "{name} in {handlers}");
        methods.push(name.to_uppercase());
        rest = after[inside(after).len()..].trim_start_matches(')').trim_start();
    }
    assert!(!methods.is_empty(), "{handlers}");
    methods
}

/// The routes that a source hangs up itself.
fn written(source: &str, known: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for (at, call) in source.match_indices(".route(") {
        let (path, handlers) = cut(inside(&source[at + call.len()..]));
        let path = address(path, source, known);
        routes.extend(methods(handlers).into_iter().map(|method| (method, path.clone())));
    }
    routes
}

#[test]
fn every_route_has_a_line_in_the_table() {
    on_sqlite(|_world| async move {
        let known = addresses();
        // Files are served by the front door, without the router.
        let assets = format!("{}/{{file}}", app::paths::ASSETS);
        let weights = format!("{}/{{track}}", app::paths::TRACK_WEIGHTS);
        let served = [assets.as_str(), weights.as_str(), app::paths::WORKER, app::paths::MANIFEST];
        let mut real: BTreeSet<_> = served.map(|path| ("GET".to_owned(), path.to_owned())).into();
        for listed in leptos_axum::generate_route_list(app::shell::Sitemap) {
            let path = if listed.path().is_empty() { "/" } else { listed.path() };
            real.extend(listed.methods().map(|method| (format!("{method:?}").to_uppercase(), path.to_owned())));
        }
        assert_eq!(real.len(), 46, "the sitemap's pages and the files: {real:?}");
        let rooms = ["app/src", "server/src"].iter().flat_map(|room| files(room, ".rs"));
        // The preview of editors is a program of its own, around the house.
        for File { path, text } in rooms.filter(|file| !file.path.ends_with("preview.rs")) {
            for (method, address) in written(&text, &known) {
                assert!(real.insert((method.clone(), address.clone())), "{path}: {method} {address} stands twice");
            }
            // Ways around the table.
            for other in [".nest(", ".nest_service(", ".route_service(", ".fallback_service(", "#[server"] {
                assert!(!text.contains(other), "{path} has {other}: teach this test to read it");
            }
        }
        let table = table();
        let missing: Vec<_> = real.difference(&table).collect();
        let gone: Vec<_> = table.difference(&real).collect();
        assert!(missing.is_empty() && gone.is_empty(), "not in the table: {missing:?}; not there any more: {gone:?}");
    });
}

#[test]
fn the_readme_tells_the_same_routes() {
    let readme = File::read("README.md").text;
    let section = readme.split("\n## Routes\n").nth(1).and_then(|rest| rest.split("\n## ").next());
    let mut told = BTreeSet::new();
    for row in section.expect("a section on routes").lines().filter(|line| line.starts_with("| `/")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        for path in cells[0].split(", ") {
            let path = path.trim_matches('`').replace('<', "{").replace('>', "}");
            told.extend(cells[1].split(", ").map(|method| (method.to_owned(), path.clone())));
        }
    }
    let table = table();
    let missing: Vec<_> = table.difference(&told).collect();
    let wrong: Vec<_> = told.difference(&table).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "README.md, Routes: missing {missing:?}; wrong {wrong:?}");
}

#[test]
fn routes_are_read_as_they_are_written() {
    let source = "let mine = paths::MINE;\nRouter::new()\n  .route(paths::EVENTS, post(events))\n  \
                  .route(&format!(\"/{mine}/{}/{{a}}\", paths::ERASE), post(erase).get(to_mine))\n  \
                  .route(\"/x\", get(|| async { f(1) }))";
    let read: Vec<String> =
        written(source, &addresses()).into_iter().map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(read, ["POST /api/v1/events", "POST /toi/xoa/{a}", "GET /toi/xoa/{a}", "GET /x"]);
}
