/* Okrug: what the shell does when scripts are on. Everything works without it, only with a page load
   more. Loaded once by base.html: never import it, it listens to the whole document. */

import { toast } from "./toast.js";

const root = document.documentElement;

/* «Оформление»: show the choice at once, keep it by the same form quietly */
for (const form of document.querySelectorAll("[data-appearance]")) {
  form.querySelector("[data-without-script]").hidden = true;
  form.addEventListener("change", ({ target }) => {
    root.dataset[target.name] = target.value;
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true })
      .catch(() => toast("Нет связи. Выбор останется до перехода на другую страницу.", "bad"));
  });
}

/* Menus: one open at a time; a click elsewhere or Escape closes */
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const menu = target.closest?.("details.menu[open]");
  if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});

/* Filters: <form data-autosubmit> sends itself when a choice changes; its button is for no scripts */
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.querySelector("[data-without-script]")?.setAttribute("hidden", "");
  form.addEventListener("change", () => form.requestSubmit());
}

/* Dialogs: <button data-opens="id">; inside, <form method="dialog"> closes */
document.addEventListener("click", ({ target }) => {
  const opener = target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
});

/* Slow forms: a second press sends nothing twice */
document.addEventListener("submit", (event) => {
  const { target: form } = event;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/* Unread notices: asked after the page is there, at most once a minute in a tab */
const bell = document.querySelector("[data-notices]");
const showUnread = (unread) => {
  for (const count of document.querySelectorAll("[data-unread]")) {
    count.hidden = !unread;
    count.textContent = unread > 99 ? "99+" : unread;
    count.setAttribute("aria-label", `непрочитанных уведомлений: ${unread}`);
    count.setAttribute("role", "img");
  }
};
if (bell) {
  const [unread, at] = (sessionStorage.getItem("unread") ?? "0 0").split(" ").map(Number);
  if (Date.now() - at < 60000 && location.pathname !== bell.pathname) showUnread(unread);
  else {
    fetch(bell.dataset.notices, { headers: { Accept: "application/json" }, redirect: "error" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
      .then((told) => {
        sessionStorage.setItem("unread", `${told.unread} ${Date.now()}`);
        showUnread(told.unread);
      })
      .catch(() => {});
  }
}

/* Print buttons: <button data-print> */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

/* Password fields: <button data-reveals="id" hidden> */
for (const button of document.querySelectorAll("[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.textContent = shown ? "Показать" : "Скрыть";
  });
}
