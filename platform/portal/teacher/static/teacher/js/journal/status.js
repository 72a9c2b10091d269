/* The line under the sheet: how saving goes, and a word about what has just happened. Both are read aloud politely. */

import { CELLS, count } from "./speech.js";

const WORD_STAYS = 8000;
const QUIET = 300;           // nothing that ends sooner is spoken of

function sayStatus({ phase, savedAt, unsaved }) {
  const cells = `(${count(unsaved, CELLS)})`;
  return {
    quiet: "",
    saving: "Сохраняется…",
    saved: `Сохранено в ${savedAt}`,
    lost: `Нет связи. Введённое не потеряно: сохранится, как только связь вернётся ${cells}`,
    busy: `Сервер занят. Введённое не потеряно: сохранится само ${cells}`,
    "signed-out": `Вход закончился. Введённое не потеряно: сохранится после входа ${cells}`,
  }[phase];
}

export class Status {
  #line;
  #word;
  #aloud;
  #timer = 0;
  #wordTimer = 0;

  constructor({ line, word, aloud }) {
    this.#line = line;
    this.#word = word;
    this.#aloud = aloud;
  }

  show(status) {
    clearTimeout(this.#timer);
    const undecided = status.phase === "saved" && status.unsaved > 0 ? `. Ждёт решения: ${count(status.unsaved, CELLS)}` : "";
    const text = sayStatus(status) + undecided;
    const put = () => {
      if (this.#line.textContent !== text) this.#line.textContent = text;
      this.#line.dataset.phase = status.phase;
    };
    if (status.phase === "saving") this.#timer = setTimeout(put, QUIET);
    else put();
  }

  /** Say a short word that leaves by itself. */
  say(text) {
    clearTimeout(this.#wordTimer);
    this.#word.textContent = text;
    this.#wordTimer = setTimeout(() => { this.#word.textContent = ""; }, WORD_STAYS);
  }

  /** Read aloud what the eye sees elsewhere. */
  read(text) { this.#aloud.textContent = text; }
}
