"""One picture of what a MiB costs at each size of object: `python plot.py FIGURES.json... --output cost.svg`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

MIB = 1 << 20


def main() -> None:
    """Draw the figures that `objects.py --save` kept."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "cost"}  # the same figures make the same file
    from matplotlib import pyplot

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", type=Path, nargs="+")
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    runs = sorted((json.loads(path.read_text(encoding="utf-8")) for path in given.figures), key=lambda run: run["size"])
    figure, places = pyplot.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
    for place, action in zip(places, ("up", "down"), strict=True):
        for name in runs[0][action]:
            points = [(run["size"], _cost(run, action, name)) for run in runs if name in run[action]]
            own = name == "process-runner"
            place.loglog(*zip(*points, strict=True), marker="o", label=name, linewidth=3 if own else 1)
        place.set(title=action, xlabel="bytes of an object")
    places[0].set_ylabel("CPU seconds for a MiB")
    places[0].legend()
    figure.savefig(given.output, metadata={"Date": None})


def _cost(run: dict, action: str, name: str) -> float:
    return run[action][name][1] / (run["count"] * run["size"] / MIB)


if __name__ == "__main__":
    main()
