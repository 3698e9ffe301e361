"""What is measured from outside: the processor time and memory of a process tree, and the log of the server that it talks to."""
import os
import signal
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def tree_rss(pid):
    """Resident bytes of a process and everything below it."""
    below = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = open(f"/proc/{entry}/stat").read()
                below.setdefault(int(stat[stat.rindex(")") + 2:].split()[1]), []).append(int(entry))
            except (OSError, ValueError):
                pass
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        waiting += below.get(one, [])
        try:
            total += int(open(f"/proc/{one}/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError):
            pass
    return total


def most_rss(pid):
    """The most bytes that a process itself ever had resident. (What wait4 tells begins with the memory of the process that forked.)"""
    try:
        return next(int(line.split()[1]) * 1024 for line in open(f"/proc/{pid}/status") if line.startswith("VmHWM:"))
    except (OSError, StopIteration, ValueError):
        return 0


def run(command, limit, out, cwd):
    """Runs a program to its end or the limit in seconds: CPU (its own and its children's), wall, peak memory of the tree."""
    peak, began, cut = 0, time.monotonic(), False
    with open(out, "wb") as sink:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True, cwd=cwd)
        ended = False
        try:
            while not ended:
                time.sleep(0.1)
                ended, status, used = os.wait4(child.pid, os.WNOHANG)
                if not ended:
                    peak = max(peak, tree_rss(child.pid), most_rss(child.pid))
                if not ended and not cut and time.monotonic() - began > limit:
                    cut = True
                    os.killpg(child.pid, signal.SIGKILL)
        finally:
            # It leads a session of its own, which an interrupt of ours does not reach.
            if not ended:
                os.killpg(child.pid, signal.SIGKILL)
    return {
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.monotonic() - began,
        "rss": peak / 1e6,
        "cut": cut,
        "exit": os.waitstatus_to_exitcode(status),
    }


class Server:
    """nginx over a generated site, with its log."""

    def __init__(self, site, port, folder):
        self.site, self.port, self.folder = site, port, folder
        self.log = folder / "access.log"
        self.base = f"http://127.0.0.1:{port}"
        folder.mkdir()
        holes = {
            "@ROOT@": str(site / "www"),
            "@RUN@": str(folder),
            "@LOG@": f"{self.log} m buffer=64k flush=1s",
            "@WORKERS@": "1",
            "@GZIP@": "off",
            "@PORT@": str(port),
            # Workers of a server that root starts are somebody else, who may not see the site.
            "@USER@": "user root;" if os.geteuid() == 0 else "",
        }
        text = (HERE / "nginx.conf.in").read_text()
        for name, value in holes.items():
            text = text.replace(name, value)
        (folder / "nginx.conf").write_text(text)
        subprocess.run(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], check=True)

    def stop(self):
        os.kill(int((self.folder / "nginx.pid").read_text()), signal.SIGTERM)

    def forget(self):
        """Empties the log; nginx appends to it."""
        time.sleep(1.2)
        open(self.log, "w").close()

    def seen(self):
        """By path: the method, status and bytes of every answer."""
        time.sleep(1.5)
        seen = {}
        for line in open(self.log, errors="replace"):
            parts = line.split(" ")
            if len(parts) == 4:
                seen.setdefault(parts[2], []).append((parts[0], parts[1], int(parts[3])))
        return seen
