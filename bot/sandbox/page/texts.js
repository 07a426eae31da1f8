// The words of the page, German and English; what the bot says is not touched.

const TEXTS = {
  de: {
    add: "Hinzufügen",
    addPerson: "Weitere Person",
    bot: "Bot",
    commands: "Befehle",
    conversation: "Gespräch mit {name}",
    copied: "Kopiert: {text}",
    copy: "Kopieren",
    dismiss: "Abbrechen",
    download: "Herunterladen: {name} ({size})",
    edited: "bearbeitet",
    latitude: "Breite",
    longitude: "Länge",
    name: "Name",
    newMessages: "{count} neu",
    noCommands: "Der Bot hat keine Befehle gemeldet.",
    notice: "Testseite auf diesem Rechner. Nichts davon geht an Telegram.",
    offline: "Keine Verbindung zum Testserver. Die Seite versucht es weiter.",
    pageLanguage: "Sprache dieser Seite",
    onlyThere: "Das geht nur in Telegram.",
    people: "Personen",
    photo: "Bild",
    place: "Ort",
    refused: "Nicht gesendet: {reason}",
    reply: "Antworten",
    replyTo: "Antwort auf",
    role_coordinator: "Koordination",
    role_guest: "weitere Person",
    role_migrant: "sucht Rat",
    role_staff: "Fachkraft",
    send: "Senden",
    sendPlace: "Ort senden",
    sharePlace: "Ort teilen",
    silent: "ohne Ton",
    skip: "Zu den Gesprächen",
    start: "Start",
    sticker: "Sticker",
    theirLanguage: "Sprache",
    title: "Lotse ausprobieren",
    voice: "Sprachnachricht",
    write: "Nachricht von {name}",
  },
  en: {
    add: "Add",
    addPerson: "Another person",
    bot: "Bot",
    commands: "Commands",
    conversation: "Conversation with {name}",
    copied: "Copied: {text}",
    copy: "Copy",
    dismiss: "Cancel",
    download: "Download: {name} ({size})",
    edited: "edited",
    latitude: "Latitude",
    longitude: "Longitude",
    name: "Name",
    newMessages: "{count} new",
    noCommands: "The bot has set no commands.",
    notice: "A test page on this computer. Nothing here goes to Telegram.",
    offline: "No connection to the test server. The page keeps trying.",
    pageLanguage: "Language of this page",
    onlyThere: "This works only in Telegram.",
    people: "People",
    photo: "Picture",
    place: "Place",
    refused: "Not sent: {reason}",
    reply: "Reply",
    replyTo: "Reply to",
    role_coordinator: "coordinator",
    role_guest: "another person",
    role_migrant: "seeks advice",
    role_staff: "staff",
    send: "Send",
    sendPlace: "Send place",
    sharePlace: "Share a place",
    silent: "without sound",
    skip: "To the conversations",
    start: "Start",
    sticker: "Sticker",
    theirLanguage: "Language",
    title: "Try Lotse",
    voice: "Voice message",
    write: "Message from {name}",
  },
};

// The languages that a person can have set in Telegram, each by its own name.
export const LANGUAGES = {
  de: "Deutsch",
  en: "English",
  uk: "Українська",
  ru: "Русский",
  ar: "العربية",
  tr: "Türkçe",
  fa: "فارسی",
  fr: "Français",
  ro: "Română",
  pl: "Polski",
  es: "Español",
};

let language = "de";

export function pageLanguage() {
  return language;
}

export function t(key, values = {}) {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Fills every element that names its text by data-text or its label by data-label.
export function translate(root) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]")) element.ariaLabel = t(element.dataset.label);
}

export function speak(chosen) {
  language = chosen in TEXTS ? chosen : "en";
  document.documentElement.lang = language;
  document.documentElement.dir = "ltr";
  document.title = t("title");
  for (const button of document.querySelectorAll("[data-language]")) {
    button.ariaPressed = String(button.dataset.language === language);
  }
  translate(document);
}

export function firstLanguage() {
  const wanted = remembered("lotse.page-language") ?? navigator.language;
  return wanted.toLowerCase().startsWith("de") ? "de" : "en";
}

export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage can be switched off; the page then forgets
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above
  }
}

export function option(code) {
  const element = new Option(LANGUAGES[code], code);
  element.lang = code;
  element.dir = "auto";
  return element;
}
