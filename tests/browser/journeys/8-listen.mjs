// The listen button: the phone's own Vietnamese voice, and no button where there is none.
import { holds, same, t } from "../world.mjs";
import { lessonPath, lessonsOf, on, pagesOf } from "../lesson.mjs";

/** A phone with these voices, which remembers what it was asked to say. Headless Chromium has none of its own. */
const speaks = (languages) => `(() => {
  const voices = ${JSON.stringify(languages)}.map((lang) => ({ lang, name: lang }));
  window.said = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    speaking: false,
    getVoices: () => voices,
    addEventListener() {},
    speak(words) { said.push([words.text, words.voice.lang]); this.speaking = true; this.now = words; words.onstart(); },
    cancel() { if (this.speaking) { this.speaking = false; this.now.onend(); } },
  } });
})()`;

const button = (page) => page.locator(".page[data-now] .listen");

export const journeys = {
  "listen: a Vietnamese voice reads each step, and stops": async (journey) => {
    const visitor = await journey.visitor();
    const { page } = visitor;
    await page.addInitScript(speaks(["en-US", "vi-VN"]));
    for (const lesson of await lessonsOf(visitor)) {
      await visitor.go(lessonPath(lesson));
      await visitor.ready();
      for (const id of await pagesOf(page)) {
        await page.locator(`[id="${id}"][data-now]`).waitFor();
        if (await button(page).count()) {
          const words = await page.locator(`[id="${id}"] [data-say]`).evaluate((text) => ({
            written: [...text.querySelectorAll("li")].map((item) => item.textContent).join(". ") || text.textContent,
            spoken: text.dataset.say,
          }));
          await button(page).click();
          const [text, voice] = await page.evaluate(() => said.at(-1));
          same(voice, "vi-VN", "the voice");
          same(text, words.spoken || words.written, `what is read of ${lesson} ${id}`);
          same(await button(page).innerText(), t("learn-listen-stop"), "it can be stopped");
          await button(page).click();
          same(await button(page).innerText(), t("learn-listen"), "it has stopped");
        }
        if (id !== "lam-that") await on(page);
      }
    }
    holds((await page.evaluate(() => said.length)) > 6, "the last lesson was read");
  },

  "listen: no button without a Vietnamese voice, and none without a voice at all": async (journey) => {
    for (const languages of [["en-US", "zh-CN"], []]) {
      const visitor = await journey.visitor();
      const [lesson] = await lessonsOf(visitor);
      await visitor.page.addInitScript(speaks(languages));
      await visitor.go(lessonPath(lesson));
      await visitor.ready();
      same(await visitor.page.locator(".listen:visible").count(), 0, "buttons");
      holds((await visitor.page.locator(".listen").count()) > 0, "they are there for those who have one");
    }
  },
};
