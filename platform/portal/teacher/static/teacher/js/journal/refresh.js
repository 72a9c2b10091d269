/* A tab that comes back after a while takes the newer cells of the server. */

const LONG_AWAY = 60_000;

export function refreshOnReturn({ api, sheet, store, redraw }) {
  let leftAt = document.hidden ? 0 : Infinity;

  async function refresh() {
    const { answers } = store;
    const { kind, body } = await api.load();
    // Saved meanwhile: these cells may be older than that answer; the next return will bring newer ones
    if (kind !== "done" || answers !== store.answers) return;
    if (sheet.differsInShape(body)) {
      sheet.load(body);
      redraw();
    } else store.merge(body);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      leftAt = Date.now();
      store.flush();
      return;
    }
    const away = Date.now() - leftAt;
    leftAt = Infinity;
    store.flush();
    if (away > LONG_AWAY) refresh();
  });
}
