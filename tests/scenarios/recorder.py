# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A wiretap for tests: stands between two processes, speaks mutual TLS with both, and keeps every byte in clear.

It works because the test owns the exercise's certificates: towards the caller it is the target, towards the target it is whoever called. A capture of
the TLS records would prove nothing; this one holds what the far side really reads.
"""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from process.peer import peer_from_certificate

_BLOCK = 65536
_PATIENCE = 10.0


class Wiretap:
    """Records what passes between callers and one target, both ways: an answer must hold no identity either.

    Args:
        target: port of the real process.
        identity: folder with the target's certificate and key.
        callers: organisation of a caller -> folder with its certificate and key.
        authority: the exercise's authority.
    """

    def __init__(self, target: int, identity: Path, callers: dict[str, Path], authority: Path) -> None:
        self.heard = bytearray()
        self.address = ""
        self._target = target
        self._near = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._near.load_cert_chain(identity / "certificaat.pem", identity / "sleutel.pem")
        self._near.load_verify_locations(authority)
        self._near.verify_mode = ssl.CERT_REQUIRED
        self._far = {name: _client_context(folder, authority) for name, folder in callers.items()}

    async def serve(self) -> asyncio.Server:
        """Listen on a port of its own."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._near)
        self.address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        context = self._far[peer_from_certificate(certificate).organisation]
        try:
            far = await asyncio.open_connection(
                "127.0.0.1", self._target, ssl=context, server_hostname="127.0.0.1"
            )
        except OSError:
            # The target is down: its callers must notice.
            writer.transport.abort()
            return
        pumps = [
            asyncio.create_task(self._pump(reader, far[1])),
            asyncio.create_task(self._pump(far[0], writer)),
        ]
        try:
            # At the end of a test everything is cancelled; asyncio would log that as an error.
            with suppress(asyncio.CancelledError):
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for end in (writer, far[1]):
                end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while block := await source.read(_BLOCK):
                self.heard += block
                sink.write(block)
                await sink.drain()


def _client_context(folder: Path, authority: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority))
    context.load_cert_chain(folder / "certificaat.pem", folder / "sleutel.pem")
    return context


@contextmanager
def listening(taps: list[Wiretap]) -> Iterator[None]:
    """Run wiretaps in a thread of their own until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="wiretaps", daemon=True)
    thread.start()
    servers = [asyncio.run_coroutine_threadsafe(tap.serve(), loop).result(_PATIENCE) for tap in taps]
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(servers), loop).result(_PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE)
        loop.close()


async def _hang_up(servers: list[asyncio.Server]) -> None:
    for server in servers:
        server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def everything_on_disk(*folders: Path) -> dict[Path, bytes]:
    """The bytes of every file below these folders."""
    return {
        path: path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()
    }
