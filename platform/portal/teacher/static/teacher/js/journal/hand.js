/* The teacher's hand: every change of cells by key, paste, touch or undo goes through here. */

import { CELLS, count } from "./speech.js";

export class Hand {
  #sheet;
  #store;
  #cursor;
  #history;
  #say;

  constructor({ sheet, store, cursor, history, say }) {
    this.#sheet = sheet;
    this.#store = store;
    this.#cursor = cursor;
    this.#history = history;
    this.#say = say;
  }

  /** Put a digit or a code into the active cell and step down, ready for the next pupil. */
  type(sign) {
    const { column, row } = this.#cursor;
    const why = this.#whyNot(column, row);
    if (why) {
      this.#say(why);
      return;
    }
    const value = this.#sheet.scale.combine(this.#value(column, row), sign);
    if (value === null) {
      const { marks } = this.#sheet.scale;
      this.#say(marks.length > 0 ? `Отметки ${sign} в шкале нет. Можно: ${marks.join(", ")}.` : "В этом классе отметок не ставят.");
      return;
    }
    this.#write([{ column, row, value }]);
    // Lateness waits for a mark in the same cell
    if (!this.#sheet.scale.sharesCell(sign)) this.#cursor.down();
  }

  /** Clear the active cell or the selected block. */
  clear() {
    const cells = this.#blockCells().map((place) => ({ ...place, value: "" }));
    const open = cells.filter(({ column, row }) => !this.#whyNot(column, row));
    if (open.length === 0) this.#say(this.#whyNot(this.#cursor.column, this.#cursor.row));
    else this.#write(open);
  }

  /** Put a block of texts at the selection; return the cells that were refused as {where, text, reason}. */
  paste(lines) {
    const refused = [];
    const written = [];
    for (const { column, row, text } of this.#spread(lines)) {
      if (text.trim() === "") continue;
      const outside = column >= this.#sheet.lessons.length || row >= this.#sheet.pupils.length;
      const value = outside ? null : this.#sheet.scale.parse(text);
      const reason = outside ? "Не поместилось." : this.#whyNot(column, row) || (value === null ? "Такого значения нет." : "");
      if (reason) refused.push({ where: outside ? "" : this.#sheet.name(this.#sheet.lessons[column].id, this.#sheet.pupils[row].id), text: text.trim(), reason });
      else written.push({ column, row, value });
    }
    this.#write(written);
    return { written: written.length, refused };
  }

  /** Return the selected block as lines of values. */
  copy() {
    const lines = new Map();
    for (const { column, row } of this.#blockCells()) {
      if (!lines.has(row)) lines.set(row, []);
      lines.get(row).push(this.#value(column, row));
    }
    return [...lines.values()];
  }

  undo() { this.#turnBack(this.#history.undo(), "Отменено"); }
  redo() { this.#turnBack(this.#history.redo(), "Возвращено"); }

  #value(column, row) {
    return this.#store.shown(this.#sheet.lessons[column].id, this.#sheet.pupils[row].id);
  }

  #whyNot(column, row) {
    if (row < 0) return "Отметки ставят в строке ученика.";
    if (column >= this.#sheet.lessons.length) return "Средний балл считается сам.";
    return this.#sheet.whyNot(column, row);
  }

  #blockCells() {
    const { left, right, top, bottom } = this.#cursor.block;
    const cells = [];
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) cells.push({ column, row });
    }
    return cells;
  }

  /* One copied value fills the whole selection; a block goes down and right from its corner. */
  #spread(lines) {
    const { left, top } = this.#cursor.block;
    const single = lines.length === 1 && lines[0].length === 1;
    if (single) return this.#blockCells().map((place) => ({ ...place, text: lines[0][0] }));
    return lines.flatMap((line, down) => line.map((text, right) => ({ column: left + right, row: top + down, text })));
  }

  #write(cells) {
    const step = [];
    for (const { column, row, value } of cells) {
      const before = this.#value(column, row);
      if (before === value) continue;
      const lesson = this.#sheet.lessons[column].id;
      const pupil = this.#sheet.pupils[row].id;
      step.push({ lesson, pupil, before, after: value });
    }
    this.#history.add(step);
    this.#store.edit(step.map(({ lesson, pupil, after }) => ({ lesson, pupil, value: after })));
  }

  /* A cell that somebody else has changed since is left alone. */
  #turnBack(step, word) {
    if (!step) {
      this.#say(`${word === "Отменено" ? "Отменять" : "Возвращать"} нечего.`);
      return;
    }
    const own = step.filter(({ lesson, pupil, from }) => this.#sheet.lesson(lesson) && this.#sheet.pupil(pupil)
      && this.#store.shown(lesson, pupil) === from);
    this.#store.edit(own.map(({ lesson, pupil, to }) => ({ lesson, pupil, value: to })));
    if (own.length > 0) this.#cursor.go(this.#sheet.column(own[0].lesson), this.#sheet.row(own[0].pupil));
    const rest = step.length - own.length;
    this.#say(`${word}: ${count(own.length, CELLS)}.${rest ? ` Пропущено, потому что изменено другим: ${count(rest, CELLS)}.` : ""}`);
  }
}
