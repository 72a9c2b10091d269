/* Buttons for the finger: a touch screen has no keys for a grid. Shown where the pointer is coarse. */

export function drawPad(box, { sheet, hand, cursor }) {
  const { marks, codes } = sheet.scale;
  const sign = (text, title, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = text;
    made.setAttribute("aria-label", title);
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", () => {
      act();
      cursor.focus();
    });
    return made;
  };
  box.replaceChildren(
    ...marks.map((mark) => sign(mark, `Отметка ${mark}`, () => hand.type(String(mark)))),
    ...codes.map(({ code, title }) => sign(code, `${code} — ${title}`, () => hand.type(code))),
    sign("⌫", "Стереть", () => hand.clear()),
  );
}
