"""Which column of theirs is which of ours, in an accounts file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accountsheet.finding import Finding, Severity, UsageProblem
from accountsheet.phrases import remark

REQUIRED = ("account_id", "account")
LISTS = ("departments", "products")
COLUMNS = (*REQUIRED, "owner", "email", "segment", "region", "industry", "currency", "language", "due", *LISTS)

_OTHER_NAMES = {  # as CRM systems and Dutch lists call them; compared without case, spaces and marks
    "account_id": """
        id accountnumber accountno accountnr accountcode accountnummer crmid clientid
        customerid customernumber customerno customercode klantid klantnummer klantnr klantcode
        debiteur debiteurnummer debiteurnr relatienummer relatienr relatiecode""",
    "account": """
        name naam accountname accountnaam customer customername client clientname company companyname organisation organization
        klant klantnaam bedrijf bedrijfsnaam organisatie relatie relatienaam debiteurnaam""",
    "owner": """
        rep salesrep salesperson accountowner accountmanager keyaccountmanager
        eigenaar accounteigenaar verkoper vertegenwoordiger""",
    "email": "mail emailaddress owneremail emailadres mailadres emailaccountmanager",
    "segment": "klantsegment klasse abc",
    "region": "regio rayon gebied territory area",
    "industry": "sector branche bedrijfstak",
    "currency": "valuta munt munteenheid currencycode valutacode",
    "language": "taal languagecode taalcode",
    "due": "duedate dueby deadline inleverdatum inleverenvoor inlevervoor",
    "departments": "department afdeling afdelingen",
    "products": "product producten",
}
_OURS = {name: ours for ours, names in _OTHER_NAMES.items() for name in (ours.replace("_", ""), *names.split())}
_VAGUE = {"id", "name", "naam", "rep", "mail"}  # these give way to a name that says more
_BLOCK_FIELD = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_LIKE = 70  # of 100: how much a misspelt name must resemble another


@dataclass(frozen=True, slots=True)
class Columns:
    """The place in a row of each column that has a meaning, and how many columns are named at all."""

    place: Mapping[str, int]
    width: int


def checked_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """Check a mapping of their columns to ours; raises UsageProblem that tells each name of ours that is none.

    In the answer their names are stripped as `plain_name` does.
    """
    ours_of = {plain_name(theirs): our_name(ours, {}) for theirs, ours in mapping.items()}
    wrong = [
        remark("map-target-unknown", theirs=theirs, ours=ours, guess=_guess(ours, COLUMNS), known=", ".join(COLUMNS))
        for theirs, ours in mapping.items()
        if ours_of[plain_name(theirs)] is None
    ]
    if wrong:
        raise UsageProblem(*wrong)
    return {theirs: ours for theirs, ours in ours_of.items() if ours is not None}


def our_name(name: str, ours_of: Mapping[str, str]) -> str | None:
    """Give our name for a column of theirs, if it has one: a known column's, or `block.field`."""
    plain = plain_name(name)
    if (ours := ours_of.get(plain) or _OURS.get(plain)) is not None:
        return ours
    return _snake(name) if _BLOCK_FIELD.fullmatch(_snake(name)) else None


def count_required(header: Sequence[str], ours_of: Mapping[str, str]) -> int:
    """Count how many of the required columns a header has."""
    return len({our_name(name, ours_of) for name in header} & set(REQUIRED))


def find_columns(header: Sequence[str], ours_of: Mapping[str, str]) -> tuple[Columns, list[Finding]]:
    """Find our columns in theirs: a mapped one first, then one under our own name, then under another name for it.

    Raises UsageProblem where a required column is not there.
    """
    found = [(at, name.strip()) for at, name in enumerate(header) if name.strip()]
    names = [name for _, name in found]
    plain_names = set(map(plain_name, names))
    findings = [
        remark("map-source-missing", theirs=theirs, guess=_guess(theirs, names), found=", ".join(names))
        for theirs in ours_of
        if theirs not in plain_names
    ]
    place: dict[str, int] = {}
    unknown: list[str] = []
    for at, name in sorted(found, key=lambda column: _rank(column[1], ours_of)):
        ours = our_name(name, ours_of)
        if ours is None:
            unknown.append(name)
        elif ours in place:
            findings.append(remark("column-twice", first=header[place[ours]].strip(), second=name, ours=ours, raw=name))
        else:
            place[ours] = at
    findings += [_unknown_column(name, [ours for ours in COLUMNS if ours not in place]) for name in unknown]
    if missing := [ours for ours in REQUIRED if ours not in place]:
        raise UsageProblem(_missing_column(missing, names), *findings)
    return Columns(place, max(at for at, _ in found) + 1), findings


def plain_name(name: str) -> str:
    """Strip a name of case, accents, spaces and marks."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name).casefold() if letter.isalnum())


def _snake(name: str) -> str:
    return re.sub(r"[\s\-_]+", "_", name.strip().casefold())


def _rank(name: str, ours_of: Mapping[str, str]) -> tuple[bool, bool, bool]:
    """Sort mapped names first, then our own, then names that say much, then vague ones."""
    return plain_name(name) not in ours_of, _snake(name) != our_name(name, ours_of), plain_name(name) in _VAGUE


def _unknown_column(name: str, free: Sequence[str]) -> Finding:
    """Remark on a column without a meaning: mildly, unless it looks like one of ours that is still missing."""
    likeliest = _likeliest(name, free)
    example = _quoted(f"{name}={likeliest or '...'}")
    finding = remark("unknown-column", column=name, guess=_guess(name, free), example=example, raw=name)
    return finding if likeliest else finding.at(severity=Severity.INFO)


def _missing_column(missing: Sequence[str], names: Sequence[str]) -> Finding:
    example = _quoted(",".join(f"{_likeliest(ours, names) or 'Their column'}={ours}" for ours in missing))
    return remark("missing-column", columns=" or ".join(missing), found=", ".join(names) or "none", example=example)


def _quoted(argument: str) -> str:
    return f'"{argument}"' if " " in argument else argument


def _guess(name: str, names: Iterable[str]) -> str:
    likeliest = _likeliest(name, names)
    return f" Did you mean {likeliest!r}?" if likeliest else ""


def _likeliest(name: str, names: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process

    found = process.extractOne(name, list(names), scorer=fuzz.ratio, processor=plain_name, score_cutoff=_LIKE)
    return found[0] if found else ""
