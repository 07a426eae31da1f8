"""Everything that the sandbox keeps, in memory."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.account import Account
from bot.sandbox.faults import Faults
from bot.sandbox.news import News
from bot.sandbox.rules import is_token
from bot.sandbox.wire import RefusedError, bad


class State:
    """The bots and the faults in force. `clock` gives the time in seconds since 1970, UTC."""

    def __init__(self, token: str | None, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.news = News()
        self.faults = Faults()
        self._only = token
        self._accounts = [Account(token, clock, self.news)]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All bots, the newest last."""
        return tuple(self._accounts)

    @property
    def current(self) -> Account:
        """The bot that people write to where none is named: the newest one."""
        return self._accounts[-1]

    def account_for(self, token: str) -> Account:
        """The bot that calls with this token, or 401. The first one finds what was written before it came."""
        for account in self._accounts:
            if account.token == token:
                return account
        if self._only is not None or not is_token(token):
            raise RefusedError(401, "Unauthorized")
        if self.current.token is None:
            self.current.token = token
        else:
            self._accounts.append(Account(token, self.clock, self.news))
        self.current.profile_changed()
        return self.current

    def account(self, bot: str) -> Account:
        """The bot with this id; empty, `0` or `current`: the newest one."""
        if bot in {"", "0", "current"}:
            return self.current
        for account in self._accounts:
            if str(account.id) == bot:
                return account
        raise bad("there is no such bot")
