"""baogao check-site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from baogao.scrape.profile import Site

FAILED = 1
"""Exit code where a case fails."""


def check_site(
    sites: Annotated[
        list[str], typer.Argument(metavar="SITE...", help="Files that describe a site, folders of them, or names of those that ship.")
    ],
    pages: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Saved pages to try the profile on: HTML and WARC files or folders; repeatable."),
    ] = None,
) -> None:
    """Check the rules of a site against their cases, and try its profile on saved pages, without the network.

    Example: baogao check-site jsjd --pages corpus/pages/train
    """
    from baogao.clean.sites import read_site_rules, site_files
    from baogao.scrape.profile import find_profile, has_profile, read_site

    wrong = 0
    files = [str(file) for name in sites for file in (site_files([name]) if Path(name).is_dir() else [find_profile(name)])]
    for name in files:
        path = Path(name)
        site_rules = read_site_rules(path)
        failed = site_rules.failed_cases()
        for case, role in failed:
            typer.echo(f"{path}: {case.text[:40]!r} should be {case.role or 'left alone'}, but is {role or 'left alone'}")
        typer.echo(f"{path}: {len(site_rules.rules)} rules, {len(site_rules.cases)} cases, {len(failed)} of them wrong")
        wrong += len(failed)
        if has_profile(path):
            _try_profile(read_site(name), path, pages or [])
        elif pages:
            typer.echo(f"{path}: no part `scrape`, so nothing to try on the pages")
    raise typer.Exit(FAILED if wrong else 0)


def _try_profile(site: Site, path: Path, pages: list[Path]) -> None:
    from baogao.errors import BaogaoError
    from baogao.scrape.saved import saved_pages
    from baogao.scrape.trial import tell

    missing = [str(given) for given in pages if not given.exists()]
    if missing:
        raise BaogaoError(f"There is no {missing[0]}; give a folder or file with saved pages.")
    typer.echo(f"{path}: profile for {', '.join(site.profile.domains)}, {len(site.start_urls())} pages to begin with")
    number = 0
    for number, page in enumerate(saved_pages(pages, site), 1):  # noqa: B007 - the number is told behind the loop
        for line in tell(page, site):
            typer.echo(line)
    if pages:
        typer.echo(f"{number} saved pages of the site")
