"""Every remark that accountsheet makes, by code: what is wrong, and what to do, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accountsheet.finding import Finding, Severity
from accountsheet.text import Text, shortened, text

MOST_QUOTED = 120
"""Characters of what was typed that a message quotes; a finding keeps it whole in `raw`."""

ERROR, WARNING, REPAIR, INFO = Severity.ERROR, Severity.WARNING, Severity.REPAIR, Severity.INFO


@dataclass(frozen=True, slots=True)
class Phrase:
    """The wording of one remark; braces are filled with facts."""

    severity: Severity
    message: Text
    hint: Text


def phrase(severity: Severity, message: Text, hint: Text | None = None) -> Phrase:
    """Shorten the table below."""
    return Phrase(severity, message, hint or text(""))


PHRASES: dict[str, Phrase] = {}


def remark(code: str, language: str = "en", /, **facts: Any) -> Finding:
    """Make the finding of a code, worded in a language; facts fill its braces and may name its place."""
    wording = PHRASES[code]
    names = ("file", "sheet", "cell", "section", "block", "row", "column", "field", "raw")
    place = {name: str(facts[name]) for name in names if name in facts and (name not in ("row", "column") or "block" in facts)}
    if "raw" in facts:
        facts["raw"] = shortened(" ".join(str(facts["raw"]).split()), MOST_QUOTED)
    facts["typed"] = shortened(" ".join(str(facts.get("typed", facts.get("raw", ""))).split()), MOST_QUOTED)
    message, hint = (each(language).format(**facts) for each in (wording.message, wording.hint))
    return Finding(code, wording.severity, message, hint, **place)


# Files, the accounts file, and tables (files.py, delimited.py, accounts.py, tables.py)
PHRASES |= {
    "file-open": phrase(
        ERROR,
        text(
            "{file} cannot be replaced: another program has it open, or it is write-protected.",
            "{file} kan niet worden vervangen: een ander programma heeft het open, of het is tegen schrijven beveiligd.",
        ),
        text("Close it in Excel and run the command again.", "Sluit het in Excel en geef de opdracht opnieuw."),
    ),
    "cannot-write": phrase(
        ERROR,
        text("{file} cannot be written: {why}.", "{file} kan niet worden geschreven: {why}."),
        text(
            "Check the folder, your rights to it and the room on the disk.",
            "Kijk naar de map, uw rechten daarop en de ruimte op de schijf.",
        ),
    ),
    "file-exists": phrase(
        ERROR,
        text("{file} exists already and is left as it is.", "{file} bestaat al en blijft zoals het is."),
        text(
            "Give another name, or replace it with --overwrite if nothing in it is needed.",
            "Geef een andere naam, of vervang het met --overwrite als er niets in staat dat u nodig hebt.",
        ),
    ),
    "file-missing": phrase(
        ERROR,
        text("There is no file {file}.", "Er is geen bestand {file}."),
        text("Check the name and the folder.", "Kijk de naam en de map na."),
    ),
    "file-unreadable": phrase(
        ERROR,
        text("{file} cannot be read: {why}.", "{file} kan niet worden gelezen: {why}."),
        text(
            "Open it in the program it came from and save it as .xlsx, without a password, or as CSV UTF-8.",
            "Open het in het programma waar het vandaan komt en sla het op als .xlsx, zonder wachtwoord, of als CSV UTF-8.",
        ),
    ),
    "open-quote": phrase(
        ERROR,
        text(
            "Line {line} begins a quoted text that never ends, so the lines after it cannot be told apart.",
            "Regel {line} begint een tekst tussen aanhalingstekens die nergens eindigt; de regels erna zijn onleesbaar.",
        ),
        text(
            'Close the quotation mark (") on that line, or remove it.',
            'Sluit het aanhalingsteken (") op die regel, of haal het weg.',
        ),
    ),
    "starter-suffix": phrase(
        ERROR,
        text(
            "A starter accounts file is .csv or .xlsx, not {suffix!r}.", "Een accountsbestand is .csv of .xlsx, niet {suffix!r}."
        ),
        text("Give a name such as accounts.xlsx.", "Geef een naam als accounts.xlsx."),
    ),
    "accounts-empty": phrase(
        ERROR,
        text("There are no accounts.", "Er zijn geen accounts."),
        text(
            "Write one account on each line below the column names; --starter FILE makes an example.",
            "Zet onder de kolomnamen op elke regel een account; --starter BESTAND maakt een voorbeeld.",
        ),
    ),
    "missing-column": phrase(
        ERROR,
        text(
            "There is no column {columns} in the accounts. Columns found: {found}.",
            "De kolom {columns} ontbreekt bij de accounts. Gevonden kolommen: {found}.",
        ),
        text("If it has another name, say which: --map {example}.", "Heet de kolom anders, zeg dan hoe: --map {example}."),
    ),
    "unknown-column": phrase(
        WARNING,
        text(
            "Column {column!r} is not known and is left aside.{guess}",
            "Kolom {column!r} is niet bekend en blijft buiten beschouwing.{guess}",
        ),
        text("Map it if it is needed: --map {example}.", "Geef zo nodig aan wat het is: --map {example}."),
    ),
    "column-twice": phrase(
        WARNING,
        text(
            "Columns {first!r} and {second!r} both mean {ours}; {first!r} counts.",
            "De kolommen {first!r} en {second!r} betekenen allebei {ours}; {first!r} telt.",
        ),
        text("Remove or rename one of them.", "Verwijder of hernoem er een."),
    ),
    "map-target-unknown": phrase(
        ERROR,
        text("--map {theirs}={ours} names no column of ours.{guess}", "--map {theirs}={ours} noemt geen kolom van ons.{guess}"),
        text("Our columns are: {known}, and block.field.", "Onze kolommen zijn: {known}, en blok.veld."),
    ),
    "map-source-missing": phrase(
        WARNING,
        text(
            "The accounts have no column {theirs!r}, which --map names.{guess}",
            "De accounts hebben geen kolom {theirs!r}, die --map noemt.{guess}",
        ),
        text("Columns found: {found}.", "Gevonden kolommen: {found}."),
    ),
    "account-id-empty": phrase(
        ERROR,
        text("Line {line} has no account_id and is left out.", "Regel {line} heeft geen account_id en is overgeslagen."),
        text("Give each account its own id.", "Geef elke account een eigen id."),
    ),
    "account-id-twice": phrase(
        ERROR,
        text(
            "account_id {raw!r} stands on line {first} and again on line {line}; line {first} counts.",
            "account_id {raw!r} staat op regel {first} en nog eens op regel {line}; regel {first} telt.",
        ),
        text(
            "Give each account its own id, or remove one of the lines.",
            "Geef elke account een eigen id, of verwijder een van de regels.",
        ),
    ),
    "account-name-empty": phrase(
        WARNING,
        text(
            "Line {line} has no account name; its id {raw!r} stands in for it.",
            "Regel {line} heeft geen accountnaam; de id {raw!r} staat daarvoor in de plaats.",
        ),
        text("Fill in the account's name.", "Vul de naam van de account in."),
    ),
    "cells-beyond-columns": phrase(
        WARNING,
        text(
            "Line {line} has more cells than there are columns; left aside: {raw}.",
            "Regel {line} heeft meer cellen dan er kolommen zijn; buiten beschouwing: {raw}.",
        ),
        text(
            "Put a text that holds the separator between quotation marks, or part its items by |.",
            "Zet een tekst waarin het scheidingsteken staat tussen aanhalingstekens, of scheid de delen met |.",
        ),
    ),
    "in-the-way": phrase(
        ERROR,
        text(
            "{file} is in the way: this command did not write it, so it is left as it is and nothing is written.",
            "{file} staat in de weg: deze opdracht schreef het niet, dus het blijft zoals het is en er wordt niets geschreven.",
        ),
        text("Move it away, or choose another place with --out.", "Zet het elders, of kies een andere plaats met --out."),
    ),
    "rows-beyond-excel": phrase(
        ERROR,
        text(
            "Table {block} has {rows} rows, more than an Excel sheet holds; nothing is written.",
            "Tabel {block} heeft {rows} rijen, meer dan een Excel-blad kan bevatten; er wordt niets geschreven.",
        ),
        text("Use --format parquet, csv or duckdb.", "Gebruik --format parquet, csv of duckdb."),
    ),
    "text-cut": phrase(
        WARNING,
        text(
            "A text of {length} characters is cut to what an Excel cell holds.",
            "Een tekst van {length} tekens is ingekort tot wat een Excel-cel kan bevatten.",
        ),
        text(
            "The other formats hold it whole: --format parquet, csv or duckdb.",
            "In de andere bestandsvormen staat de hele tekst: --format parquet, csv of duckdb.",
        ),
    ),
    "tables-missing": phrase(
        ERROR,
        text("There are no tables in {file}.", "Er staan geen tabellen in {file}."),
        text(
            "Give a folder that `accountsheet import` wrote, or one with a CSV file for each block, named after it.",
            "Geef een map die `accountsheet import` schreef, of een met per blok een CSV-bestand met de naam van dat blok.",
        ),
    ),
    "tables-incomplete": phrase(
        ERROR,
        text("The tables in {file} are not those of an import: {missing} is missing.",
             "De tabellen in {file} zijn niet die van een import: {missing} ontbreekt."),
        text("Give the workbooks, or the whole folder that `accountsheet import` wrote.",
             "Geef de werkboeken, of de hele map die `accountsheet import` schreef."),
    ),
    "tables-newer": phrase(
        ERROR,
        text(
            "{file} was written by a newer accountsheet (form {found}; this one reads up to {known}).",
            "{file} is geschreven door een nieuwere accountsheet (vorm {found}; deze leest tot en met {known}).",
        ),
        text(
            "Install the newest: pip install --upgrade accountsheet.",
            "Installeer de nieuwste: pip install --upgrade accountsheet.",
        ),
    ),
    "duckdb-missing": phrase(
        ERROR,
        text("{file} needs DuckDB, which is not installed.", "{file} vraagt om DuckDB, dat niet is geïnstalleerd."),
        text('Install it: pip install "accountsheet[duckdb]".', 'Installeer het: pip install "accountsheet[duckdb]".'),
    ),
    "value-unreadable": phrase(
        ERROR,
        text(
            "Table {block}, line {line}, column {field}: {raw!r} cannot be read as {kind}.",
            "Tabel {block}, regel {line}, kolom {field}: {raw!r} is niet te lezen ({kind}).",
        ),
        text(
            "Write numbers as 1234.5, dates as 2026-03-31, yes and no as true and false.",
            "Schrijf getallen als 1234.5, datums als 2026-03-31, ja en nee als true en false.",
        ),
    ),
}

# Blueprints (library.py, tree.py, source.py, inspection.py)
PHRASES |= {
    "blueprint-unknown": phrase(
        ERROR,
        text("There is no blueprint {name}.", "Er is geen blauwdruk {name}."),
        text("Give the path of a YAML file, or one of: {known}.", "Geef het pad van een YAML-bestand, of een van: {known}."),
    ),
    "blueprint-unreadable": phrase(
        ERROR,
        text("{file} cannot be read: {why}.", "{file} kan niet worden gelezen: {why}."),
        text("Save it as plain text in UTF-8.", "Sla het op als platte tekst in UTF-8."),
    ),
    "yaml-form": phrase(
        ERROR,
        text("This is not valid YAML: {why}.", "Dit is geen geldige YAML: {why}."),
        text(
            "Look at the indentation, and put quotes around a text with a colon or hash in it.",
            "Kijk naar het inspringen, en zet een tekst met een dubbele punt of hekje tussen aanhalingstekens.",
        ),
    ),
    "yaml-too-large": phrase(
        ERROR,
        text(
            "The file is larger or deeper than a blueprint can be.", "Het bestand is groter of dieper dan een blauwdruk kan zijn."
        ),
        text("Check that it is the right file.", "Kijk of dit het juiste bestand is."),
    ),
    "duplicate-key": phrase(
        ERROR,
        text("{key} stands here and on line {first}.", "{key} staat hier en op regel {first}."),
        text("Remove or rename one of the two.", "Haal een van de twee weg of geef hem een andere naam."),
    ),
    "unknown-key": phrase(
        ERROR,
        text("{key} means nothing here.", "{key} heeft hier geen betekenis."),
        text("Did you mean {near}?", "Bedoelde u {near}?"),
    ),
    "key-missing": phrase(
        ERROR,
        text("{key} is missing or incomplete.", "{key} ontbreekt of is niet af."),
        text("Add it: see the blueprint reference.", "Vul het aan: zie de blauwdrukreferentie."),
    ),
    "language-missing": phrase(
        ERROR,
        text("{key} has no text in: {missing}.", "{key} heeft geen tekst in: {missing}."),
        text("Add the missing language, or write one text for all.", "Voeg de taal toe, of schrijf één tekst voor alle talen."),
    ),
    "language-unknown": phrase(
        ERROR,
        text("{name} is no language of accountsheet.", "{name} is geen taal van accountsheet."),
        text("Use: {known}.", "Gebruik: {known}."),
    ),
    "text-wanted": phrase(
        ERROR,
        text("{key} must be a text.", "{key} moet een tekst zijn."),
        text("Write one text, or one for each language.", "Schrijf één tekst, of een per taal."),
    ),
    "mapping-wanted": phrase(
        ERROR,
        text("{key} must be a mapping of `name: value` lines.", "{key} moet uit regels `naam: waarde` bestaan."),
        text("Indent them under it.", "Laat ze eronder inspringen."),
    ),
    "number-wanted": phrase(
        ERROR,
        text("{key} must be a number, not {value}.", "{key} moet een getal zijn, niet {value}."),
        text("Write it with a decimal point, such as 0.5.", "Schrijf het met een punt, zoals 0.5."),
    ),
    "bounds-crossed": phrase(
        ERROR,
        text("Nothing lies between min {least} and max {most}.", "Tussen min {least} en max {most} ligt niets."),
        text("Swap or correct them.", "Wissel of verbeter ze."),
    ),
    "one-of": phrase(
        ERROR,
        text("{key} cannot be {value}.", "{key} kan niet {value} zijn."),
        text("Use: {known}.", "Gebruik: {known}."),
    ),
    "bad-id": phrase(
        ERROR,
        text("{name!r} cannot be an id.", "{name!r} kan geen id zijn."),
        text(
            "Use lower-case letters, digits and _ (hyphens in a blueprint's id), starting with a letter, and no reserved word.",
            "Gebruik kleine letters, cijfers en _ (streepjes in het id van een blauwdruk), te beginnen met een letter, en geen gereserveerd woord.",
        ),
    ),
    "logo-missing": phrase(
        ERROR,
        text("There is no picture {name}.", "Er is geen afbeelding {name}."),
        text("Put a .png or .jpg beside the blueprint's file.", "Zet een .png of .jpg naast het bestand van de blauwdruk."),
    ),
    "accent-form": phrase(
        ERROR,
        text("{value!r} is no colour.", "{value!r} is geen kleur."),
        text('Write six hexadecimal digits, such as "17495A".', 'Schrijf zes hexadecimale cijfers, zoals "17495A".'),
    ),
    "list-twice": phrase(
        ERROR,
        text("The list {name} holds the same entry twice.", "De lijst {name} bevat een keuze dubbel."),
        text("Remove one.", "Haal er een weg."),
    ),
    "list-empty": phrase(
        ERROR,
        text("The list {name} holds nothing.", "De lijst {name} is leeg."),
        text("Give at least one entry.", "Geef ten minste één keuze."),
    ),
    "list-unknown": phrase(
        ERROR,
        text("There is no list {name!r}.", "Er is geen lijst {name!r}."),
        text("Define it under `lists:`. Did you mean {near}?", "Zet hem onder `lists:`. Bedoelde u {near}?"),
    ),
    "labels-alike": phrase(
        ERROR,
        text(
            "{one} and {two} of the list {key} are both called “{label}”.",
            "{one} en {two} van de lijst {key} heten allebei “{label}”.",
        ),
        text(
            "A rep could not tell them apart: rename one.",
            "Wie het plan invult, kan ze niet uit elkaar houden: hernoem er een.",
        ),
    ),
    "section-empty": phrase(
        ERROR,
        text("The section {name} has no blocks.", "De sectie {name} heeft geen blokken."),
        text("Add one under `blocks:`, or hide the section.", "Zet er een onder `blocks:`, of verberg de sectie."),
    ),
    "block-unknown": phrase(
        ERROR,
        text("There is no shared block {name}.", "Er is geen gedeeld blok {name}."),
        text(
            "Did you mean {near}? A block of your own needs at least `kind:`.",
            "Bedoelde u {near}? Een eigen blok heeft ten minste `kind:` nodig.",
        ),
    ),
    "block-twice": phrase(
        ERROR,
        text("The block {name} already stands in the section {other}.", "Het blok {name} staat al in de sectie {other}."),
        text("A block has one place in a plan: remove one.", "Een blok heeft één plaats in een plan: haal er een weg."),
    ),
    "kind-needs": phrase(
        ERROR,
        text("This block of kind {name} lacks something it needs: {why}.", "Dit blok van de soort {name} mist iets: {why}."),
        text("See the options of the kind in the blueprint reference.", "Zie de opties van de soort in de blauwdrukreferentie."),
    ),
    "title-length": phrase(
        ERROR,
        text("“{title}” is too long for a tab, or empty.", "“{title}” is te lang voor een tabblad, of leeg."),
        text(
            "Excel takes 31 characters, number included: give a short `tab:`.",
            "Excel neemt 31 tekens, met het nummer erbij: geef een korte `tab:`.",
        ),
    ),
    "title-form": phrase(
        ERROR,
        text("Excel refuses “{title}” as the name of a tab.", "Excel weigert “{title}” als naam van een tabblad."),
        text(
            "Leave out [ ] : * ? / \\ and quotes at the ends, and do not call it History.",
            "Laat [ ] : * ? / \\ en aanhalingstekens aan de randen weg, en noem het geen History.",
        ),
    ),
    "titles-alike": phrase(
        ERROR,
        text("“{title}” is also the tab of the section {other}.", "“{title}” is ook het tabblad van de sectie {other}."),
        text("Give one of them another `tab:`.", "Geef een van beide een andere `tab:`."),
    ),
    "reference-unknown": phrase(
        ERROR,
        text("{key} refers to {name!r}, which is not there.", "{key} verwijst naar {name!r}, en dat is er niet."),
        text("Name a table and its field, such as contacts.name.", "Noem een tabel en een veld ervan, zoals contacts.name."),
    ),
    "calc-empty": phrase(
        ERROR,
        text("{name} is calculated, but from nothing.", "{name} wordt berekend, maar waaruit?"),
        text("Give `value:` an expression.", "Geef `value:` een formule."),
    ),
    "calc-circle": phrase(
        ERROR,
        text("{key} is calculated from itself: {name}.", "{key} wordt uit zichzelf berekend: {name}."),
        text("Break the circle.", "Doorbreek de cirkel."),
    ),
    "expression": phrase(
        ERROR,
        text("{name}: {why}.", "{name}: {why}."),
        text("See Expressions in the blueprint reference.", "Zie Expressions in de blauwdrukreferentie."),
    ),
    "extends-circle": phrase(
        ERROR,
        text("{name} extends itself, by way of others.", "{name} breidt via andere zichzelf uit."),
        text("Break the circle.", "Doorbreek de cirkel."),
    ),
}

# Answers (fields.py, plan.py, writer.py, reader.py)
PHRASES |= {
    "value-meant": phrase(
        INFO,
        text("“{typed}” is read as {shown}.", "“{typed}” is gelezen als {shown}."),
    ),
    "value-repaired": phrase(
        REPAIR,
        text("“{typed}” is read as {shown}.", "“{typed}” is gelezen als {shown}."),
        text("Nothing to do, if that is what you meant.", "U hoeft niets te doen, als u dat bedoelde."),
    ),
    "value-ambiguous": phrase(
        WARNING,
        text(
            "“{typed}” is read as {shown}; it could also mean {other}.",
            "“{typed}” is gelezen als {shown}; het kan ook {other} betekenen.",
        ),
        text(
            "To make it certain, type {shown} if that is right, and {other} if not.",
            "Typ {shown} als dat klopt en anders {other}; dan is het zeker.",
        ),
    ),
    "value-absent": phrase(
        INFO,
        text("“{typed}” is read as: no answer.", "“{typed}” is gelezen als: geen antwoord."),
    ),
    "not-a-number": phrase(
        ERROR,
        text("“{typed}” is no number.", "“{typed}” is geen getal."),
        text("Type digits only, such as {example}.", "Typ alleen cijfers, bijvoorbeeld {example}."),
    ),
    "not-a-percentage": phrase(
        ERROR,
        text("“{typed}” cannot be a percentage.", "“{typed}” kan geen percentage zijn."),
        text(
            "Type a percentage, such as {example}; an amount belongs in a cell that asks for one.",
            "Typ een percentage, bijvoorbeeld {example}; een bedrag hoort in een cel die om een bedrag vraagt.",
        ),
    ),
    "number-with-words": phrase(
        ERROR,
        text("“{typed}” is more than a number, and was not read.", "“{typed}” is meer dan een getal en is niet gelezen."),
        text(
            "Type the number alone, such as {near}; the words can go in a cell for text.",
            "Typ alleen het getal, bijvoorbeeld {near}; de woorden passen in een cel voor tekst.",
        ),
    ),
    "several-numbers": phrase(
        ERROR,
        text(
            "“{typed}” holds more than one number; one is asked, so none was read.",
            "In “{typed}” staat meer dan één getal; er wordt er één gevraagd, dus er is niets gelezen.",
        ),
        text(
            "Type the one number that you count on, such as {near}.",
            "Typ het ene getal waar u op rekent, bijvoorbeeld {near}.",
        ),
    ),
    "other-currency": phrase(
        ERROR,
        text(
            "“{typed}” is in {named}, but the amounts of this plan are in {own}; it was not read.",
            "“{typed}” is in {named}, maar de bedragen van dit plan zijn in {own}; het is niet gelezen.",
        ),
        text("Work it out in {own} and type that amount.", "Reken het om naar {own} en typ dat bedrag."),
    ),
    "date-for-number": phrase(
        ERROR,
        text(
            "A number is asked, but the cell holds the date {typed}: perhaps Excel made a date of what was typed.",
            "Er wordt een getal gevraagd, maar in de cel staat de datum {typed}: misschien maakte Excel van het getypte een datum.",
        ),
        text(
            "Set the cell's format to Number, and type the number again.",
            "Zet de notatie van de cel op Getal en typ het getal opnieuw.",
        ),
    ),
    "several-choices": phrase(
        ERROR,
        text(
            "The cell holds several choices ({shown}); one is asked, so none was read.",
            "In de cel staan meer keuzes ({shown}); er wordt er één gevraagd, dus er is niets gelezen.",
        ),
        text(
            "Choose one from the list in the cell: the one that counts most.",
            "Kies er één uit de lijst bij de cel: de keuze die het zwaarst telt.",
        ),
    ),
    "choice-like": phrase(
        WARNING,
        text(
            "“{typed}” is kept as it was typed; the list has “{near}”.",
            "“{typed}” is overgenomen zoals het er staat; in de lijst staat “{near}”.",
        ),
        text("If you meant that one, choose it from the list.", "Bedoelde u die, kies die dan uit de lijst."),
    ),
    "not-a-whole-number": phrase(
        ERROR,
        text("{typed} is no whole number.", "{typed} is geen geheel getal."),
        text("Type a whole number, such as {example}.", "Typ een geheel getal, bijvoorbeeld {example}."),
    ),
    "not-a-date": phrase(
        ERROR,
        text("“{typed}” is no date.", "“{typed}” is geen datum."),
        text("Type a day, such as 2027-03-31.", "Typ een dag, bijvoorbeeld 31-03-2027."),
    ),
    "not-a-month": phrase(
        ERROR,
        text("“{typed}” is no month.", "“{typed}” is geen maand."),
        text("Type a month with its year, such as March 2027.", "Typ een maand met het jaar, bijvoorbeeld maart 2027."),
    ),
    "year-for-date": phrase(
        WARNING,
        text(
            "The cell holds the day {shown}; perhaps the year {other} was meant.",
            "In de cel staat de dag {shown}; misschien is het jaar {other} bedoeld.",
        ),
        text("Type the whole date, such as 2027-03-31.", "Typ de hele datum, bijvoorbeeld 31-03-2027."),
    ),
    "date-too-early": phrase(
        ERROR,
        text(
            "{typed} is too long ago: spreadsheets know dates from 1 March 1900 on.",
            "{typed} is te lang geleden: spreadsheets kennen datums vanaf 1 maart 1900.",
        ),
        text("Look whether the year is right, and type the date again.", "Kijk of het jaartal klopt en typ de datum opnieuw."),
    ),
    "not-yes-or-no": phrase(
        ERROR,
        text("“{typed}” is neither yes nor no.", "“{typed}” is geen ja of nee."),
        text("Choose yes or no from the list in the cell.", "Kies ja of nee uit de lijst bij de cel."),
    ),
    "not-a-choice": phrase(
        ERROR,
        text("“{typed}” is not in the list.", "“{typed}” staat niet in de lijst."),
        text(
            "Choose one from the list in the cell, such as: {wanted}.",
            "Kies er een uit de lijst bij de cel, bijvoorbeeld: {wanted}.",
        ),
    ),
    "out-of-range": phrase(
        WARNING,
        text("{shown} is outside what is asked for here: {bounds}.", "{shown} valt buiten wat hier gevraagd wordt: {bounds}."),
        text(
            "Look whether it is right; it was read as it stands. If not, type it again.",
            "Kijk of het klopt; het is gelezen zoals het er staat. Klopt het niet, typ het dan opnieuw.",
        ),
    ),
    "text-too-long": phrase(
        ERROR,
        text(
            "A text is longer than the 32,767 characters that a cell holds.",
            "Een tekst is langer dan de 32.767 tekens die een cel kan bevatten.",
        ),
        text("Shorten it, or put it in a document beside the plan.", "Kort hem in, of zet hem in een document naast het plan."),
    ),
    "answer-without-place": phrase(
        ERROR,
        text("The blueprint has no cell for {block}.{field}.", "De blauwdruk heeft geen cel voor {block}.{field}."),
        text("Look at the names of block and field.", "Kijk de namen van blok en veld na."),
    ),
    "table-unused": phrase(
        WARNING,
        text(
            "Nothing is filled in from the table {block}: {name} has no such block.",
            "Uit de tabel {block} wordt niets ingevuld: {name} heeft dat blok niet.",
        ),
        text("Name the file after a block, such as {near}.", "Noem het bestand naar een blok, zoals {near}."),
    ),
    "table-without-account": phrase(
        WARNING,
        text(
            "Nothing is filled in from the table {block}: it has no column account_id.",
            "Uit de tabel {block} wordt niets ingevuld: de kolom account_id ontbreekt.",
        ),
        text(
            "Add a column account_id that says whose each row is.", "Voeg een kolom account_id toe die zegt van wie elke rij is."
        ),
    ),
    "table-without-place": phrase(
        ERROR,
        text(
            "The rows of the table {block} cannot be placed: {why}.",
            "De rijen van de tabel {block} zijn niet te plaatsen: {why}.",
        ),
        text(
            "Give the columns that `accountsheet import` writes for it.",
            "Geef de kolommen die `accountsheet import` ervoor schrijft.",
        ),
    ),
    "language-not-here": phrase(
        ERROR,
        text(
            "The blueprint {blueprint} has no texts in the language {name}.",
            "De blauwdruk {blueprint} heeft geen teksten in de taal {name}.",
        ),
        text("Use: {known}.", "Gebruik: {known}."),
    ),
    "account-language": phrase(
        WARNING,
        text(
            "Account {account} asks for the language {name}, which the blueprint does not have; its workbook is in {chosen}.",
            "Account {account} vraagt om de taal {name}; die heeft de blauwdruk niet, dus het werkboek is in {chosen}.",
        ),
        text("Write en or nl in the column language.", "Schrijf en of nl in de kolom language."),
    ),
    "prefill-unknown": phrase(
        WARNING,
        text("{name} is no field that can be filled in beforehand.", "{name} is geen veld dat vooraf kan worden ingevuld."),
        text(
            "Name a field of a form as block.field; tables go in with --data.",
            "Noem een veld van een formulier als blok.veld; tabellen gaan met --data.",
        ),
    ),
}

# Workbooks (reader.py, collect.py)
PHRASES |= {
    "workbook-too-large": phrase(
        ERROR,
        text(
            "The workbook is far larger than an account plan ({why}).",
            "Het werkboek is veel groter dan een accountplan ({why}).",
        ),
        text(
            "Take out pictures and sheets of your own; or ask for a new workbook and copy the answers into it.",
            "Haal afbeeldingen en eigen bladen eruit; of vraag een nieuw werkboek en neem de antwoorden daarin over.",
        ),
    ),
    "workbook-form": phrase(
        ERROR,
        text("This is an Office file, but no workbook.", "Dit is een Office-bestand, maar geen werkboek."),
        text("Send the account plan itself, saved as .xlsx.", "Stuur het accountplan zelf, opgeslagen als .xlsx."),
    ),
    "workbook-locked": phrase(
        ERROR,
        text(
            "The workbook opens only with a password, and none that fits was given.",
            "Het werkboek gaat alleen open met een wachtwoord, en er is geen gegeven dat past.",
        ),
        text(
            "Save it without one (in Excel: File, Info, Protect Workbook, Encrypt with Password, and empty the box), or give it when you import: --password.",
            "Sla het op zonder (in Excel: Bestand, Info, Werkmap beveiligen, Versleutelen met wachtwoord, en maak het vak leeg), of geef het bij het importeren: --password.",
        ),
    ),
    "locked-document": phrase(
        ERROR,
        text(
            "This OpenDocument file has a password, and such a file cannot be opened here.",
            "Dit OpenDocument-bestand heeft een wachtwoord; zo'n bestand kan hier niet worden geopend.",
        ),
        text("Save it without a password, or as .xlsx.", "Sla het op zonder wachtwoord, of als .xlsx."),
    ),
    "form-xlsb": phrase(
        ERROR,
        text(
            "This is a binary workbook (.xlsb); texts would be lost, so it was not read.",
            "Dit is een binair werkboek (.xlsb); er zouden teksten verloren gaan, dus het is niet gelezen.",
        ),
        text(
            "Open it in Excel, choose File, Save As, Excel Workbook (.xlsx), and send that one.",
            "Open het in Excel, kies Bestand, Opslaan als, Excel-werkmap (.xlsx), en stuur die.",
        ),
    ),
    "form-numbers": phrase(
        ERROR,
        text("This is a document of Apple's Numbers; it was not read.", "Dit is een document van Numbers van Apple; het is niet gelezen."),
        text(
            "Open it in Numbers, choose File, Export To, Excel, and send the .xlsx.",
            "Open het in Numbers, kies Archief, Exporteer naar, Excel, en stuur de .xlsx.",
        ),
    ),
    "form-gsheet": phrase(
        ERROR,
        text(
            "This is only a link to a Google spreadsheet; the answers are not in it.",
            "Dit is alleen een koppeling naar een Google-spreadsheet; de antwoorden staan er niet in.",
        ),
        text(
            "Open it, choose File, Download, Microsoft Excel (.xlsx), and send that file.",
            "Open het, kies Bestand, Downloaden, Microsoft Excel (.xlsx), en stuur dat bestand.",
        ),
    ),
    "macros-not-run": phrase(
        INFO,
        text(
            "The workbook carries macros; they were not run, and its answers were read.",
            "In het werkboek zitten macro's; die zijn niet uitgevoerd, en de antwoorden zijn gelezen.",
        ),
    ),
    "dates-from-1904": phrase(
        INFO,
        text(
            "The workbook counts its days from 1904, as Excel for the Mac once did; dates were read as they show.",
            "Het werkboek telt zijn dagen vanaf 1904, zoals Excel voor de Mac vroeger; datums zijn gelezen zoals ze er staan.",
        ),
        text(
            "Look whether the dates are right: cells copied between workbooks can shift by four years and a day.",
            "Kijk of de datums kloppen: cellen die van het ene naar het andere werkboek zijn gekopieerd, kunnen vier jaar en een dag verschuiven.",
        ),
    ),
    "workbook-damaged": phrase(
        ERROR,
        text("The file is damaged, or is no workbook at all.", "Het bestand is beschadigd of is helemaal geen werkboek."),
        text(
            "Try to open it in Excel: if that works, save it as .xlsx and send it again; if not, send an earlier version.",
            "Probeer het in Excel te openen: lukt dat, sla het dan op als .xlsx en stuur het opnieuw; lukt het niet, stuur dan een eerdere versie.",
        ),
    ),
    "not-a-workbook": phrase(
        ERROR,
        text("There are no sheets in this file.", "Er staan geen bladen in dit bestand."),
        text("Send the account plan itself, as .xlsx.", "Stuur het accountplan zelf, als .xlsx."),
    ),
    "sheet-too-far": phrase(
        ERROR,
        text(
            "Something stands far beyond the plan on the tab “{sheet}”, out to {cell}.",
            "Op het tabblad “{sheet}” staat iets ver buiten het plan, tot aan {cell}.",
        ),
        text(
            "Press Ctrl+End there, delete the rows and columns beyond the plan, and save.",
            "Druk daar op Ctrl+End, verwijder de rijen en kolommen buiten het plan en sla op.",
        ),
    ),
    "not-ours": phrase(
        ERROR,
        text("This workbook is no account plan made by accountsheet.", "Dit werkboek is geen accountplan van accountsheet."),
        text(
            "Send the workbook that was made for the account; if it is lost, ask for a new one and copy the answers into it.",
            "Stuur het werkboek dat voor de account is gemaakt; is het kwijt, vraag dan een nieuw en neem de antwoorden daarin over.",
        ),
    ),
    "workbook-newer": phrase(
        ERROR,
        text(
            "The workbook was made by a newer accountsheet (form {form}; this one reads form {known}).",
            "Het werkboek is gemaakt door een nieuwere accountsheet (vorm {form}; deze leest vorm {known}).",
        ),
        text(
            "Install the newest: pip install --upgrade accountsheet.",
            "Installeer de nieuwste: pip install --upgrade accountsheet.",
        ),
    ),
    "meta-broken": phrase(
        ERROR,
        text(
            "The hidden sheet that explains the workbook has been changed, so the workbook cannot be read.",
            "Het verborgen blad dat het werkboek uitlegt is veranderd, dus het werkboek is niet te lezen.",
        ),
        text(
            "Send an earlier version; or ask for a new workbook for this account and copy the answers into it.",
            "Stuur een eerdere versie; of vraag een nieuw werkboek voor deze account en neem de antwoorden daarin over.",
        ),
    ),
    "meta-gone": phrase(
        REPAIR,
        text(
            "The hidden sheet that explains the workbook is gone; by what its tabs say it was read as {name} {version}, with amounts in {currency}.",
            "Het verborgen blad dat het werkboek uitlegt is weg; naar wat de tabbladen zeggen is het gelezen als {name} {version}, met bedragen in {currency}.",
        ),
        text(
            "Nothing to do, if account, currency and figures look right.",
            "U hoeft niets te doen, als account, munteenheid en cijfers kloppen.",
        ),
    ),
    "meta-gone-newer": phrase(
        WARNING,
        text(
            "The hidden sheet that explains the workbook is gone; it was made with {name} {version} and read as {name} {ours}, with amounts in {currency}.",
            "Het verborgen blad dat het werkboek uitlegt is weg; het is gemaakt met {name} {version} en gelezen als {name} {ours}, met bedragen in {currency}.",
        ),
        text(
            "Look whether the answers came out right: questions may have changed between the two.",
            "Kijk of de antwoorden goed zijn overgekomen: vragen kunnen tussen die twee zijn veranderd.",
        ),
    ),
    "blueprint-gone": phrase(
        ERROR,
        text(
            "The workbook belongs to the blueprint {name}, which is not here, and no longer carries it.",
            "Het werkboek hoort bij de blauwdruk {name}; die is hier niet, en zit ook niet meer in het werkboek.",
        ),
        text(
            "Put its file, {name}.yaml, in the folder where you run the command.",
            "Zet het bestand ervan, {name}.yaml, in de map waar u de opdracht geeft.",
        ),
    ),
    "section-missing": phrase(
        ERROR,
        text("The tab “{title}” is gone.", "Het tabblad “{title}” is weg."),
        text(
            "Put it back from an earlier version of the file; without one, ask for your workbook to be sent back: it then has the tab again, empty.",
            "Zet het terug uit een eerdere versie van het bestand; is die er niet, vraag dan uw werkboek terug: het tabblad zit er dan weer in, leeg.",
        ),
    ),
    "tab-renamed": phrase(
        REPAIR,
        text(
            "The tab “{old}” is now called “{title}”; it was read all the same.",
            "Het tabblad “{old}” heet nu “{title}”; het is gewoon gelezen.",
        ),
    ),
    "tab-copied": phrase(
        REPAIR,
        text(
            "The tab “{title}” is a copy of “{old}”, which counts; what differs in the copy is listed.",
            "Het tabblad “{title}” is een kopie van “{old}”, dat telt; wat in de kopie anders is, staat apart vermeld.",
        ),
        text(
            "Type what is right in “{old}” and delete the copy.",
            "Typ wat klopt in “{old}” en verwijder de kopie.",
        ),
    ),
    "copy-differs": phrase(
        ERROR,
        text(
            "The copied tab says “{raw}” here; “{old}” says “{ours}”, and that counts.",
            "Het gekopieerde tabblad zegt hier “{raw}”; “{old}” zegt “{ours}”, en dat telt.",
        ),
        text("Type what is right in “{old}” and delete the copy.", "Typ wat klopt in “{old}” en verwijder de kopie."),
    ),
    "tab-of-another": phrase(
        ERROR,
        text(
            "The tab “{title}” comes from another workbook ({other}); it was read as part of this one.",
            "Het tabblad “{title}” komt uit een ander werkboek ({other}); het is gelezen als deel van dit werkboek.",
        ),
        text(
            "Look whether its answers belong in this plan; if not, put back the plan’s own tab.",
            "Kijk of de antwoorden in dit plan horen; zet anders het eigen tabblad van het plan terug.",
        ),
    ),
    "sheet-repaired": phrase(
        REPAIR,
        text(
            "This tab was rearranged ({what}); every answer was found by its label and its hidden marks.",
            "Dit tabblad is anders ingedeeld ({what}); elk antwoord is gevonden aan zijn opschrift en zijn verborgen merktekens.",
        ),
        text("Nothing to do, if the answers look right.", "U hoeft niets te doen, als de antwoorden kloppen."),
    ),
    "labels-translated": phrase(
        REPAIR,
        text(
            "{count} labels on this tab are in another of the plan’s languages; its answers were read all the same.",
            "{count} opschriften op dit tabblad staan in een andere taal van het plan; de antwoorden zijn gewoon gelezen.",
        ),
    ),
    "row-lost": phrase(
        WARNING,
        text("Gone from this tab: {name}.", "Weg van dit tabblad: {name}."),
        text(
            "If it held an answer, put it back from an earlier version of the file.",
            "Stond er een antwoord in, zet de rij dan terug uit een eerdere versie van het bestand.",
        ),
    ),
    "column-lost": phrase(
        WARNING,
        text("The column “{name}” is gone from this tab.", "De kolom “{name}” is weg van dit tabblad."),
        text(
            "If it held answers, put it back from an earlier version of the file.",
            "Stonden er antwoorden in, zet de kolom dan terug uit een eerdere versie van het bestand.",
        ),
    ),
    "row-repeated": phrase(
        ERROR,
        text(
            "This row stands there twice, and says “{raw}” here; the first one counts and says “{ours}”.",
            "Deze rij staat er dubbel en zegt hier “{raw}”; de eerste telt en zegt “{ours}”.",
        ),
        text("Type what is right in the first row and delete this one.", "Typ wat klopt in de eerste rij en verwijder deze."),
    ),
    "formula-without-value": phrase(
        ERROR,
        text(
            "The cell holds the formula {raw}, but its result was not saved with the file.",
            "In de cel staat de formule {raw}, maar de uitkomst is niet met het bestand bewaard.",
        ),
        text(
            "Open the file in Excel, save it and send it again, or type the result.",
            "Open het bestand in Excel, sla het op en stuur het opnieuw, of typ de uitkomst.",
        ),
    ),
    "error-cell": phrase(
        ERROR,
        text("The cell shows {raw}: a formula that went wrong.", "In de cel staat {raw}: een formule die misging."),
        text("Mend the formula, or type the answer itself.", "Herstel de formule, of typ het antwoord zelf."),
    ),
    "only-blanks": phrase(
        INFO,
        text("The cell holds nothing but spaces; it counts as empty.", "In de cel staan alleen spaties; ze telt als leeg."),
    ),
    "account-id-changed": phrase(
        WARNING,
        text(
            "The account number was changed to “{raw}”; the workbook was made for {old}, and counts as such.",
            "Het klantnummer is veranderd in “{raw}”; het werkboek is gemaakt voor {old} en telt ook zo.",
        ),
        text(
            "A plan for another account needs a workbook of its own.", "Een plan voor een andere klant vraagt een eigen werkboek."
        ),
    ),
    "unplaced": phrase(
        WARNING,
        text("“{raw}” stands where nothing is asked.", "“{raw}” staat waar niets gevraagd wordt."),
        text(
            "If it belongs to the plan, type it in one of the yellow cells.",
            "Hoort het bij het plan, typ het dan in een van de gele cellen.",
        ),
    ),
    "label-changed": phrase(
        INFO,
        text("The text “{old}” was changed to “{raw}”.", "De tekst “{old}” is veranderd in “{raw}”."),
    ),
    "calculation-overwritten": phrase(
        WARNING,
        text(
            "“{raw}” was typed over a calculation, which gives “{ours}”; the calculation counts.",
            "“{raw}” is over een berekening heen getypt, die “{ours}” geeft; de berekening telt.",
        ),
        text("Change the figures that it is calculated from.", "Verander de cijfers waaruit het berekend wordt."),
    ),
    "calculations-pasted": phrase(
        REPAIR,
        text(
            "The calculations on this tab were pasted as plain values; they were made again, and some give something else.",
            "De berekeningen op dit tabblad zijn als kale waarden geplakt; ze zijn opnieuw gemaakt en sommige geven iets anders.",
        ),
        text("Nothing to do, if the answers look right.", "U hoeft niets te doen, als de antwoorden kloppen."),
    ),
    "part-broken": phrase(
        WARNING,
        text(
            "A part of the file is broken: {why}. The answers were read; notes and comments beside cells may be missing.",
            "Een deel van het bestand is kapot: {why}. De antwoorden zijn gelezen; notities en opmerkingen bij cellen kunnen ontbreken.",
        ),
        text(
            "Open the workbook in Excel, let it repair the file, look at the notes, save it and send it again.",
            "Open het werkboek in Excel, laat het bestand herstellen, kijk naar de notities, sla op en stuur opnieuw.",
        ),
    ),
    "cell-note": phrase(
        INFO,
        text("A note on the cell says: “{raw}”.", "Een notitie bij de cel zegt: “{raw}”."),
    ),
}

# Collections (collect.py, portfolio.py)
PHRASES |= {
    "path-missing": phrase(
        ERROR,
        text("There is nothing at {file}.", "Op {file} is niets te vinden."),
        text(
            "Check the name; a pattern such as *.xlsx needs files that fit it.",
            "Kijk de naam na; bij een patroon als *.xlsx moet er minstens één bestand zijn dat past.",
        ),
    ),
    "lock-file": phrase(
        INFO,
        text(
            "{file} only shows that somebody has the workbook open; it was passed over.",
            "{file} laat alleen zien dat iemand het werkboek open heeft; het is overgeslagen.",
        ),
        text("Ask whether the last changes have been saved.", "Vraag of de laatste wijzigingen zijn opgeslagen."),
    ),
    "temporary-file": phrase(
        INFO,
        text(
            "{file} is what a program leaves behind while it saves or downloads; it was passed over.",
            "{file} is wat een programma achterlaat bij het opslaan of downloaden; het is overgeslagen.",
        ),
        text(
            "If it holds the only copy of a plan, open it in Excel and save it as .xlsx.",
            "Is het de enige versie van een plan, open het dan in Excel en sla het op als .xlsx.",
        ),
    ),
    "other-form": phrase(
        ERROR,
        text(
            "{file} is a workbook of another form and was not read.",
            "{file} is een werkboek in een andere vorm en is niet gelezen.",
        ),
        text(
            "Open it in the program it came from and save it as .xlsx.",
            "Open het in het programma waar het vandaan komt en sla het op als .xlsx.",
        ),
    ),
    "own-summary": phrase(
        INFO,
        text("This is a summary that accountsheet made; it was passed over.",
             "Dit is een samenvatting die accountsheet maakte; die is overgeslagen."),
    ),
    "no-workbook": phrase(
        ERROR,
        text("{file} is no workbook and was not read.", "{file} is geen werkboek en is niet gelezen."),
        text("Give .xlsx files, a folder or a zip with them.", "Geef .xlsx-bestanden, of een map of zip waar ze in staan."),
    ),
    "zip-in-zip": phrase(
        ERROR,
        text(
            "{file} is a zip within many others, and was not opened.",
            "{file} is een zip die in veel andere zit, en is niet geopend.",
        ),
        text("Unpack the outer ones and give that folder.", "Pak de buitenste uit en geef die map."),
    ),
    "zip-damaged": phrase(
        ERROR,
        text("The zip {file} cannot be opened: {why}.", "De zip {file} kan niet worden geopend: {why}."),
        text(
            "Unpack it and give the folder; if that fails too, have it sent again.",
            "Pak de zip uit en geef die map; lukt dat ook niet, laat de zip dan opnieuw sturen.",
        ),
    ),
    "path-unreachable": phrase(
        ERROR,
        text("{file} cannot be reached: {why}.", "{file} is niet te bereiken: {why}."),
        text(
            "Check the address and your rights; s3:// needs a library of its own (pip install s3fs), and so does https:// (pip install aiohttp requests).",
            "Kijk het adres en uw rechten na; s3:// vraagt een eigen bibliotheek (pip install s3fs), en https:// ook (pip install aiohttp requests).",
        ),
    ),
    "reading-failed": phrase(
        ERROR,
        text(
            "{file} could not be read, by a fault of accountsheet: {why}.",
            "{file} kon door een fout van accountsheet niet worden gelezen: {why}.",
        ),
        text(
            "Report it, if you can with the workbook; meanwhile, a new workbook with the answers copied into it may well be read.",
            "Meld het, zo mogelijk met het werkboek; een nieuw werkboek waarin de antwoorden zijn overgenomen, is intussen vaak wel te lezen.",
        ),
    ),
    "workbook-kills": phrase(
        ERROR,
        text("{file} stops the program that reads it.", "{file} laat het programma dat het leest vastlopen."),
        text(
            "Ask for a new workbook for this account and copy the answers into it.",
            "Vraag een nieuw werkboek voor deze account en neem de antwoorden daarin over.",
        ),
    ),
    "workbook-endless": phrase(
        ERROR,
        text(
            "{file} was still not read after {seconds} seconds, where a plan takes less than one.",
            "{file} was na {seconds} seconden nog niet gelezen, terwijl een plan nog geen seconde vraagt.",
        ),
        text(
            "Ask for a new workbook for this account and copy the answers into it.",
            "Vraag een nieuw werkboek voor deze account en neem de antwoorden daarin over.",
        ),
    ),
    "dask-missing": phrase(
        ERROR,
        text(
            "To share the work over a Dask cluster, an extra part of accountsheet is needed.",
            "Om het werk over een Dask-cluster te verdelen is een extra onderdeel van accountsheet nodig.",
        ),
        text("pip install 'accountsheet[dask]'", "pip install 'accountsheet[dask]'"),
    ),
    "scheduler-unreachable": phrase(
        ERROR,
        text("The Dask scheduler {file} cannot be reached: {why}.", "De Dask-scheduler {file} is niet te bereiken: {why}."),
        text(
            "Start it (dask scheduler), and give the address that it prints, such as tcp://10.0.0.5:8786.",
            "Start deze (dask scheduler) en geef het adres dat daarbij verschijnt, zoals tcp://10.0.0.5:8786.",
        ),
    ),
    "workbook-superseded": phrase(
        INFO,
        text(
            "{file} is an older version of the plan in {other}, which counts.",
            "{file} is een oudere versie van het plan in {other}; dat laatste telt.",
        ),
    ),
    "workbook-twice": phrase(
        INFO,
        text(
            "{file} is the same file as {other}; it counts once.", "{file} is hetzelfde bestand als {other}; het telt één keer."
        ),
    ),
    "block-told-twice": phrase(
        WARNING,
        text(
            "{block} of this account and year stands in {other} too; roll-ups take the newest.",
            "{block} van deze klant en dit jaar staat ook in {other}; optellingen nemen het nieuwste.",
        ),
        text("Keep one of the two plans.", "Houd een van de twee plannen aan."),
    ),
    "two-names": phrase(
        WARNING,
        text(
            "The account number {number} is “{two}” in {file} and “{one}” in {other}.",
            "Het klantnummer {number} is “{two}” in {file} en “{one}” in {other}.",
        ),
        text("Look whether one of the two has the wrong number.", "Kijk of een van de twee een verkeerd nummer heeft."),
    ),
}
PHRASES |= {
    "file-out-of-reach": phrase(
        ERROR,
        text("{file} could not be read or written: {why}.", "{file} kon niet worden gelezen of geschreven: {why}."),
        text("Check the name, the folder and your rights.", "Kijk de naam, de map en uw rechten na."),
    ),
    "fault": phrase(
        ERROR,
        text("accountsheet stopped by a fault of its own: {why}.", "accountsheet stopte door een eigen fout: {why}."),
        text(
            "Please report it; with {variable}=1 in the environment it shows where.",
            "Meld het ons; met {variable}=1 als omgevingsvariabele is te zien waar.",
        ),
    ),
    "doctor-folder": phrase(
        ERROR,
        text("{file} is a folder; the doctor sees one file at a time.", "{file} is een map; de dokter bekijkt één bestand tegelijk."),
        text(
            "Name one workbook in it; `accountsheet check` looks at all of them.",
            "Noem één werkboek erin; `accountsheet check` bekijkt ze allemaal.",
        ),
    ),
    "return-over-input": phrase(
        ERROR,
        text(
            "{file} is one of the workbooks that came in; it is left as it is.",
            "{file} is een van de werkboeken die binnenkwamen; het blijft zoals het is.",
        ),
        text("Give another folder with --out.", "Geef een andere map met --out."),
    ),
    "nothing-usable": phrase(
        ERROR,
        text("Nothing that could be used was found.", "Er is niets bruikbaars gevonden."),
        text(
            "Give workbooks made by `accountsheet generate`, or a folder with them.",
            "Geef werkboeken van `accountsheet generate`, of een map waar ze in staan.",
        ),
    ),
    "rate-unreadable": phrase(
        ERROR,
        text("“{raw}” is no rate for {currency}.", "“{raw}” is geen koers voor {currency}."),
        text("Write how much one {currency} is worth, such as 1.15.", "Schrijf wat één {currency} waard is, bijvoorbeeld 1,15."),
    ),
    "rate-day-unreadable": phrase(
        ERROR,
        text("“{raw}” is no day for the rate of {currency}.", "“{raw}” is geen dag voor de koers van {currency}."),
        text("Write it as 2026-11-20.", "Schrijf het als 2026-11-20."),
    ),
    "tabs-none": phrase(
        ERROR,
        text("A summary needs at least one tab.", "Een samenvatting heeft minstens één tabblad nodig."),
        text(
            "List one under tabs: `accountsheet portfolio --starter tabs.yaml` shows them all.",
            "Zet er een onder tabs: `accountsheet portfolio --starter tabs.yaml` toont ze alle.",
        ),
    ),
    "figures-too-many": phrase(
        ERROR,
        text("{key} has {count} figures; there is room for {most}.", "{key} heeft {count} cijfers; er is plaats voor {most}."),
        text("Leave out the least important ones.", "Laat de minst belangrijke weg."),
    ),
    "tab-title": phrase(
        ERROR,
        text("“{title}” cannot be the name of a tab.", "“{title}” kan niet de naam van een tabblad zijn."),
        text(
            "Use at most {most} characters, and none of [ ] : * ? / and the backslash.",
            "Gebruik hooguit {most} tekens, en geen [ ] : * ? / of backslash.",
        ),
    ),
    "tab-title-twice": phrase(
        ERROR,
        text("The tabs {key} and {other} are both called {title}.", "De tabbladen {key} en {other} heten allebei {title}."),
        text("Give one of them another title.", "Geef een van beide een andere titel."),
    ),
    "rates-missing": phrase(
        ERROR,
        text("There are no rates in {file}.", "Er staan geen koersen in {file}."),
        text(
            "Give two columns: a currency such as GBP, and its rate.",
            "Geef twee kolommen: een munteenheid zoals GBP, en de koers ervan.",
        ),
    ),
}

# The summary (summary/)
PHRASES |= {
    "summary-table-left-out": phrase(
        INFO,
        text(
            "Table {block} has {rows} rows and has no tab of its own in the summary, which takes {most}; its sums are right, but no formulas.",
            "Tabel {block} heeft {rows} regels en krijgt geen eigen tabblad in het overzicht, dat er {most} aankan; de sommen kloppen, maar zijn geen formules.",
        ),
        text(
            "The whole table: accountsheet import --format parquet, csv or duckdb.",
            "De hele tabel: accountsheet import --format parquet, csv of duckdb.",
        ),
    ),
    "summary-links-left-out": phrase(
        INFO,
        text(
            "A tab takes {most} links: the figures of {count} accounts have none. Their names lead to their workbooks.",
            "Een tabblad neemt {most} koppelingen: de cijfers van {count} accounts hebben er geen. De namen leiden wel naar de werkboeken.",
        ),
    ),
    "summary-figures-fixed": phrase(
        INFO,
        text(
            "With {count} accounts, more than {most}, the figures of each account are values; the totals are formulas still.",
            "Met {count} accounts, meer dan {most}, zijn de cijfers per account vaste waarden; de totalen blijven formules.",
        ),
    ),
    "summary-other-year": phrase(
        WARNING,
        text(
            "{count} plans are for another year than {year} and are in no sum.",
            "{count} plannen zijn voor een ander jaar dan {year} en tellen in geen som mee.",
        ),
        text("The tab Submissions lists them.", "Het tabblad Ingeleverd noemt ze."),
    ),
    "rate-undated": phrase(
        WARNING,
        text("The day of the rate of {currencies} is not known.", "Van de koers van {currencies} is de dag niet bekend."),
        text(
            "Add a third column with the day of each rate to the file of --rates.",
            "Voeg in het bestand van --rates een derde kolom toe met de dag van elke koers.",
        ),
    ),
    "rate-missing": phrase(
        WARNING,
        text(
            "There is no rate from {currency} to {target}: amounts in {currency} stand apart.",
            "Er is geen koers van {currency} naar {target}: bedragen in {currency} staan apart.",
        ),
        text("Add it to the file of --rates.", "Zet die koers in het bestand van --rates."),
    ),
}

# The next period's workbooks (renewal.py, renewals.py)
PHRASES |= {
    "renewal-no-place": phrase(
        WARNING,
        text("This has no place in the new plan: {what}: {raw}", "Dit heeft in het nieuwe plan geen plaats: {what}: {raw}"),
        text(
            "It stands on the new workbook’s tab Previous plan: move it to where it belongs now.",
            "Het staat op het tabblad Vorig plan van het nieuwe werkboek: zet het waar het nu hoort.",
        ),
    ),
    "renewal-not-later": phrase(
        ERROR,
        text(
            "This plan was written in {old} already, and is not renewed for {year}.",
            "Dit plan is zelf al in {old} geschreven en wordt niet vernieuwd voor {year}.",
        ),
        text(
            "Give a later year with --year. Within the same year a plan only moves to another blueprint: add --blueprint.",
            "Geef een later jaar met --year. Binnen hetzelfde jaar kan een plan alleen naar een andere blauwdruk: voeg --blueprint toe.",
        ),
    ),
    "nothing-renewed": phrase(
        ERROR,
        text("No workbook was renewed.", "Er is geen werkboek vernieuwd."),
        text("The other messages say why.", "De andere meldingen zeggen waarom."),
    ),
    "no-actuals": phrase(
        ERROR,
        text("{file} has no table of actual figures.", "{file} heeft geen tabel met werkelijke cijfers."),
        text(
            "Put a file actuals.csv in it with the columns account_id, year and revenue.",
            "Zet er een bestand actuals.csv in met de kolommen account_id, year en revenue.",
        ),
    ),
    "renewal-older": phrase(
        INFO,
        text(
            "There is a later plan for this account, {other}: that one was renewed.",
            "Er is een later plan voor deze account, {other}: dat is vernieuwd.",
        ),
    ),
    "renewal-same-plan": phrase(
        WARNING,
        text(
            "{other} has become the same plan in the new blueprint: both were made, and only one can count.",
            "{other} is in de nieuwe blauwdruk hetzelfde plan geworden: beide zijn gemaakt, en er kan er maar een tellen.",
        ),
        text("Put together by hand what belongs together, and keep one.", "Voeg met de hand samen wat bij elkaar hoort en bewaar er een."),
    ),
    "renewal-onto-itself": phrase(
        ERROR,
        text(
            "{file} is the filled-in workbook itself: it is never replaced.",
            "{file} is het ingevulde werkboek zelf: dat wordt nooit vervangen.",
        ),
        text("Choose another folder with --out.", "Kies een andere map met --out."),
    ),
    "renewal-wants-workbooks": phrase(
        ERROR,
        text(
            "Tables cannot be renewed: {file} was read from tables that import wrote.",
            "Tabellen kunnen niet worden vernieuwd: {file} kwam uit tabellen die import schreef.",
        ),
        text("Give the filled-in workbooks themselves.", "Geef de ingevulde werkboeken zelf."),
    ),
}
