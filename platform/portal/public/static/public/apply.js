// Keeps the draft after each pause in typing, and shows the part of the form that is asked for.
const form = document.getElementById("application");
const kept = document.getElementById("kept");
const PAUSE = 1200;
let timer = 0;
let isSending = false;

function showParts() {
  const chosen = form.querySelector("input[name=who]:checked")?.value ?? "parent";
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== chosen;
}

async function keep() {
  if (isSending) return;
  const body = new FormData(form);
  body.delete("parental_consent");
  try {
    const answer = await fetch(form.dataset.keep, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    const told = await answer.json();
    kept.textContent = answer.ok ? `Черновик сохранён в ${told.saved_at}` : told.detail;
  } catch {
    kept.textContent = "Нет связи. Не закрывайте страницу: введённое пока только здесь.";
  }
}

form.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  showParts();
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
});
form.querySelector("[data-without-script]")?.remove(); // the script keeps the draft by itself
form.addEventListener("submit", () => {
  isSending = true;
  clearTimeout(timer);
});
showParts();
