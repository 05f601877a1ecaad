// Practising: what a simulator's page says of itself, and how somebody goes through it.
import { fail, soon, t } from "./world.mjs";

export const practicePath = (lesson, prefix = "") => `${prefix}/bai-hoc/${lesson}/tap`;
export const DRILL = "/luyen-tap/lua-dao";

// The simulators, as the list of practice names them.
export const simulators = async (visitor) => {
  await visitor.go("/luyen-tap");
  return visitor.page.locator("[data-practised]").evaluateAll((all) => all.map((one) => one.dataset.practised));
};

// Screens with their moves, as the page carries them: { to, mark, typed } (domain::practice::machine).
export const machineOf = (page) =>
  page.locator("[data-machine]").evaluate((form) =>
    form.dataset.machine.split(";").map((screen) =>
      screen === "." ? [] : screen.split(",").map((move) => {
        const [, to, mark, by] = /^(\d+)([a-z]\d*)(.*)$/.exec(move);
        return { to: +to, mark, typed: by.startsWith("=") ? by.slice(1).replaceAll(/[#*]/g, "1") : undefined };
      }),
    ),
  );

// The shortest way by moves of which `may` says yes, from a screen to one where `there` says yes: [screen, place] pairs.
export const way = (machine, may, from = 0, there = (screen) => !machine[screen].length) => {
  const came = new Map([[from, []]]);
  for (const [screen, path] of came) {
    if (there(screen)) return path;
    machine[screen].forEach((move, place) => {
      if (may(move) && !came.has(move.to)) came.set(move.to, [...path, [screen, place]]);
    });
  }
  return fail("there is no way");
};
export const right = (move) => move.mark === "r";

export const screen = (page) => page.locator(".screen:visible");
export const said = (page) => page.locator("[data-key]:visible").allInnerTexts();
export const passed = (page) => page.locator("[data-passed]:visible").evaluateAll((all) => all.map((one) => one.dataset.passed));

export const begin = (page, mode) => page.locator(`button[name=begin][value="${mode}"]`).click();

// Makes one move by the hand; waits for nothing.
export const press = async (page, machine, [at, place]) => {
  const { typed } = machine[at][place];
  if (typed === undefined) return page.locator(`button[name=move][value="${at}.${place}"]`).click();
  await page.locator(`#f${at}`).fill(typed);
  await page.locator(`button[name=type][value="${at}"]`).click();
};
export const arrive = (page, at) => page.locator(`[data-screen="${at}"]:visible`).waitFor();

// Goes a way, screen after screen.
export const go = async (page, machine, path) => {
  for (const step of path) {
    await arrive(page, step[0]);
    await press(page, machine, step);
    await arrive(page, machine[step[0]][step[1]].to);
  }
};

export const hold = async (page, held) => {
  await page.locator(`button[name=held][value="${held}"]`).click();
  await page.getByText(t("practice-thanks")).waitFor();
};

// Goes through a drill that is open, hanging up on everybody.
export const refuseAll = async (page) => {
  await page.locator("button[name=begin]:visible").click();
  for (let at = 1; at <= 6; at++) {
    await page.locator("[data-n=case]", { hasText: String(at) }).waitFor();
    await page.locator("button[name=answer][value=h]:visible").click();
    await page.locator("[data-verdict]:visible").waitFor();
    await page.locator("button[name=answer][value=n]:visible").click();
  }
  await page.locator("[data-result]:visible").waitFor();
};

// Opens a simulator and does it alone, without a mistake.
export const practiseAlone = async (visitor, lesson) => {
  const { page } = visitor;
  await visitor.go(practicePath(lesson));
  await visitor.ready();
  const machine = await machineOf(page);
  await begin(page, "alone");
  await go(page, machine, way(machine, right));
  await soon(() => passed(page), ["alone"], "practised");
  await hold(page, "alone");
};
