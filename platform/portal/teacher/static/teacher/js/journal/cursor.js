/* Where the teacher is: the active cell (one tab stop of the whole grid), the selected block around it,
   and what of the sheet is in sight. */

import { DATES } from "./grid.js";

const between = (low, value, high) => Math.min(Math.max(value, low), high);

export class Cursor {
  #grid;
  #sheet;
  #box;
  #moved;
  #stop = null;
  #marked = [];
  #heads = [];

  /** `moved(column, row)` is told of every move; `box` is the element that scrolls. */
  constructor({ grid, sheet, box, moved }) {
    this.#grid = grid;
    this.#sheet = sheet;
    this.#box = box;
    this.#moved = moved;
    this.column = 0;
    this.row = 0;
    this.anchor = null;
  }

  get isInCells() { return this.row >= 0 && this.column < this.#grid.width; }

  /** Return the selected block {left, top, right, bottom}; one cell when nothing else is selected. */
  get block() {
    const from = this.anchor ?? this;
    return { left: Math.min(from.column, this.column), right: Math.min(Math.max(from.column, this.column), this.#grid.width - 1),
      top: Math.max(0, Math.min(from.row, this.row)), bottom: Math.max(from.row, this.row) };
  }

  get hasBlock() { return this.anchor !== null; }

  /** Go to a place. `extend` keeps the other corner of the selection; `focus: false` only marks the place. */
  go(column, row, { extend = false, focus = true } = {}) {
    const top = extend ? 0 : DATES;
    const anchor = extend ? this.anchor ?? { column: this.column, row: this.row } : null;
    this.row = between(top, row, this.#grid.height - 1);
    this.column = between(0, column, this.row < 0 ? this.#grid.width - 1 : this.#grid.width);
    this.anchor = anchor && anchor.row >= 0 && (anchor.row !== this.row || anchor.column !== this.column) ? anchor : null;
    this.#stand(focus);
    this.#mark();
    this.#moved(this.column, this.row);
  }

  by(columns, rows, options) { this.go(this.column + columns, this.row + rows, options); }

  focus() { this.#stop?.focus(); }

  /** The window has become lower: bring the active cell back into it. */
  keepInSight() {
    if (this.hasFocus) this.#stop.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  get hasFocus() { return this.#stop !== null && this.#stop === document.activeElement; }

  /** Step to the next pupil below who may get a mark in this column; stay when there is none. */
  down() {
    for (let row = this.row + 1; row < this.#grid.height; row += 1) {
      if (!this.#sheet.whyNot(this.column, row)) {
        this.go(this.column, row);
        return;
      }
    }
    this.go(this.column, this.row);
  }

  /** How many pupils fit into the window between the head and the edge. */
  get page() {
    const line = this.#grid.rowHead(0).parentElement.offsetHeight;
    return Math.max(1, Math.floor((this.#box.clientHeight - this.#grid.table.tHead.offsetHeight) / line) - 1);
  }

  /** Put the column into the right quarter of the window, so that the weeks before it are seen too. */
  reveal(column) {
    const { offsetLeft, offsetWidth } = this.#grid.head(column);
    const hidden = Math.ceil((offsetLeft + 2 * offsetWidth - this.#box.clientWidth * 0.8) / offsetWidth);
    this.#box.scrollLeft = Math.max(0, hidden) * offsetWidth;
  }

  /** Forget elements of a table that has been drawn anew, and stand at the same place in the new one. */
  redraw({ focus }) {
    this.#stop = null;
    this.#marked = [];
    this.#heads = [];
    this.go(this.column, this.row, { focus });
  }

  #stand(focus) {
    const next = this.#grid.element(this.column, this.row);
    if (this.#stop !== next) this.#stop?.setAttribute("tabindex", "-1");
    this.#stop = next;
    next.setAttribute("tabindex", "0");
    if (focus) next.focus();
  }

  #mark() {
    for (const head of this.#heads) head.classList.remove("is-here");
    this.#heads = [this.row >= 0 ? this.#grid.rowHead(this.row) : null,
      this.column < this.#grid.width ? this.#grid.head(this.column) : null].filter(Boolean);
    for (const head of this.#heads) head.classList.add("is-here");

    for (const cell of this.#marked) cell.removeAttribute("aria-selected");
    this.#marked = [];
    if (!this.hasBlock) return;
    const { left, right, top, bottom } = this.block;
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) this.#marked.push(this.#grid.element(column, row));
    }
    for (const cell of this.#marked) cell.setAttribute("aria-selected", "true");
  }
}
