//! Those who work here: letting people in, signing in, second factors, sessions, and the log of who did what.

use crate::{
    cast::NOW,
    world::{Answer, World, on_sqlite},
};
use app::viewer::{STAFF_COOKIE, WANTED_COOKIE};
use axum::http::Method;
use domain::{
    accounts::{
        CardCode, Secret,
        staff::{Role, Scope, StaffId, login_of},
    },
    time::{DAY_MS, HOUR_MS, Millis},
};
use hocso::{guard::KeyGuard, keys::KeyRing};
use std::sync::atomic::{AtomicU32, Ordering};
use store::NewStaff;
use uuid::Uuid;

pub const PASSWORD: &str = "trâu đen ăn cỏ bờ suối";
const MUONG_E: &str = "03727";

static COUNT: AtomicU32 = AtomicU32::new(1);

/// A code of a link that nobody has had before.
pub fn link() -> CardCode {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    // A digit to the base of 23 at each place, as the characters are drawn.
    let bytes: Vec<u8> = (0..64).map(|place: u32| (number / 23u32.pow(place % 5) % 23) as u8).collect();
    CardCode::from_random(&bytes).expect("a code")
}

pub fn units(codes: &[&str]) -> Scope {
    if codes.is_empty() {
        return Scope::Province;
    }
    Scope::Units(codes.iter().map(|code| code.parse().expect("a code")).collect())
}

/// Somebody who works here now.
#[derive(Clone, Debug)]
pub struct Hired {
    pub id: StaffId,
    pub login: String,
    pub link: CardCode,
}

impl World {
    /// Lets somebody in, with a link that nobody has used yet.
    pub async fn hires(&self, name: &str, role: Role, codes: &[&str]) -> Hired {
        let id = StaffId(Uuid::from_u128(COUNT.fetch_add(1, Ordering::Relaxed).into()));
        let (scope, link) = (units(codes), link());
        let login = login_of(name).expect("a name");
        let new = NewStaff { id, name, login: &login, role, scope: &scope };
        let login = self.store.add_staff(&new, &link, None, self.now()).await.expect("let in");
        Hired { id, login, link }
    }

    /// Signed in without a password: what signing in itself does has tests of its own.
    pub async fn signed_in(&self, who: &Hired) -> Secret {
        let number = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let token = Secret(std::array::from_fn(|place| number[place % 4] ^ place as u8));
        assert!(self.store.begin_session(who.id, &token, None, false, "?, ?", self.now()).await.expect("a session"));
        token
    }

    /// The same with a second factor in place.
    pub async fn signed_in_safely(&self, who: &Hired) -> Secret {
        self.store.set_totp(who.id, "k1.sealed", 1, self.now()).await.expect("a factor");
        self.signed_in(who).await
    }

    async fn sets_password(&self, who: &Hired) -> Answer {
        self.post_form("/can-bo/moi", &[("code", who.link.as_str()), ("new", PASSWORD)]).await
    }

    async fn signs_in(&self, login: &str, password: &str) -> Answer {
        self.post_form("/can-bo/dang-nhap", &[("login", login), ("password", password)]).await
    }

    async fn staff_get(&self, path: &str, token: &Secret) -> Answer {
        self.ask(Method::GET, path).staff(token).send().await
    }

    async fn staff_post(&self, path: &str, token: &Secret, fields: &[(&str, &str)]) -> Answer {
        self.ask(Method::POST, path).staff(token).form(fields).send().await
    }
}

fn token_of(answer: &Answer) -> Secret {
    let cookie = answer.cookie(STAFF_COOKIE);
    cookie.split_once('=').expect("a value").1.parse().expect("a token")
}

/// The code that an app shows for a secret at a moment (RFC 6238), by the same crate that code apps are compared to.
fn code_at(secret: &str, at: Millis) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).expect("a secret");
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("x".to_owned()).build().expect("a totp");
    totp.generate((at / 1_000) as u64).to_string()
}

/// The value of a hidden field.
fn field(answer: &Answer, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = answer.text.split(&mark).nth(1).unwrap_or_else(|| panic!("no field {name}: {}", answer.body()));
    rest.split('"').next().unwrap_or_default().replace("&amp;", "&")
}

#[test]
fn a_link_sets_a_password_once() {
    on_sqlite(|world| async move {
        let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        assert_eq!(mai.login, "lo-thi-mai");
        assert_eq!(world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await.login, "lo-thi-mai-2");
        let page = world.get("/can-bo/moi").await;
        page.says("id=\"code\"");
        // Neither of these uses the link up, and what was typed stays.
        for (new, said) in [("ngắn", "12"), ("123456789012", "dễ đoán"), ("lothimai123456", "dễ đoán")] {
            let answer = world.post_form("/can-bo/moi", &[("code", mai.link.as_str()), ("new", new)]).await;
            assert_eq!(answer.status, 422);
            answer.says(said);
            answer.says(mai.link.as_str());
            answer.is_silent_about(new);
        }
        let wrong = world.post_form("/can-bo/moi", &[("code", link().as_str()), ("new", PASSWORD)]).await;
        assert_eq!(wrong.status, 422);
        let set = world.sets_password(&mai).await;
        assert_eq!((set.status, set.header("location")), (303, "/can-bo"), "{}", set.text);
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(set.cookies()[0].contains(attribute), "{attribute}: {:?}", set.cookies());
        }
        assert!(!set.cookies()[0].contains("Max-Age"), "the cookie goes with the browser");
        let token = token_of(&set);
        world.staff_get("/can-bo", &token).await.says("Lò Thị Mai");
        assert_eq!(world.sets_password(&mai).await.status, 422, "the link is used up");
        // A link that was not used in time is none.
        let late = world.hires("Cà Văn Dơ", Role::Trainer, &[MUONG_E]).await;
        world.set_clock(NOW + 14 * DAY_MS + 1);
        assert_eq!(world.sets_password(&late).await.status, 422);
        // Nothing of a secret is in the database as it is.
        let held = world.number("SELECT COUNT(*) FROM staff WHERE password LIKE '$argon2id$%'").await;
        assert_eq!(held, 1);
    });
}

#[test]
fn signing_in_says_nothing_about_who_is_here() {
    on_sqlite(|world| async move {
        let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        let never = world.hires("Cà Văn Dơ", Role::Trainer, &[MUONG_E]).await;
        let closed = world.hires("Quàng Văn Xa", Role::Trainer, &[MUONG_E]).await;
        world.sets_password(&mai).await;
        world.sets_password(&closed).await;
        world.store.close_staff(closed.id, true, None, world.now()).await.expect("closed");
        let wrong = [
            (mai.login.as_str(), "không phải mật khẩu"),
            ("nobody", PASSWORD),
            (never.login.as_str(), ""),
            (never.login.as_str(), PASSWORD),
            (closed.login.as_str(), PASSWORD),
            ("", ""),
        ];
        let mut said = Vec::new();
        for (login, password) in wrong {
            let answer = world.signs_in(login, password).await;
            assert_eq!((answer.status, answer.cookies().len()), (422, 0), "{login}");
            said.push(answer.text.replace(&format!("value=\"{login}\""), "value=\"\""));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "the same answer to everything that is wrong");
        let right = world.signs_in(" Lo-Thi-Mai ", PASSWORD).await;
        assert_eq!((right.status, right.header("location")), (303, "/can-bo"));
        // Back to where they wanted to go, and nowhere else.
        let away = world.get("/can-bo/tai-khoan").await;
        assert_eq!((away.status, away.header("location")), (303, "/can-bo/dang-nhap?den=/can-bo/tai-khoan"));
        for (wanted, led) in [("/can-bo/tai-khoan", "/can-bo/tai-khoan"), ("//evil.example", "/can-bo")] {
            let fields = [("login", mai.login.as_str()), ("password", PASSWORD), ("wanted", wanted)];
            assert_eq!(world.post_form("/can-bo/dang-nhap", &fields).await.header("location"), led);
        }
        // Whoever sends something without being signed in is told so, and nothing is done.
        let out = world.post_form("/can-bo/nhan-su", &[("act", "add"), ("name", "Ai Đó")]).await;
        assert_eq!(out.status, 401);
        assert_eq!(world.count("staff").await, 3);
    });
}

#[test]
fn tries_are_counted_in_the_database() {
    on_sqlite(|world| async move {
        let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        world.sets_password(&mai).await;
        let tries = |password: &str| {
            let fields = [("login", mai.login.as_str()), ("password", password)];
            world.ask(Method::POST, "/can-bo/dang-nhap").form(&fields)
        };
        for _ in 0..10 {
            assert_eq!(tries("x").send().await.status, 422);
        }
        let refused = tries(PASSWORD).send().await;
        assert_eq!((refused.status, refused.cookies().len()), (429, 0), "even the right one, for an hour");
        let restarted = world.restarted().await;
        let answer = world.get_from(&restarted, "/can-bo/dang-nhap").await;
        assert_eq!(answer.status, 200);
        world.set_clock(NOW + HOUR_MS);
        assert_eq!(tries(PASSWORD).send().await.status, 303);
        let rows = world.count("throttle WHERE bucket LIKE '%lo-thi-mai%'").await;
        assert_eq!(rows, 0, "no name stands in a bucket");
    });
}

#[test]
fn a_second_factor_is_a_step_of_its_own() {
    on_sqlite(|world| async move {
        let sa = world.hires("Hà Văn Sa", Role::Administrator, &[]).await;
        let token = token_of(&world.sets_password(&sa).await);
        // An administrator without one gets nowhere but to where it is set up.
        for path in ["/can-bo", "/can-bo/nhan-su", "/can-bo/nhat-ky"] {
            let led = world.staff_get(path, &token).await;
            assert_eq!((led.status, led.header("location")), (303, "/can-bo/tai-khoan/ung-dung-ma"), "{path}");
        }
        let page = world.staff_get("/can-bo/tai-khoan/ung-dung-ma", &token).await;
        let sealed = field(&page, "sealed");
        let guard =
            KeyGuard::of(&KeyRing::open(Some(&format!("k1:{}", "5c".repeat(32))), "postgres://x").expect("keys"));
        let secret = app::accounts::guard::Guard::open(&guard, &format!("staff.totp-setup {}", sa.id), &sealed);
        let secret = secret.expect("the secret of the page");
        let setup = "/can-bo/tai-khoan/ung-dung-ma";
        let again = world.staff_post(setup, &token, &[("sealed", &sealed), ("second", "000000")]).await;
        assert_eq!(again.status, 422);
        again.says(&secret[..4]);
        let code = code_at(&secret, world.now());
        let done = world.staff_post(setup, &token, &[("sealed", &sealed), ("second", &code)]).await;
        assert_eq!(done.status, 200, "{}", done.body());
        let codes: Vec<String> =
            done.text.split("<li class=\"num\">").skip(1).map(|rest| rest[..19].to_owned()).collect();
        assert_eq!(codes.len(), 10);
        assert_eq!(world.staff_get("/can-bo/nhan-su", &token).await.status, 200);
        assert_eq!(world.count(&format!("staff WHERE totp LIKE '%{secret}%'")).await, 0);

        // Now the password opens only half of the door.
        let half = world.signs_in(&sa.login, PASSWORD).await;
        assert_eq!((half.status, half.header("location")), (303, "/can-bo/dang-nhap/ma"));
        let half = token_of(&half);
        for path in ["/can-bo", "/can-bo/nhan-su", "/can-bo/tai-khoan"] {
            assert_eq!(world.staff_get(path, &half).await.status, 303, "{path}");
        }
        assert_eq!(world.staff_post("/can-bo/tai-khoan", &half, &[("act", "remove-totp")]).await.status, 401);
        let second = |code: String| {
            let world = &world;
            let half = &half;
            async move { world.staff_post("/can-bo/dang-nhap/ma", half, &[("second", &code)]).await }
        };
        assert_eq!(second(code.clone()).await.status, 422, "the code that set it up was shown already");
        world.set_clock(NOW + 60_000);
        let code = code_at(&secret, world.now());
        let whole = second(code.clone()).await;
        assert_eq!((whole.status, whole.header("location")), (303, "/can-bo"), "{}", whole.body());
        let whole = token_of(&whole);
        assert_ne!(whole, half, "another token: nobody can slip theirs under a sign-in");
        assert_eq!(world.staff_get("/can-bo/nhan-su", &whole).await.status, 200);
        assert_eq!(world.staff_get("/can-bo/dang-nhap/ma", &half).await.header("location"), "/can-bo/dang-nhap");

        // Read over a shoulder it is worth nothing.
        let thief = token_of(&world.signs_in(&sa.login, PASSWORD).await);
        let replayed = world.staff_post("/can-bo/dang-nhap/ma", &thief, &[("second", &code)]).await;
        assert_eq!(replayed.status, 422);
        // A recovery code opens once.
        let typed = codes[3].to_lowercase();
        let by_paper = world.staff_post("/can-bo/dang-nhap/ma", &thief, &[("second", &typed)]).await;
        assert_eq!(by_paper.status, 303);
        let again = token_of(&world.signs_in(&sa.login, PASSWORD).await);
        assert_eq!(world.staff_post("/can-bo/dang-nhap/ma", &again, &[("second", &typed)]).await.status, 422);
        world.staff_get("/can-bo/tai-khoan", &token_of(&by_paper)).await.says("Còn 9 mã");
        // Guessing ends.
        let mut last = 0;
        for _ in 0..12 {
            last = world.staff_post("/can-bo/dang-nhap/ma", &again, &[("second", "123456")]).await.status;
        }
        assert_eq!(last, 429);
        // A half session is forgotten soon.
        world.set_clock(world.now() + 11 * 60_000);
        assert_eq!(world.staff_get("/can-bo/dang-nhap/ma", &again).await.header("location"), "/can-bo/dang-nhap");
    });
}

#[test]
fn the_way_back_outlives_the_second_factor() {
    on_sqlite(|world| async move {
        let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        world.sets_password(&mai).await;
        world.store.set_totp(mai.id, "k1.sealed", 1, NOW).await.expect("a factor");
        let fields = [("login", mai.login.as_str()), ("password", PASSWORD), ("wanted", "/can-bo/tai-khoan")];
        let half = world.post_form("/can-bo/dang-nhap", &fields).await;
        assert_eq!(half.cookie(WANTED_COOKIE), format!("{WANTED_COOKIE}=/can-bo/tai-khoan"));
    });
}

#[test]
fn sessions_end() {
    on_sqlite(|world| async move {
        let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        let la = world.hires("Lò Văn Lả", Role::Official, &[MUONG_E]).await;
        let (phone, office) = (world.signed_in(&mai).await, world.signed_in(&mai).await);
        let official = world.signed_in_safely(&la).await;
        let is_in = |token: Secret| {
            let world = &world;
            async move { world.staff_get("/can-bo/tai-khoan", &token).await.status == 200 }
        };
        assert!(is_in(phone.clone()).await && is_in(office.clone()).await && is_in(official.clone()).await);
        // One's own sessions are listed, and each can be ended; somebody else's cannot.
        let page = world.staff_get("/can-bo/tai-khoan", &phone).await;
        let handle = field(&page, "session");
        world.staff_post("/can-bo/tai-khoan", &official, &[("act", "end"), ("session", &handle)]).await;
        assert!(is_in(office.clone()).await);
        world.staff_post("/can-bo/tai-khoan", &phone, &[("act", "end"), ("session", &handle)]).await;
        assert!(!is_in(office).await && is_in(phone.clone()).await);
        // Half an hour of silence ends an official's, not a trainer's.
        world.set_clock(NOW + HOUR_MS / 2 + 1);
        assert!(!is_in(official).await && is_in(phone.clone()).await);
        // Touched every day it still ends after a week.
        for day in 1..14 {
            world.set_clock(NOW + day * DAY_MS / 2);
            assert!(is_in(phone.clone()).await, "day {day}");
        }
        world.set_clock(NOW + 7 * DAY_MS);
        assert!(!is_in(phone).await);
        // Another role, a closed account, a new password: all sessions end at once.
        for change in 0..3 {
            let token = world.signed_in(&mai).await;
            assert!(is_in(token.clone()).await);
            match change {
                0 => world.store.change_staff(mai.id, Role::Editor, &Scope::Province, None, NOW).await.map(|_| ()),
                1 => world.store.set_password(mai.id, "$argon2id$x", NOW).await,
                _ => world.store.close_staff(mai.id, true, None, NOW).await.map(|_| ()),
            }
            .expect("changed");
            assert!(!is_in(token).await, "{change}");
        }
        let signed_out = world.hires("Cà Văn Dơ", Role::Trainer, &[MUONG_E]).await;
        let token = world.signed_in(&signed_out).await;
        let out = world.staff_post("/can-bo/tai-khoan", &token, &[("act", "sign-out")]).await;
        assert!(out.cookies()[0].contains("Max-Age=0"), "{:?}", out.cookies());
        assert!(!is_in(token).await);
    });
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one() {
    on_sqlite(|world| async move {
        let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        let token = token_of(&world.sets_password(&mai).await);
        let other = world.signed_in(&mai).await;
        let change = |old: &'static str, new: &'static str| {
            let (world, token) = (&world, token.clone());
            async move {
                world.staff_post("/can-bo/tai-khoan", &token, &[("act", "password"), ("old", old), ("new", new)]).await
            }
        };
        assert_eq!(change("không phải", "ngựa đỏ qua cầu tre").await.status, 422);
        assert_eq!(change(PASSWORD, "ngắn").await.status, 422);
        let changed = change(PASSWORD, "ngựa đỏ qua cầu tre").await;
        assert_eq!(changed.status, 200);
        let fresh = token_of(&changed);
        assert_eq!(world.staff_get("/can-bo/tai-khoan", &fresh).await.status, 200);
        for old in [token, other] {
            assert_eq!(world.staff_get("/can-bo/tai-khoan", &old).await.status, 303);
        }
        assert_eq!(world.signs_in(&mai.login, PASSWORD).await.status, 422);
        assert_eq!(world.signs_in(&mai.login, "ngựa đỏ qua cầu tre").await.status, 303);
    });
}

#[test]
fn administrators_let_people_in_within_their_own_unit() {
    on_sqlite(|world| async move {
        let chief = world.hires("Hà Văn Sa", Role::Administrator, &[]).await;
        let local = world.hires("Vì Thị Én", Role::Administrator, &[MUONG_E, "03646"]).await;
        let (chief_in, local_in) = (world.signed_in_safely(&chief).await, world.signed_in_safely(&local).await);
        let add = |token: &Secret, fields: &[(&str, &str)]| {
            let ask = world.ask(Method::POST, "/can-bo/nhan-su").staff(token).form(fields);
            async move { ask.send().await }
        };
        let bad: [(&[(&str, &str)], &str); 7] = [
            (&[("name", ""), ("role", "trainer"), ("units", "Mường É")], "staff-fault-name"),
            (&[("name", "A"), ("role", "king"), ("units", "Mường É")], "staff-fault-role"),
            (&[("name", "A"), ("role", "trainer"), ("units", "")], "staff-fault-units"),
            (&[("name", "A"), ("role", "trainer"), ("units", "Xã Không Có")], "staff-fault-unit"),
            (&[("name", "A"), ("role", "trainer"), ("province", "yes")], "staff-fault-trainer"),
            (&[("name", "A"), ("role", "editor"), ("units", "Mường É")], "staff-fault-editor"),
            (&[("name", "Lò Thị Mới"), ("role", "official"), ("province", "yes")], "staff-fault-beyond"),
        ];
        for (fields, said) in bad {
            let answer = add(&local_in, fields).await;
            assert_eq!(answer.status, 422, "{said}");
            let words = app::words::Words::from(app::words::Locale::Vi);
            let text = words.get_with(said, [("count", 80.into()), ("name", "Xã Không Có".into())]);
            answer.says(text.split('“').next().expect("words").trim());
            if fields[0].1.len() > 1 {
                answer.says(fields[0].1);
            }
        }
        assert_eq!(world.count("staff").await, 2);
        let fields = [("name", " Lò  Thị Mới "), ("role", "trainer"), ("units", "mường é\n03646")];
        let added = add(&local_in, &fields).await;
        assert_eq!(added.status, 200, "{}", added.body());
        added.says("lo-thi-moi");
        added.says("https://hocso.example/can-bo/moi#");
        let list = world.staff_get("/can-bo/nhan-su", &local_in).await;
        list.says("Lò Thị Mới");
        list.is_silent_about("Hà Văn Sa");
        // Whom they may not manage is not there; nobody changes their own role.
        let path = |who: &Hired| format!("/can-bo/nhan-su/{}", who.id);
        assert_eq!(world.staff_get(&path(&chief), &local_in).await.status, 404);
        for act in ["link", "close", "remove-totp", "change"] {
            let fields = [("act", act), ("role", "trainer"), ("units", "Mường É")];
            assert_eq!(world.staff_post(&path(&chief), &local_in, &fields).await.status, 404, "{act}");
        }
        let fields = [("act", "change"), ("role", "official"), ("province", "yes")];
        assert_eq!(world.staff_post(&path(&chief), &chief_in, &fields).await.status, 422);
        world.staff_post(&path(&chief), &chief_in, &[("act", "close")]).await;
        assert_eq!(world.staff_get("/can-bo/nhan-su", &chief_in).await.status, 200, "nobody closes their own account");
        // Closing, opening, a new link.
        world.staff_post(&path(&local), &chief_in, &[("act", "close")]).await;
        assert_eq!(world.staff_get("/can-bo/nhan-su", &local_in).await.status, 303);
        world.staff_post(&path(&local), &chief_in, &[("act", "open")]).await;
        let made = world.staff_post(&path(&local), &chief_in, &[("act", "link")]).await;
        made.says("https://hocso.example/can-bo/moi#");
        // All of it is in the log, by who did it.
        let log = world.staff_get("/can-bo/nhat-ky", &chief_in).await;
        for said in ["Thêm người", "Đóng tài khoản", "Mở lại tài khoản", "Cấp đường dẫn mới", "Vì Thị Én"]
        {
            log.says(said);
        }
    });
}

on_both!(the_log_of_acts_is_a_chain, |world| async move {
    let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
    for _ in 0..4 {
        let token = world.signed_in(&mai).await;
        world.store.sign_out(&token, world.now()).await.expect("out");
    }
    let whole = world.store.check_audit().await.expect("read");
    assert_eq!((whole.entries, whole.broken), (9, None));
    world.spoil("UPDATE audit SET at = at + 1 WHERE no = 5").await;
    assert_eq!(world.store.check_audit().await.expect("read").broken, Some(5));
    world.spoil("UPDATE audit SET at = at - 1 WHERE no = 5").await;
    assert_eq!(world.store.check_audit().await.expect("read"), whole);
    world.spoil("UPDATE audit SET about = '{\"staff\":\"0\"}' WHERE no = 1").await;
    assert_eq!(world.store.check_audit().await.expect("read").broken, Some(1));
    world.spoil("DELETE FROM audit WHERE no = 1").await;
    assert_eq!(world.store.check_audit().await.expect("read").broken, Some(1));
});

on_both!(acts_at_once_stand_one_after_the_other, |world| async move {
    let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
    let tokens: Vec<Secret> = (0..20u8).map(|number| Secret([number; 32])).collect();
    let begun = tokens.iter().map(|token| world.store.begin_session(mai.id, token, None, false, "?, ?", NOW));
    for done in futures::future::join_all(begun).await {
        assert!(done.expect("begun"));
    }
    let whole = world.store.check_audit().await.expect("read");
    assert_eq!((whole.entries, whole.broken), (21, None));
});

#[test]
fn a_page_never_comes_without_its_styles() {
    on_sqlite(|world| async move {
        let mai = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        let token = world.signed_in(&mai).await;
        // A page that waits for the store asked the head for its styles too late, one time in six.
        let asked = (0..60).map(|_| world.staff_get("/can-bo/tai-khoan", &token));
        for page in futures::future::join_all(asked).await {
            page.says("rel=\"stylesheet\"");
        }
    });
}
