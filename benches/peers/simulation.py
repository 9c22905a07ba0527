#!/usr/bin/env python3
"""What a simulation costs while it plays on the screen: bytes a second, processor time, frames a
second; how soon after a prediction the first frame of the run is there, and after a knob's turn the
whole answer; and that nothing is written and no time used once the run is over.

    cargo build --release
    benches/peers/simulation.py [--scenario FILE]… [--size 100x40]

Without `--scenario` every scenario of the course is played that has a prediction. The bars: at most
20 frames and 60 KB a second at 100×40, at most 5 % of a core at the speed that a run begins with,
0 bytes and 0 ticks when it is over.
"""
import argparse, importlib.util, os, re, shutil, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TICK = os.sysconf("SC_CLK_TCK")


def program_class():
    """The pseudo-terminal of the script beside this one, without running it."""
    with open(f"{HERE}/first_frame.py") as file:
        source = file.read().rsplit("\nmain()", 1)[0]
    spec = importlib.util.spec_from_loader("first_frame", loader=None)
    module = importlib.util.module_from_spec(spec)
    module.__file__ = f"{HERE}/first_frame.py"
    exec(compile(source, "first_frame.py", "exec"), module.__dict__)
    return module.Program


def ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def course(folder, scenario):
    """A course with one lesson that has this scenario."""
    shutil.copytree(f"{ROOT}/assets", f"{folder}/assets")
    with open(f"{folder}/1-lesson.md", "w") as lesson:
        lesson.write(f"# Lesson\n\n[Simulation: it](assets/scenarios/{os.path.basename(scenario)})\n")


def play(Program, scenario, size):
    folder = tempfile.mkdtemp()
    course(folder, scenario)
    binary = f"{ROOT}/target/release/coldstart"
    env = {"COLDSTART_DATA_DIR": f"{folder}/data"}
    program = Program([binary, "--course", folder], size=size, env=env)
    program.read(b"\x1b[?2026l")
    program.rest(0.4)
    os.write(program.fd, b"S")
    program.rest(0.4)
    begun = time.perf_counter()
    os.write(program.fd, b"1\r1")
    start = len(program.output)
    while b"\xe2\x96\xb6" not in program.output[start:] and time.perf_counter() - begun < 20:
        program.rest(0.01)
    ready = time.perf_counter() - begun
    # What else is computed comes while it plays.
    program.rest(4.0)
    bytes_before, ticks_before, frames_before = len(program.output), ticks(program.pid), program.output.count(b"\x1b[?2026l")
    begun = time.perf_counter()
    worst = 0
    for _ in range(6):
        at = len(program.output)
        program.rest(1.0)
        worst = max(worst, len(program.output) - at)
    took = time.perf_counter() - begun
    written = (len(program.output) - bytes_before) / took
    frames = (program.output.count(b"\x1b[?2026l") - frames_before) / took
    share = (ticks(program.pid) - ticks_before) / TICK / took
    os.write(program.fd, b"\x1b[F")
    program.rest(1.0)
    try:
        turned = program.key(b"l")
    except SystemExit:  # A knob at its end turns the other way.
        turned = program.key(b"h")
    program.rest(4.0)
    bytes_before, ticks_before = len(program.output), ticks(program.pid)
    program.rest(1.0)
    idle = len(program.output) - bytes_before, ticks(program.pid) - ticks_before
    program.end()
    shutil.rmtree(folder)
    return ready, frames, written, worst, share, turned, idle


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--scenario", action="append", default=[])
    arguments.add_argument("--size", default="100x40")
    options = arguments.parse_args()
    size = tuple(int(part) for part in options.size.split("x"))
    paths = options.scenario
    if not paths:
        folder = f"{ROOT}/assets/scenarios"
        for name in sorted(os.listdir(folder)):
            with open(f"{folder}/{name}") as file:
                if "[predict]" in (text := file.read()) and not re.search(r'model = "(cost|memory)"', text):
                    paths.append(f"{folder}/{name}")
    Program = program_class()
    print(f"{options.size}: ready after, ms · frames/s · KB/s (worst second) · % of a core · knob to last byte, ms · idle: bytes, ticks")
    bad = 0
    for path in paths:
        ready, frames, written, worst, share, turned, idle = play(Program, path, size)
        over = worst > 60_000 or share > 0.05 or frames > 20.5 or idle != (0, 0)
        bad += over
        print(f"  {os.path.basename(path):26} {ready * 1000:6.0f}  {frames:5.1f}  {written / 1000:5.1f} ({worst / 1000:5.1f})"
              f"  {share * 100:5.1f}  {turned * 1000:6.1f}  {idle[0]}, {idle[1]}{'   over' if over else ''}")
    sys.exit(1 if bad else 0)


main()
