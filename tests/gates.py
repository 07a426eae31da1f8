"""The gates of `make check` that no linter brings: one function a gate, every failure at once, with file and line.

A gate takes the folder of the repository and yields `file:line: message` for whatever is wrong.
"""

import ast
import gettext
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

COMPLETE = {"de", "de@simple", "en"}
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
NUMBER = "{n}"  # what a plural form for one number only may say in words
HOLE_OR_TAG = re.compile(r"\{\w*\}|</?[a-z][^<>]*>")
BUTTON = "Translators: button"
BUTTON_LENGTH = 30  # longer labels are cut off on small phones

FILE_LINES = 300
FUNCTION_LINES = 60

# Where packages come from, where somebody's files lie and how work was organised is nobody's business here. The
# patterns are written so that they do not find themselves.
UNWANTED = re.compile(
    r"pypi[.]org|pythonhosted[.]|registry[.]npmjs|deb[.]debian|(?<!emit-)index[-]url"
    r"|(?<![\w.}-])/(?:home|root|work|Users)/\w|\.\.[/]shared\b|\b[Ii]ssue [#]?\d",
)


def tracked(root):
    """The files of the repository: those that git knows and new ones that it would not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted(path for name in set(listed.split("\0")) if name and (path := root / name).is_file())


def place(root, path, line=1):
    """How a failure says where it is."""
    return f"{path.relative_to(root)}:{line}"


def catalogues(root):
    """Every catalogue parses, its translations keep holes and tags, and it holds exactly the texts of the source."""
    source = texts_of(root)
    for language in sorted(COMPLETE):
        if not (root / "locales" / language / "LC_MESSAGES" / "lotse.po").exists():
            yield f"locales/{language}/LC_MESSAGES/lotse.po:1: missing"
    for path in sorted(root.glob("locales/*/LC_MESSAGES/lotse.po")):
        try:
            catalogue = polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            yield f"{place(root, path)}: {error}"
            continue
        yield from catalogue_failures(root, path, catalogue)
        held = {entry.msgid for entry in catalogue if not entry.obsolete}
        for msgid, (where, _) in source.items():
            if msgid not in held:
                yield f"{where}: not in {path.relative_to(root)}: {msgid!r}"
        for entry in catalogue:
            if not entry.obsolete and entry.msgid not in source:
                yield f"{place(root, path, entry.linenum)}: not in the source: {entry.msgid!r}"


def catalogue_failures(root, path, catalogue):
    """What is wrong with one catalogue by itself."""
    language = path.parent.parent.name
    header = re.fullmatch(r"nplurals=(\d+); *plural=(.+?);?", catalogue.metadata.get("Plural-Forms", ""))
    if not header:
        yield f"{place(root, path)}: the header has no Plural-Forms"
        return
    forms = numbers_of_forms(int(header[1]), header[2])
    for entry in catalogue:
        where = place(root, path, entry.linenum)
        if entry.obsolete or entry.fuzzy:
            yield f"{where}: {'obsolete' if entry.obsolete else 'fuzzy'}: {entry.msgid!r}"
        elif not entry.translated():
            if language in COMPLETE:
                yield f"{where}: not translated: {entry.msgid!r}"
        elif entry.msgid_plural:
            yield from plural_failures(where, entry, forms)
        elif marks(entry.msgstr) != marks(entry.msgid):
            yield f"{where}: placeholders or tags differ: {entry.msgstr!r}"


def numbers_of_forms(count, expression):
    """For each plural form the numbers up to 200 that it is used for."""
    form_of = gettext.c2py(expression)
    numbers = [[] for _ in range(count)]
    for number in range(201):
        numbers[form_of(number)].append(number)
    return numbers


def plural_failures(where, entry, forms):
    """A form used for one number only (none, one, two) may name it in words; any other has the holes of the plural."""
    if sorted(entry.msgstr_plural) != list(range(len(forms))):
        yield f"{where}: {len(entry.msgstr_plural)} plural forms, and the header says {len(forms)}: {entry.msgid!r}"
        return
    for form, text in entry.msgstr_plural.items():
        allowed = [marks(entry.msgid_plural)]
        if len(forms[form]) == 1:
            allowed += [marks(entry.msgid), marks(entry.msgid_plural) - Counter([NUMBER])]
        if marks(text) not in allowed:
            yield f"{where}: placeholders or tags differ: {text!r}"


def marks(text):
    """The placeholders and tags of a text, whatever their order."""
    return Counter(HOLE_OR_TAG.findall(text))


def texts_of(root):
    """The texts marked for translation: {msgid: (file and line, is it a button)}."""
    found = {}
    extracted = extract_from_dir(root / "bot", [("**.py", "python")], keywords=KEYWORDS, comment_tags=["Translators:"])
    for name, line, message, comments, _ in extracted:
        msgid = message if isinstance(message, str) else message[0]
        button = any(comment.startswith(BUTTON) for comment in comments)
        where, was_button = found.get(msgid, (f"bot/{name}:{line}", False))
        found[msgid] = (where, button or was_button)
    return found


def buttons(root):
    """Button labels are short in every language."""
    labels = {msgid for msgid, (_, button) in texts_of(root).items() if button}
    for path in sorted(root.glob("locales/*/LC_MESSAGES/lotse.po")):
        for entry in polib.pofile(str(path)):
            if entry.msgid not in labels:
                continue
            for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                if len(text) > BUTTON_LENGTH:
                    yield f"{place(root, path, entry.linenum)}: a button of {len(text)} characters: {text!r}"


def no_compiled_catalogues(root):
    """Catalogues are compiled when the package is built, and never committed."""
    return (f"{place(root, path)}: a compiled catalogue" for path in tracked(root) if path.suffix == ".mo")


def container_image(root):
    """The Dockerfile has no finding of hadolint."""
    return linted(root, "hadolint", "--format", "gnu", "Dockerfile")


def compose(root):
    """compose.yaml follows the compose specification."""
    return linted(root, "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def shell_scripts(root):
    """Shell scripts have no finding of shellcheck."""
    scripts = [path for path in tracked(root) if re.match(rb"#!.*\b(ba|da)?sh\b", path.read_bytes()[:64])]
    return linted(root, "shellcheck", "--format", "gcc", *(str(path.relative_to(root)) for path in scripts))


def linted(root, program, *arguments):
    """What a linter of the virtual environment printed, if it was not content."""
    result = subprocess.run([BIN / program, *arguments], cwd=root, check=False, capture_output=True, text=True)
    if result.returncode:
        yield from (line for line in (result.stdout + result.stderr).splitlines() if line.strip())


def requirements(root):
    """Every pin is exact and has hashes, and no address stands in a lock."""
    for path in sorted(root.glob("requirements/*.txt")):
        lines = path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if "://" in line:
                yield f"{place(root, path, number)}: an address in a lock"
            hashed = "--hash=sha256:" in "".join(lines[number : number + 1])
            if line[:1].isalnum() and not ("==" in line and hashed):
                yield f"{place(root, path, number)}: a pin without a version or a hash: {line}"


def links(root):
    """Links in the documentation lead to files that exist."""
    pages = [*root.glob("*.md"), *root.glob("docs/**/*.md")]
    for path in sorted(pages):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", line):
                if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists():
                    yield f"{place(root, path, number)}: a link to nothing: {target}"


def unwanted_words(root):
    """No file tells where packages came from, where it was written, or how the work was organised."""
    for path in tracked(root):
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture
        for number, line in enumerate(lines, 1):
            if match := UNWANTED.search(line):
                yield f"{place(root, path, number)}: not to be mentioned here: {match[0]}"


def sizes(root):
    """Files and functions of the package stay small enough to be read at once."""
    for path in sorted(root.glob("bot/**/*.py")):
        text = path.read_text("utf-8")
        if (length := len(text.splitlines())) > FILE_LINES:
            yield f"{place(root, path)}: {length} lines, and {FILE_LINES} are allowed"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES:
                    yield f"{place(root, path, node.lineno)}: {node.name} has {length} lines, over {FUNCTION_LINES}"


GATES = [
    catalogues,
    buttons,
    no_compiled_catalogues,
    container_image,
    compose,
    shell_scripts,
    requirements,
    links,
    unwanted_words,
    sizes,
]


def main():
    """Runs every gate and prints all failures; 1 when there is one."""
    failures = [failure for gate in GATES for failure in gate(ROOT)]
    sys.stderr.writelines(f"{failure}\n" for failure in failures)
    sys.stdout.write(f"gates: {len(GATES)} run, {len(failures)} failures\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
