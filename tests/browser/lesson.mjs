// Going through a lesson as somebody does: reading what is right from the page, so that a journey answers right or wrong on
// purpose without knowing the content.
import { fail, holds, same, soon, t } from "./world.mjs";

const LETTERS = "abcdefgh";

// The questions of the lesson on the page: id, kind, right answer as a word, wrong ones with the feedback each must bring.
export async function answersOf(page) {
  const raw = await page.locator("[data-question]").evaluateAll((pages) =>
    pages.map(({ dataset, id }) => ({ id: dataset.question, page: id, choices: Number(dataset.choices), right: dataset.right })),
  );
  return raw.map((question) => ({ ...question, ...read(question) }));
}

function read({ choices, right }) {
  const letters = [...LETTERS.slice(0, choices)];
  if (right.startsWith("+")) {
    const chosen = right.slice(1).split("+");
    const tempting = letters.filter((letter) => !chosen.includes(letter));
    const wrong = tempting.map((letter) => ({ word: `+${[...chosen.slice(1), letter].sort().join("+")}`, mark: letter }));
    if (chosen.length > 1) wrong.unshift({ word: `+${chosen.slice(1).join("+")}`, mark: "missing" });
    return { kind: "multiple", wrong };
  }
  if (right.startsWith(">")) {
    // What belongs to the first misplaced place explains itself.
    const wrong = letters.slice(1).map((_, place) => {
      const order = [...letters];
      [order[place], order[place + 1]] = [order[place + 1], order[place]];
      return { word: `>${order.join(">")}`, mark: letters[place] };
    });
    return { kind: "order", wrong };
  }
  if (right.includes(":")) {
    const [verdict, reason] = right.split(":");
    const wrong = letters.filter((letter) => letter !== reason).map((letter) => ({ word: `${verdict}:${letter}`, mark: letter }));
    return { kind: "truth", wrong: [{ word: `${verdict === "true" ? "false" : "true"}:${reason}`, mark: "verdict" }, ...wrong] };
  }
  return { kind: "single", wrong: letters.filter((letter) => letter !== right).map((letter) => ({ word: letter, mark: letter })) };
}

// Puts an answer into the form.
export async function pick(page, question, word) {
  const field = (name, value) => page.locator(`[name="${name}"][value="${value}"]`);
  const name = `q-${question.id}`;
  if (question.kind === "single") return field(name, word).check();
  if (question.kind === "truth") {
    const [verdict, reason] = word.split(":");
    await field(name, verdict).check();
    return field(`${name}-vi`, reason).check();
  }
  const given = word.slice(1).split(word[0]);
  if (question.kind === "multiple") {
    for (const letter of LETTERS.slice(0, question.choices)) await field(name, letter).setChecked(given.includes(letter));
    return;
  }
  for (const [place, letter] of given.entries()) await page.locator(`[name="${name}-${letter}"]`).selectOption(String(place + 1));
}

// The answer as the phone keeps it, to compare with what was given.
export function kept(question, word) {
  if (question.kind === "single") return { single: word };
  if (question.kind === "multiple") return { multiple: word.slice(1).split("+") };
  if (question.kind === "order") return { order: word.slice(1).split(">") };
  const [verdict, reason] = word.split(":");
  return { truth: { verdict: verdict === "true", reason } };
}

// Presses "check" and holds that exactly this feedback shows, with the words that stood hidden in the page.
export async function check(page, question, mark) {
  const here = page.locator(`[id="${question.page}"]`);
  const hidden = (await here.locator(`[data-mark="${mark}"]`).textContent()).trim();
  await here.locator("button[name=check]").click();
  const shown = here.locator("[data-mark]:visible");
  await here.locator(`[data-mark="${mark}"]`).waitFor();
  same(await shown.evaluateAll((all) => all.map((one) => one.dataset.mark)), [mark], `feedback of ${question.id}`);
  same((await shown.textContent()).trim(), hidden, `words of the feedback of ${question.id}`);
  const verdict = mark === "right" ? "learn-right" : mark === "none" ? "learn-none" : "learn-wrong";
  holds(hidden.includes(t(verdict, {}, (await page.getAttribute("html", "lang")) ?? "vi")), `${mark} says ${verdict}`);
}

export async function answer(page, question, word = question.right, mark = "right") {
  await pick(page, question, word);
  await check(page, question, mark);
}

// --- With JavaScript: one page at a time --------------------------------------------------------------------------------------
export const now = (page) => page.locator(".page[data-now]");

// Holds that exactly one page shows, the nth of all.
export async function at(page, id, place, all) {
  await page.locator(`[id="${id}"][data-now]`).waitFor();
  same(await page.locator(".page:visible").evaluateAll((pages) => pages.map((one) => one.id)), [id], "the page that shows");
  await soon(() => page.locator("[data-pos]").innerText(), `${place}/${all}`, "the position");
}

export async function on(page) {
  await now(page).locator(".turn [data-on]").click();
}

export async function pagesOf(page) {
  return page.locator(".page:not(#xong)").evaluateAll((pages) => pages.map((one) => one.id));
}

// Goes through the lesson that is open and finishes it. `give` says what to answer: a list of [word, mark].
export async function finish(visitor, give = (question) => [[question.right, "right"]]) {
  const { page } = visitor;
  await visitor.ready();
  const questions = await answersOf(page);
  const ids = await pagesOf(page);
  for (const [nth, id] of ids.entries()) {
    await page.locator(`[id="${id}"][data-now]`).waitFor();
    const question = questions.find((question) => question.page === id);
    if (question) for (const [word, mark] of give(question)) await answer(page, question, word, mark);
    if (nth + 1 < ids.length) await on(page);
  }
  await page.locator("button[name=finish]").click();
  await page.locator("#xong[data-now]").waitFor();
  return questions;
}

// A lesson from its address to what the phone keeps of it: whoever leaves the page sooner may leave before that is written.
export async function learn(visitor, id) {
  await visitor.go(lessonPath(id));
  const questions = await finish(visitor);
  const kept = async () => (await visitor.kept("lesson_finished")).some(({ lesson }) => lesson === id);
  await soon(kept, true, `${id} is kept`);
  return questions;
}

// --- Without: by forms ----------------------------------------------------------------------------------------------------------
export async function finishByForm(visitor) {
  const { page } = visitor;
  for (const question of await answersOf(page)) await pick(page, question, question.right);
  await page.locator("button[name=finish]").click();
  await page.locator("#xong:visible").waitFor();
}

// --- Where lessons stand ------------------------------------------------------------------------------------------------------------
// All lessons as `track/lesson`, in the order of home.
export async function lessonsOf(visitor) {
  await visitor.go("/");
  const ids = await visitor.page.locator("main [data-stitch]").evaluateAll((all) => all.map((one) => one.dataset.stitch));
  if (ids.length < 6) fail(`home knows ${ids.length} lessons`);
  return ids;
}

export const doneOn = (page) =>
  page.locator("main [data-stitch].on").evaluateAll((all) => all.map((one) => one.dataset.stitch));

export const lessonPath = (id, prefix = "") => `${prefix}/bai-hoc/${id}`;
