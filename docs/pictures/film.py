#!/usr/bin/env python3
"""Films the README's animation: a learner predicts, runs and turns a knob.

    cargo build --release
    pip install pyte pillow            # and the font DejaVu Sans Mono
    docs/pictures/film.py              # writes docs/pictures/simulation.gif

The program runs in a pseudo-terminal of its own with a course of one lesson and an empty folder for
progress; keys are typed at it, and its screen is painted cell by cell.
"""
import fcntl, os, pty, select, shutil, signal, struct, tempfile, termios, time
import pyte
from PIL import Image, ImageDraw, ImageFont

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COLUMNS, ROWS, FRAME_S = 92, 26, 0.1
FONTS = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono{}.ttf"
REGULAR, BOLD = (ImageFont.truetype(FONTS.format(kind), 14) for kind in ("", "-Bold"))
CELL_W, CELL_H = round(REGULAR.getlength("M")), sum(REGULAR.getmetrics())
INK, PAPER = (220, 220, 220), (24, 26, 31)
ENTER, TAB, RIGHT, DOWN = "\r", "\t", "\x1b[C", "\x1b[B"

# Keys, and how long the screen is filmed after each.
SCRIPT = (
    [("", 2.0), (TAB, 1.0), (ENTER, 2.5)]
    + [(key, 0.4) for key in "25"]
    + [(ENTER, 1.2), ("2", 14.0)]
    + [("v", 2.5)]
    + [(RIGHT, 0.4)] * 16
    + [("", 3.0)]
)

LESSON = """# The first request pays

Between two requests an idle environment is kept for a while, then it is gone. The next request
finds nobody and starts one of its own.

[Simulation: keep-alive](../assets/scenarios/keep-alive.toml)
"""

MANIFEST = """schema = 1
id = "film"
title = "Serverless"
language = "en"
license = "CC-BY-4.0"
[[parts]]
title = "Introduction"
[[parts.lessons]]
id = "first-request"
file = "first-request.md"
minutes = 3
"""


def rgb(name, otherwise):
    """A colour as pyte names it."""
    if name == "default":
        return otherwise
    return tuple(bytes.fromhex(name)) if len(name) == 6 else otherwise


def paint(screen):
    """The screen as an image."""
    image = Image.new("RGB", (COLUMNS * CELL_W, ROWS * CELL_H), PAPER)
    draw = ImageDraw.Draw(image)
    for row in range(ROWS):
        for column in range(COLUMNS):
            cell = screen.buffer[row][column]
            ink, paper = rgb(cell.fg, INK), rgb(cell.bg, PAPER)
            if cell.reverse:
                ink, paper = paper, ink
            x, y = column * CELL_W, row * CELL_H
            if paper != PAPER:
                draw.rectangle([x, y, x + CELL_W - 1, y + CELL_H - 1], fill=paper)
            if cell.data.strip():
                sign(draw, cell.data[0], x, y, ink, BOLD if cell.bold else REGULAR)
            if cell.underscore:
                draw.line([x, y + CELL_H - 2, x + CELL_W - 1, y + CELL_H - 2], fill=ink)
    return image


def sign(draw, sign, x, y, ink, font):
    """Bars and dots are painted to the cell, as terminals do; fonts leave gaps."""
    code = ord(sign)
    if 0x2581 <= code <= 0x2588:
        top = y + CELL_H - round(CELL_H * (code - 0x2580) / 8)
        draw.rectangle([x, top, x + CELL_W - 1, y + CELL_H - 1], fill=ink)
    elif 0x2589 <= code <= 0x258F:
        right = x + round(CELL_W * (0x2590 - code) / 8)
        draw.rectangle([x, y, right - 1, y + CELL_H - 1], fill=ink)
    elif 0x2800 <= code <= 0x28FF:
        places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        for bit, (across, down) in enumerate(places):
            if (code - 0x2800) >> bit & 1:
                left, top = x + (across + 0.5) * CELL_W / 2, y + (down + 0.5) * CELL_H / 4
                draw.ellipse([left - 1, top - 1, left + 1, top + 1], fill=ink)
    else:
        draw.text((x, y), sign, font=font, fill=ink)


def main():
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as course:
        for folder in ("lessons", "assets/scenarios"):
            os.makedirs(os.path.join(course, folder))
        shutil.copy(os.path.join(ROOT, "assets/scenarios/keep-alive.toml"),
                    os.path.join(course, "assets/scenarios"))
        with open(os.path.join(course, "lessons", "first-request.md"), "w") as file:
            file.write(LESSON)
        with open(os.path.join(course, "lessons", "course.toml"), "w") as file:
            file.write(MANIFEST)
        child, terminal = pty.fork()
        if child == 0:
            program = os.path.join(ROOT, "target", "release", "coldstart")
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLORFGBG="15;0")
            os.execv(program, [program, "--course", course, "--data-dir", data, "learn",
                               "first-request"])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        screen = pyte.Screen(COLUMNS, ROWS)
        stream = pyte.ByteStream(screen)
        frames = []

        def film(seconds):
            for _ in range(max(1, round(seconds / FRAME_S))):
                until = time.monotonic() + FRAME_S
                while (left := until - time.monotonic()) > 0:
                    if select.select([terminal], [], [], left)[0]:
                        stream.feed(os.read(terminal, 65536))
                image = paint(screen)
                if frames and frames[-1][0].tobytes() == image.tobytes():
                    frames[-1][1] += round(1000 * FRAME_S)
                else:
                    frames.append([image, round(1000 * FRAME_S)])

        for keys, seconds in SCRIPT:
            os.write(terminal, keys.encode())
            film(seconds)
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    sample = frames[:: max(1, len(frames) // 8)]
    strip = Image.new("RGB", (COLUMNS * CELL_W, ROWS * CELL_H * len(sample)))
    for place, (image, _) in enumerate(sample):
        strip.paste(image, (0, place * ROWS * CELL_H))
    palette = strip.quantize(128)
    images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image, _ in frames]
    path = os.path.join(ROOT, "docs", "pictures", "simulation.gif")
    images[0].save(path, save_all=True, append_images=images[1:], loop=0, optimize=True,
                   duration=[span for _, span in frames])
    print(f"{path}: {len(images)} frames, {os.path.getsize(path) // 1024} KiB")


if __name__ == "__main__":
    main()
