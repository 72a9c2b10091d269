/* The bar over the foot of the sheet: a question that needs an answer, or a report. It never takes the focus
   by itself and never covers the page: F6 goes to it, Escape goes back. */

import { askConflict, CELLS, count } from "./speech.js";

const SHOWN = 4;             // lines of a report before «и ещё …»

function button(text, act, className = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button button-small ${className}`;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

export class Bar {
  #box;
  #store;
  #sheet;
  #cursor;
  #status;
  #shown = "";
  #report = null;
  #signIn;

  constructor(box, { store, sheet, cursor, status, signIn }) {
    this.#box = box;
    this.#store = store;
    this.#sheet = sheet;
    this.#cursor = cursor;
    this.#status = status;
    this.#signIn = signIn;
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && event.key !== "F6") return;
      event.preventDefault();
      this.#cursor.focus();
    });
  }

  focus() { this.#box.querySelector("button")?.focus(); }

  /** Tell what of a pasted block was refused. */
  report({ written, refused }) {
    this.#report = refused.length > 0 ? { written, refused } : null;
    if (!this.#report) this.#status.say(`Вставлено: ${count(written, CELLS)}.`);
    this.show();
  }

  /** Show the first thing that waits for the teacher, or nothing. */
  show() {
    const { conflicts, refusals, status } = this.#store;
    const next = (conflicts.length > 0 && this.#conflict(conflicts))
      || (refusals.length > 0 && this.#refusal(refusals))
      || (status.phase === "signed-out" && this.#signedOut())
      || (this.#report && this.#pasted(this.#report));
    this.#draw(next || { text: "", lines: [], buttons: [] });
  }

  #draw({ text, lines = [], buttons }) {
    const signature = JSON.stringify([text, lines]);
    if (signature === this.#shown) return;
    const hadFocus = this.#box.contains(document.activeElement);
    this.#shown = signature;
    this.#box.hidden = !text;
    const words = document.createElement("div");
    words.append(Object.assign(document.createElement("p"), { textContent: text }));
    if (lines.length > 0) {
      const list = document.createElement("ul");
      list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
      words.append(list);
    }
    const row = Object.assign(document.createElement("div"), { className: "journal-bar-buttons" });
    row.append(...buttons);
    this.#box.replaceChildren(words, row);
    this.#status.read(text && `${[text, ...lines].join(" ")} F6 — перейти к ответу.`);
    this.#cursor.keepInSight();
    if (hadFocus) (text ? buttons[0] : this.#cursor).focus();
  }

  #conflict([first, ...rest]) {
    const { lesson, pupil, value, theirs } = first;
    const more = rest.length > 0 ? ` Ещё таких: ${rest.length}.` : "";
    const decide = (whose) => () => {
      if (this.#sheet.has(lesson, pupil)) {
        this.#cursor.go(this.#sheet.column(lesson), this.#sheet.row(pupil), { focus: false });
      }
      this.#store.decide(lesson, pupil, whose);
    };
    const decideAll = (whose) => () => {
      for (const one of [first, ...rest]) this.#store.decide(one.lesson, one.pupil, whose);
    };
    const buttons = [
      button(theirs.value ? `Оставить ${theirs.value}` : "Оставить пустой", decide("theirs")),
      button(value ? `Поставить ${value}` : "Стереть", decide("mine"), "button-main"),
    ];
    if (rest.length > 0) {
      buttons.push(button("Оставить все чужие", decideAll("theirs"), "button-quiet"),
        button("Поставить все мои", decideAll("mine"), "button-quiet"));
    }
    return { text: `${this.#sheet.name(lesson, pupil)}. ${askConflict({ ...theirs, theirs: theirs.value, mine: value })}${more}`, buttons };
  }

  #refusal(refusals) {
    const { reason } = refusals[0];
    const same = refusals.filter((one) => one.reason === reason);
    return {
      text: `Не сохранено: ${count(refusals.length, CELLS)}. ${reason}`,
      lines: this.#shorten(same.map(({ lesson, pupil, value }) =>
        `${this.#sheet.name(lesson, pupil)}: ${value || "стереть"}`)),
      buttons: [button("Повторить", () => this.#store.retryRefused()),
        button("Убрать несохранённое", () => this.#store.dropRefused())],
    };
  }

  #signedOut() {
    return { text: "Вход закончился. Войдите снова: введённое хранится в этом браузере и сохранится само.",
      buttons: [button("Войти", this.#signIn, "button-main")] };
  }

  #pasted({ written, refused }) {
    return {
      text: `Вставлено: ${count(written, CELLS)}, не вставлено: ${count(refused.length, CELLS)}.`,
      lines: this.#shorten(refused.map(({ where, text, reason }) => `${where ? `${where}: ` : ""}«${text}». ${reason}`)),
      buttons: [button("Понятно", () => {
        this.#report = null;
        this.show();
        this.#cursor.focus();
      })],
    };
  }

  #shorten(lines) {
    return lines.length > SHOWN + 1 ? [...lines.slice(0, SHOWN), `И ещё ${lines.length - SHOWN}.`] : lines;
  }
}
