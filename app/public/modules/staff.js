// Pages of those who work here: what is live is fetched anew, and one tap is one request instead of a whole page.
const EVERY_MS = 8000;

const fetched = async (options) => {
  const answer = await fetch(location.href, options);
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

export default (place, { one, body }) => {
  const refresh = async () => {
    if (document.hidden) return;
    const [now, next] = [one("[data-live]", place), one("[data-live]", await fetched())];
    // Whoever is about to press something there is not disturbed.
    if (next && !now.contains(document.activeElement)) now.replaceWith(next);
  };
  if (one("[data-live]", place)) setInterval(() => refresh().catch(() => {}), EVERY_MS);

  const marks = one("form[data-marks]", place);
  marks?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    const row = button.closest("li");
    // A button that is disabled says nothing.
    const fields = new URLSearchParams(new FormData(marks, button));
    button.disabled = true;
    try {
      const page = await fetched({ method: "POST", body: fields });
      // Only what this tap changed: a tap on another row may still be on its way.
      const fresh = page.getElementById(row.id);
      row.replaceWith(fresh);
      one("[data-there]").textContent = one("[data-there]", page).textContent;
      one(`[data-state=${button.dataset.state}]`, fresh).focus();
    } catch {
      button.disabled = false;
      Object.assign(one("[data-said]"), { textContent: body.offline, className: "notice problem" });
    }
  });
};
