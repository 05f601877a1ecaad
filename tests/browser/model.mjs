// A model of phones and their bad days: `node model.mjs [--seeds N] [--from SEED]`. HOCSO_BIN: the server.
//
// The phones run the real store and outbox (app/public/parts), on an IndexedDB that outlives a crash, against a real server.
// A seed draws what happens: things are learnt, the network goes, requests and answers are lost, doubled, delayed and overtaken,
// the page dies between any two steps, the clock jumps by years, a store of the first release is found, two phones come
// together by a card. In the end the network is back, and the server's log must be what the phones did: each thing once.
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { Server } from "./world.mjs";

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const SEEDS = argument("--seeds", 20);
const FROM = argument("--from", 1);
const STEPS = 40;
const YEAR = 365 * 86_400_000;
const bin = process.env.HOCSO_BIN ?? "target/debug/hocso";

// xorshift32: the same days for the same seed.
const chance = (seed) => {
  let state = seed * 2654435761 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { next, below, of: (list) => list[below(list.length)], maybe: (p) => next() < p };
};

const parts = await Promise.all(["store", "outbox", "learner"].map((part) => readFile(new URL(`../../app/public/parts/${part}.js`, import.meta.url), "utf8")));
const program = new Function(
  "indexedDB", "IDBKeyRange", "fetch", "navigator", "Date", "made", "taken", "later",
  `"use strict";${parts.join("\n")}\nreturn { within, done, mine, flush, makeOwn, keepOwn, queueOwn, takeOwn, uuid };`,
);

class Phone {
  factory = new IDBFactory();
  online = true;
  ahead = 0;
  // What this phone did, and whether it has been promised to be sent.
  did = new Set();
  delayed = [];

  constructor(origin, dice, address) {
    Object.assign(this, { origin, dice, address });
    this.start();
  }

  // A page opens. What the page before was doing goes on nowhere: its network and its timers are dead.
  start() {
    const life = (this.life = {});
    const phone = this;
    const clock = class extends Date {
      static now() {
        return Date.now() + phone.ahead;
      }
    };
    const navigator = { get onLine() { return phone.online; } };
    this.program = program(this.factory, IDBKeyRange, (...asked) => this.fetch(life, ...asked), navigator, clock, () => {}, () => {}, () => {});
  }

  async fetch(life, address, options) {
    const never = new Promise(() => {});
    const real = () => fetch(this.origin + address, options);
    if (this.life !== life) return never;
    if (!this.online) throw new TypeError("no network");
    const fault = this.calm ? "none" : this.dice.of(["none", "none", "none", "lost", "unheard", "doubled", "delayed", "busy", "dies"]);
    if (fault === "lost") throw new TypeError("lost");
    if (fault === "busy") return new Response('{"code":"unavailable"}', { status: 503 });
    // It arrives after whatever comes next, if at all.
    if (fault === "delayed") {
      this.delayed.push(real);
      throw new TypeError("delayed");
    }
    const answer = await real();
    if (fault === "doubled") await real();
    if (fault === "unheard") throw new TypeError("unheard");
    if (fault === "dies") {
      // A page that is gone already cannot take the next one with it.
      if (this.life === life) this.start();
      return never;
    }
    return this.life === life ? answer : never;
  }

  async overtaken() {
    for (const late of this.delayed.splice(0)) await late().catch(() => {});
  }

  // Each seed has a network of its own: what limits one address is not what is looked at here.
  headers() {
    return { Authorization: `Bearer ${this.own.id}.${this.own.secret}`, "X-Forwarded-For": this.address };
  }

  async keep(what) {
    const id = this.program.uuid();
    await this.program.keepOwn({ id, at: Date.now() + this.ahead, what });
    this.did.add(id);
  }

  // What a page does of itself; a page that died in it is no error.
  async flush() {
    const life = this.life;
    let watch;
    const died = new Promise((resolve) => (watch = setInterval(() => this.life !== life && resolve(), 1)));
    await Promise.race([this.program.flush(true).catch(() => {}), died]);
    clearInterval(watch);
  }

  async agree(profile) {
    this.own = await this.program.makeOwn();
    const fields = new URLSearchParams({ ...profile, made_at: this.own.madeAt });
    const answer = await fetch(`${this.origin}/dong-y/ho-so`, { method: "POST", headers: this.headers(), body: fields, redirect: "manual" });
    if (answer.status !== 303) throw new Error(`registering: ${answer.status}`);
    await this.counted();
  }

  async counted() {
    this.own = await this.program.makeOwn((own) => (own.consent = "yes"));
    await this.program.queueOwn(this.own);
  }

  async log() {
    const ids = [];
    for (let after = 0; after !== null; ) {
      const { events, next } = await (await fetch(`${this.origin}/api/v1/events?after=${after}`, { headers: this.headers() })).json();
      ids.push(...events.map(({ id }) => id));
      after = next;
    }
    return ids;
  }

  // A store as the first release made it, with something that waits in it.
  async ofTheFirstRelease(what) {
    const id = this.program.uuid();
    await new Promise((resolve, reject) => {
      const request = this.factory.open("hocso", 1);
      request.onerror = () => reject(request.error);
      request.onupgradeneeded = () => {
        const db = request.result;
        db.createObjectStore("about");
        for (const [name, keyPath] of [["profiles", "id"], ["events", ["profile", "id"]], ["outbox", ["profile", "id"]]]) db.createObjectStore(name, { keyPath });
      };
      request.onsuccess = () => {
        const transaction = request.result.transaction(["about", "profiles", "events"], "readwrite");
        const profile = this.program.uuid().replaceAll("-", "");
        transaction.objectStore("about").put(profile, "current");
        transaction.objectStore("profiles").put({ id: profile, secret: profile + profile, madeAt: Date.now() - 1000, consent: null, no: 1 });
        transaction.objectStore("events").put({ profile, id, at: Date.now(), no: 1, what });
        transaction.oncomplete = () => (request.result.close(), resolve());
      };
    });
    this.did.add(id);
  }
}

const codeOn = (html) => /data-card="([0-9A-Z]{20})"/.exec(html)[1];

const live = async (seed, origin, lessons) => {
  const dice = chance(seed);
  const profile = { unit: "03646", born: String(1950 + dice.below(50)), sex: dice.of(["female", "male"]), send: "1" };
  const address = `10.1.${seed >> 8}.${seed & 255}`;
  const phones = [new Phone(origin, dice, address), new Phone(origin, dice, address)];
  const [first, second] = phones;
  const what = () => {
    const { id, version } = dice.of(lessons);
    // Now and then of a release that this server does not know yet: kept, and counted when it does.
    return { lesson_started: { lesson: id, version: dice.maybe(0.1) ? "0123456789ab" : version } };
  };
  if (dice.maybe(0.3)) await first.ofTheFirstRelease(what());
  const agreesAt = dice.below(STEPS / 2);
  const joinsAt = agreesAt + 1 + dice.below(STEPS / 2);
  // The second phone may have been somebody of its own before.
  const wasCounted = dice.maybe(0.5);
  for (let step = 0; step < STEPS; step++) {
    if (step === agreesAt) await first.agree(profile);
    if (step === agreesAt && wasCounted) await second.agree({ ...profile, born: "1980" });
    if (step === joinsAt) {
      const page = await (await fetch(`${origin}/toi/the`, { method: "POST", headers: first.headers(), body: new URLSearchParams({ x: 1 }) })).text();
      second.own = await second.program.makeOwn();
      const brought = await fetch(`${origin}/the`, { method: "POST", headers: second.headers(), body: new URLSearchParams({ code: codeOn(page), same: "yes" }) });
      if (brought.status !== 200) throw new Error(`a card was shown: ${brought.status}`);
      await second.counted();
    }
    const phone = dice.of(phones);
    switch (dice.below(8)) {
      case 0: case 1: case 2: await phone.keep(what()); break;
      // Two pages at once, and one that nobody waits for.
      case 3: await Promise.all([phone.keep(what()), phone.flush(), phone.keep(what())]); break;
      case 4: await phone.flush(); break;
      case 5: phone.online = !phone.online; break;
      case 6: phone.flush(); await new Promise((resolve) => setTimeout(resolve, dice.below(4))); phone.start(); break;
      case 7: phone.ahead = dice.of([0, 0, -9 * YEAR, 9 * YEAR, -3_600_000]); await phone.overtaken(); break;
    }
  }
  for (const phone of phones) {
    Object.assign(phone, { online: true, calm: true });
    phone.start();
    await phone.overtaken();
    const left = () => phone.program.within("readonly", (store) => phone.program.done(store("outbox").getAll()));
    // A machine that is busy may refuse a connection now and then; a phone would come again.
    let why;
    for (let tries = 0; tries < 10 && (await left()).length; tries++) await phone.program.flush(true).catch((error) => (why = error));
    const { length } = await left();
    if (length) throw new Error(`${length} still wait: ${why}`);
    if (why) console.log(`  seed ${seed}: came again after ${why} ${why.cause ?? ""}`);
  }
  const log = (await first.log()).sort();
  const did = [...first.did, ...second.did].sort();
  if (JSON.stringify(log) !== JSON.stringify(did)) throw new Error(`the phones did ${did.length} things, the log has ${log.length} (${new Set(log).size} distinct)`);
  return did.length;
};

const folder = await mkdtemp(path.join(tmpdir(), "hocso-model-"));
const database = path.join(folder, "model.sqlite");
let server;
let failed = 0;
let events = 0;
try {
  server = await Server.start(bin, database, { HOCSO_TRUSTED_PROXY: "127.0.0.1" });
  const home = await (await fetch(`${server.origin}/`)).text();
  const ids = [...new Set([...home.matchAll(/data-stitch="([^"]+)"/g)].map(([, id]) => id))];
  const lessons = await Promise.all(ids.map(async (id) => ({ id, version: /data-version="([0-9a-f]{12})"/.exec(await (await fetch(`${server.origin}/bai-hoc/${id}`)).text())[1] })));
  for (let seed = FROM; seed < FROM + SEEDS; seed++)
    await live(seed, server.origin, lessons).then((count) => (events += count), (error) => {
      failed++;
      console.error(`✗ seed ${seed}: ${error.message}`);
    });
  await server.stop();
  const check = spawnSync(bin, ["recount", "--check", "--database", `sqlite:${database}`], { encoding: "utf8" });
  if (check.status !== 0) {
    failed++;
    console.error(`✗ recount --check: ${check.stdout}${check.stderr}`);
  }
} finally {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${events} events of ${SEEDS} seeds, each once`);
console.log(`interleavings: ${SEEDS - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
