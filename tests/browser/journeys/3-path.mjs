// The path beyond lessons: where one begins, what is asked again, what was done for real, and the certificate; online, offline,
// and without JavaScript.
import { a11y, holds, same, soon, t } from "../world.mjs";
import { answer, answersOf, finish, finishByForm, learn, lessonPath, pick } from "../lesson.mjs";
import { go, hold, machineOf, practicePath, practiseAlone, right, simulators, way } from "../practice.mjs";
import { becomeCounted, flushed, skipEthnic, tellProfile, toProfile } from "../person.mjs";

const TRACK = "thanh-toan";
// A track whose skills simulators cover wholly.
const WHOLE = "dich-vu-cong";
const CERTIFICATE = `/bai-hoc/${WHOLE}/chung-nhan`;
const PLACEMENT = "/bat-dau";
const KEEP = "thanh-toan/giu-tai-khoan";
const DAY_MS = 86400000;

const lessonsIn = async (visitor, track) => {
  await visitor.go(`/bai-hoc/${track}`);
  return visitor.page.locator("main [data-stitch]").evaluateAll((all) => all.map((one) => one.dataset.stitch));
};
const nextOnHome = async (visitor) => {
  await visitor.go("/");
  return visitor.page.locator("[data-next] a").getAttribute("href");
};
// What is right at a question to begin with, and what can be skipped then.
const placement = (page) =>
  page.locator("[data-question][data-skips]").evaluateAll((all) =>
    all.map(({ dataset }) => ({ id: dataset.question, right: dataset.right, skips: dataset.skips.split(" ") })),
  );
const know = async (page, question) => page.locator(`[name="q-${question.id}"][value="${question.right}"]`).check();

const booster = async (visitor, passed) => {
  const { page } = visitor;
  const questions = await answersOf(page);
  for (const [nth, question] of questions.entries()) {
    await page.locator(`[id="${question.page}"][data-now]`).waitFor();
    const [wrong] = question.wrong;
    await (passed ? answer(page, question) : answer(page, question, wrong.word, wrong.mark));
    const last = nth + 1 === questions.length;
    await page.locator(last ? ".page[data-now] button[name=finish]" : ".page[data-now] .turn [data-on]").click();
  }
  await page.locator("#xong[data-now]").waitFor();
  const said = t(passed ? "learn-review-passed" : "learn-review-failed");
  holds(await page.locator(`#xong [data-passed="${passed}"]`, { hasText: said }).isVisible(), "how it went is said");
};

export const journeys = {
  "path: where one begins, with JavaScript and without a network": async (journey) => {
    const visitor = await journey.visitor();
    const { page, context } = visitor;
    const [first] = await lessonsIn(visitor, TRACK);
    await visitor.go(PLACEMENT);
    same(await a11y(page), [], "no barrier");
    const questions = await placement(page);
    same(questions.length, 8, "questions");
    const known = questions.filter(({ skips }) => skips.includes(first));
    for (const question of known) await know(page, question);
    await context.setOffline(true);
    await page.locator("button[name=send]").click();
    await page.locator("[data-placed]:visible").waitFor();
    const skipped = await page.locator("[data-place]:has([data-known]:visible)").evaluateAll((all) => all.map((one) => one.dataset.place));
    same(skipped.sort(), [...new Set(known.flatMap(({ skips }) => skips))].sort(), "what can be skipped");
    await soon(async () => (await visitor.kept("placement_taken")).length, 1, "the phone keeps it");
    same(visitor.sent(PLACEMENT), [], "nothing leaves the phone");
    await context.setOffline(false);
    await soon(async () => (await nextOnHome(visitor)) !== lessonPath(first), true, "home skips it");
    same(await visitor.go(lessonPath(first)), 200, "and it stays open");
    // Asked again: the last answers hold.
    await visitor.go(PLACEMENT);
    await page.locator("button[name=send]").click();
    await page.locator("[data-placed]:visible").waitFor();
    await soon(() => nextOnHome(visitor), lessonPath(first), "home begins at the beginning");
  },

  "path: where one begins, boosters and what was done for real, by forms": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    const { page } = visitor;
    const [first] = await lessonsIn(visitor, TRACK);
    await visitor.go(PLACEMENT);
    for (const question of await placement(page)) if (question.skips.includes(first)) await know(page, question);
    await page.locator("button[name=send]").click();
    await page.locator("[data-placed]:visible").waitFor();
    holds((await nextOnHome(visitor)) !== lessonPath(first), "home skips it");
    await visitor.go(`${lessonPath(KEEP)}/on-lai`);
    visitor.expect(/^422 POST/);
    await page.locator("button[name=finish]").click();
    holds(await page.getByText(t("learn-open")).isVisible(), "what is open is said");
    for (const question of await answersOf(page)) await pick(page, question, question.right);
    await page.locator("button[name=finish]").click();
    holds(await page.getByText(t("learn-review-passed")).isVisible(), "how it went is said");
    await visitor.go(`${lessonPath(KEEP)}/lam-that`);
    await page.locator("button[value=taught]").click();
    holds(await page.getByText(t("learn-real-thanks")).isVisible(), "thanks");
  },

  "path: a booster comes when its day has come, and another time when that suits better": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await visitor.go(lessonPath(KEEP));
    await finish(visitor);
    const begun = Date.now();
    const section = page.locator("section[data-path=home]");
    const offered = async (days) => {
      await page.clock.setFixedTime(begun + days * DAY_MS);
      await visitor.go("/");
      // What the phone knows is there once its marks are.
      await page.locator("[data-stitch].on").first().waitFor();
      await page.waitForTimeout(300);
      return section.isVisible();
    };
    same(await offered(6), false, "not too early");
    same(await offered(7), true, "after a week");
    holds((await section.innerText()).includes(await page.locator(`[data-stitch="${KEEP}"]`).getAttribute("data-title")), "it says which lesson");
    same(await a11y(page), [], "no barrier");
    await page.locator("[data-review-later]").click();
    same(await offered(8), false, "whoever wants it another time is not asked again at once");
    same(await offered(15), true, "but in a week");
    await page.locator("[data-review-link]").click();
    await visitor.ready();
    await booster(visitor, true);
    same(await offered(37), false, "the next is further away");
    same(await offered(38), true, "23 days later");
    await page.locator("[data-review-link]").click();
    await visitor.ready();
    await booster(visitor, false);
    same(await offered(44), false, "not passed:");
    same(await offered(45), true, "in a week again");
    same((await visitor.kept("review_finished")).length, 2, "boosters kept");
    same((await visitor.kept("lesson_started")).length, 1, "a booster starts no lesson");
  },

  "path: a whole track, a certificate without a code, and one that anybody can check": async (journey) => {
    const server = await journey.world.serve("path.sqlite");
    const visitor = await journey.visitor({ server, serviceWorkers: "allow" });
    visitor.expect(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
    const { page, context } = visitor;
    const lessons = await lessonsIn(visitor, WHOLE);
    const tried = (await simulators(visitor)).filter((lesson) => lesson.startsWith(`${WHOLE}/`));
    await visitor.go(CERTIFICATE);
    holds(await page.getByText(t("learn-certificate-not-yet")).isVisible(), "not yet");
    for (const lesson of lessons) await learn(visitor, lesson);
    for (const lesson of tried) await practiseAlone(visitor, lesson);
    // Nobody was asked: it prints without a code, and without a network.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await visitor.go(CERTIFICATE);
    const sheet = page.locator(".sheet");
    await sheet.waitFor();
    await page.waitForTimeout(500);
    await context.setOffline(true);
    await visitor.go(CERTIFICATE);
    await sheet.waitFor();
    holds(await page.getByText(t("learn-certificate-no-code")).isVisible(), "it says that it has no code");
    same(await sheet.locator(".qr").count(), 0, "no code");
    await sheet.locator("input").fill("Người học Mẫu");
    same(visitor.requests.filter(({ body }) => body?.includes("Mẫu")), [], "the name stays on the paper");
    await page.emulateMedia({ media: "print" });
    same(await page.locator(".top, .foot, .no-print").evaluateAll((all) => all.filter((one) => one.checkVisibility()).length), 0, "only the sheet is printed");
    await page.emulateMedia({ media: "screen" });
    await context.setOffline(false);

    await toProfile(visitor);
    await page.locator("[data-earlier]:visible input").check();
    await tellProfile(visitor);
    await skipEthnic(visitor);
    await flushed(visitor);
    await visitor.go(CERTIFICATE);
    await page.locator("main[data-personal=mine] [data-certificate] button").click();
    await page.locator(".sheet .qr").waitFor();
    same(await a11y(page), [], "no barrier");
    const code = await page.locator(".check b").innerText();
    const anybody = await journey.visitor({ server, js: false });
    same(await anybody.go(`/chung-nhan/${code.toLowerCase()}`), 200, "anybody can check it");
    holds((await anybody.text("main")).includes(t("learn-certificate-true")), "it is genuine");
    anybody.expect(/^404 GET/);
    same(await anybody.go(`/chung-nhan/${code.split("").reverse().join("")}`), 404, "another code is none");
  },

  "path: a certificate by forms": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    const { page } = visitor;
    await becomeCounted(visitor);
    for (const lesson of await lessonsIn(visitor, WHOLE)) {
      await visitor.go(lessonPath(lesson));
      await finishByForm(visitor);
    }
    for (const lesson of (await simulators(visitor)).filter((lesson) => lesson.startsWith(`${WHOLE}/`))) {
      await visitor.go(practicePath(lesson));
      const machine = await machineOf(page);
      await page.locator("button[name=begin][value=alone]").click();
      await go(page, machine, way(machine, right));
      await hold(page, "alone");
    }
    await visitor.go(CERTIFICATE);
    await page.locator("[data-certificate] button").click();
    await page.locator(".sheet .qr").waitFor();
  },

  "path: done for real, and a card to teach by": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await visitor.go(`${lessonPath(KEEP)}/lam-that`);
    await page.locator("[data-print]:visible").waitFor();
    same(await a11y(page), [], "no barrier");
    for (const how of ["with_help", "alone", "taught"]) await page.locator(`button[value=${how}]`).click();
    await soon(async () => (await visitor.kept("done_for_real")).map(({ how }) => how), ["with_help", "alone", "taught"], "what was said");
    await page.emulateMedia({ media: "print" });
    same(await page.locator(".teach").isVisible(), true, "the card is printed");
    same(await page.locator("form[data-real]").isVisible(), false, "and nothing else");
  },
};
