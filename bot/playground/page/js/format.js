// Times, sizes and names as Slack shows them.

const DAY = 86_400_000;

/** @param {string} ts Slack's timestamp @returns {Date} */
export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

/** @param {Date} date @param {boolean} [seconds] @returns {string} like "9:41 AM" */
export function clockTime(date, seconds = false) {
  return date.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", ...(seconds && { second: "2-digit" }) });
}

/** @param {Date} date @returns {Date} */
function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** Calendar days from `date` to today; 1 is yesterday. @param {Date} date @returns {number} */
function daysAgo(date) {
  return Math.round((midnight(new Date()).getTime() - midnight(date).getTime()) / DAY);
}

/** @param {number} day @returns {string} like "22nd" */
function ordinal(day) {
  const teen = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${teen ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th")}`;
}

/** @param {Date} date @param {boolean} weekday @returns {string} like "Sunday, November 22nd", with the year when it is another */
function longDate(date, weekday) {
  const day = weekday ? `${date.toLocaleDateString("en-US", { weekday: "long" })}, ` : "";
  const year = date.getFullYear() === new Date().getFullYear() ? "" : `, ${date.getFullYear()}`;
  return `${day}${date.toLocaleDateString("en-US", { month: "long" })} ${ordinal(date.getDate())}${year}`;
}

/** "Today", "Yesterday", "Tomorrow", or nothing. @param {Date} date @returns {string} */
function nearDay(date) {
  return { 0: "Today", 1: "Yesterday", [-1]: "Tomorrow" }[daysAgo(date)] ?? "";
}

/** The label of a day divider. @param {Date} date @returns {string} */
export function dayLabel(date) {
  return nearDay(date) || longDate(date, true);
}

/** The full moment, for titles and screen readers. @param {Date} date @returns {string} */
export function fullTime(date) {
  return `${dayLabel(date)} at ${clockTime(date, true)}`;
}

/** @param {Date} date @returns {string} like "5 minutes ago" */
export function ago(date) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const format = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
  const size = Math.abs(seconds);
  if (size < 60) return format.format(seconds, "second");
  if (size < 3600) return format.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return format.format(Math.round(seconds / 3600), "hour");
  return format.format(Math.round(seconds / 86_400), "day");
}

/**
 * Slack's date tokens, as in `<!date^1392734382^Posted {date_num} {time_secs}|fallback>`.
 * @param {Date} date
 * @param {string} pattern
 * @returns {string}
 */
export function formatDateToken(date, pattern) {
  const iso = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  /** @type {Record<string, () => string>} */
  const makers = {
    date_num: () => iso,
    date_slash: () => `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`,
    date: () => longDate(date, false),
    date_short: () => date.toLocaleDateString("en-US", { month: "short", day: "numeric", year: "numeric" }),
    date_long: () => longDate(date, true),
    date_pretty: () => nearDay(date).toLowerCase() || longDate(date, false),
    date_short_pretty: () => nearDay(date).toLowerCase() || makers.date_short?.() || "",
    date_long_pretty: () => nearDay(date).toLowerCase() || longDate(date, true),
    time: () => clockTime(date),
    time_secs: () => clockTime(date, true),
    ago: () => ago(date),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => makers[name]?.() ?? whole);
}

/** @param {number|undefined} bytes @returns {string} like "12 kB" */
export function fileSize(bytes) {
  if (bytes === undefined) return "";
  if (bytes < 1000) return `${bytes} byte${bytes === 1 ? "" : "s"}`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @param {number} count @param {string} one @param {string} [many] @returns {string} like "3 replies" */
export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}
