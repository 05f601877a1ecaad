// Without a finger or a mouse: everything by Tab, Enter, Space and arrows, and one always sees where one is.
import { fail, holds, same, t } from "../world.mjs";
import { answersOf, doneOn, kept, lessonPath, lessonsOf, pagesOf } from "../lesson.mjs";
import { EVENTS, LINH } from "../person.mjs";

const TABS_MAX = 40;

const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    // A choice shows the focus on its card.
    const shown = element.closest(".choice") ?? element;
    const style = getComputedStyle(shown);
    const box = shown.getBoundingClientRect();
    return {
      name: element.tagName === "BODY" ? "body" : `${element.tagName.toLowerCase()}#${element.id}[name=${element.name ?? ""}] ${element.textContent.slice(0, 30)}`,
      outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });

// Presses Tab until the focus is on something that matches; each stop on the way is visible.
const tabTo = async (page, selector, key = "Tab") => {
  for (let count = 0; count < TABS_MAX; count++) {
    await page.keyboard.press(key);
    const here = await focused(page);
    if (here.name !== "body") {
      holds(here.outline, `the focus is seen on ${here.name}`);
      holds(here.inside, `${here.name} is on the screen when it has the focus`);
    }
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
  }
  fail(`Tab does not lead to ${selector}; it is on ${(await focused(page)).name}`);
};

const press = async (page, selector, key = "Enter") => {
  await tabTo(page, selector);
  await page.keyboard.press(key);
};

const here = (id, rest) => `[id="${id}"] ${rest}`;

const answerByKeys = async (page, question, word) => {
  const name = (more = "") => here(question.page, `[name="q-${question.id}${more}"]`);
  // A group of radio buttons is one stop; arrows choose in it.
  const choose = async (group, value) => {
    await tabTo(page, group);
    await page.keyboard.press("Space");
    for (let count = 0; count < 8; count++) {
      if (await page.evaluate((value) => document.activeElement.value === value && document.activeElement.checked, value)) return;
      await page.keyboard.press("ArrowDown");
    }
    fail(`arrows do not reach ${value} of ${question.id}`);
  };
  if (question.kind === "single") return choose(name(), word);
  if (question.kind === "truth") {
    const [verdict, reason] = word.split(":");
    await choose(name(), verdict);
    return choose(name("-vi"), reason);
  }
  const given = word.slice(1).split(word[0]);
  const inputs = await page.locator(here(question.page, question.kind === "order" ? "select" : "input[type=checkbox]"))
    .evaluateAll((all) => all.map((one) => ({ name: one.name, value: one.value })));
  for (const input of inputs) {
    if (question.kind === "multiple") {
      if (given.includes(input.value)) await press(page, here(question.page, `[value="${input.value}"]`), "Space");
    } else {
      await tabTo(page, here(question.page, `[name="${input.name}"]`));
      await page.keyboard.press(String(given.indexOf(input.name.at(-1)) + 1));
    }
  }
};

// The question whose order is given by hand, or any.
const lessonWith = async (visitor, kind) => {
  for (const id of await lessonsOf(visitor)) {
    await visitor.go(lessonPath(id));
    if ((await answersOf(visitor.page)).some((question) => question.kind === kind)) return id;
  }
  return fail(`no lesson has a question of the kind ${kind}`);
};

export const journeys = {
  "keyboard: from home through a lesson to its end": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const lesson = await lessonWith(visitor, "order");
    const [track] = lesson.split("/");
    await visitor.go("/");
    await tabTo(page, ".skip");
    same(await page.evaluate(() => document.activeElement.textContent), t("shell-skip"), "the first stop leads to the main part");
    await page.keyboard.press("Enter");
    await tabTo(page, "main a");
    await press(page, `a.track[href="/bai-hoc/${track}"]`);
    await page.waitForURL(`**/bai-hoc/${track}`);
    await press(page, `a[href="${lessonPath(lesson)}"]`);
    await page.waitForURL(`**${lessonPath(lesson)}`);
    await visitor.ready();
    await press(page, ".skip");
    const ids = await pagesOf(page);
    const questions = await answersOf(page);
    for (const [nth, id] of ids.entries()) {
      await page.locator(`[id="${id}"][data-now]`).waitFor();
      if (nth) {
        const head = await page.evaluate((id) => document.activeElement === document.getElementById(id).querySelector("h2, legend"), id);
        holds(head, `the heading of ${id} has the focus: ${(await focused(page)).name}`);
      }
      const question = questions.find((question) => question.page === id);
      if (question) {
        await answerByKeys(page, question, question.right);
        await press(page, here(id, "button[name=check]"));
        await page.locator(here(id, '[data-mark="right"]:visible')).waitFor();
        holds(await page.evaluate((id) => document.activeElement.matches(`[id="${id}"] [data-feedbacks]`), id), "the feedback has the focus");
      }
      if (nth + 1 < ids.length) await press(page, here(id, ".turn [data-on]"));
    }
    await press(page, "button[name=finish]");
    await page.locator("#xong[data-now]").waitFor();
    holds(await page.evaluate(() => document.activeElement.matches("#xong h2")), "the end has the focus");
    const [finished] = await visitor.kept("lesson_finished");
    same(finished.answers.map(({ tries }) => tries), questions.map((question) => [kept(question, question.right)]), "answers given by keys");
    await page.locator("#xong [data-ask]:visible").waitFor();
    await press(page, "#xong [data-decline]");
    await page.locator("#xong [data-ask]").waitFor({ state: "hidden" });
    await press(page, "#xong .turn a.btn");
    await page.waitForURL((url) => !url.pathname.endsWith(lesson));
    await visitor.go("/");
    await page.locator("[data-stitch].on").waitFor();
    same(await doneOn(page), [lesson], "stitches on home");
  },

  "keyboard: Enter in a choice checks this question and no other": async (journey) => {
    for (const js of [true, false]) {
      const visitor = await journey.visitor({ js });
      const { page } = visitor;
      const [lesson] = await lessonsOf(visitor);
      await visitor.go(lessonPath(lesson));
      await visitor.ready();
      const question = (await answersOf(page)).filter(({ kind }) => kind === "single")[1];
      await page.goto(`${lessonPath(lesson)}#${question.page}`);
      const radio = page.locator(`[name="q-${question.id}"][value="${question.right}"]`);
      await radio.check();
      await radio.press("Enter");
      if (js) await page.locator(here(question.page, '[data-mark="right"]:visible')).waitFor({ timeout: 4000 });
      // Without JavaScript it does nothing.
      else await new Promise((resolve) => setTimeout(resolve, 500));
      holds(page.url().endsWith(`#${question.page}`), `one stays at the question: ${page.url()}`);
    }
  },

  "keyboard: being counted, with the commune found by typing": async (journey) => {
    const visitor = await journey.visitor();
    visitor.expect(/^422 POST \/dong-y\/ho-so/);
    const { page } = visitor;
    await visitor.go("/dong-y");
    await press(page, "button[value=yes]");
    await page.waitForURL("**/dong-y/ho-so");
    await visitor.ready();
    await press(page, "button[name=send]");
    await page.locator("[role=alert]").waitFor();
    holds(await page.evaluate(() => document.activeElement.matches("[role=alert]")), "what is wrong has the focus");
    await press(page, '[role=alert] a[href="#place"]');
    holds(await page.evaluate(() => document.activeElement.id === "place"), "the link leads into the field");
    visitor.world.personal.add(LINH.typed);
    await page.keyboard.type(LINH.typed);
    await page.locator("#place-cards .choice").first().waitFor();
    // Enter looks; it sends nothing.
    await page.keyboard.press("Enter");
    holds(await page.evaluate(() => document.activeElement.id === "place"), "Enter stays in the field");
    await press(page, "#place-cards input", "Space");
    await tabTo(page, "#born");
    await page.keyboard.type(LINH.born);
    await press(page, "input[name=sex]", "Space");
    await press(page, "button[name=send]");
    await page.waitForURL("**/dong-y/dan-toc");
    holds(await page.evaluate(() => document.activeElement.matches("h1")), "the next question has the focus");
    await press(page, "button[value=skip]");
    await page.waitForURL("**/toi");
    same((await visitor.mineHere()).unit, LINH.unit, "what is held");
    same(visitor.sent(EVENTS), [], "nothing had to be sent later");
  },

  "keyboard: Enter in the birth year sends the form": async (journey) => {
    const visitor = await journey.visitor();
    visitor.expect(/^422 POST \/dong-y\/ho-so/);
    const { page } = visitor;
    await visitor.go("/dong-y/ho-so");
    await visitor.ready();
    await visitor.tell("#born", LINH.born);
    await page.locator("#born").press("Enter");
    await page.locator("[role=alert]").waitFor({ timeout: 4000 });
    same(await page.locator("#born").inputValue(), LINH.born, "the year stays");
  },
};
