"""The tests' own fences."""

import socket

import pytest


def test_a_test_does_not_get_out_of_the_machine() -> None:
    with pytest.raises(PermissionError, match=r"reach 192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_test_may_talk_to_its_own_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
