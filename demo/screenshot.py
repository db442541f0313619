"""A picture of the posted year from the running product: ``python -m demo.screenshot``.

Needs ``make serve`` in another window, and Chromium (``chromium`` on the PATH).
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 1060
FADING = 1_000  # milliseconds until what a page fades in is there
PATIENCE = 60_000  # milliseconds; the first page builds its style sheets
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def main():
    arguments = parse_arguments()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(PATIENCE)
        sign_in(page, arguments.url, arguments.login)
        open_posted_year(page, arguments.url)
        page.screenshot(path=arguments.out)
        browser.close()


def parse_arguments():
    parser = argparse.ArgumentParser(prog="screenshot", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8069")
    parser.add_argument("--login", default="accountant", help="and password")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshot.png"))
    return parser.parse_args()


def sign_in(page, url, login):
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar, .o_portal_my_home")


def open_posted_year(page, url):
    page.goto(f"{url}/odoo/action-kmp_shu.shu_run_action")
    page.click(".o_data_row >> text=SHU 2017")
    page.wait_for_selector(".o_field_widget[name=waterfall] svg")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.wait_for_timeout(FADING)


if __name__ == "__main__":
    main()
