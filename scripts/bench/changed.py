"""A hundredth of a generated site's articles changed for a while, and as they were again."""
import json
import os


class Changed:
    """`with Changed(site) as changed`: every hundredth article says something new, three of them with a new dead link."""

    EVERY = 100

    def __init__(self, site):
        truth = json.load(open(site / "truth.json"))
        paths = [line.strip() for line in open(site / "urls.txt") if "/t20" in line]
        self.paths = paths[17 :: self.EVERY]
        assert self.paths and len(paths) == truth["articles"]
        self.files = [site / "www" / path.lstrip("/") for path in self.paths]
        self.dead = ["/col01/202001/t2020_later%d.html" % n for n in range(min(3, len(self.files)))]
        self.before = []

    def __enter__(self):
        mark = b'<div class="TRS_Editor">'
        for number, file in enumerate(self.files):
            data, stat = file.read_bytes(), file.stat()
            self.before.append((file, data, stat))
            assert mark in data
            charset = "gb18030" if b'charset="gb' in data[:400] else "utf-8"
            new = f"<p>本文第{number}号内容已于近日作出修订,原文同时废止。</p>".encode(charset)
            if number < len(self.dead):
                new += b'<p><a href="%s">' % self.dead[number].encode() + "修订说明".encode(charset) + b"</a></p>"
            file.write_bytes(data.replace(mark, mark + new, 1))
            # The server's validators are the second of the change and the length.
            os.utime(file, (stat.st_atime, stat.st_mtime + 60))
        return self

    def __exit__(self, *_):
        for file, data, stat in self.before:
            file.write_bytes(data)
            os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
