// A track on the phone: its size before, cut in the middle and gone on, removed; a new release; the meter against the wire.
import { holds, same, soon, t } from "../world.mjs";
import { finish, lessonPath, lessonsOf } from "../lesson.mjs";
import { becomeCounted, flushed } from "../person.mjs";
import { Line, Release } from "../proxy.mjs";

const TRACK = "/bai-hoc/an-toan";
const download = (page) => page.locator("[data-track]:visible").first();
const state = (page) => download(page).locator("[data-track-state]").innerText();
// "96 KB" as bytes.
const bytesIn = (text) => {
  const [, number, unit] = /([\d.,]+) (KB|MB)/.exec(text);
  return Number(number.replace(/\./g, "").replace(",", ".")) * (unit === "MB" ? 1e6 : 1e3);
};
const keptPages = (page) => page.evaluate(async () => (await (await caches.open("pages-1")).keys()).map(({ url }) => new URL(url).pathname));
const worker = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
const metered = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.open("hocso");
        request.onsuccess = () => {
          const all = request.result.transaction("days").objectStore("days").getAll();
          all.onsuccess = () => {
            request.result.close();
            resolve(all.result.reduce((sum, day) => sum + day, 0));
          };
        };
      }),
  );
const away = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_FAILED|Failed to fetch|ERR_INCOMPLETE|ERR_SOCKET/;

export const journeys = {
  "download: a whole track, cut in the middle, gone on with, removed": async (journey) => {
    const line = await Line.to(journey.world.server.origin);
    const visitor = await journey.visitor({ server: { origin: line.origin }, serviceWorkers: "allow" });
    visitor.expect(away);
    const { page } = visitor;
    await visitor.go(TRACK);
    await worker(page);
    await soon(async () => (await keptPages(page)).includes("/khong-mang"), true, "the shell is kept");
    await page.reload();
    await download(page).locator("button[data-get]").waitFor();
    // What each lesson costs is said before it is opened.
    const costs = await page.locator("[data-cost]:visible").allInnerTexts();
    holds(costs.length >= 2 && costs.every((cost) => bytesIn(cost) > 5_000), `costs: ${costs}`);
    const size = bytesIn(await download(page).locator("button[data-get]").innerText());
    const before = line.bytes;
    line.limit = 60_000;
    await download(page).locator("button[data-get]").click();
    await soon(() => state(page), t("device-stopped"), "the cut is said");
    const some = await keptPages(page);
    line.come();
    await page.reload();
    await download(page).locator("button[data-get]").waitFor();
    const left = bytesIn(await download(page).locator("button[data-get]").innerText());
    holds(left < size, `what is there need not come again: ${left} of ${size}`);
    await download(page).locator("button[data-get]").click();
    const every = t("device-have-every", { all: "N", n: "N" }).split("N")[0];
    await soon(async () => (await state(page)).startsWith(every), true, "all of it");
    holds((await keptPages(page)).length > some.length, "more pages than before the cut");
    holds(line.bytes - before < 3 * size, "nothing was fetched over and over");

    // Every page of it opens without a network, with its pictures, one that was never opened before included.
    line.hangUp();
    await page.close();
    visitor.page = await visitor.context.newPage();
    const all = await keptPages(await (async () => (await visitor.page.goto(`${line.origin}${TRACK}`), visitor.page))());
    for (const address of all.filter((path) => path.startsWith(`${TRACK}/`) && !path.endsWith("/tap"))) {
      await visitor.go(address);
      await finish(visitor);
    }
    await visitor.go("/luyen-tap/lua-dao");
    await visitor.ready();
    line.come();
    await visitor.go("/may-nay");
    await visitor.page.locator("[data-module][data-ready]").waitFor();
    const item = visitor.page.locator("[data-track]", { hasText: "An toàn" });
    await item.locator("[data-drop]").click();
    await soon(() => item.locator("[data-track-state]").innerText(), t("device-have-none"), "it is gone");
    holds(!(await keptPages(visitor.page)).some((path) => path.startsWith(TRACK)), "its pages are gone");
    line.close();
  },

  "download: the meter says what went over the wire": async (journey) => {
    const line = await Line.to(journey.world.server.origin);
    const visitor = await journey.visitor({ server: { origin: line.origin }, serviceWorkers: "allow" });
    visitor.expect(away);
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    await worker(page);
    await soon(async () => (await keptPages(page)).includes("/khong-mang"), true, "the shell is kept");
    const [offered, cost] = await (async () => {
      await visitor.go(`/bai-hoc/${lessons[0].split("/")[0]}`);
      await page.locator("[data-cost]:visible").first().waitFor();
      await page.waitForTimeout(500);
      return [bytesIn(await page.locator("[data-cost]").first().innerText()), line.bytes];
    })();
    await visitor.go(lessonPath(lessons[0]));
    await visitor.ready();
    await soon(async () => (await keptPages(page)).includes(lessonPath(lessons[0])), true, "the lesson is kept");
    await page.waitForTimeout(500);
    const came = line.bytes - cost;
    holds(Math.abs(came - offered) <= 0.05 * came, `said before: ${offered}, over the wire: ${came}`);

    await becomeCounted(visitor);
    for (const id of lessons.slice(0, 3)) {
      await visitor.go(lessonPath(id));
      await finish(visitor);
    }
    await flushed(visitor);
    await page.waitForTimeout(1000);
    const [said, real] = [await metered(page), line.bytes];
    holds(Math.abs(said - real) <= 0.05 * real, `the meter says ${said}, the wire ${real}`);
    await visitor.go("/may-nay");
    await page.locator("[data-module][data-ready]").waitFor();
    holds(Math.abs(bytesIn(await visitor.text("[data-today]")) - real) <= 0.06 * real, `the page says ${await visitor.text("[data-today]")} of ${real}`);
    line.close();
  },

  "download: a new release replaces the old as a whole": async (journey) => {
    const { origin } = journey.world.server;
    let fresh = false;
    let broken = false;
    // The next release: scripts under another name that do the same, and pages that name them.
    const next = /\/a\/(app|lessons|practice)-[0-9a-f]{10}(?=\.)/g;
    const release = await Release.of(origin, {
      change: (_, text) => (fresh ? text.replace(next, (name) => `${name}9`).replaceAll("</title>", " · 2</title>") : text),
      rename: (path) => path.replace(/(-[0-9a-f]{10})9(?=\.)/, "$1"),
      refuse: (path) => (fresh && /-[0-9a-f]{10}\.(js|wasm)$/.test(path)) || (broken && /-[0-9a-f]{11}\.wasm$/.test(path)),
    });
    const visitor = await journey.visitor({ server: { origin: release.origin }, serviceWorkers: "allow" });
    visitor.expect(away, /^404 GET \/a\//, /failed to fetch Wasm/);
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await worker(page);
    await visitor.go(lessonPath(first));
    await soon(async () => (await keptPages(page)).includes(lessonPath(first)), true, "the lesson is kept");
    const pairs = () =>
      page.evaluate(async () => {
        const [pages, files] = [await caches.open("pages-1"), await caches.open("files-1")];
        const lacking = [];
        for (const request of await pages.keys()) {
          const html = await (await pages.match(request)).text();
          for (const name of new Set(html.match(/\/a\/[\w./-]+/g))) if (!(await files.match(name))) lacking.push(`${new URL(request.url).pathname} ${name}`);
        }
        return { lacking, names: (await files.keys()).map(({ url }) => new URL(url).pathname) };
      });

    // The new one comes, but one of its files does not: the page as it was stays, with all its files.
    fresh = broken = true;
    await visitor.go(lessonPath(first));
    await page.waitForTimeout(1500);
    same((await pairs()).lacking, [], "no kept page lacks a file");
    release.server.closeAllConnections();
    await visitor.context.setOffline(true);
    await visitor.go(lessonPath(first));
    holds(!(await page.title()).endsWith("2"), "the old page");
    await finish(visitor);
    await visitor.context.setOffline(false);

    // Now all of it comes.
    broken = false;
    await visitor.go(lessonPath(first));
    await soon(async () => (await pairs()).names.some((name) => /app-\w{11}\.js/.test(name)), true, "the new release is kept");
    for (const address of ["/", "/tien-do", "/luyen-tap", "/may-nay", "/khong-mang"]) await visitor.go(address);
    await soon(async () => (await pairs()).names.filter((name) => /\/app-\w{10}\.js/.test(name)), [], "nothing of the old one is left");
    same((await pairs()).lacking, [], "no kept page lacks a file");
    await visitor.context.setOffline(true);
    await visitor.go(lessonPath(first));
    holds((await page.title()).endsWith("2"), "the new page");
    await visitor.ready();
    release.close();
  },
};
