"""What the posts of officers are called in documents, which are Indonesian whatever the reader's language."""

BODIES = {"board": "PENGURUS", "supervisors": "PENGAWAS"}
POSTS = {
    "chair": "Ketua",
    "vice_chair": "Wakil Ketua",
    "secretary": "Sekretaris",
    "treasurer": "Bendahara",
    "member": "Anggota",
}
