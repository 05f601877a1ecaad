// Without a network: what was opened once opens again, with the server stopped and the network cut; and the worker taken back.
import { holds, same, soon, t } from "../world.mjs";
import { finish, lessonPath, lessonsOf } from "../lesson.mjs";
import { DRILL, practicePath, practiseAlone } from "../practice.mjs";

const TRANSFER = "thanh-toan/chuyen-tien-khong-nham";

// Addresses that the phone keeps, without the origin.
const keptPages = (page) =>
  page.evaluate(async () => {
    const pages = await caches.open("pages-1");
    return (await pages.keys()).map(({ url }) => new URL(url).pathname).sort();
  });
const isKept = (page, address) => soon(async () => (await keptPages(page)).includes(address), true, `${address} is kept`);

export const journeys = {
  "offline: a lesson, a simulator and a drill after one visit, the server stopped and the network cut": async (journey) => {
    const server = await journey.world.serve("offline.sqlite");
    const visitor = await journey.visitor({ server, serviceWorkers: "allow" });
    visitor.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|Failed to fetch/);
    const { page, context } = visitor;
    const [lesson, other] = await lessonsOf(visitor);
    await page.evaluate(() => navigator.serviceWorker.ready);
    for (const address of ["/", "/tien-do", "/luyen-tap", "/khong-mang"]) await isKept(page, address);
    for (const address of [lessonPath(lesson), practicePath(TRANSFER), DRILL]) {
      await visitor.go(address);
      await isKept(page, address);
    }
    await server.stop();
    await context.setOffline(true);
    await page.close();
    visitor.page = await context.newPage();
    const offline = visitor.page;

    await visitor.go("/");
    same(await visitor.text("h1"), t("content-greeting"), "home opens");
    await visitor.go(lessonPath(lesson));
    await finish(visitor);
    holds(await offline.locator("#xong .scene").evaluate((image) => image.decode().then(() => true, () => false)), "pictures are there");
    await practiseAlone(visitor, TRANSFER);
    await visitor.go(DRILL);
    await visitor.ready();
    await offline.locator("button[name=begin]:visible").click();
    await offline.locator("[data-lines] .bubble").first().waitFor();
    await visitor.go("/tien-do");
    await soon(() => offline.locator("[data-lesson]:has([data-done]:visible)").count(), 1, "progress is filled from the phone");
    // A lesson that was never opened: said in words, with a way home.
    await visitor.go(lessonPath(other));
    same(await visitor.text("h1"), t("shell-no-network-title"), "what is not there says so");
    same((await visitor.kept("lesson_finished")).length, 1, "nothing is lost");
  },

  "offline: nothing of anybody's own is kept, and the worker is taken back": async (journey) => {
    const server = await journey.world.serve("worker.sqlite");
    const visitor = await journey.visitor({ server, serviceWorkers: "allow" });
    const { page } = visitor;
    await visitor.go("/");
    await page.evaluate(() => navigator.serviceWorker.ready);
    await isKept(page, "/khong-mang");
    for (const address of ["/toi", "/dong-y", "/thong-ke"]) await visitor.go(address);
    await isKept(page, "/thong-ke");
    // The page of somebody whom the server knows by a cookie is private, wherever it stands.
    await visitor.context.addCookies([{ name: "__Host-xong", value: "thanh-toan.giu-tai-khoan", domain: "localhost", path: "/", secure: true }]);
    await visitor.go("/tien-do");
    const { html, names } = await page.evaluate(async () => {
      const pages = await caches.open("pages-1");
      const html = await (await pages.match(location.origin + "/tien-do")).text();
      return { html, names: (await pages.keys()).map(({ url }) => url) };
    });
    holds(!/class="on"/.test(html), "progress is kept as everybody's");
    holds(!names.some((url) => url.includes("/api/")), "no answer to a program is kept");

    // The operator takes it back: the next visit removes the worker and everything it kept.
    const { port } = new URL(server.origin);
    await server.stop();
    const without = await journey.world.serve("worker.sqlite", { HOCSO_NO_WORKER: "true", port });
    await visitor.go("/");
    // Ten minutes later the browser's own cache does not answer for the worker any more.
    await (await visitor.context.newCDPSession(page)).send("Network.clearBrowserCache");
    await page.evaluate(() => navigator.serviceWorker.getRegistration().then((worker) => worker?.update()));
    await soon(() => page.evaluate(async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length]), [[], 0], "nothing is left");
    same(await page.locator("body").getAttribute("data-worker"), null, "and it does not come back");
    await without.stop();
  },
};
