  // --- The phone's store: IndexedDB, format 2; shared by the pages and the service worker ---------------------------------
  // about: "current" → id of the profile in use; "family" → true once there are several people; "backoff" → when to try again.
  // profiles: { id, secret, madeAt, consent: null | "yes" | "no", no }; on a family phone { id, face, no, append, locked }
  // (family.js). events: { profile, id, at, no, what, noted?, refused? }, kept for good; on a family phone { profile, id, no, box }.
  // outbox: { profile, id, no?, sealed? } of events still to be sent. days: bytes sent and received, by day.
  // A new format is a new number and one more step in `upgrade`; phones come from any earlier one.
  const FORMAT = 2;
  const STORES = ["about", "profiles", "events", "outbox", "days"];
  const upgrade = (db, from) => {
    if (from < 1) {
      db.createObjectStore("about");
      db.createObjectStore("profiles", { keyPath: "id" });
      db.createObjectStore("events", { keyPath: ["profile", "id"] });
      db.createObjectStore("outbox", { keyPath: ["profile", "id"] });
    }
    if (from < 2) db.createObjectStore("days");
  };
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  let opened;
  const open = () =>
    (opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("hocso", FORMAT);
      request.onupgradeneeded = (event) => {
        upgrade(request.result, event.oldVersion);
        if (!event.oldVersion) made();
      };
      request.onsuccess = () => {
        const db = request.result;
        // A newer release takes over in another page; or the store is made anew there, locked.
        db.onversionchange = db.onclose = ({ newVersion }) => {
          db.close();
          opened = undefined;
          if (newVersion === null) taken();
        };
        resolve(db);
      };
      request.onerror = () => reject(request.error);
    }).catch((error) => {
      opened = undefined;
      throw error;
    }));
  // One transaction over everything: `work` gets the stores and gives a promise. What somebody did is on the disk when it is
  // over (LASTING): a phone whose battery ends must not have forgotten it.
  const LASTING = { durability: "strict" };
  const within = async (mode, work, options) => {
    const transaction = (await open()).transaction(STORES, mode, options);
    const committed = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    committed.catch(() => {});
    const result = await work((name) => transaction.objectStore(name));
    await committed;
    return result;
  };
  const mine = (id) => IDBKeyRange.bound([id], [id, []]);
