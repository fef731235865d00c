"""How all pictures look: sizes, colours, labels, and SVG files that can be repeated."""

import csv
import hashlib
import io
import pathlib
import re

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot, ticker  # noqa: E402

# After Okabe and Ito, whose colours the colour-blind can tell apart; orange and purple
# are darker, for labels.
BLUE, RED, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY = "#AA4499", "#B77E00", "#56B4E9"
INK, GREY, PALE = "#222222", "#777777", "#DDDDDD"

_SETTINGS = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # the widest in use: what fits here, fits
    "font.size": 10,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "none",
    "text.color": INK,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
}
_DIGITS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def read(path: pathlib.Path) -> dict[str, list]:
    """The columns of a CSV file by name; numbers where all of a column are numbers.
    Lines that begin with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    columns = {}
    for name, *cells in zip(*rows):
        try:
            columns[name] = [float(cell) for cell in cells]
        except ValueError:
            columns[name] = cells
    return columns


def power(base: int, exponent: int) -> str:
    """base to the exponent as text; superscript digits need no mathematics in SVG."""
    if exponent in (0, 1):
        return str(base**exponent)
    return str(base) + str(exponent).translate(_DIGITS)


def figure(panels: int = 1):
    """A figure and its axes, or two of them, one over the other."""
    matplotlib.rcParams.update(_SETTINGS)
    height = 3.5 if panels == 1 else 4.5
    return pyplot.subplots(
        panels, figsize=(7, height), sharex=True, layout="constrained"
    )


def powers_on(axis, base: int, exponents) -> None:
    """Ticks and grid at these powers on a logarithmic axis."""
    numbers_on(axis, [float(base) ** e for e in exponents])
    axis.set_major_formatter(ticker.FixedFormatter([power(base, e) for e in exponents]))


def numbers_on(axis, numbers) -> None:
    """Ticks and grid at these numbers alone."""
    axis.set_major_locator(ticker.FixedLocator(numbers))
    axis.set_major_formatter(ticker.FixedFormatter([f"{x:g}" for x in numbers]))
    axis.set_minor_locator(ticker.NullLocator())


def label(axes, x, y, text, color, **kwargs) -> None:
    """A line's name in the line's colour, in the data's coordinates; no grid behind."""
    box = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    kwargs = {"va": "center", "bbox": box} | kwargs
    axes.text(x, y, text, color=color, **kwargs)


def svg(picture, data: bytes) -> str:
    """The figure as SVG: the same bytes each time, with a sum of the data inside."""
    matplotlib.rcParams["svg.hashsalt"] = "tensor"
    source = "data sha256 " + hashlib.sha256(data).hexdigest()
    out = io.StringIO()
    picture.savefig(
        out, format="svg", metadata={"Date": None, "Creator": None, "Source": source}
    )
    pyplot.close(picture)
    text = out.getvalue().replace("'DejaVu Sans', sans-serif", "sans-serif")
    text = re.sub(r' transform="rotate\(-?0 [^"]*"', "", text)
    # In tags, not in what stands between them, hundredths of a point will do.
    text = re.sub("<[^>]*>", lambda tag: re.sub(r"(\.\d\d)\d+", r"\1", tag[0]), text)
    return "".join(line.rstrip() + "\n" for line in text.splitlines())
