"""Pictures and documents by their ids, and what is put in the place of a message that was sent."""

from __future__ import annotations

import pytest
from post import posting
from telegram.error import BadRequest

from bot.chat.message import Button, Message, length
from bot.chat.outgoing import Post
from bot.chat.transport import UnsentError
from bot.sandbox.parameters import Upload
from bot.store.outbox import Claimed, Outcome

ANNA = 2001
ROWS = ((Button("Ja", "yes"),),)
CLAIMED = Claimed(7, ANNA, "correction", None, {}, 0, None, 0, 0)


@pytest.fixture
async def post(sqlite):
    async with posting(sqlite) as opened:
        await opened.has_people(ANNA)
        yield opened


@pytest.fixture
async def sender(post):
    async with post.sender() as opened:
        yield opened


@pytest.fixture
def api(sender):
    return sender._house.api


@pytest.fixture
def files(post):
    """A picture and a document that somebody has sent to the bot."""
    kept = post.sandbox.state.current.files
    upload = Upload("a.png", "image/png", b"x")
    return {kind: kept.keep(upload, kind).id for kind in ("photo", "document")}


def seen(post):
    """What Anna sees: the kinds of files, the text or what is below a file, and the buttons."""
    shown = []
    for message in post.sandbox.state.current.chats[ANNA].messages.values():
        told = message.shown()
        kinds = [kind for kind in ("photo", "document") if told.get(kind)]
        shown.append((kinds, told["text"], [button["text"] for row in told["buttons"] for button in row]))
    return shown


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_file_goes_out_by_its_id_with_text_and_buttons_below(post, api, files, kind):
    message = Message("<b>Neu</b>", ROWS, silent=True, **{kind: files[kind]})
    await api.deliver(ANNA, message)
    await api.send(ANNA, message)
    assert seen(post) == [([kind], "Neu", ["Ja"])] * 2
    assert all(sent.silent for sent in post.sandbox.state.current.chats[ANNA].messages.values())


async def test_a_file_needs_no_text(post, api, files):
    await api.deliver(ANNA, Message("", photo=files["photo"]))
    assert seen(post) == [(["photo"], "", [])]


async def test_a_file_with_a_text_that_is_too_long_is_refused_and_not_sent_in_two(post, api, files):
    await api.deliver(ANNA, Message(f"<b>{'x' * 1024}</b>", photo=files["photo"]))
    with pytest.raises(BadRequest, match="caption is too long"):
        await api.deliver(ANNA, Message("x" * 1025, photo=files["photo"]))
    assert len(seen(post)) == 1


@pytest.mark.parametrize("kind", ["photo", "document"])
@pytest.mark.parametrize("change", ["edit", "redeliver"])
async def test_the_text_below_a_file_is_changed_and_the_file_stays(post, api, files, kind, change):
    sent = await api.deliver(ANNA, Message("Alt", **{kind: files[kind]}))
    for _ in range(2):  # the second time there is nothing to change
        await getattr(api, change)(ANNA, sent, Message("Neu", ROWS, **{kind: files[kind]}))
    assert seen(post) == [([kind], "Neu", ["Ja"])]


async def test_where_a_file_comes_or_goes_the_message_is_sent_anew(post, api, files):
    sent = await api.send(ANNA, Message("Alt"))
    await api.edit(ANNA, sent, Message("Bild", photo=files["photo"]))
    await api.edit(ANNA, sent + 1, Message("Nur Text"))
    assert seen(post) == [([], "Alt", []), (["photo"], "Bild", []), ([], "Nur Text", [])]


async def corrected(sender, sent, html="Neu", **more):
    return await sender._request(Post(CLAIMED, Message(html, **more), sent))


async def test_a_correction_changes_the_message_that_was_sent(post, api, sender):
    sent = await api.deliver(ANNA, Message("Alt", ROWS))
    done = Outcome(CLAIMED.id, "sent", attempts=1, message=sent)
    assert [await corrected(sender, sent) for _ in range(2)] == [done, done]
    assert seen(post) == [([], "Neu", [])]


async def test_a_correction_of_what_the_reader_has_deleted_is_dropped(post, api, sender):
    sent = await api.deliver(ANNA, Message("Alt"))
    await api.delete(ANNA, [sent])
    assert await corrected(sender, sent) == Outcome(CLAIMED.id, "dropped", attempts=1)
    assert seen(post) == []


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Bad Request: message can't be edited", "dropped"),
        ("Bad Request: MESSAGE_ID_INVALID", "dropped"),
        ("Bad Request: chat not found", "blocked"),
        ("Bad Request: message is too long", "failed"),
    ],
)
async def test_what_telegram_says_to_a_correction(post, api, sender, said, state):
    sent = await api.deliver(ANNA, Message("Alt"))
    await post.fault(method="editMessageText", status=400, description=said)
    assert (await corrected(sender, sent)).state == state


async def test_a_correction_in_a_chat_that_has_another_number_is_dropped(post, api, sender):
    sent = await api.deliver(ANNA, Message("Alt"))
    await post.fault(method="editMessageText", status=400, migrate_to_chat_id=-77)
    assert (await corrected(sender, sent)).state == "dropped"


async def test_a_correction_is_one_try(post, api, sender):
    sent = await api.deliver(ANNA, Message("Alt"))
    await post.fault(method="editMessageText", status=500, times=2)
    with pytest.raises(UnsentError):
        await api.redeliver(ANNA, sent, Message("Neu"))
    assert (await corrected(sender, sent)).state == "waiting"
    assert (await corrected(sender, sent)).state == "sent"
    assert seen(post) == [([], "Neu", [])]


async def test_markup_does_not_count_towards_the_length_of_a_text(post, api):
    html = "\n".join(f"<b>{'&amp;' * 99}</b>" for _ in range(40))
    await api.deliver(ANNA, Message(html))
    assert [len(text) for _, text, _ in seen(post)] == [40 * 100 - 1]


@pytest.mark.parametrize(
    ("html", "units"),
    [("", 0), ("<b>&amp;</b>", 1), ('<a href="https://example.org/?a=1&amp;b=2">🙂</a>', 2), ("a\nb", 3)],
)
def test_what_telegram_counts_of_a_text(html, units):
    assert length(html) == units
