/* What the teacher typed, on its way to the server: shown at once, kept on disk, sent in batches,
   repeated until answered. What the server did not take is held: a conflict waits for a decision,
   a refusal for another try or for being dropped. */

import { Batches } from "./batches.js";
import { cellKey } from "./sheet.js";
import { Signs } from "./signs.js";

const BACKOFF = [1000, 2000, 4000, 8000, 15_000, 30_000];
const LONGEST_WAIT = 60_000;
const NO_ANSWER = "Сервер не подтвердил сохранение.";

const backoff = (tries) => BACKOFF[Math.min(tries, BACKOFF.length) - 1] * (0.8 + 0.4 * Math.random());
const clock = () => new Date().toTimeString().slice(0, 5);

export class Store {
  #sheet;
  #api;
  #pending;
  #view;
  #batches = new Batches();
  #held = new Map();
  #signs;
  #sending = null;
  #timer = 0;
  #fails = 0;
  #notBefore = 0;
  #phase = "quiet";
  #savedAt = "";

  /** `view` is told what to show anew: cell(lesson, pupil), kind(lesson), averages(), status(), trouble(), say(text). */
  constructor({ sheet, api, pending, view }) {
    this.#sheet = sheet;
    this.#api = api;
    this.#pending = pending;
    this.#view = view;
    this.#signs = new Signs((key) => view.cell(...key.split(":").map(Number)));
    /** Grows with every batch settled: cells asked for before that are out of date. */
    this.answers = 0;
  }

  // What to show

  /** Return the value a cell shows: typed and not yet saved, else the server's. */
  shown(lesson, pupil) {
    return (this.#batches.entry(lesson, pupil) ?? this.#held.get(cellKey(lesson, pupil))
      ?? this.#sheet.at(lesson, pupil)).value;
  }

  /** Return {state, note} of a cell: "", saving, waiting, saved, changed or failed. */
  state(lesson, pupil) {
    const key = cellKey(lesson, pupil);
    if (this.#batches.entry(lesson, pupil)) {
      return this.#phase === "saving"
        ? { state: "saving", note: "Сохраняется" } : { state: "waiting", note: "Ещё не сохранено: ждёт связи" };
    }
    const held = this.#held.get(key);
    if (held?.state === "conflict") return { state: "conflict", note: "Изменено другим: решите, что оставить" };
    if (held) return { state: "failed", note: `Не сохранено. ${held.reason}` };
    return this.#signs.get(key) ?? { state: "", note: "" };
  }

  kindOf(lesson) {
    const typed = this.#batches.kind(lesson);
    return typed ? typed.kind : this.#sheet.lesson(lesson)?.kind ?? null;
  }

  /** {phase, savedAt, unsaved}; phase is quiet, saving, saved, lost, busy or signed-out. */
  get status() { return { phase: this.#phase, savedAt: this.#savedAt, unsaved: this.unsaved }; }

  /** How many cells and columns are not at the server yet, those waiting for a decision included. */
  get unsaved() {
    const cells = this.#batches.cells.map(([lesson, pupil]) => cellKey(lesson, pupil));
    return new Set([...this.#held.keys(), ...cells]).size + new Set(this.#batches.kinds).size;
  }

  get conflicts() { return [...this.#held.values()].filter(({ state }) => state === "conflict"); }
  get refusals() { return [...this.#held.values()].filter(({ state }) => state === "refused"); }

  // What the teacher does

  /** Take what was typed, as [{lesson, pupil, value}, …]. */
  edit(cells) {
    for (const { lesson, pupil, value } of cells) {
      const key = cellKey(lesson, pupil);
      const held = this.#held.get(key);
      this.#signs.delete(key);
      if (held?.state === "conflict" && value !== held.theirs.value) {
        held.value = value;
      } else {
        this.#held.delete(key);
        this.#enter(lesson, pupil, value, held?.seen);
      }
    }
    this.#show(cells.map(({ lesson, pupil }) => [lesson, pupil]));
  }

  setKind(lesson, kind) {
    this.#batches.enterKind(lesson, kind, this.#sheet.lesson(lesson).kind);
    this.#view.kind(lesson);
    this.#show([]);
  }

  /** End a conflict: "theirs" drops what was typed, "mine" writes it over what is seen now. */
  decide(lesson, pupil, whose) {
    const held = this.#held.get(cellKey(lesson, pupil));
    this.#held.delete(cellKey(lesson, pupil));
    if (whose === "mine") this.#enter(lesson, pupil, held.value, held.seen);
    this.#show([[lesson, pupil]]);
  }

  retryRefused() {
    const refusals = this.#release();
    for (const { lesson, pupil, value, seen } of refusals) this.#enter(lesson, pupil, value, seen);
    this.#show(refusals.map(({ lesson, pupil }) => [lesson, pupil]));
    this.flush();
  }

  dropRefused() {
    this.#show(this.#release().map(({ lesson, pupil }) => [lesson, pupil]));
  }

  /** Send without waiting for a pause: the page is being left, or the connection is back. */
  flush() {
    this.#notBefore = 0;
    this.#batches.hurry();
    this.#plan();
  }

  // What comes from elsewhere

  /** Take what an earlier page left unsaved, and return how many cells; throws when it cannot be kept. */
  adopt({ jobs, held }, alone) {
    this.#batches.thaw(jobs, alone);
    for (const one of held) {
      const key = cellKey(one.lesson, one.pupil);
      if (!this.#held.has(key) && !this.#batches.entry(one.lesson, one.pupil)) this.#held.set(key, one);
    }
    if (!this.#keep()) throw new Error("not kept");
    for (const lesson of this.#batches.kinds) this.#view.kind(lesson);
    this.#show(this.#allUnsaved);
    this.flush();
    return this.unsaved;
  }

  /** Take newer cells of the server; what is typed and unsaved stays as it is. */
  merge(payload) {
    const changes = this.#sheet.merge(payload);
    for (const [lesson, pupil, before] of changes) {
      const key = cellKey(lesson, pupil);
      const now = this.#sheet.at(lesson, pupil);
      const held = this.#held.get(key);
      if (held?.state === "conflict") this.#renewConflict(key, held, now);
      else if (now.value !== before && !this.#batches.entry(lesson, pupil)) {
        this.#signs.set(key, "changed", `Изменено не здесь: было ${before || "пусто"}`);
      }
    }
    this.#show(changes);
  }

  /** Forget that a cell was changed by another: the teacher has looked at it. */
  seen(lesson, pupil) {
    const key = cellKey(lesson, pupil);
    if (this.#signs.get(key)?.state !== "changed") return;
    this.#signs.delete(key);
    this.#view.cell(lesson, pupil);
  }

  get #allUnsaved() {
    return [...this.#batches.cells, ...[...this.#held.values()].map(({ lesson, pupil }) => [lesson, pupil])];
  }

  #enter(lesson, pupil, value, seen) {
    this.#batches.enter(lesson, pupil, value, this.#sheet.at(lesson, pupil), seen);
  }

  #release() {
    const { refusals } = this;
    for (const { lesson, pupil } of refusals) this.#held.delete(cellKey(lesson, pupil));
    return refusals;
  }

  #renewConflict(key, held, now) {
    if (held.value === now.value) this.#held.delete(key);
    else if (held.seen !== now.version) Object.assign(held, { seen: now.version, theirs: { ...now, by: "", at: "" } });
  }

  #show(cells) {
    this.#keep();
    const rests = this.#phase === "quiet" || this.#phase === "saved";
    if (this.#batches.size > 0 && rests) this.#phase = "saving";
    if (this.#batches.size === 0) this.#phase = this.#savedAt ? "saved" : "quiet";
    for (const [lesson, pupil] of cells) this.#view.cell(lesson, pupil);
    this.#view.trouble();
    this.#view.status();
    this.#plan();
  }

  #keep() {
    const jobs = this.#batches.freeze();
    const held = [...this.#held.values()];
    return this.#pending.keep(jobs.length + held.length > 0 ? { jobs, held } : null);
  }

  // Sending: one batch at a time

  #plan() {
    clearTimeout(this.#timer);
    const next = this.#batches.next();
    if (!next || this.#sending || this.#notBefore === Infinity) return;
    const wait = Math.max(next.at, this.#notBefore) - Date.now();
    if (wait <= 0) this.#send(next.batch);
    else this.#timer = setTimeout(() => this.#plan(), wait);
  }

  async #send(batch) {
    this.#sending = batch;
    batch.sealed = true;
    this.#keep();
    const answer = await this.#ask(batch);
    this.#sending = null;
    if (answer.kind === "done") this.#settle(batch, () => this.#done(batch, answer.body));
    else if (answer.kind === "refused") this.#settle(batch, () => this.#refused(batch, answer));
    else this.#postpone(batch, answer);
  }

  #ask({ key, lesson, kind, cells }) {
    if (!cells) return this.#api.saveKind({ key, lesson, kind });
    return this.#api.saveCells({ key, lesson,
      cells: [...cells].map(([pupil, { value, seen }]) => ({ pupil, value, seen })) });
  }

  /** The server has answered: the batch is over, and if the connection was gone, it is back. */
  #settle(batch, take) {
    const cells = [...(batch.cells?.keys() ?? [])].map((pupil) => [batch.lesson, pupil]);
    const wasAway = this.#phase !== "saving";
    this.#batches.remove(batch);
    this.answers += 1;
    this.#fails = 0;
    this.#notBefore = 0;
    this.#phase = "saving";
    take();
    this.#show(wasAway ? [...cells, ...this.#allUnsaved] : cells);
  }

  #postpone(batch, { kind, wait, everyone }) {
    const now = Date.now();
    this.#fails += 1;
    batch.tries += 1;
    this.#phase = kind;
    if (kind === "signed-out") this.#notBefore = Infinity;
    else if (kind === "lost") this.#notBefore = now + backoff(this.#fails);
    else {
      batch.notBefore = now + Math.min(wait || backoff(batch.tries), LONGEST_WAIT);
      if (everyone) this.#notBefore = batch.notBefore;
    }
    this.#show(this.#allUnsaved);
  }

  #done(batch, answer) {
    const { lesson } = batch;
    this.#savedAt = answer.saved_at || clock();
    if (answer.averages) {
      this.#sheet.takeAverages(answer.averages);
      this.#view.averages();
    }
    if (!batch.cells) {
      this.#sheet.putKind(lesson, batch.kind);
      this.#view.kind(lesson);
      return;
    }
    const silent = new Set(batch.cells.keys());
    const { cells = [], conflicts = [], refused = [] } = answer;
    for (const { pupil } of [...cells, ...conflicts, ...refused]) silent.delete(pupil);
    for (const { pupil, ...now } of cells) this.#saved(batch, pupil, now);
    for (const { pupil, ...theirs } of conflicts) this.#dispute(batch, pupil, theirs);
    for (const { pupil, reason } of refused) this.#refuse(batch, pupil, reason);
    for (const pupil of silent) this.#refuse(batch, pupil, NO_ANSWER);
  }

  #saved(batch, pupil, now) {
    const key = cellKey(batch.lesson, pupil);
    const later = this.#batches.later(batch, pupil);
    this.#sheet.put(batch.lesson, pupil, now);
    if (later) {
      Object.assign(later.entry, { after: null, seen: now.version });
      if (later.entry.value === now.value && !later.batch.sealed) this.#batches.takeBack(later.batch, pupil);
    } else if (batch.cells.get(pupil)?.value === now.value) this.#signs.set(key, "saved", "Сохранено");
    else this.#signs.set(key, "changed", "Изменено другим после вас");
  }

  #dispute(batch, pupil, theirs) {
    const { lesson } = batch;
    const key = cellKey(lesson, pupil);
    const later = this.#batches.later(batch, pupil);
    const { value } = later?.entry ?? batch.cells.get(pupil);
    this.#sheet.put(lesson, pupil, theirs);
    if (later) this.#batches.takeBack(later.batch, pupil);
    if (value === theirs.value) this.#signs.set(key, "saved", "Сохранено");
    else this.#held.set(key, { state: "conflict", lesson, pupil, value, seen: theirs.version, theirs });
  }

  #refuse(batch, pupil, reason) {
    const { lesson } = batch;
    const { value, seen } = batch.cells.get(pupil);
    const later = this.#batches.later(batch, pupil);
    if (later) Object.assign(later.entry, { after: null, seen });
    else this.#held.set(cellKey(lesson, pupil), { state: "refused", lesson, pupil, value, seen, reason });
  }

  #refused(batch, { reason }) {
    if (batch.cells) {
      for (const pupil of batch.cells.keys()) this.#refuse(batch, pupil, reason);
      return;
    }
    this.#view.kind(batch.lesson);
    this.#view.say(`Вид работы не сохранён. ${reason}`);
  }
}
