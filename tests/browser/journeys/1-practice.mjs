// Practice: simulators and scam drills, with JavaScript, without, by keyboard, without a network, and with wasm arriving late.
import { holds, same, soon, t } from "../world.mjs";
import { flushed, skipEthnic, tellProfile, toProfile } from "../person.mjs";
import { DRILL, arrive, begin, go, hold, machineOf, passed, practicePath, press, right, said, screen, simulators, way } from "../practice.mjs";

const TRANSFER = "thanh-toan/chuyen-tien-khong-nham";
const CODE = "thanh-toan/quet-ma-o-cho";

const open = async (journey, lesson, more) => {
  const visitor = await journey.visitor(more);
  await visitor.go(practicePath(lesson));
  await visitor.ready();
  return [visitor, visitor.page, await machineOf(visitor.page)];
};

// Answers a drill case by case: whatever is listed, one after the other, then on.
const drill = async (page, letters) => {
  for (let at = 1; at <= 6; at++) {
    await soon(() => page.locator("[data-n=case]").innerText(), String(at), "the case");
    await page.locator(`button[name=answer][value=${letters[at % letters.length]}]:visible`).click();
    await page.locator("[data-verdict]:visible").waitFor();
    holds(await page.locator(".clue:visible").count(), "the signs are shown where they stood");
    await page.locator("button[name=answer][value=n]:visible").click();
  }
  await page.locator("[data-result]:visible").waitFor();
};

export const journeys = {
  "practice: a transfer, guided, from the list to the done mark": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    holds((await simulators(visitor)).length >= 4, "four simulators to begin with");
    same(await page.locator("[data-practised] [data-done]:visible").count(), 0, "nothing practised yet");
    await page.locator(`main a[href="${practicePath(TRANSFER)}"]`).click();
    await page.waitForURL(`**${practicePath(TRANSFER)}`);
    await visitor.ready();
    const machine = await machineOf(page);
    await begin(page, "guided");
    const requests = visitor.requests.length;
    // The guide points at one thing on every screen, and says why.
    for (const step of way(machine, right)) {
      await arrive(page, step[0]);
      holds(await screen(page).locator(".point").count(), `something is pointed out on screen ${step[0]}`);
      holds(await page.locator(".why:visible").count(), "and the strip says why");
      await press(page, machine, step);
    }
    await soon(() => passed(page), ["with_hints"], "passed, guided");
    same(visitor.requests.length, requests, "nothing left the phone while practising");
    await hold(page, "alone");
    const [run] = await visitor.kept("practice_finished");
    same([run.lesson, run.mode, run.held], [TRANSFER, "guided", "alone"], "what the phone keeps");
    holds(/^([a-l?!]\d+)+$/.test(run.trail), run.trail);
    same(visitor.sent("/api/v1/events"), [], "nothing was sent without consent");
    await simulators(visitor);
    await soon(
      () => page.locator("[data-practised]:has([data-done]:visible)").evaluateAll((all) => all.map((one) => one.dataset.practised)),
      [TRANSFER], "the done mark",
    );
  },

  "practice: a transfer alone: a wrong number, nothing that fits, a touch beside, a hint, a mistake and the way back": async (journey) => {
    const [, page, machine] = await open(journey, TRANSFER);
    await begin(page, "alone");
    const path = way(machine, right);
    const typing = path.findIndex(([at, place]) => machine[at][place].typed !== undefined);
    await go(page, machine, path.slice(0, typing));
    const [at, place] = path[typing];
    // A number of nobody: said in words, and what was typed stays.
    await page.locator(`#f${at}`).fill("123");
    await page.locator(`button[name=type][value="${at}"]`).click();
    await page.locator(`[data-key="n${at}"]:visible`).waitFor();
    same(await page.locator(`#f${at}`).inputValue(), "123", "what was typed");
    // A touch beside.
    await screen(page).locator(".bar").click();
    await soon(() => said(page), [t("practice-slip-touch")], "a touch beside");
    // A hint points once.
    await page.locator("button[name=hint]").click();
    await screen(page).locator(".point").first().waitFor();
    // The number of somebody else, and pressing on all the same.
    const wrong = machine[at].findIndex((move, nth) => nth !== place && move.typed);
    await press(page, machine, [at, wrong]);
    const there = machine[at][wrong].to;
    await arrive(page, there);
    const mistake = machine[there].findIndex((move) => move.mark.startsWith("m"));
    await press(page, machine, [there, mistake]);
    await page.locator(`[data-key="a${there}.${mistake}"]:visible`).waitFor();
    const fallen = machine[there][mistake].to;
    // The way back closes the mistake and goes on to the end.
    await go(page, machine, way(machine, (move) => right(move) || move.mark.startsWith("c"), fallen));
    await soon(() => passed(page), ["after_recovery"], "passed after the way back");
    const numbers = await page.locator("[data-n]").evaluateAll((all) => Object.fromEntries(all.map((one) => [one.dataset.n, one.textContent])));
    same(numbers, { mistakes: "1", recovered: "1", "wrong-taps": "2", hints: "1" }, "how it went");
    await page.locator(".result button[name=again]").click();
    await page.locator("[data-intro]:visible").waitFor();
    same(await page.locator(`#f${at}`).inputValue(), "", "a new try begins empty");
  },

  "practice: the wrong room of paying by code, without a network": async (journey) => {
    const [visitor, page, machine] = await open(journey, CODE);
    await visitor.context.setOffline(true);
    await begin(page, "wrong-0");
    await page.locator("[data-ask-for]:visible").waitFor();
    const [at, place] = machine.flatMap((moves, at) => moves.map((move, place) => [at, place, move])).find(([, , move]) => move.mark === "m0");
    await go(page, machine, way(machine, (move) => !/^[mc]/.test(move.mark), 0, (screen) => screen === at));
    await press(page, machine, [at, place]);
    same(await page.locator("[data-ask-for]:visible").count(), 0, "it was made: now the way back");
    await go(page, machine, way(machine, (move) => right(move) || move.mark.startsWith("c"), machine[at][place].to));
    await soon(() => passed(page), ["wrong_room"], "made on purpose and made good");
    await hold(page, "helper_spoke");
    await visitor.context.setOffline(false);
    const [run] = await visitor.kept("practice_finished");
    same([run.mode, run.held], [{ wrong_room: 0 }, "helper_spoke"], "what the phone keeps");
  },

  "practice: two simulators without JavaScript, screen by screen": async (journey) => {
    for (const lesson of [TRANSFER, CODE]) {
      const [visitor, page, machine] = await open(journey, lesson, { js: false });
      await begin(page, "alone");
      await page.locator("button[name=hint]").click();
      await screen(page).locator(".point").first().waitFor();
      await go(page, machine, way(machine, right));
      same(await passed(page), ["with_hints"], "a hint was looked at");
      await hold(page, "helper_held");
      await page.locator(".result button[name=again]").click();
      await page.locator("[data-intro]:visible").waitFor();
      same((await visitor.context.cookies()).length, 0, "nothing about anybody is kept");
    }
  },

  ...Object.fromEntries([["a transfer", TRANSFER], ["paying by code", CODE]].map(([what, lesson]) => [`practice: ${what} by keyboard`, async (journey) => {
    const [visitor, page, machine] = await open(journey, lesson);
    const focused = (selector) => page.evaluate((selector) => document.activeElement.matches(selector), selector);
    const tabTo = async (selector) => {
      for (let tries = 0; tries < 40; tries++) {
        if (await focused(selector)) return;
        await page.keyboard.press("Tab");
      }
      holds(false, `no way by Tab to ${selector}`);
    };
    await tabTo("button[value=alone]");
    await page.keyboard.press("Enter");
    for (const [at, place] of way(machine, right)) {
      await arrive(page, at);
      holds(await focused(`[data-screen="${at}"] .bar`), "the new screen has the focus");
      const { typed } = machine[at][place];
      if (typed === undefined) {
        await tabTo(`button[value="${at}.${place}"]`);
      } else {
        await tabTo(`#f${at}`);
        await page.keyboard.type(typed);
      }
      await page.keyboard.press("Enter");
    }
    await soon(() => passed(page), ["alone"], "passed alone");
    await tabTo("button[name=held][value=alone]");
    await page.keyboard.press("Enter");
    await soon(async () => (await visitor.kept("practice_finished")).length, 1, "kept on the phone");
  }])),

  "practice: wasm three seconds late goes on where the forms were": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await page.route("**/*.wasm", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await route.continue().catch(() => {});
    });
    await visitor.go(practicePath(TRANSFER));
    const machine = await machineOf(page);
    await begin(page, "alone");
    const [first, ...rest] = way(machine, right);
    await go(page, machine, [first]);
    holds(!(await page.locator("html[data-hydrated]").count()), "all of this before the island was there");
    await visitor.ready();
    const requests = visitor.sent(practicePath(TRANSFER)).length;
    same(requests, 2, "two forms were sent");
    await go(page, machine, rest);
    await soon(() => passed(page), ["alone"], "passed alone");
    same(visitor.sent(practicePath(TRANSFER)).length, requests, "and no more after that");
    await hold(page, "alone");
    const [run] = await visitor.kept("practice_finished");
    same(run.trail.match(/[a-l?!]/g).length, rest.length + 1, "what was done before the island counts");
  },

  "practice: finished before wasm arrives is kept on the phone": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await page.route("**/*.wasm", () => {});
    await visitor.go(practicePath(CODE));
    const machine = await machineOf(page);
    await begin(page, "alone");
    await go(page, machine, way(machine, right));
    await page.locator("button[name=held][value=alone]").click();
    await soon(async () => (await visitor.kept("practice_finished")).map(({ lesson }) => lesson), [CODE], "kept on the phone");
  },

  "practice: a drill without a network, and another one": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await visitor.go(DRILL);
    await visitor.ready();
    await visitor.context.setOffline(true);
    await page.locator("button[name=begin]:visible").click();
    const first = await page.locator("[data-lines]").innerText();
    // Asked back, answered, and gone on.
    const ask = page.locator("button[name=answer][value=a]:visible");
    if (await ask.count()) {
      await ask.click();
      await page.locator("[data-lines] .mine").waitFor();
      same(await ask.count(), 0, "one asks once a turn");
    }
    await drill(page, ["h", "c", "r"]);
    holds((await page.locator("[data-n=hits]").innerText()) === (await page.locator("[data-n=scams]").innerText()), "every scam was refused");
    await hold(page, "alone");
    await page.locator(".result button[name=begin]").click();
    holds((await page.locator("[data-lines]").innerText()) !== first, "another drill is another text");
    await visitor.context.setOffline(false);
    const [done] = await visitor.kept("drill_finished");
    holds(/^([garchn]\d+)+$/.test(done.answers) && done.held === "alone", JSON.stringify(done));
  },

  "practice: a drill without JavaScript, and by keyboard": async (journey) => {
    const plain = await journey.visitor({ js: false });
    await plain.go(DRILL);
    await plain.page.locator("button[name=begin]:visible").click();
    await drill(plain.page, ["c"]);
    same(await plain.page.locator("[data-result]:visible").evaluateAll((all) => all.map((one) => one.dataset.result)), ["pass"], "calling a number one knows is always fair");
    await hold(plain.page, "helper_spoke");

    const visitor = await journey.visitor();
    const { page } = visitor;
    await visitor.go(DRILL);
    await visitor.ready();
    const tabTo = async (selector) => {
      for (let tries = 0; tries < 30; tries++) {
        if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
        await page.keyboard.press("Tab");
      }
      holds(false, `no way by Tab to ${selector}`);
    };
    await tabTo("button[name=begin]");
    await page.keyboard.press("Enter");
    for (let at = 1; at <= 6; at++) {
      await soon(() => page.locator("[data-n=case]").innerText(), String(at), "the case");
      await tabTo("button[name=answer][value=c]");
      await page.keyboard.press("Enter");
      await page.locator("[data-verdict]:visible").waitFor();
      await tabTo("button[name=answer][value=n]");
      await page.keyboard.press("Enter");
    }
    await page.locator('[data-result="pass"]:visible').waitFor();
  },

  "practice: a drill begun before wasm arrives goes on by forms, and is kept on the phone": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await page.route("**/*.wasm", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await route.continue().catch(() => {});
    });
    await visitor.go(DRILL);
    await page.locator("button[name=begin]:visible").click();
    await page.locator("[data-lines] .bubble").first().waitFor();
    holds(!(await page.locator("html[data-hydrated]").count()), "the server began it");
    // Now the island is there; the page has no book, so it leaves the answers to the server.
    await visitor.ready();
    await drill(page, ["c"]);
    same(await page.locator("[data-result]:visible").evaluateAll((all) => all.map((one) => one.dataset.result)), ["pass"], "passed");
    await hold(page, "alone");
    await soon(async () => (await visitor.kept("drill_finished")).map(({ held }) => held), ["alone"], "kept on the phone");
  },

  "practice: a learner's run is sent and counted": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await visitor.go(practicePath(TRANSFER));
    await visitor.ready();
    const machine = await machineOf(page);
    await begin(page, "alone");
    await go(page, machine, way(machine, right));
    await hold(page, "alone");
    await toProfile(visitor);
    // What was practised before is asked about, like lessons.
    await page.locator("[data-earlier]:visible input").check();
    await tellProfile(visitor);
    await skipEthnic(visitor);
    await flushed(visitor);
    same((await visitor.phone()).events.filter((event) => event.refused), [], "nothing was refused");
    await visitor.mine();
    const said = await page.locator("main dl.facts dt", { hasText: t("accounts-mine-practised") }).locator("+ dd").innerText();
    holds(said.trim().length > 10, `the page says what was practised: ${said}`);
  },
};
