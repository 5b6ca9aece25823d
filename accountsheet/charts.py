"""Charts as xlsxwriter wants them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlsxwriter.chart import Chart as Drawing
from xlsxwriter.workbook import Workbook

from accountsheet.address import Key
from accountsheet.pieces import Chart, Series
from accountsheet.theme import Theme

Area = Callable[[Key, Key], str]
"""From the first and last cell of a range to its name."""


def drawn(chart: Chart, workbook: Workbook, theme: Theme, area: Area) -> Drawing:
    """Draw a chart: stacked columns, with marks for what has no length, or curves."""
    curves = chart.kind == "line"
    columns = workbook.add_chart({"type": "line"} if curves else {"type": "column", "subtype": "stacked"})
    marks = workbook.add_chart({"type": "line"})
    for series in chart.series:
        (marks if series.line else columns).add_series(described(chart, series, theme, area))
    if any(series.line for series in chart.series):
        columns.combine(marks)
    lines = curves or any(series.line for series in chart.series)
    font = {"name": theme.font, "size": 9, "color": theme.colours["ink_soft"]}
    columns.set_title({"none": True})
    columns.set_legend({"position": "top", "font": font} if len(chart.series) > 1 else {"none": True})
    columns.set_x_axis({"num_font": font, "line": {"color": theme.colours["line"]}, "major_tick_mark": "none"})
    axis: dict[str, Any] = {"num_font": font, "num_format": chart.number, "line": {"none": True}, "major_tick_mark": "none"}
    least, most = chart.limits or (0, None)
    axis |= {"min": least, "max": most}
    grid = {"visible": lines, "line": {"color": theme.colours["line_soft"]}}
    columns.set_y_axis(axis | {"major_gridlines": grid, "visible": lines})
    columns.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    columns.set_plotarea({"fill": {"none": True}})
    columns.set_size({"width": chart.size[0], "height": chart.size[1]})
    return columns


def described(chart: Chart, series: Series, theme: Theme, area: Area) -> dict[str, Any]:
    """Describe one series."""
    options: dict[str, Any] = {
        "name": series.name if isinstance(series.name, str) else area(series.name, series.name).rpartition(":")[0],
        "categories": area(*chart.categories),
        "values": area(*series.values),
    }
    if chart.kind == "line":
        return options | theme.curve(series.look)
    if series.line:
        up = series.look == "up"
        fill = {"color": theme.colours["ink" if up else "warn_text"]}
        marker = {"type": "triangle" if up else "diamond", "size": 8, "fill": fill, "border": {"none": True}}
        return options | {"line": {"none": True}, "marker": marker}
    fill_colour, edge, ink = theme.column(series.look)
    options |= {"fill": {"color": fill_colour}, "border": {"color": edge, "width": 0.75}, "gap": 60}
    if not any(each.line for each in chart.series):
        number = f'[<{chart.hide:.0f}]"";{chart.number}' if chart.hide else f"{chart.number};;"
        font = {"size": 9, "color": ink}
        options["data_labels"] = {"value": True, "num_format": number, "font": font, "position": "center"}
    return options
