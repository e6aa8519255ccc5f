"""baogao check-site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FAILED = 1
"""Exit code where a case fails."""


def check_site(
    rules: Annotated[list[Path], typer.Argument(metavar="RULES...", help="Files with a site's rules and cases, as in configs/sites/.")],
) -> None:
    """Check files of site rules: that they can be read and that each of their cases gets its role.

    Example: baogao check-site configs/sites/example.yaml
    """
    from baogao.clean.sites import read_site_rules

    wrong = 0
    for path in rules:
        site_rules = read_site_rules(path)
        failed = site_rules.failed_cases()
        for case, role in failed:
            typer.echo(f"{path}: {case.text[:40]!r} should be {case.role or 'left alone'}, but is {role or 'left alone'}")
        typer.echo(f"{path}: {len(site_rules.rules)} rules, {len(site_rules.cases)} cases, {len(failed)} of them wrong")
        wrong += len(failed)
    raise typer.Exit(FAILED if wrong else 0)
