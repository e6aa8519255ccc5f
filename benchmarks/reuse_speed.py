"""Speed, memory and pairs found of near-duplicate finders on one planted archive, one tool a process.

    python benchmarks/reuse_speed.py TOOL [--reports 10000] [--threshold 0.5] [--workers 2]

TOOL is one of: baogao, baogao-all (with passages, templates and findings), datasketch, datasketch-batch, rensa, gaoya, text-dedup;
a name with `-default` runs the peer as it comes, cutting text into words at white space or \\W, without it the peer gets character
5-grams. The peers are not dependencies of this project: install what you compare with. Prints one line of JSON: reports a second,
seconds of wall clock and of CPU, peak memory in GB, and the share of planted pairs at Jaccard 0.6 and above that were found and
of reported pairs that truly reach the threshold, both against exact character 5-grams.
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
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "pipeline"))
from reuse_planted import Planted, batches, planted

Pairs = set[tuple[int, int]]
_SKIPPED = re.compile(r"[^\w]|_")


def grams(text: str) -> set[str]:
    """Character 5-grams of letters, digits and Han."""
    kept = _SKIPPED.sub("", text)
    return {kept[i : i + 5] for i in range(len(kept) - 4)}


def jaccard(one: set[str], other: set[str]) -> float:
    """Similarity of two sets."""
    return len(one & other) / max(1, len(one | other))


def by_baogao(reports: list[Planted], threshold: float, workers: int, *, everything: bool) -> Pairs:
    """This project: near-duplicates alone, or the whole stage."""
    from baogao.reuse import find_reuse
    from baogao.reuse.alike import find_alike, jaccard
    from baogao.reuse.settings import NearDuplicateSettings, ReuseSettings
    from baogao.reuse.store import build_store, fold_store

    settings = ReuseSettings(alike=NearDuplicateSettings(near_duplicate=threshold, lowest_similarity=threshold))
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        executor = pool if workers > 1 else None
        if everything:
            pairs = find_reuse(batches(reports), Path(folder) / "out", settings, executor).pairs.to_pylist()
            return {(int(row["report_a"][1:]), int(row["report_b"][1:])) for row in pairs if row["near_duplicate"]}
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


def finder(tool: str, reports: list[Planted], threshold: float, workers: int) -> Callable[[], Pairs]:
    """The call that is measured."""
    default = tool.endswith("-default")
    texts = [report.text if default else _SKIPPED.sub("", report.text) for report in reports]
    tokens = (set(text.split()) for text in texts) if default else map(grams, texts)
    calls: dict[str, Callable[[], Pairs]] = {
        "baogao": lambda: by_baogao(reports, threshold, workers, everything=False),
        "baogao-all": lambda: by_baogao(reports, threshold, workers, everything=True),
        "datasketch": lambda: by_datasketch(tokens, threshold, one_by_one=True),
        "datasketch-batch": lambda: by_datasketch(tokens, threshold, one_by_one=False),
        "rensa": lambda: by_rensa(tokens, threshold),
        "gaoya": lambda: by_gaoya(texts, threshold, default=default),
        "text-dedup": lambda: by_text_dedup(texts if default else [" ".join(text) for text in texts], threshold, workers),
    }
    return calls[tool.removesuffix("-default")]


def quality(reports: list[Planted], found: Pairs, threshold: float) -> tuple[float, float, int]:
    """Share of the planted pairs at 0.6 and above that were found, and of found pairs that reach the threshold; their number.

    An exact copy counts as found if it is tied to any report of its family.
    """
    families = defaultdict(list)
    for number, report in enumerate(reports):
        if report.family >= 0:
            families[report.family].append(number)
    sets = {number: grams(reports[number].text) for pair in found for number in pair}
    sets |= {number: grams(reports[number].text) for members in families.values() for number in members}
    first: dict[str, int] = {}
    for number in sorted(sets):
        first.setdefault(_SKIPPED.sub("", reports[number].text), number)
    originals = {number: first[_SKIPPED.sub("", reports[number].text)] for number in sets}
    tied = {(originals[a], originals[b]) for a, b in found} | {(originals[b], originals[a]) for a, b in found}
    wanted = {
        (originals[a], originals[b])
        for members in families.values()
        for a, b in combinations(members, 2)
        if jaccard(sets[a], sets[b]) >= 0.6
    }
    recall = sum(pair in tied or pair[0] == pair[1] for pair in wanted) / max(1, len(wanted))
    precision = sum(jaccard(sets[a], sets[b]) >= threshold for a, b in found) / max(1, len(found))
    return recall, precision, len(wanted)


def main() -> None:
    """Measure one tool and print a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    reports = list(planted(options.reports))
    call = finder(options.tool, reports, options.threshold, options.workers)
    before = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    found = call()
    wall = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(now.ru_utime + now.ru_stime - then.ru_utime - then.ru_stime for now, then in zip(usage, before, strict=True))
    recall, precision, wanted = quality(reports, found, options.threshold)
    row = {
        "tool": options.tool, "reports": len(reports), "reports_a_second": round(len(reports) / wall), "wall": round(wall, 1),
        "cpu": round(cpu, 1), "peak_gb": round((usage[0].ru_maxrss + options.workers * usage[1].ru_maxrss) / 1e6, 2),
        "pairs": len(found), "planted": wanted, "recall": round(recall, 4), "precision": round(precision, 4),
    }  # fmt: skip
    print(json.dumps(row))


if __name__ == "__main__":
    main()
