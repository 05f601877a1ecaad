// In a class: the trainer's class view is told where one is in the lesson of this page, and nothing else; it forgets it with the day.
const BEAT_MS = 60000;
const SETTLE_MS = 800; // several changes at once are one
const DAYS_MS = 8 * 86400000; // as long as a code lets people in (domain::classes::JOIN_FOR)

export default (place) => (localStorage.lop = Date.now() + DAYS_MS);

export const watch = async ({ profile, bearer, one }) => {
  const [lesson] = /[^/]+\/[^/]+(?=(\/tap)?$)/.exec(/\/bai-hoc\/(.+)/.exec(location.pathname)?.[1] ?? "") ?? [];
  const form = one("[data-lesson-form],form[data-wasm]");
  if (Number(localStorage.lop) < Date.now()) delete localStorage.lop;
  if (!lesson || !form || !localStorage.lop) return;
  const here = () =>
    one(".page[data-now] [data-question]", form)?.dataset.question ?? one("[data-screen]:not([hidden])", form)?.dataset.screen ?? one(".page[data-now]", form)?.id ?? "";
  const isWrong = () => Boolean(one(".page[data-now] .wrong:not([hidden])", form));
  let [at, wrong, was] = [here(), 0, isWrong()];
  const tell = async () => {
    const own = await profile();
    if (document.hidden || own?.consent !== "yes") return;
    const answer = await fetch("/api/v1/place", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...bearer(own) },
      body: JSON.stringify({ lesson, place: at, wrong }),
    });
    // In no class any more.
    if (answer.status === 404) delete localStorage.lop;
  };
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => tell().catch(() => {}), SETTLE_MS);
  };
  new MutationObserver(() => {
    const [now, bad] = [here(), isWrong()];
    if (now !== at) [at, wrong] = [now, 0];
    else if (bad && !was) wrong++;
    else return void (was = bad);
    was = bad;
    soon();
  }).observe(form, { subtree: true, attributes: true, attributeFilter: ["hidden", "data-now"] });
  setInterval(() => localStorage.lop && soon(), BEAT_MS);
  soon();
};
