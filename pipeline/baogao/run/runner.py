"""A whole run: read, count, clean and extract, find reuse, write the dataset."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from baogao.dataset.tables import Shard, write_dataset
from baogao.errors import BaogaoError
from baogao.evaluation.gold import load_gold
from baogao.evaluation.scores import figures_against
from baogao.explore.report import write_report
from baogao.read.sources import list_files
from baogao.read.store import SCHEMA
from baogao.run import tasks
from baogao.run.checkpoint import code_digest, digest, file_digest, written
from baogao.run.executor import executor, find_killers, run_surviving, run_tasks, workers_for
from baogao.run.manifest import write_manifest
from baogao.run.output import Output, locked, open_output
from baogao.run.plan import note_phase
from baogao.run.progress import Reporter
from baogao.settings import Settings

BUNDLE = 16_000_000
"""Files are read in bundles of about this many bytes, one task each."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is carried out; nothing of this changes its result."""

    workers: int | None = None
    quiet: bool = False
    gold: Path | None = None
    """Gold annotations to score the dataset against in report.html."""


def run(inputs: Sequence[Path], out: Path, settings: Settings, options: RunOptions) -> Output:
    """Turn an archive into a dataset in `out`.

    Raises BaogaoError for a missing or empty input and for an output folder that holds something else.
    """
    missing = [str(path) for path in inputs if not path.exists()]
    if missing:
        raise BaogaoError(f"There is no {', '.join(missing)}; check the spelling of the path.")
    files = list_files(inputs)
    if not files:
        raise BaogaoError(f"There are no files in {', '.join(map(str, inputs))}; give a folder or file with saved pages.")
    if options.gold:
        load_gold(options.gold)  # a file that is none stops the run before it starts
    output = open_output(out)
    started = datetime.now(UTC)
    workers = workers_for(options.workers, sum(path.stat().st_size for path, _ in files))
    with locked(output), executor(workers) as pool:
        _Run(output, settings, pool, Reporter(quiet=options.quiet)).carry_out(files)
        if options.gold:
            write_report(output.dataset, output.report, figures_against(options.gold, output.dataset))
    write_manifest(output, inputs, settings, started=started, workers=workers)
    return output


class _Run:
    """One run's phases, each of which leaves files named by what they were made from."""

    def __init__(self, output: Output, settings: Settings, pool: Executor, reporter: Reporter) -> None:
        self.output, self.settings, self.pool, self.reporter = output, settings, pool, reporter
        dictionaries = [file_digest(Path(path)) for path in settings.language.dictionaries]
        self.code = digest(code_digest(), dictionaries)

    def carry_out(self, files: Sequence[tuple[Path, str]]) -> None:
        pages, failures = self._read(files)
        shards = _shards_in(pages)
        statistics = self._count(pages, shards)
        done = self._process(pages, shards, statistics)
        with self.reporter.phase("finding reuse and writing tables", 1) as advance:
            write_dataset(self.output.dataset, done, failures, self.settings, self.pool)
            write_report(self.output.dataset, self.output.report)
            advance()
        self._tidy({*pages, *failures, *statistics.parent.iterdir(), *(shard.folder for shard in done)})

    def _read(self, files: Sequence[tuple[Path, str]]) -> tuple[list[Path], list[Path]]:
        todo, pages, failures = [], [], []
        for bundle in _bundles(files):
            stats = [(name, path.stat().st_size, path.stat().st_mtime_ns) for path, name in bundle]
            key = digest(self.code, self.settings.read.model_dump(), self.settings.run.shards, stats)
            pages.append(self.output.work / "pages" / f"{key}.parquet")
            failures.append(self.output.work / "failures" / f"{key}.parquet")
            if not (pages[-1].exists() and failures[-1].exists()):
                todo.append((bundle, pages[-1], failures[-1], self.settings))
        note_phase(self.output, "read", pages)
        with self.reporter.phase("reading files", len(files)) as advance:
            advance(len(files) - sum(len(bundle) for bundle, *_ in todo))
            for result in run_surviving(self.pool, todo, tasks.read_task, self._read_without_killers):
                advance(result.units)
        return pages, failures

    def _read_without_killers(self, arguments: tuple[Any, ...]) -> tasks.Done:
        files, pages, failures, settings = arguments
        killers = find_killers(self.pool, partial(tasks.try_files, settings), files)
        return self.pool.submit(tasks.read_task, files, pages, failures, settings, killers).result()

    def _count(self, pages: Sequence[Path], shards: dict[int, int]) -> Path:
        """The archive's site statistics: lines that stand on several pages of a site."""
        folder = self.output.work / "statistics"
        keys = [path.stem for path in pages]
        total = folder / f"{digest(self.code, keys)}.parquet"
        if total.exists():
            return total
        parts = {shard: folder / f"{digest(self.code, keys, shard)}.part.parquet" for shard in shards}
        todo = [(pages, shard, part) for shard, part in parts.items() if not part.exists()]
        with self.reporter.phase("learning what repeats on each site", len(shards)) as advance:
            advance(len(shards) - len(todo))
            for _ in run_tasks(self.pool, tasks.statistics_task, todo):
                advance()
        with written(total) as temporary, duckdb.connect() as connection:
            query = (
                "SELECT site, key, sum(pages)::BIGINT AS pages FROM read_parquet(?) GROUP BY site, key "
                "HAVING key IS NULL OR sum(pages) > 1 ORDER BY site, key NULLS FIRST"
            )
            pq.write_table(connection.sql(query, params=[[str(part) for part in parts.values()]]).to_arrow_table(), temporary)
        return total

    def _process(self, pages: Sequence[Path], shards: dict[int, int], statistics: Path) -> list[Shard]:
        settings = self.settings.model_dump(exclude={"reuse", "run"})
        keys = [path.stem for path in pages]
        done, todo = [], []
        for shard, n in sorted(shards.items()):
            key = digest(self.code, settings, keys, statistics.stem, shard)
            done.append(Shard(shard, n, self.output.work / "shards" / key))
            if not done[-1].folder.exists():
                todo.append((pages, shard, statistics, done[-1].folder, self.settings))
        note_phase(self.output, "clean and extract", [shard.folder for shard in done])
        with self.reporter.phase("cleaning and extracting pages", sum(shards.values())) as advance:
            advance(sum(shards.values()) - sum(shards[shard] for _, shard, *_ in todo))
            for result in run_surviving(self.pool, todo, tasks.shard_task, self._process_without_killers):
                advance(result.units)
        return done

    def _process_without_killers(self, arguments: tuple[Any, ...]) -> tasks.Done:
        pages, shard, statistics, out, settings = arguments
        attempt = partial(tasks.try_pages, pages, shard, statistics, settings)
        killers = find_killers(self.pool, attempt, tasks.page_ids(pages, shard))
        return self.pool.submit(tasks.shard_task, pages, shard, statistics, out, settings, killers).result()

    def _tidy(self, used: set[Path]) -> None:
        """Checkpoints that no longer belong to this archive and these settings are removed."""
        for folder in ("pages", "failures", "statistics", "shards"):
            for path in (self.output.work / folder).glob("*"):
                if path not in used:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _bundles(files: Sequence[tuple[Path, str]]) -> Iterator[list[tuple[Path, str]]]:
    """Files in order, cut where a bundle has reached its size."""
    bundle: list[tuple[Path, str]] = []
    size = 0
    for path, name in files:
        bundle.append((path, name))
        size += path.stat().st_size
        if size >= BUNDLE:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


def _shards_in(pages: Iterable[Path]) -> dict[int, int]:
    """Number of pages in each shard, the empty ones left out."""
    counts: dict[int, int] = {}
    for path in pages:
        for shard in pq.read_table(path, columns=["shard"], schema=SCHEMA).column("shard").to_pylist():
            counts[shard] = counts.get(shard, 0) + 1
    return counts
