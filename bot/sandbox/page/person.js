// One person's side of the conversation.

import { element, summary } from "./message.js";
import { LANGUAGES, option, t, translate } from "./texts.js";
import { Transcript } from "./transcript.js";
import { act, get } from "./wire.js";

const PLACES = { München: [48.1374, 11.5755], Augsburg: [48.3705, 10.8978], Nürnberg: [49.4521, 11.0767] };

export class Person {
  constructor(described, bot, changed) {
    Object.assign(this, described); // id, name, language, role
    this.bot = bot;
    this.changed = changed;
    this.revision = 0;
    this.unread = 0;
    this.toasts = 0;
    this.replied = null;
    this.section = document.querySelector("#person").content.cloneNode(true).firstElementChild;
    this.section.id = `person-${this.id}`;
    this.part = (selector) => this.section.querySelector(selector);
    this.transcript = new Transcript(this.part(".log"), { user: this.name }, this.doing());
    this.listen();
    this.words();
  }

  get user() {
    return { id: this.id, first_name: this.name, language_code: this.language };
  }

  doing() {
    return {
      say: (text) => this.send({ text }),
      start: (payload) => this.send({ start: payload }),
      deepLink: (address) => deepLink(address, this.bot.username),
      replyTo: (message) => this.replyTo(message),
      copy: (text) => this.copy(text),
      press: (button, messageId, data) => {
        button.ariaBusy = "true";
        this.send({ press: { message_id: messageId, data } });
      },
    };
  }

  listen() {
    const written = this.part("textarea");
    this.part(".composer").onsubmit = (event) => this.submit(event, () => this.write());
    written.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.write();
    };
    this.part(".start").onclick = () => this.send({ text: "/start" }).then(() => written.focus());
    this.part(".place").onsubmit = (event) => this.submit(event, () => this.sharePlace());
    this.part(".replying button").onclick = () => this.replyTo(null);
    this.opens(".open-menu", ".menu");
    this.opens(".open-place", ".place");
    const tongue = this.part(".tongue select");
    tongue.append(...Object.keys(LANGUAGES).map(option));
    tongue.value = this.language;
    tongue.onchange = () => {
      this.language = tongue.value;
      this.changed(this);
      this.refreshMenu();
    };
    for (const [name, place] of Object.entries(PLACES)) {
      const button = element("button", { type: "button" }, name);
      button.onclick = () => this.fillPlace(place);
      this.part(".presets").append(button);
    }
  }

  submit(event, action) {
    event.preventDefault();
    action();
  }

  opens(opener, opened) {
    const button = this.part(opener);
    const panel = this.part(opened);
    panel.id = `${opened.slice(1)}-${this.id}`;
    button.setAttribute("aria-controls", panel.id);
    button.onclick = () => this.toggle(button, panel, panel.hidden);
    panel.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      this.toggle(button, panel, false);
      button.focus();
    };
  }

  toggle(button, panel, open) {
    panel.hidden = !open;
    button.ariaExpanded = String(open);
    if (open) panel.querySelector("button")?.focus();
  }

  closePanel(opened, opener) {
    this.toggle(this.part(opener), this.part(opened), false);
  }

  words() {
    translate(this.section);
    this.part("h2").textContent = this.name;
    this.part(".role").textContent = t(`role_${this.role}`);
    this.section.ariaLabel = t("conversation", { name: this.name });
    this.part(".log").ariaLabel = t("conversation", { name: this.name });
    this.part(".composer .unseen").textContent = t("write", { name: this.name });
    this.transcript.again();
    this.showMenu();
  }

  async write() {
    const written = this.part("textarea");
    const text = written.value.trim();
    if (!text) return;
    const replied = this.replied;
    const reply = replied ? { reply_to: replied.message_id } : {};
    // At once, not after the answer: by then somebody may have gone elsewhere or be writing the next message.
    written.focus();
    written.value = "";
    this.replyTo(null, false);
    if (await this.send({ text, ...reply })) return;
    if (!written.value) written.value = text;
    if (replied && !this.replied) this.replyTo(replied, false);
  }

  async sharePlace() {
    const form = this.part(".place");
    const location = ["latitude", "longitude"].map((name) => Number(form.elements[name].value.replace(",", ".")));
    if (await this.send({ location })) {
      this.closePanel(".place", ".open-place");
      this.part(".open-place").focus();
    }
  }

  fillPlace([latitude, longitude]) {
    const form = this.part(".place");
    form.elements.latitude.value = latitude;
    form.elements.longitude.value = longitude;
  }

  async send(what) {
    this.tell("");
    try {
      await act(this.user, what);
      return true;
    } catch (error) {
      this.tell(t("refused", { reason: error.message }));
      return false;
    }
  }

  tell(text) {
    this.part(".toast").textContent = text;
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => {});
    this.tell(t("copied", { text }));
  }

  replyTo(message, focus = true) {
    this.replied = message;
    const written = this.part("textarea");
    this.part(".replying").hidden = !message;
    this.part(".replying bdi").textContent = message ? summary(message) : "";
    written.placeholder = message?.force_reply?.placeholder ?? "";
    if (focus) written.focus();
  }

  async refresh(revision) {
    this.revision = revision;
    const [messages, toasts] = await Promise.all([
      get(`/sandbox/chats/${this.id}`),
      get(`/sandbox/chats/${this.id}/toasts`),
    ]);
    const added = this.transcript.show(messages);
    this.part(".fresh").hidden = messages.length > 0;
    if (this.replied && !this.transcript.messages.has(this.replied.message_id)) this.replyTo(null, false);
    const asked = added.findLast((message) => message.force_reply);
    if (asked) this.replyTo(asked, this.section.contains(document.activeElement));
    this.showKeyboard(messages.findLast((message) => message.keyboard)?.keyboard ?? []);
    const news = toasts.slice(this.toasts).filter((toast) => toast.text);
    this.toasts = toasts.length;
    if (news.length) this.tell(news.at(-1).text);
    return added.filter((message) => message.from === "bot").length;
  }

  showKeyboard(rows) {
    const below = this.part(".below");
    below.hidden = !rows.length;
    below.replaceChildren(
      ...rows.map((row) => element("div", { className: "row" }, ...row.map((button) => this.plainButton(button)))),
    );
  }

  plainButton(button) {
    const made = element("button", { type: "button", dir: "auto" }, button.text);
    made.onclick = () => {
      if (button.request_location) this.toggle(this.part(".open-place"), this.part(".place"), true);
      else this.send(button.request_contact ? { contact: true } : { text: button.text });
    };
    return made;
  }

  async refreshMenu() {
    const query = `language=${this.language}&chat=${this.id}`;
    const [commands, bot] = await Promise.all([
      get(`/sandbox/bots/current/commands?${query}`),
      get(`/sandbox/bots/current?${query}`),
    ]);
    this.commands = commands;
    Object.assign(this.bot, bot);
    this.part(".description").textContent = bot.description;
    this.showMenu();
  }

  showMenu() {
    const items = (this.commands ?? []).map(({ command, description }) => {
      const button = element("button", { type: "button" });
      button.append(element("b", {}, `/${command}`), " ", element("span", { dir: "auto" }, description));
      button.onclick = () => {
        this.closePanel(".menu", ".open-menu");
        this.send({ text: `/${command}` });
        this.part("textarea").focus();
      };
      return element("li", {}, button);
    });
    this.part(".menu").replaceChildren(...(items.length ? items : [element("li", {}, t("noCommands"))]));
  }
}

function deepLink(address, username) {
  const found = /^https?:\/\/t\.me\/(\w+)\?start=([\w-]{1,64})$/.exec(address);
  return found && found[1] === username ? found[2] : null;
}
