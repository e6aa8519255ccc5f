"""A whole run: read, count, clean and extract, find reuse, write the dataset."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from baogao.errors import BaogaoError
from baogao.explore.report import write_report
from baogao.extract.corrections import read_corrections
from baogao.read.sources import list_files
from baogao.run.disk import plain_about_disk
from baogao.run.executor import executor, workers_for
from baogao.run.manifest import write_manifest
from baogao.run.output import Output, locked, open_output, working_alone
from baogao.run.phases import Phases
from baogao.run.progress import Reporter
from baogao.settings import Settings

if TYPE_CHECKING:
    from baogao.evaluation.scores import Figure


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is carried out; nothing of this but the corrections changes its result."""

    workers: int | None = None
    quiet: bool = False
    gold: Path | None = None
    """Gold annotations to score the dataset against in report.html."""
    dask: str | None = None
    """Address of a Dask scheduler that takes the place of the worker processes."""
    retry_failed: bool = False
    """Do the tasks again in which something failed."""
    corrections: Path | None = None
    """A researcher's corrections; by default corrections.jsonl in the output folder, if it is there."""


def run(inputs: Sequence[Path], out: Path, settings: Settings, options: RunOptions) -> Output:
    """Turn an archive into a dataset in `out`.

    Raises BaogaoError for a missing or empty input, for an output folder that holds something else or that another run writes to,
    for a full disk, and for a Dask scheduler that cannot be used.
    """
    missing = [str(path) for path in inputs if not path.exists()]
    if missing:
        raise BaogaoError(f"There is no {', '.join(missing)}; check the spelling of the path.")
    files = list_files(inputs)
    if not files:
        raise BaogaoError(f"There are no files in {', '.join(map(str, inputs))}; give a folder or file with saved pages.")
    if options.gold:
        from baogao.evaluation.gold import load_gold

        load_gold(options.gold)  # a file that is none stops the run before it starts
    output = open_output(out)
    path = options.corrections or output.corrections
    corrections = read_corrections(path) if options.corrections or path.exists() else {}
    started = datetime.now(UTC)
    with locked(output), plain_about_disk(output):
        with _pool(output, options, sum(path.stat().st_size for path, _ in files)) as (pool, workers):
            phases = Phases(output, settings, pool, Reporter(quiet=options.quiet), corrections)
            changed = phases.carry_out(files, retry_failed=options.retry_failed)
        if changed or options.gold:
            write_report(output.dataset, output.report, _scores(options.gold, output))
        write_manifest(output, inputs, settings, started=started, workers=workers, corrections=path)
    return output


def _scores(gold: Path | None, output: Output) -> Sequence[Figure] | None:
    if gold is None:
        return None
    from baogao.evaluation.scores import figures_against

    return figures_against(gold, output.dataset)


@contextlib.contextmanager
def _pool(output: Output, options: RunOptions, size: int) -> Iterator[tuple[Executor, int]]:
    """Where the tasks run, and how many of them at once."""
    if options.dask:
        from baogao.run.cluster import dask_executor

        with dask_executor(options.dask) as pool_and_threads:
            yield pool_and_threads
        return
    workers = workers_for(options.workers, size)
    with working_alone(output) as died, executor(workers, apart=died) as pool:
        yield pool, workers
