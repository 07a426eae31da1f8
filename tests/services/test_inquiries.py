"""Questions to the coordination team: sent once, told without a word of them, answered once, and gone in time."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import text

from bot.domain.inquiries import Inquiry
from bot.domain.instants import DAY, HOUR
from bot.domain.terms import Terms
from bot.services import inquiries as service
from bot.services.drafts import Draft, look, start
from bot.services.inquiries import ANSWER, KIND
from bot.services.inquiry_drafts import put_to_preview
from bot.services.notices import gather
from bot.services.people import know, set_blocked
from bot.services.privacy import about, erase, erase_if_unneeded, forget_silent
from bot.store.database import run
from bot.store.outbox import claim, elect

ANNA, BORIS, CORA, CEM = 1, 2, 3, 4
NOW = 1_795_600_800_000_000
TERMS = Terms()
TEAM = frozenset({CORA, CEM})


def rows(tx, statement):
    return [tuple(row) for row in tx.execute(text(statement))]


def change(tx, statement):
    tx.execute(text(statement))


def previewed(tx, person, kind, answers, now):
    """A draft that was shown."""
    return put_to_preview(tx, Draft(0, kind, "text", {}), person, answers, now)


async def written(database, words="Wer hilft?", person=ANNA, now=NOW, about=""):
    return await database.write(previewed, person, KIND, {"about": about, "text": words}, now)


async def sent(database, words="Wer hilft?", person=ANNA, now=NOW, team=TEAM, about=""):
    draft = await written(database, words, person, now, about)
    return await database.write(service.send, draft, person, "uk", "uk", team, now)


async def answering(database, id_=1, html="<b>Hier.</b>", coordinator=CORA, now=NOW):
    draft = await database.write(previewed, coordinator, ANSWER, {"inquiry": id_, "html": html}, now)
    return await database.write(service.end, draft, coordinator, TEAM, now)


async def notices(database):
    return await database.read(rows, "SELECT person, kind, dedup, due, parameters FROM outbox ORDER BY id")


def going_out(tx, now=NOW):
    lease = elect(tx, "test", now)
    claimed = claim(tx, lease.fence, now, 10)
    facts = gather(tx, claimed, now)
    return [(one.person, one.kind, facts[one.id].inquiry, facts[one.id].inbox) for one in claimed]


async def test_a_text_that_is_sent_is_an_open_question_and_every_coordinator_hears_that_there_is_one(database):
    assert await sent(database, about="german-courses") == 1
    found = await database.read(service.standing, 1)
    assert found.inquiry == Inquiry(1, ANNA, "german-courses", "uk", "Wer hilft?", "open", NOW)
    assert (found.asker.id, found.asker.code, found.asker.blocked) == (ANNA, "uk", False)
    assert await notices(database) == [(one, "inquiry", "inquiry:1", NOW, "{}") for one in (CORA, CEM)]
    assert await database.read(rows, "SELECT step, answers FROM drafts") == [("done", '{"sent": 1}')]


async def test_those_with_the_role_read_it_as_well(database):
    await database.write(know, BORIS, "de", NOW)
    await database.write(change, f"UPDATE people SET role = 'coordinator' WHERE id = {BORIS}")
    assert await sent(database, team=frozenset({CORA})) == 1
    assert [row[0] for row in await notices(database)] == [BORIS, CORA]


async def test_a_draft_is_sent_once_by_its_owner_and_only_after_its_preview(database):
    draft = await written(database)
    asked = await database.write(start, ANNA, KIND, {"about": ""}, NOW, "text")
    for one, person, now in ((draft, BORIS, NOW), (asked, ANNA, NOW), (draft, ANNA, NOW + HOUR), (99, ANNA, NOW)):
        assert await database.write(service.send, one, person, "de", "de", TEAM, now) == "gone"
    for _ in range(3):  # pressed again, or handled again after a kill
        assert await database.write(service.send, draft, ANNA, "de", "de", TEAM, NOW) == 1
    assert await database.read(rows, "SELECT id FROM inquiries") == [(1,)]
    assert len(await notices(database)) == 2


async def test_without_coordinators_nothing_is_sent_and_the_text_stays(database):
    draft = await written(database)
    assert await database.write(service.send, draft, ANNA, "de", "de", frozenset(), NOW) == "nobody"
    assert (await database.read(look, draft, ANNA, NOW)).answers["text"] == "Wer hilft?"


async def test_five_questions_of_a_person_may_wait_and_the_sixth_text_stays_until_one_is_answered(database):
    assert [await sent(database, now=NOW + number) for number in range(5)] == [1, 2, 3, 4, 5]
    draft = await written(database, now=NOW + 5)
    assert await database.write(service.send, draft, ANNA, "de", "de", TEAM, NOW + 5) == "full"
    assert await sent(database, person=BORIS) == 6
    assert await answering(database) == "answered"
    assert await database.write(service.send, draft, ANNA, "de", "de", TEAM, NOW + 5) == 7


async def test_a_later_reply_replaces_what_was_shown_and_its_number_does_not_come_again(database):
    asked = await database.write(start, ANNA, KIND, {"about": "x"}, NOW, "text")
    first = Draft(asked, KIND, "text", {"about": "x"})
    shown = await database.write(put_to_preview, first, ANNA, {"about": "x", "text": "eins"}, NOW)
    again = await database.write(put_to_preview, first, ANNA, {"about": "x", "text": "zwei"}, NOW)
    second = await database.read(look, again, ANNA, NOW)
    third = await database.write(put_to_preview, second, ANNA, {"about": "x", "text": "drei"}, NOW)
    assert len({asked, shown, again, third}) == 4
    assert [await database.read(look, one, ANNA, NOW) for one in (shown, again)] == [None, None]
    assert await database.write(service.send, shown, ANNA, "de", "de", TEAM, NOW) == "gone"
    assert await database.write(service.send, third, ANNA, "de", "de", TEAM, NOW) == 1
    assert (await database.read(service.standing, 1)).inquiry.text == "drei"
    assert await database.read(rows, "SELECT id, step FROM drafts") == [(third, "done")]


async def test_two_questions_at_once_keep_their_own_texts(database):
    drafts = [await database.write(start, ANNA, KIND, {"about": word}, NOW, "text") for word in ("x", "y")]
    shown = []
    for one, word in zip(drafts, ("x", "y"), strict=True):
        answers = {"about": word, "text": word}
        shown.append(await database.write(put_to_preview, Draft(one, KIND, "text", {}), ANNA, answers, NOW))
    for one in shown:
        await database.write(service.send, one, ANNA, "de", "de", TEAM, NOW)
    assert [one.text for one in await database.read(service.waiting)] == ["x", "y"]


async def test_coordinators_are_not_told_again_while_they_have_not_heard_and_at_most_once_an_hour(database):
    await sent(database)
    await sent(database, now=NOW + 1)
    assert [(row[0], row[2]) for row in await notices(database)] == [(CORA, "inquiry:1"), (CEM, "inquiry:1")]
    await database.write(change, "UPDATE outbox SET state = 'sent' WHERE person = 3")
    await sent(database, person=BORIS, now=NOW + 2)
    await sent(database, person=BORIS, now=NOW + 3)
    assert [row[:4] for row in (await notices(database))[2:]] == [(CORA, "inquiry", "inquiry:3", NOW + HOUR)]
    await database.write(change, "UPDATE outbox SET state = 'sent' WHERE person = 3")
    await sent(database, person=BORIS, now=NOW + 5 * HOUR)
    assert [row[:4] for row in (await notices(database))[3:]] == [(CORA, "inquiry", "inquiry:5", NOW + 5 * HOUR)]


async def test_the_news_says_how_many_wait_and_since_when_and_nothing_of_the_texts(database):
    await sent(database)
    await sent(database, now=NOW + 1)
    told = await database.write(going_out)
    assert [(person, kind, inquiry, (inbox.count, inbox.oldest)) for person, kind, inquiry, inbox in told] == [
        (CORA, "inquiry", None, (2, NOW)), (CEM, "inquiry", None, (2, NOW)),
    ]  # fmt: skip


async def test_news_of_nothing_has_no_inbox(database):
    await sent(database)
    assert await database.write(service.withdraw, 1, ANNA)
    assert [one[3] for one in await database.write(going_out)] == [None, None]
    assert await database.read(service.inbox) is None


async def test_an_open_question_can_be_withdrawn_by_its_person_once(database):
    await sent(database)
    await sent(database, person=BORIS)
    assert not await database.write(service.withdraw, 1, BORIS)
    assert await database.write(service.withdraw, 1, ANNA)
    assert await database.read(rows, "SELECT person FROM drafts") == [(BORIS,)]
    assert not await database.write(service.withdraw, 1, ANNA)
    assert await answering(database, 2) == "answered"
    assert not await database.write(service.withdraw, 2, BORIS)
    assert await database.read(rows, "SELECT id, state FROM inquiries") == [(2, "answered")]


async def test_an_answer_goes_to_its_person_once_and_is_noted_without_a_text(database):
    await sent(database)
    await database.write(change, "DELETE FROM outbox")
    assert await answering(database, now=NOW + DAY) == "answered"
    assert await answering(database, coordinator=CEM, html="Anders.", now=NOW + DAY) == "ended"
    assert await notices(database) == [(ANNA, "reply", "reply:1", NOW + DAY, json.dumps({"inquiry": 1}))]
    assert await database.read(rows, "SELECT priority FROM outbox") == [(4,)]
    found = (await database.read(service.standing, 1)).inquiry
    assert (found.state, found.answer, found.ended) == ("answered", "<b>Hier.</b>", NOW + DAY)
    assert await database.read(rows, "SELECT role, person, action, subject FROM audit") == [
        ("coordinator", CORA, "inquiry answered", "inquiry 1")
    ]
    told = await database.write(going_out, NOW + DAY)
    assert [(person, kind, inquiry.answer) for person, kind, inquiry, _ in told] == [(ANNA, "reply", "<b>Hier.</b>")]


async def test_the_same_answer_sent_again_says_the_same_and_sends_nothing(database):
    await sent(database)
    draft = await database.write(previewed, CORA, ANSWER, {"inquiry": 1, "html": "x"}, NOW)
    for _ in range(3):
        assert await database.write(service.end, draft, CORA, TEAM, NOW) == "answered"
    assert len([row for row in await notices(database) if row[1] == "reply"]) == 1
    assert await database.read(rows, "SELECT COUNT(*) FROM audit") == [(1,)]


@pytest.mark.parametrize("state", ["waiting", "sent", "blocked", "failed", "unconfirmed"])
async def test_what_became_of_the_message_about_the_end_is_known(database, state):
    await sent(database)
    assert (await database.read(service.standing, 1)).delivery == ""
    await answering(database)
    await database.write(change, f"UPDATE outbox SET state = '{state}' WHERE kind = 'reply'")
    assert (await database.read(service.standing, 1)).delivery == state


async def test_closing_without_an_answer_is_told_as_well(database):
    await sent(database)
    assert await answering(database, html="") == "closed"
    assert (await notices(database))[-1][:3] == (ANNA, "reply", "reply:1")
    assert await database.read(rows, "SELECT state, answer, ended FROM inquiries") == [("closed", "", NOW)]
    assert await database.read(rows, "SELECT action FROM audit") == [("inquiry closed",)]


async def test_only_a_coordinator_of_now_ends_a_question(database):
    await sent(database)
    assert await answering(database, coordinator=BORIS) == "role"
    await database.write(change, "UPDATE people SET role = 'coordinator' WHERE id = 2")
    assert await answering(database, coordinator=BORIS) == "answered"


async def test_a_coordinators_draft_that_is_old_or_anothers_or_was_not_shown_ends_nothing(database):
    await sent(database)
    draft = await database.write(previewed, CORA, ANSWER, {"inquiry": 1, "html": "x"}, NOW)
    asked = await database.write(start, CORA, ANSWER, {"inquiry": 1}, NOW, "text")
    own = await written(database, person=CORA)
    for one, person, now in ((draft, CEM, NOW), (draft, CORA, NOW + HOUR), (asked, CORA, NOW), (own, CORA, NOW)):
        assert await database.write(service.end, one, person, TEAM, now) == "gone"
    assert [one.state for one in await database.read(service.waiting)] == ["open"]


async def test_whoever_has_stopped_lotse_gets_no_answer_but_the_question_can_be_closed(database):
    await sent(database)
    await database.write(set_blocked, ANNA, blocked=True)
    draft = await database.write(previewed, CORA, ANSWER, {"inquiry": 1, "html": "x"}, NOW)
    assert await database.write(service.end, draft, CORA, TEAM, NOW) == "blocked"
    assert [one.state for one in await database.read(service.waiting)] == ["open"]
    await database.write(set_blocked, ANNA, blocked=False)
    assert await database.write(service.end, draft, CORA, TEAM, NOW) == "answered"
    await sent(database, now=NOW + 1)
    await database.write(set_blocked, ANNA, blocked=True)
    assert await answering(database, 2, html="") == "closed"


@pytest.mark.parametrize("way", ["withdrawn", "erased"])
async def test_a_question_that_is_gone_cannot_be_answered(database, way):
    await sent(database)
    if way == "withdrawn":
        await database.write(service.withdraw, 1, ANNA)
    else:
        await database.write(erase, ANNA, NOW, TERMS)
    assert await answering(database) == "deleted"
    assert await database.read(rows, f"SELECT kind FROM outbox WHERE person = {ANNA}") == []


@pytest.mark.parametrize("answered", [False, True])
async def test_erasing_takes_questions_answers_and_replies(database, answered):
    await sent(database)
    await sent(database, person=BORIS)
    if answered:
        await answering(database)
    await database.write(erase, ANNA, NOW, TERMS)
    assert await database.read(rows, "SELECT person FROM inquiries") == [(BORIS,)]
    assert await database.read(rows, "SELECT kind FROM outbox WHERE kind = 'reply'") == []


async def test_an_answer_that_is_not_sent_yet_repeats_nothing_of_somebody_who_was_erased(database):
    await sent(database)
    await sent(database, person=BORIS)
    answers = [(CORA, {"inquiry": 1, "html": "Anna?"}), (CEM, {"inquiry": 2, "html": "Boris?"})]
    drafts = {who: await database.write(previewed, who, ANSWER, answer, NOW) for who, answer in answers}
    await database.write(erase, ANNA, NOW, TERMS)
    kept = [await database.read(look, draft, who, NOW) for who, draft in drafts.items()]
    assert [draft.answers["html"] for draft in kept] == ["", "Boris?"]
    ended = [await database.write(service.end, draft, who, TEAM, NOW) for who, draft in drafts.items()]
    assert ended == ["deleted", "answered"]


async def test_what_is_stored_is_told(database):
    await sent(database, about="x")
    await answering(database, now=NOW + DAY)
    assert (await database.read(about, ANNA))["inquiries"] == [
        {"about": "x", "language": "uk", "text": "Wer hilft?", "state": "answered", "sent": "2026-11-25",
         "answer": "<b>Hier.</b>", "ended": "2026-11-26"},
    ]  # fmt: skip


async def test_a_question_that_waits_keeps_a_silent_person_and_an_answered_one_does_not(database):
    await sent(database)
    await sent(database, person=BORIS)
    await answering(database, 2)
    assert await database.write(forget_silent, NOW + 184 * DAY, TERMS) >= 1
    assert await database.read(rows, "SELECT id FROM people WHERE id < 3") == [(ANNA,)]


async def test_who_has_asked_is_needed(database):
    await sent(database)
    await database.write(erase_if_unneeded, ANNA, NOW, TERMS)
    assert await database.read(service.open_ones, ANNA) == 1


async def test_what_has_ended_goes_after_90_days_and_what_nobody_answered_after_180(database):
    await sent(database, about="x")
    await sent(database, person=BORIS)
    await answering(database, 2, now=NOW + DAY)
    await database.write(change, "DELETE FROM outbox")
    for days, left in ((90, [1, 2]), (91, [1]), (179, [1]), (180, []), (181, [])):
        await database.write(service.sweep, NOW + days * DAY)
        assert [row[0] for row in await database.read(rows, "SELECT id FROM inquiries ORDER BY id")] == left
    assert [row[:3] for row in await notices(database)] == [(ANNA, "reply", "reply:1")]
    assert json.loads((await notices(database))[0][4]) == {"inquiry": 1, "about": "x", "asked": NOW}


async def test_what_was_answered_leaves_the_database_noted(database):
    await sent(database)
    await sent(database, person=BORIS)
    await answering(database, 2)
    assert [(one.id, one.answer) for one in await database.write(service.export, NOW)] == [(2, "<b>Hier.</b>")]
    assert ("operator", None, "inquiries exported", "1 answered") in await database.read(
        rows, "SELECT role, person, action, subject FROM audit"
    )


async def test_of_many_who_answer_at_once_one_is_heard(database, database_url):
    await sent(database)
    team = frozenset(range(100, 108))
    drafts = {
        one: await database.write(previewed, one, ANSWER, {"inquiry": 1, "html": str(one)}, NOW) for one in sorted(team)
    }
    outcomes, ready = {}, threading.Barrier(len(team))

    def end(one):
        ready.wait(20)
        outcomes[one] = run(database_url, service.end, drafts[one], one, team, NOW)

    threads = [threading.Thread(target=end, args=(one,)) for one in sorted(team)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes.values()) == ["answered", *["ended"] * 7]
    first = next(one for one, outcome in outcomes.items() if outcome == "answered")
    assert (await database.read(service.standing, 1)).inquiry.answer == str(first)
    assert len([row for row in await notices(database) if row[1] == "reply"]) == 1
    assert await database.read(rows, "SELECT COUNT(*) FROM audit") == [(1,)]
