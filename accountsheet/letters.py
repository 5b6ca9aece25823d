"""A ready text for each rep's e-mail, about the workbooks that come back to them."""

from __future__ import annotations

import csv
import datetime
import os
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from accountsheet.checks import dated
from accountsheet.files import atomic, safe_text_for_csv
from accountsheet.returning import TO_MEND, Outcome, Recipient, Returned
from accountsheet.text import shortened
from accountsheet.wording import word

Book: TypeAlias = tuple[Recipient, Returned]
"""A workbook that goes back, and whom it goes to."""

COLUMNS = ("owner", "email", "account_id", "account", "file", "errors", "warnings", "due", "language", "subject", "message")
NAMED = 3
"""Things to mend that a text names, for each workbook."""
LONGEST_LINE = 300
BETWEEN = "; "


def write_messages(returned: Iterable[Returned], path: str | os.PathLike[str], *, today: datetime.date | None = None) -> int:
    """Write a CSV with a row for each rep who gets a workbook back, and give the number of rows.

    A text names the day that the plan is due, unless that lies before `today`.
    """
    rows = [row_of(letter, today or datetime.date.today()) for letter in letters(returned)]
    with atomic(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([safe_text_for_csv(cell) for cell in row] for row in rows)
    return len(rows)


def letters(returned: Iterable[Returned]) -> list[list[Book]]:
    """Put together what goes to one rep in one language."""
    found: dict[tuple[str, str, str], list[Book]] = {}
    for each in returned:
        whom = each.recipient
        if each.outcome is Outcome.RETURNED and whom is not None:
            known = (whom.owner, whom.account.email) if whom.owner or whom.account.email else ("", whom.account.account_id)
            found.setdefault((*known, whom.language), []).append((whom, each))
    return list(found.values())


def row_of(books: Sequence[Book], today: datetime.date) -> list[str]:
    """Give a rep's row."""
    first = books[0][0]
    due = first_due(books)
    names = [whom.account.account for whom, _ in books]
    return [
        first.owner,
        first.account.email,
        BETWEEN.join(whom.account.account_id for whom, _ in books),
        BETWEEN.join(names),
        BETWEEN.join(str(each.path) for _, each in books),
        str(sum(each.errors for _, each in books)),
        str(sum(each.warnings for _, each in books)),
        due.isoformat() if due else "",
        first.language,
        word("letter_subject", first.language, accounts=", ".join(names)),
        text_of(books, today),
    ]


def first_due(books: Sequence[Book]) -> datetime.date | None:
    """Give the day by which the first of the workbooks is wanted."""
    return min((whom.due for whom, _ in books if whom.due), default=None)


def text_of(books: Sequence[Book], today: datetime.date) -> str:
    """Write what one would write to the rep: thanks, what is to be mended, how, and by when."""
    whom, language, many = books[0][0], books[0][0].language, "s" if len(books) > 1 else ""
    opening = word(f"letter_opening{many}", language, account=whom.account.account)
    lines = [greeting(whom), "", opening, ""]
    for recipient, returned in books:
        lines += about_book(recipient, returned, alone=len(books) == 1)
    lines += ["", word(f"letter_how{many}", language, tab=word("to_fix", language))]
    due = first_due(books)
    day = dated(due, language) if due and due >= today else ""
    wording = ("letter_by_to" if day else "letter_to") if whom.send_to else ("letter_by" if day else "letter_soon")
    lines.append(word(wording, language, day=day, send_to=whom.send_to))
    return "\n".join([*lines, "", word("letter_close", language)])


def greeting(whom: Recipient) -> str:
    """Greet by first name, where there is a name."""
    return word("letter_greeting" if whom.owner else "letter_greeting_all", whom.language, name=whom.owner.split(" ")[0])


def about_book(whom: Recipient, returned: Returned, *, alone: bool) -> list[str]:
    """Say what is to be mended in one workbook, the worst first."""
    language = whom.language
    numbers = {"errors": returned.errors, "warnings": returned.warnings}
    counts = word("letter_and", language).join(counted(name, number, language) for name, number in numbers.items() if number)
    lines = [counts if alone else f"{whom.account.account}: {counts}"]
    worst = [each for each in returned.remarks if each.severity in TO_MEND]
    for each in worst[:NAMED]:
        place = " · ".join(filter(None, (each.where, each.what)))
        typed = f" “{each.typed}”" if each.loose else ""
        lines.append(shortened(" ".join(f"– {place}: {each.message}{typed}".split()), LONGEST_LINE))
    if len(worst) > NAMED:
        lines.append(word("letter_more", language, number=len(worst) - NAMED))
    return lines


def counted(name: str, number: int, language: str) -> str:
    """Say how many there are of something: one, or more."""
    return word(f"letter_{name}" if number != 1 else f"letter_{name}_one", language, number=number)
