"""One file explained in plain words: what it is, whether it counts, what was put right, and what could not be read."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from accountsheet.collect import read_plans
from accountsheet.figures import Figures
from accountsheet.finding import Finding, Severity, UsageProblem
from accountsheet.judge import CURRENT, judge
from accountsheet.mending import NOTE, worded
from accountsheet.phrases import remark
from accountsheet.plan import Plan
from accountsheet.progress import plan_share
from accountsheet.reader import Reading, read_workbook
from accountsheet.sources import Source, bytes_of
from accountsheet.to_fix import Remark
from accountsheet.wording import word

LOOKS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"{\\rtf", "document"),
    (b"<!DOCTYPE html", "page"),
    (b"<html", "page"),
)
"""What files begin with that are no workbooks."""
INSIDE = (
    (b"word/document.xml", "document"),
    (b"ppt/presentation.xml", "slides"),
    (b"application/vnd.oasis.opendocument.text", "document"),
)
"""What is found in zips that are no workbooks."""
LOOK_INTO = 2**20
SUMMARY, BEYOND = "own-summary", ("unplaced", NOTE)


@dataclass(frozen=True)
class Examination:
    """What was found out about one file."""

    file: str
    size: int
    sort: str
    """plan, summary, or the name of what it looks like otherwise; empty where that is not clear."""
    reading: Reading
    findings: tuple[Finding, ...]
    as_of: datetime.date

    @property
    def plan(self) -> Plan | None:
        """The account plan in it, if there is one."""
        return self.reading.plan

    @property
    def counts(self) -> bool:
        """Whether it would count as a plan."""
        return self.plan is not None

    @property
    def language(self) -> str:
        """The language of the plan."""
        return self.plan.language if self.plan else "en"

    @property
    def missing(self) -> list[str]:
        """The tabs that are gone."""
        return [each.sheet for each in self.findings if each.code == "section-missing"]

    @property
    def extra(self) -> list[str]:
        """The tabs that somebody added, and wrote on."""
        return list(
            dict.fromkeys(each.sheet for each in self.findings if each.code in BEYOND and each.sheet and not each.section)
        )


def examine(
    path: str | os.PathLike[str], *, as_of: datetime.date | None = None, password: str | Iterable[str] = ()
) -> Examination:
    """Look at one file, whatever it is; raises UsageProblem where there is none."""
    file, day = os.fspath(path), as_of or datetime.date.today()
    if os.path.isdir(file):
        raise UsageProblem(remark("doctor-folder", file=file))
    try:
        passwords = (password,) if isinstance(password, str) else tuple(password)
        data, modified = bytes_of(Source(file, passwords=passwords))
    except OSError as problem:
        code = "file-missing" if isinstance(problem, FileNotFoundError) else "file-unreadable"
        raise UsageProblem(remark(code, file=file, why=problem.strerror or str(problem))) from problem
    first = read_plans(file, as_of=day, password=passwords)  # in a process of its own: a file may harm its reader
    plans = first["plans"]
    if len(plans) == 1 and plans["state"].iloc[0] == CURRENT:
        reading = read_workbook(data, file, modified=modified)
        return Examination(file, len(data), "plan", reading, judge(reading, day).findings, day)
    names = ["code", "severity", "message", "hint", "file"]
    rows = first.findings[names].fillna("").astype(str).to_dict("records")
    findings = tuple(Finding(**{**row, "severity": Severity(row["severity"])}) for row in rows)  # type: ignore[arg-type]
    sort = "summary" if any(each.code == SUMMARY for each in findings) else looks_like(data)
    return Examination(file, len(data), sort, Reading(file, modified=modified), findings, day)


def looks_like(data: bytes) -> str:
    """Tell by a file's first bytes what it is, where that is something that people take for a workbook."""
    if not data:
        return "empty"
    for begin, name in LOOKS:
        if data.lstrip()[: len(begin)].lower() == begin.lower():
            return name
    for part, name in INSIDE:
        if data[:2] == b"PK" and part in data[:LOOK_INTO] + data[-LOOK_INTO:]:
            return name
    if data[:2] != b"PK" and b"\x00" not in data[:4096]:
        return "text"
    return ""


Line = tuple[str, str]


def facts(found: Examination, language: str) -> Iterator[Line]:
    """Give what is known of the file, each with its name."""
    plan, reading = found.plan, found.reading
    yield word("doctor_what", language), what(found, language)
    if plan is not None:
        yield word("account", language), f"{plan.named('account')} ({plan.account.account_id})"
        yield word("owner", language), plan.named("owner") or "–"
        yield word("doctor_year", language), word("doctor_years", language, year=plan.year, first=plan.year + 1)
        yield word("doctor_language", language), word(f"doctor_{plan.language}", language)
        yield from how_far(found, plan, language)
    by = reading.saved_by or word("doctor_unknown", language)
    when = f"{reading.modified:%Y-%m-%d %H:%M}" if reading.modified else word("doctor_unknown", language)
    yield word("doctor_saved", language), word("doctor_saved_by", language, by=by, when=when)
    yield word("doctor_counts", language), word("doctor_counts_yes" if found.counts else "doctor_counts_no", language)
    if plan is not None:
        lacking = ", ".join(found.missing) or word("doctor_none", language)
        added = ", ".join(found.extra) or word("doctor_none", language)
        yield word("doctor_tabs", language), word("doctor_tabs_told", language, missing=lacking, extra=added)


def what(found: Examination, language: str) -> str:
    """Say what the file is."""
    if found.plan is not None:
        blueprint = found.plan.blueprint
        return word("doctor_plan", language, title=blueprint.title(language), name=blueprint.id, version=blueprint.version)
    return word(f"doctor_is_{found.sort or 'other'}", language)


def how_far(found: Examination, plan: Plan, language: str) -> Iterator[Line]:
    """Say how complete a plan is, and how many of its checks hold."""
    layout = plan.layout()
    share = Figures(layout, plan.answers, found.as_of).share(plan_share())
    status = next((str(value) for key, value in plan.answers.items() if key.block == "plan" and key.field == "status"), "")
    choices = plan.blueprint.blocks["plan"].fields["status"].list if status else ""
    shown = plan.blueprint.lists[choices].shown(language).get(status, status) if choices in plan.blueprint.lists else status
    failing = {each.code for each in found.findings if each.code.startswith("check-")}
    checks = len(plan.blueprint.checks)
    yield word("doctor_status", language), shown or "–"
    facts = {
        "share": f"{share:.0%}".replace("%", " %"),
        "good": checks - len(failing),
        "checks": checks,
        "answers": len(plan.answers),
    }
    yield word("doctor_filled_in", language), word("doctor_filled", language, **facts)


@dataclass(frozen=True)
class Part:
    """Remarks of one sort, each with the finding that it words."""

    title: str
    remarks: Sequence[tuple[Finding, Remark]]


def parts(found: Examination, language: str) -> list[Part]:
    """Give what is remarked on the plan, the worst first, sort by sort."""
    if found.plan is None:
        return []
    sorts: dict[str, list[tuple[Finding, Remark]]] = {
        name: [] for name in ("unread", "loose", "look", "checks", "repaired", "read")
    }
    for finding, worded_as in worded(found.reading, found.findings, found.as_of):
        sorts[sort_of(worded_as)].append((finding, worded_as))
    return [Part(word(f"doctor_{name}", language), told) for name, told in sorts.items() if told]


def sort_of(remark: Remark) -> str:
    """Say under which heading a remark belongs."""
    if remark.loose:
        return "loose"
    if remark.check is not None:
        return "checks"
    names = {Severity.ERROR: "unread", Severity.WARNING: "look", Severity.REPAIR: "repaired", Severity.INFO: "read"}
    return names[remark.severity]
