"""Starting the server: a free port, the browser, and a stop at once on Ctrl-C."""

from __future__ import annotations

import errno
import gc
import socket
import sys
import threading
import time
import traceback
import webbrowser
from typing import TYPE_CHECKING, Any

from simcenter.classroom.room import Room
from simcenter.errors import InputError, reason_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["address_of", "free_socket", "needed", "serve", "server_of"]

NEXT_PORTS = 20
"""Ports that are tried after the one asked for."""
IDLE_SECONDS = 30
"""After which a connection that asks for nothing is closed."""
MOST_CONNECTIONS = 100
"""Open at a time; the one that has been idle longest makes room."""


def needed() -> None:
    """Refuse before any work where the server is not installed.

    Raises
    ------
    InputError
        With how to install it.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise InputError(
            "the live page needs the extra 'class': pip install 'simcenter[class]'; "
            "`simcenter lesson` and `simcenter replay` do without"
        ) from None


def free_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a port, or on one of the next where that is taken.

    Parameters
    ----------
    host
        Name or number under which to listen.
    port
        The first that is tried; 0: any free one.

    Raises
    ------
    InputError
        When the host is none of this computer's, or no port is free or allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InputError(
            "--host: got '{host}'; must be a name or number of this computer", host=host
        ) from None
    family, _, _, _, address = found[0]
    ports = range(port, min(port + NEXT_PORTS, 65535) + 1) if port else [0]
    for number in ports:
        listening = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address[0], number, *address[2:]))
            listening.listen(64)
        except OSError as fault:
            listening.close()
            if fault.errno == errno.EADDRINUSE:
                continue
            raise InputError(
                "--host {host} --port {number}: {reason}",
                host=host,
                number=number,
                reason=reason_of(fault),
            ) from None
        return listening
    raise InputError(
        "--port: {ports} to {ports_2} are all taken; name another one",
        ports=ports[0],
        ports_2=ports[-1],
    )


def address_of(listening: socket.socket, host: str) -> str:
    """Return the address under which this computer's browser reaches a socket."""
    port = listening.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{f'[{name}]' if ':' in name and '[' not in name else name}:{port}/"


def serve(app: ASGIApp, room: Room, listening: socket.socket, address: str, browser: bool) -> None:
    """Answer until Ctrl-C.

    Parameters
    ----------
    app
        From `simcenter.classroom.app.class_app`.
    room
        Is warmed in the background, and closed at the end.
    listening, address
        From `free_socket` and `address_of`.
    browser
        Whether to open one.
    """
    server = server_of(app)
    threading.Thread(target=_warm, args=(room,), daemon=True).start()
    if browser:
        threading.Thread(target=_open, args=(server, address), daemon=True).start()
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # how a server is stopped
    finally:
        room.close()


def server_of(app: ASGIApp) -> Any:
    """Return the server of an application, one of uvicorn's."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=_connection_class(),
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=1,
            limit_concurrency=MOST_CONNECTIONS,
        )
    )


def _connection_class() -> Any:
    """Return uvicorn's connection, closed when nothing is asked for long, or others need room."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Connection(H11Protocol):
        since = 0.0

        def connection_made(self, transport: Any) -> None:
            open_ones: set[Any] = self.connections
            idle = sorted((one for one in open_ones if one.idle()), key=lambda one: one.since)
            for one in idle[: max(len(open_ones) - MOST_CONNECTIONS + 2, 0)]:
                open_ones.discard(one)
                one.transport.close()
            super().connection_made(transport)
            self.since = self.loop.time()
            self.close_when_idle()

        def data_received(self, data: bytes) -> None:
            self.since = self.loop.time()
            super().data_received(data)

        def idle(self) -> bool:
            return self.cycle is None or bool(self.cycle.response_complete)

        def close_when_idle(self) -> None:
            left = self.since + IDLE_SECONDS - self.loop.time()
            if left <= 0 and self.idle():
                self.transport.close()
            elif not self.transport.is_closing():
                self.loop.call_later(max(left, 1.0), self.close_when_idle)

    return Connection


def _warm(room: Room) -> None:
    try:
        room.warm()
    except Exception:
        traceback.print_exc()
    gc.collect()
    gc.freeze()  # what is there stays; walking over it again would cost a change its tenth of a second


def _open(server: Any, address: str) -> None:
    while not server.started:
        time.sleep(0.05)
    webbrowser.open(address)
