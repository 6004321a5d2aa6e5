"""Asking a service on another machine: the one in the settings and no other, in bounded time and with a bounded answer.

A redirect is an answer like others and is not followed, so nobody can send us to machines behind our door.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

PATIENCE = 20.0  # seconds for the whole answer
_PIECE = 64 * 1024


class Unanswered(OSError):
    """The service is not there, is too slow, or says too much."""


def ask(
    method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, *, most: int
) -> tuple[int, bytes]:
    """The status and the body of the answer, of at most so many bytes. Raises Unanswered."""
    end = time.monotonic() + PATIENCE
    parts = urlsplit(address)
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        line.request(method, parts.path or "/", body, dict(headers or {}))
        answer = line.getresponse()
        return answer.status, _read(answer, most, end)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(str(error) or type(error).__name__) from error
    finally:
        line.close()


def _read(answer: http.client.HTTPResponse, most: int, end: float) -> bytes:
    """All of it, piece by piece: each piece may be late, but not all of them together."""
    found = bytearray()
    while piece := answer.read1(_PIECE):
        found += piece
        if len(found) > most:
            raise Unanswered(f"more than {most} bytes")
        if time.monotonic() > end:
            raise Unanswered(f"not finished after {PATIENCE:.0f} seconds")
    return bytes(found)
