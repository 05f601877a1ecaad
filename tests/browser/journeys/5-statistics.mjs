// The public page on a database with a year of fictitious learners.
import { holds, same, t } from "../world.mjs";
import { lessonsOf } from "../lesson.mjs";

const SORTS = { ten: "ascending", nguoi: "descending", "ty-le": "descending" };

const rows = (page) =>
  page.locator("#bang table.figures tbody tr").evaluateAll((all) =>
    all.map((row) => ({
      id: row.id,
      name: row.querySelector("th").firstChild.textContent,
      people: row.cells[1].textContent, seen: row.cells[2].textContent, adults: row.cells[3].textContent, share: row.cells[4].textContent,
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
  // Nothing under ten is told, and nobody can be recognised.
  const hidden = ["coverage-under-ten", "coverage-withheld"].map((id) => t(id, {}, language));
  for (const { name, people, share } of found) {
    holds(people === "0" || hidden.includes(people) || number(people) >= 10, `${name} is not told: ${people}`);
    holds(hidden.includes(people) ? share === "–" : /\d/.test(share), `${name}: ${people} and ${share}`);
  }
  const adults = found.reduce((sum, row) => sum + number(row.adults), 0);
  const [finding, big, of] = [await text(".finding"), await text(".big"), await text(".big + p")];
  const people = new RegExp(language === "vi" ? /\d{1,3}(\.\d{3})+/ : /\d{1,3}(,\d{3})+/).exec(finding)?.[0];
  holds(people, `the finding has a number in its language: ${finding}`);
  const all = adults.toLocaleString(language === "vi" ? "de-DE" : "en-GB");
  same(of, t("coverage-of-adults", { people, adults: all }, language), "people and adults");
  const share = (Math.round((number(people) * 1000) / adults) / 10).toFixed(1);
  holds(big.replace(/[\s\u00a0]/g, "") === (language === "vi" ? `${share.replace(".", ",")}%` : `${share}%`) || Number(share) % 1 === 0, `the big number is the share: ${big}, ${share}`);
  await page.locator("#bang summary").click();
  for (const [sort, order] of Object.entries(SORTS)) {
    const query = sort === "ty-le" ? "" : `?xep=${sort}`;
    const head = `a[href="${address}${query}#bang"]`;
    await page.locator(`#bang table.figures thead ${head}`).click();
    await page.waitForURL((url) => url.search === query && url.hash === "#bang");
    same(await page.locator(`#bang th[aria-sort="${order}"] ${head}`).count(), 1, `${sort} says how it is sorted`);
    holds(sort === "ty-le" || (await page.locator("#bang details[open]").count()) === 1, "a table that was sorted is open");
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
    // A tile leads to its place, and the row of a place too.
    const tile = page.locator("svg.tiles a").nth(37);
    const to = await tile.getAttribute("href");
    const said = await tile.getAttribute("aria-label");
    await tile.click();
    await page.waitForURL(`**${to}`);
    holds((await page.locator("h1").innerText()).includes(said.split(":")[0]), `the place is the one of ${said}`);
    same(await page.locator(".ladder-table").count(), 4, "a ladder for each track and for any");
    await page.goBack();
    await page.locator(`#bang a[href="${to}"]`).click();
    await page.waitForURL(`**${to}`);
    await page.goBack();
    // The banner stands on the other pages too; targets are only told, never drawn.
    await page.locator("details:has(.aims) summary").click();
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
    same(await page.locator("#theo-bai dl.bars dt").count(), lessons.filter((id) => id.startsWith(`${track}/`)).length, "lessons of the track");
  },

  "statistics: in English, with English numbers": async (journey) => {
    const visitor = await journey.visitor({ js: false, server: await journey.world.statistics(), locale: "en-GB" });
    await visitor.go("/en/thong-ke");
    await facts(visitor, "en", "/en/thong-ke");
    holds(!/\d,\d(\s?%)/.test(await visitor.text("main")), "no decimal comma");
  },

  "statistics: a step, a month, an older release, and what can be taken away": async (journey) => {
    const visitor = await journey.visitor({ js: false, server: await journey.world.statistics() });
    visitor.expect(/^404 GET \/thong-ke\?ban=999/);
    const { page } = visitor;
    await visitor.go("/thong-ke");
    const people = async () => {
      await page.waitForLoadState();
      return number(/[\d.]+/.exec(await page.locator(".finding").innerText())[0]);
    };
    const heard = await people();
    await page.locator("#bac-thang a", { hasText: t("coverage-step-practised") }).click();
    await page.waitForURL((url) => url.search === "?buoc=tu-tap");
    holds((await people()) < heard, "fewer have practised than have learnt");
    same(await page.locator("#bac-thang [aria-current]").innerText(), t("coverage-step-practised"), "the step that is shown");
    // The line has its twin: as many months as releases.
    const months = await page.locator("#theo-thang tbody tr").count();
    holds(months > 8, `months of a year: ${months}`);
    const told = await page.locator("#theo-thang tbody td:nth-of-type(1)").allTextContents();
    same(await page.locator("#theo-thang svg.trend circle").count(), told.filter((text) => /^[\d.]+$/.test(text)).length, "a dot for each month that is told");
    await page.locator(`a[href="/thong-ke/ban"]`).click();
    await page.waitForURL("**/thong-ke/ban");
    same(await page.locator(".releases li").count(), months, "all releases are listed");
    holds((await visitor.text("main")).includes("SHA-256"), "each with its checksum");
    await page.locator(`.releases a[href="/thong-ke?ban=2"]`).click();
    await page.waitForURL((url) => url.search === "?ban=2");
    holds((await people()) < heard, "an older release has fewer people");
    await page.locator("main .notice a[href='/thong-ke']").click();
    await page.waitForURL((url) => url.pathname === "/thong-ke" && !url.search);
    // The file that is taken away says what the page says.
    const href = await page.locator("#so-lieu-mo a", { hasText: "CSV" }).getAttribute("href");
    const csv = await (await page.request.get(new URL(href, page.url()).href)).text();
    const line = csv.split("\r\n").find((line) => line.includes(",ladder,any,heard,self,province,,,"));
    same(line.split(",")[10], String(heard), "people in the file");
    await visitor.go("/thong-ke?ban=999");
  },

  "statistics: printed, nothing is missing": async (journey) => {
    const visitor = await journey.visitor({ server: await journey.world.statistics() });
    const { page } = visitor;
    await visitor.go("/thong-ke");
    await page.emulateMedia({ media: "print" });
    const shown = (selector) => page.locator(selector).evaluateAll((all) => all.map((one) => one.checkVisibility({ contentVisibilityAuto: true }) && one.getBoundingClientRect().height > 0));
    for (const selector of ["#bang tbody tr:last-child", "#theo-thang tbody tr:last-child", "#theo-bai dt", ".tiles", ".finding"])
      holds((await shown(selector)).every(Boolean), `${selector} is printed`);
    for (const selector of ["nav.switch", "summary", ".links"]) holds(!(await shown(selector)).some(Boolean), `${selector} is for the screen only`);
  },

  "statistics: before the first month": async (journey) => {
    const visitor = await journey.visitor();
    await visitor.go("/thong-ke");
    holds((await visitor.text("main")).includes(t("coverage-none-yet")), "the page says that there are no figures yet");
  },
};
