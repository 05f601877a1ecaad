// The world of the journeys: servers on temporary databases, one Chromium, visitors in fresh contexts, and what every page
// owes its visitor: no error, no overflow, no barrier.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PHONE = { width: 360, height: 640 };
const CHROMIUM_ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
];
// Generous: a debug build on a busy machine. A journey that waits this long has failed.
const PATIENCE = 15_000;

export function fail(message) {
  throw new Error(message);
}

export function same(actual, expected, what) {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) fail(`${what}: expected ${e}, got ${a}`);
}

export function holds(condition, what) {
  if (!condition) fail(what);
}

// Asks again until the answer is as expected; for things that a page does in its own time.
export async function soon(ask, expected, what, patience = PATIENCE) {
  const until = Date.now() + patience;
  for (;;) {
    const actual = await ask();
    if (JSON.stringify(actual) === JSON.stringify(expected)) return;
    if (Date.now() > until) same(actual, expected, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// --- Words: what a page says is looked up where its author wrote it -----------------------------------------------------
const read = (language) => {
  const words = {};
  const folder = path.join(ROOT, "locales", language);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ftl")))
    for (const line of readFileSync(path.join(folder, file), "utf8").split("\n")) {
      const [, id, text] = /^([a-z][\w-]*) = (.+)$/.exec(line) ?? [];
      if (id) words[id] = text;
    }
  return words;
};
const WORDS = { vi: read("vi"), en: read("en") };

export function t(id, values = {}, language = "vi") {
  const text = WORDS[language][id] ?? fail(`no words ${id} in ${language}`);
  return text.replace(/\{ \$(\w+) \}/g, (_, name) => values[name] ?? fail(`${id} needs ${name}`));
}

// --- A server ---------------------------------------------------------------------------------------------------------------
export class Server {
  lines = [];

  static async start(bin, database, { port: wanted = 0, ...env } = {}) {
    const server = new Server();
    const words = ["serve", "--listen", `127.0.0.1:${wanted}`, "--public-url", "http://localhost:1", "--database", `sqlite:${database}`];
    server.process = spawn(bin, words, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    server.ended = new Promise((resolve) => server.process.on("exit", (code, signal) => resolve(code ?? signal)));
    const port = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the server did not say that it is ready")), 60_000);
      for (const stream of [server.process.stdout, server.process.stderr])
        createInterface({ input: stream }).on("line", (line) => {
          const ready = /^\{"ready":"http:\/\/[^"]*:(\d+)"\}$/.exec(line);
          if (!ready) return server.lines.push(line);
          clearTimeout(late);
          resolve(ready[1]);
        });
      server.ended.then((code) => reject(new Error(`the server ended with ${code}:\n${server.lines.join("\n")}`)));
    });
    server.origin = `http://localhost:${port}`;
    return server;
  }

  async stop() {
    this.process.kill("SIGTERM");
    return this.ended;
  }

  // Without a word of warning, as a power cut does.
  async kill() {
    this.killed = true;
    this.process.kill("SIGKILL");
    return this.ended;
  }
}

// --- The world --------------------------------------------------------------------------------------------------------------
export class World {
  // What may stand in no log: ids and secrets of learners, what they typed about themselves.
  personal = new Set();
  servers = [];

  static async open({ bin, chromium: executablePath, shots }) {
    const world = new World();
    Object.assign(world, { bin, shots, executablePath, folder: await mkdtemp(path.join(tmpdir(), "hocso-journeys-")) });
    if (shots) await mkdir(shots, { recursive: true });
    try {
      [world.server, world.browser] = await Promise.all([
        world.serve("x.sqlite"),
        chromium.launch({ executablePath, args: CHROMIUM_ARGS }),
      ]);
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  async serve(name, env) {
    const server = await Server.start(this.bin, path.join(this.folder, name), env);
    this.servers.push(server);
    return server;
  }

  // A second server, on a database with a year of fictitious learners.
  statistics() {
    return (this.filled ??= (async () => {
      const database = `sqlite:${path.join(this.folder, "demo.sqlite")}`;
      const demo = spawn(this.bin, ["demo", "--residents", "3000", "--seed", "7", "--database", database], { stdio: "pipe" });
      let said = "";
      for (const stream of [demo.stdout, demo.stderr]) stream.on("data", (data) => (said += data));
      const code = await new Promise((resolve) => demo.on("exit", resolve));
      if (code !== 0) fail(`hocso demo ended with ${code}: ${said}`);
      return this.serve("demo.sqlite");
    })());
  }

  // Stops everything that runs and gives the exit codes of the servers.
  async stop() {
    await this.browser?.close();
    return Promise.all(this.servers.filter(({ killed }) => !killed).map((server) => server.stop()));
  }

  async close() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

// --- One journey ------------------------------------------------------------------------------------------------------------
export class Journey {
  visitors = [];

  constructor(world) {
    this.world = world;
  }

  // `profile`: a folder where the browser keeps everything, so that it can be looked at, and opened again after a kill.
  async visitor({ js = true, server = this.world.server, profile, ...more } = {}) {
    const options = {
      viewport: PHONE, javaScriptEnabled: js, baseURL: server.origin, locale: "vi-VN", reducedMotion: "reduce",
      // What a worker asks for no journey can delay or refuse: only those about it have one.
      serviceWorkers: "block", ...more,
    };
    const { browser, executablePath } = this.world;
    const context = profile
      ? await chromium.launchPersistentContext(profile, { executablePath, args: CHROMIUM_ARGS, ...options })
      : await browser.newContext(options);
    const visitor = new Visitor(this.world, context, server, js);
    this.visitors.push(visitor);
    visitor.page = await context.newPage();
    return visitor;
  }

  async end() {
    const problems = [];
    for (const visitor of this.visitors) {
      await visitor.close();
      problems.push(...visitor.problems);
    }
    return problems;
  }
}

export class Visitor {
  problems = [];
  expected = [];
  // Every request to our own server: { method, path, body }.
  requests = [];

  constructor(world, context, server, js) {
    Object.assign(this, { world, context, server, js });
    context.setDefaultTimeout(PATIENCE);
    const problem = (text) => {
      if (!this.expected.some((pattern) => pattern.test(text))) this.problems.push(text);
    };
    const ours = (url) => url.startsWith(server.origin);
    const where = (url) => url.slice(server.origin.length);
    context.on("console", (message) => {
      // What could not be loaded comes with its address below.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) problem(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => problem(`script: ${error.error().stack ?? error.error()}`));
    context.on("request", (request) => {
      if (!ours(request.url())) return /^(blob|data|about):/.test(request.url()) || problem(`a request to elsewhere: ${request.url()}`);
      this.requests.push({ method: request.method(), path: where(request.url()), body: request.postData() });
      request.allHeaders().then((headers) => this.noteSecrets(headers), () => {});
    });
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // Somebody went on before it was there.
      if (ours(request.url()) && why !== "net::ERR_ABORTED") problem(`${request.method()} ${where(request.url())}: ${why}`);
    });
    context.on("response", (response) => {
      if (ours(response.url()) && response.status() >= 400)
        problem(`${response.status()} ${response.request().method()} ${where(response.url())}`);
    });
  }

  noteSecrets(headers) {
    const carried = `${headers.authorization ?? ""};${headers.cookie ?? ""}`;
    for (const [, id, secret] of carried.matchAll(/(?:Bearer |__Host-hocso=)([0-9a-f-]{32,36})\.([0-9a-f]{64})/g)) {
      const plain = id.replaceAll("-", "");
      const dashed = plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      for (const word of [plain, dashed, secret]) this.world.personal.add(word);
    }
  }

  // From here on a problem like this one is part of the journey.
  expect(...patterns) {
    this.expected.push(...patterns);
  }

  async go(address) {
    const response = await this.page.goto(address);
    return response?.status();
  }

  // Types something about a person: no log may ever hold it.
  async tell(selector, text) {
    this.world.personal.add(text);
    await this.page.locator(selector).fill(text);
  }

  async ready() {
    if (this.js) await this.page.locator("html[data-hydrated]").waitFor();
  }

  sent(address) {
    return this.requests.filter((request) => request.method === "POST" && request.path === address);
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  // What the phone holds: { about, profiles, events, outbox }.
  phone() {
    return this.page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const request = indexedDB.open("hocso");
          request.onerror = () => reject(request.error);
          request.onsuccess = async () => {
            const db = request.result;
            const names = ["about", "profiles", "events", "outbox"].filter((name) => db.objectStoreNames.contains(name));
            const held = { about: [], profiles: [], events: [], outbox: [] };
            if (names.length) {
              const transaction = db.transaction(names);
              for (const name of names)
                held[name] = await new Promise((take) => {
                  const all = transaction.objectStore(name).getAll();
                  all.onsuccess = () => take(all.result);
                });
            }
            db.close();
            held.events.sort((a, b) => a.no - b.no);
            resolve(held);
          };
        }),
    );
  }

  async kept(kind) {
    return (await this.phone()).events.map((event) => event.what[kind]).filter(Boolean);
  }

  // What the page "my information" says is held, or null.
  async mine(prefix = "") {
    await this.go(`${prefix}/toi`);
    return this.mineHere(prefix ? "en" : "vi");
  }

  async mineHere(language = "vi") {
    const { page } = this;
    if (this.js && (await this.phone()).profiles.some((profile) => profile.consent === "yes" || profile.locked))
      await page.locator("main[data-personal=mine]").waitFor();
    const facts = await page.locator("main dl.facts").evaluateAll((lists) =>
      lists.flatMap((list) => [...list.querySelectorAll("dt")].map((dt) => [dt.textContent.trim(), dt.nextElementSibling.innerText.trim()])),
    );
    if (!facts.length) {
      holds((await page.locator("main").innerText()).includes(t("accounts-mine-nothing", {}, language)), "the page says that nothing is held");
      return null;
    }
    const said = Object.fromEntries(facts);
    const of = (id) => said[t(id, {}, language)];
    return {
      unit: of("accounts-mine-unit"), born: of("accounts-born"), sex: of("accounts-sex"), group: of("accounts-mine-group"),
      events: Number(of("accounts-mine-events")), lessons: of("accounts-mine-lessons").split("\n").filter(Boolean),
    };
  }

  async close() {
    // A browser that was killed has none.
    for (const cookie of await this.context.cookies().catch(() => [])) this.noteSecrets({ cookie: `${cookie.name}=${cookie.value}` });
    await this.context.close();
  }
}

// --- What every page owes ---------------------------------------------------------------------------------------------------
export async function a11y(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => {
      const [first] = nodes;
      return `${id}: ${help}: ${first.target.join(" ")} (${(first.failureSummary ?? "").split("\n").pop().trim()})`;
    });
  });
  return violations.map((violation) => `axe: ${violation}`);
}

// Nothing reaches over the right edge, and nothing that is meant to be read is cut off.
export async function noOverflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}.${[...element.classList].join(".")}`;
    const found = [];
    const root = document.scrollingElement;
    if (root.scrollWidth > wide) found.push(`overflow: the page is ${root.scrollWidth} px wide on a screen of ${wide}`);
    const contained = (element) => element.closest(".scroll, .away, .skip, svg svg");
    for (const element of document.body.querySelectorAll("*")) {
      if (contained(element) || !element.checkVisibility()) continue;
      const box = element.getBoundingClientRect();
      if (box.width && (box.right > wide + 1 || box.left < -1)) found.push(`overflow: ${name(element)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} of ${wide}`);
      const style = getComputedStyle(element);
      if (element instanceof HTMLElement && style.overflow === "hidden" && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
        found.push(`overflow: ${name(element)} cuts off what is in it`);
    }
    return found.slice(0, 4);
  });
}
