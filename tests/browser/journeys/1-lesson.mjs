// A lesson: with JavaScript, without, and with the island arriving late.
import { holds, same, soon, t } from "../world.mjs";
import {
  answer, answersOf, at, check, doneOn, finish, finishByForm, kept, learn, lessonPath, lessonsOf, now, on, pagesOf, pick,
} from "../lesson.mjs";

const next = (visitor) => visitor.page.locator("[data-next] a").getAttribute("href");
const isNext = (visitor) =>
  visitor.page.locator("[data-lesson]:has([data-is-next]:visible)").evaluateAll((all) => all.map((one) => one.dataset.lesson));
const doneMarks = (visitor) =>
  visitor.page.locator("[data-lesson]:has([data-done]:visible)").evaluateAll((all) => all.map((one) => one.dataset.lesson));

export const journeys = {
  "lesson: a track with JavaScript, from home to the finished edge": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    const [track] = lessons[0].split("/");
    const ofTrack = lessons.filter((id) => id.startsWith(`${track}/`));
    const [first, second, ...rest] = ofTrack;
    const other = lessons.find((id) => !id.startsWith(`${track}/`));
    same(await doneOn(page), [], "stitches before the first lesson");
    same(await visitor.text("[data-next-label]"), t("content-begin-here"), "home says where to begin");
    await page.locator(`main a.track[href="/bai-hoc/${track}"]`).click();
    await page.waitForURL(`**/bai-hoc/${track}`);
    same(await doneMarks(visitor), [], "done marks before the first lesson");
    await page.locator(`main a[href="${lessonPath(first)}"]`).click();
    await page.waitForURL(`**${lessonPath(first)}`);
    await visitor.ready();

    const ids = await pagesOf(page);
    const questions = await answersOf(page);
    await at(page, ids[0], 1, ids.length);
    holds((await now(page).locator(".turn a").count()) === 1, "the first page has no way back");
    // On, back, and on again; the browser's own back too.
    await on(page);
    await at(page, ids[1], 2, ids.length);
    await now(page).locator(".turn a").first().click();
    await at(page, ids[0], 1, ids.length);
    await on(page);
    await page.goBack();
    await at(page, ids[0], 1, ids.length);
    const tried = {};
    for (const [nth, id] of ids.entries()) {
      await at(page, id, nth + 1, ids.length);
      const question = questions.find((question) => question.page === id);
      if (question) {
        holds(!(await now(page).locator("[data-mark]:visible").count()), "no feedback before an answer");
        same(await now(page).locator(".turn [data-on]").innerText(), t("learn-later"), "an open question can wait");
        await check(page, question, "none");
        for (const wrong of question.wrong) await answer(page, question, wrong.word, wrong.mark);
        await answer(page, question);
        tried[question.id] = [...question.wrong.map((wrong) => kept(question, wrong.word)), kept(question, question.right)];
        same(await now(page).locator(".turn [data-on]").innerText(), t("learn-on"), "an answered question leads on");
      }
      if (nth + 1 < ids.length) await on(page);
    }
    await page.locator("button[name=finish]").click();
    await page.locator("#xong[data-now]").waitFor();
    await soon(() => page.locator("#xong [data-stitch].on").count(), 1, "stitches at the end");
    await page.locator("#xong [data-ask]").waitFor();
    const [finished] = await visitor.kept("lesson_finished");
    same(Object.fromEntries(finished.answers.map(({ question, tries }) => [question, tries])), tried, "tries that the phone keeps");

    // The same after a reload, and from another page: the phone remembers.
    await visitor.go("/");
    await soon(() => doneOn(page), [first], "stitches on home");
    await page.reload();
    await soon(() => doneOn(page), [first], "stitches on home after a reload");
    same(await next(visitor), lessonPath(second), "home leads to the second lesson of the track");
    same(await visitor.text("[data-next-label]"), t("content-next"), "home says that it is the next");
    await visitor.go("/tien-do");
    await soon(() => doneMarks(visitor), [first], "done marks on the progress page");
    same(await isNext(visitor), [second], "the next lesson on the progress page");
    await soon(() => page.locator("[data-next-link]").getAttribute("href"), lessonPath(second), "the way on");
    await visitor.go(`/bai-hoc/${track}`);
    await soon(() => doneMarks(visitor), [first], "done marks on the track");

    // The last lesson completes the edge, and the next one is in another track.
    await visitor.go(lessonPath(second));
    holds(!(await page.locator("#xong [data-ask]").isVisible()), "no question about counting before the end");
    await finish(visitor, (question) => [[question.wrong[0].word, question.wrong[0].mark], [question.right, "right"]]);
    await soon(() => page.locator("#xong [data-stitch].on").count(), 2, "stitches after two lessons");
    for (const id of rest) await learn(visitor, id);
    await soon(() => page.locator("#xong [data-stitch].on").count(), ofTrack.length, "stitches at the end of the track");
    await soon(() => visitor.text("#xong [data-count]"), t("content-every-done", { all: ofTrack.length }), "the track is complete");
    await visitor.go("/");
    await soon(() => next(visitor), lessonPath(other), "home leads to the next track");
    same(visitor.sent("/api/v1/events"), [], "nothing was sent without consent");
  },

  "lesson: an open question keeps the lesson from its end": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    await visitor.go(lessonPath(lessons[0]));
    await visitor.ready();
    const questions = await answersOf(page);
    const ids = await pagesOf(page);
    await page.goto(`${lessonPath(lessons[0])}#${ids.at(-1)}`);
    await at(page, ids.at(-1), ids.length, ids.length);
    await page.locator("button[name=finish]").click();
    await at(page, questions[0].page, ids.indexOf(questions[0].page) + 1, ids.length);
    await now(page).locator('[data-mark="none"]:visible').waitFor();
    // Half an order is no answer yet.
    const order = questions.find((question) => question.kind === "order");
    if (order) {
      await page.goto(`${lessonPath(lessons[0])}#${order.page}`);
      await page.locator(`[name="q-${order.id}-a"]`).selectOption("1");
      await check(page, order, "none");
    }
  },

  "lesson: all of them, every kind of question, and then there is no next one": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    const kinds = new Set();
    for (const id of lessons) {
      for (const question of await learn(visitor, id)) kinds.add(question.kind);
    }
    same([...kinds].sort(), ["multiple", "order", "single", "truth"], "kinds of questions");
    await visitor.go("/");
    await soon(() => doneOn(page), lessons, "all stitches");
    holds(!(await page.locator("[data-next]").isVisible()), "no next lesson when all are done");
    holds((await visitor.text("main")).includes(t("content-all-done")), "home says that all lessons are done");
    await visitor.go("/tien-do");
    await soon(() => doneMarks(visitor), lessons, "all done marks");
    same(await isNext(visitor), [], "no next lesson on the progress page");
  },

  "lesson: without JavaScript, by forms": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    visitor.expect(/^422 POST \/bai-hoc\//);
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    const [track] = lessons[0].split("/");
    const [first, second] = lessons.filter((id) => id.startsWith(`${track}/`));
    await page.locator(`main a.track[href="/bai-hoc/${track}"]`).click();
    await page.locator(`main a[href="${lessonPath(first)}"]`).click();
    await page.waitForURL(`**${lessonPath(first)}`);
    const questions = await answersOf(page);
    const ids = await pagesOf(page);
    same(await page.locator(".page:visible").count(), ids.length, "all pages stand one under the other");

    // Without an answer; wrong; then right: each comes back as the same page with its feedback and all that was chosen.
    const [one, ...others] = questions;
    await check(page, one, "none");
    await answer(page, one, one.wrong[0].word, one.wrong[0].mark);
    holds(page.url().endsWith(`#${one.page}`), "the answer is where the question is");
    await answer(page, one);
    // All but the last, then finish: the open one is named, and everything is still there.
    for (const question of others.slice(0, -1)) {
      await answer(page, question, question.wrong[0].word, question.wrong[0].mark);
      await pick(page, question, question.right);
    }
    await page.locator("button[name=finish]").click();
    const open = page.locator("[role=alert]");
    await open.waitFor();
    holds((await open.innerText()).includes(t("learn-open")), "the page says that a question is open");
    const last = others.at(-1);
    same(await open.locator("a").evaluateAll((all) => all.map((a) => a.getAttribute("href"))), [`#${last.page}`], "links to open questions");
    holds(!(await page.locator("#xong").isVisible()), "not finished yet");
    const chosen = await page.locator("form.lesson").evaluate((form) => [...new FormData(form)].filter(([name]) => name.startsWith("q-")));
    holds(chosen.length >= questions.length - 1, `everything chosen is kept: ${JSON.stringify(chosen)}`);
    await open.locator("a").click();
    await pick(page, last, last.right);
    await page.locator("button[name=finish]").click();
    await page.locator("#xong:visible").waitFor();
    const seen = () => page.locator("#xong h2").evaluate((head) => head.getBoundingClientRect().top < innerHeight);
    same(await page.locator("#xong [data-stitch].on").count(), 1, "stitches at the end");
    await page.locator("#xong [data-ask]:visible").waitFor();

    // The cookie knows.
    await visitor.go("/");
    same(await doneOn(page), [first], "stitches on home");
    same(await next(visitor), lessonPath(second), "home leads to the second lesson");
    await visitor.go("/tien-do");
    same(await doneMarks(visitor), [first], "done marks on the progress page");
    same(await isNext(visitor), [second], "the next lesson");
    await visitor.go(`/bai-hoc/${track}`);
    same(await doneMarks(visitor), [first], "done marks on the track");
    await visitor.go(lessonPath(second));
    await finishByForm(visitor);
    same(await page.locator("#xong [data-stitch].on").count(), 2, "stitches after two lessons");
    await soon(seen, true, "the end is what one sees after finishing", 2000);
  },

  "lesson: wasm three seconds late": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    await page.route("**/*.wasm", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await route.continue().catch(() => {});
    });
    const late = () => page.locator("html[data-hydrated]").count().then((count) => !count);
    await visitor.go(lessonPath(lessons[0]));
    const questions = await answersOf(page);
    const ids = await pagesOf(page);
    const step = (id) => at(page, id, ids.indexOf(id) + 1, ids.length);
    await step(ids[0]);
    await on(page);
    await step(ids[1]);
    // Answers picked before it arrives count.
    const [wrong, ...others] = questions;
    for (const question of others) {
      await page.goto(`${lessonPath(lessons[0])}#${question.page}`);
      await pick(page, question, question.right);
    }
    await page.goto(`${lessonPath(lessons[0])}#${wrong.page}`);
    await pick(page, wrong, wrong.wrong[0].word);
    holds(await late(), "all of this before the island was there");
    // Pressing "check" before it arrives asks the server, which marks and keeps what was picked.
    await Promise.all([
      page.waitForEvent("response", (response) => response.request().method() === "POST"),
      now(page).locator("button[name=check]").click(),
    ]);
    await step(wrong.page);
    await now(page).locator(`[data-mark="${wrong.wrong[0].mark}"]:visible`).waitFor();
    holds(await late(), "the server marked it");
    await visitor.ready();
    await answer(page, wrong);
    await page.goto(`${page.url().split("#")[0]}#${ids.at(-1)}`);
    await page.locator("button[name=finish]").click();
    await page.locator("#xong[data-now]").waitFor();
    await soon(async () => (await visitor.kept("lesson_finished")).length, 1, "the lesson is kept on the phone");
    const [finished] = await visitor.kept("lesson_finished");
    const tries = Object.fromEntries(finished.answers.map(({ question, tries }) => [question, tries]));
    const expected = questions.map((question) => {
      const right = kept(question, question.right);
      return [question.id, question === wrong ? [kept(question, question.wrong[0].word), right] : [right]];
    });
    same(tries, Object.fromEntries(expected), "what was tried before the island was there counts");
  },

  "lesson: finished before wasm arrives is kept on the phone": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    await page.route("**/*.wasm", () => {});
    await visitor.go(lessonPath(lessons[0]));
    for (const question of await answersOf(page)) {
      await page.goto(`${lessonPath(lessons[0])}#${question.page}`);
      await pick(page, question, question.right);
    }
    const ids = await pagesOf(page);
    await page.goto(`${lessonPath(lessons[0])}#${ids.at(-1)}`);
    await page.locator("button[name=finish]").click();
    await page.locator("#xong[data-now]").waitFor();
    await soon(async () => (await visitor.kept("lesson_finished")).map(({ lesson }) => lesson), [lessons[0]], "kept on the phone");
    await soon(() => page.locator("#xong [data-stitch].on").count(), 1, "stitches at the end");
    await page.locator("#xong [data-ask]:visible").waitFor();
    await visitor.go("/");
    await soon(() => doneOn(page), [lessons[0]], "stitches on home");
  },
};
