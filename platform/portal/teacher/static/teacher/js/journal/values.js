/* What may stand in a cell: a mark, a code of absence, or both («5 ОП»: got a 5, came late). */

/* The same key of the keyboard in the Russian and in the Latin layout */
const RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю";
const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const TO_RUSSIAN = new Map([...LATIN].map((letter, place) => [letter, RUSSIAN[place]]));

/* Latin letters that look like Russian ones: a code typed in a spreadsheet often has them */
const LOOK_ALIKE = { A: "А", B: "В", C: "С", E: "Е", H: "Н", K: "К", M: "М", O: "О", P: "Р", T: "Т",
  X: "Х", Y: "У" };

/** Return {mark, code} of «5», «Н», «5 ОП» or "". */
export function split(value) {
  const [, mark, code] = /^(\d*)\s*(.*)$/u.exec(value);
  return { mark: Number(mark) || 0, code };
}

export function join(mark, code) {
  return [mark || "", code].filter(Boolean).join(" ");
}

/** The school's marks and codes, as cells.json names them. */
export class Scale {
  #codes;
  #marks;
  #letters;

  constructor(codes, marks) {
    this.#codes = new Map(codes.map((code) => [code.code, code]));
    this.#letters = new Map(codes.map((code) => [code.key, code.code]));
    this.#marks = new Set(marks);
  }

  get marks() { return [...this.#marks]; }
  get codes() { return [...this.#codes.values()]; }

  title(code) { return this.#codes.get(code)?.title ?? code; }

  /** Return the digit or the code that a key of the keyboard stands for, or "" for any other key. */
  meaning(key) {
    if (/^\d$/u.test(key)) return key;
    const letter = key.toLowerCase();
    return this.#letters.get(letter) ?? this.#letters.get(TO_RUSSIAN.get(letter)) ?? "";
  }

  hasMark(digit) { return this.#marks.has(Number(digit)); }

  /** A mark and this code may share a cell (lateness); absence and a mark may not. */
  sharesCell(code) { return this.#codes.get(code)?.counts_as_absent === false; }

  /** Return the cell's new value after a digit or a code, or null when the scale has no such mark. */
  combine(value, sign) {
    const { mark, code } = split(value);
    if (this.#codes.has(sign)) return this.sharesCell(sign) ? join(mark, sign) : sign;
    if (!this.hasMark(sign)) return null;
    return join(Number(sign), this.sharesCell(code) ? code : "");
  }

  /** Return the value of a pasted text («5», «5,0», «5 ОП», «оп/5», «H» with a Latin letter), or null. */
  parse(text) {
    const tidy = text.trim().toUpperCase().replace(/[A-Z]/gu, (letter) => LOOK_ALIKE[letter] ?? letter);
    const signs = (tidy.match(/\d+(?:[.,]0+)?|\p{L}+/gu) ?? []).map((part) => part.replace(/[.,]0+$/u, ""));
    const left = tidy.replace(/\d+(?:[.,]0+)?|\p{L}+|[\s/;,+.]/gu, "");
    const value = signs.reduce((whole, sign) => (whole === null ? null : this.combine(whole, sign)), "");
    const kept = value?.split(" ") ?? [];
    return !left && value && kept.length === signs.length && signs.every((sign) => kept.includes(sign))
      ? value : null;
  }
}
