// Forms sent as the learner of the phone, with its secret instead of a cookie; loaded when the first is sent.

// Puts the main part of another page here, with the way to its other language.
const take = async ({ one, start }, answer) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".top", "main"]) one(part).replaceWith(one(part, page));
  for (const sheet of page.querySelectorAll("link[rel=stylesheet]"))
    if (!one(`link[href="${sheet.getAttribute("href")}"]`)) document.head.append(document.importNode(sheet));
  document.title = page.title;
  history.replaceState(null, "", answer.url);
  start();
  const head = one("[data-focus]") ?? one("h1");
  head.tabIndex = -1;
  head.focus();
  scrollTo(0, 0);
};
const wipe = async ({ family, within, mine }, own) => {
  await (await family())?.leave();
  await within("readwrite", async (store) => {
    for (const name of ["events", "outbox"]) store(name).delete(mine(own.id));
    store("profiles").delete(own.id);
    store("about").delete("current");
  });
};
const agree = async ({ family, makeProfile, queueOwn }, earlier) => {
  const own = await makeProfile((own) => (own.consent = "yes"));
  if (!earlier) return;
  const people = await family();
  return people ? people.queueAll() : queueOwn(own);
};

// What was done on other phones of the same person, since the last time.
export const pull = async ({ profile, makeProfile, family, takeOwn, bearer }) => {
  const own = await profile();
  let { seq = 0 } = own;
  for (let more = true; more; ) {
    const answer = await fetch(`/api/v1/events?after=${seq}`, { headers: bearer(own) });
    const { events, last, next } = await answer.json();
    const people = await family();
    await (people ? people.take(events) : takeOwn(events));
    seq = last;
    more = next !== null;
  }
  await makeProfile((own) => Object.assign(own, { shared: true, seq, pulled: Date.now() }));
};

export default async (phone, form, button) => {
  const { makeProfile, bearer, one, body, tryToSend } = phone;
  const { consent, profile: about, erase, bring, makeCard } = form.dataset;
  if (about !== undefined && button?.name === "find") return one("#place").focus();
  if (consent !== undefined || button?.dataset.decline !== undefined) {
    await makeProfile((own) => (own.consent = "no"));
    if (consent !== undefined) location.href = body.prefix + "/";
    else one("[data-ask]").hidden = true;
    return;
  }
  const fields = new URLSearchParams(new FormData(form, button));
  // A card of somebody else: first they get a place on this phone.
  if (bring && fields.get("same") === "no") return location.assign(`${bring}#${fields.get("code")}`);
  const own = await makeProfile();
  fields.set("made_at", own.madeAt);
  button.disabled = true;
  try {
    const answer = await fetch(form.getAttribute("action") ?? location.href, { method: "POST", headers: bearer(own), body: fields });
    if (answer.ok) {
      if (about !== undefined) await agree(phone, fields.has("earlier"));
      if (erase !== undefined) await wipe(phone, own);
      if (makeCard !== undefined) await makeProfile((own) => Object.assign(own, { shared: true, pulled: 0 }));
      if (bring) await agree(phone, true).then(() => pull(phone));
    }
    await take(phone, answer);
    tryToSend();
  } finally {
    button.disabled = false;
  }
};
