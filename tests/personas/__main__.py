from . import document, table

document.PATH.write_text(document.write(table.read()))
print(f"written: {document.PATH}")  # noqa: T201  # a command's answer
