"""Training pages of the block model from the corpus: its pages read and repaired, the gold roles laid over their lines.

Every page counts several times: as it is, without markup, as if its text had been saved, and with other reports and lines in it
(block_augment).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import yaml

from baogao.clean.block_augment import Material, recombine
from baogao.clean.block_cuts import CutLine, cut_lines
from baogao.clean.block_features import page_features, prose_costs
from baogao.clean.block_form import PageContext
from baogao.clean.block_model import BlockModel, TrainingPage, fit_blocks, save_block_model
from baogao.clean.block_sites import on_made_site
from baogao.clean.blocks import Labeller, judge_lines
from baogao.clean.ngrams import CharBigrams, train_ngrams
from baogao.clean.repair import repair
from baogao.clean.statistics import SiteStatistics, collect, statistics_lines
from baogao.corpus import read_reports
from baogao.read.page import RawBlock, SourcePage
from baogao.read.reader import read_sources
from baogao.read.sources import list_files, open_file
from baogao.records import BLOCK_ROLES
from baogao.settings import Settings

FOLDS = 4
FITS, COPIES = 3, 10
"""How many models are fitted, and how often each page is put together anew for one of them."""
_FLAT = "/html/body/div.content/p"
SILENCED = 0.35
"""Share of the lines in such copies that lose their n-grams."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page of the corpus as the reader makes it, and what the gold says of it (corpus/FORMAT.md)."""

    name: str
    page: SourcePage
    gold: dict[str, Any]


def gold_pages(corpus: Path, split: str) -> list[GoldPage]:
    """The pages of a split of the corpus, by name."""
    rows = json.loads((corpus / "gold" / f"pages_{split}.json").read_text(encoding="utf-8"))
    gold = {row["page"]: row for row in rows}
    found = []
    for page in _read(corpus / "pages" / split):
        for source in page.sources:
            name = source.source.partition("/")[2]
            if name in gold:
                found.append(GoldPage(name, page, gold[name]))
    return sorted(found, key=lambda item: item.name)


def _read(folder: Path) -> Iterator[SourcePage]:
    settings = Settings()
    for path, name in list_files([folder]):
        for item in read_sources(open_file(path, name, settings.read)):
            if isinstance(item, SourcePage):
                yield item


def site_statistics(pages: Sequence[SourcePage]) -> dict[str, SiteStatistics]:
    """Statistics of every site that the pages come from."""
    by_site: dict[str, list[list[str]]] = defaultdict(list)
    for page in pages:
        if page.site:
            by_site[page.site].append(statistics_lines(page))
    return {site: collect(lines) for site, lines in by_site.items()}


def train_blocks(corpus: Path, models: Path) -> Iterator[str]:
    """Train the block model on the corpus' train pages, write it to `models`, and tell its scores on the dev pages.

    A corpus without annotated pages leaves the model as it is.
    """
    if not (corpus / "gold" / "pages_train.json").exists():
        yield f"blocks: no annotated pages in {corpus / 'gold'}, the model is left as it is"
        return
    model = fit_from_corpus(corpus)
    save_block_model(model, models)
    scores = assess_blocks(model, gold_pages(corpus, "dev"))
    (models / "blocks.md").write_text(block_card(scores), encoding="utf-8")
    yield f"blocks: macro-F1 {sum(scores.values()) / len(scores):.3f} on dev pages (" + _listed(scores) + ")"


def block_card(scores: Mapping[str, float]) -> str:
    """The model's card, in Markdown."""
    rows = "".join(f"| {role} | {score:.3f} |\n" for role, score in scores.items())
    return (
        "# Model card: blocks\n\nWhat each line of a page is: ten roles (docs/cleaning.md).\n\n"
        f"Mean of {FITS} multinomial logistic regressions over form, wording, markup, place, site statistics and n-grams of a line, decoded"
        " over\nthe page as a hidden Markov model. Learned from the pages of corpus/pages/train, as they are, without markup and put"
        f" together\nanew {COPIES} times for each fit with other reports (corpus/reports/train, corpus/passages) and lines"
        " (corpus/blocks).\nIt has seen no real page.\n\n"
        f"F1 over the lines of corpus/pages/dev, before the page is split; macro {sum(scores.values()) / len(scores):.3f}:\n\n"
        f"| role | F1 |\n| --- | ---: |\n{rows}"
    )


def _listed(scores: Mapping[str, float]) -> str:
    return ", ".join(f"{role} {score:.2f}" for role, score in scores.items())


def fit_from_corpus(corpus: Path) -> BlockModel:
    """The block model, fitted to the corpus' train pages and to copies of them: the mean of several fits with other copies each."""
    pages = gold_pages(corpus, "train")
    material = training_material(corpus, pages)
    held_out = _held_out_ngrams(corpus)
    labelled = list(_labelled_pages(pages))
    fits = [fit_blocks(list(_made_pages(labelled, material, held_out, Random(seed)))) for seed in range(FITS)]
    return BlockModel(*(np.mean([getattr(fit, name) for fit in fits], axis=0) for name in BlockModel.__slots__))


def _made_pages(
    pages: Sequence[tuple[list[tuple[CutLine, str]], PageContext]], material: Material, held_out: Sequence[CharBigrams], random: Random
) -> Iterator[TrainingPage]:
    """Each page as it is, without markup, and put together anew."""
    for labelled, context in pages:
        yield _training_page(labelled, context, held_out)
        yield _training_page(_without_markup(labelled), PageContext(None, None, context.raw), held_out)
        for copy in range(COPIES):
            mixed = recombine(labelled, material, random)
            on_site = on_made_site(context.raw, [role for _, role in mixed], [line for line, _ in mixed], random)
            layout = _LAYOUTS[copy % len(_LAYOUTS)]
            yield _silenced(_training_page(layout(mixed), on_site, held_out), random)


def assess_blocks(model: BlockModel, pages: Sequence[GoldPage]) -> dict[str, float]:
    """F1 of each role that the gold of some pages holds, over lines."""
    right, given, wanted = Counter[str](), Counter[str](), Counter[str]()
    for labelled, context in _labelled_pages(pages):
        lines = [line for line, _ in labelled]
        roles = [verdict.role for verdict in judge_lines(lines, context, Labeller(model))]
        gold = [role for _, role in labelled]
        given.update(roles)
        wanted.update(gold)
        right.update(role for role, want in zip(roles, gold, strict=True) if role == want)
    return {role: 2 * right[role] / (given[role] + wanted[role]) for role in BLOCK_ROLES if wanted[role]}


def _labelled_pages(pages: Sequence[GoldPage]) -> Iterator[tuple[list[tuple[CutLine, str]], PageContext]]:
    """The lines of each page with their gold roles, and what is known of the page."""
    settings = Settings()
    statistics = site_statistics([item.page for item in pages])
    for item in pages:
        text = repair(item.page.text.raw, settings.clean)
        title, known = item.page.text.title, statistics.get(item.page.site or "")
        lines = cut_lines(text, item.page.text.blocks, title, known)
        yield list(zip(lines, gold_roles(lines, item.gold), strict=True)), PageContext(title, known, text.raw)


def training_material(corpus: Path, pages: Sequence[GoldPage]) -> Material:
    """The train reports and passages, and the lines beside reports: those of the train pages and of corpus/blocks."""
    lines, grammar = (yaml.safe_load((corpus / "blocks" / name).read_text(encoding="utf-8")) for name in ("lines.yaml", "grammar.yaml"))
    for item in pages:
        raw = item.page.text.raw
        for block in item.gold["blocks"]:
            if block["role"] not in ("body", "title"):
                lines.setdefault(block["role"], []).append(raw[block["start"] : block["end"]])
    texts = [report for folder in ("reports/train", "passages") for report in read_reports(corpus / folder)]
    return Material([(str(report.header["title"] or ""), report.text.split("\n")) for report in texts], lines, grammar)


def _held_out_ngrams(corpus: Path) -> list[CharBigrams]:
    """Models of report prose, each made without a part of the reports.

    A line's cost in training is the highest that any of them gives: a report's lines must cost what unseen ones do.
    """
    texts = [report.text for report in read_reports(corpus / "reports" / "train")]
    return [train_ngrams(text for i, text in enumerate(texts) if i % FOLDS != fold) for fold in range(FOLDS)]


def _training_page(labelled: Sequence[tuple[CutLine, str]], context: PageContext, held_out: Sequence[CharBigrams]) -> TrainingPage:
    lines = [line for line, _ in labelled]
    costs = np.max([prose_costs(lines, ngrams) for ngrams in held_out], axis=0)
    return TrainingPage(page_features(lines, context, costs), np.array([BLOCK_ROLES.index(role) for _, role in labelled]))


def _silenced(page: TrainingPage, random: Random) -> TrainingPage:
    """The page without the n-grams of some of its lines, so that the model learns to do without words that it knows."""
    spoken = np.array([random.random() >= SILENCED for _ in page.roles])[page.features.rows]
    features = page.features
    kept = replace(features, buckets=features.buckets[spoken], rows=features.rows[spoken], weights=features.weights[spoken])
    return TrainingPage(kept, page.roles)


def _without_markup(labelled: Sequence[tuple[CutLine, str]]) -> list[tuple[CutLine, str]]:
    """The lines as if the page's text had been saved: no tag paths, no links."""
    return [(replace(line, block=RawBlock(line.block.start, line.block.end)), role) for line, role in labelled]


def _flat(labelled: Sequence[tuple[CutLine, str]]) -> list[tuple[CutLine, str]]:
    """The lines as if every one stood in an element of the same kind, as editors and old pages have it."""
    return [(replace(line, block=RawBlock(line.block.start, line.block.end, _FLAT)), role) for line, role in labelled]


_LAYOUTS: tuple[Callable[[Sequence[tuple[CutLine, str]]], Sequence[tuple[CutLine, str]]], ...] = (
    list,
    _without_markup,
    _flat,
    _without_markup,
)
"""What is done to the markup of a page's copies, in turn."""


def gold_roles(lines: Sequence[CutLine], gold: dict[str, Any]) -> list[str]:
    """The role that most characters of each line have in the gold."""
    roles: dict[int, str] = {}
    for block in gold["blocks"]:
        roles.update(dict.fromkeys(range(block["start"], block["end"]), block["role"]))
    found = []
    for line in lines:
        own = [cut for cut in line.cuts if cut.rule is None] or line.cuts
        counts = Counter(roles[i] for cut in own for i in range(cut.start, cut.end) if i in roles)
        found.append(counts.most_common(1)[0][0] if counts else "boilerplate")
    return found
