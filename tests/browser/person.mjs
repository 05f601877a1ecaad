// Agreeing to be counted, and telling commune, birth year and sex.
import { holds, same, soon, t } from "./world.mjs";

export const EVENTS = "/api/v1/events";
export const LINH = { typed: "Chiềng Khoong", unit: "Xã Chiềng Khoong", born: "1957", sex: "female" };

export const cards = (page) => page.locator("#place-cards .choice b").allInnerTexts();
export const chosen = (page) => page.locator("#place-cards input:checked").count();

// Types into the commune field and, without JavaScript, asks the server.
export async function seek(visitor, text) {
  const { page } = visitor;
  visitor.world.personal.add(text);
  await page.locator("#place").fill(text);
  if (visitor.js) return;
  await Promise.all([page.waitForEvent("load"), page.locator("button[name=find]").click()]);
}

export async function toProfile(visitor, prefix = "") {
  const { page } = visitor;
  await visitor.go(`${prefix}/dong-y`);
  await page.locator("form[data-consent] button[value=yes]").click();
  await page.waitForURL(`**${prefix}/dong-y/ho-so`);
  await visitor.ready();
}

// Fills the profile that is open and sends it; ends on the question about the ethnic group.
export async function tellProfile(visitor, who = LINH, prefix = "") {
  await fillProfile(visitor, who);
  await visitor.page.locator("button[name=send]").click();
  await visitor.page.waitForURL(`**${prefix}/dong-y/dan-toc`);
}

export async function fillProfile(visitor, { typed, unit, born, sex } = LINH) {
  const { page } = visitor;
  await seek(visitor, typed);
  await page.locator("#place-cards .choice", { has: page.getByText(unit, { exact: true }) }).click();
  await visitor.tell("#born", born);
  await page.locator(`input[name=sex][value=${sex}]`).check();
}

export async function skipEthnic(visitor, prefix = "") {
  await visitor.page.locator("form[data-ethnic] button[value=skip]").click();
  await visitor.page.waitForURL(`**${prefix}/toi`);
}

export async function stateEthnic(visitor, group, prefix = "") {
  const { page } = visitor;
  await page.locator("form[data-ethnic] .choice", { has: page.getByText(group, { exact: true }) }).click();
  await page.locator("form[data-ethnic] button[value=yes]").click();
  await page.waitForURL(`**${prefix}/toi`);
}

// Becomes somebody who is counted, in one go; ends on "my information".
export async function becomeCounted(visitor, who = LINH, prefix = "") {
  await toProfile(visitor, prefix);
  await tellProfile(visitor, who, prefix);
  await skipEthnic(visitor, prefix);
}

export async function erase(visitor, prefix = "") {
  const { page } = visitor;
  await visitor.go(`${prefix}/toi`);
  const button = page.locator("form[data-erase] button");
  await button.waitFor();
  // Not by one tap: the box comes first.
  await button.click();
  holds(page.url().endsWith("/toi"), "deleting needs the box");
  await page.locator("form[data-erase] input[name=sure]").check();
  await button.click();
  await page.locator("h1", { hasText: t("accounts-erased-title", {}, prefix ? "en" : "vi") }).waitFor();
}

// Everything that waits has been sent.
export const flushed = (visitor) => soon(async () => (await visitor.phone()).outbox.length, 0, "the outbox is empty");

export async function nothingHeld(visitor, prefix = "") {
  same(await visitor.mine(prefix), null, "what is held");
}
