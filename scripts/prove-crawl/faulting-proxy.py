#!/usr/bin/env python3
"""A proxy before a web server that fails at random: faulting-proxy.py UPSTREAM_PORT SHARE SEED LOG

Prints its port. A share of the requests gets 503, a challenge with 412, or a reset, in equal parts; the others are passed on. LOG takes a
line per request: what was done, and the path. Which request fails depends on the seed and on nothing else but their order.
"""
import asyncio
import random
import socket
import struct
import sys

UPSTREAM, SHARE, SEED, LOG = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), open(sys.argv[4], "w", buffering=1)
chance = random.Random(SEED)
CHALLENGE = b"<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head><body></body></html>"


def answer(status, body):
    return b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body)), body


async def head_of(reader):
    return await reader.readuntil(b"\r\n\r\n")


async def serve(reader, writer):
    try:
        while True:
            head = await head_of(reader)
            method, path = head.split(b" ", 2)[:2]
            fault = chance.choice(["503", "412", "reset"]) if chance.random() < SHARE else "passed"
            LOG.write(f"{fault} {path.decode('latin-1')}\n")
            if fault == "reset":
                # Zero linger sends RST instead of FIN.
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return
            if fault != "passed":
                top, body = answer(b"503 Busy", b"") if fault == "503" else answer(b"412 Precondition Failed", CHALLENGE)
                writer.write(top if method == b"HEAD" else top + body)
                await writer.drain()
                continue
            upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", UPSTREAM)
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
            upstream.write(b"\r\n".join(lines[:-2] + [b"Connection: close", b"", b""]))
            await upstream.drain()
            top = await head_of(upstream_reader)
            body = await upstream_reader.read()
            upstream.close()
            writer.write(top.replace(b"Connection: close\r\n", b"") + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
