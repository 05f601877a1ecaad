// What pages weigh: what a lesson costs before it is opened, and a whole track on the phone.
const PAGES = "pages-1";
const FILES = "files-1";
// What a phone sends for each thing that it asks for.
export const REQUEST_BYTES = 350;

const lang = document.documentElement.lang;
export const size = (bytes) => {
  const [number, unit] = bytes < 1e6 ? [bytes / 1000, "KB"] : [bytes / 1e6, "MB"];
  return `${number.toLocaleString(lang, { maximumFractionDigits: bytes < 1e6 ? 0 : 1 })} ${unit}`;
};

// The pages of a track with what the phone lacks of each; files that several name are counted with the first.
export const weigh = async (address) => {
  const { pages, files } = await (await fetch(address)).json();
  const [keptPages, keptFiles] = [await caches.open(PAGES), await caches.open(FILES)];
  const here = new Set((await keptFiles.keys()).map(({ url }) => new URL(url).pathname));
  const counted = new Set(here);
  for (const page of pages) {
    const kept = await keptPages.match(location.origin + page.path);
    page.kept = Boolean(kept);
    page.here = kept?.headers.get("etag") === page.etag && page.files.every((file) => here.has(file));
    const lacks = page.files.filter((file) => !here.has(file));
    const sum = (names) => names.reduce((sum, file) => sum + (files[file] ?? 0) + REQUEST_BYTES, 0);
    // Opened by itself, and as one of all.
    const body = page.here ? 0 : page.bytes + REQUEST_BYTES;
    page.weight = page.bytes + page.files.reduce((sum, file) => sum + (files[file] ?? 0), 0);
    page.cost = body + sum(lacks);
    page.more = body + sum(lacks.filter((file) => !counted.has(file)));
    lacks.forEach((file) => counted.add(file));
  }
  return pages;
};

// Asks the worker to keep a page; it keeps it with every file it names, or not at all.
export const ask = async (message) => {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    active.postMessage(message, [port2]);
  });
};

// Whether this phone can keep tracks at all.
export const able = () => "caches" in window && navigator.serviceWorker && document.body.dataset.worker;

// One track with its buttons; `after` is called when what is on the phone has changed.
export const track = async (item, after = () => {}) => {
  const one = (selector) => item.querySelector(selector);
  const [state, bar, get, drop] = ["[data-track-state]", "progress", "button[data-get]", "[data-drop]"].map(one);
  const words = item.dataset;
  const fill = (text, n, every) => text.replace("{n}", n).replace("{all}", every);
  const sum = (pages, what) => pages.reduce((all, page) => all + page[what], 0);
  let pages;
  const look = async () => {
    get.hidden = drop.hidden = true;
    item.hidden = false;
    pages = await weigh(item.dataset.track).catch(() => undefined);
    if (!pages) return (state.textContent = words.away);
    const [here, kept] = ["here", "kept"].map((is) => pages.filter((page) => page[is]));
    const lacks = sum(pages, "more");
    const whole = here.length === pages.length;
    state.textContent = whole ? fill(words.every, size(sum(pages, "weight")), pages.length) : here.length ? fill(words.some, here.length, pages.length) : words.none;
    get.hidden = !lacks;
    one("button[data-get] span").textContent = fill(kept.length === pages.length ? words.newer : here.length ? words.more : words.get, size(lacks));
    drop.hidden = !kept.length;
  };
  const fetchAll = async () => {
    get.hidden = drop.hidden = true;
    bar.hidden = false;
    const lacks = pages.filter((page) => !page.here);
    const bytes = sum(lacks, "more");
    let come = 0;
    let failed = false;
    for (const [nth, page] of lacks.entries()) {
      state.textContent = fill(words.going, pages.length - lacks.length + nth + 1, pages.length);
      failed = !(await ask({ keep: page.path }));
      if (failed) break;
      come += page.more;
      bar.value = bytes ? come / bytes : 1;
    }
    bar.hidden = true;
    await look();
    if (failed) {
      state.textContent = words.stopped;
      get.hidden = false;
    }
    after();
  };
  get.addEventListener("click", fetchAll);
  drop.addEventListener("click", async () => {
    await ask({ drop: pages.map(({ path }) => path) });
    await look();
    after();
  });
  addEventListener("online", look);
  await look();
};

// On the page of a track: what each lesson costs before it is opened, and the whole of it.
export default async (place) => {
  if (!able()) return;
  const costs = async () => {
    const pages = await weigh(place.dataset.weights).catch(() => []);
    for (const line of document.querySelectorAll("[data-cost]")) {
      const page = pages.find(({ path }) => path === line.closest("li").querySelector("a").pathname);
      if (!page) continue;
      line.textContent = page.cost ? line.dataset.cost.replace("{n}", size(page.cost)) : line.dataset.here;
      line.hidden = false;
    }
  };
  await costs();
  await track(place.querySelector("[data-track]"), costs);
};
