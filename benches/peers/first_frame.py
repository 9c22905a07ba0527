#!/usr/bin/env python3
"""From exec to the first frame, and from a key to the last byte drawn, beside the least that a
ratatui program does (`examples/minimal.rs`), in one run.

    cargo build --release --examples --bins
    benches/peers/first_frame.py [--rounds N]

Each program runs in a pseudo-terminal of 80×24; they take turns, so that a busy machine is busy
for all. The bars: first frame of a lesson of 200 lines at most 20 ms on an idle machine and at most
2 times the minimal program; of 20,000 lines at most 3 times that of 200; a key at most 5 ms at the
95th percentile; a full repaint at 200×60 at most 40 KB; nothing written while idle.
"""
import argparse, fcntl, os, pty, select, signal, statistics, struct, sys, tempfile, termios, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def lesson(lines):
    out, number = ["# Lesson", ""], 0
    while len(out) < lines:
        number += 1
        out += [f"## Section {number}", "",
                "A paragraph with **strong words**, `code`, [a link](https://example.com) and enough",
                "further words to fill three lines of the column, so that there is something to wrap",
                "and something to lay out, as in a real lesson about functions and their providers.", "",
                "- one thing that matters", "- another one", ""]
    return "\n".join(out[:lines]) + "\n"


class Program:
    """A program in a pseudo-terminal."""

    def __init__(self, argv, size=(80, 24), env=None):
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", **(env or {}))
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.execv(argv[0], argv)
        self.output = b""

    def read(self, until, quiet=0.05, limit=10.0):
        """Reads up to the bytes `until`, or until nothing came for `quiet` seconds (None); the time
        of the last byte, in seconds since the program began."""
        last, begun = self.began, time.perf_counter()
        start = len(self.output)
        while time.perf_counter() - begun < limit:
            ready, _, _ = select.select([self.fd], [], [], quiet)
            if not ready:
                if until is None and len(self.output) > start:
                    return last - self.began
                continue
            try:
                self.output += os.read(self.fd, 65536)
            except OSError:
                break
            last = time.perf_counter()
            if until is not None and until in self.output[start:]:
                return last - self.began
        sys.exit(f"nothing came: {self.output[-300:]!r}")

    def key(self, key):
        sent = time.perf_counter()
        os.write(self.fd, key)
        return self.read(None, quiet=0.02, limit=2.0) + self.began - sent

    def rest(self, seconds):
        """Reads what comes in so many seconds."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                self.output += os.read(self.fd, 65536)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=30)
    rounds = arguments.parse_args().rounds
    coldstart = f"{ROOT}/target/release/coldstart"
    minimal = f"{ROOT}/target/release/examples/minimal"
    folder = tempfile.mkdtemp()
    paths = {}
    for lines in (200, 20_000):
        paths[lines] = f"{folder}/{lines}.md"
        with open(paths[lines], "w") as file:
            file.write(lesson(lines))
    env = {"COLDSTART_DATA_DIR": f"{folder}/data"}
    done = b"\x1b[?2026l"
    programs = {
        "minimal, 200 lines": ([minimal, paths[200]], b"line 0, j k q"),
        "coldstart, 200 lines": ([coldstart, "learn", paths[200]], done),
        "coldstart, 20,000 lines": ([coldstart, "learn", paths[20_000]], done),
        "coldstart, the course": ([coldstart], done),
    }
    frames = {name: [] for name in programs}
    for _ in range(rounds):
        for name, (argv, mark) in programs.items():
            program = Program(argv, env=env)
            frames[name].append(program.read(mark) * 1000)
            program.end()
    base = statistics.median(frames["minimal, 200 lines"])
    print(f"exec to first frame, ms, {rounds} rounds")
    for name, times in frames.items():
        median = statistics.median(times)
        print(f"  {name:26} median {median:6.2f}   best {min(times):6.2f}   {median / base:5.2f} × minimal")
    small, large = (statistics.median(frames[f"coldstart, {n} lines"]) for n in ("200", "20,000"))
    print(f"  20,000 lines / 200 lines: {large / small:.2f}")

    print("key to last byte, ms")
    for name, (argv, mark) in list(programs.items())[:3]:
        program = Program(argv, env=env)
        program.read(mark)
        program.rest(0.4)
        times = [program.key(b"j") * 1000 for _ in range(100)]
        print(f"  {name:26} p50 {percentile(times, .5):6.2f}   p95 {percentile(times, .95):6.2f}")
        if name.startswith("coldstart"):
            program.rest(2.6)
            before = len(program.output)
            program.rest(1.0)
            print(f"  {'':26} written in an idle second: {len(program.output) - before} bytes")
        program.end()

    program = Program([coldstart, "learn", paths[200]], size=(200, 60), env=env)
    program.read(done)
    print(f"first frame at 200×60: {len(program.output)} bytes")
    program.rest(0.5)
    with open(f"/proc/{program.pid}/status") as status:
        memory = [line.split()[1] for line in status if line.startswith("VmRSS")]
    print(f"memory while reading: {int(memory[0]) / 1024:.1f} MiB")
    program.end()


main()
