// This phone: who learns here, what is on it, what waits, what it costs.
export default async (place, phone) => {
  const { within, done, profile, isFamily, body } = phone;
  const [one, all] = [(selector, inside = place) => inside.querySelector(selector), (selector, inside = place) => [...inside.querySelectorAll(selector)]];
  const { able, size, track } = await import(place.dataset.weights);
  one("[data-with-js]").hidden = false;
  one("[data-without-js]").hidden = true;
  const show = (selector, yes) => (one(selector).hidden = !yes);
  const say = (text) => {
    const note = one("[data-note]");
    note.textContent = text;
    note.hidden = false;
    note.focus();
  };
  const crypt = async () => (await import(body.family)).default(phone);
  // Where somebody came from, and a card that somebody else has brought.
  const came = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  const back = () => location.assign(came.startsWith("/") && !came.startsWith("//") ? came : came ? `${place.dataset.card}#${came}` : `${body.prefix}/`);

  // --- Choosing pictures: promises what was chosen, or undefined when somebody thought better of it -----------------------
  const pad = one("[data-pad]");
  const [title, legend, dots, fault] = ["#pad", "[data-pad-legend]", "[data-pad-dots]", "[data-pad-fault]"].map((part) => one(part, pad));
  const complain = (kind, seconds) => {
    fault.hidden = !kind;
    fault.textContent = kind ? fault.dataset[kind].replace("{n}", seconds) : "";
  };
  const length = Number(place.dataset.length);
  let stop;
  const choose = (kind, { face, twice, forgot, check }) =>
    new Promise((resolve) => {
      stop?.();
      let chosen = [];
      let first;
      const hints = () => {
        legend.textContent = legend.dataset[!twice ? "enter" : first ? "repeat" : "choose"];
        dots.textContent = dots.dataset.soFar.replace("{n}", chosen.length);
      };
      const again = (why, seconds) => {
        chosen = [];
        complain(why, seconds);
        hints();
      };
      title.textContent = title.dataset[kind];
      show("[data-pad-faces]", face);
      show("[data-pad-forgot]", forgot);
      for (const choice of all("[name=face]", pad)) {
        choice.disabled = taken.includes(choice.value);
        choice.checked = false;
      }
      pad.hidden = false;
      complain();
      hints();
      pad.focus();
      pad.scrollIntoView();
      const end = (result) => {
        pad.hidden = true;
        pad.onclick = pad.onsubmit = stop = undefined;
        resolve(result);
      };
      stop = () => end();
      const full = async () => {
        const own = one("[name=face]:checked", pad)?.value;
        if (face && !own) return again("face");
        if (twice && !first) {
          first = chosen;
          return again();
        }
        if (twice && String(first) !== String(chosen)) {
          first = undefined;
          return again("different");
        }
        const problem = await check?.(chosen);
        if (problem) return again(...problem);
        end({ face: own, pictures: chosen });
      };
      pad.onclick = ({ target }) => {
        const button = target.closest("button");
        if (!button) return;
        if (button.dataset.padCancel !== undefined) return end();
        if (button.dataset.padClear !== undefined) {
          first = undefined;
          return again();
        }
        if (!button.dataset.secret || chosen.length === length) return;
        complain();
        chosen.push(button.dataset.secret);
        hints();
        if (chosen.length === length) full();
      };
      pad.onsubmit = async (event) => {
        event.preventDefault();
        if (await forgot(new FormData(event.target).get("code"))) return end({ byCard: true });
        complain("card");
      };
    });

  // --- People --------------------------------------------------------------------------------------------------------------
  let taken = [];
  const unsent = async (id) => (await within("readonly", (store) => done(store("outbox").getAll(phone.mine(id))))).length;
  const enter = async (person) => {
    const people = await crypt();
    const check = async (pictures) => {
      const left = await people.unlock(person.id, pictures);
      return left === undefined ? ["wrong"] : left ? ["wait", Math.ceil(left / 1000)] : undefined;
    };
    const forgot = (code) => people.unlockByCard(person.id, code);
    const chosen = await choose("enter", { check, forgot });
    if (!chosen) return;
    if (chosen.byCard) {
      const anew = await choose("again", { twice: true });
      if (anew) await people.newPictures(anew.pictures);
    }
    delete sessionStorage.guest;
    back();
  };
  const leave = async (person) => {
    const waits = await unsent(person.id);
    await (await crypt()).leave();
    const { left, waiting } = one("[data-note]").dataset;
    await draw();
    say(waits ? waiting.replace("{n}", waits) : left);
  };
  const add = async () => {
    const people = await crypt();
    // Whoever learnt here alone needs a lock before anybody else comes in.
    if (!(await isFamily())) {
      if (await profile()) {
        const mine = await choose("first", { face: true, twice: true });
        if (!mine) return;
        await people.lock(mine.face, mine.pictures);
        taken = [mine.face];
        const { locked, make } = one("[data-note]").dataset;
        await draw();
        say(`${locked} ${make}`);
      }
    }
    const chosen = await choose("new", { face: true, twice: true });
    if (!chosen) return draw();
    await people.leave();
    await people.add(chosen.face, chosen.pictures);
    delete sessionStorage.guest;
    back();
  };
  const draw = async () => {
    const several = await isFamily();
    const own = await profile();
    const people = several ? await (await crypt()).all() : [];
    taken = people.map(({ face }) => face);
    one("[data-people]").replaceChildren(
      ...people.map((person) => {
        const item = one("[data-person]").cloneNode(true);
        delete item.dataset.person;
        item.hidden = false;
        one("[data-person-face]", item).append(one(`[data-faces] [data-face="${person.face}"]`).cloneNode(true));
        const isIn = person.id === own?.id;
        one("[data-person-in]", item).hidden = one("[data-leave]", item).hidden = !isIn;
        const come = one("[data-enter]", item);
        come.hidden = isIn;
        come.setAttribute("aria-label", `${come.textContent}: ${one(".face b", item).textContent}`);
        come.addEventListener("click", () => enter(person));
        one("[data-leave]", item).addEventListener("click", () => leave(person));
        return item;
      }),
    );
    const most = people.length >= Number(place.dataset.most);
    show("[data-alone]", !several);
    show("[data-who]", several && !own);
    show("[data-add]", !most);
    show("[data-full]", most);
    show("[data-guest]", several && !own);
    // A card is somebody's.
    show("[data-make-card]", !several || own);
  };
  one("[data-add]").addEventListener("click", add);
  one("[data-guest]").addEventListener("click", () => {
    sessionStorage.guest = 1;
    back();
  });

  const downloads = () => {
    show("[data-no-downloads]", !able());
    if (able()) return Promise.all(all("[data-track]").map((item) => track(item, meter)));
  };

  // --- What waits, what was refused ------------------------------------------------------------------------------------------
  const outbox = async () => {
    const said = one("[data-outbox]").dataset;
    const [waits, broken] = await within("readonly", async (store) => [(await done(store("outbox").getAll())).length, (await done(store("about").get("broken"))) ?? 0]);
    one("[data-outbox-state]").textContent = waits ? said.some.replace("{n}", waits) : said.none;
    const events = await phone.events();
    const unreadable = broken + ((await phone.family())?.broken ?? 0);
    const lost = one("[data-outbox-broken]");
    lost.hidden = !unreadable;
    lost.textContent = said.broken.replace("{n}", unreadable);
    const refused = events.filter((event) => event.refused);
    show("[data-refused]", refused.length);
    one("[data-refused-list]").replaceChildren(
      ...refused.map(({ what, refused }) => {
        const item = (one(`[data-reason="${refused}"]`) ?? one('[data-reason=""]')).cloneNode(true);
        item.hidden = false;
        const [kind] = Object.keys(what);
        one("[data-what]", item).textContent = one(`[data-kind="${kind}"]`)?.textContent ?? kind;
        return item;
      }),
    );
  };

  // --- What it costs -----------------------------------------------------------------------------------------------------------
  const meter = async () => {
    one("[data-today]").textContent = size((await within("readonly", (store) => done(store("days").get(phone.today())))) ?? 0);
    const { usage } = (await navigator.storage?.estimate?.()) ?? {};
    one("[data-room]").textContent = usage === undefined ? "–" : size(usage);
  };

  for (const part of [draw, outbox, meter]) await Promise.resolve(part()).catch(() => {});
  // What tracks weigh comes over the network: nobody waits for it to come in or to leave.
  downloads()?.catch(() => {});
  place.dataset.ready = "";
  // A card was brought by somebody else, or nobody is in yet: that is what they came for.
  if (came && !came.startsWith("/")) add();
};
