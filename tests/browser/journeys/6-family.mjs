// One phone for a family: nobody sees another's results, everybody's results go out, and forgotten pictures lose nothing.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { holds, same, soon, t } from "../world.mjs";
import { BA, MAI, addBa, choose, enter, leave, opened, person, shared, touch } from "../family.mjs";
import { doneOn, finish, lessonPath, lessonsOf } from "../lesson.mjs";
import { LINH, becomeCounted, flushed } from "../person.mjs";

// Every byte that the phone holds about Học Số: rows of IndexedDB and kept answers through the browser, and the files of its
// profile as they lie on the disk.
const dump = async (visitor, folder) => {
  const inside = await visitor.page.evaluate(async () => {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open("hocso");
      request.onsuccess = () => resolve(request.result);
    });
    const all = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie, name];
    for (const store of db.objectStoreNames)
      all.push(JSON.stringify(await new Promise((resolve) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      })));
    db.close();
    for (const cache of await caches.keys())
      for (const request of await (await caches.open(cache)).keys()) all.push(await (await (await caches.open(cache)).match(request)).text());
    return all;
  });
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const onDisk = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(path.join(file.parentPath, file.name), "latin1").catch(() => "")));
  return [...inside, ...onDisk];
};
// As the browser writes a text of one-byte characters, in rows and in JSON.
const found = (dumped, words) => words.filter((word) => dumped.some((text) => text.includes(word)));

export const journeys = {
  "family: nobody sees another's lessons, and everybody's are sent": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const [first, second] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await flushed(visitor);
    await addBa(visitor);

    // Ba sees nothing of hers, and learns another lesson.
    same(await doneOn(page), [], "what Ba sees at home");
    await visitor.go(lessonPath(second));
    await finish(visitor);
    await visitor.go("/");
    await soon(() => doneOn(page), [second], "Ba's own");
    same(await leave(visitor, BA), t("device-left"), "what is said on leaving");

    // Nobody is in: whoever opens home is asked who they are, and comes back to where they were.
    await visitor.go("/tien-do");
    await page.waitForURL("**/may-nay");
    await page.locator("[data-module][data-ready]").waitFor();
    await person(page, MAI).locator("[data-enter]").click();
    await touch(page, BA.pictures);
    await page.locator("[data-pad-fault]", { hasText: t("device-pad-wrong") }).waitFor();
    await touch(page, MAI.pictures);
    await page.waitForURL("**/tien-do");
    await soon(async () => [...new Set(await doneOn(page))], [first], "Mai's own");

    // Without a network Mai learns and leaves; Ba is in when it comes back, and hers goes out.
    await visitor.context.route("**/api/v1/events", (route) => route.abort());
    visitor.expect(/api\/v1\/events/);
    await visitor.go(lessonPath(second));
    await finish(visitor);
    same(await leave(visitor, MAI), t("device-left-waiting", { n: 2 }), "what waits is said");
    await enter(visitor, BA);
    holds((await visitor.phone()).outbox.every((row) => row.sealed && !row.what), "what waits is sealed");
    await visitor.context.unroute("**/api/v1/events");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await flushed(visitor);
    await leave(visitor, BA);
    await enter(visitor, MAI);
    const held = await visitor.mine();
    same(held.lessons.length, 2, "both of Mai's lessons arrived");
    same(held.born, LINH.born, "and they are hers");
  },

  "family: what waited before there was a lock goes out, and what was sealed to a key that is gone is sealed anew": async (journey) => {
    const { world } = journey;
    const key = (digit) => `k${digit}:${String(digit).repeat(64)}`;
    const server = await world.serve("keys.sqlite", { HOCSO_KEYS: key(1) });
    const { port } = new URL(server.origin);
    const visitor = await journey.visitor({ server });
    visitor.expect(/api\/v1\/events/, /ERR_CONNECTION|ERR_EMPTY_RESPONSE/);
    const { page, context } = visitor;
    const [first, second] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await flushed(visitor);
    await context.route("**/api/v1/events", (route) => route.abort());
    await visitor.go(lessonPath(first));
    await finish(visitor);
    await addBa(visitor);
    same((await visitor.phone()).outbox.map((row) => Object.keys(row).sort().join()), Array(2).fill("id,no,profile,sealed"), "sealed with the lock");
    await context.unroute("**/api/v1/events");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await flushed(visitor);

    // Mai learns more; before it can be sent the operator has changed the key, twice.
    await leave(visitor, BA);
    await enter(visitor, MAI);
    await context.route("**/api/v1/events", (route) => route.abort());
    await visitor.go(lessonPath(second));
    await finish(visitor);
    await leave(visitor, MAI);
    await context.unroute("**/api/v1/events");
    await server.stop();
    await world.serve("keys.sqlite", { HOCSO_KEYS: key(2), port });
    await visitor.go("/gioi-thieu");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await soon(async () => (await visitor.phone()).outbox.map((row) => row.stale), [true, true], "it waits for its owner");
    await enter(visitor, MAI);
    await flushed(visitor);
    same((await visitor.mine()).lessons.length, 2, "nothing is lost");
    same((await visitor.phone()).events.filter((event) => event.refused), [], "nothing is called refused that was only sealed anew");
  },

  "family: eight people, and a phone that dies while it makes the lock": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const first = await shared(visitor);
    for (const face of ["longan", "coffee", "avocado", "strawberry", "banana", "orange"]) {
      await opened(visitor);
      await page.locator("[data-add]").click();
      await choose(page, { face, pictures: ["water", "leaf", "fire"] });
      await page.waitForURL("**/");
    }
    await opened(visitor);
    same(await page.locator("[data-people] > li").count(), 8, "people");
    holds(await page.locator("[data-add]").isHidden(), "there is no room for a ninth");
    holds((await visitor.text("main")).includes(t("device-full", { most: 8 })), "and it is said");

    // As it is when the phone dies between taking the old store away and having the new one.
    await page.evaluate(async () => {
      const open = (name) => new Promise((resolve) => {
        const request = indexedDB.open(name);
        request.onupgradeneeded = () => request.result.createObjectStore("rows");
        request.onsuccess = () => resolve(request.result);
      });
      const db = await open("hocso");
      const all = {};
      for (const name of db.objectStoreNames) {
        const store = db.transaction(name).objectStore(name);
        const [keys, rows] = await Promise.all(["getAllKeys", "getAll"].map((get) => new Promise((resolve) => (store[get]().onsuccess = ({ target }) => resolve(target.result)))));
        all[name] = keys.map((key, nth) => [key, rows[nth]]);
      }
      db.close();
      const moving = await open("hocso-moving");
      const transaction = moving.transaction("rows", "readwrite");
      transaction.objectStore("rows").put(all, "all");
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      moving.close();
      localStorage.moving = 1;
    });
    await visitor.context.route("**/elsewhere", (route) => route.fulfill({ contentType: "text/html", body: "<p>1</p>" }));
    await visitor.go("/elsewhere");
    await page.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase("hocso").onsuccess = resolve)));
    await visitor.go("/gioi-thieu");
    await soon(async () => (await visitor.phone()).profiles.length, 8, "everybody is back");
    await enter(visitor, MAI);
    await soon(() => doneOn(page), [first], "with what they did");
    // Whoever goes back in the browser's history sees nothing of somebody who has left.
    await visitor.go("/tien-do");
    await leave(visitor, MAI);
    await page.goBack();
    await page.waitForURL("**/may-nay");
  },

  "family: who tries too often has to wait; a guest leaves nothing": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    const first = await shared(visitor);
    await leave(visitor, BA);
    await person(page, MAI).locator("[data-enter]").click();
    for (let tries = 0; tries < 5; tries++) {
      await touch(page, ["fire", "fire", "fire"]);
      await soon(async () => (await visitor.text("[data-pad-dots]")).includes("0"), true, "the pictures are cleared");
      await page.locator("[data-pad-fault]:visible").waitFor();
    }
    holds(/6\d|5\d/.test(await visitor.text("[data-pad-fault]")), `wait: ${await visitor.text("[data-pad-fault]")}`);
    await touch(page, MAI.pictures);
    await soon(async () => (await visitor.text("[data-pad-dots]")).includes("0"), true, "the right ones have to wait too");
    await page.locator("[data-pad-cancel]").click();

    const before = (await visitor.phone()).events.length;
    await page.locator("[data-guest]").click();
    await page.waitForURL("**/");
    await visitor.go(lessonPath(first));
    await finish(visitor);
    same((await visitor.phone()).events.length, before, "a guest leaves nothing");
  },

  "family: what one person answered is nowhere to be read while another is in": async (journey) => {
    const folder = path.join(journey.world.folder, "family-profile");
    const visitor = await journey.visitor({ profile: folder, serviceWorkers: "allow" });
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await becomeCounted(visitor);
    await visitor.go(lessonPath(first));
    await finish(visitor);
    const alone = await visitor.phone();
    // Ids of what she did, her secret, and when: the phone draws them, so that nothing else can hold the same.
    const hers = [alone.profiles[0].secret, ...alone.events.map(({ id }) => id)];
    const answers = [JSON.stringify(alone.events.find(({ what }) => what.lesson_finished).what.lesson_finished.answers)];
    same(found(await dump(visitor, folder), answers), answers, "the search finds what lies open");
    await addBa(visitor);
    await visitor.page.evaluate(() => localStorage.setItem("planted", "a plain text that was planted"));
    let dumped = await dump(visitor, folder);
    same(found(dumped, ["a plain text that was planted"]).length, 1, "the search finds what is planted");
    // The browser takes the deleted store out of its files in its own time; on a busy machine that is a while.
    const readable = async () => found((dumped = await dump(visitor, folder)), [...answers, hers[0]]);
    await soon(readable, [], "nothing of hers can be read");
    const tried = /tries.{1,12}single.{1,3}[a-h]/;
    const left = dumped.filter((text) => tried.test(text)).length;
    same(left, 0, "no answer lies in a file of the browser");
  },
};
