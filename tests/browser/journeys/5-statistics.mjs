// The public page on a database with a year of fictitious learners.
import { holds, same, soon, t } from "../world.mjs";
import { lessonsOf } from "../lesson.mjs";

const SORTS = { ten: "ascending", nguoi: "descending", "ty-le": "descending" };

const rows = (page) =>
  page.locator("table.figures tbody tr").evaluateAll((all) =>
    all.map((row) => ({
      id: row.id,
      name: row.querySelector("th").firstChild.textContent,
      people: row.cells[1].textContent, adults: row.cells[2].textContent, share: row.cells[3].textContent,
    })),
  );

// "1.230" and "1,230" are the same number; "under 10" stands between 0 and 10, a dash below everything.
const number = (text) => (/^[\d.,]+/.test(text) ? Number(text.replace(/[.,](?=\d{3}\b)/g, "").replace(",", ".").replace(/[^\d.]/g, "")) : text === "–" ? -1 : 5);
const falling = (list) => list.every((one, at) => !at || list[at - 1] >= one);

const facts = async (visitor, language, address) => {
  const { page } = visitor;
  const text = (selector) => page.locator(selector).first().innerText();
  holds((await visitor.text("main")).includes(t("shell-demo", {}, language)), "the page says that figures are samples");
  const found = await rows(page);
  same(found.length, 75, "rows of the table");
  same(await page.locator("svg.tiles a").count(), 75, "tiles of the map");
  same(new Set(found.map(({ name }) => name)).size, 75, "names in the table");
  // Every figure is rounded to 10, and nobody can be recognised.
  const under = t("coverage-under-ten", {}, language);
  for (const { name, people, share } of found) {
    holds(people === "0" || people === under || number(people) % 10 === 0, `${name} is rounded: ${people}`);
    holds(people === under ? share === "–" : /\d/.test(share), `${name}: ${people} and ${share}`);
  }
  const adults = found.reduce((sum, row) => sum + number(row.adults), 0);
  const [finding, big, of] = [await text(".finding"), await text(".big"), await text(".big + p")];
  const people = new RegExp(language === "vi" ? /\d{1,3}(\.\d{3})+/ : /\d{1,3}(,\d{3})+/).exec(finding)?.[0];
  holds(people, `the finding has a number in its language: ${finding}`);
  const all = adults.toLocaleString(language === "vi" ? "de-DE" : "en-GB");
  same(of, t("coverage-of-adults", { people, adults: all }, language), "people and adults");
  const share = (Math.round((number(people) * 1000) / adults) / 10).toFixed(1);
  holds(big.replace(/[\s\u00a0]/g, "") === (language === "vi" ? `${share.replace(".", ",")}%` : `${share}%`) || Number(share) % 1 === 0, `the big number is the share: ${big}, ${share}`);
  for (const [sort, order] of Object.entries(SORTS)) {
    await page.locator(`table.figures thead a[href="${address}?xep=${sort}"]`).click();
    await page.waitForURL((url) => url.search === `?xep=${sort}`);
    same(await page.locator(`th[aria-sort="${order}"] a[href$="xep=${sort}"]`).count(), 1, `${sort} says how it is sorted`);
    const sorted = await rows(page);
    same(sorted.map(({ id }) => id).sort(), found.map(({ id }) => id).sort(), `rows sorted by ${sort}`);
    if (sort === "ten") same(sorted.map(({ name }) => name).slice(0, 3), [...sorted.map(({ name }) => name)].slice(0, 3), "names");
    else holds(falling(sorted.map((row) => number(sort === "nguoi" ? row.people : row.share))), `${sort} falls from row to row`);
  }
};

export const journeys = {
  "statistics: finding, map, table, without JavaScript": async (journey) => {
    const visitor = await journey.visitor({ js: false, server: await journey.world.statistics() });
    const { page } = visitor;
    await visitor.go("/thong-ke");
    await facts(visitor, "vi", "/thong-ke");
    // By name: the plain name, without "Xã" or "Phường", from A on.
    await visitor.go("/thong-ke?xep=ten");
    const plain = (text) => text.replace(/^(Xã|Phường) /, "").normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
    const names = (await rows(page)).map(({ name }) => plain(name));
    same(names, [...names].sort(), "rows sorted by name");
    // A tile leads to its row.
    const tile = page.locator("svg.tiles a").nth(37);
    const to = await tile.getAttribute("href");
    const said = await tile.getAttribute("aria-label");
    await tile.click();
    await page.waitForURL((url) => url.hash === to);
    const row = page.locator(`[id="${to.slice(1)}"]`);
    const onScreen = () => row.evaluate((row) => row.getBoundingClientRect().top > -1 && row.getBoundingClientRect().top < innerHeight);
    await soon(onScreen, true, "the row is on the screen");
    holds((await row.locator("th").innerText()).includes(said.split(":")[0]), `the row is the one of ${said}`);
    // The banner stands on the other pages too; targets are only told, never drawn.
    await page.locator("details summary").first().click();
    holds((await page.locator("dl.aims dt").count()) > 0, "targets stand beside");
    await visitor.go("/");
    holds((await visitor.text("main")).includes(t("shell-demo")), "home says that figures are samples");
  },

  "statistics: one track": async (journey) => {
    const visitor = await journey.visitor({ server: await journey.world.statistics() });
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    const [track] = lessons[0].split("/");
    await visitor.go("/thong-ke");
    const all = number(/[\d.]+/.exec(await page.locator(".finding").innerText())[0]);
    await page.locator(`nav.switch a[href="/thong-ke/${track}"]`).click();
    await page.waitForURL(`**/thong-ke/${track}`);
    same(await page.locator("nav.switch [aria-current=page]").getAttribute("href"), `/thong-ke/${track}`, "the track that is shown");
    const one = number(/[\d.]+/.exec(await page.locator(".finding").innerText())[0]);
    holds(one > 0 && one <= all, `people of one track: ${one} of ${all}`);
    same(await page.locator("dl.bars dt").count(), lessons.filter((id) => id.startsWith(`${track}/`)).length, "lessons of the track");
  },

  "statistics: in English, with English numbers": async (journey) => {
    const visitor = await journey.visitor({ js: false, server: await journey.world.statistics(), locale: "en-GB" });
    await visitor.go("/en/thong-ke");
    await facts(visitor, "en", "/en/thong-ke");
    holds(!/\d,\d(\s?%)/.test(await visitor.text("main")), "no decimal comma");
  },

  "statistics: before the first month": async (journey) => {
    const visitor = await journey.visitor();
    await visitor.go("/thong-ke");
    holds((await visitor.text("main")).includes(t("coverage-none-yet")), "the page says that there are no figures yet");
  },
};
