// May your learning be counted? No, yes, and what is then held, taken away and deleted.
import { readFile } from "node:fs/promises";
import { holds, same, soon, t } from "../world.mjs";
import { doneOn, finish, finishByForm, lessonPath, lessonsOf } from "../lesson.mjs";
import {
  EVENTS, LINH, becomeCounted, cards, chosen, erase, flushed, nothingHeld, seek, skipEthnic, stateEthnic, tellProfile, toProfile,
} from "../person.mjs";

const TITLE = async (visitor, id) => {
  await visitor.go(lessonPath(id));
  return visitor.page.locator("h1").innerText();
};

const everyLessonOpen = async (visitor, lessons) => {
  for (const id of lessons) same(await visitor.go(lessonPath(id)), 200, `${id} is open`);
};

// What can be typed into the commune field, and what must come first; `only`: nothing else comes.
const FOUND = [
  ["Chiềng Khoong", "Xã Chiềng Khoong"],
  ["chieng khoong", "Xã Chiềng Khoong"],
  ["Tô Hiệu", "Phường Tô Hiệu"],
  ["to hieu", "Phường Tô Hiệu"],
  // Old communes that are now in another one.
  ["Mường Cai", "Xã Chiềng Khoong", "accounts-place-formerly", "Xã Mường Cai"],
  ["muong cai", "Xã Chiềng Khoong", "accounts-place-formerly", "Xã Mường Cai"],
  ["quyet thang", "Phường Tô Hiệu", "accounts-place-formerly", "Phường Quyết Thắng"],
];

const findPlaces = async (visitor) => {
  const { page } = visitor;
  await toProfile(visitor);
  for (const [typed, unit, about, old] of FOUND) {
    await seek(visitor, typed);
    await soon(async () => (await cards(page))[0], unit, `first found for ${typed}`);
    if (old) same(await page.locator("#place-cards small").first().innerText(), t(about, { name: old }), `said about ${typed}`);
    same(await chosen(page), 0, `nothing is chosen for ${typed}`);
  }
  // An old district gives all communes that lie in it.
  for (const typed of ["huyện Sông Mã", "song ma"]) {
    await seek(visitor, typed);
    const was = t("accounts-place-was-in", { name: "Huyện Sông Mã" });
    await soon(async () => (await page.locator("#place-cards small", { hasText: was }).count()) >= 8, true, `communes for ${typed}`);
  }
  // A near miss suggests and selects nothing.
  await seek(visitor, "chieng khong");
  await soon(async () => (await cards(page)).includes("Xã Chiềng Khoong"), true, "a near miss suggests");
  same(await chosen(page), 0, "a near miss selects nothing");
  await seek(visitor, "xyzzy");
  await soon(() => visitor.text("#place-cards"), t("accounts-place-none"), "nothing is called so");
};

const faults = (page) => page.locator("[data-profile] .error").evaluateAll((all) => all.map((one) => [one.id, one.innerText.trim()]));

// Empty: every field says what it needs. A near miss: the typed stays, and a choice is asked for.
const refusedProfiles = async (visitor) => {
  const { page } = visitor;
  visitor.expect(/^422 POST \/dong-y\/ho-so/);
  const send = async () => {
    await page.locator("button[name=send]").click();
    await page.locator("[role=alert]").waitFor();
  };
  await toProfile(visitor);
  await send();
  const empty = [["place-error", t("accounts-fault-place")], ["born-error", t("accounts-fault-born")], ["sex-error", t("accounts-fault-sex")]];
  same(await faults(page), empty, "faults of an empty form");
  same(await page.locator("[role=alert] a").evaluateAll((all) => all.map((a) => a.getAttribute("href"))), ["#place", "#born", "#sex"], "links to faults");
  same(await page.locator("#born").getAttribute("aria-invalid"), "true", "the field knows that it is wrong");
  if (visitor.js) holds(await page.evaluate(() => document.activeElement.matches("[role=alert]")), "the message has the focus");

  await seek(visitor, "chieng khong");
  await visitor.tell("#born", "2015");
  await page.locator("input[name=sex][value=male]").check();
  await page.locator("button[name=send]").click();
  const near = [["place-error", t("accounts-fault-choose")], ["guardian-error", t("accounts-fault-guardian")]];
  await soon(() => faults(page), near, "faults of a near miss of somebody under 16");
  same(await page.locator("#place").inputValue(), "chieng khong", "what was typed stays");
  same(await page.locator("#born").inputValue(), "2015", "the year stays");
  holds(await page.locator("input[name=sex][value=male]").isChecked(), "the choice stays");
  same(await chosen(page), 0, "a near miss selects nothing");
  holds((await cards(page)).includes("Xã Chiềng Khoong"), "suggestions come back with the faults");
  // A choice made stays too, and nothing that was wrong has been kept.
  await page.locator("#place-cards .choice", { has: page.getByText("Xã Chiềng Khoong", { exact: true }) }).click();
  await visitor.tell("#born", "57");
  await page.locator("button[name=send]").click();
  await soon(() => faults(page), [["born-error", t("accounts-fault-born")]], "faults of a year with two digits");
  same(await chosen(page), 1, "the chosen commune stays chosen");
};

export const journeys = {
  "consent: no, with JavaScript": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    await visitor.go(lessonPath(lessons[0]));
    await finish(visitor);
    // At the end of the lesson: the card goes and does not come back.
    await page.locator("#xong [data-decline]").click();
    await page.locator("#xong [data-ask]").waitFor({ state: "hidden" });
    holds(page.url().includes(lessonPath(lessons[0])), "saying no leads nowhere else");
    await visitor.go(lessonPath(lessons[1]));
    await finish(visitor);
    await soon(() => page.locator("#xong [data-stitch].on").count(), 2, "learning goes on");
    holds(!(await page.locator("#xong [data-ask]").isVisible()), "nobody is asked twice");
    // On the page of consent too.
    await visitor.go("/dong-y");
    await page.locator("form[data-consent] button[value=no]").click();
    await page.waitForURL((url) => url.pathname === "/");
    await soon(async () => (await doneOn(page)).sort(), lessons.slice(0, 2).sort(), "the phone keeps what was learnt");
    await everyLessonOpen(visitor, lessons);
    await nothingHeld(visitor);
    same(visitor.sent(EVENTS), [], "events sent");
    same(visitor.requests.filter(({ method }) => method !== "GET"), [], "anything sent");
    same((await visitor.phone()).outbox, [], "outbox");
  },

  "consent: no, without JavaScript": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    const { page, context } = visitor;
    const lessons = await lessonsOf(visitor);
    await visitor.go(lessonPath(lessons[0]));
    await finishByForm(visitor);
    await page.locator("#xong [data-decline]").click();
    await page.waitForURL((url) => url.pathname === "/");
    same(await doneOn(page), [lessons[0]], "the cookie keeps what was learnt");
    await visitor.go(lessonPath(lessons[1]));
    await finishByForm(visitor);
    holds(!(await page.locator("#xong [data-ask]").isVisible()), "nobody is asked twice");
    await visitor.go("/dong-y");
    await page.locator("form[data-consent] button[value=no]").click();
    await page.waitForURL((url) => url.pathname === "/");
    await everyLessonOpen(visitor, lessons);
    await nothingHeld(visitor);
    same((await context.cookies()).map(({ name }) => name).sort(), ["__Host-khong", "__Host-xong"], "cookies");
    holds((await context.cookies()).every(({ httpOnly, secure, sameSite }) => httpOnly && secure && sameSite === "Lax"), "cookies are guarded");
    same(visitor.sent(EVENTS), [], "events sent");
  },

  "consent: places and faults, with JavaScript": async (journey) => {
    const visitor = await journey.visitor();
    await refusedProfiles(visitor);
    await findPlaces(visitor);
    await nothingHeld(visitor);
  },

  "consent: places and faults, without JavaScript": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    await refusedProfiles(visitor);
    await findPlaces(visitor);
    await nothingHeld(visitor);
  },

  "consent: a commune chosen before another was typed is not taken": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    visitor.expect(/^422 POST \/dong-y\/ho-so/);
    const { page } = visitor;
    await toProfile(visitor);
    await seek(visitor, "Chiềng Khoong");
    await page.locator("#place-cards .choice").first().click();
    await visitor.tell("#place", "Tô Hiệu");
    await visitor.tell("#born", LINH.born);
    await page.locator("input[name=sex][value=female]").check();
    await page.locator("button[name=send]").click();
    await page.locator("[role=alert], form[data-ethnic]").waitFor();
    const held = await visitor.mine();
    holds(held?.unit !== "Xã Chiềng Khoong", "somebody who typed Tô Hiệu last is counted in Chiềng Khoong");
  },

  "consent: a wish not to send earlier lessons survives a fault": async (journey) => {
    const visitor = await journey.visitor();
    visitor.expect(/^422 POST \/dong-y\/ho-so/);
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await toProfile(visitor);
    await page.locator("input[name=earlier]").uncheck();
    await page.locator("button[name=send]").click();
    await page.locator("[role=alert]").waitFor();
    await page.locator("[data-earlier]:visible").waitFor();
    holds(!(await page.locator("input[name=earlier]").isChecked()), "the box stays empty");
  },

  "consent: yes with JavaScript, earlier lessons included, and taken away": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    const titles = [await TITLE(visitor, lessons[0]), await TITLE(visitor, lessons[2])];
    await visitor.go(lessonPath(lessons[0]));
    await finish(visitor);
    await page.locator("#xong [data-ask] a").click();
    await page.waitForURL("**/dong-y");
    await page.locator("button[value=yes]").click();
    await page.waitForURL("**/dong-y/ho-so");
    await visitor.ready();
    same(visitor.sent(EVENTS), [], "nothing was sent before");
    await soon(() => page.locator("[data-earlier]").isVisible(), true, "earlier lessons are asked about");
    await page.locator("input[name=earlier]").check();
    await tellProfile(visitor);
    await flushed(visitor);
    // The question about the ethnic group is one of its own; stating it is one more entry.
    await stateEthnic(visitor, "Thái");
    // Lessons opened for their titles were started too.
    const started = (await visitor.kept("lesson_started")).length;
    const before = await visitor.mineHere();
    same(before, { unit: LINH.unit, born: LINH.born, sex: t("accounts-female"), group: "Thái", events: 3 + started, lessons: [titles[0]] }, "what is held");
    // A later lesson arrives by itself.
    await visitor.go(lessonPath(lessons[2]));
    const [stored] = await Promise.all([
      page.waitForResponse(async (response) => response.url().endsWith(EVENTS) && (response.request().postData() ?? "").includes("lesson_finished")),
      finish(visitor),
    ]);
    same((await stored.json()).results.map(({ result }) => result), ["stored"], "the answer of the server");
    holds(!(await page.locator("#xong [data-ask]").isVisible()), "who is counted is not asked");
    await flushed(visitor);
    const after = await visitor.mine();
    // Who leaves a page at once may not have started its lesson yet: then that is an entry of now.
    const startedNow = (await visitor.kept("lesson_started")).length - started;
    same(after.events, before.events + startedNow + 1, "one entry more");
    same(after.lessons.sort(), titles.sort(), "lessons held");
    same((await visitor.phone()).events.filter((event) => event.refused), [], "events refused");

    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-take-away]").click()]);
    same(download.suggestedFilename(), "hoc-so.json", "the name of the file");
    const file = JSON.parse(await readFile(await download.path(), "utf8"));
    same(file.events.length, after.events, "entries in the file");
    same(file.events.filter(({ kind }) => kind === "lesson_finished").length, 2, "finished lessons in the file");
    same(file.attempts.length, 2, "attempts in the file");
    // Home and progress know it from the server as well as from the phone.
    await visitor.go("/");
    await soon(async () => (await doneOn(page)).sort(), [lessons[0], lessons[2]].sort(), "stitches on home");
  },

  "consent: yes with JavaScript, earlier lessons left out": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    await visitor.go(lessonPath(lessons[0]));
    await finish(visitor);
    await toProfile(visitor);
    await page.locator("input[name=earlier]").uncheck();
    await tellProfile(visitor, { ...LINH, typed: "quyet thang", unit: "Phường Tô Hiệu", sex: "unstated" });
    await skipEthnic(visitor);
    await flushed(visitor);
    const held = await visitor.mine();
    same([held.unit, held.sex, held.group, held.events, held.lessons], ["Phường Tô Hiệu", t("accounts-unstated"), t("accounts-mine-not-stated"), 1, []], "what is held");
    holds(!visitor.sent(EVENTS).length, "the lesson of before was not sent");
    await visitor.go("/");
    await soon(() => doneOn(page), [lessons[0]], "the phone still knows it");
  },

  "consent: a learner with JavaScript who finishes before wasm arrives": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    await becomeCounted(visitor);
    const before = await visitor.mine();
    await page.route("**/*.wasm", () => {});
    await visitor.go(lessonPath(lessons[1]));
    // Without paging everything is at hand, as when `app.js` is late too.
    await page.evaluate(() => delete document.querySelector("[data-paged]").dataset.paged);
    await finishByForm(visitor);
    await soon(async () => (await visitor.kept("lesson_finished")).length, 1, "the phone keeps it before the page is left");
    await soon(async () => (await visitor.mine()).lessons.length, 1, "the lesson is held once");
    // Started and finished: each once, whoever told it.
    await soon(async () => (await visitor.mine()).events, before.events + 2, "entries held");
    await visitor.go("/");
    await soon(() => doneOn(page), [lessons[1]], "stitches on home");
  },

  "consent: yes without JavaScript": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    const { page, context } = visitor;
    const lessons = await lessonsOf(visitor);
    const titles = [await TITLE(visitor, lessons[1])];
    await visitor.go(lessonPath(lessons[0]));
    await finishByForm(visitor);
    await page.locator("#xong [data-ask] a").click();
    await page.waitForURL("**/dong-y");
    await page.locator("button[value=yes]").click();
    await page.waitForURL("**/dong-y/ho-so");
    await tellProfile(visitor, { ...LINH, typed: "mường cai" });
    await stateEthnic(visitor, "Mông");
    const before = await visitor.mineHere();
    same([before.unit, before.born, before.group, before.lessons], [LINH.unit, LINH.born, "Mông", []], "what is held");
    await visitor.go(lessonPath(lessons[1]));
    await finishByForm(visitor);
    holds(!(await page.locator("#xong [data-ask]").isVisible()), "who is counted is not asked");
    const after = await visitor.mine();
    same(after.events, before.events + 1, "one entry more");
    same(after.lessons, titles, "lessons held");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-take-away]").click()]);
    const file = JSON.parse(await readFile(await download.path(), "utf8"));
    same(file.events.length, after.events, "entries in the file");
    await visitor.go("/");
    same((await doneOn(page)).sort(), lessons.slice(0, 2).sort(), "stitches on home");
    holds((await context.cookies()).some(({ name, httpOnly, secure }) => name === "__Host-hocso" && httpOnly && secure), "the cookie of the learner is guarded");
  },

  "delete: with JavaScript": async (journey) => {
    const visitor = await journey.visitor();
    const { page, context } = visitor;
    const lessons = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(lessons[0]));
    await finish(visitor);
    await flushed(visitor);
    same((await visitor.mine()).lessons.length, 1, "lessons held");
    await erase(visitor);
    const phone = await visitor.phone();
    same(phone, { about: [], profiles: [], events: [], outbox: [] }, "the phone's store");
    same((await context.cookies()).map(({ name }) => name), [], "cookies");
    const sent = visitor.sent(EVENTS).length;
    await nothingHeld(visitor);
    await visitor.go("/");
    same(await doneOn(page), [], "stitches on home");
    await visitor.go(lessonPath(lessons[0]));
    await finish(visitor);
    await soon(() => page.locator("#xong [data-stitch].on").count(), 1, "learning goes on");
    await page.locator("#xong [data-ask]:visible").waitFor();
    same(visitor.sent(EVENTS).length, sent, "events sent after deleting");
    await nothingHeld(visitor);
  },

  "delete: without JavaScript": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    const { page, context } = visitor;
    const lessons = await lessonsOf(visitor);
    await visitor.go(lessonPath(lessons[0]));
    await finishByForm(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(lessons[1]));
    await finishByForm(visitor);
    const [cookie] = (await context.cookies()).filter(({ name }) => name === "__Host-hocso");
    await erase(visitor);
    same((await context.cookies()).map(({ name }) => name), [], "cookies");
    await nothingHeld(visitor);
    await visitor.go("/");
    same(await doneOn(page), [], "stitches on home");
    await visitor.go(lessonPath(lessons[0]));
    await finishByForm(visitor);
    same(await page.locator("#xong [data-stitch].on").count(), 1, "learning goes on");
    // Not even the old secret brings anything back.
    await context.addCookies([cookie]);
    await nothingHeld(visitor);
  },

  "delete: the page that says so can be loaded again and read in English": async (journey) => {
    for (const js of [true, false]) {
      const visitor = await journey.visitor({ js });
      const { page } = visitor;
      await becomeCounted(visitor);
      await erase(visitor);
      const english = await page.locator("header.top a[lang=en]").getAttribute("href");
      same(await visitor.go(page.url()), 200, "the address of the page");
      same(await visitor.go(english), 200, "the page in English");
    }
  },
};
