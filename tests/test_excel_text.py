import pytest
import python_calamine
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accountsheet.excel_text import write_text


def written(path, text):
    with xlsxwriter.Workbook(path) as workbook:
        cut = write_text(workbook.add_worksheet(), 0, 0, text, workbook.add_format({"num_format": "@"}))
    return cut, python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0][0]


@pytest.mark.parametrize("text", ["=1+1", "{=1}", "https://example.com", "0123", "NA", " spaces ", "a\nb", "\x01"])
def test_a_text_stays_the_text_that_it_is(tmp_path, text):
    assert written(tmp_path / "a.xlsx", text) == (False, text)


@pytest.mark.parametrize("text", ["<r>bold</r>", "<r></r>", "<r>&amp;</r>", "_x0041_", "_x0041_x0042_", "<r>_x0041_x0041_</r>"])
def test_a_text_that_looks_like_markup_or_an_escape_is_not_taken_for_it(tmp_path, text):
    assert written(tmp_path / "a.xlsx", text) == (False, text)


@pytest.mark.parametrize(("text", "kept"), [("a" * 32_768, 32_767), ("😀" * 16_384, 16_383)])
def test_a_text_too_long_for_a_cell_is_cut_and_that_is_told(tmp_path, text, kept):
    assert written(tmp_path / "a.xlsx", text) == (True, text[:kept])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["_", "x", "0041", "_x0041_", "<r>", "</r>", "&", " ", "é"]), min_size=1).map("".join))
@example("<r></r>")
def test_no_mixture_of_look_alikes_is_changed(tmp_path_factory, text):
    assert written(tmp_path_factory.mktemp("text") / "a.xlsx", text) == (False, text)
