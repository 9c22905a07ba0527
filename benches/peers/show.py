#!/usr/bin/env python3
"""CPU time of `coldstart show` beside its peers', on the same texts, in one run.

    cargo build --release
    benches/peers/show.py [--mdcat PATH]

Peers: lowdown (Debian package `lowdown`), without highlighting; mdcat (built by
`cargo install mdcat`), with. The texts are generated: a lesson of 200 lines and one of 1 MB, with
headings, paragraphs, lists, a quote, tables and code. Programs take turns, so that a busy machine
is busy for all; the median counts. The bars: at most 2 times lowdown for 200 lines, 1 time for 1 MB; at most 1 time mdcat.
"""
import argparse, os, random, resource, shutil, subprocess, sys, tempfile, textwrap, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORDS = ("serverless function request cold start environment the a of and to in is that provider "
         "pays idle memory timeout you your keep-alive platform runs code when scale event queue").split()


def text(lines=None, size=None):
    """A lesson of so many lines, or of at least so many bytes; the same at each call."""
    pick = random.Random(7)
    para = lambda n: " ".join(pick.choice(WORDS) for _ in range(n)).capitalize() + "."
    fill = lambda t: textwrap.fill(t, 76, break_on_hyphens=False, break_long_words=False)
    out, number, length = ["# Lesson", ""], 0, 0
    while (lines and len(out) < lines) or (size and length < size):
        number += 1
        parts = [
            f"## Section {number}",
            fill(f"{para(60)} **{para(4)}** and `code_span` with [a link](https://example.com/{number})."),
            fill(para(45)),
            "\n".join("- " + para(12) for _ in range(4)),
            "> " + para(25),
            "| A | B | C |\n|---|---|---|\n"
            + "\n".join(f"| {pick.choice(WORDS)} | {pick.randint(1, 99)} | {para(3)} |" for _ in range(4)),
            f"```python\ndef handler(event, context):\n    # entry {number}\n"
            "    return {'statusCode': 200, 'body': json.dumps(event)}\n```",
            f"1. {para(9)}\n2. {para(9)}",
        ]
        section = "\n\n".join(parts) + "\n"
        length += len(section) + 1
        out += section.split("\n")
    return "\n".join(out[:lines]) + "\n"


def cpu_ms(command):
    """The CPU time of one run, in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def first_byte_ms(command):
    """The time until the first byte of output, in milliseconds."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        child.stdout.read(1)
        elapsed = time.perf_counter() - start
        child.stdout.read()
    return 1000 * elapsed


def compare(what, unit, commands, runs, measure=cpu_ms):
    """Runs the commands in turns; prints each median and its ratio to ours."""
    found = {name: [] for name in commands}
    for name, command in commands.items():
        measure(command)
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(measure(command))
    medians = {name: sorted(times)[len(times) // 2] for name, times in found.items()}
    ours = medians["coldstart"]
    for name, median in medians.items():
        ratio = "" if name == "coldstart" else f"   coldstart/{name} = {ours / median:.2f}"
        print(f"{what:34} {name:10} {median:9.2f} {unit}{ratio}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mdcat", default=shutil.which("mdcat"))
    parser.add_argument("--coldstart", default=os.path.join(ROOT, "target/release/coldstart"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        short, long = os.path.join(folder, "short.md"), os.path.join(folder, "long.md")
        for path, content in ((short, text(lines=200)), (long, text(size=1_000_000))):
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
        show = [args.coldstart, "show", "--color", "always", "--width", "80"]
        lowdown, mdcat = shutil.which("lowdown"), args.mdcat
        for path, name, runs in ((short, "200 lines", 41), (long, "1 MB", 9)):
            if lowdown:
                compare(f"{name}, no highlighting, CPU", "ms", {
                    "coldstart": [*show, "--no-highlight", path],
                    "lowdown": [lowdown, "-tterm", path],
                }, runs)
            if mdcat:
                compare(f"{name}, highlighted, CPU", "ms", {
                    "coldstart": [*show, path],
                    "mdcat": [mdcat, "--columns", "80", "--ansi", path],
                }, runs)
        if mdcat:
            compare("1 MB, first byte, elapsed", "ms", {
                "coldstart": [*show, long],
                "mdcat": [mdcat, "--columns", "80", "--ansi", long],
            }, 9, first_byte_ms)
        if not lowdown and not mdcat:
            sys.exit("no peer found: install lowdown, or give --mdcat PATH")


if __name__ == "__main__":
    main()
