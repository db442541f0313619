"""A real Chromium on the server of an HttpCase, as one user after the other."""

import resource
import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NO_CHROMIUM = "Chromium is not installed: bin/setup --with browser"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 60_000  # milliseconds; the first page builds its style sheets, and the machine may be busy


class BrowserMixin:
    """Beside HttpCase: `with self.browse_as(user) as page` opens the web client."""

    arguments = ()  # what else Chromium is told

    @classmethod
    def _get_browser(cls):
        """One Chromium for all tests of a class; whoever looks gets a context, with cookies and a cache of their own."""
        if "_browser" not in cls.__dict__:
            # Odoo limits its address space, and Chromium reserves more than that.
            resource.setrlimit(resource.RLIMIT_AS, (resource.getrlimit(resource.RLIMIT_AS)[1],) * 2)
            playwright = sync_playwright().start()
            cls.addClassCleanup(playwright.stop)
            cls._browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*ARGUMENTS, *cls.arguments]
            )
            cls.addClassCleanup(cls._browser.close)
        return cls._browser

    @contextmanager
    def browse_as(self, user, path="/odoo", viewport=None):
        """A page at `path`, without a user as a stranger; fails the test on any error in the browser's console."""
        login = user and user.login
        self.env.flush_all()  # the server reads the database
        self.authenticate(login, login)
        with self.allow_requests(all_requests=True):
            context = self._get_browser().new_context(viewport=viewport or DESKTOP, locale="en-US")
            context.add_cookies([{"name": "session_id", "value": self.session.sid, "url": self.base_url()}])
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            errors = []
            page.on("console", lambda message: message.type == "error" and errors.append(message.text))
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(self.base_url() + path)
            try:
                yield page
            finally:
                context.close()
                # What the page was still asking for shares the test's cursor.
                self._wait_remaining_requests()
        self.assertFalse(errors, "the browser's console has errors")

    def check_fits(self, seen):
        """Nothing hangs over the edge of the screen, once the locator `seen` shows.

        A click returns before its page is there: without `seen` the page that is left would be measured, or none.
        """
        seen.wait_for()
        page = seen.page
        width = page.evaluate("document.documentElement.scrollWidth")
        self.assertLessEqual(width, page.viewport_size["width"], page.url)
