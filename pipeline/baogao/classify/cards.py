"""Model cards: what a model learned from, what it looks at, how well it does, and where it does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from baogao.classify.assess import Scores
from baogao.classify.train import Example
from baogao.records import GENRES

_ABOUT = {
    "genre": (
        "The genre of a report.",
        "Frequencies of ways of speaking (configs/words/genre.yaml) in the text, its opening and its end, and of the words that at "
        "least 15 % of the training reports have; the title's genre word; length and line structure. Logistic regression on "
        "standardised features, classes balanced.",
        "Seven genres of grass-roots work reports. A page of another kind gets the nearest of them, often `other`.",
    ),
    "section": (
        "What a section is about, from its heading and the 200 characters behind it.",
        "Hashed character n-grams of the heading (1 to 3) and of the text behind it (2 and 3). Logistic regression, calibrated by "
        "a temperature on held-out reports; frequent kinds are discounted.",
        "The kinds overlap (leadership and team, publicity and activity); two careful readers differ here most of all.",
    ),
    "activity": (
        "Which clause tells an activity (head, lead or tail of one, or none), and the type and status of an act.",
        "Of a clause: hashed tokens and character n-grams, the sequence of word groups (configs/words/acts.yaml) and parts of "
        "speech, first verb and last word, kinds of verbs and nouns (configs/words/senses.yaml), first and last characters of words, "
        "types that words point to (configs/taxonomy.yaml), what its words mean (words.npz), kind of section, genre, place in the "
        "sentence, times; of its neighbours word groups, verb and kinds. Of an act the same for its span and head clause, and its "
        "heading. The clause model is one against the rest with features scaled by their log ratio, calibrated on held-out reports "
        "and smoothed over the sentence (forward-backward); type and status are two logistic regressions.",
        "Written for reports of communities, villages, schools and offices. Where a text only half says that something was done "
        "(slogans with an event noun), readers differ, and so does the model. Scores below a third seldom are activities.",
    ),
    "dating": (
        "Which time expression near an act dates it.",
        "How the expression stands to the act (own clause, sentence, heading, line), its kind, what lies between, whether the act "
        "before has the same date. Logistic regression over numbered features.",
        "Dates told in an earlier paragraph are not seen.",
    ),
    "arguments": (
        "Which phrases of its sentence are an act's place, organizer, partners and audience.",
        "Every run of up to eight words that can be a noun phrase: its words, first and last characters and parts of speech, the lists of "
        "nouns in configs/words/arguments.yaml, what stands before and behind it, the verb or preposition that governs it, the next "
        "verb, how it stands to the act. One logistic regression an argument.",
        "What another sentence tells is not seen. Two careful readers agree on six to eight in ten of these values.",
    ),
}


def card(name: str, examples: Sequence[Example], held_out: Sequence[Example], scores: Scores) -> str:
    """The card of a model as Markdown."""
    what, features, limits = _ABOUT[name]
    acts = sum(len(example.report.activities) for example in examples)
    headings = sum(len(example.report.headings) for example in examples)
    lines = [
        f"# Model `{name}`", "", what, "",
        "**Data.** " + f"{len(examples)} made-up reports with {headings} headings and {acts} activities (corpus/, made for this project); "
        f"scored on {len(held_out)} others (corpus/reports/dev). No text of real pages.", "",
        "**Features.** " + features, "",
        "**Limits.** " + limits, "",
        "| measure | all | " + " | ".join(GENRES) + " |", "| --- |" + " ---: |" * (len(GENRES) + 1),
    ]  # fmt: skip
    for measure, rows in scores.counts.items():
        cells = [_cell(scores, measure, None), *(_cell(scores, measure, genre) if genre in rows else "" for genre in GENRES)]
        lines.append(f"| {measure} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "In brackets: number of cases. Made by `baogao train`.", ""])


def _cell(scores: Scores, measure: str, genre: str | None) -> str:
    value, n = scores.value(measure, genre)
    return f"{value:.2f} ({n})"
