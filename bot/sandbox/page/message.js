// One message of a transcript as an element.

import { pageLanguage, t } from "./texts.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// `doing` holds what presses, commands, links and replies do; `names` gives the people of the conversation.
export function messageElement(message, others, names, doing) {
  const mine = message.from === "user";
  const bubble = element("div", { className: "bubble" });
  bubble.append(element("p", { className: "unseen" }, `${mine ? names.user : t("bot")}:`));
  const quoted = others.get(message.reply_to);
  if (quoted) bubble.append(element("p", { className: "quote", dir: "auto" }, summary(quoted)));
  bubble.append(...things(message));
  if (message.text) {
    const text = element("div", { className: "text", dir: "auto" });
    fill(text, message.text, message.entities, 0, message.text.length, doing);
    bubble.append(text);
  }
  bubble.append(footer(message, doing));
  const item = element("li", { className: `message ${mine ? "mine" : "theirs"}`, tabIndex: -1 }, bubble);
  item.dataset.id = message.message_id;
  if (message.buttons.length) item.append(rows(message, doing));
  return item;
}

export function summary(message) {
  const line = message.text.split("\n")[0] || message.document?.file_name || t("place");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function fill(parent, text, entities, from, to, doing) {
  let at = from;
  const inside = [...entities];
  while (inside.length) {
    const entity = inside.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    parent.append(text.slice(at, entity.offset));
    const nested = inside.filter((other) => other.offset < end);
    const wrapped = wrapper(entity, text.slice(entity.offset, end), doing);
    fill(wrapped, text, nested, entity.offset, end, doing);
    parent.append(wrapped);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function wrapper(entity, text, doing) {
  if (entity.type === "text_link" || entity.type === "url") return link(entity.url ?? text, doing);
  if (entity.type === "email") return element("a", { href: `mailto:${text}` });
  if (entity.type === "bot_command") {
    return element("button", { type: "button", className: "command", dir: "auto", onclick: () => doing.say(text) });
  }
  return element(TAGS[entity.type] ?? "span");
}

function link(address, doing) {
  const made = element("a", { href: address, rel: "noopener noreferrer", target: "_blank" });
  const payload = doing.deepLink(address);
  if (payload) {
    made.onclick = (event) => {
      event.preventDefault();
      doing.start(payload);
    };
  }
  return made;
}

function rows(message, doing) {
  const all = element("div", { className: "buttons" });
  for (const row of message.buttons) {
    all.append(element("div", { className: "row" }, ...row.map((button) => inlineButton(message, button, doing))));
  }
  return all;
}

function inlineButton(message, button, doing) {
  if (button.url) {
    const made = link(button.url, doing);
    made.dir = "auto";
    made.append(button.text);
    return made;
  }
  const made = element("button", { type: "button", dir: "auto" }, button.text);
  if (button.copy) made.title = t("copy");
  if (!button.copy && !button.data) {
    made.disabled = true; // sharing into another chat, which this page has not
    made.title = t("onlyThere");
  }
  made.onclick = () => {
    if (button.copy) doing.copy(button.copy);
    else if (button.data) doing.press(made, message.message_id, button.data);
  };
  return made;
}

function things(message) {
  const made = [];
  if (message.photo) {
    const alt = message.text ? "" : t("photo"); // a caption is read once, below the picture
    made.push(element("img", { src: message.photo.url, alt }));
  }
  if (message.venue) {
    made.push(element("p", { className: "fact", dir: "auto" }, message.venue.title));
    made.push(element("p", { className: "fact", dir: "auto" }, message.venue.address));
  }
  if (message.location) made.push(element("p", { className: "fact" }, `${t("place")}: ${message.location.join(", ")}`));
  if (message.contact) {
    const { first_name: name, phone_number: number } = message.contact;
    made.push(element("p", { className: "fact", dir: "auto" }, name), element("p", { className: "fact" }, number));
  }
  for (const kind of ["voice", "sticker"]) if (message[kind]) made.push(element("p", { className: "fact" }, t(kind)));
  if (message.document) made.push(download(message.document));
  return made;
}

function download(file) {
  const size = file.file_size < 1024 ? `${file.file_size} B` : `${Math.round(file.file_size / 1024)} KB`;
  const text = t("download", { name: file.file_name, size });
  return element("a", { className: "file", href: file.url, download: file.file_name, dir: "auto" }, text);
}

function footer(message, doing) {
  const at = new Date(message.at);
  const time = element("time", { dateTime: message.at });
  time.append(at.toLocaleTimeString(pageLanguage(), { hour: "2-digit", minute: "2-digit" }));
  const notes = [message.edited && t("edited"), message.silent && t("silent")].filter(Boolean);
  const reply = element("button", { type: "button", className: "reply" }, t("reply"));
  reply.onclick = () => doing.replyTo(message);
  return element("p", { className: "meta" }, time, ...notes.map((note) => ` · ${note}`), reply);
}
