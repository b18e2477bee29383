"""The server of the page: it serves its page and answers its questions, and nothing else.

It knows a handful of addresses, each by its full name; no part of a request ever becomes a name
of a file. Requests whose ``Host`` is not this server's own are refused, so that a page from
elsewhere whose name was made to point here (DNS rebinding) learns nothing; those that would
change nothing but cost time must come as JSON from the page itself.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simcenter.classroom.limits import MOST_BODY
from simcenter.classroom.page import PageFiles
from simcenter.classroom.refusal import RefusedError, refused, told
from simcenter.classroom.room import Room, as_json
from simcenter.errors import InputError

__all__ = ["HEADERS", "class_app"]

Json = dict[str, Any]
Answer = Callable[[Json], str]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer."""

LOG = logging.getLogger("simcenter.classroom")


def class_app(room: Room, document: str, files: PageFiles, host: str = "127.0.0.1") -> ASGIApp:
    """Return the application.

    Parameters
    ----------
    room
        Which answers.
    document
        The page, from `simcenter.classroom.page.live_document`.
    files
        Its sheets and scripts.
    host
        The name or number under which the server was asked to listen; requests to it, to
        ``localhost`` and to numbers are answered.
    """

    def answering(answer: Answer, required: tuple[str, ...], known: tuple[str, ...]) -> Any:
        async def endpoint(request: Request) -> Response:
            _check_origin(request)
            _check_kind(request)
            given = _checked(await _body(request), required, known)
            return await _answered(answer, given)

        return endpoint

    async def explain(request: Request) -> Response:
        _check_origin(request)
        keys = ("base", "seed", "contact")
        return await _answered(why, _checked(_query(request), keys, (*keys, "changes")))

    def why(given: Json) -> str:
        return room.explain(
            given["base"], given.get("changes", {}), given["seed"], given["contact"]
        )

    def scene(given: Json) -> str:
        return room.scene(given["base"], given.get("changes", {}), given["seed"])

    def days(given: Json) -> str:
        return room.days(
            given["base"], given.get("changes", {}), given["seed"], given.get("days", 20)
        )

    async def page(_: Request) -> Response:
        return Response(document, media_type="text/html; charset=utf-8")

    async def icon(_: Request) -> Response:
        return Response(status_code=204)

    routes = [
        Route("/", page, methods=["GET"]),
        Route("/favicon.ico", icon, methods=["GET"]),
        Route(
            "/api/scene",
            answering(scene, ("base", "seed"), ("base", "changes", "seed")),
            methods=["POST"],
        ),
        Route(
            "/api/days",
            answering(days, ("base", "seed"), ("base", "changes", "seed", "days")),
            methods=["POST"],
        ),
        Route("/api/explain", explain, methods=["GET"]),
        *_files(files),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            InputError: _refuse,
            HTTPException: _refuse_address,
            Exception: _our_fault,
        },
    )
    app.router.redirect_slashes = False
    return _Guard(app, host)


def _files(files: PageFiles) -> list[Route]:
    """Return one route for each file of the page, which answers with what is in memory."""
    kinds = ((files.sheets, "text/css"), (files.scripts, "text/javascript"))
    return [
        Route(f"/page/{name}", _given(text, f"{kind}; charset=utf-8"), methods=["GET"])
        for texts, kind in kinds
        for name, text in texts.items()
    ]


def _given(text: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_: Request) -> Response:
        return Response(text, media_type=kind)

    return endpoint


async def _answered(answer: Answer, given: Json) -> Response:
    text = await run_in_threadpool(answer, given)
    return Response(text, media_type="application/json")


def _check_origin(request: Request) -> None:
    """Refuse what another page sends; a browser says where a request is from in either header."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise refused("origin")
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise refused("origin")


def _check_kind(request: Request) -> None:
    """Refuse what is not JSON: a page from elsewhere needs leave for it, which is not given."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise refused("type")


async def _body(request: Request) -> Json:
    """Return the object of a request, read no further than is allowed."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise refused("body", most=MOST_BODY)
    return _object(bytes(body))


def _object(text: str | bytes) -> Json:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise refused("json") from None
    if not isinstance(found, dict):
        raise refused("json")
    return found


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _query(request: Request) -> Json:
    """Return the parts of an address as a request: whole numbers, and changes by slider."""
    pairs = request.query_params.multi_items()
    if len(pairs) != len(dict(pairs)) or len(str(request.url.query)) > MOST_BODY:
        raise refused("json")
    found: Json = dict(pairs)
    for name in ("seed", "contact"):
        text = found.get(name)
        if text is not None:
            found[name] = (
                int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text
            )
    if "changes" in found:
        found["changes"] = _changes(found["changes"])
    return found


def _changes(text: str) -> Json:
    """Return changes from ``agents:12,breaks:bunched``."""
    pairs = []
    for part in text.split(",") if text else ():
        key, _, value = part.partition(":")
        pairs.append((key, _number(value)))
    try:
        return _once(pairs)
    except ValueError:
        raise refused("changes") from None


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _checked(given: Json, required: tuple[str, ...], known: tuple[str, ...]) -> Json:
    for key in given:
        if key not in known:
            shown = key if len(key) <= 40 and key.isprintable() else "?"
            raise refused("keys", key=shown, known=", ".join(known))
    for key in required:
        if key not in given:
            raise refused("missing", key=key)
    return given


def _sentence(sentences: Mapping[str, str], status: int) -> Response:
    text = as_json({"error": dict(sentences)})
    return Response(text, status_code=status, media_type="application/json")


async def _refuse(_: Request, fault: Exception) -> Response:
    assert isinstance(fault, InputError)
    return _sentence(told(fault), 422 if isinstance(fault, RefusedError) else 409)


async def _refuse_address(request: Request, fault: Exception) -> Response:
    status = getattr(fault, "status_code", 404)
    if status == 405:
        return _sentence(refused("method", method=request.method).sentences, 405)
    return _sentence(refused("path").sentences, 404)


async def _our_fault(_: Request, fault: Exception) -> Response:
    LOG.exception("internal error", exc_info=fault)
    return _sentence(refused("inner").sentences, 500)


class _Guard:
    """Refuses requests to another host, and puts `HEADERS` on every answer."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.names = {"localhost", host.lower(), socket.gethostname().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *more]}
            await send(message)

        if not self._ours(dict(scope["headers"]).get(b"host", b"").decode("latin-1")):
            answer = _sentence(refused("host").sentences, 421)
            await answer(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)

    def _ours(self, host: str) -> bool:
        """Say whether a host is a name of ours, or a number: numbers cannot be rebound."""
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        if name is None:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self.names
        return True
