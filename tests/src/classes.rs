//! Classes: made in two minutes, joined with six digits, a roster that people agreed to, who was there, what a trainer saw.

use crate::{
    cast::{KEEP_ACCOUNT, Learner, NOW, TRANSFER, lesson, lesson_id, mai, neighbour},
    staff::Hired,
    world::{Answer, World, on_sqlite},
};
use axum::http::Method;
use domain::{
    accounts::{Secret, staff::Role},
    classes::{Attendance, ClassId, JoinCode, MemberId},
    coverage::{Step, Witness},
    practice::Held,
    sync::{SeenDeed, What},
    time::{DAY_MS, day_of},
};
use store::Changed;
use uuid::Uuid;

const MUONG_E: &str = "03727";
const TO_HIEU: &str = "03646";

/// A class of a trainer, as the tests use it.
pub struct Room {
    pub trainer: Hired,
    pub token: Secret,
    pub id: ClassId,
}

impl Room {
    pub fn path(&self, page: &str) -> String {
        format!("/can-bo/lop/{}{page}", self.id)
    }
}

const CLASS: [(&str, &str); 6] = [
    ("name", "Lớp sáng thứ bảy"),
    ("place", "Nhà văn hóa bản Mường"),
    ("unit", MUONG_E),
    ("plan", "thanh-toan"),
    ("from", "2026-11-23"),
    ("to", "2027-01-23"),
];

impl World {
    /// A trainer opens a class by the form.
    pub async fn opens_a_class(&self) -> Room {
        let trainer = self.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        let token = self.signed_in(&trainer).await;
        let made = self.ask(Method::POST, "/can-bo/lop").staff(&token).form(&CLASS).send().await;
        assert_eq!(made.status, 303, "{}", made.body());
        let id = made.header("location").rsplit('/').next().expect("an id").parse().expect("an id");
        Room { trainer, token, id }
    }

    async fn in_class(&self, room: &Room, page: &str) -> Answer {
        self.ask(Method::GET, &room.path(page)).staff(&room.token).send().await
    }

    async fn does_in_class(&self, room: &Room, page: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(Method::POST, &room.path(page)).staff(&room.token).form(fields).send().await
    }

    async fn code_of(&self, room: &Room) -> JoinCode {
        let page = self.in_class(room, "").await;
        let code = page.text.split("join-code num").nth(1).and_then(|rest| rest.split_once('>'));
        let (_, code) = code.unwrap_or_else(|| panic!("no code on the page: {}", page.body()));
        code.split('<').next().expect("its end").parse().expect("six digits")
    }

    async fn joins(&self, who: &Learner, code: &str, name: &str) -> Answer {
        self.ask(Method::POST, "/lop").bearer(who).form(&[("code", code), ("name", name)]).send().await
    }

    /// Somebody comes onto the roster, who agreed aloud.
    pub async fn is_written_down(&self, room: &Room, name: &str, born: &str) -> MemberId {
        let fields = [("act", "add"), ("name", name), ("born", born), ("sex", "female"), ("consent", "yes")];
        let added = self.does_in_class(room, "/danh-sach", &fields).await;
        assert_eq!(added.status, 303, "{}", added.body());
        let (_, members) = self.store.roster(room.trainer.id, room.id).await.expect("read").expect("theirs");
        members.into_iter().find(|member| member.name.as_str() == name).expect("on the roster").id
    }
}

#[test]
fn a_class_is_opened_and_closed() {
    on_sqlite(|world| async move {
        let trainer = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        let token = world.signed_in(&trainer).await;
        let make = |fields: Vec<(&'static str, &'static str)>| {
            let ask = world.ask(Method::POST, "/can-bo/lop").staff(&token).form(&fields);
            async move { ask.send().await }
        };
        let with = |field: &'static str, value: &'static str| {
            CLASS.iter().map(|(name, given)| (*name, if *name == field { value } else { *given })).collect::<Vec<_>>()
        };
        for (field, value) in [
            ("name", ""),
            ("name", "Một cái tên dài quá tám mươi chữ thì không vừa một dòng trên điện thoại của bà con đâu nhé"),
            ("place", ""),
            ("unit", TO_HIEU),
            ("unit", "99999"),
            ("plan", "khong-co"),
            ("plan", "lessons"),
            ("from", "2027-02-01"),
            ("to", "2029-01-01"),
            ("to", ""),
        ] {
            let answer = make(with(field, value)).await;
            assert_eq!(answer.status, 422, "{field}={value}");
            answer.says("Nhà văn hóa");
        }
        assert_eq!(world.count("class").await, 0);
        let mut chosen = with("plan", "lessons");
        chosen.push(("lesson", KEEP_ACCOUNT));
        chosen.push(("lesson", "khong/co"));
        assert_eq!(make(chosen).await.status, 303);
        world.ask(Method::GET, "/can-bo/lop").staff(&token).send().await.says("1 bài");

        let room = world.opens_a_class().await;
        let page = world.in_class(&room, "").await;
        page.says("Lớp sáng thứ bảy");
        page.says("Chưa có ai trong danh sách");
        let first = world.code_of(&room).await;
        world.does_in_class(&room, "", &[("act", "code")]).await;
        let second = world.code_of(&room).await;
        assert_ne!(first, second);
        let open = |code| {
            let world = &world;
            async move { world.store.class_by_code(code, world.now()).await.expect("read").is_some() }
        };
        assert!(!open(first).await && open(second).await, "the old code lets nobody in");
        world.in_class(&room, "/the").await.says(&second.to_string());
        world.set_clock(NOW + 8 * DAY_MS);
        assert!(!open(second).await, "a code is over after a week");
        world.set_clock(NOW);
        world.does_in_class(&room, "", &[("act", "close")]).await;
        assert!(!open(second).await);
        assert_eq!(world.in_class(&room, "").await.status, 200);
        let late = world.does_in_class(&room, "/danh-sach", &[("name", "Ai"), ("consent", "yes")]).await;
        assert_eq!(late.status, 404, "nobody comes onto the roster of a closed class");
        world.does_in_class(&room, "", &[("act", "open")]).await;
        world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
    });
}

#[test]
fn a_class_is_its_trainers_alone() {
    on_sqlite(|world| async move {
        let room = world.opens_a_class().await;
        let member = world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
        let other = world.hires("Cà Văn Dơ", Role::Trainer, &[MUONG_E]).await;
        let other = Room { token: world.signed_in(&other).await, trainer: other, id: room.id };
        let pages = ["", "/danh-sach", "/danh-sach/tep", "/diem-danh", "/the", &format!("/nguoi/{member}")];
        for page in pages {
            assert_eq!(world.in_class(&room, page).await.status, 200, "{page}");
            let answer = world.in_class(&other, page).await;
            assert_eq!(answer.status, 404, "{page}");
            answer.is_silent_about("Nọi");
        }
        let day = day_of(NOW).to_string();
        let mark = format!("m-{member}");
        let deeds: [(&str, &[(&str, &str)]); 6] = [
            ("", &[("act", "close")]),
            ("/danh-sach", &[("act", "add"), ("name", "Ai Đó"), ("consent", "yes")]),
            ("/danh-sach/tep", &[("n-1", "Ai Đó"), ("t-1", "yes")]),
            ("/diem-danh", &[("day", &day), (&mark, "present")]),
            (&format!("/nguoi/{member}"), &[("act", "change"), ("name", "Ai Đó"), ("edition", "1")]),
            (&format!("/nguoi/{member}"), &[("act", "remove"), ("sure", "yes"), ("edition", "1")]),
        ];
        let before = world.everything().await;
        for (page, fields) in deeds {
            assert_eq!(world.does_in_class(&other, page, fields).await.status, 404, "{page} {fields:?}");
        }
        assert_eq!(world.everything().await, before);
        assert_eq!(world.count("attendance").await, 0);
        // A look at a roster is in the log, each time.
        let looks = world.count("audit WHERE act = 'roster_seen'").await;
        world.in_class(&room, "/danh-sach").await;
        assert_eq!(world.count("audit WHERE act = 'roster_seen'").await, looks + 1);
    });
}

#[test]
fn residents_join_with_six_digits() {
    on_sqlite(|world| async move {
        let room = world.opens_a_class().await;
        let code = world.code_of(&room).await;
        let typed = code.to_string();
        let who = mai();
        world.registers(&who).await;
        for (wrong, name) in [("", "Mai"), ("12345", "Mai"), ("000000x", "Mai"), ("111111", "Mai")] {
            assert_eq!(world.joins(&who, wrong, name).await.status, 422, "{wrong}");
        }
        let found = world.joins(&who, &typed, "").await;
        assert_eq!(found.status, 200);
        found.says("Nhà văn hóa bản Mường");
        assert_eq!(world.joins(&who, &typed, "…").await.status, 422);
        assert_eq!(world.count("member").await, 0);
        // Who is not counted agrees first, and comes back by themselves.
        let stranger = neighbour(7);
        let first = world.joins(&stranger, &typed, "Lan").await;
        first.says("/dong-y");
        assert_eq!(world.count("member").await, 0);
        let cookie = first.cookie("__Host-lop");
        let back = world.ask(Method::GET, "/lop").header("cookie", &cookie).send().await;
        back.says("Nhà văn hóa bản Mường");

        let joined = world.joins(&who, &typed, "  Mai  \u{202e}bán rau\u{202c} ").await;
        assert_eq!(joined.status, 200, "{}", joined.body());
        joined.says("Bà con đã vào lớp");
        assert_eq!(world.joins(&who, &typed, "Mai").await.status, 200, "twice is once");
        assert_eq!(world.count("member").await, 1);
        let roster = world.in_class(&room, "/danh-sach").await;
        roster.says("Mai bán rau");
        roster.is_silent_about("\u{202e}");
        // Names that are long or in other scripts do not break the page.
        for (number, name) in
            [(1, "Ʈhào A Pủa 🌸".to_owned()), (2, "Ma".repeat(100)), (3, "<b>Lò</b> & \"Lả\"".to_owned())]
        {
            let learner = neighbour(number);
            world.registers(&learner).await;
            assert_eq!(world.joins(&learner, &typed, &name).await.status, 200, "{name}");
        }
        let page = world.in_class(&room, "").await;
        page.says("&lt;b&gt;Lò&lt;/b&gt;");
        // Trying codes ends.
        for _ in 0..100 {
            world.joins(&who, "111111", "Mai").await;
        }
        assert_eq!(world.joins(&who, &typed, "Mai").await.status, 429);
        // Whoever is erased is on no roster.
        world.ask(Method::POST, "/toi/xoa").bearer(&who).form(&[("sure", "yes")]).send().await;
        world.in_class(&room, "/danh-sach").await.is_silent_about("Mai bán rau");
    });
}

#[test]
fn nobody_is_written_down_who_did_not_agree() {
    on_sqlite(|world| async move {
        let room = world.opens_a_class().await;
        let before = world.everything().await;
        let add = |fields: Vec<(&'static str, &'static str)>| {
            let (world, room) = (&world, &room);
            async move { world.does_in_class(room, "/danh-sach", &fields).await }
        };
        let cases = [
            vec![("name", "Cà Thị Nọi"), ("born", "1960")],
            vec![("name", ""), ("consent", "yes")],
            vec![("name", "12"), ("consent", "yes")],
            vec![("name", "Cà Thị Nọi"), ("born", "60"), ("consent", "yes")],
            vec![("name", "Cà Thị Nọi"), ("born", "1860"), ("consent", "yes")],
            vec![("name", "Cà Thị Nọi"), ("place", "Xã Không Có"), ("consent", "yes")],
            // A parent agrees for whoever is under sixteen.
            vec![("name", "Cà Thị Nọi"), ("born", "2014"), ("consent", "yes")],
        ];
        for fields in cases {
            let answer = add(fields.clone()).await;
            assert_eq!(answer.status, 422, "{fields:?}");
            answer.says(fields[0].1);
        }
        assert_eq!(world.everything().await, before);
        assert_eq!(world.count("member").await, 0);
        // Without a birth year they are on the roster, and not counted.
        assert_eq!(add(vec![("name", "Cà Thị Nọi"), ("consent", "yes")]).await.status, 303);
        assert_eq!((world.count("member").await, world.count("learner").await), (1, 0));
        let page = world.in_class(&room, "/danh-sach").await;
        page.says("Thiếu năm sinh");
        // With it they become a learner, whose learning counts where they live.
        let (_, members) = world.store.roster(room.trainer.id, room.id).await.expect("read").expect("theirs");
        let id = members[0].id;
        let fields = [("act", "change"), ("name", "Cà Thị Nọi"), ("born", "1960"), ("sex", "female"), ("edition", "1")];
        let changed = world.does_in_class(&room, &format!("/nguoi/{id}"), &fields).await;
        assert_eq!(changed.status, 303, "{}", changed.body());
        assert_eq!(world.count("learner WHERE unit = '03727' AND birth_year = 1960 AND sex = 'female'").await, 1);
        world.agrees().await;
    });
}

#[test]
fn of_two_changes_at_once_none_is_lost() {
    on_sqlite(|world| async move {
        let room = world.opens_a_class().await;
        let id = world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
        let page = format!("/nguoi/{id}");
        let change = |name: &'static str, edition: &'static str| {
            let (world, room, page) = (&world, &room, page.clone());
            async move {
                let fields =
                    [("act", "change"), ("name", name), ("born", "1961"), ("sex", "female"), ("edition", edition)];
                world.does_in_class(room, &page, &fields).await
            }
        };
        assert_eq!(change("Cà Thị Nọi Lớn", "1").await.status, 303);
        let second = change("Cà Thị Nọi Bé", "1").await;
        assert_eq!(second.status, 409);
        second.says("Có người khác vừa sửa");
        second.says("Cà Thị Nọi Bé");
        world.in_class(&room, "/danh-sach").await.says("Cà Thị Nọi Lớn");
        let gone = world.does_in_class(&room, &page, &[("act", "remove"), ("sure", "yes"), ("edition", "1")]).await;
        assert_eq!(gone.status, 409);
        assert_eq!(change("Cà Thị Nọi Bé", "2").await.status, 303);
        assert_eq!(world.count("learner WHERE birth_year = 1961").await, 1);
        world.does_in_class(&room, &page, &[("act", "remove"), ("edition", "3")]).await;
        assert_eq!(world.count("member").await, 1, "not by one tap");
        world.does_in_class(&room, &page, &[("act", "remove"), ("sure", "yes"), ("edition", "3")]).await;
        assert_eq!((world.count("member").await, world.count("learner").await), (0, 1));
        world.agrees().await;
    });
}

on_both!(attendance_is_one_mark_each, |world| async move {
    let room = world.opens_a_class().await;
    let noi = world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
    let do_ = world.is_written_down(&room, "Quàng Văn Dơ", "1970").await;
    let today = day_of(NOW);
    let day = today.to_string();
    let mark = |who: MemberId, state: &'static str| {
        let (world, room, day) = (&world, &room, day.clone());
        async move { world.does_in_class(room, "/diem-danh", &[("day", &day), (&format!("m-{who}"), state)]).await }
    };
    let marked = mark(noi, "present").await;
    assert_eq!(marked.status, 303);
    assert!(marked.header("location").ends_with(&format!("#{noi}")), "back to where one was");
    mark(do_, "late").await;
    mark(noi, "present").await;
    let of = |day| {
        let (world, room) = (&world, &room);
        async move { world.store.class_day(room.trainer.id, room.id, day).await.expect("read").expect("theirs") }
    };
    let list = of(today).await;
    let states: Vec<_> = list.people.iter().map(|(_, mark)| mark.map(|mark| mark.state)).collect();
    assert_eq!(states, [Some(Attendance::Present), Some(Attendance::Late)]);
    assert!(list.corrections.is_empty(), "on the day itself nothing is a correction");
    mark(noi, "").await;
    assert_eq!(of(today).await.people[0].1, None, "a second tap takes it back");
    mark(noi, "excused").await;
    world.does_in_class(&room, "/diem-danh", &[("day", &day), ("act", "unnamed"), ("unnamed", "3")]).await;
    world.in_class(&room, "/diem-danh").await.says("Có mặt 4 trên 5 người");
    // A day later it is a correction, with who and when.
    world.set_clock(NOW + DAY_MS);
    let room = Room { token: world.signed_in(&room.trainer).await, ..room };
    let late = [("day", day.as_str()), (&format!("m-{noi}"), "present")];
    assert_eq!(world.does_in_class(&room, "/diem-danh", &late).await.status, 303);
    let of = |day| {
        let (world, room) = (&world, &room);
        async move { world.store.class_day(room.trainer.id, room.id, day).await.expect("read").expect("theirs") }
    };
    let list = of(today).await;
    assert_eq!(list.corrections.len(), 1);
    let correction = &list.corrections[0];
    assert_eq!((correction.before, correction.after), (Some(Attendance::Excused), Some(Attendance::Present)));
    assert_eq!((correction.by, correction.at), (Some(room.trainer.id), NOW + DAY_MS));
    let page = world.in_class(&room, &format!("/diem-danh?ngay={day}")).await;
    page.says("Có phép đổi thành Có mặt");
    page.says("Lò Thị Mai sửa");
    // Not of a day to come, and the trainer is on no list.
    let tomorrow = (today + chrono::Days::new(9)).to_string();
    let ahead = world.does_in_class(&room, "/diem-danh", &[("day", &tomorrow), (&format!("m-{noi}"), "present")]).await;
    assert_eq!(ahead.status, 404);
    assert_eq!(world.count("member WHERE name LIKE '%Mai%'").await, 0);
});

on_both!(what_a_trainer_saw_is_a_witness_of_its_own, |world| async move {
    let room = world.opens_a_class().await;
    let noi = world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
    let saw = |lesson: &'static str, deed: SeenDeed, held: Held| {
        let (world, room) = (&world, &room);
        async move {
            let fields = [("act", "seen"), ("lesson", lesson), ("deed", deed.as_str()), ("held", held.as_str())];
            world.does_in_class(room, &format!("/nguoi/{noi}"), &fields).await.status
        }
    };
    assert_eq!(saw(KEEP_ACCOUNT, SeenDeed::Heard, Held::HelperHeld).await, 200);
    assert_eq!(saw(KEEP_ACCOUNT, SeenDeed::Practised, Held::HelperSpoke).await, 200);
    assert_eq!(saw(KEEP_ACCOUNT, SeenDeed::Did, Held::HelperHeld).await, 200);
    assert_eq!(saw(TRANSFER, SeenDeed::Did, Held::Alone).await, 200);
    // Not of a lesson that the class is not about, and not without saying who held the phone.
    assert_eq!(saw("an-toan/duong-link-la", SeenDeed::Did, Held::Alone).await, 422);
    let half = world.does_in_class(&room, &format!("/nguoi/{noi}"), &[("act", "seen"), ("lesson", TRANSFER)]).await;
    assert_eq!(half.status, 422);
    for (step, people) in [
        (Step::Heard, 1),
        (Step::PractisedWithHelp, 1),
        (Step::Practised, 0),
        (Step::DidWithHelp, 1),
        (Step::DoesAlone, 1),
    ] {
        let of = |witness: Witness| {
            format!(
                "tally_people WHERE track = 'thanh-toan' AND step = '{}' AND witness = '{}'",
                step.as_str(),
                witness.as_str()
            )
        };
        assert_eq!(world.people(&of(Witness::Trainer)).await, people, "{step:?}");
        assert_eq!(world.people(&of(Witness::Self_)).await, 0, "{step:?}: nobody said it of themselves");
    }
    let rows = world.count(&format!("event WHERE trainer = '{}' AND seen IS NOT NULL", room.trainer.id)).await;
    assert_eq!(rows, 4);
    world.agrees().await;
});

#[test]
fn only_a_trainer_has_seen_something() {
    on_sqlite(|world| async move {
        let room = world.opens_a_class().await;
        let who = mai();
        world.registers(&who).await;
        let lesson = lesson(KEEP_ACCOUNT);
        let what =
            What::Witnessed { lesson: lesson_id(KEEP_ACCOUNT), version: lesson.version.clone(), deed: SeenDeed::Did };
        let mut story = who.story().numbered_from(10).happens(what).starts(KEEP_ACCOUNT);
        assert_eq!(world.sends(story.clone(), &who).await.results(), ["not_seen", "stored"]);
        story.events[0].seen = Some(Held::Alone);
        story.events[1].seen = Some(Held::Alone);
        story.events[1].id = Uuid::from_u128(99);
        assert_eq!(world.sends(story.clone(), &who).await.results(), ["not_seen", "not_seen"]);
        assert_eq!(world.people("tally_people WHERE witness = 'trainer'").await, 0);
        // A trainer sees those of their own classes alone.
        let day = |held| domain::sync::Event { seen: held, ..story.events[0].clone() };
        let take = |trainer, event| {
            let world = &world;
            let who = who.clone();
            async move {
                let unit_known = |_| true;
                let (from, proof) = (&who.credentials, store::Proof::Trainer(trainer));
                let intake = store::Intake { from, proof, received_at: NOW, unit_known: &unit_known };
                world.store.take_in(&intake, &[Ok(event)]).await
            }
        };
        assert!(matches!(take(room.trainer.id, day(Some(Held::Alone))).await, Err(store::IntakeError::NotYours)));
        let code = world.code_of(&room).await;
        world.joins(&who, code.as_str(), "Mai").await;
        assert_eq!(
            take(room.trainer.id, day(Some(Held::Alone))).await.expect("theirs"),
            [domain::sync::Outcome::Stored]
        );
        world.store.close_staff(room.trainer.id, true, None, NOW).await.expect("closed");
        assert!(take(room.trainer.id, day(Some(Held::Alone))).await.is_err());
    });
}

#[test]
fn the_class_view_says_whom_to_visit() {
    on_sqlite(|world| async move {
        let room = world.opens_a_class().await;
        let code = world.code_of(&room).await;
        let noi = world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
        let who = mai();
        world.registers(&who).await;
        world.joins(&who, code.as_str(), "Mai").await;
        let (_, members) = world.store.roster(room.trainer.id, room.id).await.expect("read").expect("theirs");
        let day = day_of(NOW).to_string();
        for member in &members {
            let fields = [("day", day.as_str()), (&format!("m-{}", member.id), "present")];
            world.does_in_class(&room, "/diem-danh", &fields).await;
        }
        let note = |place: &'static str, wrong: u32, at: i64| {
            let (world, who) = (&world, &who);
            async move {
                let lesson = lesson_id(KEEP_ACCOUNT);
                world.store.note_place(&who.credentials, &lesson, place, wrong, at).await.expect("noted")
            }
        };
        assert!(note("cau-1", 0, NOW + 1_000).await);
        assert!(note("cau-1", 3, NOW + 60_000).await);
        world.set_clock(NOW + 60_000);
        let page = world.in_class(&room, "").await;
        let (wrong, no_phone) = (page.text.find("Bấm sai 3 lần"), page.text.find("Không có điện thoại"));
        assert!(wrong.expect("why") < no_phone.expect("why"), "the most pressing first: {}", page.body());
        page.says("Có mặt 2 trên 2 người");
        // Whoever was helped is not visited first, and whoever goes on is not visited.
        let fields = [("act", "seen"), ("lesson", KEEP_ACCOUNT), ("deed", "heard"), ("held", "helper_held")];
        world.does_in_class(&room, &format!("/nguoi/{noi}"), &fields).await;
        assert!(note("cau-2", 0, NOW + 70_000).await);
        let page = world.in_class(&room, "").await;
        page.is_silent_about("Bấm sai");
        page.is_silent_about("Không có điện thoại");
        page.says("Đã học cùng hôm nay");
        // Whoever is in no class is not watched.
        let alone = neighbour(3);
        world.registers(&alone).await;
        let lesson = lesson_id(KEEP_ACCOUNT);
        assert!(!world.store.note_place(&alone.credentials, &lesson, "x", 0, NOW).await.expect("asked"));
        assert_eq!(world.count("member_place").await, 1);
    });
}

/// A multipart form with one file.
async fn uploads(world: &World, room: &Room, name: &str, bytes: &[u8]) -> Answer {
    let mut body = format!(
        "--hocso\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--hocso--\r\n");
    let ask = world.ask(Method::POST, &room.path("/danh-sach/tep")).staff(&room.token);
    ask.body("multipart/form-data; boundary=hocso", body).send().await
}

#[test]
fn a_file_is_shown_before_anything_is_saved() {
    on_sqlite(|world| async move {
        let room = world.opens_a_class().await;
        world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
        let before = world.everything().await;
        let file = "UBND XÃ MƯỜNG É\n\nSTT,Họ và tên,Năm sinh,Giới tính,Số CCCD,Xã\n\
            1,Lò Văn Sương,1958,Nam,014058001234,Mường É\n\
            2,Quàng Thị Xuân,05/07/61,Nữ,014161001235,\n\
            3,Cà Thị Nọi,1960,nữ,014160001236,Mường É\n\
            4,Hà Thị Mới,31/02/1970,Nữ,,\n\
            5,Lường Văn Én,2012,Nam,,\n";
        let shown = uploads(&world, &room, "ds.csv", file.as_bytes()).await;
        assert_eq!(shown.status, 200, "{}", shown.body());
        for said in [
            "5 dòng, 1 dòng cần sửa",
            "Lò Văn Sương",
            "Có phải 1961 không",
            "Đã có: Cà Thị Nọi",
            "Ngày sinh không có thật",
            "Số CCCD",
        ] {
            shown.says(said);
        }
        shown.is_silent_about("014058001234");
        assert_eq!(world.everything().await, before, "nothing is saved until somebody says so");
        assert_eq!(world.count("member").await, 1);
        let page = "/danh-sach/tep";
        let row = |no: u32, name: &str, born: &str, sex: &str, more: &str| {
            let mut fields = vec![
                (format!("n-{no}"), name.to_owned()),
                (format!("b-{no}"), born.to_owned()),
                (format!("s-{no}"), sex.to_owned()),
                (format!("u-{no}"), String::new()),
            ];
            fields.extend(more.chars().map(|mark| (format!("{mark}-{no}"), "yes".to_owned())));
            fields
        };
        let send = |rows: Vec<Vec<(String, String)>>| {
            let fields: Vec<(String, String)> = rows.into_iter().flatten().collect();
            let ask = world.ask(Method::POST, &room.path(page)).staff(&room.token).form(&fields);
            async move { ask.send().await }
        };
        // Nobody is taken who did not agree; one bad row holds up all, and what was typed stays.
        assert_eq!(send(vec![row(4, "Lò Văn Sương", "1958", "male", "")]).await.status, 422);
        let bad =
            send(vec![row(4, "Lò Văn Sương", "1958", "male", "t"), row(8, "Lường Văn Én", "2012", "male", "t")]).await;
        assert_eq!(bad.status, 422);
        bad.says("người giám hộ");
        bad.says("Lò Văn Sương");
        assert_eq!(world.count("member").await, 1);
        let all = vec![
            row(4, "Lò Văn Sương", "1958", "male", "t"),
            row(5, "Quàng Thị Xuân", "1961", "female", "t"),
            row(6, "Cà Thị Nọi", "1960", "female", ""),
            row(8, "Lường Văn Én", "2012", "male", "tg"),
        ];
        assert_eq!(send(all).await.status, 303);
        assert_eq!((world.count("member").await, world.count("learner").await), (4, 4));
        world.agrees().await;
        // Nothing else of the sheet is anywhere in the database.
        let marked = world.count("member WHERE name LIKE '%0140%'").await;
        assert_eq!(marked, 0);
        for (name, bytes) in
            [("a.pdf", &b"%PDF-1.7"[..]), ("a.csv", b""), ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")]
        {
            let answer = uploads(&world, &room, name, bytes).await;
            assert_eq!(answer.status, 422, "{name}");
            answer.says("id=\"file-error\"");
        }
        let none = world.ask(Method::POST, &room.path(page)).staff(&room.token);
        let none = none.body("multipart/form-data; boundary=hocso", "--hocso--\r\n").send().await;
        assert_eq!(none.status, 422);
    });
}

on_both!(a_thousand_people_come_onto_a_roster_at_once, |world| async move {
    let room = world.opens_a_class().await;
    let fields: Vec<(String, String)> = (1..=1_000u32)
        .flat_map(|no| {
            let born = 1950 + no % 50;
            [
                (format!("n-{no}"), format!("Lò Văn Số {}", char::from(b'a' + (no % 26) as u8))),
                (format!("b-{no}"), born.to_string()),
                (format!("t-{no}"), "yes".to_owned()),
            ]
        })
        .collect();
    let ask = world.ask(Method::POST, &room.path("/danh-sach/tep")).staff(&room.token).form(&fields);
    let answer = ask.send().await;
    assert_eq!(answer.status, 303, "{}", &answer.text[..200.min(answer.text.len())]);
    assert_eq!(world.count("member").await, 1_000);
    world.agrees().await;
});

on_both!(two_records_of_one_person_stand_on_a_roster_once, |world| async move {
    let room = world.opens_a_class().await;
    let code = world.code_of(&room).await;
    let (one, other) = (mai(), neighbour(5));
    for who in [&one, &other] {
        world.registers(who).await;
        assert_eq!(world.joins(who, code.as_str(), "Mai").await.status, 200);
    }
    let (_, members) = world.store.roster(room.trainer.id, room.id).await.expect("read").expect("theirs");
    let today = day_of(NOW);
    world
        .store
        .mark(room.trainer.id, room.id, today, members[1].id, Some(Attendance::Present), NOW)
        .await
        .expect("marked");
    let card = crate::staff::link();
    assert!(world.store.make_card(&one.credentials, &card, NOW).await.expect("a card"));
    world.store.bring(&card, &other.credentials, true, NOW).await.expect("brought");
    let (_, members) = world.store.roster(room.trainer.id, room.id).await.expect("read").expect("theirs");
    assert_eq!(members.len(), 1);
    let list = world.store.class_day(room.trainer.id, room.id, today).await.expect("read").expect("theirs");
    assert_eq!(
        list.people[0].1.map(|mark| mark.state),
        Some(Attendance::Present),
        "what the other was there for stays"
    );
    world.agrees().await;
    let gone = world.store.remove_member(room.trainer.id, room.id, members[0].id, 7, NOW).await.expect("asked");
    assert!(matches!(gone, Changed::Meanwhile(_)));
});
