"""Chinese names of the dataset's values (configs/labels.yaml)."""

from __future__ import annotations

from baogao.resources import load_yaml


def label(group: str, value: str | None) -> str:
    """Chinese name of a value; one without a name is its own.

    >>> label("type", "lecture"), label("type", "whatever")
    ('讲座培训', 'whatever')
    """
    return str(load_yaml("configs", "labels.yaml").get(group, {}).get(value, value or ""))
