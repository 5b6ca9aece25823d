"""A blueprint's YAML, made whole and turned into values; everything wrong with it is found at once."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accountsheet import library
from accountsheet.account_columns import COLUMNS
from accountsheet.assembly import at, whole
from accountsheet.blueprint import Block, Blueprint, Check, Choices, Field, Section
from accountsheet.fields import TYPES
from accountsheet.finding import Finding, UsageProblem, has_errors
from accountsheet.kind import Kind
from accountsheet.logo import BEGIN, is_picture, taken_along
from accountsheet.text import LANGUAGES, Text
from accountsheet.tree import Branch, ordered, read_tree, written

TOP = ("blueprint", "version", "title", "description", "extends", "for", "languages", "currency", "accent", "font", "send_to",
       "logo", "lists", "sections", "order", "checks", "whole")  # fmt: skip
SECTION = ("number", "title", "tab", "joins", "intro", "group", "weight", "blocks", "order", "hide")
BLOCK = ("kind", "title", "intro", "weight", "fields", "order", "internal", "hide")
FIELD = ("type", "label", "help", "example", "required", "internal", "hide", "list", "open", "to", "from", "min", "max", "value",
         "as", "total", "renew", "was")  # fmt: skip
CHECK = ("holds", "label", "message", "hint", "each", "when", "severity", "hide")
OPTION_TEXTS = ("label", "note", "help", "text", "title", "example")
GROUPS, RENEWALS, TOTALS = ("facts", "work", "calculated"), ("keep", "shift", "ask", "drop"), ("sum", "count", "mean", "none")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}")
ALWAYS = frozenset({"departments", "products", "segment"})
"""The lists that a blueprint has even where no field asks for them: accounts have their own, and the Overview shows them."""
RESERVED = frozenset({"row", "as_of", "plan_year", "years", "plan_id"})


def load_blueprint(name: str, kinds: Mapping[str, Kind]) -> Blueprint:
    """Load a bundled blueprint by id, or one of your own by path; raises UsageProblem with every finding."""
    text, file = library.open_blueprint(name)
    blueprint, findings = read_blueprint(text, file, kinds)
    if blueprint is None or has_errors(findings):
        raise UsageProblem(*findings)
    return blueprint


def read_blueprint(
    text: str, file: str, kinds: Mapping[str, Kind], *, sealed: bool = False
) -> tuple[Blueprint | None, list[Finding]]:
    """Read a blueprint's YAML; None where nothing could be made of it.

    A `sealed` one came in a workbook, from anyone: it is whole, and whatever files it names are not opened.
    """
    tree, findings = read_tree(text, file)
    if not tree:
        return None, findings
    if sealed:
        if not is_picture(str(tree.get("logo", ""))):
            tree.pop("logo", None)
        tree["whole"] = "true"
    else:
        findings += library.shared()[3]
    tree, more = whole(tree, seen=())
    builder = Builder(kinds, findings + more)
    blueprint = builder.blueprint(tree)
    return blueprint, builder.findings


@dataclass
class Builder:
    """One pass over a whole tree: it makes values and gathers findings."""

    kinds: Mapping[str, Kind]
    findings: list[Finding]
    languages: tuple[str, ...] = LANGUAGES
    lists: dict[str, Choices] = field(default_factory=dict)

    def remark(self, branch: Branch, key: str, code: str, **facts: Any) -> None:
        """Note what is wrong with a key."""
        self.findings.append(at(branch, key, code, **facts))

    def known(self, branch: Branch, keys: Iterable[str]) -> None:
        """Note keys that mean nothing here."""
        allowed = list(keys)
        for key in branch:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, 1)
                self.remark(branch, key, "unknown-key", near=near[0] if near else ", ".join(allowed))

    def text(self, branch: Branch, key: str, *, needed: bool = False) -> Text:
        """Read a text in every language."""
        value = branch.get(key, "")
        if isinstance(value, Branch):
            for language in value:
                if language not in LANGUAGES:
                    self.remark(value, language, "language-unknown", name=language, known=", ".join(LANGUAGES))
                elif not isinstance(value[language], str):
                    self.remark(value, language, "text-wanted")
            missing = [language for language in self.languages if not value.get(language)]
            if missing:
                self.remark(branch, key, "language-missing", missing=", ".join(missing))
            return Text({language: str(words) for language, words in value.items()})
        if not isinstance(value, str):
            self.remark(branch, key, "text-wanted")
            return Text()
        if needed and not value:
            self.remark(branch, key, "key-missing")
        return Text({"": value}) if value else Text()

    def flag(self, branch: Branch, key: str) -> bool:
        """Read true or false."""
        value = branch.get(key, "false")
        if value not in ("true", "false"):
            self.remark(branch, key, "one-of", value=value, known="true, false")
        return bool(value == "true")

    def one_of(self, branch: Branch, key: str, known: Sequence[str], default: str) -> str:
        """Read one of a few words."""
        value = branch.get(key, default)
        if value not in known:
            near = difflib.get_close_matches(str(value), known, 1)
            self.remark(branch, key, "one-of", value=value, known=near[0] if near else ", ".join(known))
            return default
        return str(value)

    def number(self, branch: Branch, key: str, default: float | None) -> float | None:
        """Read a number."""
        if key not in branch:
            return default
        try:
            return float(branch[key])
        except (TypeError, ValueError):
            self.remark(branch, key, "number-wanted", value=branch[key])
            return default

    def branch(self, branch: Branch, key: str) -> Branch:
        """Read a mapping."""
        value = branch.get(key)
        if isinstance(value, Branch):
            return value
        if value not in (None, ""):
            self.remark(branch, key, "mapping-wanted")
        return Branch(branch.line(key))

    def texts(self, branch: Branch, key: str) -> tuple[str, ...]:
        """Read one text or a list of them."""
        value = branch.get(key, [])
        return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),) if value else ()

    def identifier(self, branch: Branch, key: str) -> None:
        """Note an id that cannot be one."""
        if not IDENTIFIER.fullmatch(key) or keyword.iskeyword(key) or key in RESERVED:
            self.remark(branch, key, "bad-id", name=key)

    def blueprint(self, tree: Branch) -> Blueprint | None:
        """Make the blueprint."""
        self.known(tree, TOP)
        asked = self.texts(tree, "languages") or LANGUAGES
        for name in asked:
            if name not in LANGUAGES:
                self.remark(tree, "languages", "language-unknown", name=name, known=", ".join(LANGUAGES))
        self.languages = tuple(name for name in asked if name in LANGUAGES) or LANGUAGES
        for key in ("blueprint", "version", "title", "sections"):
            if not tree.get(key):
                self.remark(tree, key, "key-missing")
        name = str(tree.get("blueprint", ""))
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name):
            self.remark(tree, "blueprint", "bad-id", name=name)
        accent = str(tree.get("accent", "17495A")).lstrip("#")
        if not re.fullmatch(r"[0-9A-Fa-f]{6}", accent):
            self.remark(tree, "accent", "accent-form", value=accent)
        sections_tree = self.branch(tree, "sections")
        self.lists = self.choices(self.branch(tree, "lists"))
        order = self.texts(tree, "order")
        first = [] if "overview" in order else ["overview"]  # the Overview leads, whatever comes first after it
        sections = tuple(self.section(sections_tree, key) for key in ordered(self.order(tree, sections_tree), first))
        sections = tuple(section for section in sections if section is not None and section.blocks)
        if not sections:
            return None
        used = {each.list for section in sections for block in section.blocks for each in block.fields.values()}  # type: ignore[union-attr]
        used |= {str(block.options.get("list", "")) for section in sections for block in section.blocks}  # type: ignore[union-attr]
        used |= {axis.get("list", "") for section in sections for block in section.blocks for axis in axes(block)}  # type: ignore[union-attr]
        result = Blueprint(
            name,
            str(tree.get("version", "1")),
            self.text(tree, "title"),
            sections,  # type: ignore[arg-type]
            self.text(tree, "description"),
            self.one_of(tree, "for", ("account", "owner"), "account"),
            self.languages,
            str(tree.get("currency", "EUR")),
            accent,
            str(tree.get("font", "Calibri")),
            str(tree.get("send_to", "")),
            lists={key: value for key, value in self.lists.items() if key in used or key in ALWAYS},
        )
        return self.finish(result, tree, used)

    def finish(self, blueprint: Blueprint, tree: Branch, used: set[str]) -> Blueprint:
        """Add the checks that fit, look at what refers to what, and keep the whole source."""
        from dataclasses import replace

        from accountsheet.inspection import checks_that_fit, inspect

        checks_tree = self.branch(tree, "checks")
        every = [self.check(checks_tree, key) for key in checks_tree if not self.hidden(checks_tree[key])]
        fitting = checks_that_fit(blueprint, every)
        own = [check for check in every if check not in fitting and checks_tree.line(check.id)[0] == tree.origin[0]]
        slim = tree.copy()
        slim.pop("extends", None)
        slim["lists"] = kept(self.branch(tree, "lists"), used | ALWAYS)
        slim["checks"] = kept(checks_tree, {check.id for check in fitting})
        logo = self.logo(tree)
        slim.pop("logo", None)
        if logo.startswith(BEGIN):
            slim["logo"] = logo
        result = replace(blueprint, checks=tuple(fitting), logo=logo, source=written(slim))
        self.findings += inspect(result, self.kinds, tree, own)
        return result

    def logo(self, tree: Branch) -> str:
        """Take the logo that stands beside the blueprint's file, or came along in a workbook."""
        if not tree.get("logo"):
            return ""
        if is_picture(str(tree["logo"])):
            return str(tree["logo"])
        path = Path(tree.line("logo")[0]).parent / str(tree["logo"])
        if path.suffix.lower() not in (".png", ".jpg", ".jpeg") or not path.is_file():
            self.remark(tree, "logo", "logo-missing", name=str(path))
            return ""
        return taken_along(path)

    def choices(self, tree: Branch) -> dict[str, Choices]:
        """Make the lists."""
        lists = {}
        for key, entries in tree.items():
            labels: dict[str, Text] = {}
            if isinstance(entries, list):
                labels = {str(entry): Text({"": str(entry)}) for entry in entries}
                if len(labels) < len(entries):
                    self.remark(tree, key, "list-twice", name=key)
            elif isinstance(entries, Branch):
                labels = {entry: self.text(entries, entry, needed=True) for entry in entries}
            if not labels:
                self.remark(tree, key, "list-empty", name=key)
                continue
            for language in self.languages:
                seen: dict[str, str] = {}
                for entry, label in labels.items():
                    same = seen.setdefault(label(language).casefold().strip(), entry)
                    if same != entry:
                        self.remark(tree, key, "labels-alike", one=same, two=entry, label=label(language))
            lists[key] = Choices(key, labels)
        return lists

    def hidden(self, tree: Any) -> bool:
        """Whether something is switched off."""
        return isinstance(tree, Branch) and "hide" in tree and self.flag(tree, "hide")

    def order(self, tree: Branch, items: Branch) -> Branch:
        """Put what `order` names first."""
        named = self.texts(tree, "order")
        for name in named:
            if name not in items:
                near = difflib.get_close_matches(name, items, 1)
                self.remark(tree, "order", "one-of", value=name, known=near[0] if near else ", ".join(items))
        return ordered(items, list(named))

    def section(self, parent: Branch, key: str) -> Section | None:
        """Make a section."""
        tree = self.branch(parent, key)
        if self.hidden(tree):
            return None
        self.identifier(parent, key)
        self.known(tree, SECTION)
        blocks_tree = self.branch(tree, "blocks")
        if not blocks_tree:
            self.remark(parent, key, "section-empty", name=key)
        others = {each: other for each, other in parent.items() if each != key and isinstance(other, Branch)}
        homes = ["", *(each for each, other in others.items() if not other.get("joins"))]
        shown = [each for each in self.order(tree, blocks_tree) if not self.hidden(blocks_tree[each])]
        blocks = [self.block(blocks_tree, each) for each in shown]
        return Section(
            key,
            self.text(tree, "title", needed=True),
            tuple(block for block in blocks if block is not None),
            str(tree.get("number", "")),
            self.text(tree, "tab"),
            self.text(tree, "intro"),
            self.one_of(tree, "group", GROUPS, "work"),
            self.number(tree, "weight", 1.0) or 0.0,
            parent.line(key)[1],
            self.one_of(tree, "joins", homes, ""),
        )

    def block(self, parent: Branch, key: str) -> Block | None:
        """Make a block."""
        if not isinstance(parent[key], Branch):
            near = difflib.get_close_matches(key, library.shared()[0], 1)
            self.remark(parent, key, "block-unknown", name=key, near=near[0] if near else "")
            return None
        tree = parent[key]
        self.identifier(parent, key)
        kind = self.kinds.get(str(tree.get("kind", "")))
        if kind is None:
            near = difflib.get_close_matches(str(tree.get("kind", "")), list(self.kinds), 1)
            self.remark(tree, "kind", "one-of", value=tree.get("kind", ""), known=near[0] if near else ", ".join(self.kinds))
            return None
        self.known(tree, [*BLOCK, *kind.options])
        fields_tree = self.branch(tree, "fields")
        shown = [each for each in self.order(tree, fields_tree) if not self.hidden(fields_tree[each])]
        fields = {each: self.field(fields_tree, each) for each in shown}
        options = {option: self.option(tree, option) for option in kind.options if option in tree}
        if "list" in options and options["list"] not in self.lists:
            near = difflib.get_close_matches(str(options["list"]), self.lists, 1)
            self.remark(tree, "list", "list-unknown", name=options["list"], near=near[0] if near else "")
            return None
        block = Block(
            key,
            kind.name,
            self.text(tree, "title"),
            fields,
            self.text(tree, "intro"),
            1.0 if (weight := self.number(tree, "weight", 1.0)) is None else weight,
            self.flag(tree, "internal"),
            options,
            parent.line(key)[1],
        )
        return kind.complete(block, self.lists)

    def option(self, tree: Branch, option: str) -> Any:
        """Read an option of a kind: texts are found at any depth."""
        return self.resolved(tree, option)

    def resolved(self, tree: Branch, key: str) -> Any:
        """Turn mappings of languages into texts, and leave the rest as it is."""
        value = tree[key]
        if isinstance(value, Branch):
            if value and all(language in LANGUAGES for language in value):
                return self.text(tree, key)
            return {each: self.resolved(value, each) for each in value}
        if isinstance(value, list):
            return [plain_number(each) for each in value]
        return Text({"": value}) if key in OPTION_TEXTS and tree_is_labelled(tree) else value

    def field(self, parent: Branch, key: str) -> Field:
        """Make a field."""
        tree = self.branch(parent, key)
        self.identifier(parent, key)
        self.known(tree, FIELD)
        kind = self.one_of(tree, "type", (*TYPES, "calc"), "text")
        result = self.one_of(tree, "as", tuple(TYPES), "number") if kind == "calc" else ""
        if kind == "calc" and not tree.get("value"):
            self.remark(parent, key, "calc-empty", name=key)
        chosen = str(tree.get("list", ""))
        if "choice" in (kind, result) and chosen not in self.lists:
            near = difflib.get_close_matches(chosen, self.lists, 1)
            self.remark(parent, key, "list-unknown", name=chosen, near=near[0] if near else "")
            chosen = next(iter(self.lists), "")
        least, most = ((self.number(tree, bound, None) if kind != "date" else None) for bound in ("min", "max"))
        if least is not None and most is not None and least > most:
            self.remark(tree, "max", "bounds-crossed", least=f"{least:g}", most=f"{most:g}")
        return Field(
            key,
            kind,
            self.text(tree, "label", needed=True),
            self.text(tree, "help"),
            self.text(tree, "example"),
            self.flag(tree, "required"),
            self.flag(tree, "internal"),
            chosen,
            self.flag(tree, "open"),
            self.texts(tree, "to"),
            least,
            most,
            str(tree.get("value", "")),
            result,
            self.one_of(tree, "total", TOTALS, "none").replace("none", ""),
            self.one_of(tree, "from", ("", *COLUMNS), ""),
            self.one_of(tree, "renew", RENEWALS, "keep"),
            parent.line(key)[1],
            self.texts(tree, "was"),
        )

    def check(self, parent: Branch, key: str) -> Check:
        """Make a check."""
        tree = self.branch(parent, key)
        self.known(tree, CHECK)
        if not tree.get("holds"):
            self.remark(parent, key, "key-missing")
        return Check(
            key,
            str(tree.get("holds", "1 == 1")),
            self.text(tree, "label", needed=True),
            self.text(tree, "message", needed=True),
            self.text(tree, "hint"),
            str(tree.get("each", "")),
            str(tree.get("when", "")),
            self.one_of(tree, "severity", ("warning", "error", "info"), "warning"),
            parent.line(key)[1],
        )


def axes(block: Block) -> list[Mapping[str, Any]]:
    """Give the axes of a matrix."""
    return [block.options[name] for name in ("down", "across") if isinstance(block.options.get(name), Mapping)]


def kept(tree: Branch, keys: set[str]) -> Branch:
    """Keep some keys of a mapping."""
    result = Branch(tree.origin)
    for key in tree:
        if key in keys:
            result[key] = tree[key]
            result.lines[key] = tree.line(key)
    return result


def tree_is_labelled(tree: Branch) -> bool:
    """Whether a mapping describes something with a label, rather than being a plain setting."""
    return "label" in tree or "note" in tree


def plain_number(value: Any) -> Any:
    """Take a whole number in a list as a number."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,4}", value) else value
