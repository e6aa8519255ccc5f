"""The plan of a run: which files its phases will leave, so that another process can tell how far it has come."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from baogao.files import written
from baogao.run.output import Output

_PLAN = "plan.json"


def note_phase(output: Output, phase: str, paths: Iterable[Path]) -> None:
    """Put down what a phase will leave in the work folder."""
    plan = _read(output)
    plan[phase] = [path.relative_to(output.work.resolve()).as_posix() for path in paths]
    with written(output.work / _PLAN) as temporary:
        temporary.write_text(json.dumps(plan), encoding="utf-8")


def _read(output: Output) -> dict[str, list[str]]:
    path = output.work / _PLAN
    plan: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return plan


def progress_of(output: Output) -> list[str]:
    """A line for each phase that has begun: how many of its tasks are done."""
    lines = []
    for phase, paths in _read(output).items():
        done = sum((output.work / path).exists() for path in paths)
        lines.append(f"{phase}: {done} of {len(paths)} tasks done")
    return lines
