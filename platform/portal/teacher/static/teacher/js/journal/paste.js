/* Copying and pasting blocks: tab-separated lines, as every spreadsheet gives and takes them. */

/** Return lines of texts; a cell in quotes may hold line breaks and doubled quotes. */
export function readBlock(text) {
  const lines = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
  while (cells.lastIndex < text.length) {
    const [, quoted, plain, end] = cells.exec(text) ?? [, , text.slice(cells.lastIndex), ""];
    lines.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\t" && cells.lastIndex >= text.length) lines.at(-1).push("");
    else if (end !== "\t" && end !== "" && cells.lastIndex < text.length) lines.push([]);
    if (end === "") break;
  }
  return lines;
}

export function writeBlock(lines) {
  return lines.map((line) => line.join("\t")).join("\n");
}

export function listenToClipboard(box, { cursor, grid, hand, report }) {
  const isOurs = ({ target }) => cursor.hasFocus && cursor.row >= 0 && box.contains(target.nodeType === 1 ? target : target.parentElement)
    || (target === document.body && cursor.hasFocus);

  const copy = (event) => {
    if (!isOurs(event) || !grid.table) return false;
    event.preventDefault();
    event.clipboardData.setData("text/plain", writeBlock(hand.copy()));
    return true;
  };

  document.addEventListener("copy", copy);
  document.addEventListener("cut", (event) => { if (copy(event)) hand.clear(); });
  document.addEventListener("paste", (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    if (text) report(hand.paste(readBlock(text)));
  });
}
