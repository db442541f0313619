"""Files that members and strangers hand in: which are accepted, and under which name they are kept. No Odoo here."""

from typing import NamedTuple

MAX_BYTES = 5 * 1024 * 1024
MAX_FILES = 5
MAX_NAME = 80
# What a file is, its first bytes say; what its name or its sender say is no matter.
SIGNATURES = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


class Upload(NamedTuple):
    name: str
    mimetype: str
    content: bytes


class UploadError(ValueError):
    """``reason`` is ``too_large``, ``too_many`` or ``wrong_type``; the text is the cleaned name."""

    def __init__(self, reason, name=""):
        super().__init__(name)
        self.reason = reason
        self.name = name


def read_uploads(files):
    """The files of a form, empty ones left out: [Upload].

    :param files: list of (file name, binary stream); no more than the limit is read of any
    :raise UploadError: the first that is not accepted

    >>> import io
    >>> [(upload.name, upload.mimetype) for upload in read_uploads([("../../ktp.exe", io.BytesIO(b"%PDF-1.4")), ("", io.BytesIO())])]
    [('ktp.pdf', 'application/pdf')]
    """
    uploads = [upload for name, stream in files if (upload := _read(name, stream))]
    if len(uploads) > MAX_FILES:
        raise UploadError("too_many")
    return uploads


def _read(name, stream):
    content = stream.read(MAX_BYTES + 1)
    if not content:
        return None
    if len(content) > MAX_BYTES:
        raise UploadError("too_large", clean_name(name))
    for signature, (mimetype, extension) in SIGNATURES.items():
        if content.startswith(signature):
            return Upload(clean_name(name, extension), mimetype, content)
    raise UploadError("wrong_type", clean_name(name))


def clean_name(name, extension=None):
    r"""A name that is one, whatever was sent: no folder, no control or direction character, not hidden, not long.

    >>> clean_name("C:\\temp\\my\x00 ktp.PNG", "png"), clean_name('a"<b>\r\nX-Evil: 1.pdf', "pdf"), clean_name("\u202efdp.exe", "pdf"), clean_name("..", "pdf")
    ('my ktp.png', 'a_b_X-Evil_ 1.pdf', 'fdp.pdf', 'file.pdf')
    """
    base = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in base if character.isprintable())
    safe = "".join("_" if character in '<>:"|?*' else character for character in printable)
    stem = safe.rsplit(".", 1)[0] if extension else safe
    stem = "_".join(filter(None, stem.split("_"))).strip(" .")[:MAX_NAME] or "file"
    return f"{stem}.{extension}" if extension else stem
