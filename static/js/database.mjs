// The database: transactions and reads in which one JSON string crosses the border to Python.
// Loaded by app/browser/records.py, which says what each function promises.
import { deleteDB, openDB } from "../vendor/lib/idb.mjs";

/** One function per version: from version n to n + 1. What a released version did is never changed again. */
export const migrations = [
  (database) => {
    const create = (name, ...indexes) => {
      const store = database.createObjectStore(name, { keyPath: "id" });
      for (const index of indexes) store.createIndex(index, index);
    };
    create("settings");
    create("conversations", "rank");
    create("messages", "conversation");
    create("stream_log");
    create("search");
    create("quarantine");
  },
  (database) => {
    // Connections, their keys as the vault seals them, and keys that are objects of the browser.
    for (const name of ["connections", "model_lists", "usage", "secrets", "device_keys"]) {
      database.createObjectStore(name, { keyPath: "id" });
    }
  },
  (database) => {
    for (const name of ["prompts", "presets"]) database.createObjectStore(name, { keyPath: "id" });
  },
];

/** Opens a database at the version of the last of `steps`; `tell` is called with "blocked", "outdated" or "closed". */
export async function open(name, tell, steps = migrations) {
  let from = null;
  const database = await openDB(name, steps.length, {
    upgrade(upgraded, old, _to, transaction) {
      from = old;
      for (const step of steps.slice(old)) step(upgraded, transaction);
    },
    blocked: () => tell("blocked"),
    blocking() {
      database.close();
      tell("outdated");
    },
    terminated: () => tell("closed"),
  });
  return { database, created: from === 0 };
}

export const remove = (name) => deleteDB(name);

const from = (prefix) => (prefix ? IDBKeyRange.bound(prefix, `${prefix}\uffff`, false, true) : null);

export const get = async (database, store, key) => JSON.stringify((await database.get(store, key)) ?? null);

export async function getMany(database, store, keys) {
  const source = database.transaction(store).store;
  return JSON.stringify(await Promise.all(JSON.parse(keys).map(async (key) => (await source.get(key)) ?? null)));
}

export async function byIndex(database, store, index, values) {
  const source = database.transaction(store).store.index(index);
  return JSON.stringify(await Promise.all(JSON.parse(values).map((value) => source.getAll(value))));
}

export async function page(database, store, index, after, count) {
  const { store: source } = database.transaction(store);
  const beyond = JSON.parse(after);
  const range = beyond === null ? null : IDBKeyRange.lowerBound(beyond, true);
  return JSON.stringify(await (index ? source.index(index) : source).getAll(range, count));
}

export const withPrefix = async (database, store, prefix) => JSON.stringify(await database.getAll(store, from(prefix)));

export const keys = async (database, store, prefix) => JSON.stringify(await database.getAllKeys(store, from(prefix)));

export const count = (database, store) => database.count(store);

async function isCurrent(source, key, basedOn) {
  if (basedOn === null) return true;
  const record = await source.get(key);
  return (record === undefined ? 0 : (record.rev ?? 0)) === basedOn;
}

/** Chromium's QuotaExceededError is of a class that Pyodide 314 cannot hand to Python: the promise would never settle. */
const plain = ({ name, message }) => Object.assign(new Error(message), { name });

/** Asks for all writes; true when a record is not the one that a write was based on. */
async function doAll(transaction, list) {
  for (const { store, put, remove: key, prefix, based_on: basedOn } of list) {
    const source = transaction.objectStore(store);
    if (!(await isCurrent(source, put?.id ?? key, basedOn ?? null))) return true;
    // Not awaited: a request that fails aborts the transaction, and a full disk aborts it without failing any request.
    const request = put ? source.put(put) : source.delete(key ?? from(prefix) ?? IDBKeyRange.lowerBound(""));
    request.catch(() => {});
  }
  return false;
}

/** Does all `writes` or none. Resolves to false when a record is not the one that a write was based on. */
export async function commit(database, writes, durable) {
  const list = JSON.parse(writes);
  const stores = [...new Set(list.map(({ store }) => store))];
  const transaction = database.transaction(stores, "readwrite", { durability: durable ? "strict" : "relaxed" });
  transaction.done.catch(() => {}); // awaited below
  try {
    if (await doAll(transaction, list)) {
      transaction.abort();
      return false;
    }
    transaction.commit();
  } catch (error) {
    // A transaction that the browser has aborted says why; any other failure must not leave half of the writes.
    if (transaction.error) throw plain(transaction.error);
    transaction.abort();
    throw plain(error);
  }
  await transaction.done.catch((error) => {
    throw plain(error);
  });
  return true;
}
