/* Batches of typed cells, oldest first.

   A batch holds the new cells of one lesson. It gets its idempotency key when it is born and keeps it
   through every retry; once sent it is sealed, and later typing goes to the next batch. Batches of one
   lesson go one after another, so the version a cell was seen with is always known before it is sent.

   An entry is {value, seen, after}: `seen` is the version the teacher looked at; `after` is the key of
   the sealed batch whose answer will tell it. The choice of a column's kind of work is a batch of its own. */

import { newKey } from "./api.js";

const PAUSE = 350;           // ms of silence that close a batch
const LONGEST = 1500;        // ms a batch waits at most while typing goes on

function born(lesson, parts) {
  const now = Date.now();
  return { key: newKey(), lesson, sealed: false, tries: 0, notBefore: 0, openedAt: now, touchedAt: now, ...parts };
}

const isKind = ({ cells }) => !cells;

export class Batches {
  #list = [];

  get size() { return this.#list.length; }

  /** All [lesson, pupil] that are on their way. */
  get cells() {
    return this.#list.flatMap(({ lesson, cells }) => [...(cells?.keys() ?? [])].map((pupil) => [lesson, pupil]));
  }

  /** All lessons whose kind of work is on its way. */
  get kinds() { return this.#list.filter(isKind).map(({ lesson }) => lesson); }

  /** Return the newest entry of a cell. */
  entry(lesson, pupil) { return this.#holding(lesson, pupil)?.cells.get(pupil); }

  kind(lesson) { return this.#list.findLast((batch) => batch.lesson === lesson && isKind(batch)); }

  /** Put a value into the open batch of its lesson; `server` is what the server holds in that cell. */
  enter(lesson, pupil, value, server, seen = server.version) {
    const open = this.#list.find((batch) => batch.lesson === lesson && !isKind(batch) && !batch.sealed);
    const newest = this.#holding(lesson, pupil);
    const entry = open?.cells.get(pupil) ?? { seen, after: newest?.key ?? null };
    entry.value = value;
    if (!entry.after && value === server.value && entry.seen === server.version) {
      if (open) this.takeBack(open, pupil);
      return;
    }
    const batch = open ?? this.#add(born(lesson, { cells: new Map() }));
    batch.cells.set(pupil, entry);
    batch.touchedAt = Date.now();
  }

  enterKind(lesson, kind, server) {
    this.#list = this.#list.filter((batch) => !(batch.lesson === lesson && isKind(batch) && !batch.sealed));
    if (kind !== (this.kind(lesson)?.kind ?? server)) this.#add(born(lesson, { kind }));
  }

  takeBack(batch, pupil) {
    batch.cells.delete(pupil);
    if (batch.cells.size === 0) this.remove(batch);
  }

  remove(batch) { this.#list = this.#list.filter((one) => one !== batch); }

  /** Return {batch, entry} of what was typed into the cell after this batch had left. */
  later({ key }, pupil) {
    const batch = this.#list.find(({ cells }) => cells?.get(pupil)?.after === key);
    return batch ? { batch, entry: batch.cells.get(pupil) } : null;
  }

  /** Return the batch to be sent next and the moment for it. */
  next() {
    const heads = this.#list.filter((batch, place) => !this.#list.slice(0, place)
      .some((one) => one.lesson === batch.lesson && isKind(one) === isKind(batch)));
    return heads.map((batch) => ({ batch, at: dueAt(batch) }))
      .reduce((first, one) => (first && first.at <= one.at ? first : one), null);
  }

  hurry() {
    for (const batch of this.#list) Object.assign(batch, { touchedAt: 0, notBefore: 0 });
  }

  /** Return plain data to be kept on disk. */
  freeze() {
    return this.#list.map(({ key, lesson, sealed, kind, cells }) => ({ key, lesson, sealed, kind, cells: cells && [...cells] }));
  }

  /** Take kept batches back, before our own; `alone` is false when their page may still be open. */
  thaw(frozen, alone) {
    const left = frozen.map(({ key, lesson, sealed, kind, cells }) => born(lesson, {
      sealed, key: alone || sealed ? key : newKey(), ...(cells ? { cells: new Map(cells) } : { kind }) }));
    for (const mine of this.#list.filter((batch) => !isKind(batch) && !batch.sealed)) {
      for (const [pupil, entry] of mine.cells) {
        const earlier = left.findLast(({ lesson, cells }) => lesson === mine.lesson && cells?.has(pupil));
        entry.after ??= earlier?.key ?? null;
      }
    }
    this.#list = [...left, ...this.#list];
  }

  #add(batch) {
    this.#list.push(batch);
    return batch;
  }

  #holding(lesson, pupil) {
    return this.#list.findLast((batch) => batch.lesson === lesson && batch.cells?.has(pupil));
  }
}

function dueAt({ sealed, notBefore, openedAt, touchedAt }) {
  return sealed ? notBefore : Math.max(notBefore, Math.min(touchedAt + PAUSE, openedAt + LONGEST));
}
