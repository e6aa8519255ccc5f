"""Label Studio and doccano: reports with what was found in them, to be looked over by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from baogao.dataset.package import dataset_version
from baogao.dataset.query import Source
from baogao.export.spans import MarkedReport, marked_reports, utf16_offsets


def write_label_studio(source: Source, path: Path) -> list[str]:
    """A JSON list of tasks with predictions. Label Studio counts code points (since its editor of 2021), as the dataset does."""
    model = f"baogao {dataset_version(source.dataset)}"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for i, report in enumerate(marked_reports(source)):
            file.write(("," if i else "") + "\n" + json.dumps(_task(report, model), ensure_ascii=False))
        file.write("\n]\n")
    return []


def _task(marked: MarkedReport, model: str) -> dict[str, Any]:
    text = marked.report["text"]
    regions = [
        {
            "id": span.record_id, "from_name": span.layer, "to_name": "text", "type": "labels",
            "value": {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [span.label]},
        }
        for span in marked.spans
    ]  # fmt: skip
    return {"data": marked.report, "predictions": [{"model_version": model, "result": regions}]}


def write_doccano(source: Source, path: Path) -> list[str]:
    """JSON Lines for sequence labelling.

    doccano counts UTF-16 code units, so offsets behind a character beyond the BMP (𠀀) are larger than the dataset's; leave "Count
    grapheme clusters as one character" off in the project's settings.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for marked in marked_reports(source):
            text = marked.report["text"]
            places = utf16_offsets(text)
            labels = [[places[s.start], places[s.end], f"{s.layer}: {s.label}"] for s in marked.spans]
            other = {key: value for key, value in marked.report.items() if key != "text"}
            file.write(json.dumps({"text": text, "label": labels, **other}, ensure_ascii=False) + "\n")
    return []
