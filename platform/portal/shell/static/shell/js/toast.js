/* Okrug: a short message in the corner. Free of side effects: any page's module may import it. */

/** Show a short message in the corner. Good news leave by themselves, bad news wait to be closed. */
export function toast(text, state = "good") {
  const box = document.createElement("div");
  box.className = `toast toast-${state}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-quiet button-small";
  close.textContent = "Закрыть";
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  document.getElementById("toasts").append(box);
  if (state === "good") setTimeout(() => box.remove(), 6000);
}
