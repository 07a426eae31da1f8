"""Echo bots to compare with: python-telegram-bot on our transport ("ours") or on its own ("own")."""

from __future__ import annotations

import asyncio
import sys

from telegram import Bot, Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.chat.transport import Transport


async def _echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


async def _run(root: str, transport: str) -> None:
    more = {"request": Transport(), "get_updates_request": Transport(60)} if transport == "ours" else {}
    bot = Bot("1:bench-bench-bench-bench-bench-bench", base_url=f"{root}/bot", **more)  # type: ignore[arg-type]
    application = Application.builder().bot(bot).concurrent_updates(32).build()
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(poll_interval=0, timeout=30)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], sys.argv[2]))
