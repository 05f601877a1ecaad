// `hocso content preview`: an editor saves a file and sees it on a phone.
import { spawn } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { soon } from "../world.mjs";

const CONTENT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../content");
const LESSON = "tracks/thanh-toan/giu-tai-khoan/vi.md";

export const journeys = {
  "preview: a saved file is drawn anew, a fault is named beside what stood before": async (journey) => {
    const { world } = journey;
    const folder = path.join(world.folder, "content");
    await cp(CONTENT, folder, { recursive: true });
    const program = spawn(world.bin, ["content", "preview", folder, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => program.on("exit", (code) => resolve(code)));
    const address = await new Promise((resolve) => createInterface({ input: program.stdout }).once("line", resolve));
    try {
      const visitor = await journey.visitor({ server: { origin: new URL(address).origin }, viewport: { width: 1000, height: 800 } });
      const { page } = visitor;
      visitor.expect(/ERR_CONNECTION_REFUSED|Failed to fetch|ERR_EMPTY_RESPONSE/);
      await page.goto(address);
      const phone = page.frameLocator("iframe");
      await phone.locator("h1").waitFor();
      await page.evaluate(() => (document.querySelector("iframe").src = "/bai-hoc/thanh-toan/giu-tai-khoan"));
      const text = await readFile(path.join(folder, LESSON), "utf8");
      const [first] = /^## .*$/m.exec(text);
      const title = () => phone.locator("#b1 h2").innerText().catch(() => "");
      const save = (text) => writeFile(path.join(folder, LESSON), text);
      const faults = () => page.locator("#faults li").allInnerTexts();
      await soon(title, first.slice(3), "the lesson is open");

      await save(text.replace(first, "## Giữ mã như giữ chìa khóa"));
      await soon(title, "Giữ mã như giữ chìa khóa", "what was saved is drawn");

      await save(text.replace(first, `${first}\n\nCâu này dài quá mức một người đọc to có thể nói trong một hơi thở.`));
      await soon(async () => (await faults()).some((line) => line.startsWith(LESSON)), true, "the fault is named");
      await soon(title, "Giữ mã như giữ chìa khóa", "and the phone shows what stood before");

      await save(text);
      await soon(async () => (await faults()).length, 0, "mended");
      await soon(title, first.slice(3), "and drawn");
    } finally {
      program.kill("SIGTERM");
    }
    await soon(() => Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100, "runs"))]), 0, "it stops when asked");
  },
};
