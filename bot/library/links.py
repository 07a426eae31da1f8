"""Whether the addresses in the knowledge still lead somewhere; asked of the network only on request."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from bot.domain.knowledge import Knowledge

AT_ONCE = 16  # hosts
SECONDS = 20.0  # for one address
GONE = 400  # and every HTTP status above


@dataclass(frozen=True, slots=True, order=True)
class DeadLink:
    """An address that leads nowhere, what names it, and why."""

    named_by: str
    url: str
    reason: str

    def __str__(self) -> str:
        return f"{self.named_by}: {self.url} ({self.reason})"


async def dead_links(knowledge: Knowledge) -> list[DeadLink]:
    """Every address that does not answer with success; each is asked once, one after the other on the same host."""
    named: dict[str, set[str]] = defaultdict(set)
    for name, url in _addresses(knowledge):
        named[url].add(name)
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(named):
        by_host[urlsplit(url).netloc].append(url)
    places = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as http:
        hosts = await asyncio.gather(*(_ask(http, places, urls) for urls in by_host.values()))
    reasons = {url: reason for host in hosts for url, reason in host.items()}
    return sorted(DeadLink(name, url, reason) for url, reason in reasons.items() for name in named[url])


def _addresses(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for entry in knowledge.entries.values():
        yield from ((entry.id, source.url) for source in entry.sources if source.url)
    for contact in knowledge.contacts.values():
        yield from ((contact.id, source.url) for source in contact.sources if source.url)
    yield from ((contact.id, contact.website) for contact in knowledge.contacts.values() if contact.website)


async def _ask(http: aiohttp.ClientSession, places: asyncio.Semaphore, urls: list[str]) -> dict[str, str]:
    """Why addresses of one host are dead; those that are not are left out."""
    found: dict[str, str] = {}
    async with places:
        for url in urls:
            try:
                async with http.get(url) as response:
                    if response.status >= GONE:
                        found[url] = f"status {response.status}"
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                found[url] = type(error).__name__
    return found
