"""A client that speaks to an application without a network, one request after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx


class Client:
    """Asks an application as a browser at ``home`` would."""

    def __init__(self, app: Any, home: str) -> None:
        self.app, self.home = app, home

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Return the answer to one request; redirects are not followed."""
        if isinstance(given.get("content"), Iterator):
            given["content"] = _parts(given["content"])
        return asyncio.run(self._request(method, path, given))

    async def _request(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.home) as client:
            return await client.request(method, path, **given)

    def get(self, path: str, **given: Any) -> httpx.Response:
        """Ask for a page."""
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """Send something."""
        return self.request("POST", path, **given)


async def _parts(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
