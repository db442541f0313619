"""Looks at the running product as a reader would, and keeps what it sees small."""

import io
import shutil

from PIL import Image
from playwright.sync_api import sync_playwright

from ..screenshot import FADING, PATIENCE, QUIET, sign_in

LOCALES = {"en": "en-GB", "id": "id-ID"}
COLOURS = 128  # enough for a screen, at a third of the size


def take(url, folder, language, pictures, ids):
    """Take the pictures as the users of one language; yields the path of each. `ids` may hold those of a language under its name."""
    ids = ids | ids.get(language, {})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        pages = {}
        for picture in pictures:
            if picture.role not in pages:
                pages[picture.role] = open_page(browser, url, picture.role, language)
            page = pages[picture.role]
            address = picture.address.format_map(ids)
            show(page, url + (address if address.startswith("/") else f"/odoo/{address}"), picture)
            path = folder / language / f"{picture.name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            shrink(page.screenshot(), path)
            yield path
        browser.close()


def open_page(browser, url, role, language):
    # A context of its own: each user has a session. Members' pages are in the language of the browser.
    page = browser.new_context(locale=LOCALES[language], timezone_id="Asia/Jakarta").new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, url, f"{role}-{language}")
    return page


def show(page, address, picture):
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.goto(address)
    for selector in picture.press:
        page.locator(selector).first.click()
    page.locator(picture.wait).first.wait_for()
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.wait_for_timeout(FADING)


def shrink(png, path):
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
