// The page: who is there, tabs or columns, and news from the server.

import { element } from "./message.js";
import { Person } from "./person.js";
import { LANGUAGES, firstLanguage, option, remember, remembered, speak, t } from "./texts.js";
import { get } from "./wire.js";

const PRESET = [
  { id: 1001, name: "Anna", language: "de", role: "staff" },
  { id: 1002, name: "Kemal", language: "de", role: "coordinator" },
  { id: 1003, name: "Olena", language: "uk", role: "migrant" },
];
const WAIT_SECONDS = 25;
const PAUSE_MS = 1500;

const bot = {};
const wide = matchMedia("(min-width: 60em)");
const people = [];
let current = null;

function add(described) {
  const person = new Person(described, bot, keep);
  people.push(person);
  document.querySelector("#people").append(person.section);
  person.tab = element("button", { type: "button", id: `tab-${person.id}` });
  person.tab.setAttribute("role", "tab");
  person.tab.setAttribute("aria-controls", person.section.id);
  person.tab.onclick = () => choose(person);
  document.querySelector("#tabs").append(person.tab);
  return person;
}

function keep() {
  const kept = people.map(({ id, name, language, role }) => ({ id, name, language, role }));
  remember("lotse.people", JSON.stringify(kept));
}

function choose(person) {
  current = person;
  person.unread = 0;
  arrange();
  person.transcript.toEnd();
}

// On a narrow screen the people are tabs, on a wide one columns side by side.
function arrange() {
  document.querySelector("#tabs").hidden = wide.matches;
  for (const person of people) {
    const chosen = person === current;
    person.section.setAttribute("role", wide.matches ? "region" : "tabpanel");
    person.section.hidden = !wide.matches && !chosen;
    person.tab.ariaSelected = String(chosen);
    person.tab.tabIndex = chosen ? 0 : -1;
    label(person);
  }
}

function label(person) {
  const news = element("span", { className: "news" }, t("newMessages", { count: person.unread }));
  person.tab.replaceChildren(person.name, ...(person.unread ? [" ", news] : []));
}

function moveByKeys(event) {
  const at = people.indexOf(current);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: people.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  choose(people.at(to % people.length));
  current.tab.focus();
}

async function take(news) {
  if (news.profile !== bot.revision) {
    bot.revision = news.profile;
    await Promise.all(people.map((person) => person.refreshMenu()));
  }
  for (const person of people) {
    const revision = news.chats[person.id] ?? 0;
    if (revision === person.revision && person.seen) continue;
    const added = await person.refresh(revision);
    if (person.seen && person !== current) person.unread += added;
    person.seen = true;
    label(person);
  }
}

async function follow() {
  let revision = -1;
  for (;;) {
    try {
      const news = await get(`/sandbox/news?after=${revision}&wait=${revision < 0 ? 0 : WAIT_SECONDS}`);
      document.querySelector("#connection").textContent = "";
      await take(news);
      revision = news.revision;
    } catch {
      revision = -1;
      document.querySelector("#connection").textContent = t("offline");
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

async function welcome(event) {
  event.preventDefault();
  const form = event.target;
  const id = Math.max(...people.map((person) => person.id)) + 1;
  const person = add({ id, name: form.elements.name.value.trim(), language: form.elements.language.value, role: "guest" });
  keep();
  form.reset();
  choose(person);
  await person.refreshMenu();
  await person.refresh(0);
  person.seen = true;
  person.part("textarea").focus();
}

function begin() {
  const kept = remembered("lotse.people");
  speak(firstLanguage());
  for (const described of kept ? JSON.parse(kept) : PRESET) add(described);
  document.querySelector("#add select").append(...Object.keys(LANGUAGES).map(option));
  document.querySelector("#add").onsubmit = welcome;
  document.querySelector("#tabs").onkeydown = moveByKeys;
  wide.onchange = arrange;
  for (const button of document.querySelectorAll("[data-language]")) {
    button.onclick = () => {
      remember("lotse.page-language", button.dataset.language);
      speak(button.dataset.language);
      for (const person of people) person.words();
      arrange();
    };
  }
  choose(people[0]);
  follow();
}

begin();
