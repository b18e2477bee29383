"""Connections of the server: those that ask for nothing make room, and are closed."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest

from simcenter.classroom import serve


async def answer(_scope, _receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


@pytest.fixture
def port() -> Iterator[int]:
    """Return the port of a server that answers everything."""
    listening = serve.free_socket("127.0.0.1", 0)
    server = serve.server_of(answer)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()
    listening.close()


def ask(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: a"])
def test_many_that_ask_nothing_do_not_keep_others_out(port, said):
    idle = []
    for _ in range(serve.MOST_CONNECTIONS + 10):
        idle.append(socket.create_connection(("127.0.0.1", port), timeout=20))
        idle[-1].sendall(said)
    assert [ask(port) for _ in range(3)] == [200, 200, 200]
    for one in idle:
        one.close()


def test_who_asks_nothing_for_long_is_closed(monkeypatch, port):
    monkeypatch.setattr(serve, "IDLE_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as silent:
        silent.sendall(b"GET / HT")
        assert silent.recv(100) == b""
    assert ask(port) == 200
