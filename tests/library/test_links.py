"""Addresses that lead nowhere, asked of a real server."""

from aiohttp import web

from bot.domain.knowledge import Contact, Entry, Knowledge, Source, Text
from bot.library.links import dead_links


async def test_dead_links_are_named_with_what_names_them(unused_port):
    async def gone(_request):
        return web.Response(status=404)

    async def fine(_request):
        return web.Response(text="da")

    application = web.Application()
    application.add_routes([web.get("/gone", gone), web.get("/fine", fine)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    nobody = f"http://127.0.0.1:{unused_port}/"
    answer = Entry("a", "answer", {"de": Text("de", "A", "B")}, sources=(Source("S", f"{root}/gone"), Source("T")))
    office = Contact("c", "Amt", website=nobody, sources=(Source("S", f"{root}/fine"), Source("T", f"{root}/gone")))
    found = await dead_links(Knowledge({"a": answer}, {"c": office}))
    await runner.cleanup()
    assert {str(one) for one in found} == {
        f"a: {root}/gone (status 404)",
        f"c: {nobody} (ClientConnectorError)",
        f"c: {root}/gone (status 404)",
    }
