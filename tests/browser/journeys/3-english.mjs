// English: the same pages, the same places, Vietnamese lessons.
import { holds, same, soon, t } from "../world.mjs";
import { answersOf, check, finish, lessonPath, lessonsOf, now, pick } from "../lesson.mjs";
import { EVENTS, becomeCounted, erase, nothingHeld } from "../person.mjs";

const VIETNAMESE = /[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]/i;

// Words that are Vietnamese though nothing around them says so, and English ones said to be Vietnamese.
const wronglyMarked = (page) =>
  page.evaluate((vietnamese) => {
    const marks = new RegExp(vietnamese, "i");
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walk.nextNode()); ) {
      // Names of the house, of the province and of a law inside a sentence stay as they are.
      const text = node.textContent.replace(/Học Số|Sơn La|Tiếng Việt|(Nghị quyết|Quyết định|Luật) \S+( ngày \S+)?/g, "").trim();
      const element = node.parentElement;
      if (!text || !element.checkVisibility()) continue;
      const language = element.closest("[lang]").lang;
      if (language === "en" && marks.test(text)) found.push(`not marked as Vietnamese: ${text.slice(0, 60)}`);
      if (language === "vi" && text.length > 24 && !marks.test(text)) found.push(`marked as Vietnamese: ${text.slice(0, 60)}`);
    }
    return found.slice(0, 5);
  }, VIETNAMESE.source);

export const journeys = {
  "English: every page, and the switch stays on it": async (journey) => {
    const visitor = await journey.visitor({ locale: "en-GB" });
    visitor.expect(/^404 GET .*\/khong-co/);
    const { page } = visitor;
    const lessons = await lessonsOf(visitor);
    const [track] = lessons[0].split("/");
    const pages = ["", `/bai-hoc/${track}`, "/tien-do", "/dong-y", "/dong-y/ho-so", "/dong-y/dan-toc", "/toi", "/thong-ke", `/thong-ke/${track}`, "/gioi-thieu", "/bat-dau", "/tu-dien", `/bai-hoc/${track}/chung-nhan`, "/khong-co"];
    for (const address of pages) {
      await visitor.go(`/en${address}`);
      same(await page.getAttribute("html", "lang"), "en", `language of /en${address}`);
      same(await wronglyMarked(page), [], `words of /en${address}`);
      // All ways on stay English.
      const ways = await page.locator("main a[href^='/'], footer a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
      same(ways.filter((way) => !/^\/en(\/|$)|^\/a\//.test(way)), [], `ways on from /en${address}`);
      await page.locator("header.top a[lang=vi]").click();
      await page.waitForURL((url) => url.pathname === (address || "/"));
      same(await page.getAttribute("html", "lang"), "vi", `language of ${address}`);
      await page.locator("header.top a[lang=en]").click();
      await page.waitForURL((url) => url.pathname === `/en${address}`);
    }
    await visitor.go("/en");
    same(await visitor.text("h1"), t("content-greeting", {}, "en"), "home greets in English");
  },

  "English: a Vietnamese lesson with English around it": async (journey) => {
    const visitor = await journey.visitor({ locale: "en-GB" });
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await visitor.go(lessonPath(first, "/en"));
    await visitor.ready();
    holds((await visitor.text("form.lesson")).includes(t("content-in-vietnamese", {}, "en")), "the page says that lessons are Vietnamese");
    same(await wronglyMarked(page), [], "words of the first step");
    same(await now(page).locator(".turn [data-on]").innerText(), t("learn-on", {}, "en"), "the way on");
    same(await page.locator(".say").first().getAttribute("lang"), "vi", "language of a step");
    const [question] = await answersOf(page);
    await page.goto(`${lessonPath(first, "/en")}#${question.page}`);
    await page.locator(`[id="${question.page}"][data-now]`).waitFor();
    await pick(page, question, question.wrong[0].word);
    await check(page, question, question.wrong[0].mark);
    same(await wronglyMarked(page), [], "words of a question with its feedback");
    await visitor.go("/en");
    await visitor.go(lessonPath(first, "/en"));
    await finish(visitor);
    same(await visitor.text("#xong h2"), t("learn-finished", {}, "en"), "the end");
    same(await wronglyMarked(page), [], "words of the end");
    await visitor.go("/en");
    await soon(() => visitor.text("[data-next-label]"), t("content-next", {}, "en"), "home knows the next lesson");
    holds((await page.locator("[data-next] a").getAttribute("href")).startsWith("/en/bai-hoc/"), "and leads to it in English");
    same(await wronglyMarked(page), [], "words of home");
  },

  "English: being counted, and deleted, with JavaScript": async (journey) => {
    const visitor = await journey.visitor({ locale: "en-GB" });
    const { page } = visitor;
    await becomeCounted(visitor, undefined, "/en");
    const held = await visitor.mine("/en");
    same(held.sex, t("accounts-female", {}, "en"), "what is held is said in English");
    same(await wronglyMarked(page), [], "words of my information");
    await erase(visitor, "/en");
    await nothingHeld(visitor, "/en");
    same(visitor.sent(EVENTS), [], "no event of its own was needed");
  },

  "English: the switch stays on a page that came by script": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await becomeCounted(visitor);
    await visitor.mineHere();
    await page.locator("header.top a[lang=en]").click();
    await page.waitForURL((url) => url.pathname === "/en/toi", { timeout: 4000 });
  },

  "English: a question half answered without JavaScript keeps its answer": async (journey) => {
    const visitor = await journey.visitor({ js: false });
    const { page } = visitor;
    const [first] = await lessonsOf(visitor);
    await visitor.go(lessonPath(first, "/en"));
    const [question] = await answersOf(page);
    await pick(page, question, question.wrong[0].word);
    await check(page, question, question.wrong[0].mark);
    same(await page.getAttribute("html", "lang"), "en", "the answer is English");
    holds(new URL(page.url()).pathname === lessonPath(first, "/en"), "the address is English");
  },
};
