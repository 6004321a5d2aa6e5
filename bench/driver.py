"""A closed-loop client: each worker keeps one connection and sends its next request when the last is answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode


class Unexpected(Exception):
    """The server answered something else than the scenario expects."""


@dataclass(slots=True)
class Answer:
    """A reply, its body still compressed."""

    status: int
    headers: dict[str, str]
    body: bytes


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return b""
    parts = []
    while size := int((await reader.readline()).strip(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)


class Line:
    """A connection that is kept open."""

    def __init__(self) -> None:
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        return self.reader, self.writer

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Person:
    """A cookie jar of one cookie."""

    def __init__(self, port: int, cookie: str = "", name: str = "") -> None:
        self.port, self.cookie, self.name = port, cookie, name
        self.line = Line()
        self.token = ""

    async def send(
        self, method: str, path: str, form: dict[str, str] | None = None, *, said: object = None, gzip: bool = True
    ) -> Answer:
        """One request, with a form or with JSON (`said`)."""
        reader, writer = await self.line.open(self.port)
        body = urlencode(form).encode() if form is not None else json.dumps(said).encode() if said is not None else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: keep-alive"]
        if gzip:
            lines.append("Accept-Encoding: gzip")
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if form is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        if said is not None:
            lines += [
                "Content-Type: application/json",
                "Accept: application/json",
                f"X-CSRFToken: {self.token}",
                f"Content-Length: {len(body)}",
            ]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";", 1)[0]
        return Answer(int(head[0].split()[1]), headers, await _body(reader, headers))

    async def get(self, path: str, *, gzip: bool = True) -> Answer:
        answer = await self.send("GET", path, gzip=gzip)
        if answer.status != 200:
            raise Unexpected(f"GET {path}: {answer.status}")
        return answer

    async def post(self, path: str, expect: int = 302, **form: str) -> Answer:
        answer = await self.send("POST", path, {"csrf_token": self.token, **form})
        if answer.status != expect:
            raise Unexpected(f"POST {path}: {answer.status}, not {expect}")
        return answer


Transaction = Callable[[Person, int], Awaitable[None]]


@dataclass(slots=True)
class Cell:
    """What one scenario did in one round with c workers."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


async def closed_loop(people: list[Person], workers: int, once: Transaction, seconds: float) -> Cell:
    """Every worker repeats the transaction on one connection until the time is over, each time as the next person."""
    cell = Cell()
    begun = time.perf_counter()
    until = begun + seconds

    async def work(worker: int) -> None:
        number, line = worker, Line()
        while time.perf_counter() < until:
            person = people[number % len(people)]
            person.line = line
            start = time.perf_counter()
            try:
                await once(person, number)
            except (Unexpected, OSError, asyncio.IncompleteReadError) as error:
                cell.errors += 1
                if cell.errors <= 3:
                    print("   error:", error)
                line.close()
            else:
                cell.times.append(time.perf_counter() - start)
            number += workers
        line.close()

    await asyncio.gather(*(work(number) for number in range(workers)))
    cell.seconds = time.perf_counter() - begun
    return cell
