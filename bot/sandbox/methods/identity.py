"""Who the bot is, what it offers, and what it can look up."""

from __future__ import annotations

from functools import partial

from bot.sandbox import rules
from bot.sandbox.menu import Scope, scope
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.wire import Json, bad

LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(call: Call) -> Json:
    """The bot as a User."""
    return {
        **call.account.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_profile(field: str, call: Call) -> bool:
    """Sets a name or description for a language, or for everybody; an empty one is removed."""
    language = rules.language_code(call.parameters)
    value = rules.profile(field, call.parameters.text(field), LIMITS[field])
    if value:
        call.account.profile[field, language] = value
    else:
        call.account.profile.pop((field, language), None)
    call.account.profile_changed()
    return True


def get_profile(field: str, call: Call) -> Json:
    """The name or description in a language, else the one for everybody."""
    profile = call.account.profile
    default = call.account.user()["first_name"] if field == "name" else ""
    language = rules.language_code(call.parameters)
    return {field: profile.get((field, language)) or profile.get((field, ""), default)}


def set_my_commands(call: Call) -> bool:
    """The commands of one scope and language."""
    given = rules.commands(call.parameters.structure("commands", "commands"))
    call.account.commands[_scope(call).key, rules.language_code(call.parameters)] = given
    call.account.profile_changed()
    return True


def get_my_commands(call: Call) -> list[Json]:
    """The commands of exactly this scope and language."""
    return call.account.commands.get((_scope(call).key, rules.language_code(call.parameters)), [])


def delete_my_commands(call: Call) -> bool:
    """Makes the next wider scope hold again."""
    call.account.commands.pop((_scope(call).key, rules.language_code(call.parameters)), None)
    call.account.profile_changed()
    return True


def get_chat(call: Call) -> Json:
    """A chat that the bot has been written to from."""
    chat = call.account.chat(call.chat_id())
    return {**chat.as_api(), "accent_color_id": 0, "max_reaction_count": 11}


def get_file(call: Call) -> Json:
    """Where a file can be fetched."""
    kept = call.account.files.get(call.parameters.text("file_id"))
    if kept is None:
        raise bad("invalid file_id")
    if len(kept.upload.content) > rules.DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {**kept.as_api(), "file_path": kept.path}


def _scope(call: Call) -> Scope:
    named = scope(call.parameters.mapping("scope", "bot command scope"))
    if named.chat is not None:
        call.account.chat(named.chat)
    return named


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "setMyName": partial(set_profile, "name"),
    "getMyName": partial(get_profile, "name"),
    "setMyDescription": partial(set_profile, "description"),
    "getMyDescription": partial(get_profile, "description"),
    "setMyShortDescription": partial(set_profile, "short_description"),
    "getMyShortDescription": partial(get_profile, "short_description"),
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getChat": get_chat,
    "getFile": get_file,
}
