"""Every setting: its default, its forms, and one sentence for each that cannot be used."""

import re
from zoneinfo import ZoneInfo

import pytest

from bot.domain.instants import HOUR
from bot.domain.terms import Terms
from bot.settings import PREFIX, Settings, SettingsError, read_settings

TOKEN = "77:invented-token-for-tests"
HTTPS_WEBHOOK = {"WEBHOOK_URL": "https://bot.example.org/hook", "WEBHOOK_SECRET": "invented"}


@pytest.fixture
def read(monkeypatch):
    """Reads the settings of an environment that has just these."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
        monkeypatch.delenv(f"{PREFIX}{name.upper()}_FILE", raising=False)

    def from_environment(fixed=None, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(f"{PREFIX}{name}", str(value))
        return read_settings(**fixed or {})

    return from_environment


def secret(value):
    return None if value is None else value.get_secret_value()


def test_without_any_setting_the_defaults_hold(read):
    settings = read()
    assert settings.token is None
    assert settings.api_url == "https://api.telegram.org"
    assert secret(settings.database_url) == "sqlite:///lotse.db"
    assert settings.knowledge is None
    assert settings.coordinators == frozenset()
    assert settings.zone == ZoneInfo("Europe/Berlin")
    assert settings.default_language == "de"
    assert (settings.webhook_url, settings.webhook_secret, settings.listening) == (None, None, None)
    assert (settings.log, settings.log_format) == ("info", "text")


def test_empty_is_not_set_but_for_reminders(read):
    defaults = read()
    empty = read(**{name.upper(): "" for name in Settings.model_fields})
    assert empty == defaults.model_copy(update={"reminders": ""})
    assert empty.timezone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "given", "field", "expected"),
    [
        ("API_URL", "http://127.0.0.1:8081/", "api_url", "http://127.0.0.1:8081"),
        ("API_URL", "https://bots.example.org/telegram", "api_url", "https://bots.example.org/telegram"),
        ("API_URL", "http://[::1]:8081", "api_url", "http://[::1]:8081"),
        ("COORDINATORS", "12", "coordinators", {12}),
        ("COORDINATORS", " 12, 4503599627370495 ,", "coordinators", {12, 2**52 - 1}),
        ("TIMEZONE", "UTC", "timezone", "UTC"),
        ("DEFAULT_LANGUAGE", "de-simple", "default_language", "de-simple"),
        ("LOG", "WARNING", "log", "warning"),
        ("LOG", "debug", "log", "debug"),
        ("LOG_FORMAT", "json", "log_format", "json"),
        ("REMINDERS", "2d, 90m,2d,30s", "reminders", "2d,90m,30s"),
        ("REMINDERS", "", "reminders", ""),
        ("OFFER", "90m", "offer", "90m"),
        ("SEND_RATE", "0.5", "send_rate", 0.5),
        ("SEND_RATE", "30", "send_rate", 30),
        ("LISTEN", "localhost:80", "listening", ("localhost", 80)),
        ("LISTEN", ":8443", "listening", ("0.0.0.0", 8443)),
        ("LISTEN", "[::1]:65535", "listening", ("::1", 65535)),
    ],
)
def test_what_can_be_used(read, name, given, field, expected):
    assert getattr(read(**{name: given}), field) == expected


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///lotse.db",
        "sqlite:////var/lib/lotse/lotse.db",
        "postgresql://lotse@db.example.org/lotse",
        "postgresql://lotse:secret@[::1]:5432/lotse?sslmode=require",
        "postgresql:///lotse",
    ],
)
def test_database_urls(read, url):
    assert secret(read(DATABASE_URL=url).database_url) == url


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("TOKEN", "no-token", "is not a bot token"),
        ("TOKEN", "77:", "is not a bot token"),
        ("TOKEN", "77:with spaces in it", "is not a bot token"),
        ("TOKEN", "٧٧:digits-of-another-script", "is not a bot token"),
        ("TOKEN", "12345678901234567:number-too-long", "is not a bot token"),
        ("API_URL", "api.telegram.org", "is not an http or https address"),
        ("API_URL", "ftp://example.org", "is not an http or https address"),
        ("API_URL", "https://", "is not an http or https address"),
        ("API_URL", "http://example.org:x", "is not an http or https address"),
        ("API_URL", "http://example.org:70000", "is not an http or https address"),
        ("API_URL", "http://[::1", "is not an http or https address"),
        ("API_URL", "https://exa mple.org", "is not an http or https address"),
        ("API_URL", "https://user:word@example.org", "is not an http or https address"),
        ("API_URL", "https://example.org?x=1", "is not an http or https address"),
        ("WEBHOOK_URL", "https://bot.example.org/{all}", "is not an http or https address"),
        ("WEBHOOK_URL", "https://bot.example.org/%7ball%7D", "is not an http or https address"),
        ("WEBHOOK_URL", "https://bot.example.org/münchen", "is not an http or https address"),
        ("WEBHOOK_URL", "bot.example.org/hook", "is not an http or https address"),
        ("DATABASE_URL", "mysql://localhost/lotse", "is neither sqlite:///FILE nor postgresql://USER@HOST/NAME"),
        ("DATABASE_URL", "sqlite://lotse.db", "is neither sqlite:///FILE nor postgresql://USER@HOST/NAME"),
        ("DATABASE_URL", "sqlite:///", "is neither sqlite:///FILE nor postgresql://USER@HOST/NAME"),
        ("DATABASE_URL", "postgresql://host:port/x", "is neither sqlite:///FILE nor postgresql://USER@HOST/NAME"),
        ("COORDINATORS", "12;13", "is not a list of Telegram user ids separated by commas"),
        ("COORDINATORS", "@anna", "is not a list of Telegram user ids separated by commas"),
        ("COORDINATORS", "0", "is not a list of Telegram user ids separated by commas"),
        ("COORDINATORS", "-5", "is not a list of Telegram user ids separated by commas"),
        ("COORDINATORS", str(2**52), "is not a list of Telegram user ids separated by commas"),
        ("TIMEZONE", "Europe/Musterstadt", "is not a time zone: Europe/Musterstadt"),
        ("TIMEZONE", "Europe", "is not a time zone: Europe"),
        ("TIMEZONE", "../../etc/passwd", "is not a time zone: ../../etc/passwd"),
        ("DEFAULT_LANGUAGE", "Deutsch", "is not one of de, de-simple, en, uk, ru, ar, tr, fa, fr, ro, pl, es: Deutsch"),
        ("DEFAULT_LANGUAGE", "xx", "is not one of de, de-simple, en, uk, ru, ar, tr, fa, fr, ro, pl, es: xx"),
        ("REMINDERS", "7d;1d", "takes whole numbers with d, h, m or s, one year at most, not: 7d;1d"),
        ("REMINDERS", "1w", "takes whole numbers with d, h, m or s, one year at most, not: 1w"),
        ("REMINDERS", "0h", "takes whole numbers with d, h, m or s, one year at most, not: 0h"),
        ("REMINDERS", "1h,367d", "takes whole numbers with d, h, m or s, one year at most, not: 367d"),
        ("REMINDERS", "1h,2h,3h,4h,5h,6h,7h,8h,9h,10h,11h", "has more than 10 parts"),
        ("OFFER", "tomorrow", "takes whole numbers with d, h, m or s, one year at most, not: tomorrow"),
        ("OFFER", "1d,1h", "takes whole numbers with d, h, m or s, one year at most, not: 1d,1h"),
        ("SEND_RATE", "0", "is not a number above 0, such as 25 or 0.5: 0"),
        ("SEND_RATE", "-1", "is not a number above 0, such as 25 or 0.5: -1"),
        ("SEND_RATE", "nan", "is not a number above 0, such as 25 or 0.5: nan"),
        ("SEND_RATE", "inf", "is not a number above 0, such as 25 or 0.5: inf"),
        ("SEND_RATE", "1e9", "is not a number above 0, such as 25 or 0.5: 1e9"),
        ("SEND_RATE", "many", "is not a number above 0, such as 25 or 0.5: many"),
        ("WEBHOOK_SECRET", "with space", "may hold 1 to 256 letters, digits, _ and -"),
        ("WEBHOOK_SECRET", "x" * 257, "may hold 1 to 256 letters, digits, _ and -"),
        ("LISTEN", "8443", "is not HOST:PORT: 8443"),
        ("LISTEN", "localhost:65536", "is not HOST:PORT: localhost:65536"),
        ("LISTEN", "localhost:-1", "is not HOST:PORT: localhost:-1"),
        ("LISTEN", "::1:80", "is not HOST:PORT: ::1:80"),
        ("LOG", "loud", "is not right: Input should be 'debug', 'info', 'warning' or 'error'"),
        ("LOG_FORMAT", "xml", "is not right: Input should be 'text' or 'json'"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence_that_names_the_setting(read, name, given, message):
    with pytest.raises(SettingsError, match=f"^{PREFIX}{name} {re.escape(message)}") as caught:
        read(**{name: given})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["TOKEN", "DATABASE_URL", "WEBHOOK_SECRET"])
def test_no_message_shows_a_secret(read, name):
    with pytest.raises(SettingsError) as caught:
        read(**{name: "a secret that is malformed"})
    assert "malformed" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_settings_written_out_show_no_secret(read):
    settings = read(TOKEN=TOKEN, DATABASE_URL="postgresql://lotse:password@localhost/x", **HTTPS_WEBHOOK)
    shown = f"{settings!r} {settings}"
    assert not re.search("invented|password", shown)


def test_secrets_are_read_from_files_without_their_last_line_break(read, tmp_path):
    path = tmp_path / "token"
    for ending in ("", "\n", "\r\n"):
        path.write_text(f"{TOKEN}{ending}", "utf-8", newline="")
        assert secret(read(TOKEN_FILE=path).token) == TOKEN


def test_a_file_goes_before_the_variable(read, tmp_path):
    path = tmp_path / "secret"
    path.write_text("from-the-file", "utf-8")
    assert secret(read(WEBHOOK_SECRET="from-the-variable", WEBHOOK_SECRET_FILE=path).webhook_secret) == "from-the-file"


def test_an_empty_file_name_is_not_set(read):
    assert secret(read(TOKEN=TOKEN, TOKEN_FILE="").token) == TOKEN


@pytest.mark.parametrize("kind", ["missing", "folder", "not UTF-8"])
def test_a_file_that_cannot_be_read(read, tmp_path, kind):
    path = tmp_path / "token"
    if kind == "folder":
        path.mkdir()
    if kind == "not UTF-8":
        path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=f"^LOTSE_TOKEN_FILE: the file {path} cannot be read$"):
        read(TOKEN_FILE=path)


def test_a_malformed_token_in_a_file_names_the_setting_and_not_the_token(read, tmp_path):
    path = tmp_path / "token"
    path.write_text("malformed in a file\n", "utf-8")
    with pytest.raises(SettingsError, match=r"^LOTSE_TOKEN is not a bot token") as caught:
        read(TOKEN_FILE=path)
    assert "malformed" not in str(caught.value)


def test_a_webhook_needs_a_secret(read):
    with pytest.raises(SettingsError, match=r"^LOTSE_WEBHOOK_SECRET is missing: a webhook needs a secret$"):
        read(WEBHOOK_URL="https://bot.example.org/hook")


def test_a_webhook_over_http_is_for_an_api_over_http_only(read):
    with pytest.raises(SettingsError, match=r"^LOTSE_WEBHOOK_URL must start with https://$"):
        read(WEBHOOK_URL="http://bot.example.org/hook", WEBHOOK_SECRET="invented")
    settings = read(API_URL="http://127.0.0.1:8081")
    assert settings.webhook_url == "http://bot.example.org/hook"


def test_the_path_of_the_webhook_is_kept_as_it_is(read):
    assert read(**HTTPS_WEBHOOK | {"WEBHOOK_URL": "https://example.org/a/b/"}).webhook_url == "https://example.org/a/b/"


def test_where_the_listener_is(read):
    assert read().listening is None
    assert read(**HTTPS_WEBHOOK).listening == ("127.0.0.1", 8443)
    assert read(LISTEN="127.0.0.1:9000").listening == ("127.0.0.1", 9000)


def test_fixed_settings_are_not_looked_for_in_the_environment(read, tmp_path):
    fixed = {"token": TOKEN, "database_url": "sqlite:///own.db"}
    settings = read(fixed, TOKEN="malformed", DATABASE_URL_FILE=tmp_path / "missing", TIMEZONE="UTC")
    assert (secret(settings.token), secret(settings.database_url), settings.timezone) == (
        TOKEN,
        "sqlite:///own.db",
        "UTC",
    )


def test_services_get_the_terms_of_the_settings(read):
    assert read().terms == Terms()
    given = {"OFFER": "2h", "REMINDERS": "1h,1d", "TIMEZONE": "UTC", "DEFAULT_LANGUAGE": "en"}
    assert read(**given).terms == Terms(2 * HOUR, "1d,1h", "UTC", "en")


def test_reminders_that_are_fixed_or_in_a_file_go_before_an_empty_variable(read, tmp_path):
    assert read({"reminders": "1h"}, REMINDERS="").reminders == "1h"
    (tmp_path / "rules").write_text("2h\n")
    assert read(REMINDERS="", REMINDERS_FILE=tmp_path / "rules").reminders == "2h"
