// The browser journeys: `node run.mjs [part of a name] [--shots DIR]`.
// HOCSO_BIN: the server; CHROMIUM: the browser.
import { readdirSync } from "node:fs";
import { Journey, World } from "./world.mjs";

// Journeys spend much of their time waiting; more at once only makes each slower.
const AT_ONCE = 3;
// Nothing waits so long but a page that is stuck; the longest journey answers all thirty-six lessons.
const JOURNEY_MS = 300_000;

const words = process.argv.slice(2);
const at = words.indexOf("--shots");
const shots = at < 0 ? undefined : words.splice(at, 2)[1];
const filter = words[0] ?? "";

const bin = process.env.HOCSO_BIN ?? "target/debug/hocso";
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

const folder = new URL("journeys/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".mjs")).sort();
const modules = await Promise.all(files.map((name) => import(new URL(name, folder))));
const chosen = (name) => name.includes(filter);
const named = modules.flatMap(({ journeys = {} }) => Object.entries(journeys)).filter(([name]) => chosen(name));
// What can only be seen when everything is over.
const closing = modules.flatMap(({ closing = {} }) => Object.entries(closing)).filter(([name]) => chosen(name));

let passed = 0;
const failed = [];
const result = (name, began, problems) => {
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${problems.length ? "✗" : "✓"} ${name} (${seconds} s)`);
  for (const problem of problems) console.log(`    ${String(problem).replaceAll("\n", "\n    ")}`);
  problems.length ? failed.push(name) : passed++;
};
const attempt = async (name, work) => {
  const began = Date.now();
  const problems = [];
  let late;
  const limit = new Promise((_, reject) => (late = setTimeout(() => reject(new Error("took too long")), JOURNEY_MS)));
  try {
    problems.push(...((await Promise.race([work(), limit])) ?? []));
  } catch (error) {
    problems.push(error.stack.split("\n").filter((line) => !line.includes("node:internal")).slice(0, 12).join("\n"));
  }
  clearTimeout(late);
  return [name, began, problems];
};

const world = await World.open({ bin, chromium, shots });
world.whole = !filter;
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => world.close().then(() => process.exit(1)));
try {
  const queue = [...named];
  const worker = async () => {
    for (let next; (next = queue.shift()); ) {
      const journey = new Journey(world);
      const [name, began, problems] = await attempt(next[0], () => next[1](journey));
      problems.push(...(await journey.end().catch((error) => [error])));
      result(name, began, problems);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  world.exits = await world.stop();
  for (const [name, work] of closing) result(...(await attempt(name, () => work(world))));
} finally {
  await world.close();
}
console.log(`journeys: ${passed} passed, ${failed.length} failed`);
process.exit(failed.length || !passed ? 1 : 0);
