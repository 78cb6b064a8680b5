"""The requirement matrix in a real browser, with the keyboard alone."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.city import City, visitor

MATRIX = "people:matrix-training"


def cell(tab: Page, row: int, column: int):
    return tab.locator("table[data-matrix] tbody tr").nth(row).locator("td[data-c]").nth(column)


def pressed(tab: Page, key: str):
    """The key's change has been answered by the server."""
    with tab.expect_response(lambda reply: reply.request.method == "POST"):
        tab.keyboard.press(key)


def saved(tab: Page):
    expect(tab.locator("[data-says]")).not_to_have_class("bad")
    expect(tab.locator("[data-says]")).to_contain_text("bản thảo")


def test_levels_ranges_and_undo_by_keyboard_alone_outlive_a_reload(city: City, chromium: Browser):
    context = visitor(chromium, city, "training")
    try:
        tab = context.new_page()
        tab.goto(city.path(MATRIX))
        before = [[cell(tab, r, c).get_attribute("data-level") for c in range(4)] for r in range(3)]
        cell(tab, 0, 0).focus()
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowDown")
        expect(cell(tab, 1, 1)).to_be_focused()
        tab.keyboard.press("Shift+ArrowDown")
        tab.keyboard.press("Shift+ArrowRight")
        expect(tab.locator("td.picked")).to_have_count(4)
        pressed(tab, "4")
        for r, c in ((1, 1), (1, 2), (2, 1), (2, 2)):
            expect(cell(tab, r, c)).to_have_attribute("data-level", "4")
        saved(tab)
        pressed(tab, "Control+z")
        expect(cell(tab, 2, 2)).to_have_attribute("data-level", before[2][2])
        pressed(tab, "Control+y")
        expect(cell(tab, 2, 2)).to_have_attribute("data-level", "4")
        tab.goto(city.path(MATRIX))
        expect(cell(tab, 2, 2)).to_have_attribute("data-level", "4")
        expect(cell(tab, 0, 3)).to_have_attribute("data-level", before[0][3])
        cell(tab, 0, 0).focus()
        for key in ("ArrowDown", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowRight"):
            tab.keyboard.press(key)
        pressed(tab, "d")
        expect(cell(tab, 2, 2)).to_have_attribute("data-level", cell(tab, 2, 2).get_attribute("data-default"))
        saved(tab)
    finally:
        context.close()


def test_a_refused_cell_goes_back_and_the_reason_is_said(city: City, chromium: Browser):
    context = visitor(chromium, city, "training")
    try:
        first, second = context.new_page(), context.new_page()
        first.goto(city.path(MATRIX))
        second.goto(city.path(MATRIX))
        cell(first, 0, 5).focus()
        first.keyboard.press("ArrowRight")
        pressed(first, "1")
        saved(first)
        was = cell(second, 0, 0).get_attribute("data-level")
        cell(second, 0, 0).focus()
        second.keyboard.press("4")
        expect(second.locator("[data-says].bad")).to_contain_text("cửa sổ khác")
        expect(cell(second, 0, 0)).to_have_attribute("data-level", was)
    finally:
        context.close()
