"""The chat page in a real browser, with a small bot behind it."""

import asyncio
import base64
import re
import shutil
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
PNG = base64.b64decode(  # one point
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
)
ARABIC = "سجلوا عنوانكم خلال أسبوعين."

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class SmallBot:
    """Answers by a script: enough to try every part of the page."""

    def __init__(self, line):
        self.line = line

    async def run(self):
        offset = 0
        while True:
            for update in await self.line.done("getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                await self.press(update["callback_query"]) if "callback_query" in update else await self.answer(
                    update["message"]
                )

    async def say(self, chat, text, *rows, **more):
        markup = {"reply_markup": {"inline_keyboard": list(rows)}} if rows else {}
        await self.line.done("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **markup, **more)

    async def answer(self, message):
        chat, text = message["chat"]["id"], message.get("text", "")
        if text == "/start":
            await self.say(
                chat,
                "<b>Willkommen</b>, mehr unter /topics",
                [{"text": "Weiter", "callback_data": "next"}],
                [{"text": "Datei", "callback_data": "file"}],
                [{"text": "Nummer", "copy_text": {"text": "089 0000"}}],
                [{"text": "Einladung", "url": "https://t.me/sandbox_7001_bot?start=lang_uk"}],
            )
        elif text == "arabisch":
            await self.say(chat, ARABIC, [{"text": "أين أجد المكتب", "callback_data": "next"}])
        elif text == "Name":
            ask = {"force_reply": True, "input_field_placeholder": "Vorname"}
            await self.line.done("sendMessage", chat_id=chat, text="Wie ist der Name?", reply_markup=ask)
        elif text == "Tastatur":
            keyboard = [
                ["Ja, gern", {"text": "Ort", "request_location": True}, {"text": "Nummer", "request_contact": True}]
            ]
            await self.line.done("sendMessage", chat_id=chat, text="Wo?", reply_markup={"keyboard": keyboard})
        elif "reply_to_message" in message:
            await self.say(chat, f"Zu „{message['reply_to_message']['text']}“: {text}")
        elif "location" in message:
            await self.say(chat, f"Ort {message['location']['latitude']}")
        else:
            await self.say(chat, f"Verstanden: {text or 'etwas anderes'}")

    async def press(self, query):
        chat, message = query["from"]["id"], query["message"]["message_id"]
        await self.line.done("answerCallbackQuery", callback_query_id=query["id"], text="Einen Moment")
        if query["data"] == "file":
            await self.line.upload("sendDocument", "document", b"BEGIN:VCALENDAR", chat_id=chat)
        else:
            rows = [[{"text": "Zurück", "callback_data": "next2"}]]
            await self.line.done(
                "editMessageText",
                chat_id=chat,
                message_id=message,
                text="Seite 2",
                reply_markup={"inline_keyboard": rows},
            )


@pytest.fixture
async def bot(line):
    """The small bot, at work."""
    await line.done("setMyCommands", commands=[{"command": "topics", "description": "Topics"}])
    await line.done("setMyCommands", commands=[{"command": "topics", "description": "Themen"}], language_code="de")
    await line.done("setMyDescription", description="Fragen zu Ankommen und Arbeit.")
    work = asyncio.create_task(SmallBot(line).run())
    yield line
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


@pytest.fixture
async def chromium():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
def visit(chromium, bot):
    """Opens the page; fails when it complains or asks anything of another server."""

    @asynccontextmanager
    async def opened(viewport=WIDE, locale="de-DE", **options):
        context = await chromium.new_context(viewport=viewport, locale=locale, **options)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        trouble = []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if is_trouble(message) else None)
        page.on("request", lambda sent: None if sent.url.startswith(bot.root) else trouble.append(sent.url))
        await page.goto(bot.root)
        await expect(page.locator(".composer").first).to_be_visible()
        yield page
        await context.close()
        assert trouble == []

    return opened


def content(path):
    return Path(path).read_bytes()


def is_trouble(message):
    """Refusals are expected answers, although the browser reports each of them."""
    return message.type == "error" and "status of 400" not in message.text


def side(page, name):
    """The part of the page that belongs to one person."""
    return page.locator(".person").filter(has=page.get_by_role("heading", name=name, exact=True))


async def tab_to(page, label):
    """Moves by the tab key until the focus is on what is called so."""
    name = "document.activeElement.labels?.[0]?.textContent.trim() || document.activeElement.textContent.trim()"
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate(name) == label:
            return
    pytest.fail(f"{label} cannot be reached by the tab key")


async def write(page, name, text):
    await side(page, name).get_by_label(re.compile(f"^(Nachricht von|Message from) {name}")).fill(text)
    await page.keyboard.press("Enter")


async def test_a_dialogue_by_keyboard_only(visit):
    async with visit() as page:
        await tab_to(page, "Zu den Gesprächen")
        await page.keyboard.press("Enter")
        await tab_to(page, "Start")
        await page.keyboard.press("Enter")
        anna = side(page, "Anna")
        await expect(anna.get_by_text("Willkommen")).to_be_visible()
        await expect(anna.locator(".fresh")).to_be_hidden()
        await expect(anna.get_by_label("Nachricht von Anna")).to_be_focused()

        await page.keyboard.type("Guten Tag")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("und danke")
        await page.keyboard.press("Control+Enter")
        await expect(anna.get_by_text("Verstanden: Guten Tag\nund danke")).to_be_visible()

        await page.keyboard.press("Shift+Tab")
        await expect(anna.locator(".log")).not_to_be_focused()
        button = anna.get_by_role("button", name="Weiter")
        for _ in range(20):
            if await button.evaluate("one => one === document.activeElement"):
                break
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(anna.get_by_text("Seite 2")).to_be_visible()
        await expect(anna.get_by_text("bearbeitet")).to_be_visible()
        await expect(anna.locator(".toast")).to_have_text("Einen Moment")
        focus = "document.activeElement.closest('.message')?.dataset.id"
        assert await page.evaluate(focus) == "2"


async def test_people_side_by_side_do_not_see_each_other(visit):
    async with visit() as page:
        await write(page, "Anna", "Guten Tag")
        await expect(side(page, "Anna").get_by_text("Verstanden: Guten Tag")).to_be_visible()
        for other in ("Kemal", "Olena"):
            await expect(side(page, other)).to_be_visible()
            await expect(side(page, other).locator(".message")).to_have_count(0)
        await expect(side(page, "Olena").locator("select")).to_have_value("uk")


async def test_right_to_left_for_the_message_not_for_the_page(visit):
    async with visit() as page:
        await write(page, "Olena", "arabisch")
        olena = side(page, "Olena")
        direction = "one => getComputedStyle(one).direction"
        button = olena.get_by_role("button", name="أين أجد المكتب")
        await expect(button).to_be_visible()
        assert await button.evaluate(direction) == "rtl"
        assert await olena.locator(".theirs .text").evaluate(direction) == "rtl"
        assert await olena.locator(".mine .text").evaluate(direction) == "ltr"
        assert await page.locator("html").evaluate(direction) == "ltr"


async def test_a_file_can_be_downloaded(visit):
    async with visit() as page:
        anna = side(page, "Anna")
        await anna.get_by_role("button", name="Start").click()
        await anna.get_by_role("button", name="Datei").click()
        link = anna.get_by_role("link", name="Herunterladen: Übersicht.ics (15 B)")
        async with page.expect_download() as download:
            await link.click()
        file = await download.value
        assert file.suggested_filename == "Übersicht.ics"
        assert content(await file.path()) == b"BEGIN:VCALENDAR"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
async def test_no_barrier_that_axe_finds(visit, viewport, scheme):
    async with visit(viewport, color_scheme=scheme, reduced_motion="reduce") as page:
        anna = side(page, "Anna")
        assert (await Axe().run(page)).response["violations"] == []
        for text in ("/start", "arabisch", "Name", "Tastatur"):
            before = await anna.locator(".message").count()
            await write(page, "Anna", text)
            await expect(anna.locator(".message")).to_have_count(before + 2)
        await anna.get_by_role("button", name="Datei").click()
        await expect(anna.get_by_role("link", name="Herunterladen")).to_be_visible()
        await anna.get_by_role("button", name="Befehle").click()
        await anna.get_by_role("button", name="Ort teilen").click()
        await page.locator(".add summary").click()
        assert (await Axe().run(page)).response["violations"] == []


async def test_tabs_on_a_phone_with_arrow_keys_and_news(visit):
    async with visit(PHONE) as page:
        await expect(side(page, "Kemal")).to_be_hidden()
        await write(page, "Anna", "Guten Tag")
        await page.get_by_role("tab", name="Anna").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("tab", name="Kemal")).to_be_focused()
        await expect(page.get_by_role("tab", name="Kemal")).to_have_attribute("aria-selected", "true")
        await expect(side(page, "Kemal")).to_be_visible()
        await expect(side(page, "Anna")).to_be_hidden()
        await page.keyboard.press("End")
        await expect(page.get_by_role("tab", name="Olena")).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("tab", name="Anna")).to_be_focused()
        await page.keyboard.press("ArrowLeft")
        await expect(side(page, "Olena")).to_be_visible()


async def test_a_tab_tells_of_new_messages_in_words(visit, bot):
    async with visit(PHONE) as page:
        await page.get_by_role("tab", name="Kemal").click()
        await bot.happens({"id": 1001, "first_name": "Anna"}, text="Guten Tag")
        await expect(page.get_by_role("tab", name="Anna 1 neu")).to_be_visible()
        await page.get_by_role("tab", name="Anna").click()
        await expect(page.get_by_role("tab", name="Anna", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [320, 640])
async def test_nothing_runs_out_of_a_small_or_zoomed_window(visit, width):
    async with visit({"width": width, "height": 400}) as page:
        await write(page, "Anna", "/start")
        await expect(side(page, "Anna").get_by_text("Willkommen")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def test_english_by_the_browser_and_german_by_the_switch(visit):
    async with visit(locale="en-GB") as page:
        await expect(page.get_by_role("heading", name="Try Lotse")).to_be_visible()
        await expect(page.get_by_text("Nothing here goes to Telegram.")).to_be_visible()
        await page.get_by_role("button", name="Deutsch").click()
        await expect(page.get_by_role("heading", name="Lotse ausprobieren")).to_be_visible()
        assert await page.locator("html").get_attribute("lang") == "de"
        await page.reload()
        await expect(page.get_by_role("button", name="Deutsch")).to_have_attribute("aria-pressed", "true")


async def test_the_menu_in_the_persons_language(visit):
    async with visit() as page:
        for name, words in (("Anna", "/topics Themen"), ("Olena", "/topics Topics")):
            person = side(page, name)
            await person.get_by_role("button", name="Befehle").click()
            await expect(person.locator(".menu button")).to_have_text(words)
            await expect(person.locator(".description")).to_have_text("Fragen zu Ankommen und Arbeit.")
        anna = side(page, "Anna")
        await page.keyboard.press("Escape")
        await expect(side(page, "Olena").locator(".menu")).to_be_hidden()
        await anna.locator("select").select_option("pl")
        await expect(anna.locator(".menu button")).to_have_text("/topics Topics")
        await anna.locator(".menu button").click()
        await expect(anna.get_by_text("Verstanden: /topics")).to_be_visible()


async def test_sharing_a_place(visit):
    async with visit() as page:
        anna = side(page, "Anna")
        await anna.get_by_role("button", name="Ort teilen").click()
        await anna.get_by_role("button", name="Augsburg").click()
        await anna.get_by_role("button", name="Ort senden").click()
        await expect(anna.get_by_text("Ort 48.3705")).to_be_visible()
        await expect(anna.locator(".place")).to_be_hidden()


async def test_replies_asked_for_and_free(visit):
    async with visit() as page:
        anna = side(page, "Anna")
        await write(page, "Anna", "Name")
        await expect(anna.locator(".replying")).to_contain_text("Antwort auf: Wie ist der Name?")
        await expect(anna.get_by_placeholder("Vorname")).to_be_focused()
        await page.keyboard.type("Anna")
        await page.keyboard.press("Enter")
        await expect(anna.get_by_text("Zu „Wie ist der Name?“: Anna")).to_be_visible()
        await expect(anna.locator(".replying")).to_be_hidden()

        await anna.get_by_role("button", name="Antworten").last.click()
        await expect(anna.locator(".replying")).to_contain_text("Zu „Wie ist der Name?“: Anna")
        await anna.get_by_role("button", name="Abbrechen").click()
        await expect(anna.locator(".replying")).to_be_hidden()


async def test_copying_deep_links_commands_and_keyboards(visit):
    async with visit(permissions=["clipboard-read", "clipboard-write"]) as page:
        anna = side(page, "Anna")
        await write(page, "Anna", "/start")
        await anna.get_by_role("button", name="Nummer").click()
        await expect(anna.locator(".toast")).to_have_text("Kopiert: 089 0000")
        assert await page.evaluate("navigator.clipboard.readText()") == "089 0000"
        await anna.get_by_role("link", name="Einladung").click()
        await expect(anna.get_by_text("Verstanden: /start lang_uk")).to_be_visible()
        await anna.get_by_role("button", name="/topics").first.click()
        await expect(anna.get_by_text("Verstanden: /topics")).to_be_visible()
        await write(page, "Anna", "Tastatur")
        await anna.get_by_role("button", name="Ja, gern").click()
        await expect(anna.get_by_text("Verstanden: Ja, gern")).to_be_visible()
        await anna.get_by_role("button", name="Nummer", exact=True).last.click()
        await expect(anna.get_by_text("Verstanden: etwas anderes")).to_be_visible()
        await anna.locator(".below").get_by_role("button", name="Ort").click()
        await expect(anna.get_by_role("button", name="Ort senden")).to_be_visible()


async def test_a_picture_is_shown_with_its_words_which_are_read_once(visit, bot):
    async with visit() as page:
        await write(page, "Anna", "Guten Tag")
        await bot.upload("sendPhoto", "photo", PNG, chat_id=1001, caption="Der Weg zum Amt")
        picture = side(page, "Anna").locator("img")
        await expect(picture).to_be_visible()
        await expect(picture).to_have_js_property("naturalWidth", 1)
        await expect(picture).to_have_attribute("alt", "")
        await expect(side(page, "Anna").get_by_text("Der Weg zum Amt")).to_have_count(1)
        await bot.upload("sendPhoto", "photo", PNG, chat_id=1001)
        await expect(side(page, "Anna").get_by_role("img", name="Bild")).to_be_visible()


async def test_the_page_says_when_the_server_is_gone_and_goes_on_when_it_is_back(visit):
    async with visit() as page:
        await page.route("**/sandbox/news*", lambda route: route.fulfill(json={}, status=400))
        await write(page, "Anna", "Guten Tag")
        await expect(page.get_by_text("Keine Verbindung zum Testserver.")).to_be_visible()
        await page.unroute_all()
        await expect(page.locator("#connection")).to_be_empty()
        await expect(side(page, "Anna").get_by_text("Verstanden: Guten Tag")).to_be_visible()


async def test_one_more_person_stays(visit):
    async with visit() as page:
        await page.get_by_text("Weitere Person").click()
        form = page.locator("#add")
        await form.get_by_label("Name").fill("Mina")
        await form.get_by_label("Sprache").select_option("fa")
        await form.get_by_role("button", name="Hinzufügen").click()
        await write(page, "Mina", "Guten Tag")
        await expect(side(page, "Mina").get_by_text("Verstanden")).to_be_visible()
        await page.reload()
        await expect(side(page, "Mina").get_by_text("Verstanden")).to_be_visible()
        await expect(side(page, "Mina").locator("select")).to_have_value("fa")


async def test_deleted_messages_vanish_and_refusals_are_told(visit, bot):
    async with visit() as page:
        anna = side(page, "Anna")
        await write(page, "Anna", "Guten Tag")
        await expect(anna.locator(".message")).to_have_count(2)
        await bot.done("deleteMessages", chat_id=1001, message_ids=[1, 2])
        await expect(anna.locator(".message")).to_have_count(0)
        await anna.get_by_role("button", name="Ort teilen").click()
        await anna.get_by_label("Breite").fill("100")
        await anna.get_by_label("Länge").fill("11,5")
        await anna.get_by_label("Länge").press("Enter")
        await expect(anna.locator(".toast")).to_have_text("Nicht gesendet: location must be on the globe")


async def test_the_page_allows_nothing_from_elsewhere(line):
    async with line.session.get(line.root) as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        assert re.findall(r"https?://", await answer.text()) == []
    async with line.session.get(f"{line.root}/page/../server.py") as answer:
        assert answer.status == 404
    async with line.session.get(f"{line.root}/page/secret.py") as answer:
        assert answer.status == 404
