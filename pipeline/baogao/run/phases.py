"""The phases of a run, each of which leaves files named by the digest of what they were made from."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.clean.sites import read_site_rules, site_files
from baogao.clean.statistics import MIN_PAGES, STEPS
from baogao.database import connect
from baogao.dataset.shard import Shard
from baogao.dataset.tables import Made, find_reused, write_dataset
from baogao.extract.corrections import Correction, Corrections
from baogao.files import written
from baogao.read.reader import id_of_page
from baogao.read.store import PageFiles, ShardPages, shard_of, shards_in
from baogao.run import tasks
from baogao.run.checkpoint import code_digest, digest, file_digest
from baogao.run.executor import Retrying, find_killers, run_surviving, run_tasks
from baogao.run.output import Output
from baogao.run.plan import note_phase
from baogao.run.progress import Reporter
from baogao.settings import Settings

BUNDLE = 16_000_000
"""Files are read in bundles of about this many bytes, one task each."""
_LARGEST_BUNDLE = 4
"""A bundle is at most so many times that, unless one file alone is larger."""
_MARK = "dataset.json"
"""Tells what the dataset that is there was made from."""

File = tuple[Path, str]


class Phases:
    """One run over an archive. What an earlier run left for the same content, code and settings is not done again."""

    def __init__(self, output: Output, settings: Settings, pool: Executor, reporter: Reporter, corrections: Corrections) -> None:
        self.output, self.settings, self.pool, self.reporter = output, settings, pool, reporter
        self.corrections = corrections
        self.work = output.work.resolve()
        dictionaries = [file_digest(Path(path)) for path in settings.language.dictionaries]
        self.code = digest(code_digest(), dictionaries)
        for path in site_files(settings.clean.sites):
            read_site_rules(path)  # a file that is not valid stops the run before it starts
        self.sites = [file_digest(path) for path in site_files(settings.clean.sites)]

    def carry_out(self, files: Sequence[File], *, retry_failed: bool) -> bool:
        """Bring the dataset up to date; False if it was so already."""
        read = self._read(files, retry_failed=retry_failed)
        pages = self._join(sorted(part for folder in read for part in folder.glob("part-*.parquet")))
        index = self.work / "read" / f"{digest([str(part.relative_to(self.work)) for part in pages.paths], str(pages.left_out))}.txt"
        tasks.write_index(index, pages)
        shards = shards_in(pages)
        counts = self._count(index, shards)
        shares = self._share(counts)
        done = self._process(index, shards, shares, retry_failed=retry_failed)
        joined = [pages.left_out.parent] if pages.left_out else []
        used = {*read, *joined, index, *counts.values(), *shares.values(), *(shard.folder for shard in done)}
        failures = [folder / "failures.parquet" for folder in read]
        key = digest(self.code, self.settings.reuse.model_dump(), sorted(folder.name for folder in (*read, *(s.folder for s in done))))
        fresh = self._write(done, failures, key, used)
        return fresh

    def _read(self, files: Sequence[File], *, retry_failed: bool) -> list[Path]:
        """A folder of pages for each bundle of files."""
        todo, read = [], []
        for bundle in bundles(files):
            stats = [(name, path.stat().st_size, path.stat().st_mtime_ns) for path, name in bundle]
            limits = self.settings.run.model_dump(include={"shards", "page_seconds"})
            folder = self.work / "read" / digest(self.code, self.settings.read.model_dump(exclude={"join_parts"}), limits, stats)
            read.append(folder)
            if retry_failed and folder.exists() and pq.read_metadata(folder / "failures.parquet").num_rows:
                self._forget(folder)
            if not folder.exists():
                todo.append((bundle, folder, self.settings))
        note_phase(self.output, "reading files", read)
        with self.reporter.phase("reading files", len(files)) as advance:
            advance(len(files) - sum(len(bundle) for bundle, *_ in todo))
            for result in run_surviving(self.pool, todo, tasks.read_task, self._read_without_killers):
                advance(result.units)
        return read

    def _join(self, parts: Sequence[Path]) -> PageFiles:
        """The files of pages with the parts of paged articles joined."""
        if not self.settings.read.join_parts:
            return PageFiles(tuple(parts))
        names = [str(part.relative_to(self.work)) for part in parts]
        folder = self.work / "read" / f"joined-{digest(self.code, self.settings.run.shards, names)}"
        if not folder.exists():
            with self.reporter.phase("joining paged articles", None):
                Retrying(self.pool).submit(tasks.join_task, parts, folder, self.settings).result()
        return PageFiles((*parts, *sorted(folder.glob("part-*.parquet"))), folder / "left_out.parquet")

    def _read_without_killers(self, arguments: tuple[Any, ...]) -> tasks.Done:
        files, out, settings = arguments
        killers = find_killers(self.pool, partial(tasks.try_files, settings), files)
        done: tasks.Done = Retrying(self.pool).submit(tasks.read_task, files, out, settings, killers).result()
        return done

    def _count(self, index: Path, shards: Mapping[int, ShardPages]) -> dict[int, Path]:
        """How many of a shard's pages carry each line of a site."""
        folder = self.work / "statistics"
        counts = {shard: folder / f"{digest(self.code, shard, pages.digest)}.counts.parquet" for shard, pages in shards.items()}
        todo = [(index, shard, path) for shard, path in counts.items() if not path.exists()]
        note_phase(self.output, "learning what repeats on each site", list(counts.values()))
        with self.reporter.phase("learning what repeats on each site", sum(pages.pages for pages in shards.values())) as advance:
            advance(sum(pages.pages for shard, pages in shards.items() if counts[shard].exists()))
            for result in run_tasks(Retrying(self.pool), tasks.statistics_task, todo):
                advance(result.units)
        return counts

    def _share(self, counts: Mapping[int, Path]) -> dict[int, Path]:
        """For each shard, what its sites repeat of the lines that it holds, in a file named by its content.

        A shard is processed again when this changes, so that pages added to a site redo its other pages only where they tell more.
        """
        found = {}
        with connect() as connection:
            connection.execute(
                f"""CREATE TABLE shares AS SELECT site, key, {STEPS} * carry // total / {STEPS}::DOUBLE AS share FROM (
                    SELECT site, key, sum(pages)::BIGINT AS carry, total FROM read_parquet($1)
                    JOIN (SELECT site, sum(pages)::BIGINT AS total FROM read_parquet($1) WHERE key IS NULL GROUP BY site) USING (site)
                    WHERE key IS NOT NULL GROUP BY site, key, total
                    HAVING carry >= {MIN_PAGES} AND {STEPS} * carry >= total)""",
                [[str(path) for path in counts.values()]],
            ) if counts else None
            for shard, path in counts.items():
                query = "SELECT site, key, share FROM shares SEMI JOIN read_parquet(?) USING (site, key) ORDER BY site, key"
                own = connection.sql(query, params=[str(path)]).to_arrow_table().cast(tasks.SHARES)
                found[shard] = self.work / "statistics" / f"{_content_digest(own)}.shares.parquet"
                if not found[shard].exists():
                    with written(found[shard]) as temporary:
                        pq.write_table(own, temporary)
        return found

    def _process(self, index: Path, shards: Mapping[int, ShardPages], shares: Mapping[int, Path], *, retry_failed: bool) -> list[Shard]:
        settings = self.settings.model_dump(include={"clean", "language", "extract"})
        done, todo = [], []
        corrections = self._by_shard()
        for shard, pages in shards.items():
            said = corrections.get(shard, {})
            key = digest(
                self.code, settings, self.sites, self.settings.run.page_seconds, shard, pages.digest, shares[shard].name, _plain(said)
            )
            done.append(Shard(shard, pages.pages, self.work / "shards" / key))
            folder = done[-1].folder
            if retry_failed and done[-1].file("failures").exists():
                self._forget(folder)
            if not folder.exists():
                todo.append((index, shard, shares[shard], folder, self.settings, said))
        note_phase(self.output, "cleaning and extracting pages", [shard.folder for shard in done])
        total = sum(pages.pages for pages in shards.values())
        with self.reporter.phase("cleaning and extracting pages", total) as advance:
            advance(total - sum(shards[shard].pages for _, shard, *_ in todo))
            for result in run_surviving(self.pool, todo, tasks.shard_task, self._process_without_killers):
                advance(result.units)
        return done

    def _process_without_killers(self, arguments: tuple[Any, ...]) -> tasks.Done:
        index, shard, statistics, out, settings, corrections = arguments
        attempt = partial(tasks.try_pages, index, shard, statistics, settings, corrections)
        killers = find_killers(self.pool, attempt, tasks.page_ids(index, shard))
        again = (index, shard, statistics, out, settings, corrections, killers)
        done: tasks.Done = Retrying(self.pool).submit(tasks.shard_task, *again).result()
        return done

    def _by_shard(self) -> dict[int, dict[str, Sequence[Correction]]]:
        """Corrections by shard and page, so that a new one redoes its own shard alone."""
        by_shard: dict[int, dict[str, Sequence[Correction]]] = {}
        for sha256, said in self.corrections.items():
            by_shard.setdefault(shard_of(id_of_page(sha256), self.settings.run.shards), {})[sha256] = said
        return by_shard

    def _write(self, done: Sequence[Shard], failures: Sequence[Path], key: str, used: set[Path]) -> bool:
        """Find reuse and write the dataset, unless the one that is there was made from the same; False if so."""
        mark, reuse = self.work / _MARK, self.work / "reuse" / key
        if self.output.dataset.is_dir() and mark.exists() and json.loads(mark.read_text(encoding="utf-8")) == key:
            self._tidy({*used, mark})
            return not self.output.report.exists()
        mark.unlink(missing_ok=True)
        with self.reporter.phase("finding reused text", None) as advance:
            found = find_reused(done, reuse, self.settings.reuse, Retrying(self.pool, advance))
        made = Made(done, failures, found)
        with self.reporter.phase("writing tables", None) as advance:
            write_dataset(self.output.dataset.resolve(), self.work / "dataset" / key, made, Retrying(self.pool, advance))
        with written(mark) as temporary:
            temporary.write_text(json.dumps(key), encoding="utf-8")
        self._tidy({*used, mark})
        return True

    def _forget(self, folder: Path) -> None:
        """Remove a checkpoint, and before it what was made from it under a name that does not change with its content."""
        (self.work / _MARK).unlink(missing_ok=True)
        for made in (self.work / "reuse", self.work / "dataset", folder):
            shutil.rmtree(made, ignore_errors=True)

    def _tidy(self, used: set[Path]) -> None:
        """Checkpoints that no longer belong to this archive and these settings are removed."""
        for folder in ("read", "statistics", "shards", "reuse", "dataset"):
            for path in (self.work / folder).glob("*"):
                if path not in used:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def bundles(files: Sequence[File]) -> Iterator[list[File]]:
    """Files in order, in bundles of about 16 MB.

    Where one ends depends on the name of its last file, by chance in proportion to its size: a file that is added changes the bundle
    that it falls into and leaves the others as they are.
    """
    bundle: list[File] = []
    size = 0
    for path, name in files:
        bytes_ = path.stat().st_size
        bundle.append((path, name))
        size += bytes_
        draw = int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()) / 2**64
        if draw < bytes_ / BUNDLE or size >= _LARGEST_BUNDLE * BUNDLE:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


def _plain(corrections: Corrections) -> list[object]:
    """Corrections as values that can be digested."""
    return [(sha256, [asdict(correction) for correction in said]) for sha256, said in sorted(corrections.items())]


def _content_digest(table: pa.Table) -> str:
    return digest(table.to_pylist())
