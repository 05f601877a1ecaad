//! Pages from outside: the same for everyone, small, in both languages, and friendly when there is nothing.

use crate::{
    cast::{KEEP_ACCOUNT, LIBRARY, lesson, mai},
    html::elements,
    world::{Answer, World, on_sqlite, root},
};
use axum::http::Method;
use std::fs;

/// The first flight of a TCP connection: readable after one round trip.
const FIRST_VISIT_BYTES_MAX: usize = 14_000;
/// `app.js`, packed with brotli.
const APP_JS_BYTES_MAX: usize = 6 * 1024;
/// All that a lesson loads before the first tap.
const BEFORE_FIRST_TAP_BYTES_MAX: usize = 100 * 1024;

fn lesson_path(english: bool, id: &str) -> String {
    format!("{}/bai-hoc/{id}", if english { "/en" } else { "" })
}

/// Addresses in the sitemap: everything that is the same for everyone, in both languages.
async fn sitemap(world: &World) -> Vec<String> {
    let answer = world.get("/sitemap.txt").await;
    assert_eq!(answer.status, 200);
    answer.text.lines().map(str::to_owned).collect()
}

#[test]
fn home_shows_the_three_tracks_and_asks_nothing() {
    on_sqlite(|world| async move {
        let home = world.get("/").await;
        assert_eq!(home.status, 200);
        for name in ["Thanh toán điện tử", "Dịch vụ công trực tuyến", "An toàn trên mạng"] {
            home.says(name);
        }
        assert_eq!(home.text.matches("class=\"track\"").count(), 3);
        home.says(&format!("href=\"{}\"", lesson_path(false, LIBRARY.tracks[0].lessons[0].id.as_str())));
        home.is_silent_about("<form");
        home.is_silent_about("MẪU");
        assert!(home.cookies().is_empty());
        world.get("/en").await.says("lang=\"en\"");
    });
}

#[test]
fn every_address_of_the_sitemap_is_there_and_small_in_both_languages() {
    needs_site();
    on_sqlite(|world| async move {
        let addresses = sitemap(&world).await;
        // Home, figures, words, about, the list of practice, the drill; and where one begins.
        let pages = 6
            + usize::from(LIBRARY.placement.is_some())
            + LIBRARY.tracks.len()
            + LIBRARY.lessons().count()
            + LIBRARY.practices.len();
        assert_eq!(addresses.len(), 2 * pages, "{addresses:?}");
        for address in addresses {
            is_small_enough(&world, &address).await;
            let page = world.get(&address).await;
            assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{address}");
            let english = address == "/en" || address.starts_with("/en/");
            let language = if english { "<html lang=\"en\"" } else { "<html lang=\"vi\"" };
            assert!(page.text.contains(language), "{address}");
            assert!(page.text.contains("<title>") && !page.text.contains("<title></title>"), "{address} has a title");
            // A word that is missing from the catalogue shows its id.
            for feature in ["accounts-", "content-", "coverage-", "learn-", "practice-", "shell-"] {
                let shown = page.text.split('>').skip(1).any(|part| {
                    let text = part.split('<').next().unwrap_or_default().trim();
                    text.starts_with(feature) && !text.contains(' ')
                });
                assert!(!shown, "{address} shows an id of {feature}");
            }
        }
    });
}

#[test]
fn a_lesson_is_the_same_bytes_for_everyone() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let mut paths = Vec::new();
        for (nth, lesson) in LIBRARY.lessons().enumerate() {
            paths.push(lesson_path(nth % 2 == 0, lesson.id.as_str()));
        }
        let mut first = Vec::new();
        for path in &paths {
            first.push(world.get(path).await);
        }
        // Rendered anew, as after a restart: neither who asks nor when makes a difference.
        world.set_clock(world.now() + 86_400_000);
        world.front.pages.forget();
        for (nth, (path, first)) in paths.iter().zip(&first).enumerate() {
            let ask = world.ask(Method::GET, path);
            let again = match nth % 3 {
                0 => ask.learner(&mai()),
                1 => ask.bearer(&mai()),
                _ => ask.header("cookie", "__Host-xong=thanh-toan.giu-tai-khoan; __Host-khong=1"),
            };
            let again = again.send().await;
            assert_eq!((first.status, again.status), (200, 200), "{path}");
            assert!(first.bytes == again.bytes, "{path}");
            assert!(first.cookies().is_empty() && again.cookies().is_empty(), "{path}: {:?}", again.cookies());
            assert_eq!(first.header("etag"), again.header("etag"), "{path}");
            assert_eq!(first.header("cache-control"), "no-cache", "{path}");
            assert!(!again.text.contains(&mai().id()), "{path}");
        }
    });
}

/// The answer as it goes over the wire with HTTP/1.1.
fn wire_bytes(answer: &Answer) -> usize {
    let mut head = String::from("HTTP/1.1 200 OK\r\n");
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().expect("ASCII")));
    }
    // What hyper adds.
    head.push_str(&format!("content-length: {}\r\n", answer.bytes.len()));
    head.push_str("date: Mon, 23 Nov 2026 03:00:00 GMT\r\n\r\n");
    head.len() + answer.bytes.len()
}

/// A lesson is readable after one round trip, and nothing large follows before the first tap.
async fn is_small_enough(world: &World, path: &str) {
    if path.split("/bai-hoc/").nth(1).is_none_or(|lesson| !lesson.contains('/')) {
        return;
    }
    let page = world.ask(Method::GET, path).header("accept-encoding", "gzip, deflate, br").send().await;
    assert_eq!(page.header("content-encoding"), "br", "{path}");
    let bytes = wire_bytes(&page);
    assert!(bytes <= FIRST_VISIT_BYTES_MAX, "{path}: {bytes} bytes");
    let bundle = if path.ends_with("/tap") { "practice" } else { "lessons" };
    let bundle = ["js", "wasm"].map(|kind| site_bytes(&format!("{bundle}.{kind}")));
    let all = bytes + site_bytes("app.js") + bundle.iter().sum::<usize>();
    assert!(all <= BEFORE_FIRST_TAP_BYTES_MAX, "{path}: {all} bytes before the first tap");
}

#[test]
fn the_script_of_every_page_is_small() {
    needs_site();
    let bytes = site_bytes("app.js");
    assert!(bytes <= APP_JS_BYTES_MAX, "app.js has {bytes} bytes with brotli");
}

fn needs_site() {
    assert!(root().join("target/site/manifest.json").is_file(), "there is no target/site: run `cargo xtask site`");
}

/// Bytes of a file of the site, packed with brotli.
fn site_bytes(name: &str) -> usize {
    let site = root().join("target/site");
    let manifest = fs::read_to_string(site.join("manifest.json")).expect("the manifest of target/site");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let served_as = manifest["files"][name].as_str().unwrap_or_else(|| panic!("no {name}: run `cargo xtask site`"));
    let packed = fs::metadata(site.join(format!("{served_as}.br")));
    packed.unwrap_or_else(|error| panic!("{served_as}.br: {error}; run `cargo xtask site`")).len() as usize
}

/// Pages with the islands on them.
const PAGES: &[(&str, usize)] = &[
    ("/", 0),
    ("/en", 0),
    ("/bai-hoc/thanh-toan", 0),
    ("/bai-hoc/thanh-toan/giu-tai-khoan", 1),
    ("/en/bai-hoc/an-toan/duong-link-la", 1),
    ("/bai-hoc/thanh-toan/giu-tai-khoan/tap", 1),
    ("/luyen-tap", 0),
    ("/en/luyen-tap/lua-dao", 1),
    ("/thong-ke", 0),
    ("/thong-ke/an-toan", 0),
    ("/gioi-thieu", 0),
    ("/tien-do", 0),
    ("/dong-y", 0),
    ("/dong-y/ho-so", 1),
    ("/dong-y/dan-toc", 0),
    ("/toi", 0),
    ("/khong-co", 0),
];

#[test]
fn islands_stand_only_where_something_moves() {
    on_sqlite(|world| async move {
        for (path, islands) in PAGES {
            let page = world.get(path).await;
            assert_eq!(page.text.matches("<leptos-island").count(), *islands, "{path}");
        }
    });
}

#[test]
fn nothing_stands_inline_but_the_styles() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        for (path, _) in PAGES {
            for page in [world.get(path).await, world.ask(Method::GET, path).learner(&mai()).send().await] {
                let html = &page.text;
                let scripts: Vec<&str> =
                    html.split("<script").skip(1).filter_map(|rest| rest.split('>').next()).collect();
                assert_eq!(scripts.len(), 1, "{path}: {scripts:?}");
                assert!(scripts[0].contains(" src=\"/a/app") && scripts[0].contains(" defer"), "{path}: {scripts:?}");
                assert_eq!(html.matches("<style").count(), 1, "{path}");
                assert!(!html.contains(" style="), "{path} has an inline style");
                for handler in
                    [" onclick=", " onload=", " onsubmit=", " oninput=", "javascript:", "<iframe", "http-equiv"]
                {
                    assert!(!html.contains(handler), "{path} has {handler}");
                }
                let base = &world.front.house.assets.base_css;
                assert!(
                    html.contains(&format!("<style>{base}</style>")),
                    "{path}: the styles are those the policy names"
                );
                let policy = page.header("content-security-policy");
                for part in [
                    "default-src 'none'",
                    "script-src 'self' 'wasm-unsafe-eval';",
                    "style-src 'self' 'sha256-",
                    "frame-ancestors 'none'",
                    "form-action 'self'",
                    "base-uri 'none'",
                ] {
                    assert!(policy.contains(part), "{path}: {policy}");
                }
                assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
                assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
                assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
                assert_eq!(
                    page.header("strict-transport-security"),
                    "max-age=31536000",
                    "{path}: {}",
                    crate::world::PUBLIC_URL
                );
            }
        }
        // The policy's hash is that of the styles: a page whose styles the browser refuses is bare.
        let policy = world.get("/").await.header("content-security-policy").to_owned();
        let hash = policy.split("'sha256-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a hash").to_owned();
        assert_eq!(hash.len(), 44, "{hash}");
    });
}

#[test]
fn what_is_not_there_is_a_friendly_page() {
    on_sqlite(|world| async move {
        let lost = [
            "/bai-hoc/khong-co",
            "/bai-hoc/thanh-toan/khong-co",
            "/bai-hoc/khong-co/giu-tai-khoan",
            "/bai-hoc/an-toan/giu-tai-khoan",
            "/bai-hoc/..%2F..%2Fetc/passwd",
            "/bai-hoc",
            "/fr",
            "/fr/bai-hoc/thanh-toan",
            "/vi",
            "/thong-ke/khong-co",
            "/thong-ke/an-toan/03727",
            "/thong-ke/03727",
            "/xa/99999",
            "/toi/khong-co",
            "/dong-y/khong-co",
            "/index.php",
            "/en/khong-co",
            "/en/bai-hoc/khong-co",
            "/en/thong-ke/khong-co",
        ];
        for path in lost {
            let page = world.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            let english = path.starts_with("/en");
            let (language, home) = if english { ("en", "/en") } else { ("vi", "/") };
            assert_eq!(elements(&page.text, "html")[0].get("lang"), language, "{path}");
            let titles = elements(&page.text, "h1");
            assert_eq!(titles.len(), 1, "{path}");
            assert!(english || titles[0].text() == "Không có trang này", "{path}: {}", titles[0].text());
            let ways = elements(&page.text, "a");
            assert!(ways.iter().any(|way| way.has_class("btn-main") && way.get("href") == home), "{path}");
            let learner = world.ask(Method::GET, path).learner(&mai()).send().await;
            assert_eq!(learner.status, 404, "{path} as a learner");
            // What was not there may be there tomorrow.
            assert_ne!(page.header("cache-control"), "no-cache", "{path} is not kept");
        }
        let posted = world.post_form("/bai-hoc/thanh-toan/khong-co", &[("finish", "1")]).await;
        assert_eq!(posted.status, 404);
        posted.says("Không có trang này");
        world.get("/api/v2/events").await.is_problem(404, "no_such_address");
        assert_eq!(world.get("/a/khong-co.js").await.status, 404);
        assert_eq!(world.get("/a/..%2FCargo.toml").await.status, 404);
    });
}

#[test]
fn english_pages_say_that_lessons_are_vietnamese() {
    on_sqlite(|world| async move {
        let notice = "content-in-vietnamese";
        let english = app::words::Words::from(app::words::Locale::En).get(notice);
        assert_ne!(english, notice);
        for path in [lesson_path(true, KEEP_ACCOUNT), "/en/bai-hoc/thanh-toan".to_owned()] {
            world.get(&path).await.says(&english);
        }
        for path in [lesson_path(false, KEEP_ACCOUNT), "/bai-hoc/thanh-toan".to_owned()] {
            world.get(&path).await.is_silent_about(&english);
        }
        let page = world.get(&lesson_path(true, KEEP_ACCOUNT)).await;
        let told = lesson(KEEP_ACCOUNT);
        let vietnamese = |element: &str, text: &str| {
            let elements = elements(&page.text, element);
            let mut holding = elements.iter().filter(|element| element.text().contains(text));
            assert!(holding.any(|element| element.get("lang") == "vi"), "{element}: {text}");
        };
        vietnamese("h1", &told.title);
        for step in &told.steps {
            vietnamese("h2", &step.title);
            vietnamese("div", &step.sentences[0]);
        }
        for question in &told.questions {
            vietnamese("fieldset", &question.text);
        }
        page.says("href=\"/en/bai-hoc/thanh-toan\"");
        page.says("action=\"/en/bai-hoc/thanh-toan/giu-tai-khoan\"");
        // Changing the language stays on the page.
        world.get("/en/thong-ke/an-toan").await.says("href=\"/thong-ke/an-toan\" lang=\"vi\"");
        world.get("/gioi-thieu").await.says("href=\"/en/gioi-thieu\" lang=\"en\"");
    });
}

#[test]
fn a_page_that_is_known_is_not_sent_again() {
    on_sqlite(|world| async move {
        let path = lesson_path(false, KEEP_ACCOUNT);
        let page = world.get(&path).await;
        let etag = page.header("etag");
        assert!(etag.starts_with('"') && etag.len() > 8, "{etag}");
        let again = world.ask(Method::GET, &path).header("if-none-match", etag).send().await;
        assert_eq!((again.status, again.bytes.len(), again.header("etag")), (304, 0, etag));
        let other = world.ask(Method::GET, &path).header("if-none-match", "\"0000\"").send().await;
        assert_eq!((other.status, other.bytes), (200, page.bytes.clone()));
        assert_ne!(world.get(&lesson_path(true, KEEP_ACCOUNT)).await.header("etag"), etag);
        let head = world.ask(Method::HEAD, &path).send().await;
        assert_eq!((head.status, head.header("etag")), (200, etag));
    });
}

#[test]
fn a_browser_gets_the_packing_it_takes() {
    on_sqlite(|world| async move {
        for path in ["/gioi-thieu", "/", "/toi"] {
            // Known to be somebody, so that home is rendered for them.
            for who in ["", "__Host-khong=1"] {
                let ask = |encoding: &str| {
                    world.ask(Method::GET, path).header("cookie", who).header("accept-encoding", encoding).send()
                };
                let plain = ask("identity").await;
                assert_eq!(plain.header("content-encoding"), "", "{path}");
                // What is made for one person is packed quickly.
                let best = if who.is_empty() || path == "/gioi-thieu" { "br" } else { "gzip" };
                for (asked, given) in [("br, gzip", best), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("br", "br")] {
                    let packed = ask(asked).await;
                    assert_eq!(packed.header("content-encoding"), given, "{path} {asked}");
                    assert_eq!(packed.header("vary"), "accept-encoding", "{path} {asked}");
                    assert!(packed.bytes.len() * 2 < plain.bytes.len(), "{path} {asked} is smaller");
                }
            }
        }
    });
}

#[test]
fn a_slash_at_the_end_does_not_lead_astray() {
    on_sqlite(|world| async move {
        for path in [
            "/bai-hoc/thanh-toan",
            "/bai-hoc/thanh-toan/giu-tai-khoan",
            "/thong-ke",
            "/gioi-thieu",
            "/en/thong-ke",
            "/toi",
            "/dong-y/ho-so",
        ] {
            let (plain, slashed) = (world.get(path).await, world.get(&format!("{path}/")).await);
            assert_eq!(slashed.status, 200, "{path}/");
            assert!(plain.text == slashed.text, "{path}/");
        }
        assert_eq!(world.get("/en/").await.text, world.get("/en").await.text);
        let query = world.get("/bai-hoc/thanh-toan/giu-tai-khoan?utm_source=x").await;
        assert_eq!(query.text, world.get("/bai-hoc/thanh-toan/giu-tai-khoan").await.text);
        let learner = world.ask(Method::GET, "/tien-do/").learner(&mai()).send().await;
        assert_eq!(learner.status, 200);
    });
}

#[test]
fn personal_pages_are_kept_by_nobody() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        for path in ["/", "/tien-do", "/toi", "/bai-hoc/thanh-toan", "/toi/tai-ve"] {
            let page = world.ask(Method::GET, path).learner(&mai()).send().await;
            assert_eq!((page.status, page.header("cache-control")), (200, "private, no-store"), "{path}");
            assert_eq!(page.header("etag"), "", "{path}");
        }
        // Mai's page is not what the next one gets.
        world.ask(Method::GET, "/toi").learner(&mai()).send().await.says("Xã Mường É");
        world.get("/toi").await.is_silent_about("Xã Mường É");
    });
}

#[test]
fn a_get_changes_nothing() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let before = world.everything().await;
        for (path, _) in PAGES {
            world.ask(Method::GET, path).learner(&mai()).send().await;
        }
        for path in [
            "/toi/xoa?sure=yes",
            "/toi/xoa",
            "/api/v1/events",
            "/dong-y?answer=yes",
            "/bai-hoc/thanh-toan/giu-tai-khoan?finish=1",
        ] {
            world.ask(Method::GET, path).learner(&mai()).send().await;
            world.ask(Method::HEAD, path).learner(&mai()).send().await;
        }
        assert_eq!(world.everything().await, before);
    });
}

#[test]
fn operators_see_whether_it_lives() {
    on_sqlite(|world| async move {
        for (path, text) in [("/livez", "live"), ("/readyz", "ready")] {
            let answer = world.get(path).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, text));
        }
        assert!(!world.get("/readyz").await.header("x-request-id").is_empty());
        let ids = [world.get("/livez").await, world.get("/livez").await]
            .map(|answer| answer.header("x-request-id").to_owned());
        assert_ne!(ids[0], ids[1]);
        world.store.clone().close().await.expect("closes");
        let answer = world.get("/readyz").await;
        assert_eq!((answer.status, answer.text.as_str()), (503, "the database does not answer"));
        assert_eq!(world.get("/livez").await.status, 200, "the process lives");
        let page = world.ask(Method::GET, "/tien-do").learner(&mai()).send().await;
        assert_eq!(page.status, 503);
        page.says("Học Số đang bận");
        let batch = crate::world::batch(&mai(), &mai().story().registers().events);
        world.post_batch(&mai(), &batch).await.is_problem(503, "unavailable");
    });
}
