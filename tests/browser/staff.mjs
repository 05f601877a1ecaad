// Those who work here, as journeys need them: let in, signed in, with a class.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import path from "node:path";
import { fail, t } from "./world.mjs";

export const PASSWORD = "trâu đen ăn cỏ bờ suối";
export const CLASS = { name: "Lớp sáng thứ bảy", place: "Nhà văn hóa bản Mường" };

const run = async (bin, words) => {
  const child = spawn(bin, words, { stdio: "pipe" });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  const code = await new Promise((resolve) => child.on("exit", resolve));
  return code === 0 ? said : fail(`hocso ${words.join(" ")} ended with ${code}: ${said}`);
};

// A server of its own whose first administrator was let in by the program.
export async function staffed(world, name) {
  const database = path.join(world.folder, name);
  const said = await run(world.bin, ["staff", "add", "--role", "administrator", "--name", "Hà Văn Sa", "--database", `sqlite:${database}`]);
  const [, code] = /\/can-bo\/moi#(\w+)/.exec(said) ?? fail(said);
  return { server: await world.serve(name), code };
}

// The code of a code app (RFC 6238).
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const totp = (secret, at = Date.now()) => {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const from = hash[19] & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1e6).padStart(6, "0");
};

// Sets the password by a link that was given out; ends where one begins.
export async function acceptInvitation(visitor, code) {
  const { page } = visitor;
  visitor.world.personal.add(code);
  await visitor.go(`/can-bo/moi#${code}`);
  if (!visitor.js) await page.locator("#code").fill(code);
  await visitor.tell("#new", PASSWORD);
  await page.locator("button[name=send]").click();
  await page.waitForURL(/\/can-bo(\/tai-khoan\/ung-dung-ma)?$/);
}

export async function signIn(visitor, login, password = PASSWORD) {
  const { page } = visitor;
  await visitor.go("/can-bo/dang-nhap");
  await page.locator("#login").fill(login);
  await visitor.tell("#password", password);
  await page.locator("button[name=send]").click();
}

// Sets up a code app; gives its secret and the recovery codes.
export async function addCodeApp(visitor) {
  const { page } = visitor;
  const secret = (await page.locator("b.secret").innerText()).replaceAll(" ", "");
  visitor.world.personal.add(secret);
  const code = totp(secret);
  await page.locator("#second").fill(code);
  await page.locator("button[name=send]").click();
  await page.locator("h1", { hasText: t("staff-recovery-title") }).waitFor();
  return { code, codes: await page.locator(".codes li").allInnerTexts() };
}

// An administrator lets a trainer in; gives the code of the link and the name to sign in with.
export async function letIn(visitor, name, units) {
  const { page } = visitor;
  await visitor.go("/can-bo/nhan-su");
  await page.locator("#them summary").click();
  await page.locator("#name").fill(name);
  await page.locator("input[name=role][value=trainer]").check();
  await page.locator("#units").fill(units);
  await page.locator("button[name=act][value=add]").click();
  await page.locator("h1", { hasText: t("staff-link-title") }).waitFor();
  const facts = await page.locator("dl.facts dd").allInnerTexts();
  return { login: facts[0], code: facts[1].split("#")[1] };
}

export async function openClass(visitor) {
  const { page } = visitor;
  await visitor.go("/can-bo/lop");
  await page.locator("#name").fill(CLASS.name);
  await page.locator("#place").fill(CLASS.place);
  await page.locator("button[name=send]").click();
  await page.waitForURL(/\/can-bo\/lop\/[0-9a-f]{32}$/);
  return { path: new URL(page.url()).pathname, code: (await page.locator(".join-code").innerText()).trim() };
}

// Joins with the code; the phone belongs to somebody who is counted already.
export async function join(visitor, code, name) {
  const { page } = visitor;
  visitor.world.personal.add(name);
  // As a scanned code opens it: a page of its own.
  await page.goto("about:blank");
  await visitor.go(`/lop#${code.replace(" ", "")}`);
  if (!visitor.js) await page.locator("#code").fill(code);
  await page.locator("#name").fill(name);
  await page.locator("form[data-join] button[name=send]").click();
}
