"""Sharing good practices into other chats by inline mode."""


async def results(town, person, words):
    """What Telegram would offer for "@bot words"."""
    done = await town.happens({"user": person.user, "inline_query": words})
    async with town.http.get(f"{town.root}/sandbox/inline/{done['inline_query_id']}") as response:
        answer = await response.json()
    return answer["results"]


async def test_practices_are_found_by_words_and_carry_the_way_back(town):
    (found,) = await results(town, town.person("Ole"), "digitale Konferenz")
    assert (found["id"], found["title"]) == ("online-series", "Online-Reihe für Kommunen")
    content = found["input_message_content"]
    assert content["text"].split("\n")[-2:] == ["Quelle: Beispielbericht", "Stand der Quelle: 2021"]
    assert [e["url"] for e in content["entities"] if e["type"] == "text_link"] == ["https://example.org/reihe"]
    assert found["reply_markup"]["inline_keyboard"] == [
        [{"text": "In Lotse öffnen", "url": f"https://t.me/{town.running.house.api.name}?start=entry_online-series"}]
    ]


async def test_without_words_all_practices_are_offered(town):
    assert [found["id"] for found in await results(town, town.person("Ole"), "")] == ["online-series"]


async def test_questions_of_migrants_are_not_shared(town):
    assert await results(town, town.person("Ole"), "mein mann schlägt mich") == []


async def test_typing_many_letters_is_no_flood(town):
    ole = town.person("Ole")
    for number in range(40):
        await town.happens({"user": ole.user, "inline_query": "x" * number})
    (first, *_) = await ole.says("Wo finde ich einen Deutschkurs?")
    assert first == "Deutsch lernen"
