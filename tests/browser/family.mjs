// A family phone: choosing pictures, coming in and leaving.
import { t } from "./world.mjs";
import { finish, lessonPath, lessonsOf } from "./lesson.mjs";

export const DEVICE = "/may-nay";
export const MAI = { face: "mango", pictures: ["house", "sun", "fish"] };
export const BA = { face: "plum", pictures: ["drum", "drum", "moon"] };

export const opened = async (visitor) => {
  await visitor.go(DEVICE);
  await visitor.page.locator("[data-module][data-ready]").waitFor();
};
export const touch = async (page, pictures) => {
  for (const picture of pictures) await page.locator(`[data-secret="${picture}"]`).click();
};
// Chooses a picture and the secret ones, twice.
export const choose = async (page, { face, pictures }) => {
  if (face) await page.locator(`.choice:has([name=face][value="${face}"])`).click();
  await touch(page, pictures);
  await page.locator("[data-pad-legend]", { hasText: t("device-pad-repeat") }).waitFor();
  await touch(page, pictures);
};
export const person = (page, { face }) => page.locator(`[data-people] > li:has([data-face="${face}"])`);
export const enter = async (visitor, who) => {
  await opened(visitor);
  await person(visitor.page, who).locator("[data-enter]").click();
  await touch(visitor.page, who.pictures);
  await visitor.page.waitForURL("**/");
};
export const leave = async (visitor, who) => {
  await opened(visitor);
  await person(visitor.page, who).locator("[data-leave]").click();
  await visitor.page.locator("[data-note]:visible").waitFor();
  return visitor.text("[data-note]");
};
// Mai has learnt here alone; now she makes room for Ba, who is in at the end.
export const addBa = async (visitor) => {
  const { page } = visitor;
  await opened(visitor);
  await page.locator("[data-add]").click();
  await choose(page, MAI);
  await page.locator("#pad", { hasText: t("device-pad-new") }).waitFor();
  await choose(page, BA);
  await page.waitForURL("**/");
};

// Somebody learnt here alone, and now shares the phone; gives the lesson.
export const shared = async (visitor) => {
  const [first] = await lessonsOf(visitor);
  await visitor.go(lessonPath(first));
  await finish(visitor);
  await addBa(visitor);
  return first;
};
