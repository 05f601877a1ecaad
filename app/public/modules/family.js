// Several people on one phone. Loaded only where there are several.
//
// Each person has a data key, drawn at random, with which everything of theirs is encrypted (AES-256-GCM). The data key is kept
// encrypted by their three pictures (PBKDF2) and, once there is one, by their card (HKDF); it is in no storage in the clear.
// While somebody is in, the tab keeps it in two halves that are worth nothing alone: encrypted in `sessionStorage`, its key in
// the name of the window. Closing the tab is leaving.
//
// What waits to be sent is sealed to the server's key (server/src/seal.rs) and goes out with a token that only appends, so that
// it needs nobody to be in, and nobody on the phone can read it.
// A machine has soon tried 1 728 secrets, whatever this is; trying them by hand is what takes long.
const ROUNDS = 200000;
// Wrong ones, after which one has to wait so long.
const TRIES = 5;
const WAIT_MS = 60000;
const LABEL = { append: "hocso append 1", seal: "hocso seal 1", card: "hocso card key 1" };

const text = new TextEncoder();
const { subtle } = crypto;
const random = (count) => crypto.getRandomValues(new Uint8Array(count));
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const toBase64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const fromBase64url = (coded) => Uint8Array.from(atob(coded.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...new Uint8Array(part)]));

const aes = (raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
// A value that only `key` opens, and only as what it was stored as.
const shut = async (key, value, as) => {
  const iv = random(12);
  return { iv, data: await subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(as) }, key, text.encode(JSON.stringify(value))) };
};
const unshut = async (key, { iv, data }, as) =>
  JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: text.encode(as) }, key, data)));
const derived = async (how, secret, salt) => {
  const from = await subtle.importKey("raw", text.encode(secret), how.name, false, ["deriveKey"]);
  return subtle.deriveKey({ hash: "SHA-256", salt, ...how }, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
};
const byPictures = (pictures, salt, iterations) => derived({ name: "PBKDF2", iterations }, pictures.join(" "), salt);
const byCard = (code, salt) => derived({ name: "HKDF", info: text.encode(LABEL.card) }, code, salt);

const appendToken = async (secret) => {
  const key = await subtle.importKey("raw", fromHex(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return toHex(await subtle.sign("HMAC", key, text.encode(LABEL.append)));
};
const seal = async (to, learner, { id, at, no, what }) => {
  const [keyId, point] = to.split(".");
  const theirs = fromBase64url(point);
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const server = await subtle.importKey("raw", theirs, curve, false, []);
  const once = await subtle.generateKey(curve, false, ["deriveBits"]);
  const ours = await subtle.exportKey("raw", once.publicKey);
  const shared = await subtle.importKey("raw", await subtle.deriveBits({ name: "ECDH", public: server }, once.privateKey, 256), "HKDF", false, ["deriveKey"]);
  const info = join(text.encode(LABEL.seal), ours, theirs);
  const key = await subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const { iv, data } = await shut(key, { at, no, what }, `${learner}.${id}`);
  return `${keyId}.${toBase64url(join(ours, iv, data))}`;
};

// --- Who is in --------------------------------------------------------------------------------------------------------------
const IN = "hocso-in";
const stay = async (id, raw) => {
  const half = random(32);
  const { iv, data } = await shut(await aes(half), toHex(raw), id);
  sessionStorage[IN] = JSON.stringify({ id, iv: toHex(iv), data: toHex(data) });
  name = `${IN}:${toHex(half)}`;
};
const whoIsIn = async () => {
  try {
    const { id, iv, data } = JSON.parse(sessionStorage[IN]);
    const [, half] = name.split(":");
    return { id, raw: fromHex(await unshut(await aes(fromHex(half)), { iv: fromHex(iv), data: fromHex(data) }, id)) };
  } catch {
    return undefined;
  }
};

// --- What lay open is gone ----------------------------------------------------------------------------------------------------
// A row that is deleted still stands in the browser's files until it tidies them. Chromium tidies a database that is deleted, if
// something was written out before: so the store is deleted and made anew, twice, and a journey looks whether nothing is left.
// Meanwhile everything, locked already, lies in a second database, so that a phone that dies here loses nothing.
const MOVING = "hocso-moving";
const plain = (name) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("rows");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
const inPlain = async (name, mode, work) => {
  const db = await plain(name);
  const transaction = db.transaction("rows", mode);
  const request = work(transaction.objectStore("rows"));
  await new Promise((resolve, reject) => ((transaction.oncomplete = resolve), (transaction.onabort = () => reject(transaction.error))));
  db.close();
  return request.result;
};
const gone = (name) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
const restore = ({ within }, all) =>
  within("readwrite", async (store) => {
    for (const [name, keyed] of Object.entries(all)) for (const [key, row] of keyed) store(name).put(row, ...(store(name).keyPath ? [] : [key]));
  });
const scrub = async (phone) => {
  const { within, done, stores } = phone;
  const all = await within("readonly", async (store) => {
    const read = async (name) => {
      const [keys, rows] = await Promise.all([done(store(name).getAllKeys()), done(store(name).getAll())]);
      return [name, keys.map((key, nth) => [key, rows[nth]])];
    };
    return Object.fromEntries(await Promise.all(stores.map(read)));
  });
  await inPlain(MOVING, "readwrite", (rows) => rows.put(all, "all"));
  phone.moving = localStorage.moving = 1;
  await inPlain("hocso-scrub", "readwrite", (rows) => rows.put(1, 1));
  await gone("hocso-scrub");
  for (let round = 0; round < 2; round++) {
    await gone("hocso");
    await restore(phone, all);
  }
  delete localStorage.moving;
  await gone(MOVING);
};
// The phone died on the way: what was put aside comes back.
export const recover = async (phone) => {
  const all = await inPlain(MOVING, "readonly", (rows) => rows.get("all"));
  if (all) await restore(phone, all);
  delete localStorage.moving;
  await gone(MOVING);
};

let people;
export default (phone) => (people ??= make(phone));

const make = (phone) => {
  const { within, done, mine, hex, whole, body } = phone;
  let now;
  // The person who is in: { id, secret, madeAt, consent, no } and their key.
  const enter = async () => {
    if (now) return now;
    const inside = await whoIsIn();
    const row = inside && (await within("readonly", (store) => done(store("profiles").get(inside.id))));
    if (!row) return undefined;
    const key = await aes(inside.raw);
    return (now = { row, key, raw: inside.raw, own: { ...(await unshut(key, row.locked.own, row.id)), id: row.id, no: row.no } });
  };
  const as = (row) => `${row.profile}.${row.id}`;
  const boxed = async (key, profile, { id, at, no, what, noted, refused }) => {
    const row = { profile, id, no, ...(refused && { refused }) };
    return { ...row, box: await shut(key, { at, what, noted }, as(row)) };
  };
  const sealed = async (event, profile) => ({ profile, id: event.id, no: event.no, sealed: await seal(body.seal, profile, event) });
  const read = async (key, row) => {
    const { at, what, noted } = await unshut(key, row.box, as(row));
    return { profile: row.profile, id: row.id, no: row.no, at, what, noted, refused: row.refused };
  };
  const rows = (id) => within("readonly", (store) => done(store("events").getAll(mine(id))));

  // A profile that only its pictures open.
  const locked = async (own, face, pictures, raw = random(32)) => {
    const { id, no, ...hidden } = own;
    const salt = random(16);
    const wrapped = await shut(await byPictures(pictures, salt, ROUNDS), toHex(raw), id);
    const box = await shut(await aes(raw), hidden, id);
    return { raw, row: { id, face, no, append: await appendToken(own.secret), locked: { salt, rounds: ROUNDS, pictures: wrapped, own: box } } };
  };
  // Changes a row as it is now, whatever another page has made of it meanwhile.
  const amend = async (id, change) => {
    const row = await within("readwrite", async (store) => {
      const row = await done(store("profiles").get(id));
      const amended = { ...row, ...change(row) };
      store("profiles").put(amended);
      return amended;
    });
    if (now?.row.id === id) now.row = row;
    return row;
  };
  // Whoever comes in takes the place of whoever was in.
  const comeIn = (id, raw) => {
    now = undefined;
    return stay(id, raw);
  };

  const me = async () => (await enter().catch(() => undefined))?.own;
  const api = {
    me,
    all: () => within("readonly", (store) => done(store("profiles").getAll())),

    // The person who learnt here alone gets a lock, and everything of theirs with them.
    async lock(face, pictures) {
      const own = await phone.profile();
      const { row, raw } = await locked(own, face, pictures);
      const key = await aes(raw);
      const [events, outbox] = await within("readonly", (store) => Promise.all(["events", "outbox"].map((name) => done(store(name).getAll(mine(own.id))))));
      const good = events.filter(whole);
      const shutEvents = await Promise.all(good.map((event) => boxed(key, own.id, event)));
      const waiting = new Set(outbox.map(({ id }) => id));
      const out = await Promise.all(good.filter(({ id }) => waiting.has(id)).map((event) => sealed(event, own.id)));
      await within("readwrite", async (store) => {
        const { no } = (await done(store("profiles").get(own.id))) ?? own;
        // Something was kept meanwhile, in another page: it has to be locked too.
        if (no !== own.no) return;
        for (const name of ["profiles", "events", "outbox"]) store(name).clear();
        store("profiles").put(row);
        for (const event of shutEvents) store("events").put(event);
        for (const event of out) store("outbox").put(event);
        store("about").delete("current");
        store("about").put(true, "family");
        // What could not be read cannot be locked; it is told where the others are (device.js).
        const broken = (await done(store("about").get("broken"))) ?? 0;
        store("about").put(broken + events.length - good.length, "broken");
      });
      if (!(await phone.isFamily())) return api.lock(face, pictures);
      await scrub(phone);
    },
    async add(face, pictures) {
      const own = { id: hex(16), secret: hex(32), madeAt: Date.now(), consent: null, no: 0 };
      const { row, raw } = await locked(own, face, pictures);
      await within("readwrite", async (store) => {
        store("profiles").put(row);
        store("about").put(true, "family");
      });
      await comeIn(row.id, raw);
    },
    // Milliseconds that somebody has to wait before the next try; 0: they are in; undefined: not the right pictures.
    async unlock(id, pictures) {
      const row = (await api.all()).find((row) => row.id === id);
      const { salt, rounds } = row.locked;
      const left = (row.until ?? 0) - Date.now();
      if (left > 0 && left <= WAIT_MS) return left;
      try {
        const raw = fromHex(await unshut(await byPictures(pictures, salt, rounds), row.locked.pictures, id));
        if (row.tries) await amend(id, () => ({ tries: 0, until: 0 }));
        await comeIn(id, raw);
        return 0;
      } catch {
        const tries = (row.tries ?? 0) + 1;
        await amend(id, () => ({ tries: tries % TRIES, until: tries < TRIES ? 0 : Date.now() + WAIT_MS }));
        return tries < TRIES ? undefined : WAIT_MS;
      }
    },
    // By the card, when the pictures are forgotten.
    async unlockByCard(id, code) {
      const row = (await api.all()).find((row) => row.id === id);
      const typed = code.toUpperCase().replace(/[^0-9A-Z]/g, "");
      try {
        const { salt, ...box } = row.locked.card;
        await comeIn(id, fromHex(await unshut(await byCard(typed, salt), box, id)));
        return true;
      } catch {
        return false;
      }
    },
    async newPictures(pictures) {
      const { row, raw } = await enter();
      const salt = random(16);
      const wrapped = await shut(await byPictures(pictures, salt, ROUNDS), toHex(raw), row.id);
      await amend(row.id, ({ locked }) => ({ tries: 0, until: 0, locked: { ...locked, salt, rounds: ROUNDS, pictures: wrapped } }));
    },
    async wrapByCard(code) {
      const { row, raw } = await enter();
      const salt = random(16);
      const box = await shut(await byCard(code, salt), toHex(raw), row.id);
      await amend(row.id, ({ locked }) => ({ locked: { ...locked, card: { salt, ...box } } }));
    },
    async leave() {
      now = undefined;
      delete sessionStorage[IN];
      name = "";
    },

    // What app.js does for one person without a lock.
    async change(change) {
      const { key, own } = await enter();
      change(own);
      const { id, no: _, ...hidden } = own;
      const box = await shut(key, hidden, id);
      await amend(id, ({ locked }) => ({ locked: { ...locked, own: box } }));
      return own;
    },
    async keep(event) {
      const inside = await enter();
      // Somebody who wants nothing recorded; or the lock was made in another page.
      if (!inside) return sessionStorage.guest || location.reload();
      const { key, own } = inside;
      const { no } = await amend(own.id, ({ no }) => ({ no: no + 1 }));
      const row = await boxed(key, own.id, { ...event, no });
      const out = own.consent === "yes" && (await sealed({ ...event, no }, own.id));
      await within("readwrite", async (store) => {
        store("events").put(row);
        if (out) store("outbox").put(out);
      }, { durability: "strict" });
    },
    // Everything that can be read; what cannot is counted.
    async events() {
      const inside = await enter().catch(() => undefined);
      if (!inside) return [];
      const opened = await Promise.allSettled((await rows(inside.own.id)).map((row) => read(inside.key, row)));
      const good = opened.filter(({ status }) => status === "fulfilled");
      api.broken = opened.length - good.length;
      return good.map(({ value }) => value);
    },
    async queueAll() {
      const { own } = await enter();
      const out = await Promise.all((await api.events()).map((event) => sealed(event, own.id)));
      await within("readwrite", async (store) => out.forEach((row) => store("outbox").put(row)));
    },
    // What was sealed to a key that the server has no more is sealed anew, now that its owner is in.
    async sealAnew() {
      const inside = await enter().catch(() => undefined);
      if (!inside) return;
      const stale = (await within("readonly", (store) => done(store("outbox").getAll(mine(inside.own.id))))).filter((row) => row.stale);
      if (!stale.length) return;
      const events = (await api.events()).filter(({ id }) => stale.some((row) => row.id === id));
      const out = await Promise.all(events.map((event) => sealed(event, inside.own.id)));
      await within("readwrite", async (store) => out.forEach((row) => store("outbox").put(row)));
      phone.tryToSend();
    },
    // Events of other phones of the same person.
    async take(others) {
      const { key, own } = await enter();
      const known = new Set((await rows(own.id)).map(({ id }) => id));
      const fresh = await Promise.all(others.filter(({ id }) => !known.has(id)).map((event) => boxed(key, own.id, event)));
      await within("readwrite", async (store) => fresh.forEach((row) => store("events").put(row)));
      await amend(own.id, (row) => ({ no: Math.max(row.no, ...others.map(({ no }) => no)) }));
    },
  };
  api.sealAnew().catch(() => {});
  return api;
};
