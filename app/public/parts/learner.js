  // --- One person without a lock: kept as it is ------------------------------------------------------------------------------
  const hex = (count) => [...crypto.getRandomValues(new Uint8Array(count))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const uuid = () => hex(16).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
  const current = async (store) => {
    const id = await done(store("about").get("current"));
    return id && done(store("profiles").get(id));
  };
  const makeOwn = (change = () => {}) =>
    within("readwrite", async (store) => {
      let own = await current(store);
      if (!own) {
        own = { id: hex(16), secret: hex(32), madeAt: Date.now(), consent: null, no: 0 };
        store("about").put(own.id, "current");
        navigator.storage?.persist?.();
      }
      change(own, store);
      await done(store("profiles").put(own));
      return own;
    }, LASTING);
  // An event and its place in the outbox, in one transaction: both, or neither.
  const keepOwn = (event) =>
    makeOwn((own, store) => {
      store("events").put({ profile: own.id, ...event, no: ++own.no });
      if (own.consent === "yes") store("outbox").put({ profile: own.id, id: event.id });
    });
  // Everything that was kept before is to be sent.
  const queueOwn = (own) =>
    within("readwrite", async (store) => {
      for (const [profile, id] of await done(store("events").getAllKeys(mine(own.id)))) store("outbox").put({ profile, id });
    });
  // Events of other phones of the same person; what is here already stays as it is.
  const takeOwn = (others) =>
    within("readwrite", async (store) => {
      const own = await current(store);
      for (const event of others) {
        if (!(await done(store("events").get([own.id, event.id])))) store("events").put({ profile: own.id, ...event });
        own.no = Math.max(own.no, event.no);
      }
      store("profiles").put(own);
    });
