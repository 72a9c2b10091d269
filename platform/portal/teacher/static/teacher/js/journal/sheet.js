/* The journal's page as the server knows it: pupils × lessons, values, versions, averages. */

import { sayDay } from "./speech.js";
import { join, Scale } from "./values.js";

const EMPTY = Object.freeze({ value: "", version: 0 });

export const cellKey = (lesson, pupil) => `${lesson}:${pupil}`;

/** Read the cells of a payload into a map of cell key → {value, version}. */
function readCells({ lessons, pupils, cells }) {
  return new Map(cells.map(([lesson, pupil, mark, code, version]) =>
    [cellKey(lessons[lesson].id, pupils[pupil].id), { value: join(mark, code), version }]));
}

const shape = ({ term, editable, today, lessons, pupils }) => JSON.stringify([term.closed, editable, today,
  pupils, lessons.map(({ id, date, number, editable, state, topic }) => [id, date, number, editable, state, topic])]);

export class Sheet {
  #cells;
  #shape;
  #columns;
  #rows;

  constructor(payload) {
    this.load(payload);
  }

  load(payload) {
    const { term, editable, today, codes, marks, work_kinds: kinds, pupils, lessons, averages } = payload;
    Object.assign(this, { term, editable, today, kinds, pupils, lessons });
    this.scale = new Scale(codes, marks);
    this.averages = new Map(Object.entries(averages ?? {}).map(([id, average]) => [Number(id), average]));
    this.#cells = readCells(payload);
    this.#shape = shape(payload);
    this.#columns = new Map(lessons.map(({ id }, column) => [id, column]));
    this.#rows = new Map(pupils.map(({ id }, row) => [id, row]));
  }

  /** Return true when the table itself must be drawn anew: other pupils, lessons or rights. */
  differsInShape(payload) { return shape(payload) !== this.#shape; }

  /** Take the server's newer cells; return [[lesson, pupil, the value before], …] of what changed. */
  merge(payload) {
    const fresh = readCells(payload);
    const changed = [];
    for (const lesson of payload.lessons) {
      for (const pupil of payload.pupils) {
        const key = cellKey(lesson.id, pupil.id);
        const before = this.#cells.get(key) ?? EMPTY;
        const after = fresh.get(key) ?? EMPTY;
        if (before.value !== after.value || before.version !== after.version) {
          changed.push([lesson.id, pupil.id, before.value]);
        }
      }
    }
    this.load(payload);
    return changed;
  }

  column(lesson) { return this.#columns.get(lesson); }
  row(pupil) { return this.#rows.get(pupil); }
  lesson(id) { return this.lessons[this.#columns.get(id)]; }
  pupil(id) { return this.pupils[this.#rows.get(id)]; }

  has(lesson, pupil) { return this.#columns.has(lesson) && this.#rows.has(pupil); }

  /** Return «Иванова Анна, 12 марта»; typed before, a cell may have left the list since. */
  name(lesson, pupil) {
    return [this.pupil(pupil)?.name ?? "Ученика уже нет в списке", this.lesson(lesson) ? sayDay(this.lesson(lesson).date) : "урок снят"]
      .join(", ");
  }

  at(lesson, pupil) { return this.#cells.get(cellKey(lesson, pupil)) ?? EMPTY; }
  put(lesson, pupil, { value, version }) { this.#cells.set(cellKey(lesson, pupil), { value, version }); }

  putKind(lesson, kind) { if (this.lesson(lesson)) this.lesson(lesson).kind = kind; }

  takeAverages(averages) {
    for (const [id, average] of Object.entries(averages ?? {})) this.averages.set(Number(id), average);
  }

  /** False when the whole page is only for reading: then single closed columns need no sign. */
  get isOpen() { return this.editable && !this.term.closed; }

  /** Return why nobody may type in this column, or "" when the teacher may. */
  whyNotColumn(column) {
    const lesson = this.lessons[column];
    if (lesson.state === "cancelled") return "Урок отменён.";
    if (this.term.closed) return "Этот период закрыт. Попросите завуча открыть исправление.";
    if (!this.editable) return "Этот журнал вам открыт только для чтения.";
    if (!lesson.editable) return lesson.why || "Этот урок вы не заполняете.";
    return "";
  }

  /** Return why the pupil has no cell on that day, or "" when enrolled. */
  whyNotPupil(column, row) {
    const { since, until } = this.pupils[row];
    const { date } = this.lessons[column];
    if (since && date < since) return `В этот день не в классе: зачислен с ${sayDay(since)}.`;
    if (until && date >= until) return `В этот день не в классе: выбыл ${sayDay(until)}.`;
    return "";
  }

  whyNot(column, row) { return this.whyNotColumn(column) || this.whyNotPupil(column, row); }

  /** Return the column of today, else of the last lesson before it, else the first one. */
  get todayColumn() {
    const past = this.lessons.findLastIndex(({ date }) => date <= this.today);
    const same = this.lessons.findIndex(({ date }) => date === this.today);
    return Math.max(0, same >= 0 ? same : past);
  }
}
