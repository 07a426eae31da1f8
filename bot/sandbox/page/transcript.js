// A transcript that changes in place: only what is new is added, so that a screen reader reads only that.

import { messageElement } from "./message.js";

export class Transcript {
  constructor(log, names, doing) {
    this.log = log;
    this.list = log.querySelector("ol");
    this.names = names;
    this.doing = doing;
    this.messages = new Map();
    this.shown = new Map(); // message id -> its JSON, to see what has changed
    this.atEnd = true;
    this.height = 0;
    log.onscroll = () => {
      if (log.clientHeight !== this.height) return; // the log has shrunk, nobody has scrolled
      this.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    };
    new ResizeObserver(() => {
      this.height = log.clientHeight;
      if (this.atEnd) this.toEnd();
    }).observe(log);
  }

  // Returns the messages that were not there before.
  show(messages) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    for (const id of [...this.shown.keys()]) if (!this.messages.has(id)) this.remove(id);
    const added = messages.filter((message) => this.place(message));
    for (const busy of this.list.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    if (added.length && (this.atEnd || added.some((message) => message.from === "user"))) this.toEnd();
    return added;
  }

  again() {
    for (const message of this.messages.values()) this.replace(message);
  }

  toEnd() {
    this.atEnd = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  place(message) {
    const described = JSON.stringify(message);
    const before = this.shown.get(message.message_id);
    this.shown.set(message.message_id, described);
    if (before === undefined) {
      this.list.append(this.make(message));
      return true;
    }
    if (before !== described) this.replace(message);
    return false;
  }

  replace(message) {
    const old = this.find(message.message_id);
    const made = this.make(message);
    const focus = focused(old);
    old.replaceWith(made);
    // Whoever pressed a button of a message that was edited stays where they were.
    if (focus) (focusable(made)[focus.index] ?? made).focus();
  }

  remove(id) {
    const old = this.find(id);
    const hadFocus = focused(old);
    old.remove();
    this.shown.delete(id);
    if (hadFocus) this.log.focus();
  }

  make(message) {
    return messageElement(message, this.messages, this.names, this.doing);
  }

  find(id) {
    return this.list.querySelector(`[data-id="${id}"]`);
  }
}

function focusable(root) {
  return [...root.querySelectorAll("button, a[href]")];
}

function focused(root) {
  return root.contains(document.activeElement) ? { index: focusable(root).indexOf(document.activeElement) } : null;
}
