"""Makes the pictures of the chat page in the README, from a demo that runs: `python docs/picture.py http://127.0.0.1:8080/`.

Needs Chromium at /usr/bin/chromium, or where CHROMIUM says.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUESTIONS = (
    "Wie machen andere eine Online-Reihe?",
    "/topics",
    "Wo finde ich Hilfe bei der Anerkenung meines Abschlusses?",
)


def ask(page: Page, place: int, text: str) -> None:
    """Writes as the person in this column, whose chat begins with a button, and waits for the reply."""
    column = page.locator("section.person").nth(place)
    column.locator(".start").click()
    column.locator("[role=log] button").first.wait_for()
    field = column.get_by_role("textbox").first
    field.fill(text)
    field.press("Enter")
    column.get_by_role("button", name="Person fragen").or_(column.get_by_role("button", name="1 ")).first.wait_for()


def main(root: str) -> None:
    """One wide picture in German."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="de-DE")
        page.goto(root)
        for place, text in enumerate(QUESTIONS):
            ask(page, place, text)
        page.screenshot(path=HERE / "chat-page.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
