// The service worker: what was opened once opens again without a network. Its rules:
//
// 1. Only GET, only our own origin, never /api, never what the server says is private or somebody's own.
// 2. A page comes from the network; without one, or when it takes longer than people wait, it is the page as it was seen last.
//    A page is kept with every file it names, or not at all: it never meets a script of another release.
// 3. Files under /a/ have a hash in their name and never change: kept once, they are not asked for again. Those that no kept
//    page names any more are removed.
// 4. A page that is not on the phone is the page that says so.
// 5. A page may ask it to keep another one, for a track that is downloaded, or to drop some (weights.js).
// 6. When the browser wakes it because the network is back, it sends what waits, as a page would (parts/outbox.js).
//
// The server can take it back: then this address answers with a worker that removes everything (`hocso serve --help`).
"use strict";
//= parts/store.js
//= parts/outbox.js
// What only a page does about its store.
const [made, taken, later] = [() => {}, () => {}, () => {}];

const PAGES = "pages-1";
const FILES = "files-1";
const OFFLINE = "/khong-mang";
// Kept from the start: home, what one has done, what can be practised, this phone, and rule 4. In English as they are opened.
const SHELL = ["/", "/tien-do", "/luyen-tap", "/may-nay", OFFLINE];
// Whoever waits longer believes that nothing comes.
const PATIENCE_MS = 4000;

const isFile = (url) => url.pathname.startsWith("/a/");
const isPrivate = (answer) => /private|no-store/.test(answer.headers.get("cache-control") ?? "");
const keepable = (answer) => answer.ok && answer.type === "basic" && !answer.redirected && !isPrivate(answer);
const pageKey = (url) => url.origin + url.pathname;
// Every file that a page names, wherever it stands: scripts, styles, pictures, the program of its islands.
const filesOf = (html) => [...new Set(html.match(/\/a\/[\w./-]+/g) ?? [])];

// One after another: nothing is tidied away between a file that has come and the page that names it.
let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));
// Keeps a page together with its files; when one of them does not come, the page as it was stays.
const keep = (url, answer) => inTurn(() => keepNow(url, answer));
const keepNow = async (url, answer) => {
  const pages = await caches.open(PAGES);
  const before = await pages.match(pageKey(url));
  const tag = (page) => page.headers.get("etag");
  if (before && tag(before) && tag(before) === tag(answer)) return;
  const html = await answer.clone().text();
  const files = await caches.open(FILES);
  for (const file of filesOf(html)) if (!(await files.match(file))) await files.add(file);
  await pages.put(pageKey(url), answer);
  if (before) await tidy();
};
// Removes the files that no kept page names.
const tidy = async () => {
  const [pages, files] = [await caches.open(PAGES), await caches.open(FILES)];
  const named = new Set();
  for (const page of await pages.keys()) for (const file of filesOf(await (await pages.match(page)).text())) named.add(file);
  for (const file of await files.keys()) if (!named.has(new URL(file.url).pathname)) await files.delete(file);
};
// Who saves data keeps what was kept, and nothing more than they ask for.
const saves = () => navigator.connection?.saveData;
const fetchAndKeep = async (path) => {
  const url = new URL(path, location.origin);
  // Without cookies: the page that is the same for everyone.
  const answer = await fetch(url, { credentials: "omit" });
  if (!keepable(answer)) throw new Error(`${path} cannot be kept`);
  await keep(url, answer);
};

// This file itself: what the browser has just fetched, as its cache knows it.
const weighSelf = async () => {
  const own = await fetch(location.href, { cache: "force-cache" });
  await spent(Number(own.headers.get("content-length")) + EXCHANGE_BYTES);
};
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(weighSelf().catch(() => {}));
  if (!saves()) event.waitUntil(Promise.all(SHELL.map(fetchAndKeep)));
});
addEventListener("activate", (event) => {
  const known = [PAGES, FILES];
  const old = async () => {
    for (const name of await caches.keys()) if (!known.includes(name)) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(old());
});
// A page asks: keep this one (it was open before there was a worker, or somebody downloads), or drop these. Who asks with a
// port is told how it went.
addEventListener("message", (event) => {
  const { keep: path, drop } = event.data ?? {};
  const [port] = event.ports;
  const work = async () => {
    if (drop) {
      const pages = await caches.open(PAGES);
      for (const page of drop) await pages.delete(pageKey(new URL(page, location.origin)));
      await inTurn(tidy);
    } else if (path && (port || !saves())) await fetchAndKeep(path);
  };
  event.waitUntil(work().then(() => port?.postMessage(true), () => port?.postMessage(false)));
});
// The network is back while no page is open. What fails is tried again by the browser.
addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(flush(true));
});

const kept = async (url) => (await caches.open(PAGES)).match(pageKey(url));
const page = async (event, url) => {
  const network = fetch(event.request).then((answer) => {
    // A page sorted otherwise is the same page.
    if (keepable(answer) && !url.search && !saves()) event.waitUntil(keep(url, answer.clone()).catch(() => {}));
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  try {
    return await Promise.race([network, late.then(() => kept(url)).then((answer) => answer ?? network)]);
  } catch {
    const english = url.pathname.startsWith("/en");
    const offline = new URL(OFFLINE, url);
    return (await kept(url)) ?? (await kept(english ? new URL(`/en${OFFLINE}`, url) : offline)) ?? (await kept(offline)) ?? Response.error();
  }
};
const file = async (request) => {
  const found = await (await caches.open(FILES)).match(request.url);
  return found ?? fetch(request);
};
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (isFile(url)) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});
// Everything that the worker fetches.
meter(["resource"], () => true);
