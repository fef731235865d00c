"""The lessons' pictures: one function each, from the columns of its data to axes."""

import math
import pathlib

from tools.plots import style
from tools.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PALE, PURPLE, RED, SKY


def normal(axes, data) -> None:
    """How often each tenth of a unit was hit, and how often it should have been."""
    width, total = 0.1, sum(data["count"])
    counts = dict(zip(data["from"], data["count"]))
    bins = [round(-6 + width * i, 1) for i in range(121)]
    heights = [counts.get(b, 0.0) or 0.1 for b in bins]
    axes.fill_between(bins, 0.1, heights, step="post", color=SKY, alpha=0.5, lw=0)
    axes.step(bins, heights, where="post", color=BLUE, lw=1)
    xs = [-6 + 0.05 * i for i in range(241)]
    peak = total * width / math.sqrt(2 * math.pi)
    axes.plot(xs, [peak * math.exp(-x * x / 2) for x in xs], color=RED, lw=1.4)
    axes.set(xlim=(-6, 6), ylim=(0.3, 2e6), yscale="log")
    axes.set(xlabel="z, in standard deviations", ylabel="numbers in a bin of 0.1")
    style.powers_on(axes.yaxis, 10, range(7))
    axes.set_xticks(range(-6, 7))
    style.label(axes, 0, 2e3, "randn, 2²⁴ numbers", BLUE, ha="center", bbox=None)
    style.label(axes, 2.6, 5e4, "the density × 2²⁴ · 0.1", RED)


def layers(axes, data) -> None:
    """The mean square after each layer."""
    lines = [
        ("relu Kaiming", "relu, Kaiming", BLUE),
        ("tanh Xavier", "tanh, Xavier", GREEN),
        ("silu gain", "silu, gain² = 2.811", ORANGE),
        ("gelu Kaiming", "gelu, Kaiming", PURPLE),
        ("silu Kaiming", "silu, Kaiming", RED),
    ]
    for name, text, color in lines:
        axes.plot(data["layer"], data[name], color=color)
        style.label(axes, 30.5, data[name][-1], text, color)
    axes.set(xlim=(0, 40), yscale="log")
    axes.set(xlabel="layer", ylabel="mean square of the signal")
    axes.set_xticks(range(0, 31, 5))
    style.powers_on(axes.yaxis, 10, range(-9, 2))


def rounding(panels, data) -> None:
    """Errors of exp for each n, by how n ln 2 is taken off."""
    above, below = panels
    xs = [n * math.log(2) for n in data["n"]]
    bars = zip(xs, data["rounded least"], data["rounded most"])
    points = [p for x, low, high in bars for p in ((x, low), (x, high), (x, math.nan))]
    above.plot(*zip(*points), color=RED, lw=1.4, solid_capstyle="butt")
    for name, color in [("fused", ORANGE), ("exp", BLUE)]:
        least, most = data[name + " least"], data[name + " most"]
        below.fill_between(xs, least, most, color=color, lw=0)
    above.set(ylim=(-70, 70))
    below.set(xlim=(-88, 88), ylim=(-5.5, 5.5), xlabel="x")
    below.set_xticks(range(-80, 81, 20))
    for axes in panels:
        axes.set(ylabel="error in ULP")
    style.label(above, 0, 50, "ln 2 as one float, n ln 2 rounded", RED, ha="center")
    style.label(below, 0, 3, "ln 2 as one float, x - n ln 2 fused", ORANGE, ha="center")
    style.label(below, 0, -3, "tensor::exp: ln 2 as two floats", BLUE, ha="center")


def errors(axes, data) -> None:
    """Relative errors of a sum of n equal numbers."""
    count, floor = data["n"], 2.0**-29
    axes.plot(count, [n * 2.0**-24 for n in count], color=GREY, lw=1, ls="--")
    axes.plot(count, [2.0**-24 for _ in count], color=GREY, lw=1, ls="--")
    axes.axhline(floor, color=PALE, lw=1)
    axes.plot(count, data["loop"], color=RED, marker="o", ms=2.5, lw=1)
    sums = [max(error, floor) for error in data["sum"]]
    axes.plot(count, sums, color=BLUE, marker="o", ms=2.5, lw=1)
    axes.set(xlim=(2**3.7, 2**26.7), ylim=(2.0**-30, 4), xscale="log", yscale="log")
    axes.set(xlabel="n, how often 0.1 is added", ylabel="relative error of the sum")
    style.powers_on(axes.xaxis, 2, range(4, 25, 4))
    style.powers_on(axes.yaxis, 10, range(-8, 1))
    style.label(axes, 2**16.9, 5e-5, "a loop that adds to one float", RED)
    style.label(axes, 2**16.9, 3.2e-7, "tensor::sum", BLUE)
    style.label(axes, 2**24.3, 2.0**-24, "2⁻²⁴", GREY)
    style.label(axes, 2**24.3, 1, "n · 2⁻²⁴", GREY)
    style.label(axes, 2**24.3, floor, "exact", GREY)


def curves(axes, data) -> None:
    """Six activations."""
    lines = [
        ("leaky_relu", ORANGE, -3.85, -0.6, "leaky_relu, slope 0.1"),
        ("relu", INK, 4.08, 4.13, "relu, leaky_relu"),
        ("gelu", PURPLE, 4.08, 3.82, "gelu"),
        ("silu", RED, 4.08, 3.51, "silu"),
        ("tanh", GREEN, 4.08, 1.1, "tanh"),
        ("sigmoid", BLUE, 4.08, 0.79, "sigmoid"),
    ]
    for name, color, x, y, text in lines:
        axes.plot(data["x"], data[name], color=color, lw=1.6)
        style.label(axes, x, y, text, color)
    axes.set(xlim=(-4, 5.7), ylim=(-1.2, 4.4), xlabel="x", ylabel="f(x)")


def tails(axes, data) -> None:
    """The largest errors of two ways to compute a sigmoid."""
    axes.step(data["from"], data["formula"], where="post", color=RED)
    axes.step(data["from"], data["sigmoid"], where="post", color=BLUE)
    axes.set(xlim=(-105, 10), ylim=(0.1, 1e7), yscale="log")
    axes.set(xlabel="x", ylabel="largest error in ULP")
    style.powers_on(axes.yaxis, 10, range(-1, 8))
    text = "1 / (1 + exp(-x)): below -88.7\nexp(-x) is infinite, the result 0"
    style.label(axes, -87, 3e5, text, RED)
    style.label(axes, -45, 0.4, "tensor::sigmoid", BLUE)


def steps(axes, data) -> None:
    """GFLOP/s of each step, and the peak."""
    *names, _ = data["step"]
    *rates, peak = data["gflops"]
    axes.barh(names, rates, color=SKY, height=0.62)
    axes.axvline(peak, color=RED, lw=1.4)
    style.label(axes, peak + 3, 0, f"peak\n{peak:.0f}", RED)
    before = None
    for row, rate in enumerate(rates):
        digits = 2 if before is None or rate > 1.1 * before else 3
        factor = "" if before is None else f" (× {rate / before:.{digits}g})"
        x, align = (rate + 3, "left") if rate < peak / 2 else (rate - 3, "right")
        style.label(axes, x, row, f"{rate:g}{factor}", INK, ha=align, bbox=None)
        before = rate
    axes.set(xlim=(0, 250), xlabel="GFLOP/s on one core; × against the step above")
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()


def windows(axes, data) -> None:
    """Errors on digits never seen, by noise and radius, and the schedule's way."""
    noise = data.pop("noise")
    taken = data.pop("schedule")
    axes.plot(noise, taken, color=ORANGE, lw=7, alpha=0.4)
    style.label(axes, 1.6, 0.06, "the schedule", ORANGE, ha="right")
    for name, values in data.items():
        color = INK if name == "whole" else BLUE
        axes.plot(noise, values, color=color, lw=1.2, marker="o", ms=2.5)
        text = "whole picture" if name == "whole" else f"r = {name}"
        style.label(axes, noise[-1] * 0.95, values[-1], text, color)
    axes.set(xlim=(4.2, 0.06), ylim=(0.0025, 0.3), xscale="log", yscale="log")
    axes.set(xlabel="noise s", ylabel="mean squared error per pixel")
    style.numbers_on(axes.xaxis, [4, 2, 1, 0.5, 0.25, 0.125])
    style.numbers_on(axes.yaxis, [0.003, 0.01, 0.03, 0.1, 0.3])


_DRAW = {
    f.__name__: f
    for f in (normal, layers, rounding, errors, curves, tails, steps, windows)
}


def draw(name: str, data: pathlib.Path) -> str:
    """The picture of this name as the text of an SVG file."""
    figure, axes = style.figure(2 if name == "rounding" else 1)
    _DRAW[name](axes, style.read(data))
    return style.svg(figure, data.read_bytes())
