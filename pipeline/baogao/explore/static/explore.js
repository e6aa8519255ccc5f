// Keys, linked highlighting and corrections. Without it the pages can still be read.
"use strict";
const root = document.body.dataset.root;
const pageName = document.body.dataset.page;
const records = [...document.querySelectorAll("#records .record")];
const lines = [...document.querySelectorAll(".list:not(#records) > li")];
const one = (selector, from = document) => from.querySelector(selector);
let current = null;

function tell(words) {
  const status = one("#status");
  status.textContent = words;
  status.classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => status.classList.remove("shown"), 2500);
}

function marksOf(id) {
  return [...document.querySelectorAll(".text [data-ids]")].filter((mark) => mark.dataset.ids.split(" ").includes(id));
}

function choose(item, scrollTexts = true) {
  document.querySelectorAll(".here, .on").forEach((old) => old.classList.remove("here", "on"));
  current = item;
  if (!item) return;
  item.classList.add("here");
  item.scrollIntoView({ block: "nearest" });
  if (!item.id || pageName !== "report") return;
  history.replaceState(null, "", "#" + item.id);
  const seen = new Set();
  for (const mark of marksOf(item.id)) {
    mark.classList.add("on");
    const text = mark.closest(".text");
    if (scrollTexts && !seen.has(text)) {
      seen.add(text);
      const pane = text.parentElement;
      pane.scrollTop += mark.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
    }
  }
}

function step(by) {
  const all = (pageName === "report" ? records : lines).filter((item) => item.offsetParent !== null && !item.classList.contains("none"));
  if (!all.length) return;
  const at = all.indexOf(current);
  choose(all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))]);
}

function follow(selector) {
  const link = one(selector);
  if (link) location.href = link.href;
}

async function send(said) {
  const answer = await fetch(root + "/correct", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(said), credentials: "omit",
  });
  const result = await answer.json().catch(() => ({ error: "no answer" }));
  if (!answer.ok) tell(result.error);
  return answer.ok;
}

function reportOf(item) {
  return item.dataset.report || one("header.report").dataset.report;
}

async function say(item, action) {
  if (!item || !item.dataset.kind || !one("[data-say]", item)) return;
  if (item.dataset.kind === "section" && action === "reject") return;
  const said = { label: item.dataset.kind, action, report_id: reportOf(item), start: +item.dataset.start, end: +item.dataset.end };
  if (item.dataset.was) said.was = item.dataset.was.split(",").map(Number);
  if (item.dataset.unit) said.unit = item.dataset.unit;
  for (const field of item.querySelectorAll("[data-field]")) said[field.dataset.field] = field.value;
  if (pageName === "review" && !said.was && action !== "reject") said.action = "add";
  if (item.classList.contains("said-add") && action !== "undo" && action !== "reject") said.action = "add";
  if (!(await send(said))) return;
  if (pageName === "review") {
    location.href = item.dataset.next;
    return;
  }
  if (item.id.startsWith("new") && (action === "undo" || action === "reject")) {
    location.reload();
    return;
  }
  const state = action === "undo" ? "" : "said-" + said.action;
  for (const place of [item, ...marksOf(item.id)]) {
    place.classList.remove("said-accept", "said-reject", "said-change", "said-add");
    if (state) place.classList.add(state);
  }
  tell(action === "undo" ? "taken back" : "written: " + said.action);
}

function move(item, startBy, endBy) {
  if (!item || !["activity", "organization", "time"].includes(item.dataset.kind)) return;
  const length = +(one("header.report select[data-said]")?.dataset.end ?? Number.MAX_SAFE_INTEGER);
  const start = Math.max(0, +item.dataset.start + startBy);
  const end = Math.min(length, +item.dataset.end + endBy);
  if (start >= end) return;
  item.dataset.start = start;
  item.dataset.end = end;
  clearTimeout(move.timer);
  show(item);
  move.timer = setTimeout(() => {
    if (pageName === "review") return;
    say(item, "change");
  }, 700);
}

// Offsets count code points; a JavaScript string counts UTF-16 units.
const points = (text) => [...text].length;


function show(item) {
  const text = one("#clean");
  const first = +(text.dataset.offset ?? 0);
  const whole = [...text.textContent];
  tell("“" + whole.slice(item.dataset.start - first, item.dataset.end - first).join("") + "”");
}

function selected() {
  const selection = getSelection();
  const text = one("#clean");
  if (!selection.rangeCount || selection.isCollapsed || !text || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return null;
  const range = selection.getRangeAt(0);
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const start = points(before.toString()) + +(text.dataset.offset ?? 0);
  return [start, start + points(range.toString())];
}

const guesses = { activity: { type: "other", status: "done" }, organization: { status: "existing" }, time: {} };

async function add(label) {
  const span = selected();
  if (!span) return tell("select words in the report's text first");
  const said = { label, action: "add", report_id: reportOf(document.body), start: span[0], end: span[1], ...guesses[label] };
  if (label === "organization") said.unit = getSelection().toString();
  const done = await send(said);
  if (done) location.reload();
}

function toggle(name) {
  const button = one(`[data-toggle="${name}"]`);
  const on = document.body.classList.toggle(name);
  button?.setAttribute("aria-pressed", String(name.startsWith("hide-") ? !on : on));
}

const places = { s: "/", c: "/calendar", o: "/organizations", t: "/templates", f: "/findings", r: "/review" };
const keys = {
  "/": () => one("#q")?.focus(), "?": () => one("#help").showModal(), j: () => step(1), k: () => step(-1),
  n: () => follow('[rel="next"]'), p: () => follow('[rel="prev"]'), Enter: () => current && pageName !== "report" && one("a", current)?.click(),
  a: () => say(target(), "accept"), x: () => say(target(), "reject"), u: () => say(target(), "undo"), e: () => toggle("show-edits"),
  i: () => add("activity"), o: () => add("organization"), d: () => add("time"),
  t: () => one('[data-field="type"], [data-field="kind"], [data-field="value"]', target() ?? document)?.focus(),
  s: () => one('[data-field="status"]', target() ?? document)?.focus(),
  v: () => one('input[data-field="value"]', target() ?? document)?.focus(),
  "[": () => move(target(), 0, -1), "]": () => move(target(), 0, 1), "{": () => move(target(), -1, 0), "}": () => move(target(), 1, 0),
};
const target = () => (pageName === "review" ? one("article.review") : current);
let going = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input, select, textarea");
  if (event.key === "Escape" && field) return field.blur();
  if (field || one("dialog[open]")) return;
  if (going && places[event.key]) {
    location.href = root + places[event.key];
    return;
  }
  going = event.key === "g";
  const act = keys[event.key];
  if (act && !(event.key === "Enter" && event.target.closest("a, button"))) {
    event.preventDefault();
    act();
  }
});

document.addEventListener("click", (event) => {
  const sayButton = event.target.closest("[data-say]");
  if (sayButton) return void say(sayButton.closest(".record"), sayButton.dataset.say);
  const added = event.target.closest("[data-add]");
  if (added) return void add(added.dataset.add);
  const toggled = event.target.closest("[data-toggle]");
  if (toggled) return toggle(toggled.dataset.toggle);
  const mark = event.target.closest(".text [data-ids]");
  if (mark && getSelection().isCollapsed) {
    const ids = mark.dataset.ids.split(" ");
    const next = ids[(ids.length - 1 - (current && ids.includes(current.id) ? ids.length - ids.indexOf(current.id) : 0) + ids.length) % ids.length];
    return choose(document.getElementById(next));
  }
  const record = event.target.closest("#records .record");
  if (record && !event.target.closest("a, select, input")) choose(record);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.dataset.said === "genre") {
    const place = field.dataset;
    send({ label: "genre", action: "change", report_id: reportOf(document.body), start: +place.start, end: +place.end, value: field.value })
      .then((done) => done && tell("written: " + field.value));
  } else if (field.dataset.field && pageName === "report") {
    say(field.closest(".record"), "change").then(() => field.blur());
  } else if (field.dataset.field) {
    field.blur();
  }
});

one("#help-open").addEventListener("click", () => one("#help").showModal());
const wanted = location.hash && document.getElementById(location.hash.slice(1));
if (wanted && wanted.classList.contains("record")) choose(wanted);
else if (pageName === "report") {
  const first = [...document.querySelectorAll("#raw > *")].find((mark) => !mark.classList.contains("elsewhere"));
  if (first) one("#raw").parentElement.scrollTop = first.offsetTop - 60;
}
