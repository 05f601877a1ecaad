// The learner card: from one phone to another, nothing doubled; opening a family phone; made void.
import { holds, same, soon, t } from "../world.mjs";
import { doneOn, finish, lessonPath, lessonsOf } from "../lesson.mjs";
import { EVENTS, becomeCounted, flushed } from "../person.mjs";
import { BA, MAI, choose, leave, opened, person, shared, touch } from "../family.mjs";

const makeCard = async (visitor) => {
  const { page } = visitor;
  await opened(visitor);
  await page.locator("form[data-make-card] button").click();
  await page.locator("[data-card-actions]:visible").waitFor();
  const code = await page.locator(".card-picture").getAttribute("data-card");
  visitor.world.personal.add(code);
  return code;
};

export const journeys = {
  "card: what was learnt on two phones is one person's": async (journey) => {
    const visitor = await journey.visitor();
    const [first, second, third] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await flushed(visitor);
    const code = await makeCard(visitor);
    same(await visitor.page.locator(".card-picture svg").getAttribute("aria-label"), `${t("accounts-card-name")}: ${code.match(/.{4}/g).join("-")}`, "the card says its code");
    const saved = visitor.page.waitForEvent("download");
    await visitor.page.locator("[data-save]").click();
    same((await saved).suggestedFilename(), "the-hoc.png", "the picture");

    // Another phone, on which she had learnt without being counted. The QR code brings the secret in the fragment.
    const other = await journey.visitor();
    await other.go(lessonPath(second));
    await finish(other);
    await other.go(`/the#${code}`);
    await soon(() => other.page.url().includes("#"), false, "the secret leaves the address");
    same(await other.page.locator("#code").inputValue(), code, "and stands in the field");
    holds(other.requests.every(({ path }) => !path.includes(code)), "no address that is asked for holds it");
    await other.page.locator(".choice:has([name=same][value=yes])").click();
    await other.page.locator("form[data-bring] .btn-main").click();
    await other.page.locator("h1", { hasText: t("accounts-card-brought") }).waitFor();
    await flushed(other);
    await other.go("/");
    await soon(async () => (await doneOn(other.page)).sort(), [first, second].sort(), "both on the new phone");
    // She goes on there; a second time the card changes nothing.
    await other.go(lessonPath(third));
    await finish(other);
    await flushed(other);
    await other.go(`/the#${code}`);
    await other.page.locator(".choice:has([name=same][value=yes])").click();
    await other.page.locator("form[data-bring] .btn-main").click();
    await other.page.locator("h1", { hasText: t("accounts-card-brought") }).waitFor();
    await flushed(other);
    const held = await visitor.mine();
    same(held.lessons.length, 3, "lessons of one person");
    // Registered; started and finished three times.
    same(held.events, 7, "each thing once");
    same((await other.mine()).events, 7, "on the other phone too");
    // And her first phone learns of what she did on the other one.
    await visitor.go("/tien-do");
    await soon(async () => [...new Set(await doneOn(visitor.page))].length, 3, "all of it on the first phone");
  },

  "card: wrong, of nobody, void": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    visitor.expect(/^422 POST \/the/);
    await becomeCounted(visitor);
    const code = await makeCard(visitor);
    await visitor.go("/toi");
    await page.locator("main[data-personal=mine] form[data-void] button").click();
    await page.locator("form[data-make-card]").waitFor();
    const other = await journey.visitor();
    other.expect(/^422 POST \/the/);
    const swapped = code[1] + code[0] + code.slice(2);
    for (const [typed, said] of [
      ["", t("accounts-card-length", { all: 20, count: 0 })],
      [`${code.slice(0, 19)}`, t("accounts-card-length", { all: 20, count: 19 })],
      [code[0] === code[1] ? `${code}`.replace(/.$/, "0") : swapped, code[0] === code[1] ? t("accounts-card-symbol", { symbol: "0" }) : t("accounts-card-check")],
      [code, t("accounts-card-none")],
    ]) {
      await other.go("/the");
      await other.page.locator("#code").fill(typed);
      await other.page.locator("form[data-bring] .btn-main").click();
      await soon(() => other.text("#code-error"), said, `said about ${typed.length} characters`);
      same(await other.page.locator("#code").inputValue(), typed, "what was typed stays");
    }
    same(other.sent(EVENTS).length, 0, "nothing was sent");
  },

  "card: opens a family phone when the pictures are forgotten": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const first = await shared(visitor);
    await leave(visitor, BA);
    await person(page, MAI).locator("[data-enter]").click();
    await page.locator("[data-pad]:visible").waitFor();
    await touch(page, MAI.pictures);
    await page.waitForURL("**/");
    // Not counted: the card opens this phone and goes nowhere else.
    const code = await makeCard(visitor);
    // Ba is in, and does not leave before Mai opens her own with the card.
    await leave(visitor, MAI);
    await person(page, BA).locator("[data-enter]").click();
    await touch(page, BA.pictures);
    await page.waitForURL("**/");
    await opened(visitor);
    await person(page, MAI).locator("[data-enter]").click();
    await page.locator("[data-pad-forgot] summary").click();
    const open = async (typed) => {
      await page.locator("[data-pad-card] input").fill(typed);
      await page.locator("[data-pad-card] button").click();
    };
    await open(code.split("").reverse().join(""));
    await page.locator("[data-pad-fault]", { hasText: t("device-pad-card-wrong") }).waitFor();
    await open(code.toLowerCase().match(/.{4}/g).join(" "));
    await page.locator("#pad", { hasText: t("device-pad-again") }).waitFor();
    const anew = { pictures: ["leaf", "leaf", "bird"] };
    await choose(page, anew);
    await page.waitForURL("**/");
    await soon(() => doneOn(page), [first], "nothing is lost");
    await leave(visitor, MAI);
    await person(page, MAI).locator("[data-enter]").click();
    await touch(page, anew.pictures);
    await page.waitForURL("**/");
    // The pictures that were changed are hers, and nobody else's.
    await leave(visitor, MAI);
    await person(page, BA).locator("[data-enter]").click();
    await touch(page, BA.pictures);
    await page.waitForURL("**/");
  },

  "card: a phone without JavaScript": async (journey) => {
    const visitor = await journey.visitor();
    const [first] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await flushed(visitor);
    const code = await makeCard(visitor);
    const plain = await journey.visitor({ js: false });
    await plain.go("/the");
    await plain.page.locator("#code").fill(code);
    await plain.page.locator("form[data-bring] .btn-main").click();
    same(await plain.text("h1"), t("accounts-card-brought"), "brought");
    await plain.go("/tien-do");
    same(await plain.page.locator("[data-stitch].on").count(), 1, "her progress");
    await plain.go("/may-nay");
    holds((await plain.text("main")).includes(t("device-without-js")), "one person, and it says so");
  },
};
