/* Draws the sheet: a real <table role="grid">. Rows: dates, kinds of work, then pupils; columns: lessons,
   then the average. One string, one innerHTML; every text from outside goes through `safe`. */

import { readDate, sayAverage, sayDate, sayMonth } from "./speech.js";
import { split } from "./values.js";

/** Rows of the head have numbers below zero, so that pupils are counted from nought. */
export const DATES = -2;
export const KINDS = -1;

const HEAD_ROWS = 2;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function safe(text) {
  return String(text).replace(/[&<>"']/gu, (sign) => ENTITIES[sign]);
}

/** Return the cell's content: a mark, a code, or a mark with a small code beside it. */
function content(value) {
  const { mark, code } = split(value);
  return mark && code ? `${mark}<span class="journal-beside"> ${safe(code)}</span>` : safe(value);
}

function look(value) {
  const { mark, code } = split(value);
  if (!mark) return code ? "is-code" : "";
  return mark <= 2 ? "is-low" : "";
}

export class Grid {
  #sheet;
  #store;
  #table;
  #dates;
  #kinds;
  #rows;

  constructor(sheet, store) {
    this.#sheet = sheet;
    this.#store = store;
  }

  get table() { return this.#table; }
  get width() { return this.#sheet.lessons.length; }
  get height() { return this.#sheet.pupils.length; }

  /** Draw the whole table into the box. */
  draw(box, label) {
    const { lessons, pupils, editable } = this.#sheet;
    const columns = lessons.length + 2;
    box.innerHTML = `<table class="journal-grid" role="grid" aria-label="${safe(label)}" aria-multiselectable="true"`
      + ` aria-rowcount="${pupils.length + HEAD_ROWS}" aria-colcount="${columns}"${editable ? "" : ' aria-readonly="true"'}`
      + ` aria-describedby="journal-keys"><colgroup><col class="journal-names"><col span="${lessons.length}">`
      + `<col class="journal-averages"></colgroup><thead>${this.#months()}${this.#drawDates()}${this.#drawKinds()}</thead>`
      + `<tbody>${pupils.map((_, row) => this.#drawRow(row)).join("")}</tbody></table>`;
    this.#table = box.firstElementChild;
    this.#table.style.setProperty("--lessons", lessons.length);
    this.#dates = this.#table.tHead.rows[1].cells;
    this.#kinds = this.#table.tHead.rows[2].cells;
    this.#rows = [...this.#table.tBodies[0].rows].map(({ cells }) => cells);
  }

  /** Return the element that takes the focus at this place. */
  element(column, row) {
    if (row === DATES) return this.#dates[column + 1].querySelector("a") ?? this.#dates[column + 1];
    if (row === KINDS) return this.#kinds[column];
    return this.#rows[row][column + 1];
  }

  head(column) { return this.#dates[column + 1]; }
  rowHead(row) { return this.#rows[row][0]; }

  /** Return {column, row} of a table cell, or null outside pupils and lessons. */
  place(cell) {
    const line = cell?.parentElement;
    if (!line || !this.#table.contains(cell)) return null;
    const head = line.parentElement === this.#table.tHead;
    const row = head ? line.rowIndex - 1 - HEAD_ROWS : line.sectionRowIndex;
    const column = row === KINDS ? cell.cellIndex : cell.cellIndex - 1;
    const inGrid = row >= DATES && column >= 0 && column <= this.width && (row >= 0 || column < this.width);
    return inGrid ? { column, row } : null;
  }

  /** Show a cell's value and state anew. */
  update(column, row) {
    const cell = this.#rows[row][column + 1];
    const lesson = this.#sheet.lessons[column].id;
    const pupil = this.#sheet.pupils[row].id;
    const value = this.#store.shown(lesson, pupil);
    const { state, note } = this.#store.state(lesson, pupil);
    cell.innerHTML = content(value);
    cell.classList.remove("is-low", "is-code");
    if (look(value)) cell.classList.add(look(value));
    if (state) cell.dataset.state = state;
    else delete cell.dataset.state;
    if (note) cell.title = note;
    else cell.removeAttribute("title");
  }

  updateAverages() {
    for (const [row, { id }] of this.#sheet.pupils.entries()) {
      const cell = this.#rows[row][this.width + 1];
      const average = sayAverage(this.#sheet.averages.get(id));
      if (cell.textContent !== average) cell.textContent = average;
    }
  }

  updateKind(column) {
    this.#kinds[column].innerHTML = this.#kindContent(column);
  }

  // Pieces of the string

  #columnClass(column) {
    const { date } = this.#sheet.lessons[column];
    const before = this.#sheet.lessons[column - 1];
    const classes = [];
    if (date === this.#sheet.today) classes.push("is-today");
    if (before && before.date.slice(0, 7) !== date.slice(0, 7)) classes.push("is-first");
    if (this.#sheet.isOpen && this.#sheet.whyNotColumn(column)) classes.push("is-closed");
    return classes;
  }

  #months() {
    const months = [];
    for (const { date } of this.#sheet.lessons) {
      const name = date.slice(0, 7);
      if (months.at(-1)?.name !== name) months.push({ name, date, span: 0 });
      months.at(-1).span += 1;
    }
    return `<tr class="journal-months" aria-hidden="true"><td class="is-name"></td>${months.map(({ date, span }, place) =>
      `<td colspan="${span}"${place ? ' class="is-first"' : ""}><span>${sayMonth(date)}</span></td>`).join("")}<td class="is-average"></td></tr>`;
  }

  #drawDates() {
    const { lessons, today } = this.#sheet;
    const heads = lessons.map(({ date, number, url, topic, state }, column) => {
      const { day, weekday } = readDate(date);
      const name = [sayDate(date), date === today ? "сегодня" : "", `урок ${number}`, state === "cancelled" ? "отменён" : ""]
        .filter(Boolean).join(", ");
      const off = state === "cancelled" ? ["is-off"] : [];
      return `<th scope="col" aria-colindex="${column + 2}" class="${[...this.#columnClass(column), ...off].join(" ")}">`
        + `<a href="${safe(url)}" tabindex="-1" title="${safe(topic || "Тема не записана")}" aria-label="${name}">`
        + `<small>${weekday}</small><b>${day}</b><small>${number}-й</small></a></th>`;
    });
    return `<tr aria-rowindex="1"><th scope="col" rowspan="2" aria-colindex="1" class="is-name">Ученик</th>${heads.join("")}`
      + `<th scope="col" rowspan="2" aria-colindex="${lessons.length + 2}" class="is-average">Средний балл</th></tr>`;
  }

  #drawKinds() {
    return `<tr class="journal-kinds" aria-rowindex="2">${this.#sheet.lessons.map((_, column) =>
      `<td aria-colindex="${column + 2}" class="${this.#columnClass(column).join(" ")}"`
      + `${this.#sheet.whyNotColumn(column) ? ' aria-readonly="true"' : ""}>${this.#kindContent(column)}</td>`).join("")}</tr>`;
  }

  /* The list itself is filled when it is opened: sixty full lists would cost more than all the marks. */
  #kindContent(column) {
    const { id, date, number } = this.#sheet.lessons[column];
    const kind = this.#sheet.kinds.find((one) => one.id === this.#store.kindOf(id));
    const shown = `<span aria-hidden="true">${safe(kind?.code ?? "")}</span>`;
    if (this.#sheet.whyNotColumn(column)) {
      return kind ? `<abbr title="${safe(kind.title)}">${safe(kind.code)}</abbr>` : "";
    }
    return `${shown}<select tabindex="-1" aria-label="Вид работы, ${sayDate(date)}, урок ${number}"`
      + ` title="${safe(kind ? kind.title : "Вид работы")}"><option value="${kind?.id ?? ""}" selected>`
      + `${safe(kind ? `${kind.code} — ${kind.title}` : "не указан")}</option></select>`;
  }

  #drawRow(row) {
    const { pupils, lessons, averages } = this.#sheet;
    const { id, name } = pupils[row];
    const cells = lessons.map((_, column) => this.#drawCell(column, row));
    return `<tr aria-rowindex="${row + 1 + HEAD_ROWS}"><th scope="row" aria-colindex="1" class="is-name" title="${safe(name)}"><span>${safe(name)}</span></th>`
      + `${cells.join("")}<td aria-colindex="${lessons.length + 2}" class="is-average" aria-readonly="true">${sayAverage(averages.get(id))}</td></tr>`;
  }

  #drawCell(column, row) {
    const lesson = this.#sheet.lessons[column].id;
    const pupil = this.#sheet.pupils[row].id;
    const value = this.#store.shown(lesson, pupil);
    const { state, note } = this.#store.state(lesson, pupil);
    const absent = this.#sheet.whyNotPupil(column, row);
    const classes = [...this.#columnClass(column), look(value), absent ? "is-absent" : ""].filter(Boolean).join(" ");
    return `<td aria-colindex="${column + 2}"${classes ? ` class="${classes}"` : ""}`
      + `${absent || this.#sheet.whyNotColumn(column) ? ' aria-readonly="true"' : ""}`
      + `${state ? ` data-state="${state}"` : ""}${note || absent ? ` title="${safe(note || absent)}"` : ""}>${content(value)}</td>`;
  }
}
