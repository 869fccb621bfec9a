"""The engine alone: documents per second, CPU per document and peak memory, beside a run of no documents."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from measure import RUNNER, Run, in_turn, machine, run, table

PROCESS = """
processes:
  five-steps:
    steps:
      - start: passthrough
      - data_process: [split: {format: lines}]
      - set_properties:
          text: "{{ document.text }}"
          place: "{{ document.index }}"
          name: order-{{ prop.kind | default('retail') }}-{{ document.size }}
      - decision:
          if: {value: "{{ prop.place }}", greater_than: 1000}
          then:
            - set_properties: {late: "true"}
      - return_documents: orders
"""


def main() -> None:
    """Run the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "process.yaml").write_text(PROCESS, encoding="utf-8")
        counts = [1, *given.documents]
        for count in counts:
            (folder / f"{count}.txt").write_text("".join(f"order {n}\n" for n in range(count)), encoding="utf-8")
        measured = in_turn({str(count): _case(folder, count) for count in counts}, given.rounds)
    print(machine())
    print(table(("documents", "wall s", "documents/s", "CPU us/document", "peak MB"), list(_rows(measured))))


def _case(folder: Path, count: int):
    command = (*RUNNER, "run", "process.yaml", "--input", f"{count}.txt", "--json")
    return lambda: run(command, folder)


def _rows(measured: dict[str, Run]):
    idle = measured["1"]
    for count, each in measured.items():
        wall, cpu = each.wall - idle.wall, each.cpu - idle.cpu
        rate = f"{int(count) / wall:,.0f}" if wall > 0 else ""
        cost = f"{1e6 * cpu / int(count):.1f}" if cpu > 0 else ""
        yield f"{int(count):,}", f"{each.wall:.2f}", rate, cost, f"{each.memory / 1e6:.0f}"


if __name__ == "__main__":
    main()
