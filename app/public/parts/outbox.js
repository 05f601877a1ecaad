  // --- The outbox: whatever waits is sent, for everybody of this phone; shared by the pages and the service worker ----------
  const BATCH = 50;
  const BATCH_BYTES = 60000;
  // After a failure: up to twice as long each time, and never all phones of a valley at once.
  const FIRST_WAIT_MS = 2000;
  const LONGEST_WAIT_MS = 300000;
  const wait = (tries) => Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
  // What waits, by person: { own, entries: [{ id, no, json }] }. What cannot be read any more is counted, and waits no longer.
  const waiting = () =>
    within("readwrite", async (store) => {
      const people = new Map();
      for (const row of await done(store("outbox").getAll())) {
        const own = await done(store("profiles").get(row.profile));
        const event = row.sealed ? row : await done(store("events").get([row.profile, row.id]));
        const { id, at, no, what, sealed } = event ?? {};
        if (!own || !(sealed ?? what)) {
          store("outbox").delete([row.profile, row.id]);
          store("about").put(((await done(store("about").get("broken"))) ?? 0) + 1, "broken");
          continue;
        }
        if (row.stale || !(own.locked || own.consent === "yes")) continue;
        const person = people.get(own.id) ?? people.set(own.id, { own, entries: [] }).get(own.id);
        person.entries.push({ id, no: no ?? 0, json: JSON.stringify(sealed ? { id, sealed } : { id, at, no, what }) });
      }
      return [...people.values()];
    });
  // Results of a batch: what was refused stays where it is, with its reason.
  const settle = (own, results) =>
    within("readwrite", async (store) => {
      for (const { id, result, reason } of results) {
        const key = [own.id, id];
        const [event, row] = await Promise.all([done(store("events").get(key)), done(store("outbox").get(key))]);
        // Sealed to a key that is gone: not refused, but sealed anew when its owner is back (family.js).
        if (reason === "seal_retired") {
          if (row) store("outbox").put({ ...row, stale: true });
          continue;
        }
        store("outbox").delete(key);
        if (result === "refused" && event) store("events").put({ ...event, refused: reason });
      }
    });
  const post = async (own, entries) => {
    const body = `{"format":1,"learner":"${own.id}","events":[${entries.map(({ json }) => json)}]}`;
    const answer = await fetch("/api/v1/events", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: own.locked ? `Append ${own.id}.${own.append}` : `Bearer ${own.id}.${own.secret}` },
      body,
    });
    const text = await answer.text();
    spent(body.length + text.length + EXCHANGE_BYTES);
    const { results, code } = JSON.parse(text);
    if (results) return settle(own, results);
    // The house is busy, or does not know this person: later.
    if (answer.status >= 500 || [401, 403, 408, 429].includes(answer.status)) throw new Error(code);
    // The batch as a whole cannot be taken: the one that spoils it is looked for, and the others go.
    if (entries.length === 1) return settle(own, [{ id: entries[0].id, result: "refused", reason: code }]);
    const half = entries.length >> 1;
    await post(own, entries.slice(0, half));
    await post(own, entries.slice(half));
  };
  const sendFor = async ({ own, entries }) => {
    entries.sort((a, b) => a.no - b.no);
    while (entries.length) {
      const batch = [entries.shift()];
      for (let size = batch[0].json.length; entries.length && batch.length < BATCH; batch.push(entries.shift())) {
        size += entries[0].json.length;
        if (size > BATCH_BYTES) break;
      }
      await post(own, batch);
    }
  };
  const backoff = () => within("readonly", async (store) => (await done(store("about").get("backoff"))) ?? { tries: 0, until: 0 });
  const waitAfter = (tries) =>
    within("readwrite", async (store) => store("about").put({ tries, until: tries && Date.now() + wait(tries) }, "backoff"));
  // Sends for one person after another; one who cannot be served does not hold up the others. Throws when somebody has to wait.
  const send = async (force) => {
    if (!navigator.onLine) return;
    const { tries, until } = await backoff();
    // A clock that was set back must not make anybody wait for days.
    if (!force && tries && until > Date.now() && until < Date.now() + LONGEST_WAIT_MS) return later(until - Date.now());
    let failed;
    for (const person of await waiting()) await sendFor(person).catch((error) => (failed = error));
    if (failed || tries) await waitAfter(failed ? tries + 1 : 0);
    if (failed) throw failed;
  };
  let sending;
  // Whatever fails stays for the next time, and nothing waits for this. Pages and worker do not send at once where they can
  // know of each other; where they do, an event that comes twice counts once.
  const flush = (force) =>
    (sending ??= (navigator.locks ? navigator.locks.request("outbox", () => send(force)) : send(force)).finally(() => (sending = undefined)));

  // --- The meter: what Học Số sends and receives ------------------------------------------------------------------------------
  // Bytes of the headers of one request and its answer, as Chromium and this server exchange them (a journey measures them).
  const EXCHANGE_BYTES = 1050;
  // What a browser adds to `transferSize` for headers it does not tell the size of (Resource Timing, §4.3).
  const TIMING_HEADERS = 300;
  const today = () => new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10);
  const spent = (bytes) =>
    within("readwrite", async (store) => store("days").put(((await done(store("days").get(today()))) ?? 0) + bytes, today())).catch(() => {});
  // What the outbox sends is counted where it is sent; what the worker fetches, in the worker.
  const meter = (kinds, counts) => {
    for (const type of kinds)
      new PerformanceObserver((list) => {
        const all = list.getEntries().filter((entry) => entry.transferSize && !entry.name.endsWith("/api/v1/events") && counts(entry));
        const bytes = all.reduce((sum, entry) => sum + entry.transferSize - TIMING_HEADERS + EXCHANGE_BYTES, 0);
        if (bytes) spent(bytes);
      }).observe({ type, buffered: true });
  };
