/* The door to the server. Every answer becomes one of: done, lost, busy, signed-out, refused. */

const PATIENCE = 20_000;
const WORDS = {
  404: "Такой страницы нет или она не для вас.",
  413: "Слишком много ячеек за один раз.",
};

/** Ask for JSON; never throws. Options stay plain for a GET: else the page's preload would not be used. */
async function ask(url, options) {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { ...options, signal: clock.signal });
    return await read(answer);
  } catch {
    return { kind: "lost" };
  } finally {
    clearTimeout(timer);
  }
}

async function read(answer) {
  const { status } = answer;
  const isJson = /json/u.test(answer.headers.get("Content-Type") ?? "");
  if (answer.ok && isJson) return { kind: "done", body: await answer.json() };
  if (answer.ok || answer.type === "opaqueredirect" || status === 401 || status === 403) {
    return { kind: "signed-out" };
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return { kind: "busy", everyone: status === 503 || status === 429,
      wait: 1000 * Number(answer.headers.get("Retry-After")) || 0 };
  }
  const problem = isJson ? await answer.json().catch(() => ({})) : {};
  return { kind: "refused", status, code: problem.code ?? "",
    reason: problem.detail || problem.title || WORDS[status] || `Сервер отказал (${status}).` };
}

export class Api {
  #urls;
  #csrf;

  constructor({ cellsUrl, saveUrl, kindUrl, csrf }) {
    this.#urls = { cells: cellsUrl, save: saveUrl, kind: kindUrl };
    this.#csrf = csrf;
  }

  load() {
    return ask(this.#urls.cells, {});
  }

  saveCells(body) { return this.#post(this.#urls.save, body); }
  saveKind(body) { return this.#post(this.#urls.kind, body); }

  /* keepalive: a save under way outlives the page */
  #post(url, body) {
    return ask(url, {
      method: "POST",
      redirect: "manual",
      keepalive: true,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.#csrf },
      body: JSON.stringify(body),
    });
  }
}

/** Return a new idempotency key; crypto.randomUUID is missing on plain http inside a school. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}
