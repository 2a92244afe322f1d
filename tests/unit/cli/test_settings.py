"""Settings come from the environment and options; a wrong one is named and never shows a secret."""

import pytest

from storyline.cli.topics import expiry_findings
from storyline.settings import Settings, WrongSetting, describe, variable_of


def test_defaults_need_nothing() -> None:
    assert Settings.load({}).kafka_bootstrap_servers == "localhost:9092"


def test_options_win_over_the_environment() -> None:
    environ = {"STORYLINE_KAFKA_BOOTSTRAP_SERVERS": "a:1"}
    assert Settings.load(environ, {"kafka_bootstrap_servers": "b:2"}).kafka_bootstrap_servers == "b:2"


def test_an_option_not_given_leaves_the_environment() -> None:
    environ = {"STORYLINE_KAFKA_BOOTSTRAP_SERVERS": "a:1"}
    assert Settings.load(environ, {"kafka_bootstrap_servers": None}).kafka_bootstrap_servers == "a:1"


def test_a_variable_set_and_empty_is_not_set() -> None:
    assert Settings.load({"STORYLINE_BATCH_MAX": ""}).batch_max == Settings().batch_max


def test_the_tests_own_variables_are_left_alone() -> None:
    assert Settings.load({"STORYLINE_TEST_NOTHING_SKIPPED": "1"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("STORYLINE_KAFKA_BOOTSTRAP", "STORYLINE_KAFKA_BOOTSTRAP_SERVERS"),
        ("STORYLINE_REDIS_URI", "STORYLINE_REDIS_URL"),
        ("STORYLINE_redis_url", "STORYLINE_REDIS_URL"),
        ("STORYLINE_", "STORYLINE_LAG_PORT"),
    ],
)
def test_an_unknown_setting_is_refused_with_the_nearest_name(variable: str, nearest: str) -> None:
    with pytest.raises(WrongSetting, match=f"{variable}; the nearest is {nearest}"):
        Settings.load({variable: "x"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KAFKA_BOOTSTRAP_SERVERS", "here"), ("KAFKA_BOOTSTRAP_SERVERS", ","),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka:99999"), ("KAFKA_BOOTSTRAP_SERVERS", "a..b:9092"), ("PAGE_HOST", "a..b"),
        ("REDIS_URL", "http://x"),
        ("BATCH_MAX", "many"), ("BATCH_MAX", "0"), ("BATCH_WITHIN_SECONDS", "-1"), ("BATCH_WITHIN_SECONDS", "nan"),
        ("KAFKA_SECURITY_PROTOCOL", "TLS"), ("ARTICLES_PARTITIONS", "100000"), ("LOG_FORMAT", "xml"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_setting_in_one_line(variable: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=f"^STORYLINE_{variable}: [^\n]+$"):
        Settings.load({f"STORYLINE_{variable}": value})


def test_sasl_without_a_password_is_refused() -> None:
    with pytest.raises(WrongSetting, match="STORYLINE_KAFKA_SASL_PASSWORD"):
        Settings.load({"STORYLINE_KAFKA_SECURITY_PROTOCOL": "SASL_SSL"})


def test_no_password_is_shown_by_anything() -> None:
    settings = Settings.load(
        {"STORYLINE_REDIS_URL": "redis://me:hunter2@host:1/0", "STORYLINE_KAFKA_SASL_PASSWORD": "hunter2"}
    )
    assert "hunter2" not in f"{settings} {settings!r} {settings.redis_shown} {settings.model_dump()}"
    assert settings.redis_shown == "redis://host:1/0"


@pytest.mark.parametrize("password", ["hunt@er2", "hunt/er2", "hunt:er2"])
def test_of_a_password_that_should_have_been_escaped_nothing_is_shown(password: str) -> None:
    settings = Settings.load({"STORYLINE_REDIS_URL": f"redis://me:{password}@host:1/0"})
    assert settings.redis_shown == "redis://host:1/0"


def test_a_wrong_redis_url_is_refused_without_its_password() -> None:
    with pytest.raises(WrongSetting) as refused:
        Settings.load({"STORYLINE_REDIS_URL": "rediss:hunter2@host"})
    assert "hunter2" not in str(refused.value)


def test_a_child_process_gets_the_same_settings() -> None:
    exact = {"STORYLINE_HANG_SECONDS": "12345.678", "STORYLINE_REWRITER_COST_DAY_MAX": "1000000"}
    settings = Settings.load({"STORYLINE_REDIS_URL": "redis://:pass@host:1/0", "STORYLINE_BATCH_MAX": "7", **exact})
    assert Settings.load(settings.environment()) == settings


def test_every_setting_says_what_it_is() -> None:
    rows = describe()
    assert [row["name"] for row in rows] == [variable_of(name) for name in Settings.model_fields]
    assert all(row["about"] for row in rows)


def test_a_withdrawn_story_must_stay_longer_than_commands_are_kept() -> None:
    assert expiry_findings(Settings.load({})) == []
    (said,) = expiry_findings(Settings.load({"STORYLINE_STORY_EXPIRED_DAYS": "30,sport=6.5"}))
    assert said.startswith("STORYLINE_STORY_EXPIRED_DAYS is 6.5; story-commands is kept 7 days")
