/* Keys of the grid, as in a spreadsheet. Letters are taken by meaning in the Russian and the Latin layout;
   shortcuts with Ctrl by the place of the key, which no layout moves. */

import { DATES, KINDS } from "./grid.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function listenToKeys(box, { cursor, grid, sheet, hand, kinds, bar, help }) {
  let tabLeaves = false;

  const step = ([columns, rows], event) => {
    const whole = event.ctrlKey || event.metaKey;
    const far = whole ? Math.max(grid.width, grid.height) : 1;
    const row = whole && rows < 0 ? Math.max(0, cursor.row - far) : cursor.row + rows * far;
    const column = whole && columns > 0 ? grid.width - 1 : cursor.column + columns * far;
    cursor.go(column, row, { extend: event.shiftKey });
  };

  const moves = {
    Home: ({ ctrlKey, shiftKey }) => cursor.go(0, ctrlKey ? 0 : cursor.row, { extend: shiftKey }),
    End: ({ ctrlKey, shiftKey }) => cursor.go(grid.width - 1, ctrlKey ? grid.height - 1 : cursor.row, { extend: shiftKey }),
    PageUp: ({ shiftKey }) => cursor.go(cursor.column, Math.max(0, cursor.row - cursor.page), { extend: shiftKey }),
    PageDown: ({ shiftKey }) => cursor.by(0, cursor.page, { extend: shiftKey }),
    Enter: ({ shiftKey }) => cursor.by(0, shiftKey ? -1 : 1),
    " ": () => {},
    Delete: () => hand.clear(),
    Backspace: () => hand.clear(),
    F6: () => bar.focus(),
    "?": () => help.open(),
  };

  /* Shortcuts with Ctrl, by event.code */
  const shortcuts = {
    KeyZ: ({ shiftKey }) => (shiftKey ? hand.redo() : hand.undo()),
    KeyY: () => hand.redo(),
    KeyA: () => {
      cursor.go(cursor.column, 0);
      cursor.go(cursor.column, grid.height - 1, { extend: true });
    },
  };

  /** Return what the key does here, or null to leave it to the browser. */
  const find = (event) => {
    const { key, code, ctrlKey, metaKey, shiftKey } = event;
    const onHead = cursor.row < 0;
    if (ARROWS[key]) return () => step(ARROWS[key], event);
    if (ctrlKey || metaKey) return shortcuts[code] ?? (key === "Home" || key === "End" ? moves[key] : null);
    if (key === "Tab") return leavesByTab(shiftKey) ? null : () => cursor.by(shiftKey ? -1 : 1, 0);
    if (key === "Escape") return () => cursor.go(cursor.column, cursor.row);
    if (onHead && key === "Enter") return cursor.row === KINDS ? () => kinds.open(cursor.column) : null;
    if (onHead && key === " " && cursor.row === KINDS) return () => kinds.open(cursor.column);
    // The key «?» of the Latin layout gives a comma in the Russian one
    if (key === "," && (shiftKey || code === "NumpadDecimal")) return shiftKey ? moves["?"] : null;
    if (moves[key]) return moves[key];
    const sign = sheet.scale.meaning(key);
    return sign ? () => hand.type(sign) : null;
  };

  /* Tab goes through the row; past its end, or after Escape, it leaves the grid as everywhere else. */
  const leavesByTab = (shift) => tabLeaves || cursor.row === DATES
    || (shift ? cursor.column === 0 : cursor.column >= grid.width - (cursor.row < 0 ? 1 : 0));

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || !grid.table?.contains(event.target)) return;
    if (event.target.matches("select")) return;
    const act = find(event);
    if (act) {
      event.preventDefault();
      act(event);
    }
    if (event.key !== "Shift") tabLeaves = event.key === "Escape";
  });
}
