/* Signs of what has just happened to a cell: saved (leaves by itself), changed (stays until seen). */

const STAY = 4000;           // ms the tick of a saved cell stays

export class Signs {
  #signs = new Map();
  #timer = 0;
  #gone;

  /** `gone(key)` is called when a sign has left by itself. */
  constructor(gone) { this.#gone = gone; }

  get(key) { return this.#signs.get(key); }
  delete(key) { return this.#signs.delete(key); }

  set(key, state, note) {
    this.#signs.set(key, { state, note, at: Date.now() });
    if (state === "saved") this.#timer ||= setTimeout(() => this.#sweep(), STAY);
  }

  #sweep() {
    const old = Date.now() - STAY;
    const saved = [...this.#signs].filter(([, { state }]) => state === "saved");
    const stays = saved.filter(([, { at }]) => at > old);
    this.#timer = stays.length > 0 ? setTimeout(() => this.#sweep(), stays[0][1].at - old) : 0;
    for (const [key, { at }] of saved) {
      if (at > old) continue;
      this.#signs.delete(key);
      this.#gone(key);
    }
  }
}
