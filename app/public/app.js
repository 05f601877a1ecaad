// What every page may load: the phone's store and outbox, the pages of a lesson, the listen button, the learner's own marks,
// forms sent as the learner of the phone, and the loader of islands and modules. At most 6 KB brotli (a test holds it); every
// page works without it. Lines that begin with `//=` are replaced by the file they name when the site is built.
"use strict";
(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const one = (selector, inside = document) => inside.querySelector(selector);
  const body = document.body.dataset;

  //= parts/store.js
  //= parts/outbox.js
  //= parts/learner.js

  // --- Who learns -----------------------------------------------------------------------------------------------------
  const notice = (text) => {
    const place = one("[data-net]");
    place.textContent = text;
    place.hidden = false;
  };
  // The store is new although there was one: what it held is lost, and that has to be said.
  function made() {
    // It is only being made anew, or was when the phone died.
    if (localStorage.moving) phone.moving || import(body.family).then((file) => file.recover(phone));
    else if (localStorage.hocso) notice(body.lost);
    localStorage.hocso = 1;
  }
  const taken = () => phone.moving || location.reload();
  // With several people on the phone everything is locked, and another file knows how (family.js).
  let crypt;
  const isFamily = () => within("readonly", (store) => done(store("about").get("family"))).catch(() => {});
  const family = async () => (await isFamily()) && (await (crypt ??= import(body.family))).default(phone);
  const profile = async () => {
    const people = await family();
    return people ? people.me() : within("readonly", current).catch(() => undefined);
  };
  // The profile in use, made when there is none; only the phone knows of it until its owner agrees.
  const makeProfile = async (change = () => {}) => {
    const people = await family();
    return people ? people.change(change) : makeOwn(change);
  };
  const whole = ({ no, what }) => what && Number.isInteger(no);
  const events = async () => {
    const people = await family();
    if (people) return people.events();
    const own = await profile();
    return own ? (await within("readonly", (store) => done(store("events").getAll(mine(own.id))))).filter(whole) : [];
  };
  // On a family phone nobody learns before somebody is in, or has said that nothing shall be kept.
  const door = async () => {
    const learns = one("main[data-personal],[data-stitch],[data-lesson-form],form[data-wasm],[data-consent],[data-profile],[data-learns]");
    if (!learns || sessionStorage.guest || !(await family()) || (await profile())) return;
    location.replace(`${body.device}#${location.pathname}`);
  };

  // Whoever goes back must not see a page as somebody else left it.
  addEventListener("pageshow", ({ persisted }) => persisted && crypt && location.reload());

  // --- Keeping and sending ------------------------------------------------------------------------------------------
  // Beside an event the phone may note what it knows of it (domain::sync::Noted); that is never sent.
  const keep = async ({ noted, ...what }) => {
    const event = { id: uuid(), at: Date.now(), what, noted };
    try {
      const people = await family();
      await (people ? people.keep(event) : keepOwn(event));
    } catch (error) {
      // No room any more: what was kept before is untouched, because a transaction is all or nothing.
      notice(body.full);
      throw error;
    }
    tryToSend();
  };
  const bearer = (own) => ({ Authorization: `Bearer ${own.id}.${own.secret}` });
  let timer;
  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(tryToSend, ms);
  };
  // A failed attempt is made again in time, and by the browser itself where it knows how (Background Sync).
  const tryToSend = async (force) => {
    try {
      await flush(force);
    } catch {
      later(FIRST_WAIT_MS);
      navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("outbox")).catch(() => {});
    }
  };
  addEventListener("online", () => tryToSend(true));
  document.addEventListener("visibilitychange", () => tryToSend());
  document.addEventListener("hocso:keep", async (event) => {
    try {
      await keep(JSON.parse(event.detail));
    } finally {
      document.dispatchEvent(new Event("hocso:kept"));
    }
    marks();
  });
  // Being without a network is said quietly.
  const net = () => {
    const place = one("[data-net]");
    if (place.textContent === away || place.hidden) place.hidden = navigator.onLine;
  };
  const away = one("[data-net]").textContent;
  addEventListener("online", net);
  addEventListener("offline", net);
  net();

  // --- The learner's own marks, laid over pages that are the same for everyone ---------------------------------------
  const marks = async () => {
    const own = await profile();
    if (!own) return;
    const kept = await events();
    const finished = kept.filter((event) => event.what.lesson_finished).sort((a, b) => a.no - b.no);
    const lessons = finished.map((event) => event.what.lesson_finished.lesson);
    const has = (id) => lessons.includes(id);
    const tried = kept.map((event) => event.what.practice_finished?.lesson);
    for (const item of all("[data-practised]")) if (tried.includes(item.dataset.practised)) one("[data-done]", item).hidden = false;
    for (const stitch of all("[data-stitch]")) if (has(stitch.dataset.stitch)) stitch.classList.add("on");
    for (const item of all("[data-lesson]")) {
      if (!has(item.dataset.lesson)) continue;
      if (!one("[data-done]", item)) {
        one("a", item).after(one("template[data-after]").content.cloneNode(true));
        for (const link of all("[data-end]", item)) link.href = one("a", item).href + link.dataset.end;
      }
      one("[data-done]", item).hidden = false;
    }
    for (const count of all("[data-count]")) {
      const stitches = all("[data-stitch]", count.closest(".track, section"));
      const on = stitches.filter((stitch) => stitch.classList.contains("on")).length;
      const { some, every } = count.dataset;
      if (on) count.textContent = on === stitches.length ? every : some.replace("{n}", on);
    }
    const asked = one("[data-ask]");
    if (asked && lessons.length) asked.hidden = own.consent !== null;
    // What can be skipped comes last.
    const known = kept.filter((event) => event.what.placement_taken).pop()?.noted?.known ?? [];
    if (lessons.length + known.length) next(has, lessons.at(-1), known);
  };
  // The one next thing: first in the track of the last lesson, then in the order of the page (domain::learn::next_lesson).
  const next = (has, last, known) => {
    const open = all("main [data-stitch]").map(({ dataset }) => dataset).filter(({ stitch }) => !has(stitch));
    const fresh = open.filter(({ stitch }) => !known.includes(stitch));
    const track = last?.split("/")[0] + "/";
    const chosen = fresh.find(({ stitch }) => stitch.startsWith(track)) ?? fresh[0] ?? open[0];
    const card = one("[data-next]");
    const href = chosen && `${body.prefix}/bai-hoc/${chosen.stitch}`;
    if (card) {
      card.hidden = !chosen;
      if (chosen) {
        const say = (name, text) => (one(`[data-next-${name}]`, card).textContent = text);
        say("label", card.dataset.label);
        say("title", chosen.title);
        const about = one("[data-next-about]", card);
        const [track, time] = chosen.about.split(" · ");
        const name = one("span", about);
        name.textContent = track;
        about.replaceChildren(name, ` · ${time}`);
        say("go", card.dataset.go);
        one("a", card).href = href;
      }
    }
    for (const nothing of all("[data-nothing]")) nothing.hidden = true;
    for (const every of all("[data-all-done]")) every.hidden = Boolean(chosen);
    for (const link of all("[data-next-link]")) {
      link.hidden = !chosen;
      link.href = href;
      one("[data-next-go]", link).textContent = link.dataset.go;
    }
    for (const here of all("[data-is-next]")) {
      here.hidden = !chosen;
      if (chosen) one(`[data-lesson="${chosen.stitch}"]`).append(here);
    }
  };

  // Practised through the form before the island was there: the phone keeps it all the same.
  const practice = () => {
    const end = one("form[data-wasm] [data-finished]");
    if (end) return keep(JSON.parse(end.dataset.finished));
  };

  // --- A lesson: one page at a time ---------------------------------------------------------------------------------
  const lesson = () => {
    const form = one("[data-lesson-form]");
    if (!form) return;
    const pages = all(".page", form);
    const end = one("#xong");
    const show = (page, moved) => {
      pages.forEach((other) => other.toggleAttribute("data-now", other === page));
      const at = pages.indexOf(page) + 1;
      one("[data-pos]").textContent = page === end ? "" : `${at}/${pages.length - 1}`;
      if (!moved) return;
      scrollTo(0, 0);
      const head = one("h2, legend", page);
      head.tabIndex = -1;
      head.focus({ preventScroll: true });
    };
    const wanted = () => pages.find((page) => "#" + page.id === location.hash && !page.hidden);
    // Where somebody has scrolled to before this was here, they stay.
    const inView = () => pages.find((page) => !page.hidden && page.getBoundingClientRect().bottom > 120);
    const first = end.hidden ? wanted() ?? (scrollY > 0 ? inView() : pages[0]) : end;
    form.dataset.paged = "";
    show(first ?? pages[0], false);
    if (location.hash || !end.hidden) scrollTo(0, 0);
    addEventListener("hashchange", () => wanted() && show(wanted(), true));
    const { lessonForm, version, review } = form.dataset;
    // Finished through the form before the island was there: the phone keeps it all the same.
    if (end.dataset.finished) keep(JSON.parse(end.dataset.finished)).then(marks);
    else if (review === undefined)
      events().then((kept) => {
        const started = (event) => event.what.lesson_started?.lesson === lessonForm && event.what.lesson_started.version === version;
        if (!kept.some(started)) keep({ lesson_started: { lesson: lessonForm, version } });
      });
  };

  // --- Listen: the phone's own Vietnamese voice, and no button where there is none ------------------------------------
  const listen = () => {
    const buttons = all(".listen");
    const speech = window.speechSynthesis;
    if (!buttons.length || !speech) return;
    const voice = () => speech.getVoices().find((voice) => /^vi\b/i.test(voice.lang));
    const offer = () => buttons.forEach((button) => (button.hidden = !voice()));
    offer();
    speech.addEventListener?.("voiceschanged", offer);
    addEventListener("pagehide", () => speech.cancel());
    for (const moved of ["hashchange", "submit"]) addEventListener(moved, () => speech.cancel());
    for (const button of buttons)
      button.addEventListener("click", () => {
        const word = one("span", button);
        const say = word.textContent;
        const speaking = speech.speaking;
        speech.cancel();
        if (speaking) return;
        const text = one("[data-say]", button.closest(".page, .term") ?? undefined) ?? one("[data-strip]");
        const items = all("li", text).map((item) => item.textContent);
        const words = new SpeechSynthesisUtterance(text.dataset.say || items.join(". ") || text.innerText);
        Object.assign(words, { voice: voice(), lang: "vi-VN", rate: 0.9 });
        words.onstart = () => (word.textContent = button.dataset.stop);
        words.onend = words.onerror = () => (word.textContent = say);
        speech.speak(words);
      });
  };

  // --- Forms and pages of the learner of the phone --------------------------------------------------------------------
  // What is sent as the learner of the phone is sent by a file of its own (forms.js); without it nothing of it goes out.
  const MINE = ["profile", "ethnic", "erase", "bring", "makeCard", "void", "certificate", "join"];
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter: button } = event;
    const { dataset } = form;
    const ours = "consent" in dataset ? button.value === "no" : MINE.some((kind) => kind in dataset);
    if (!ours && button?.dataset.decline === undefined) return;
    event.preventDefault();
    const say = () => Object.assign(one("[data-said]"), { textContent: body.offline, className: "notice problem" });
    // A browser remembers for the whole page that an import failed: asked for under another name, it goes out again.
    const file = import(body.forms).catch(() => import(body.forms + "?" + Date.now()));
    await file.then((file) => file.default(phone, form, button)).catch(say);
  });
  // Enter presses the button of where one is, not the first one of the form.
  document.addEventListener("keydown", (event) => {
    const field = event.key === "Enter" && event.target.closest?.("form input:not([type=search])");
    const button = field && one("[name=check],[name=send],[name=type]", field.closest(".page, .screen") ?? field.form);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  const PULL_MS = 600000;
  const personal = async () => {
    for (const place of all("[data-earlier],[data-whose]")) place.hidden &&= !(await events()).some(({ what }) => what.lesson_finished ?? what.practice_finished ?? what.drill_finished);
    const code = one("#code");
    // The card's secret leaves the address, and with it the history.
    if (code && location.hash) {
      code.value = location.hash.slice(1);
      history.replaceState(null, "", location.pathname);
    }
    const own = await profile();
    if (own?.consent !== "yes") return;
    // Several phones are one person's: now and then what was done on the others comes here.
    if (own.shared && one("main [data-stitch]") && Math.abs(Date.now() - own.pulled) > PULL_MS)
      import(body.forms).then((file) => file.pull(phone)).then(marks).catch(() => {});
    const away = one("[data-take-away]");
    away?.addEventListener("click", async (event) => {
      event.preventDefault();
      const file = await (await fetch(away.href, { headers: bearer(own) })).blob();
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: away.download });
      link.click();
      URL.revokeObjectURL(link.href);
    });
    const main = one("main[data-personal]");
    if (!main || main.dataset.personal) return;
    const answer = await fetch(location.href, { headers: bearer(own) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = one("main", page);
    fresh.dataset.personal = "mine";
    main.replaceWith(fresh);
    start();
  };

  // --- Islands: fetched when one comes into view and the page is idle; on a poor network at the first touch ------------
  let module;
  // Practice has a bundle of its own.
  const bundle = () => one("form[data-wasm]")?.dataset ?? body;
  const load = () =>
    (module ??= import(bundle().js).then(async (island) => {
      await island.default({ module_or_path: bundle().wasm });
      island.hydrate();
      return island;
    }));
  const hydrate = async () => {
    const island = await load();
    for (const element of all("leptos-island:not([data-live])")) {
      element.dataset.live = "";
      await island[element.dataset.component]?.(element);
    }
    document.documentElement.dataset.hydrated = "";
  };
  const islands = () => {
    const waiting = all("leptos-island:not([data-live])");
    if (!waiting.length) return;
    const line = navigator.connection;
    if (line && (line.saveData || /2g/.test(line.effectiveType)))
      for (const element of waiting)
        for (const touch of ["pointerdown", "focusin"]) element.addEventListener(touch, hydrate, { once: true });
    else if (window.IntersectionObserver) {
      const watch = new IntersectionObserver((seen) => {
        if (!seen.some((element) => element.isIntersecting)) return;
        watch.disconnect();
        (window.requestIdleCallback ?? setTimeout)(hydrate);
      });
      // The island itself has no box of its own.
      for (const element of waiting) watch.observe(one("form, .field", element) ?? element);
    } else hydrate();
  };

  // --- Without a network: what was opened once opens again (sw.js) ------------------------------------------------------
  const worker = async () => {
    const phone = navigator.serviceWorker;
    if (!phone || !body.worker) return;
    // First what the page itself needs; then what is kept for later.
    if (document.readyState !== "complete") await new Promise((loaded) => addEventListener("load", loaded, { once: true }));
    // The page that is open now came before there was a worker.
    const { controller } = phone;
    // The browser looks for a newer worker with every page; its own cache answers for ten minutes.
    await phone.register(body.worker, { updateViaCache: "all" });
    if (!controller) (await phone.ready).active.postMessage({ keep: location.pathname });
  };

  // Pages that can more than every page: they bring their own file.
  const modules = () => {
    for (const place of all("[data-module]")) import(place.dataset.module).then((file) => file.default(place, phone));
    if (localStorage.lop) import(body.class).then((file) => file.watch(phone));
  };
  const phone = { stores: STORES, within, done, mine, hex, whole, profile, makeProfile, queueOwn, takeOwn, events, isFamily, family, bearer, today, tryToSend, start: () => start(), body, all, one };

  // Each part stands alone: a browser without one of them still has the others.
  const start = () => {
    for (const part of [door, lesson, practice, listen, islands, marks, personal, modules])
      try {
        Promise.resolve(part()).catch(() => {});
      } catch {}
  };
  start();
  tryToSend();
  worker().catch(() => {});
  // Pages and files that came through the worker are counted there.
  meter(["navigation", "resource"], ({ entryType, name, workerStart }) => !workerStart || (entryType === "resource" && !name.includes("/a/")));
})();
