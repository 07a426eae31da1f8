"""Prints docs/entries.md, the state of every entry: `python docs/entries.py > docs/entries.md`."""

from bot.library.read import read
from bot.library.review import overview
from bot.library.shipped import shipped

HEAD = """# Every entry

Made by `python docs/entries.py > docs/entries.md`. "From sources" means that no person has checked the entry against
the world yet; people then see the date of the newest source.

| entry | kind | languages | sources | newest source | status |
| --- | --- | --- | --- | --- | --- |"""


def main() -> None:
    """The table, one row an answer or practice."""
    knowledge, _problems = read(shipped("knowledge"))
    print(HEAD)
    for row in overview(knowledge):
        print("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |")


if __name__ == "__main__":
    main()
