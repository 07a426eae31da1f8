"""How requests reach the Bot API: python-telegram-bot's transport interface on aiohttp.

python-telegram-bot's own transport is most of the cost of an answer; see docs/decisions/telegram.md.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 150  # at once; answers to 32 chats, presses and pictures need fewer than half of them
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
JSON = {"Content-Type": "application/json"}


class UnsentError(NetworkError):
    """Nothing was done: no connection came about, or the Bot API itself says that it failed."""


def kind_of(error: TelegramError) -> str:
    """What went wrong with a request, in a word of Telegram's library, whatever we know besides."""
    return NetworkError.__name__ if isinstance(error, UnsentError) else type(error).__name__


class Transport(BaseRequest):
    """One pool of connections. Errors never carry the address, since the token is part of it."""

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer; python-telegram-bot adds to it for long polling."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Opens the pool; twice is once."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=self._read_seconds),
                skip_auto_headers=("User-Agent", "Accept"),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Closes the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,  # noqa: ARG002
        write_timeout: Any = None,  # noqa: ARG002
        connect_timeout: Any = None,  # noqa: ARG002
        pool_timeout: Any = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Sends one request and gives status and body.

        Raises UnsentError where surely nothing was done, NetworkError where the connection broke or somebody else
        answered, TimedOut where no answer came in time.
        """
        assert self._session is not None, "initialize() opens the pool"
        body, headers = _body(request_data)
        try:
            async with self._session.request(method, url, data=body, headers=headers) as response:
                answer = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnsentError(f"no connection ({type(error).__name__})") from None
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"no connection ({type(error).__name__})") from None
        if response.status != HTTPStatus.OK:
            said = self.parse_json_payload(answer)  # a page of some proxy's says nothing about the token or the chat
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR and said.get("ok") is False:
                raise UnsentError(f"the Bot API answers {response.status}")
        return response.status, answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict; raises NetworkError for what no Bot API answers, without repeating it."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("an answer that is not the Bot API's")
        return answer


def _body(request_data: RequestData | None) -> tuple[Any, dict[str, str] | None]:
    if request_data is None:
        return None, None
    if not request_data.contains_files:
        return json.dumps(request_data.parameters, ensure_ascii=False).encode("utf-8", "replace"), JSON
    form = aiohttp.FormData(quote_fields=False)  # quoted, Telegram would show the file's name with %20 and %C3
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, None
