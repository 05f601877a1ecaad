// The learner's path on the phone: where one begins, what is asked again today, what was done for real, what one can do by
// oneself, and the certificate; all of it without a network and without anybody else knowing.
const DAY_MS = 86400000;
// Days in Viet Nam since 1970, as domain::time::day_of counts them.
export const dayOf = (at) => Math.floor((at + 7 * 3600000) / DAY_MS);
// The day the next booster is due (domain::learn::next_review); undefined when all were passed. `reviews`: [day, passed], by day.
export const due = (finished, reviews, days, again) => {
  let [nth, at] = [0, finished + days[0]];
  for (const [day, passed] of reviews) {
    if (day < at) continue;
    if (!passed) at = day + again;
    else if (++nth === days.length) return undefined;
    else at = day + days[nth] - days[nth - 1];
  }
  return at;
};
// Of several boosters on one day the passed one counts.
const reviewsOf = (kept, lesson) => {
  const days = new Map();
  for (const { at, what, noted } of kept)
    if (what.review_finished?.lesson === lesson) days.set(dayOf(at), Boolean(days.get(dayOf(at)) || noted?.pass));
  return [...days].sort(([a], [b]) => a - b);
};
// Skills that are practised, and those that are firm (domain::learn::Deeds).
export const skillsOf = (kept) => {
  const [questions, alone, clean] = [new Set(), new Set(), new Map()];
  for (const { at, what, noted } of kept)
    for (const skill of noted?.skills ?? []) {
      if (noted.pass && what.lesson_finished) questions.add(skill);
      if (noted.alone) alone.add(skill);
      if (noted.clean) clean.set(skill, (clean.get(skill) ?? new Set()).add(dayOf(at)));
    }
  const practised = [...questions].filter((skill) => alone.has(skill));
  return { practised, firm: practised.filter((skill) => clean.get(skill)?.size > 1) };
};

const hand = (detail) => document.dispatchEvent(new CustomEvent("hocso:keep", { detail: JSON.stringify(detail) }));

const home = (place, { all, one, body }, kept) => {
  const { lessons, days, again } = place.dataset;
  const distances = days.split(" ").map(Number);
  const first = new Map();
  for (const { at, what } of kept) {
    const lesson = what.lesson_finished?.lesson;
    if (lesson) first.set(lesson, Math.min(dayOf(at), first.get(lesson) ?? Infinity));
  }
  const today = dayOf(Date.now());
  // Whoever says "another time" is asked again after a week.
  const later = Number(localStorage.reviewLater ?? 0);
  const open = lessons.split(" ").filter((lesson) => first.has(lesson));
  const waiting = open.map((lesson) => [due(first.get(lesson), reviewsOf(kept, lesson), distances, Number(again)), lesson]);
  const [chosen] = waiting.filter(([day]) => day <= today).sort(([a], [b]) => a - b);
  if (!chosen || (later <= today && today < later + Number(again))) return;
  const stitch = all("[data-stitch]").find(({ dataset }) => dataset.stitch === chosen[1]);
  const link = one("[data-review-link]", place);
  one("[data-review-title]", place).textContent = stitch.dataset.title;
  link.href = `${body.prefix}/bai-hoc/${chosen[1]}${link.dataset.reviewLink}`;
  const button = one("[data-review-later]", place);
  button.hidden = place.hidden = false;
  button.onclick = () => {
    localStorage.reviewLater = today;
    place.hidden = true;
  };
};
const marks = (place, { all, one }, kept) => {
  const { practised, firm } = skillsOf(kept);
  for (const item of all("[data-skill]", place)) {
    const { skill } = item.dataset;
    if (practised.includes(skill)) one("[data-practised-skill]", item).hidden = firm.includes(skill) && Boolean(one("[data-firm]", item));
    if (firm.includes(skill) && one("[data-firm]", item)) one("[data-firm]", item).hidden = false;
  }
};
const placement = (place, { all, one }, kept) => {
  const form = one("form", place);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const [answers, known] = [{}, new Set()];
    for (const { dataset } of all("[data-question]", form)) {
      const chosen = given.get(`q-${dataset.question}`);
      if (!chosen) continue;
      answers[dataset.question] = chosen;
      if (chosen === dataset.right) for (const lesson of dataset.skips.split(" ")) known.add(lesson);
    }
    hand({ placement_taken: { version: form.dataset.placement, answers }, noted: { known: [...known] } });
    const lessons = all("[data-place]", place);
    for (const item of lessons) one("[data-known]", item).hidden = !known.has(item.dataset.place);
    const done = kept.map(({ what }) => what.lesson_finished?.lesson);
    const first = lessons.find(({ dataset }) => !known.has(dataset.place) && !done.includes(dataset.place)) ?? lessons[0];
    one("[data-begin]", place).href = one("a", first).href;
    one("[data-ask-placement]", place).hidden = true;
    const path = one("[data-placed]", place);
    path.hidden = false;
    path.focus();
    scrollTo(0, 0);
  });
};
const real = (form, { one }) => {
  const { real: lesson, version, finished } = form.dataset;
  if (finished) hand(JSON.parse(finished));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hand({ done_for_real: { lesson, version, how: event.submitter.value } });
    one("[data-thanks]", form).hidden = false;
  });
};
const certificate = (place, { all, one, body }, kept, own) => {
  marks(place, { all, one }, kept);
  const sheet = one("[data-sheet]", place);
  // What the server has said is the whole of it.
  if (!sheet.hidden || !one("[data-certificate]", place).hidden) return;
  const whole = all("[data-skill]", place).every((item) => !one("[data-practised-skill]", item).hidden);
  const counted = own?.consent === "yes" && navigator.onLine;
  if (!whole || (counted && place.dataset.counted !== undefined)) return;
  for (const text of all("[data-not-yet]", place)) text.hidden = true;
  for (const shown of ["[data-now]", "[data-no-code]", "[data-sheet]"]) one(shown, place).hidden = false;
  const day = one("[data-on]", sheet);
  const today = new Date().toLocaleDateString(body.prefix ? "en-GB" : "vi-VN", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" });
  day.textContent = day.dataset.on.replace("{n}", today);
};

export default async (place, phone) => {
  for (const button of phone.all("main [data-print]")) {
    button.hidden = false;
    button.onclick = () => print();
  }
  const kept = await phone.events();
  ({ home, progress: marks, placement, real, certificate })[place.dataset.path](place, phone, kept, await phone.profile());
};
