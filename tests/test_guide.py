"""The guide: every chapter in both languages with the same shape, and every picture there and small."""

import re
from pathlib import Path

import polib
import pytest

from demo.guide.pictures import PICTURES

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "guide"
LANGUAGES = ("en", "id")
CHAPTERS = sorted(path.name for path in GUIDE.glob("en/*.md"))
# Labels that are Odoo's own.
ODOO_SAYS = {"en": {"New", "Print"}, "id": {"Baru", "Cetak"}}
LARGEST = 150 * 1024  # bytes
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def headings(path):
    return [line.split(" ")[0] for line in path.read_text().splitlines() if line.startswith("#")]


def shown(language):
    """The pictures of a language, as the chapters name them."""
    return [
        (chapter.parent / name).resolve()
        for chapter in GUIDE.glob(f"{language}/*.md")
        for name in PICTURE.findall(chapter.read_text())
    ]


def test_every_chapter_is_written_in_both_languages():
    assert CHAPTERS
    assert sorted(path.name for path in GUIDE.glob("id/*.md")) == CHAPTERS


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_the_same_headings_and_pictures_in_both_languages(chapter):
    english, indonesian = (GUIDE / language / chapter for language in LANGUAGES)
    assert headings(english) == headings(indonesian)
    named = [
        [Path(name).name for name in PICTURE.findall(path.read_text())] for path in (english, indonesian)
    ]
    assert named[0] == named[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_small_and_shown(language):
    folder = GUIDE / "pictures" / language
    assert sorted(set(shown(language))) == sorted(path.resolve() for path in folder.glob("*.png"))
    assert sorted(path.stem for path in folder.glob("*.png")) == sorted(picture.name for picture in PICTURES)
    assert [path.name for path in folder.glob("*.png") if path.stat().st_size > LARGEST] == []


def test_every_link_of_the_guide_leads_somewhere():
    for page in GUIDE.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page}: {target}"


def labels(language):
    """What the screens say: our own words in that language, and Odoo's."""
    entries = [entry for path in ROOT.glob("kmp_*/i18n/id.po") for entry in polib.pofile(str(path))]
    return ODOO_SAYS[language] | {entry.msgid if language == "en" else entry.msgstr for entry in entries}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_guide_says_to_press_stands_on_the_screen(language):
    on_screen = labels(language)
    for chapter in GUIDE.glob(f"{language}/*.md"):
        for pressed in re.findall(r"\*\*([^*]+)\*\*", chapter.read_text()):
            for label in " ".join(pressed.split()).split(" ▸ "):
                assert label in on_screen, f"{chapter}: {label}"
