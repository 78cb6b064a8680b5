"""HTTP of the simulated browsers: connections kept open and shared, one request in flight on each."""

import asyncio
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TIMEOUT = 8.0  # as the browser's outbox: AbortSignal.timeout(8000)


@dataclass(frozen=True)
class Reply:
    """`status` 0 = the connection broke or nobody answered within 8 s."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def retry_after(self) -> float:
        told = self.headers.get("retry-after", "0")
        return float(told) if told.isdigit() else 0.0


class Wire:
    """Speaks to one address; https with the usual checks of the certificate."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.tls = parts.scheme == "https"
        self.host, self.origin = parts.hostname or "", url.rstrip("/")
        self.port = parts.port or (443 if self.tls else 80)
        self.named = parts.netloc
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, path: str, headers: dict[str, str], body: str = "") -> Reply:
        """One request; never raises."""
        try:
            return await asyncio.wait_for(self._ask(method, path, headers, body), TIMEOUT)
        except (OSError, TimeoutError, ValueError, EOFError, asyncio.IncompleteReadError):
            return Reply(0)

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: str) -> Reply:
        line = self.idle.pop() if self.idle else await self._open()
        done = False
        try:
            told = {"Host": self.named, "Content-Length": str(len(body.encode())), **headers}
            if self.tls:
                told |= {"Referer": self.origin + "/", "Origin": self.origin}
            head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
            line[1].write(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
            reply = await _read(line[0])
            done = reply.headers.get("connection", "").lower() != "close"
            return reply
        finally:
            if done:
                self.idle.append(line)
            else:
                line[1].close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = ssl.create_default_context() if self.tls else None
        return await asyncio.open_connection(self.host, self.port, ssl=context, limit=2**20)

    def close(self) -> None:
        for _reader, writer in self.idle:
            writer.close()
        self.idle.clear()


async def _read(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers: dict[str, str] = {"connection": "close"} if head[0].startswith("HTTP/1.0") else {}
    for row in head[1:]:
        name, _mark, value = row.partition(":")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}\n{value}" if name in headers else value
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Reply(int(head[0].split()[1]), headers, body.decode(errors="replace"))
