/* The journal grid: entry. The page gives a mount with addresses (see journal.html); the cells come as JSON. */

import { Api } from "./journal/api.js";
import { Bar } from "./journal/bar.js";
import { Cursor } from "./journal/cursor.js";
import { Grid } from "./journal/grid.js";
import { Hand } from "./journal/hand.js";
import { Help } from "./journal/help.js";
import { History } from "./journal/history.js";
import { listenToKeys } from "./journal/keyboard.js";
import { Kinds } from "./journal/kinds.js";
import { drawPad } from "./journal/pad.js";
import { listenToClipboard } from "./journal/paste.js";
import { Pending } from "./journal/pending.js";
import { listenToPointer } from "./journal/pointer.js";
import { refreshOnReturn } from "./journal/refresh.js";
import { Sheet } from "./journal/sheet.js";
import { CELLS, count, sayDate } from "./journal/speech.js";
import { Status } from "./journal/status.js";
import { Store } from "./journal/store.js";

const FRAME = `
  <div class="journal-sheet"></div>
  <section class="journal-bar" aria-label="Вопрос к вам" hidden></section>
  <div class="journal-pad" role="group" aria-label="Что поставить"></div>
  <div class="journal-foot">
    <p class="journal-status" role="status"></p>
    <p class="journal-word" role="status"></p>
    <p class="journal-aloud only-read" role="status"></p>
    <p class="journal-keys" id="journal-keys"><kbd>?</kbd> справка · <kbd>Esc</kbd>, затем <kbd>Tab</kbd> — выйти из таблицы</p>
  </div>`;

function say(mount, text, again) {
  const words = Object.assign(document.createElement("p"), { className: "journal-wait", textContent: text });
  words.setAttribute("role", "alert");
  mount.replaceChildren(words);
  if (!again) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: "Повторить" });
  button.addEventListener("click", again);
  mount.append(button);
}

async function open(mount) {
  const api = new Api(mount.dataset);
  const { kind, body, reason } = await api.load();
  if (kind === "signed-out") location.reload();
  else if (kind === "refused") say(mount, reason);
  else if (kind !== "done") say(mount, "Журнал не открылся: нет связи с сервером.", () => open(mount));
  else if (body.pupils.length === 0) say(mount, "В этой группе пока нет учеников.");
  else if (body.lessons.length === 0) say(mount, "В этом периоде уроков нет.");
  else start(mount, api, body);
}

function start(mount, api, payload) {
  mount.innerHTML = FRAME;
  const part = (name) => mount.querySelector(`.journal-${name}`);
  const box = part("sheet");
  const sheet = new Sheet(payload);
  const pending = new Pending(mount.dataset.owner, new URL(mount.dataset.cellsUrl, location.href).pathname);
  const status = new Status({ line: part("status"), word: part("word"), aloud: part("aloud") });
  const words = (text) => status.say(text);

  const view = {
    cell: (lesson, pupil) => { if (sheet.has(lesson, pupil)) grid.update(sheet.column(lesson), sheet.row(pupil)); },
    kind: (lesson) => { if (sheet.lesson(lesson)) grid.updateKind(sheet.column(lesson)); },
    averages: () => grid.updateAverages(),
    status: () => status.show(store.status),
    trouble: () => bar.show(),
    say: words,
  };
  const store = new Store({ sheet, api, pending, view });
  const grid = new Grid(sheet, store);
  let left = null;
  const moved = (column, row) => {
    showLesson(sheet.lessons[column]);
    const here = cursor.isInCells ? [sheet.lessons[column].id, sheet.pupils[row].id] : null;
    if (left && String(left) !== String(here)) store.seen(...left);
    left = here;
  };
  const cursor = new Cursor({ grid, sheet, box, moved });
  const hand = new Hand({ sheet, store, cursor, history: new History(), say: words });
  const help = new Help(sheet);
  const bar = new Bar(part("bar"), { store, sheet, cursor, status, signIn: () => location.reload() });
  const kinds = new Kinds(box, { grid, sheet, store, cursor });

  const draw = () => {
    grid.draw(box, mount.dataset.label);
    box.style.scrollPaddingTop = `${grid.table.tHead.offsetHeight}px`;
  };
  const redraw = () => {
    const focus = cursor.hasFocus;
    draw();
    cursor.redraw({ focus });
    bar.show();
  };
  const goToday = ({ focus = true } = {}) => {
    const column = sheet.todayColumn;
    cursor.reveal(column);
    cursor.go(column, Math.max(0, sheet.pupils.findIndex((_, row) => !sheet.whyNot(column, row))), { focus });
  };

  draw();
  listenToKeys(box, { cursor, grid, sheet, hand, kinds, bar, help });
  listenToPointer(box, { cursor, grid });
  listenToClipboard(box, { cursor, grid, hand, report: (result) => bar.report(result) });
  drawPad(part("pad"), { sheet, hand, cursor });
  refreshOnReturn({ api, sheet, store, redraw });
  wireTools({ goToday, help });
  addEventListener("online", () => store.flush());
  addEventListener("pagehide", () => store.flush());
  addEventListener("beforeunload", (event) => { if (store.unsaved > 0 && !pending.works) event.preventDefault(); });

  // Ready for typing at once, unless the reader is already somewhere on the page
  goToday({ focus: document.activeElement === document.body || document.activeElement === null });
  performance.mark("journal-ready");

  pending.adopt((kept, alone) => {
    const cells = store.adopt(kept, alone);
    words(`Восстановлено несохранённое: ${count(cells, CELLS)}.`);
  });
}

/* Buttons of the page around the sheet: they do nothing without the script, so they come with it. */
function wireTools({ goToday, help }) {
  const acts = { today: () => goToday(), help: () => help.open() };
  for (const button of document.querySelectorAll("[data-journal]")) {
    button.hidden = false;
    button.addEventListener("click", acts[button.dataset.journal]);
  }
}

function showLesson(lesson) {
  const link = document.querySelector("[data-journal-lesson]");
  if (!link || !lesson) return;
  link.hidden = false;
  link.href = lesson.url;
  link.textContent = `Урок ${sayDate(lesson.date)}`;
}

open(document.getElementById("journal"));
