/* What is typed but not yet saved, kept in localStorage: closing the page loses nothing.

   Each open tab keeps its own entry, named by owner, journal and tab, and holds a Web Lock of that name.
   A tab takes over another's entry only when that lock is free, that is when the other tab is gone.
   Where Web Locks are missing (plain http) entries are taken at once: a batch that was sent keeps its
   idempotency key, so sending it twice changes nothing. Only ids and values are kept, never names. */

import { newKey } from "./api.js";

const ROOT = "okrug.journal.1";

export class Pending {
  #prefix;
  #name;
  #storage;
  #works;

  constructor(owner, journal) {
    this.#prefix = [ROOT, owner, journal, ""].join("|");
    this.#name = this.#prefix + newKey();
    this.#storage = findStorage();
    this.#works = this.#storage !== null;
  }

  /** False when the last state could not be kept: then closing the page must be warned about. */
  get works() { return this.#works; }

  /** Keep this state instead of the former one; null keeps nothing. Return false if the disk refused. */
  keep(state) {
    if (!this.#storage) return false;
    try {
      if (state) this.#storage.setItem(this.#name, JSON.stringify(state));
      else this.#storage.removeItem(this.#name);
      this.#works = true;
    } catch {
      this.#works = false;
    }
    return this.#works;
  }

  /** Hold our own name, and call `take(state, alone)` for each entry that a gone tab has left. */
  adopt(take) {
    if (!this.#storage) return;
    const names = Object.keys(this.#storage).filter((name) => name.startsWith(this.#prefix) && name !== this.#name);
    const { locks } = navigator;
    if (!locks) {
      for (const name of names) this.#takeOver(name, take, false);
      return;
    }
    locks.request(this.#name, () => new Promise(() => {})).catch(() => {});
    for (const name of names) {
      locks.request(name, () => this.#takeOver(name, take, true)).catch(() => {});
    }
  }

  /* Ours is written before theirs is removed: a crash between the two leaves both, never none. */
  #takeOver(name, take, alone) {
    const text = this.#storage.getItem(name);
    if (text === null) return;
    try {
      take(JSON.parse(text), alone);
    } catch {
      return;
    }
    this.#storage.removeItem(name);
  }
}

function findStorage() {
  try {
    const probe = `${ROOT}|probe`;
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return null;
  }
}
