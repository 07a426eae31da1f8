"""How the bot gets its updates, and how it leaves."""

from __future__ import annotations

from bot.sandbox import rules
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.updates import BATCH, POLL_SECONDS
from bot.sandbox.webhook import CONNECTIONS
from bot.sandbox.wire import Json, RefusedError, bad


async def get_updates(call: Call) -> list[Json]:
    """Long polling."""
    account, parameters = call.account, call.parameters
    if account.webhook.url:
        raise RefusedError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _allow(call)
    limit = min(max(parameters.integer("limit", BATCH), 1), BATCH)
    seconds = min(max(parameters.integer("timeout"), 0), POLL_SECONDS)
    return await account.updates.poll(parameters.integer("offset"), limit, seconds)


async def set_webhook(call: Call) -> bool:
    """Delivery to the bot's own address; an empty one ends it."""
    parameters, account = call.parameters, call.account
    url = parameters.text("url")
    if not url:
        return await delete_webhook(call)
    rules.webhook_url(url)
    secret = rules.secret_token(parameters.text("secret_token"))
    connections = parameters.integer("max_connections", CONNECTIONS)
    if not 1 <= connections <= 100:  # noqa: PLR2004 - Telegram's limit
        raise bad("bad webhook: max_connections must be from 1 to 100")
    _allow(call)
    await account.webhook.stop()
    _drop_pending(call)
    account.updates.release()
    await account.webhook.start(url, secret, connections)
    return True


async def delete_webhook(call: Call) -> bool:
    """Back to long polling."""
    await call.account.webhook.stop()
    _drop_pending(call)
    return True


def get_webhook_info(call: Call) -> Json:
    """Where updates go, and how many wait."""
    return call.account.webhook.info()


def leave(_: Call) -> bool:
    """`logOut` and `close` are for moving between servers; there is no other one here."""
    raise bad("the sandbox is the only server, a bot cannot move to another")


def _allow(call: Call) -> None:
    allowed = call.parameters.structure("allowed_updates", "allowed_updates")
    if allowed is None:
        return
    if not isinstance(allowed, list) or not all(isinstance(kind, str) for kind in allowed):
        raise bad("can't parse allowed_updates: expected an Array of String")
    call.account.updates.allow(allowed)


def _drop_pending(call: Call) -> None:
    if call.parameters.flag("drop_pending_updates"):
        call.account.updates.forget()


METHODS: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": leave,
    "close": leave,
}
