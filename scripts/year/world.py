"""The sites of a rehearsed year on loopback: every answer follows from the script and the moment that the clock file names."""

import http.server
import os
import socketserver
import struct
import socket
import threading

import script


class Clock:
    def __init__(self, file):
        self.file = file

    def now(self):
        with open(self.file) as f:
            return int(f.read())


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def handle_error(self, request, address):
        """A visitor that is killed leaves its connections: nothing to tell."""


def serve(year, clock):
    """Starts the server; its port and the number of requests so far."""
    hosts = {unit.host: unit for unit in year.units}
    counts = {"requests": 0}
    lock = threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "year"
        sys_version = ""

        def log_message(self, *_):
            pass

        def reset(self):
            # RST instead of FIN: a line that is cut, not a server that says good-bye.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

        def do_HEAD(self):
            self.answer(False)

        def do_GET(self):
            self.answer(True)

        def answer(self, body):
            with lock:
                counts["requests"] += 1
            moment = clock.now()
            host = (self.headers.get("Host") or "").split(":")[0]
            if year.cut(moment):
                return self.reset()
            if host == "control.year.test":
                return self.send(200, "<html><head><title>control</title></head><body><p>ok</p></body></html>", body)
            unit = hosts.get(host)
            if unit is None:
                return self.send(404, "", body)
            how = unit.up(moment)
            if how == "reset":
                return self.reset()
            if how:
                return self.send(int(how), "<html><body></body></html>", body)
            path = self.path.split("?")[0]
            if path == "/robots.txt":
                return self.send(404, "", body)
            status, text = script.page(unit, path, moment)
            self.send(status, text, body)

        def send(self, status, text, body):
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if body:
                self.wfile.write(data)

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1], counts


def set_clock(file, seconds):
    with open(file + ".new", "w") as f:
        f.write(f"{seconds}\n")
    os.replace(file + ".new", file)
