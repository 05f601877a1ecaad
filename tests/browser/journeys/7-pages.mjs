// Every kind of page: no barrier in light and dark, nothing over the edge at 320 px or with letters twice as large.
// With `--shots DIR` each is also drawn, on a phone and on a desktop, in light and dark, for somebody to look at.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { a11y, noOverflow, same, t } from "../world.mjs";
import { BA, MAI, choose, leave, opened, person, touch } from "../family.mjs";
import { answer, answersOf, check, finish, lessonPath, lessonsOf, pick } from "../lesson.mjs";
import { DRILL, arrive, begin, go, hold, machineOf, practicePath, press, right, simulators, way } from "../practice.mjs";
import { LINH, erase, flushed, seek, stateEthnic, tellProfile, toProfile } from "../person.mjs";
import { acceptInvitation, addCodeApp, join, letIn, openClass, staffed } from "../staff.mjs";

const PHONE = { width: 360, height: 640 };
const SMALL = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 900 };
const TWICE = "225%";

const letters = (page, size) => page.evaluate((size) => void (document.documentElement.style.fontSize = size), size);

const look = async (visitor, name) => {
  const { page, world } = visitor;
  const problems = [];
  const note = (found, how) => problems.push(...found.map((problem) => [problem, how]));
  await page.waitForLoadState();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    note(await a11y(page), colorScheme);
    if (!world.shots) continue;
    for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
      await page.setViewportSize(viewport);
      // Lazy pictures come when they are near.
      await page.evaluate(() => Promise.all([...document.images].map((image) => ((image.loading = "eager"), image.decode().catch(() => {})))));
      await page.screenshot({ path: path.join(world.shots, `${name}-${size}-${colorScheme}.png`), fullPage: true });
    }
    await page.setViewportSize(PHONE);
  }
  await page.emulateMedia({ colorScheme: "light" });
  for (const viewport of [SMALL, DESKTOP]) {
    await page.setViewportSize(viewport);
    note(await noOverflow(page), `${viewport.width} px`);
  }
  await page.setViewportSize(PHONE);
  await letters(page, TWICE);
  note(await noOverflow(page), "letters twice as large");
  if (world.shots) await page.screenshot({ path: path.join(world.shots, `${name}-large.png`), fullPage: true });
  await letters(page, "");
  return problems;
};

// Looks at all that `kinds` leads to: an async generator that yields the visitor and the name of what is on the screen.
const through = (kinds) => async (journey) => {
  const places = new Map();
  for await (const [visitor, name] of kinds(journey))
    for (const [problem, how] of await look(visitor, name)) places.set(problem, [...(places.get(problem) ?? []), `${name} (${how})`]);
  // The same fault of many pages is one fault.
  return [...places].map(([problem, where]) => `${problem}\n  on ${where.slice(0, 4).join(", ")}${where.length > 4 ? ` and ${where.length - 4} more` : ""}`);
};

async function* start(journey) {
  const visitor = await journey.visitor();
  visitor.expect(/^404 GET .*khong-co/);
  const [first] = await lessonsOf(visitor);
  const [track] = first.split("/");
  for (const [name, address] of Object.entries({
    home: "/", track: `/bai-hoc/${track}`, placement: "/bat-dau", glossary: "/tu-dien", booster: `${lessonPath(first)}/on-lai`,
    "for-real": `${lessonPath(first)}/lam-that`, "certificate-not-yet": `/bai-hoc/${track}/chung-nhan`,
    "certificate-unknown": "/chung-nhan/khong-co-ma-nay", progress: "/tien-do", about: "/gioi-thieu", "statistics-empty": "/thong-ke",
    lost: "/khong-co", "mine-nothing": "/toi", consent: "/dong-y", "home-english": "/en", "track-english": `/en/bai-hoc/${track}`,
  })) {
    await visitor.go(address);
    yield [visitor, name];
  }
}

async function* questions(journey) {
  const visitor = await journey.visitor();
  const { page } = visitor;
  const seen = new Set();
  for (const [nth, id] of (await lessonsOf(visitor)).entries()) {
    await visitor.go(lessonPath(id));
    await visitor.ready();
    if (!nth) {
      yield [visitor, "lesson-step"];
      await page.goto(`${lessonPath(id)}#b2`);
      yield [visitor, "lesson-step-2"];
    }
    for (const question of await answersOf(page)) {
      if (seen.has(question.kind)) continue;
      seen.add(question.kind);
      await page.goto(`${lessonPath(id)}#${question.page}`);
      yield [visitor, `question-${question.kind}`];
      await answer(page, question, question.wrong[0].word, question.wrong[0].mark);
      yield [visitor, `question-${question.kind}-wrong`];
      await answer(page, question);
      yield [visitor, `question-${question.kind}-right`];
    }
    if (seen.size === 4) break;
  }
  same(seen.size, 4, "kinds of questions");
}

async function* counted(journey) {
  const visitor = await journey.visitor();
  visitor.expect(/^422 POST \/dong-y\/ho-so/);
  const { page } = visitor;
  const [first] = await lessonsOf(visitor);
  await visitor.go(lessonPath(first));
  await finish(visitor);
  await page.locator("#xong [data-ask]:visible").waitFor();
  await page.locator("#xong [data-stitch].on").first().waitFor();
  yield [visitor, "end"];
  for (const id of ["ghi-nho", "lam-that"]) {
    await page.goto(`${lessonPath(first)}#${id}`);
    await page.locator(`#${id}[data-now]`).waitFor();
    await page.locator(`#${id} details`).evaluateAll((all) => all.forEach((one) => (one.open = true)));
    yield [visitor, id];
  }
  await visitor.go("/");
  await page.locator("[data-stitch].on").waitFor();
  yield [visitor, "home-going-on"];
  await visitor.go("/tien-do");
  await page.locator("[data-stitch].on").waitFor();
  yield [visitor, "progress-going-on"];
  await toProfile(visitor);
  yield [visitor, "profile"];
  await seek(visitor, "song ma");
  await page.locator("#place-cards .choice").first().waitFor();
  yield [visitor, "profile-places"];
  await visitor.tell("#place", "xyzzy");
  await page.locator("button[name=send]").click();
  await page.locator("[role=alert]").waitFor();
  yield [visitor, "profile-faults"];
  await tellProfile(visitor, LINH);
  yield [visitor, "ethnic"];
  await stateEthnic(visitor, "Thái");
  await flushed(visitor);
  await visitor.mine();
  yield [visitor, "mine"];
  await visitor.go("/en/toi");
  await page.locator("main[data-personal=mine]").waitFor();
  yield [visitor, "mine-english"];
  await erase(visitor);
  yield [visitor, "erased"];
}

// Every screen there is, one by one: nothing on it is hard to read. Through the watermark and over a gradient axe judges
// nothing, so the one is taken away and the other is its lighter end.
const readable = async ({ page }, lesson, machine) => {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".phone::after { display: none } [data-app=home] .glass { background: #4F5A9B !important }");
    document.adoptedStyleSheets = [sheet];
  });
  const faults = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const at of machine.keys()) {
      await page.locator(".screen").evaluateAll((all, at) => all.forEach((one, nth) => (one.hidden = nth !== at)), at);
      faults.push(...(await a11y(page)).map((fault) => `screen ${at} of ${lesson}, ${colorScheme}: ${fault}`));
    }
  }
  return faults;
};

// Those that are walked in every look, one of each kind; of the others only the screens.
const WALKED = {
  "a transfer practised": "thanh-toan/chuyen-tien-khong-nham",
  "keeping a code": "thanh-toan/giu-tai-khoan",
  "paying by code": "thanh-toan/quet-ma-o-cho",
  "showing a card": "dich-vu-cong/vneid-can-cuoc-tren-dien-thoai",
  "a real app": "an-toan/ung-dung-that",
};

async function* practices(journey) {
  const visitor = await journey.visitor();
  const all = await simulators(visitor);
  same(Object.values(WALKED).filter((lesson) => !all.includes(lesson)), [], "simulators that are not there");
  yield [visitor, "practices"];
  const faults = [];
  for (const lesson of all.filter((lesson) => !Object.values(WALKED).includes(lesson))) {
    await visitor.go(practicePath(lesson));
    await visitor.ready();
    const machine = await machineOf(visitor.page);
    await begin(visitor.page, "guided");
    await arrive(visitor.page, 0);
    faults.push(...(await readable(visitor, lesson, machine)));
  }
  same(faults, [], "screens that are hard to read");
}

// One simulator; its screens are of a few kinds, so that every third shows what there is.
const practice = (lesson) =>
  async function* (journey) {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const name = `practice-${lesson.split("/")[1]}`;
    await visitor.go(practicePath(lesson));
    await visitor.ready();
    yield [visitor, name];
    const machine = await machineOf(page);
    await begin(page, "guided");
    for (const [at, step] of way(machine, right).entries()) {
      await arrive(page, step[0]);
      if (at % 3 === 0) yield [visitor, `${name}-${step[0]}`];
      // A screen that goes on by itself may be gone by now.
      if (await page.locator(`[data-screen="${step[0]}"]:visible`).count()) await press(page, machine, step);
    }
    await page.locator("[data-made]:visible").waitFor();
    yield [visitor, `${name}-end`];
    await hold(page, "alone");
    await page.locator(".result button[name=again]").click();
    await begin(page, "wrong-0");
    const [at, place] = machine.flatMap((moves, at) => moves.map((move, place) => [at, place, move])).find(([, , move]) => move.mark === "m0");
    await go(page, machine, way(machine, (move) => !/^[mc]/.test(move.mark), 0, (screen) => screen === at));
    yield [visitor, `${name}-wrong`];
    await press(page, machine, [at, place]);
    await page.locator(".back:visible").waitFor();
    yield [visitor, `${name}-mistake`];
    same(await readable(visitor, lesson, machine), [], "screens that are hard to read");
  };

async function* drills(journey) {
  const visitor = await journey.visitor();
  const { page } = visitor;
  await visitor.go(DRILL);
  await visitor.ready();
  yield [visitor, "drill"];
  await page.locator("button[name=begin]:visible").click();
  for (let at = 1; at <= 6; at++) {
    await page.locator("[data-n=case]", { hasText: String(at) }).waitFor();
    if (at < 3) yield [visitor, `drill-${at}`];
    await page.locator("button[name=answer][value=h]:visible").click();
    await page.locator("[data-verdict]:visible").waitFor();
    if (at < 3) yield [visitor, `drill-${at}-over`];
    await page.locator("button[name=answer][value=n]:visible").click();
  }
  await page.locator("[data-result]:visible").waitFor();
  yield [visitor, "drill-end"];
  await visitor.go(`/en${DRILL}`);
  yield [visitor, "drill-english"];
}

// As it is before any script, or with none.
async function* plain(journey) {
  const visitor = await journey.visitor();
  const { page } = visitor;
  visitor.expect(/\/a\/app-.*net::ERR_FAILED/, /^422 POST /);
  await page.route("**/a/app*.js", (route) => route.abort());
  const [first] = await lessonsOf(visitor);
  await visitor.go(lessonPath(first));
  yield [visitor, "plain-lesson"];
  const [one] = await answersOf(page);
  await pick(page, one, one.wrong[0].word);
  await check(page, one, one.wrong[0].mark);
  await page.locator("button[name=finish]").click();
  await page.locator("[role=alert]").waitFor();
  yield [visitor, "plain-lesson-open"];
  await visitor.go(lessonPath(first, "/en"));
  yield [visitor, "plain-lesson-english"];
  for (const question of await answersOf(page)) await pick(page, question, question.right);
  await page.locator("button[name=finish]").click();
  await page.locator("#xong:visible").waitFor();
  yield [visitor, "plain-end-english"];
}

// This phone, alone and shared; the card that is made and the one that is shown.
async function* device(journey) {
  const visitor = await journey.visitor({ serviceWorkers: "allow" });
  visitor.expect(/^422 POST \/the/, /ERR_FAILED/);
  const { page } = visitor;
  const [first] = await lessonsOf(visitor);
  await visitor.go(lessonPath(first));
  await finish(visitor);
  await opened(visitor);
  yield [visitor, "device"];
  await page.locator("[data-add]").click();
  yield [visitor, "device-pad"];
  await choose(page, MAI);
  await page.locator("#pad", { hasText: t("device-pad-new") }).waitFor();
  yield [visitor, "device-pad-new"];
  await choose(page, BA);
  await page.waitForURL("**/");
  await leave(visitor, BA);
  yield [visitor, "device-nobody"];
  await person(page, MAI).locator("[data-enter]").click();
  await page.locator("[data-pad-forgot] summary").click();
  yield [visitor, "device-enter"];
  await touch(page, BA.pictures);
  await page.locator("[data-pad-fault]:visible").waitFor();
  yield [visitor, "device-wrong"];
  await touch(page, MAI.pictures);
  await page.waitForURL("**/");
  await opened(visitor);
  await page.locator("form[data-make-card] button").click();
  await page.locator("[data-card-actions]:visible").waitFor();
  yield [visitor, "my-card-here"];
  await toProfile(visitor);
  await tellProfile(visitor, LINH);
  await visitor.go("/toi");
  await page.locator("main[data-personal=mine] form[data-make-card] button").click();
  await page.locator("[data-card-actions]:visible").waitFor();
  yield [visitor, "my-card"];
  await visitor.go("/the");
  await page.locator("[data-whose]:visible").waitFor();
  await page.locator("#code").fill("3467-9ACD");
  await page.locator("form[data-bring] .btn-main").click();
  await page.locator("#code-error").waitFor();
  yield [visitor, "card-wrong"];
  await visitor.go("/en/may-nay");
  await page.locator("[data-module][data-ready]").waitFor();
  yield [visitor, "device-english"];
}

async function* figures(journey) {
  const visitor = await journey.visitor({ server: await journey.world.statistics() });
  const [first] = await lessonsOf(visitor);
  for (const [name, address] of Object.entries({
    statistics: "/thong-ke", "statistics-track": `/thong-ke/${first.split("/")[0]}?xep=ten`, "statistics-english": "/en/thong-ke",
    "statistics-step": "/thong-ke?buoc=tu-tap&ban=3", "statistics-unit": "/thong-ke/xa/03646", "statistics-releases": "/thong-ke/ban",
  })) {
    await visitor.go(address);
    await visitor.page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
    yield [visitor, name];
  }
}

async function* staff(journey) {
  const { server, code } = await staffed(journey.world, "pages-staff.sqlite");
  const chief = await journey.visitor({ server });
  chief.expect(/^422 POST/, /^404 GET/);
  await chief.go("/can-bo/moi");
  yield [chief, "staff-invited"];
  await chief.go("/can-bo/dang-nhap");
  yield [chief, "staff-sign-in"];
  await acceptInvitation(chief, code);
  yield [chief, "staff-code-app"];
  await addCodeApp(chief);
  yield [chief, "staff-recovery-codes"];
  const trainer = await letIn(chief, "Lò Thị Mai", "Mường É\nChiềng Khoong");
  yield [chief, "staff-link"];
  await chief.go("/can-bo/nhan-su");
  await chief.page.locator("#them summary").click();
  await chief.page.locator("button[value=add]").click();
  await chief.page.locator("[role=alert]").waitFor();
  yield [chief, "staff-people"];
  for (const [name, address] of Object.entries({ home: "/can-bo", account: "/can-bo/tai-khoan", audit: "/can-bo/nhat-ky", english: "/en/can-bo/nhat-ky", lost: "/can-bo/lop" })) {
    await chief.go(address);
    yield [chief, `staff-${name}`];
  }
  await chief.page.goto(`${server.origin}/can-bo/nhan-su`);
  await chief.page.locator("tbody a", { hasText: "Lò Thị Mai" }).click();
  yield [chief, "staff-person"];

  const visitor = await journey.visitor({ server });
  const { page } = visitor;
  visitor.expect(/^422 POST/);
  await acceptInvitation(visitor, trainer.code);
  await visitor.go("/can-bo/lop");
  yield [visitor, "class-none"];
  const room = await openClass(visitor);
  yield [visitor, "class-empty"];
  const phone = await journey.visitor({ server });
  phone.expect(/^422 POST/);
  await phone.go("/lop");
  yield [phone, "join"];
  await join(phone, room.code, "Linh Sương");
  await phone.page.locator("main .notice .btn-main").waitFor();
  yield [phone, "join-consent"];
  await toProfile(phone);
  await tellProfile(phone, LINH);
  await join(phone, room.code, "Linh Sương");
  await phone.page.locator("[data-joined]").waitFor();
  yield [phone, "joined"];
  await visitor.go(`${room.path}/danh-sach`);
  await page.locator("#them summary").click();
  await page.locator("button[value=add]").click();
  await page.locator("[role=alert]").waitFor();
  yield [visitor, "class-roster-wrong"];
  for (const [name, born] of [["Cà Thị Nọi", "1958"], ["Quàng Văn Én", ""], ["Ma".repeat(60), "1970"]]) {
    await visitor.go(`${room.path}/danh-sach`);
    await page.locator("#them summary").click();
    await page.locator("#name").fill(name);
    await page.locator("#born").fill(born);
    await page.locator("input[name=consent]").check();
    await page.locator("button[value=add]").click();
    await page.locator("tbody tr", { hasText: name }).waitFor();
  }
  yield [visitor, "class-roster"];
  await page.locator("tbody a", { hasText: "Quàng Văn Én" }).click();
  yield [visitor, "class-member-not-counted"];
  await visitor.go(`${room.path}/danh-sach`);
  await page.locator("tbody a", { hasText: "Cà Thị Nọi" }).click();
  yield [visitor, "class-member"];
  await visitor.go(`${room.path}/diem-danh`);
  for (const name of ["Cà Thị Nọi", "Linh Sương"]) {
    await page.locator(".rows li", { hasText: name }).locator(".mark[data-state=present]").click();
    await page.locator(".rows li", { hasText: name }).locator("[aria-pressed=true]").waitFor();
  }
  yield [visitor, "class-attendance"];
  await visitor.go(room.path);
  yield [visitor, "class-now"];
  await visitor.go(`${room.path}/the`);
  yield [visitor, "class-cards"];
  await visitor.go(`${room.path}/danh-sach/tep`);
  yield [visitor, "class-file"];
  const file = path.join(visitor.world.folder, "pages.csv");
  await writeFile(file, "Họ và tên;Ngày sinh;Giới tính;Số CCCD;Xã\nLò Văn Sương;05/07/61;Nam;014058001234;Mường É\nHà Thị Mới;31/02/1970;Nữ;;\nLường Văn Én;2014;;;Xã Không Có\nCà Thị Nọi;1958;nữ;;\n");
  await page.locator("#file").setInputFiles(file);
  await page.locator("form[enctype] button").click();
  await page.locator("h2", { hasText: t("classes-file-preview") }).waitFor();
  yield [visitor, "class-file-preview"];
  await page.locator("button[value=all]").click();
  await page.locator("button[value=take]").click();
  await page.locator("[role=alert]").waitFor();
  yield [visitor, "class-file-again"];
  await visitor.go("/can-bo/lop");
  yield [visitor, "classes"];
  await visitor.go(`/en${room.path}`);
  yield [visitor, "class-english"];
}

export const journeys = {
  "pages: before anything is learnt": through(start),
  "pages: a step and every kind of question": through(questions),
  "pages: the end, and being counted": through(counted),
  "pages: without any script": through(plain),
  ...Object.fromEntries(Object.entries(WALKED).map(([name, lesson]) => [`pages: ${name}`, through(practice(lesson))])),
  "pages: every screen of the other simulators": through(practices),
  "pages: a drill": through(drills),
  "pages: this phone and the card": through(device),
  "pages: statistics": through(figures),
  "pages: those who work here, and a class": through(staff),
};
