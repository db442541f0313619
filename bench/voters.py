"""Members with a phone: signed in, looking at the meeting, pressing Yes. Plain HTTP, each request a connection of its own."""

import http.client
import re
import threading
import time
from typing import NamedTuple
from urllib.parse import urlencode

from odoo.http import get_default_session, root

from .server import HOST

TIMEOUT = 60  # seconds
TRIES = 5
FORM = re.compile(
    r'action="/my/meeting/\d+/vote/(\d+)".*?name="csrf_token" value="([^"]+)".*?name="roll_id" value="(\d+)"',
    re.DOTALL,
)
RECEIPT = re.compile(r'id="kmp_receipt"[^>]*>([^<]+)<')


class Form(NamedTuple):
    """What the page of a vote puts into its form for this member."""

    csrf_token: str
    roll_id: str


class Answer(NamedTuple):
    """``status`` 0: the connection broke. ``seconds`` from the moment when the member pressed the button."""

    place: int
    status: int
    text: str
    seconds: float

    @property
    def token(self):
        found = RECEIPT.search(self.text)
        return found and found.group(1)


class Voters:
    """:param users: ``res.users``, one a member. Their sessions are those that signing in leaves behind, without the hashing of passwords."""

    def __init__(self, server, users, clients):
        self._server = server
        self._sessions = [sign_in(user) for user in users]
        self._clients = clients

    def __len__(self):
        return len(self._sessions)

    def look(self, meeting):
        """Everybody opens the page of the meeting, as fast as the server gives it; [Answer], {resolution id: {place: Form}}."""
        answers = self._run(
            lambda place, _due: self.open_page(place, f"/my/meeting/{meeting}"), range(len(self))
        )
        forms = {}
        for answer in answers:
            for resolution, csrf_token, roll_id in FORM.findall(answer.text):
                forms.setdefault(int(resolution), {})[answer.place] = Form(csrf_token, roll_id)
        return answers, forms

    def open_page(self, place, path):
        """One of them opens a page; Answer."""
        return self._ask(place, time.perf_counter(), "GET", path, tries=TRIES)

    def vote(self, meeting, resolution, forms, places, choose, seconds=0, on_answer=None, tries=TRIES):
        """The members at ``places`` vote, spread evenly over ``seconds``; [Answer].

        A member whose vote waits for the one before it on the same phone counts the waiting: ``seconds`` of an answer begin when the
        member pressed the button, not when the request went out.
        """

        def press(place, due):
            fields = forms[place]._asdict() | {"choice": choose(place)}
            answer = self._ask(place, due, "POST", f"/my/meeting/{meeting}/vote/{resolution}", fields, tries)
            if on_answer:
                on_answer(answer)
            return answer

        return self._run(press, places, seconds)

    def _run(self, work, places, seconds=0):
        """``work(place, due)`` for every place, by the clients in turn."""
        answers, begun = [], time.perf_counter()
        step = seconds / max(len(places), 1)
        shares = [list(enumerate(places))[client :: self._clients] for client in range(self._clients)]

        def client(share):
            for turn, place in share:
                due = begun + turn * step if seconds else time.perf_counter()
                time.sleep(max(due - time.perf_counter(), 0))
                answers.append(work(place, due))

        threads = [threading.Thread(target=client, args=(share,)) for share in shares if share]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def _ask(self, place, due, method, path, fields=None, tries=1):
        """Press, and where the connection breaks press again: a server that is too busy to read drops it after two seconds."""
        for _try in range(tries):
            status, text = self._send(place, method, path, fields)
            if status:
                break
        return Answer(place, status, text, time.perf_counter() - due)

    def _send(self, place, method, path, fields):
        headers = {"Cookie": f"session_id={self._sessions[place]}"}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(HOST, self._server.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, urlencode(fields) if fields else None, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()


def sign_in(user):
    """The id of a session that the server takes for one of this user: what ``authenticate`` stores, with the same token."""
    session = root.session_store.new()
    session.update(
        {
            **get_default_session(),
            "db": user.env.cr.dbname,
            "login": user.login,
            "uid": user.id,
            "context": {"lang": "en_US", "tz": False, "uid": user.id},
            "session_token": user._compute_session_token(session.sid),
        }
    )
    root.session_store.save(session)
    return session.sid


def percentile(seconds, share):
    """
    >>> percentile([3, 1, 2, 4], 0.5), percentile([3, 1, 2, 4], 0.95)
    (2, 4)
    """
    ordered = sorted(seconds)
    return ordered[-(-len(ordered) * round(100 * share) // 100) - 1]
