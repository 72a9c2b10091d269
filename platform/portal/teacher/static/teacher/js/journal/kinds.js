/* The kind of work of a column: a native list over its short code. */

export class Kinds {
  #grid;
  #sheet;
  #store;
  #cursor;

  constructor(box, { grid, sheet, store, cursor }) {
    this.#grid = grid;
    this.#sheet = sheet;
    this.#store = store;
    this.#cursor = cursor;
    box.addEventListener("pointerdown", ({ target }) => this.#fill(target));
    box.addEventListener("focusin", ({ target }) => this.#fill(target));
    box.addEventListener("change", ({ target }) => this.#choose(target));
    box.addEventListener("keydown", (event) => this.#leave(event));
  }

  /** Open the list of a column from the keyboard. */
  open(column) {
    const list = this.#grid.element(column, -1).querySelector("select");
    if (!list) return;
    list.focus();
    try {
      list.showPicker();
    } catch {
      // An older browser: the focused list opens by the arrow keys
    }
  }

  #fill(list) {
    if (!list.matches("select") || list.dataset.full) return;
    const { value } = list;
    const none = new Option("не указан", "");
    list.replaceChildren(none, ...this.#sheet.kinds.map(({ id, code, title }) => new Option(`${code} — ${title}`, id)));
    list.value = value;
    list.dataset.full = "yes";
  }

  #choose(list) {
    if (!list.matches("select")) return;
    const { column } = this.#grid.place(list.closest("td"));
    this.#store.setKind(this.#sheet.lessons[column].id, list.value ? Number(list.value) : null);
    this.#cursor.go(column, -1);
  }

  #leave(event) {
    if (!event.target.matches("select") || (event.key !== "Escape" && event.key !== "Tab")) return;
    event.preventDefault();
    this.#cursor.focus();
  }
}
