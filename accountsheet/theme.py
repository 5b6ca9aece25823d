"""How everything looks: from a role to colours, fonts and borders. Nothing else knows a colour."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

DEFAULT_ACCENT = "17495A"

FIXED = {
    "ink": "1E2A30", "ink_soft": "55646C", "paper": "FFFFFF", "line": "C9D3D7", "line_soft": "E4EAEC",
    "input": "FFF8E1", "input_line": "B5A571", "required": "FFE9A8", "computed": "F3F6F7", "closing": "E4EAEC",
    "good_text": "0F6B5C", "warn_text": "7A5200", "bad_text": "9B2C16", "none_text": "5B6870",
    "good": "B5DDD4", "warn": "FFEBB0", "bad": "EFAE98", "none": "EEF1F2", "repaired": "DDD8F3", "repaired_line": "4A3F8C",
    "opportunity": "FFEBB0", "competitor": "E4937A", "no_fit": "CBD3D7", "unknown": "FFFFFF",
}  # fmt: skip

ACCENTS = {
    "accent": DEFAULT_ACCENT, "accent_mid": "3B7C8E", "accent_soft": "DCEBEE", "accent_pale": "F1F7F8", "series_pale": "9CC5CE",
    "band_2": "D3E5E9", "band_3": "9CC5CE", "band_4": "3F7E8E", "band_5": DEFAULT_ACCENT,
    "bar_1": "B9D6DC", "bar_2": "9CC5CE", "bar_3": "6BA3B1", "bar_4": "3B7C8E", "bar_5": DEFAULT_ACCENT,
}  # fmt: skip

DATES = {"nl": "dd-mm-yyyy_w", "en": "yyyy-mm-dd_w"}
MOMENTS = {"nl": "dd-mm-yyyy hh:mm_w", "en": "yyyy-mm-dd hh:mm_w"}
DAYS = {"nl": "[$-413]d mmm_w", "en": "[$-409]d mmm_w"}
MONTHS = {"nl": "mmmm yyyy_w", "en": "mmmm yyyy_w"}


def luminance(colour: str) -> float:
    """Give the relative luminance (WCAG 2.1)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    """Give the contrast ratio of two colours (WCAG 2.1)."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def as_light_as(accent: str, model: str) -> str:
    """Give the accent's hue at the lightness of another colour, as saturated as that one."""
    hue, _, own = colorsys.rgb_to_hls(*(int(accent[start : start + 2], 16) / 255 for start in (0, 2, 4)))
    _, _, saturation = colorsys.rgb_to_hls(*(int(model[start : start + 2], 16) / 255 for start in (0, 2, 4)))
    wanted, low, high = luminance(model), 0.0, 1.0
    result = model
    for _ in range(20):
        middle = (low + high) / 2
        result = "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, middle, min(saturation, max(own, 0.02))))
        low, high = (middle, high) if luminance(result) < wanted else (low, middle)
    return result


def palette(accent: str) -> Mapping[str, str]:
    """Give all colours of a theme; an accent too light for white text is darkened until the contrast is 7 : 1."""
    accent = accent.upper()
    if accent == DEFAULT_ACCENT:
        return FIXED | ACCENTS
    if contrast(accent, "FFFFFF") < 7:
        accent = as_light_as(accent, DEFAULT_ACCENT)
    derived = {role: accent if colour == DEFAULT_ACCENT else as_light_as(accent, colour) for role, colour in ACCENTS.items()}
    return FIXED | derived


@dataclass(frozen=True)
class Theme:
    """The colours and font of one workbook."""

    accent: str = DEFAULT_ACCENT
    font: str = "Calibri"
    language: str = "en"

    @cached_property
    def colours(self) -> Mapping[str, str]:
        """Every colour by its name."""
        return {name: f"#{colour}" for name, colour in palette(self.accent).items()}

    def number(self, name: str) -> str:
        """Give a number format; dates follow the language."""
        days = {
            "date": DATES[self.language],
            "month": MONTHS[self.language],
            "moment": MOMENTS[self.language],
            "day": DAYS[self.language],
        }
        return days.get(name, name)

    @cached_property
    def roles(self) -> Mapping[str, Mapping[str, Any]]:
        """What each role sets, beside what every cell has."""
        c = self.colours
        band = {"bg_color": c["accent"], "font_color": c["paper"]}
        soft = {"bg_color": c["accent_soft"], "font_color": c["accent"]}
        under = {"bottom": 1, "bottom_color": c["line_soft"]}
        boxed = {"border": 1, "border_color": c["line_soft"]}
        open_cell = {"border": 1, "locked": False}
        computed = {"bg_color": c["computed"], **boxed}
        total = {"bg_color": c["computed"], "bold": True, "bottom": 1, "bottom_color": c["line"]}
        small = {"font_size": 10, "font_color": c["ink_soft"]}
        sides = {"left": 1, "left_color": c["line"], "right": 1, "right_color": c["line"]}
        tile = {"align": "center", "font_color": c["ink_soft"], **sides}
        legend = {"font_size": 10, "align": "center", "border": 1, "border_color": c["line"]}
        return {
            "plain": {},
            "title": {**band, "bold": True, "font_size": 20},
            "title_note": {**band, "font_color": c["accent_soft"], "font_size": 11, "align": "right"},
            "link": {**soft, "bold": True, "font_size": 10},
            "link_note": {**soft, "bold": True, "font_size": 10, "align": "right"},
            "link_right": {"font_color": c["accent"], "font_size": 10, "align": "right"},
            "intro": {"font_color": c["ink_soft"]},
            "heading": {"bold": True, "font_size": 14, "font_color": c["accent"], "valign": "bottom"},
            "page_heading": {"bold": True, "font_size": 16, "font_color": c["accent"], "bottom": 1, "bottom_color": c["accent"]},
            "part_heading": {"bold": True, "font_size": 16, "font_color": c["accent"], "bottom": 1, "bottom_color": c["accent"]},
            "part_note": {
                "bold": True,
                "font_size": 10,
                "font_color": c["accent"],
                "align": "right",
                "bottom": 1,
                "bottom_color": c["accent"],
            },
            "header": {**soft, "bold": True, "font_size": 10},
            "header_soft": {**soft, "font_size": 10},
            "header_light": {**soft, "font_size": 10},
            "header_group": {**soft, "bold": True, "align": "center"},
            "header_row": {**soft, "bold": True, "font_size": 10, "bottom": 1, "bottom_color": c["paper"]},
            "header_computed": {"bg_color": c["none"], "font_color": c["ink_soft"], "bold": True, "font_size": 10},
            "header_small": {**small, "bold": True, "bottom": 1, "bottom_color": c["line"]},
            "required_mark": {"bold": True, "font_color": c["bad_text"], "font_size": 10},
            "label": under,
            "label_bold": {**under, "bold": True},
            "label_year": {**under, "align": "left"},
            "help": {**small, **under},
            "note": small,
            "note_figure": {**small, "bottom": 4, "bottom_color": c["line_soft"]},
            "input": {**open_cell, "bg_color": c["input"], "border_color": c["input_line"]},
            # What was typed there may be longer than an answer: it is to be read all the same.
            "input_bad": {**open_cell, "bg_color": c["bad"], "border_color": c["bad_text"], "bold": True, "shrink": True},
            "input_warn": {**open_cell, "bg_color": c["warn"], "border_color": c["warn_text"]},
            "input_repaired": {**open_cell, "bg_color": c["repaired"], "border_color": c["repaired_line"]},
            "computed_warn": {"bg_color": c["warn"], "border": 1, "border_color": c["warn_text"]},
            "computed": computed,
            "computed_bold": {**computed, "bold": True},
            "computed_fill": {"bg_color": c["computed"]},
            "total": total,
            "total_plain": {**total, "bold": False},
            "closing": {"bg_color": c["closing"]},
            "section_link": {**under, "bold": True, "font_color": c["accent"]},
            "section_link_sub": {**under, "font_size": 10, "indent": 3, "font_color": c["accent"]},
            "overview_cell": under,
            "overview_state": {**under, **small},
            "overview_total": {"bold": True, "top": 1, "top_color": c["accent"], "bottom": 1, "bottom_color": c["line_soft"]},
            "overview_label": {**under, **small},
            "overview_value": {**under, "shrink": True},
            "overview_line": under,
            "overview_value_bold": {**under, "bold": True},
            "overview_bad": {**under, "bold": True, "font_color": c["bad_text"], "font_size": 10},
            "helper": {"font_color": c["paper"], "font_size": 8},
            "bar": {"bg_color": c["none"], "border": 5, "border_color": c["paper"]},
            "box_helps": {**band, "bold": True, "font_size": 14},
            "box_helps_note": {"font_color": c["accent_soft"], "font_size": 10},
            "box_helps_weight": {**band, "font_size": 10, "align": "center"},
            "box_hinders": {"bg_color": c["ink_soft"], "font_color": c["paper"], "bold": True, "font_size": 14},
            "box_hinders_note": {"font_color": c["none"], "font_size": 10},
            "box_hinders_weight": {"bg_color": c["ink_soft"], "font_color": c["paper"], "font_size": 10, "align": "center"},
            "box_head": {
                **soft,
                "bold": True,
                "font_size": 12,
                "left": 2,
                "left_color": c["paper"],
                "right": 2,
                "right_color": c["paper"],
            },
            "box_note": {"font_size": 10, "font_color": c["ink_soft"]},
            "relationship": {"align": "center", "border": 1, "border_color": c["line"], "font_color": c["ink"]},
            "tile_number": {**tile, "bold": True, "font_size": 20, "top": 1, "top_color": c["line"]},
            "tile_name": {**tile, "bold": True, "font_size": 10},
            "tile_since": {**tile, "font_size": 10},
            "tile_decision": {**legend, "bold": True, "bg_color": c["none"]},
            "diamond_base": {"align": "center", "bold": True, "font_size": 16, "font_color": c["accent"]},
            "diamond_arrow": {"font_size": 14, "font_color": c["line"]},
            "diamond_note": {**small, "align": "center"},
            "bad_swatch": {"bg_color": c["bad"], "border": 1, "border_color": c["line"]},
            "good_swatch": {"bg_color": c["good"], "border": 1, "border_color": c["line"]},
            "computed_swatch": {"bg_color": c["computed"], "border": 1, "border_color": c["line"]},
            **{
                look: {**soft, "bold": True, "font_size": 10, "align": "center", "font_color": c[curve[0]]}
                for look, curve in CURVES.items()
            },
            **self.summary_roles,
            "legend_text": {"font_size": 10},
            "legend_sold": {**legend, **band},
            "legend_opportunity": {**legend, "bg_color": c["opportunity"]},
            "legend_competitor": {**legend, "bg_color": c["competitor"]},
            "legend_no_fit": {**legend, "bg_color": c["no_fit"]},
            "legend_unknown": {**legend, "bg_color": c["unknown"]},
        }

    @cached_property
    def summary_roles(self) -> Mapping[str, Mapping[str, Any]]:
        """The roles that only the summary for management has."""
        c = self.colours
        row = {"bottom": 1, "bottom_color": c["line_soft"]}
        tile = {"bg_color": c["accent_pale"], "right": 5, "right_color": c["paper"]}
        soft, bad = {"font_size": 10, "font_color": c["ink_soft"]}, {"font_color": c["bad_text"]}
        cell = {"align": "center", "border": 1, "border_color": c["line_soft"]}
        bands = {
            f"legend_band_{band}": {**cell, "font_size": 10, "bg_color": c[fill], "font_color": c[ink]}
            for band, fill, ink in BANDS
        }
        return {
            "kpi_label": {**tile, **soft, "top": 5, "top_color": c["accent"]},
            "kpi_label_bad": {**tile, **soft, "top": 5, "top_color": c["bad_text"]},
            "kpi_figure": {**tile, "bold": True, "font_size": 24},
            "kpi_figure_bad": {**tile, **bad, "bold": True, "font_size": 24},
            "kpi_small": {**tile, "bold": True, "font_size": 14},
            "kpi_small_bad": {**tile, **bad, "bold": True, "font_size": 14},
            "kpi_note": {**tile, **soft},
            "kpi_other": {**tile, "bold": True, "font_size": 11},
            "row": row,
            "row_soft": {**row, **soft},
            "row_bold": {**row, "bold": True},
            "row_link": {**row, "font_color": c["accent"]},
            "row_bad": {**row, **bad, "bold": True},
            "row_bar": {**row, "font_color": c["accent_mid"]},
            "sum": {"bold": True, "top": 1, "top_color": c["accent"], "bottom": 1, "bottom_color": c["line_soft"]},
            "sum_note": {**soft, "top": 1, "top_color": c["accent"], "bottom": 1, "bottom_color": c["line_soft"]},
            "behind": {**soft, "align": "right"},
            "header_up": {
                "bg_color": c["accent_soft"],
                "font_color": c["accent"],
                "font_size": 10,
                "rotation": 90,
                "align": "center",
                "valign": "bottom",
            },
            "header_up_computed": {
                "bg_color": c["none"],
                "font_color": c["ink_soft"],
                "font_size": 10,
                "rotation": 90,
                "align": "center",
                "valign": "bottom",
            },
            "map": cell,
            "map_share": {**cell, "border_color": c["paper"]},
            "map_total": {**cell, "bg_color": c["computed"]},
            **bands,
        }

    @cached_property
    def rules(self) -> Mapping[str, Mapping[str, Any]]:
        """What each role of a conditional format changes: fill, font and number format only, which all programs keep."""
        c = self.colours
        rules: dict[str, Mapping[str, Any]] = {
            "required": {"bg_color": c["required"]},
            "good": {"bg_color": c["good"], "font_color": c["ink"]},
            "warn": {"bg_color": c["warn"], "font_color": c["ink"]},
            "bad": {"bg_color": c["bad"], "font_color": c["ink"], "bold": True},
            "computed_fill": {"bg_color": c["computed"]},
        }
        rules |= {f"bar_{lit}": {"bg_color": c[f"bar_{lit}"]} for lit in range(1, 6)}
        rules["internal"] = {"bg_color": c["paper"], "font_color": c["paper"], "num_format": ";;;"}
        rules["overdue_name"] = {"bold": True}
        rules |= {f"band_{band}": {"bg_color": c[fill], "font_color": c[ink]} for band, fill, ink in BANDS}
        rules["bad_text"], rules["good_text"] = (
            {"font_color": c["bad_text"], "bold": True},
            {"font_color": c["good_text"], "bold": True},
        )
        rules["tile_reached"] = {"bg_color": c["accent"], "font_color": c["paper"]}
        rules["tile_under_way"] = {"bg_color": c["warn"], "font_color": c["ink"]}
        rules["arrow_walked"] = {"font_color": c["accent"]}
        statuses = {
            "sold": ("●", "accent", "paper"),
            "opportunity": ("+", "opportunity", "ink"),
            "competitor": ("×", "competitor", "ink"),
            "no_fit": ("–", "no_fit", "ink"),
            "unknown": ("○", "unknown", "ink"),
        }
        for key, (glyph, fill, font) in statuses.items():
            rules[f"status_{key}"] = {"bg_color": c[fill], "font_color": c[font], "num_format": f'"{glyph}  "@'}
            rules[f"amount_{key}"] = {"bg_color": c[fill], "font_color": c[font]}
        return rules

    def cell(self, role: str, number: str = "", align: str = "", wrap: bool = False) -> dict[str, Any]:
        """Give all properties of a cell's format, as xlsxwriter names them."""
        base = {"font_name": self.font, "font_size": 11, "font_color": self.colours["ink"], "valign": "vcenter", "align": "left"}
        look: dict[str, Any] = {**base, **self.roles[role]}
        if align:
            look["align"] = align
        if number:
            look["num_format"] = self.number(number)
        if look["align"] == "right" and not look.get("num_format"):
            # A right indent gets lost in LibreOffice; a space as wide as a w in the number format does not.
            look["num_format"] = "@_w" if role in TEXT_AT_RIGHT else "General_w"
        if wrap:
            look["text_wrap"] = True
        if look["align"] == "left":
            look.setdefault("indent", 1)
        return look

    def column(self, look: str) -> tuple[str, str, str]:
        """Give the fill, edge and ink of a part of a chart's columns."""
        fill, edge, ink = COLUMNS[look]
        return self.colours[fill], self.colours[edge], self.colours[ink]

    def curve(self, look: str) -> dict[str, Any]:
        """Give the line and marker of a curve; marker and dash tell curves apart where colour does not."""
        colour, marker, hollow, dash = CURVES[look]
        line, fill = {"color": self.colours[colour]}, {"color": self.colours["paper" if hollow else colour]}
        thick = look == next(iter(CURVES))
        return {
            "line": {**line, "width": 3 if thick else 1.75, "dash_type": dash},
            "marker": {"type": marker, "size": 9 if thick else 7, "fill": fill, "border": line},
        }

    def text(self, role: str) -> dict[str, Any]:
        """Give the properties of a part of a text."""
        fonts = {key: value for key, value in self.roles[role].items() if key.startswith(("font", "bold"))}
        return {"font_name": self.font, "font_size": 11, "font_color": self.colours["ink"], **fonts}


BANDS = ((1, "paper", "ink"), (2, "band_2", "ink"), (3, "band_3", "ink"), (4, "band_4", "paper"), (5, "band_5", "paper"))
"""The five bands of completeness: fill and ink."""

COLUMNS = {
    "accent": ("accent", "paper", "paper"),
    "pale": ("series_pale", "paper", "ink"),
    "mid": ("bar_3", "paper", "ink"),
    "soft": ("accent_soft", "accent", "ink"),
    "rest": ("none", "line", "ink"),
    "part_1": ("bar_5", "paper", "paper"),
    "part_2": ("bar_4", "paper", "paper"),
    "part_3": ("bar_3", "paper", "ink"),
    "part_4": ("bar_2", "paper", "ink"),
    "part_5": ("bar_1", "paper", "ink"),
    "part_6": ("accent_soft", "accent", "ink"),
}
"""The parts of a chart's columns: fill, edge and ink."""

CURVES = {
    "curve_1": ("accent", "circle", False, "solid"),
    "curve_2": ("warn_text", "square", False, "solid"),
    "curve_3": ("ink", "x", False, "solid"),
    "curve_4": ("accent_mid", "circle", True, "dash"),
    "curve_5": ("warn_text", "square", True, "dash"),
    "curve_6": ("ink_soft", "plus", False, "dash"),
}
"""The curves of a chart: colour, marker, whether that is hollow, and dash."""

TEXT_AT_RIGHT = frozenset(
    {"title_note", "link_note", "part_note", "link_right", "header", "header_light", "header_computed", "header_small"}
)
