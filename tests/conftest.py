"""What all tests share: one LibreOffice, and the rule for programs that are not there (skip; on CI, fail)."""

import os
from collections.abc import Generator, Iterator
from typing import NoReturn

import hypothesis
import pytest

from office import MissingProgram, Office, uno_python

ON_CI = os.environ.get("CI") == "true"

# No deadline: a machine shared with LibreOffice is slow at random. On CI the same examples each time.
hypothesis.settings.register_profile("accountsheet", deadline=None, derandomize=ON_CI)
hypothesis.settings.load_profile("accountsheet")


def give_up(missing: MissingProgram) -> NoReturn:
    (pytest.fail if ON_CI else pytest.skip)(str(missing))


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """A running LibreOffice; a test that uses it counts as `needs_office`."""
    try:
        running = Office()
    except MissingProgram as missing:
        give_up(missing)
    with running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "office" in getattr(item, "fixturenames", ()):
            item.add_marker("needs_office")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("needs_office"):
        try:
            uno_python()
        except MissingProgram as missing:
            give_up(missing)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Gnumeric, SheetJS and the validator are missed only when a test calls them."""
    try:
        return (yield)
    except MissingProgram as missing:
        give_up(missing)
