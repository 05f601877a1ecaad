// When everything is over: what the servers said, and how they ended.
import { holds, same } from "../world.mjs";

// Times and running numbers look like anything.
const NEVER_PERSONAL = ["timestamp", "micros", "id", "level"];
const ADDRESS = /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|::1\b/;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

// What leptos_meta itself writes, seen once on a busy machine, perhaps of a page that was dropped while it was drawn: it says
// nothing of anybody.
const FOREIGN = "tried to use a leptos_meta component without `ServerMetaContext` provided";

export const closing = {
  "closing: the servers stop in order": async (world) => {
    // Some journeys kill theirs.
    const asked = world.servers.filter(({ killed }) => !killed);
    same(world.exits, asked.map(() => 0), "exit codes");
    for (const server of asked) holds(server.lines.some((line) => line.includes('"closed"')), "the database was closed");
  },

  "closing: the logs know nothing about anybody": async (world) => {
    const problems = [];
    let requests = 0;
    for (const line of world.servers.flatMap((server) => server.lines)) {
      let said;
      try {
        said = JSON.parse(line);
      } catch {
        if (line !== FOREIGN) problems.push(`not a line of JSON: ${line}`);
        continue;
      }
      // Where the server listens is told once, before anybody has come.
      if (said.message === "ready") continue;
      if (said.message === "request") requests++;
      if (said.level === "ERROR") problems.push(`an error: ${line}`);
      for (const name of NEVER_PERSONAL) delete said[name];
      const text = plain(decodeURIComponent(JSON.stringify(said).replace(/%(?![0-9a-f]{2})/gi, "%25")));
      if (ADDRESS.test(text)) problems.push(`an address: ${line}`);
      for (const secret of world.personal) {
        const word = plain(secret);
        const found = /^\d+$/.test(word) ? new RegExp(`\\b${word}\\b`).test(text) : text.includes(word);
        if (found) problems.push(`“${secret}” in ${line}`);
      }
    }
    holds(requests > 20 || !world.whole, `${requests} requests were logged`);
    holds(world.personal.size > 0 || !world.whole, "there is something to look for");
    return problems.slice(0, 10);
  },
};
