"""Speed, memory and pairs found of near-duplicate finders on one planted archive, one tool a process.

    python benchmarks/reuse_speed.py TOOL [--reports 10000] [--threshold 0.5] [--workers 2] [--identical]

TOOL is one of: baogao, baogao-all (with passages, templates and findings), datasketch, datasketch-batch, rensa, gaoya, text-dedup;
a name with `-default` runs the peer as it comes, cutting text into words at white space or \\W, without it the peer gets character
5-grams. The peers are not dependencies of this project: install what you compare with. Prints one line of JSON:
seconds of wall clock and of CPU, peak memory in GB, and the share of planted pairs at Jaccard 0.6 and above that were found and
of reported pairs that truly reach the threshold, both against exact character 5-grams. baogao gets the reports as they are made, so
that a million of them are never held at once; making them is not in the processor seconds (and, as it goes on meanwhile, is in those of
the wall clock). `--identical` makes one report over and over: the worst of bad input.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations, groupby
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "pipeline"))
from reuse_planted import Planted, batches, identical, planted

Pairs = set[tuple[int, int]]
_SKIPPED = re.compile(r"[^\w]|_")


def grams(text: str) -> set[str]:
    """Character 5-grams of letters, digits and Han."""
    kept = _SKIPPED.sub("", text)
    return {kept[i : i + 5] for i in range(len(kept) - 4)}


def jaccard(one: set[str], other: set[str]) -> float:
    """Similarity of two sets."""
    return len(one & other) / max(1, len(one | other))


def by_baogao(reports: Iterable[Planted], threshold: float, workers: int, *, everything: bool) -> Pairs:
    """This project: near-duplicates alone, or the whole stage."""
    import pyarrow.compute as pc

    from baogao.reuse import find_reuse
    from baogao.reuse.alike import find_alike, jaccard
    from baogao.reuse.settings import NearDuplicateSettings, ReuseSettings
    from baogao.reuse.store import build_store, fold_store

    settings = ReuseSettings(alike=NearDuplicateSettings(near_duplicate=threshold, lowest_similarity=threshold))
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        executor = pool if workers > 1 else None
        if everything:
            pairs = find_reuse(batches(reports), Path(folder) / "out", settings, executor).pairs
            near = pairs.select(["report_a", "report_b"]).filter(pairs["near_duplicate"])
            a, b = (pc.cast(pc.utf8_slice_codeunits(column, 1), "int64").to_pylist() for column in near.columns)
            return set(zip(a, b, strict=True))
        work = Path(folder) / "work"
        store = build_store(batches(reports), work / "store", part_reports=settings.part_reports, part_chars=settings.part_chars)
        fold_store(store, work, executor)
        alike = find_alike(store, work, settings, executor)
        copies = {(first, copy) for copy, first in enumerate(alike.first.tolist()) if first != copy}
        near = alike.measured[jaccard(alike.measured) >= threshold]
        return copies | set(map(tuple, near[["a", "b"]].tolist()))


def by_datasketch(sets: Iterable[set[str]], threshold: float, *, one_by_one: bool) -> Pairs:
    """datasketch: MinHashLSH; grams one by one, as its introduction shows, or a report's in one batch."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    pairs = set()
    for number, tokens in enumerate(sets):
        sketch = MinHash(num_perm=128)
        if one_by_one:
            for token in tokens:
                sketch.update(token.encode())
        else:
            sketch.update_batch([token.encode() for token in tokens])
        pairs |= {(int(found), number) for found in index.query(sketch)}
        index.insert(str(number), sketch)
    return pairs


def by_rensa(sets: Iterable[set[str]], threshold: float) -> Pairs:
    """rensa: RMinHashLSH, candidates kept if their sketches agree in the threshold."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=32)
    sketches = []
    pairs = set()
    for number, tokens in enumerate(sets):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(sorted(tokens))
        pairs |= {(found, number) for found in index.query(sketch) if sketches[found].jaccard(sketch) >= threshold}
        index.insert(number, sketch)
        sketches.append(sketch)
    return pairs


def by_gaoya(texts: list[str], threshold: float, *, default: bool) -> Pairs:
    """gaoya: MinHashStringIndex, both cores by its own threads."""
    from gaoya.minhash import MinHashStringIndex

    shape = {"analyzer": "word"} if default else {"analyzer": "char", "ngram_range": (5, 5)}
    index = MinHashStringIndex(jaccard_threshold=threshold, num_bands=42, band_size=3, **shape)
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    found = index.par_bulk_query(texts)
    return {(min(number, other), max(number, other)) for number, others in enumerate(found) for other in others if other != number}


def by_text_dedup(texts: list[str], threshold: float, workers: int) -> Pairs:
    """text-dedup: its command; it tells clusters, so every two reports of one count as a pair."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "texts.jsonl"
        data.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
        options = f"--path json --split train --column text --num_perm 128 --ngram 5 --min_length 5 --threshold {threshold} --debug"
        files = ["--data_files", str(data), "--cache_dir", f"{folder}/cache", "--output", f"{folder}/out", "--num_proc", str(workers)]
        command = [sys.executable, "-m", "text_dedup.minhash", *options.split(), *files]
        subprocess.run(command, check=True, capture_output=True)
        with (Path(folder) / "out" / "uf.pkl").open("rb") as file:
            found = pickle.load(file)
    clusters = defaultdict(list)
    for number in range(len(texts)):
        clusters[found.find(number)].append(number)
    return {pair for members in clusters.values() for pair in combinations(members, 2)}


def finder(tool: str, made: Iterable[Planted], threshold: float, workers: int) -> Callable[[], Pairs]:
    """The call that is measured."""
    if tool.startswith("baogao"):
        return lambda: by_baogao(made, threshold, workers, everything=tool == "baogao-all")
    default = tool.endswith("-default")
    texts = [report.text if default else _SKIPPED.sub("", report.text) for report in made]
    tokens = (set(text.split()) for text in texts) if default else map(grams, texts)
    calls: dict[str, Callable[[], Pairs]] = {
        "datasketch": lambda: by_datasketch(tokens, threshold, one_by_one=True),
        "datasketch-batch": lambda: by_datasketch(tokens, threshold, one_by_one=False),
        "rensa": lambda: by_rensa(tokens, threshold),
        "gaoya": lambda: by_gaoya(texts, threshold, default=default),
        "text-dedup": lambda: by_text_dedup(texts if default else [" ".join(text) for text in texts], threshold, workers),
    }
    return calls[tool.removesuffix("-default")]


class Timed:
    """Reports as they are made, with the processor seconds that making them took."""

    def __init__(self, reports: Iterable[Planted]) -> None:
        self._reports = iter(reports)
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Planted]:
        return self

    def __next__(self) -> Planted:
        start = time.process_time()
        try:
            return next(self._reports)
        finally:
            self.seconds += time.process_time() - start


def families(reports: Iterable[Planted]) -> Iterator[dict[int, str]]:
    """Texts of each planted family by number; its members stand one after the other."""
    numbered = enumerate(reports)
    for family, members in groupby(numbered, key=lambda item: item[1].family):
        if family >= 0:
            yield {number: report.text for number, report in members}


def quality(make: Callable[[], Iterable[Planted]], found: Pairs, threshold: float) -> tuple[float, float, int]:
    """Share of the planted pairs at 0.6 and above that were found, and of found pairs that reach the threshold; their number.

    Family by family, so that a million reports are never held. An exact copy counts as found if it is tied to any of its family.
    """
    partners: dict[int, set[int]] = defaultdict(set)
    for a, b in found:
        partners[a].add(b)
    wanted = hit = true = 0
    across = set(found)
    for texts in families(make()):
        sets = {number: grams(text) for number, text in texts.items()}
        first: dict[str, int] = {}
        original = {number: first.setdefault(_SKIPPED.sub("", text), number) for number, text in texts.items()}
        inside = {(a, b) for a in texts for b in partners.get(a, ()) if b in texts}
        tied = {frozenset((original[a], original[b])) for a, b in inside}
        planted_pairs = {frozenset((original[a], original[b])) for a, b in combinations(texts, 2) if jaccard(sets[a], sets[b]) >= 0.6}
        wanted += len(planted_pairs)
        hit += sum(pair in tied or len(pair) == 1 for pair in planted_pairs)
        true += sum(jaccard(sets[a], sets[b]) >= threshold for a, b in inside)
        across -= inside
    rest = {number for pair in across for number in pair}
    sets = {number: grams(report.text) for number, report in enumerate(make()) if number in rest} if rest else {}
    true += sum(jaccard(sets[a], sets[b]) >= threshold for a, b in across)
    return hit / max(1, wanted), true / max(1, len(found)), wanted


def main() -> None:
    """Measure one tool and print a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--identical", action="store_true")
    options = parser.parse_args()

    def make() -> Iterator[Planted]:
        return identical(options.reports) if options.identical else planted(options.reports)

    made = Timed(make())
    call = finder(options.tool, made, options.threshold, options.workers)
    begun = made.seconds
    before = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    found = call()
    wall = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(now.ru_utime + now.ru_stime - then.ru_utime - then.ru_stime for now, then in zip(usage, before, strict=True))
    making, memory = made.seconds - begun, usage[0].ru_maxrss + options.workers * usage[1].ru_maxrss
    row = {
        "tool": options.tool, "reports": options.reports, "wall": round(wall, 1), "making": round(making, 1),
        "cpu": round(cpu - making, 1), "peak_gb": round(memory / 1e6, 2), "pairs": len(found),
    }  # fmt: skip
    if not options.identical:
        recall, precision, wanted = quality(make, found, options.threshold)
        row |= {"planted": wanted, "recall": round(recall, 4), "precision": round(precision, 4)}
    print(json.dumps(row))


if __name__ == "__main__":
    main()
