"""Where workbooks come from: what is passed over on the way and named, zips in zips, and which of several counts."""

from __future__ import annotations

import base64
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import fsspec
import pytest

from accountsheet import read_plans
from accountsheet.collect import read_plans as plans_of
from accountsheet.portfolio import Portfolio
from accountsheet.sources import DEEPEST, Source, bytes_of, find
from accountsheet.tables import write_tables
from accountsheet.values import same_name
from small import write


def remarks(*paths: object) -> set[tuple[str, str]]:
    """Give what is remarked on the way, with the file it is about."""
    return {(finding.code, Path(finding.file).name) for finding in find([str(path) for path in paths])[1]}


def names(*paths: object) -> list[str]:
    return [Path(source.name).name for source in find([str(path) for path in paths])[0]]


def states(portfolio: Portfolio) -> dict[str, str]:
    plans = portfolio["plans"]
    return {Path(file).name: state for file, state in zip(plans["file"], plans["state"], strict=True)}


def packed(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


LEFT_BEHIND = {
    "~$plan.xlsx": "lock-file",
    ".~lock.plan.xlsx#": "lock-file",
    "~WRL0003.tmp": "temporary-file",
    "~wrd1234.docx": "temporary-file",
    "5F3A2C10": "temporary-file",
    "5F3A2C10.tmp": "temporary-file",
    "plan.xlsx.tmp": "temporary-file",
    "plan.xlsx.crdownload": "temporary-file",
    "plan.xlsx.part": "temporary-file",
}


def test_what_programs_leave_behind_is_passed_over_and_named_in_a_folder_and_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    for name in (*LEFT_BEHIND, "plan.xlsx", "Thumbs.db", ".DS_Store", "desktop.ini", "notes.txt"):
        (tmp_path / "plans" / name).write_bytes(b"")
    (tmp_path / "plans.zip").write_bytes(packed(dict.fromkeys((*LEFT_BEHIND, "plan.xlsx", "Thumbs.db"), b"")))
    expected = {(code, name) for name, code in LEFT_BEHIND.items()}
    for place in ("plans", "plans.zip"):
        assert names(tmp_path / place) == ["plan.xlsx"]
        assert remarks(tmp_path / place) == expected


def test_a_folder_with_a_name_of_eight_digits_is_still_looked_into(tmp_path: Path) -> None:
    write(tmp_path / "20261122" / "plan.xlsx")
    assert names(tmp_path) == ["plan.xlsx"]


# ---------------------------------------------------------------------------------------------------------------- zips


def test_a_zip_within_a_zip_is_read(tmp_path: Path) -> None:
    plan = write(tmp_path / "plan.xlsx").read_bytes()
    inner = packed({"deep/plan.xlsx": plan, "~$plan.xlsx": b""})
    (tmp_path / "outer.zip").write_bytes(packed({"mail/inner.zip": inner, "broken.zip": b"PK", "readme.txt": b""}))
    portfolio = read_plans(tmp_path / "outer.zip")
    files = portfolio.findings.set_index("code")["file"].map(lambda file: file.replace(f"{tmp_path}{os.sep}", ""))
    assert files.to_dict() == {
        "zip-damaged": "outer.zip/broken.zip",
        "lock-file": "outer.zip/mail/inner.zip/~$plan.xlsx",
    }
    assert states(portfolio) == {"plan.xlsx": "current", "broken.zip": "rejected"}


def test_zips_are_opened_only_so_deep(tmp_path: Path) -> None:
    data = packed({"plan.xlsx": write(tmp_path / "plan.xlsx").read_bytes()})
    for _ in range(DEEPEST):
        data = packed({"a.zip": data})
    (tmp_path / "deep.zip").write_bytes(data)
    assert names(tmp_path / "deep.zip") == []
    assert {code for code, _ in remarks(tmp_path / "deep.zip")} == {"zip-in-zip"}


def test_tables_that_import_wrote_are_passed_over_in_a_zip_as_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "all" / "plan.xlsx")
    write_tables(read_plans(tmp_path / "all"), tmp_path / "all" / "tables", "xlsx")
    members = {str(path.relative_to(tmp_path)): path.read_bytes() for path in (tmp_path / "all").rglob("*") if path.is_file()}
    assert any(name.endswith("tables.xlsx") for name in members)
    (tmp_path / "all.zip").write_bytes(packed(members))
    for place in ("all", "all.zip"):
        assert names(tmp_path / place) == ["plan.xlsx"]
        assert remarks(tmp_path / place) == set()


LOCKED_ZIP = (
    "UEsDBAoACQAAAHM2dl051rVPEgAAAAYAAAAJAAAAcGxhbi54bHN4EFeXbmXMK5npKWy9RuritZdQUEsHCDnWtU8SAAAABgAAAFBLAQIeAwoACQAAAHM2"
    "dl051rVPEgAAAAYAAAAJAAAAAAAAAAEAAACkgQAAAABwbGFuLnhsc3hQSwUGAAAAAAEAAQA3AAAASQAAAAAA"
)
"""What `zip -P geheim` made of a plan.xlsx that holds “a plan”."""


def test_a_zip_with_a_password_is_read_with_it(tmp_path: Path) -> None:
    (tmp_path / "plans.zip").write_bytes(base64.b64decode(LOCKED_ZIP))
    found, _ = find([str(tmp_path / "plans.zip")], ["wrong", "geheim"])
    assert bytes_of(found[0])[0] == b"a plan"
    assert "geheim" not in repr(found)
    refused = read_plans(tmp_path / "plans.zip").findings
    assert refused["code"].tolist() == ["file-unreadable"] and "--password" in refused["message"].iloc[0]


def test_a_zip_in_the_cloud_with_a_zip_in_it_is_read(tmp_path: Path) -> None:
    system = fsspec.filesystem("memory")
    system.pipe("/places/plans.zip", packed({"inner.zip": packed({"plan.xlsx": write(tmp_path / "plan.xlsx").read_bytes()})}))
    try:
        assert read_plans("memory://places")["facts"]["motto"].tolist() == ["Grow together"]
    finally:
        system.rm("/places", recursive=True)


def test_two_members_of_one_zip_are_two_workbooks(tmp_path: Path) -> None:
    inner = packed({"plan.xlsx": b"x"})
    (tmp_path / "plans.zip").write_bytes(packed({"a.zip": inner, "b.zip": inner, "plan.xlsx": b"x"}))
    found, _ = find([str(tmp_path / "plans.zip"), str(tmp_path / "plans.zip")])
    assert [(source.within, source.member) for source in found] == [
        (("a.zip",), "plan.xlsx"),
        (("b.zip",), "plan.xlsx"),
        ((), "plan.xlsx"),
    ]
    assert Source("plans.zip", "plan.xlsx", ("a.zip",)).name == "plans.zip/a.zip/plan.xlsx"


# --------------------------------------------------------------------------------------------------------- which counts


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Jansen Bouw", "Janssen Bouw B.V."),
        ("Kwartelmeer Zuivel", "KWARTELMEER ZUIVEL"),
        ("Café Noir", "Cafe Noir"),
        ("Acme", "Acme (Holding)"),
        ("Van Dijk Transport", "Van Dyk Transport"),
    ],
)
def test_two_spellings_are_one_name(one: str, two: str) -> None:
    assert same_name(one, two) and same_name(two, one)


@pytest.mark.parametrize(("one", "two"), [("Acme", "Beta"), ("Acme North", "Acme South"), ("Unit 1", "Unit 2"), ("B.V.", "N.V.")])
def test_clearly_different_names_are_two(one: str, two: str) -> None:
    assert not same_name(one, two)


def test_a_name_spelt_otherwise_raises_no_alarm_and_another_name_does(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", "A-1", "Jansen Bouw", saved="2026-11-20T10:00:00Z")
    write(tmp_path / "b.xlsx", "A-1", "Janssen Bouw B.V.", saved="2026-11-19T10:00:00Z")
    write(tmp_path / "c.xlsx", "A-1", "Pietersen Staal", saved="2026-11-18T10:00:00Z")
    portfolio = plans_of(tmp_path)
    assert states(portfolio) == {"a.xlsx": "current", "b.xlsx": "superseded", "c.xlsx": "superseded"}
    [named] = portfolio.findings[portfolio.findings["code"] == "two-names"].itertuples()
    assert named.severity == "warning"
    assert Path(named.file).name == "c.xlsx" and "a.xlsx" in named.message
    assert "Pietersen Staal" in named.message and "Jansen Bouw" in named.message
