"""`baogao train`: every model from the corpus, with its scores on held-out reports before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baogao.classify import assess
from baogao.classify.cards import card
from baogao.classify.corrections import read_corrections
from baogao.classify.models import read_model, save_model
from baogao.classify.train import Example, make_examples, train_activity, train_arguments, train_dating, train_genre, train_section
from baogao.corpus import read_reports
from baogao.errors import BaogaoError
from baogao.language.segment import Segmenter

Fitted = dict[str, Any]

PASSAGE_WEIGHT = 2.0
"""Weight of corpus/passages beside corpus/reports/train, whose reports are denser with acts than real ones."""


@dataclass(frozen=True, slots=True)
class Trainer:
    """A row of the table of models: its file in models/, what fits it, what scores it on held-out reports.

    `passages` says whether it also learns from corpus/passages, whose reports are annotated for activities and genre alone.
    """

    name: str
    train: Callable[[Sequence[Example]], Fitted]
    assess: Callable[[Fitted, Sequence[Example]], assess.Scores]
    passages: bool = False


TRAINERS = (
    Trainer("genre", train_genre, assess.assess_genre, passages=True),
    Trainer("section", train_section, assess.assess_section),
    Trainer("activity", train_activity, assess.assess_activity, passages=True),
    Trainer("dating", train_dating, assess.assess_dating),
    Trainer("arguments", train_arguments, assess.assess_arguments),
)


def _scores_of(path: Path, trainer: Trainer, held_out: Sequence[Example]) -> assess.Scores | None:
    """Scores of the model that is there; None if there is none, or one of another version."""
    try:
        return trainer.assess(read_model(path), held_out)
    except BaogaoError:
        return None


def train_all(corpus: Path, models: Path, add: Path | None, only: Sequence[str] = ()) -> Iterator[str]:
    """Train every model, or those named in `only`, from corpus/reports/train and the corrections `add`, write it with its card to
    `models`, and tell its scores on corpus/reports/dev before and after.

    Raises BaogaoError where the corpus is not there or `only` names no model.
    """
    names = [trainer.name for trainer in TRAINERS]
    for name in only:
        if name not in names:
            raise BaogaoError(f"There is no model {name}; the models are {', '.join(names)}.")
    reports = corpus / "reports"
    if not (reports / "train").is_dir():
        raise BaogaoError(f"There are no reports to train from in {reports / 'train'}; give the corpus folder with --corpus.")
    segmenter = Segmenter()
    learned, held_out = (make_examples(read_reports(reports / split), segmenter) for split in ("train", "dev"))
    passages = make_examples(read_reports(corpus / "passages"), segmenter, PASSAGE_WEIGHT)
    corrections = read_corrections(add, segmenter) if add else {}
    yield f"{len(learned)} reports to learn from, {len(held_out)} to score on"
    models.mkdir(parents=True, exist_ok=True)
    for trainer in TRAINERS:
        if only and trainer.name not in only:
            continue
        path = models / f"{trainer.name}.skops"
        before = _scores_of(path, trainer, held_out)
        examples = [*learned, *(passages if trainer.passages else ()), *corrections.get(trainer.name, ())]
        fitted = trainer.train(examples)
        after = trainer.assess(fitted, held_out)
        save_model(path, fitted)
        path.with_suffix(".md").write_text(card(trainer.name, examples, held_out, after), encoding="utf-8")
        yield from assess.lines(trainer.name, before, after)
