/* How the journal says dates, numbers and names in Russian. Pure functions. */

const MONTHS = ["Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь",
  "Октябрь", "Ноябрь", "Декабрь"];
const OF_MONTHS = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа",
  "сентября", "октября", "ноября", "декабря"];
const WEEKDAYS = ["вс", "пн", "вт", "ср", "чт", "пт", "сб"];
const NBSP = "\u00a0";

/** Return the day's parts; the date is a plain «2026-11-20», so no time zone can shift it. */
export function readDate(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return { year, month, day, weekday: WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] };
}

/** Return «20 ноября». */
export function sayDay(iso) {
  const { month, day } = readDate(iso);
  return `${day}${NBSP}${OF_MONTHS[month - 1]}`;
}

/** Return «20 ноября, пт». */
export function sayDate(iso) {
  return `${sayDay(iso)}, ${readDate(iso).weekday}`;
}

/** Return «Ноябрь». */
export function sayMonth(iso) {
  return MONTHS[readDate(iso).month - 1];
}

/** Return «3 ячейки»: forms are (ячейка, ячейки, ячеек). */
export function count(number, [one, few, many]) {
  const tail = number % 100;
  const last = number % 10;
  if (tail >= 11 && tail <= 14) return `${number}${NBSP}${many}`;
  if (last === 1) return `${number}${NBSP}${one}`;
  return `${number}${NBSP}${last >= 2 && last <= 4 ? few : many}`;
}

export const CELLS = ["ячейка", "ячейки", "ячеек"];

/** Return «4,25» for the server's «4.25», a dash for nothing. */
export function sayAverage(average) {
  return average ? String(average).replace(".", ",") : "—";
}

/** Return "female", "male" or "" for «Петрова О. И.»; the server's own word about it is better. */
export function guessSex(name) {
  const surname = name.split(/\s/u)[0].toLowerCase();
  if (/(ова|ева|ёва|ина|ына|ая)$/u.test(surname)) return "female";
  if (/(ов|ев|ёв|ин|ын|ий|ый|ой)$/u.test(surname)) return "male";
  return "";
}

/** Return the question of a conflict, in whole sentences. */
export function askConflict({ by, at, sex, theirs, mine }) {
  const who = by || "Другой учитель";
  const when = at ? ` в ${at}` : "";
  const gender = by ? sex || guessSex(by) : "male";
  const put = { female: "уже поставила", male: "уже поставил", "": "— уже стоит" }[gender];
  const cleared = { female: "уже стёрла отметку", male: "уже стёр отметку",
    "": "— отметка уже стёрта" }[gender];
  const whose = { female: "её ", male: "его ", "": "" }[gender];
  const fact = theirs ? `${who} ${put} ${theirs}${when}.` : `${who} ${cleared}${when}.`;
  const leave = theirs ? `Оставить ${whose}${theirs}` : "Оставить пустой";
  const own = /^\d/u.test(mine) ? `поставить вашу ${mine}` : `поставить ваше ${mine}`;
  return `${fact} ${leave} или ${mine ? own : "стереть"}?`;
}
