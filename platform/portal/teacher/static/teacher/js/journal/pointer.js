/* The mouse and the finger: a press goes to a cell, Shift or dragging selects a block. */

export function listenToPointer(box, { cursor, grid }) {
  let dragging = false;

  const placeOf = (event) => grid.place(event.target.closest?.("td, th"));

  box.addEventListener("mousedown", (event) => {
    const place = placeOf(event);
    if (event.button !== 0 || !place || place.row < 0) return;
    event.preventDefault();
    dragging = true;
    cursor.go(place.column, place.row, { extend: event.shiftKey });
  });

  box.addEventListener("mouseover", (event) => {
    const place = dragging && placeOf(event);
    if (place && place.row >= 0) cursor.go(place.column, place.row, { extend: true });
  });

  addEventListener("mouseup", () => { dragging = false; });

  /* A link or a list in the head that took the focus by itself */
  box.addEventListener("focusin", (event) => {
    const place = placeOf(event);
    if (place && (place.row !== cursor.row || place.column !== cursor.column)) {
      cursor.go(place.column, place.row, { focus: false });
    }
  });
}
