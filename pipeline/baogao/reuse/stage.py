"""The stage: from the reports of an archive to the tables of reuse, as tasks for an executor."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baogao.identifiers import derive_id
from baogao.records import SCHEMAS, Failure, to_arrow
from baogao.reuse.alike import Alike, find_alike, groups_of
from baogao.reuse.edges import find_edges
from baogao.reuse.findings import FOUND, find_in_reports, gather_findings
from baogao.reuse.formula import find_phrases
from baogao.reuse.pairs import write_pairs
from baogao.reuse.passage_files import USES, describe_passages
from baogao.reuse.passages import collect_uses
from baogao.reuse.seeds import link_seeds, report_ranges, seed_part
from baogao.reuse.settings import ReuseSettings
from baogao.reuse.shares import INTERVALS, SHARES, share_reports
from baogao.reuse.store import Reports, Store, build_store, fold_store
from baogao.reuse.tasks import Task, load_rows, run_tasks, save_rows

_USE_CHARS = 200
"""Characters that cost as much to align as a use costs besides its characters."""


@dataclass(frozen=True)
class ReuseResult:
    """What was found, as Parquet files in a folder; each property reads one table whole.

    `pairs`, `passages` and `findings` are tables of the dataset, sorted by their identifiers; `passage_uses` lacks raw offsets.
    `reports` has cluster_id, is_representative and the shares of every report, `intervals` the stretches of text behind them.
    `failures` names the limits that were hit.
    """

    folder: Path

    def files(self, table: str) -> list[Path]:
        """Parquet files of a table, in the order of its rows."""
        return sorted((self.folder / table).glob("part-*.parquet"))

    def _read(self, table: str, schema: pa.Schema) -> pa.Table:
        return pa.concat_tables([schema.empty_table(), *(pq.read_table(path, schema=schema) for path in self.files(table))])

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs of reports."""
        return self._read("pairs", SCHEMAS["pairs"])

    @cached_property
    def passages(self) -> pa.Table:
        """Passages with skeleton and slots."""
        return self._read("passages", SCHEMAS["passages"])

    @cached_property
    def passage_uses(self) -> pa.Table:
        """Uses of passages with slot values."""
        return self._read("passage_uses", USES)

    @cached_property
    def findings(self) -> pa.Table:
        """Findings."""
        return self._read("findings", FOUND)

    @cached_property
    def reports(self) -> pa.Table:
        """Cluster and shares of each report."""
        return self._read("reports", REPORTS)

    @cached_property
    def intervals(self) -> pa.Table:
        """Stretches of reused text, not overlapping."""
        return self._read("intervals", INTERVALS)

    @cached_property
    def failures(self) -> pa.Table:
        """Limits that were hit."""
        return self._read("failures", SCHEMAS["failures"])


REPORTS = pa.schema([SHARES.field(0), pa.field("cluster_id", pa.string()), pa.field("is_representative", pa.bool_()), *list(SHARES)[1:]])
"""Columns of ReuseResult.reports."""


def find_reuse(reports: Reports, folder: Path, settings: ReuseSettings | None = None, executor: Executor | None = None) -> ReuseResult:
    """Find reuse in the reports of an archive and write the result to a new or unfinished `folder`.

    Reports come in any order as record batches, a Parquet folder or a dataset, with the columns of `store.COLUMNS`. Tasks whose
    output is in the folder are not run again. ValueError if two reports have one identifier.
    """
    return _Stage(folder, settings or ReuseSettings(), executor).run(reports)


class _Stage:
    """The steps of the stage, each from files of the one before to files of its own."""

    def __init__(self, folder: Path, settings: ReuseSettings, executor: Executor | None) -> None:
        self.folder, self.work, self.settings, self.executor = folder, folder / "work", settings, executor

    def run(self, reports: Reports) -> ReuseResult:
        """All steps, in order."""
        store = build_store(reports, self.work / "store", part_reports=self.settings.part_reports, part_chars=self.settings.part_chars)
        fold_store(store, self.work, self.executor)
        alike = find_alike(store, self.work, self.settings, self.executor)
        seeded, linked = self._link(store, alike)
        described = self._describe(store, self._uses(store, alike, seeded, linked))
        self._share(store, alike, described)
        self._find(store, described, self._pair(store, alike, described))
        for table in ("passages", "passage_uses"):
            self._move(table, [folder / f"{table}.parquet" for folder in described])
        self._report_limits(alike, linked, described)
        return ReuseResult(self.folder)

    def _run(self, tasks: Sequence[Task]) -> list[Path]:
        return run_tasks(tasks, self.executor)

    def _link(self, store: Store, alike: Alike) -> tuple[list[Path], list[Path]]:
        """Formulas and seeds of each part, and links between equal seeds."""
        files = self.work / "copies.npy", find_phrases(store, alike, self.work, self.settings, self.executor)
        seeded = self._run(
            [Task(seed_part, self.work / f"seeds-{i:05d}", (store.folder, i, files, self.settings)) for i in range(store.n_parts)]
        )
        parts = -(-sum(len(load_rows(path / "seeds.npy")) for path in seeded) // self.settings.task_rows)
        linked = self._run([Task(link_seeds, self.work / f"links-{i:05d}", (seeded, i, parts, self.settings)) for i in range(parts)])
        return seeded, linked

    def _uses(self, store: Store, alike: Alike, seeded: Sequence[Path], linked: Sequence[Path]) -> NDArray[Any]:
        """Uses of all passages."""
        ranges = report_ranges(store, self.settings.part_chars)
        edges = self._run(
            [
                Task(find_edges, self.work / f"edges-{i:05d}.npy", (store.folder, (seeded, linked), reports, self.settings.passages))
                for i, reports in enumerate(ranges)
            ]
        )
        return collect_uses(store, edges, [path / "formulas.npy" for path in seeded], alike.first)

    def _describe(self, store: Store, uses: NDArray[Any]) -> list[Path]:
        """Templates, uses and stretches, some passages a task."""
        files = self.work / "uses.npy", self.work / "copies.npy", self.work / "sample.npy"
        save_rows(files[0], uses)
        sample = np.zeros(len(store), bool)
        sample[np.argsort(store.draws, kind="stable")[: self.settings.sample_reports]] = True
        save_rows(files[2], sample)
        starts, _ = groups_of(uses["passage"])
        work = np.cumsum((uses["end"] - uses["start"]).astype(np.int64) + _USE_CHARS)
        lots = np.flatnonzero(np.diff(work[starts] // self.settings.part_chars, prepend=-1))
        cuts = [*starts[lots].tolist(), len(uses)]
        return self._run(
            [
                Task(describe_passages, self.work / f"passages-{first:09d}", (store.folder, files, (first, last), self.settings.passages))
                for first, last in itertools.pairwise(cuts)
            ]
        )

    def _share(self, store: Store, alike: Alike, described: Sequence[Path]) -> None:
        """Tables reports and intervals."""
        ranges = report_ranges(store, self.settings.part_chars)
        folders = self._run(
            [Task(share_reports, self.work / f"shares-{i:05d}", (store.folder, described, reports)) for i, reports in enumerate(ranges)]
        )
        self._move("intervals", [folder / "intervals.parquet" for folder in folders])
        shares = pa.concat_tables([SHARES.empty_table(), *(pq.read_table(folder / "shares.parquet") for folder in folders)])
        names = store.columns["report_id"]
        size = np.bincount(alike.stands, minlength=len(store))
        clusters = pa.array(
            [
                derive_id("k", name) if size[number] > 1 else None
                for number, name in zip(alike.stands.tolist(), names.take(alike.stands).to_pylist(), strict=True)
            ],
            pa.string(),
        )
        stands = pa.array(alike.stands == np.arange(len(store)))
        columns = [names.combine_chunks(), clusters, stands, *(shares[name].combine_chunks() for name in SHARES.names[1:])]
        self._write("reports", pa.Table.from_arrays(columns, schema=REPORTS))

    def _pair(self, store: Store, alike: Alike, described: Sequence[Path]) -> list[Path]:
        """Table pairs, a file a range of reports."""
        measured = self.work / "measured.npy"
        save_rows(measured, alike.measured)
        files = [measured, self.work / "copies.npy", *(folder / "pairs.npy" for folder in described)]
        ranges = report_ranges(store, self.settings.part_chars)
        threshold = self.settings.alike.near_duplicate
        return self._run(
            [
                Task(write_pairs, self.folder / "pairs" / f"part-{i:05d}.parquet", (store.folder, files, reports, threshold))
                for i, reports in enumerate(ranges)
            ]
        )

    def _find(self, store: Store, described: Sequence[Path], pairs: Sequence[Path]) -> None:
        """Table findings."""
        ranges = report_ranges(store, self.settings.part_chars)
        found = self._run(
            [
                Task(find_in_reports, self.work / f"findings-{i:05d}.parquet", (store.folder, described, path, reports))
                for i, (reports, path) in enumerate(zip(ranges, pairs, strict=True))
            ]
        )
        self._write("findings", gather_findings(found))

    def _report_limits(self, alike: Alike, linked: Sequence[Path], described: Sequence[Path]) -> None:
        """Table failures."""
        settings = self.settings
        groups = alike.capped[1].tolist()
        repeating = sorted({report for path in linked for report in load_rows(path / "capped.npy").tolist()})
        joined = [count for path in described for count in load_rows(path / "capped.npy").tolist()]
        found = [
            (
                groups,
                f"groups of more than {settings.alike.bucket_reports} alike reports (up to {max(groups, default=0)}): "
                "not every two reports of them were compared",
                "raise reuse.alike.bucket_reports to compare all of them",
            ),
            (
                repeating,
                f"reports that repeat a passage more than {settings.passages.repeats} times: further repetitions were not followed",
                "raise reuse.passages.repeats to follow them",
            ),
            (
                joined,
                f"passages in more than {settings.passages.pair_reports} reports (up to {max(joined, default=0)}): "
                "not every two reports of them are listed as a pair",
                "raise reuse.passages.pair_reports to list them",
            ),
        ]
        rows = [Failure("all reports", None, "reuse", f"{len(hits)} {error}", remedy) for hits, error, remedy in found if hits]
        self._write("failures", to_arrow("failures", rows))

    def _move(self, table: str, files: Sequence[Path]) -> None:
        """Give files of a table their place in the result."""
        (self.folder / table).mkdir(parents=True, exist_ok=True)
        for i, path in enumerate(files):
            shutil.copyfile(path, self.folder / table / f"part-{i:05d}.parquet")

    def _write(self, table: str, rows: pa.Table) -> None:
        (self.folder / table).mkdir(parents=True, exist_ok=True)
        pq.write_table(rows, self.folder / table / "part-00000.parquet", compression="zstd")
