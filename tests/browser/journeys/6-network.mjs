// The network goes and comes.
import { holds, same, soon } from "../world.mjs";
import { answer, answersOf, doneOn, lessonPath, lessonsOf, on, pagesOf } from "../lesson.mjs";
import { EVENTS, LINH, becomeCounted, flushed, fillProfile, toProfile } from "../person.mjs";

export const journeys = {
  "network: cut in the middle of a lesson, and back": async (journey) => {
    const visitor = await journey.visitor();
    const { page, context } = visitor;
    const lessons = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(lessons[0]));
    await visitor.ready();
    // The beginning is written down after the page is ready: an outbox still empty is not yet an outbox emptied.
    await soon(() => visitor.sent(EVENTS).length, 1, "that it was begun is sent");
    await flushed(visitor);
    const before = visitor.sent(EVENTS).length;
    const ids = await pagesOf(page);
    const questions = await answersOf(page);
    visitor.expect(/ERR_INTERNET_DISCONNECTED/);
    for (const [nth, id] of ids.entries()) {
      await page.locator(`[id="${id}"][data-now]`).waitFor();
      const question = questions.find((question) => question.page === id);
      if (question) {
        // From here on there is no network.
        if (question === questions[1]) await context.setOffline(true);
        await answer(page, question, question.wrong[0].word, question.wrong[0].mark);
        await answer(page, question);
      }
      if (nth + 1 < ids.length) await on(page);
    }
    await page.locator("button[name=finish]").click();
    await page.locator("#xong[data-now]").waitFor();
    await soon(() => page.locator("#xong [data-stitch].on").count(), 1, "stitches at the end");
    await soon(async () => (await visitor.phone()).outbox.length, 1, "it waits on the phone");
    same(visitor.sent(EVENTS).length, before, "nothing was tried without a network");
    await context.setOffline(false);
    await flushed(visitor);
    same(visitor.sent(EVENTS).length, before + 1, "sent once");
    const held = await visitor.mine();
    same(held.lessons.length, 1, "lessons held");
    // Registered, started, finished: each once.
    same(held.events, 3, "entries held");
    await page.reload();
    await visitor.mineHere();
    await soon(() => visitor.sent(EVENTS).length, before + 1, "and never again");
  },

  "network: an answer that is lost on the way is sent again and counted once": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    // The server stores, the phone never hears of it.
    visitor.expect(/^POST \/api\/v1\/events: net::ERR_FAILED/);
    await page.route(`**${EVENTS}`, async (route) => {
      await route.fetch();
      await route.abort();
    });
    const lost = page.waitForEvent("requestfailed", (request) => request.url().endsWith(EVENTS));
    await visitor.go(lessonPath(first));
    await lost;
    same((await visitor.phone()).outbox.length, 1, "it stays in the outbox");
    await page.unroute(`**${EVENTS}`);
    const again = page.waitForResponse((response) => response.url().endsWith(EVENTS));
    await visitor.go("/");
    same((await (await again).json()).results.map(({ result }) => result), ["known"], "the second answer");
    await flushed(visitor);
    same((await visitor.mine()).events, 2, "entries held");
  },

  "network: a profile sent without a network keeps what was typed": async (journey) => {
    const visitor = await journey.visitor();
    const { page, context } = visitor;
    await toProfile(visitor);
    visitor.expect(/ERR_INTERNET_DISCONNECTED/);
    await context.setOffline(true);
    await fillProfile(visitor);
    await page.locator("button[name=send]").click();
    await page.locator("[data-said].notice").waitFor();
    same(await page.locator("#born").inputValue(), LINH.born, "the year stays");
    const said = page.locator("[data-said]");
    holds((await said.innerText()).length > 10 && (await said.isVisible()), "the page says what happened");
    await context.setOffline(false);
    await page.locator("button[name=send]").click();
    await page.waitForURL("**/dong-y/dan-toc");
    same((await visitor.mine()).unit, LINH.unit, "what is held");
    same(await doneOn(page), [], "nothing else");
  },
};
