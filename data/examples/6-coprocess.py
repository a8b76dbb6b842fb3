#!/usr/bin/env python3
"""Drives a viewer by its standard input, with nothing but Python's own library.

    6-coprocess.py film.tif out.png

Each line is answered by what it prints, and then a line `ok` or `error: ...`.
"""
import json
import subprocess
import sys


class Viewer:
    def __init__(self, *words):
        self.process = subprocess.Popen(
            ["xlightbox", "--commands", "-", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def run(self, commands):
        """Runs commands; returns what they print. Raises RuntimeError where one fails."""
        self.process.stdin.write(commands + "\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line == "ok":
                return "\n".join(lines)
            if line.startswith("error: "):
                raise RuntimeError(line[len("error: "):])
            lines.append(line)
        raise RuntimeError("the viewer has ended")

    def state(self):
        return json.loads(self.run("state --json"))

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def quoted(name):
    """A file's name as one word of a command."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main(film, out):
    viewer = Viewer("-geometry", "700x500", film)
    viewer.run("wait idle 60; zoom fit")
    # The middle half of what the automatic window shows.
    state = viewer.state()
    viewer.run(f"window {state['window'] / 2} {state['level']}; wait idle 60")
    viewer.run(f"screenshot {quoted(out)} image force")
    print(f"{state['file']}: window {state['window']} halved")
    try:
        viewer.run("zoom sideways")
    except RuntimeError as error:
        print(f"as it should: {error}")
    viewer.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
