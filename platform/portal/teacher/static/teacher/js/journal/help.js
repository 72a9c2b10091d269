/* «Справка»: what the keys do, with this school's own codes. Made when it is first opened. */

import { safe } from "./grid.js";

const LATIN = { "н": "Y", "у": "E", "п": "G", "б": ",", "о": "J" };

const KEYS = [
  [["↑", "↓", "←", "→"], "по ячейкам; с Shift выделить блок"],
  [["Tab", "Shift+Tab"], "вправо и влево по строке"],
  [["Enter"], "вниз; в строке видов работ открыть список"],
  [["Home", "End"], "к первому и последнему уроку; с Ctrl к углам таблицы"],
  [["PageUp", "PageDown"], "на экран вверх и вниз"],
  [["Delete", "Backspace"], "стереть ячейку или блок"],
  [["Ctrl+Z", "Ctrl+Y"], "отменить и вернуть"],
  [["Ctrl+C", "Ctrl+X", "Ctrl+V"], "копировать, вырезать, вставить блок из любой таблицы; пустые клетки блока ничего не стирают"],
  [["F6"], "к вопросу под таблицей и обратно"],
  [["Esc", "Tab"], "одна за другой: выйти из таблицы"],
  [["?"], "эта справка"],
];

const SIGNS = [
  ["saving", "сохраняется или ждёт связи"],
  ["saved", "только что сохранено"],
  ["conflict", "изменено не вами"],
  ["failed", "не сохранено: причина под таблицей"],
];

const row = (keys, words) => `<tr><th scope="row">${keys.map((key) => `<kbd>${safe(key)}</kbd>`).join(" ")}</th><td>${safe(words)}</td></tr>`;

export class Help {
  #scale;
  #dialog = null;

  constructor(sheet) { this.#scale = sheet.scale; }

  open() {
    this.#dialog ??= this.#make();
    this.#dialog.showModal();
  }

  #make() {
    const { marks, codes } = this.#scale;
    const typed = [
      ...(marks.length > 0 ? [[marks.map(String), "отметка; курсор сам переходит к следующему ученику"]] : []),
      ...codes.map(({ code, title, key }) => [[key.toUpperCase(), LATIN[key]].filter(Boolean), `${code} — ${title}`]),
    ];
    const dialog = document.createElement("dialog");
    dialog.className = "dialog journal-help";
    dialog.setAttribute("aria-labelledby", "journal-help-title");
    dialog.innerHTML = `<h2 id="journal-help-title" tabindex="-1" autofocus>Как заполнять журнал</h2>
      <p>Раскладка клавиатуры не важна. Опоздал и получил 5: сначала <kbd>О</kbd>, потом <kbd>5</kbd>; в ячейке будет «5 ОП».</p>
      <div class="journal-help-columns">
      <section><h3>Что ставить</h3><table>${typed.map(([keys, words]) => row(keys, words)).join("")}</table></section>
      <section><h3>Значки в углу ячейки</h3><table class="journal-signs">${SIGNS.map(([state, words]) =>
    `<tr><td><span data-state="${state}"></span></td><td>${words}</td></tr>`).join("")}</table></section>
      <section><h3>Как двигаться</h3><table>${KEYS.map(([keys, words]) => row(keys, words)).join("")}</table></section>
      </div>
      <form method="dialog" class="dialog-foot"><button class="button button-main">Закрыть</button></form>`;
    document.body.append(dialog);
    return dialog;
  }
}
