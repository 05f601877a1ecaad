// Exactly once: through a stopped server, a cut network, a killed browser; refusals, full phones, stores of old and of none.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { holds, same, soon, t } from "../world.mjs";
import { answersOf, check, doneOn, finish, finishByForm, lessonPath, lessonsOf, pick } from "../lesson.mjs";
import { EVENTS, becomeCounted, flushed } from "../person.mjs";
import { DRILL, hold, practicePath, practiseAlone, refuseAll } from "../practice.mjs";
import { opened } from "../family.mjs";

const TRANSFER = "thanh-toan/chuyen-tien-khong-nham";
const away = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_EMPTY_RESPONSE|Failed to fetch/;

// Kills every process of the browser that keeps its profile here, as a phone does that runs out of memory.
const kill = async (profile) => {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes(`--user-data-dir=${profile}`)) process.kill(Number(pid), "SIGKILL");
  }
};
// What the server holds of whoever is on this phone, as their file says: kinds of events, counted.
const heldKinds = async (visitor) => {
  const { events } = await visitor.page.evaluate(async () => {
    const [own] = await new Promise((resolve) => {
      const request = indexedDB.open("hocso");
      request.onsuccess = () => {
        const all = request.result.transaction("profiles").objectStore("profiles").getAll();
        all.onsuccess = () => (request.result.close(), resolve(all.result));
      };
    });
    return (await fetch("/toi/tai-ve", { headers: { Authorization: `Bearer ${own.id}.${own.secret}` } })).json();
  });
  const counts = {};
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};
// Writes rows into the phone's store.
const write = (page, rows) =>
  page.evaluate(
    (rows) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("hocso");
        request.onsuccess = () => {
          const transaction = request.result.transaction(Object.keys(rows), "readwrite");
          for (const [store, all] of Object.entries(rows)) for (const row of all) transaction.objectStore(store).put(row);
          transaction.oncomplete = () => (request.result.close(), resolve());
          transaction.onabort = () => reject(transaction.error);
        };
      }),
    rows,
  );
const uuid = (digit) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;

export const journeys = {
  "outbox: server stopped, network cut, browser killed; each thing counts once": async (journey) => {
    const { world } = journey;
    const server = await world.serve("exactly-once.sqlite");
    const { port } = new URL(server.origin);
    const profile = path.join(world.folder, "killed-profile");
    const visitor = await journey.visitor({ server, profile, serviceWorkers: "allow" });
    visitor.expect(away);
    const lessons = (await lessonsOf(visitor)).slice(0, 3);
    await becomeCounted(visitor);
    await visitor.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    const devtools = await visitor.context.newCDPSession(visitor.page);
    same((await devtools.send("Page.getInstallabilityErrors")).installabilityErrors, [], "it can be installed");
    await devtools.detach();
    for (const address of [...lessons.map((id) => lessonPath(id)), practicePath(TRANSFER), DRILL]) {
      await visitor.go(address);
      await soon(() => visitor.page.evaluate(async (address) => Boolean(await (await caches.open("pages-1")).match(location.origin + address)), address), true, `${address} is kept`);
    }
    await flushed(visitor);
    await server.stop();
    await visitor.context.setOffline(true);
    for (const id of lessons) {
      await visitor.go(lessonPath(id));
      await finish(visitor);
    }
    // Chromium does not tell a page that it opened from the worker that the network is cut: it is cut anew under the page. The
    // server is stopped, so nothing goes out between.
    await visitor.context.setOffline(false);
    await visitor.context.setOffline(true);
    await soon(() => visitor.page.locator("[data-net]").isVisible(), true, "being offline is said quietly");
    await practiseAlone(visitor, TRANSFER);
    await visitor.go(DRILL);
    await visitor.ready();
    await refuseAll(visitor.page);
    await hold(visitor.page, "alone");
    const waiting = 5;
    await soon(async () => (await visitor.phone()).outbox.length, waiting, "what waits");
    await visitor.page.close();
    await kill(profile);

    const again = await journey.visitor({ server, profile, serviceWorkers: "allow" });
    again.expect(away);
    await again.go("/tien-do");
    await soon(async () => new Set(await doneOn(again.page)).size, 3, "without a server nothing is lost");
    same((await again.phone()).outbox.length, waiting, "all of it still waits");
    const back = await world.serve("exactly-once.sqlite", { port });
    await again.page.evaluate(() => dispatchEvent(new Event("online")));
    await flushed(again);
    const expected = { registered: 1, lesson_started: 3, lesson_finished: 3, practice_finished: 1, drill_finished: 1 };
    same(Object.entries(await heldKinds(again)).sort(), Object.entries(expected).sort(), "what the server holds");
    await again.context.close();
    await back.stop();
  },

  "outbox: the server is killed between COMMIT and its answer; the batch counts once": async (journey) => {
    const server = await journey.world.serve("between.sqlite");
    const { port } = new URL(server.origin);
    const visitor = await journey.visitor({ server });
    const { page } = visitor;
    visitor.expect(away);
    const [first] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(first));
    await soon(async () => (await visitor.kept("lesson_started")).length, 1, "it is begun");
    await flushed(visitor);
    let killed;
    await page.route(`**${EVENTS}`, async (route) => {
      await route.fetch();
      killed ??= server.kill();
      await route.abort();
    });
    await finish(visitor);
    await soon(async () => Boolean(killed), true, "the server was asked");
    await killed;
    same((await visitor.phone()).outbox.length, 1, "it waits");
    await page.unroute(`**${EVENTS}`);
    await journey.world.serve("between.sqlite", { port });
    const again = page.waitForResponse((response) => response.url().endsWith(EVENTS));
    await page.evaluate(() => dispatchEvent(new Event("online")));
    same((await (await again).json()).results.map(({ result }) => result), ["known"], "the second answer");
    await flushed(visitor);
    same((await visitor.mine()).events, 3, "registered, started, finished: each once");
  },

  "outbox: the browser has the worker send what a page could not": async (journey) => {
    const visitor = await journey.visitor({ serviceWorkers: "allow" });
    const { page } = visitor;
    visitor.expect(/^503 POST/);
    const [first] = await lessonsOf(visitor);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await becomeCounted(visitor);
    await flushed(visitor);
    // No page gets through; the browser itself has a network, and wakes the worker (Background Sync).
    await page.route(`**${EVENTS}`, (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"code":"unavailable"}' }));
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await flushed(visitor);
    same((await visitor.mine()).lessons.length, 1, "it arrived");
  },

  "outbox: what is refused is set aside and said, and the rest goes on": async (journey) => {
    const visitor = await journey.visitor();
    visitor.expect(/^4\d\d POST \/api\/v1\/events/);
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await flushed(visitor);
    const { profiles: [own] } = await visitor.phone();
    const event = (digit, what, at = Date.now()) => ({ profile: own.id, id: uuid(digit), at, no: 50 + digit, what });
    const bad = [
      event(1, { lesson_finished: { lesson: first, version: "x" } }),
      event(2, { lesson_started: { lesson: first, version: "0".repeat(12) } }, -5),
      // Larger than a whole batch may be.
      event(3, { lesson_started: { lesson: first, version: "0".repeat(80_000) } }),
    ];
    await write(page, { events: bad, outbox: bad.map(({ profile, id }) => ({ profile, id })) });
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await flushed(visitor);
    const refused = (await visitor.phone()).events.filter((event) => event.refused).map(({ refused }) => refused);
    same(refused.sort(), ["absurd_time", "malformed", "too_large"], "reasons");
    same((await visitor.mine()).lessons.length, 1, "the rest arrived");
    await opened(visitor);
    const said = await page.locator("[data-refused-list] li").allInnerTexts();
    same(said.length, 3, "each is said");
    holds(said.some((text) => text.includes(t("device-reason-clock"))), `${said}`);
    same(await visitor.text("[data-outbox-state]"), t("device-outbox-none"), "nothing waits");
  },

  "outbox: a busy server is not asked again and again": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    visitor.expect(/^503 POST/);
    const [first] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await flushed(visitor);
    await page.route(`**${EVENTS}`, (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"code":"unavailable"}' }));
    const before = visitor.sent(EVENTS).length;
    await visitor.go(lessonPath(first));
    for (let turn = 0; turn < 4; turn++) await page.reload();
    await page.waitForTimeout(1500);
    const tries = visitor.sent(EVENTS).length - before;
    holds(tries >= 1 && tries <= 3, `${tries} tries over five pages`);
    await finish(visitor);
    await page.unroute(`**${EVENTS}`);
    await flushed(visitor);
    same((await visitor.mine()).lessons.length, 1, "and nothing is lost");
  },

  "outbox: a store of the first release, and rows that cannot be read": async (journey) => {
    const visitor = await journey.visitor();
    const { page, context } = visitor;
    await context.route("**/first-release", (route) => route.fulfill({ contentType: "text/html", body: "<p>1</p>" }));
    visitor.expect(/first-release/);
    await visitor.go("/first-release");
    // As the first release wrote it.
    await page.evaluate((id) => new Promise((resolve) => {
      const request = indexedDB.open("hocso", 1);
      request.onupgradeneeded = () => {
        const db = request.result;
        db.createObjectStore("about");
        for (const [name, keyPath] of [["profiles", "id"], ["events", ["profile", "id"]], ["outbox", ["profile", "id"]]]) db.createObjectStore(name, { keyPath });
      };
      request.onsuccess = () => {
        const db = request.result;
        const transaction = db.transaction(["about", "profiles", "events", "outbox"], "readwrite");
        const put = (store, row, ...key) => transaction.objectStore(store).put(row, ...key);
        put("about", "ab".repeat(16), "current");
        put("profiles", { id: "ab".repeat(16), secret: "cd".repeat(32), madeAt: Date.now() - 1000, consent: null, no: 3 });
        const lesson = "thanh-toan/giu-tai-khoan";
        put("events", { profile: "ab".repeat(16), id, at: Date.now() - 900, no: 1, what: { lesson_started: { lesson, version: "0".repeat(12) } } });
        put("events", { profile: "ab".repeat(16), id: "broken-1", at: "?", no: 2 });
        put("events", { profile: "ab".repeat(16), id: "broken-2" });
        put("outbox", { profile: "ab".repeat(16), id: "broken-1" });
        put("outbox", { profile: "ab".repeat(16), id: "not there" });
        transaction.oncomplete = () => (db.close(), resolve());
      };
    }), uuid(7));
    const [first] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await flushed(visitor);
    const { profiles } = await visitor.phone();
    same(profiles.map(({ id }) => id), ["ab".repeat(16)], "the profile of then is the profile of now");
    same((await visitor.mine()).lessons.length, 1, "it goes on learning");
    await opened(visitor);
    same(await visitor.text("[data-outbox-broken]"), t("device-outbox-broken", { n: 2 }), "what cannot be read is said");
  },

  "outbox: a phone without room says so and keeps what it has": async (journey) => {
    const visitor = await journey.visitor();
    const { page, context } = visitor;
    const devtools = await context.newCDPSession(page);
    const { origin } = visitor.server;
    await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 400_000 });
    const [first, second] = await lessonsOf(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await visitor.go(lessonPath(second));
    await soon(async () => (await visitor.kept("lesson_started")).length, 2, "the second is begun");
    const before = (await visitor.phone()).events.length;
    // Something else on the phone takes all the room, byte by byte.
    await page.evaluate(async () => {
      const db = await new Promise((resolve) => (indexedDB.open("photos", 1).onupgradeneeded = ({ target }) => {
        target.result.createObjectStore("all");
        target.transaction.oncomplete = () => resolve(target.result);
      }));
      for (let size = 200_000, nth = 0; size >= 10; ) {
        const full = await new Promise((resolve) => {
          const transaction = db.transaction("all", "readwrite");
          transaction.objectStore("all").put("x".repeat(size), nth++);
          transaction.oncomplete = () => resolve(false);
          transaction.onabort = () => resolve(true);
        });
        if (full) size >>= 1;
      }
    });
    visitor.expect(/QuotaExceededError|script: /);
    await finish(visitor);
    await soon(() => visitor.text("[data-net]"), t("shell-full"), "it says that there is no room");
    same((await visitor.phone()).events.length, before, "what was kept is untouched");
    await devtools.send("Storage.overrideQuotaForOrigin", { origin });
    await page.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase("photos").onsuccess = indexedDB.deleteDatabase("photos").onblocked = resolve)));
    await visitor.go(lessonPath(second));
    await finish(visitor);
    await soon(async () => (await visitor.kept("lesson_finished")).length, 2, "with room it is kept again");
  },

  "outbox: a store that is lost is said to be lost": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await visitor.context.route("**/elsewhere", (route) => route.fulfill({ contentType: "text/html", body: "<p>1</p>" }));
    await visitor.go("/elsewhere");
    await page.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase("hocso").onsuccess = resolve)));
    await visitor.go("/");
    await soon(() => visitor.text("[data-net]"), t("shell-lost-store"), "it is said");
    // And learning goes on.
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await soon(async () => (await visitor.kept("lesson_finished")).length, 1, "kept anew");
  },

  "outbox: browsers without WebAssembly or modules go by forms": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    visitor.expect(/WebAssembly|script: /);
    await visitor.context.addInitScript(() => delete window.WebAssembly);
    const [first, second] = await lessonsOf(visitor);
    await visitor.go(lessonPath(first));
    const [question] = await answersOf(page);
    await page.goto(`${lessonPath(first)}#${question.page}`);
    await pick(page, question, question.wrong[0].word);
    await Promise.all([page.waitForEvent("load"), page.locator(`[id="${question.page}"] button[name=check]`).click()]);
    await page.locator(`[id="${question.page}"] [data-mark="${question.wrong[0].mark}"]:visible`).waitFor();
    // Not even this script: an old browser that cannot read it.
    const old = await journey.visitor();
    old.expect(/script: /, /console: /);
    await old.context.route("**/a/app-*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "this is not readable ?? ??= here" }));
    await old.go(lessonPath(second));
    const [one] = await answersOf(old.page);
    await pick(old.page, one, one.wrong[0].word);
    await check(old.page, one, one.wrong[0].mark);
    await finishByForm(old);
  },
};
