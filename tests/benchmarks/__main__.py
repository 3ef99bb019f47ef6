"""`make bench`: every bench_*.py of this folder, one after the other, each in a process of its own.

A benchmark prints its figures as ratios against a baseline it names and measures in the same run, and exits with 1
when a bound it states is not kept.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main(only: list[str]) -> int:
    files = sorted(Path(__file__).parent.glob("bench_*.py"))
    wanted = [file.stem for file in files if not only or file.stem.removeprefix("bench_") in only]
    missed = []
    for name in wanted:
        print(f"--- {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode:
            missed.append(name)
    print(f"{len(wanted)} benchmarks, {len(missed)} with a bound not kept{': ' if missed else '.'}{', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
