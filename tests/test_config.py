"""The configuration: what is understood, what is refused and in which words, and what counts as weaker."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.config import Config, Found, Names, Service, excluder, find, parse, severity_of, weakenings
from compatcheck.config.model import LEVELS, PRESETS, SETTINGS, Channel, Deployed, Preset
from compatcheck.errors import UsageError
from compatcheck.reads.effects import Surface
from compatcheck.rules.severity import policy

NAMES = Names(
    rules=("field-removed", "field-type-changed", "enum-removed"),
    surfaces=("wire", "json", "grpc", "generated"),
)
RULES, SURFACES = tuple(NAMES.rules), tuple(NAMES.surfaces)


def parsed(text: str, where: str = "compatcheck.toml") -> Config:
    return parse(text.encode(), where, NAMES)


def refused(text: str, where: str = "compatcheck.toml") -> UsageError:
    with pytest.raises(UsageError) as caught:
        parsed(text, where)
    return caught.value


def test_an_empty_file_is_the_default_configuration() -> None:
    assert parsed("") == Config(where="compatcheck.toml")


def test_every_key_is_read() -> None:
    config = parsed(
        """
        roots = ["proto", "./third_party/", "."]
        exclude = ["vendor/", "!vendor/ours"]
        against = "v1.0"
        fail-on = "warning"
        preset = "strict"
        surfaces = ["wire", "json"]
        json-unknown-fields = "reject"
        json-profile = "python"
        json-names = "proto"
        json-enums = "integers"
        languages = ["go", "java", "go"]
        travels-in-any = "shop.v1.*"
        discover = true
        [[options]]
        name = "(acme.auth.scope)"
        on-change = "error"
        [severity]
        field-removed = "off"
        "field-*" = "note"
        [services.cart]
        path = ["src/cart", "./src/basket/"]
        repo = "../cart"
        schema = "proto"
        versions = ["cart-v*", "cart/{version}"]
        provides = "shop.Cart"
        consumes = ["shop.Catalog/GetProduct", "/shop.Stock/Reserve"]
        external = true
        group = "pod"
        [channels.orders]
        message = "shop.Order"
        writers = "cart"
        readers = ["cart", "mail"]
        since = { cart = "1.0" }
        format = "json"
        [environments.production]
        cart = ["1.0", {version = "1.1", phase = "canary", share = 0.1}, "1.0"]
        mail = { version = "7", phase = "draining" }
        """
    )
    assert config.roots == ("proto", "third_party", ".")
    assert config.exclude == ("vendor/", "!vendor/ours")
    assert config.against == ("v1.0",)
    assert (config.fail_on, config.preset, config.json_unknown_fields) == ("warning", "strict", "reject")
    assert (config.json_profile, config.json_names, config.json_enums) == ("python", "proto", "integers")
    assert (config.languages, config.travels_in_any) == (("go", "java"), ("shop.v1.*",))
    assert config.options == {"acme.auth.scope": "error"}
    assert config.surfaces == ("wire", "json")
    assert config.severity == {"field-removed": "off", "field-*": "note"}
    assert config.services == {
        "cart": Service(
            name="cart",
            path=("src/cart", "src/basket"),
            repo="../cart",
            schema="proto",
            versions=("cart-v*", "cart/{version}"),
            provides=("shop.Cart",),
            consumes=("shop.Catalog.GetProduct", "shop.Stock.Reserve"),
            external=True,
            group="pod",
        )
    }
    assert config.discover
    assert config.channels == {
        "orders": Channel("orders", "shop.Order", ("cart",), ("cart", "mail"), {"cart": "1.0"}, "json")
    }
    assert config.environments == {
        "production": {
            "cart": (Deployed("1.0"), Deployed("1.1", "canary", 0.1)),
            "mail": (Deployed("7", "draining"),),
        }
    }


def test_what_is_not_said_of_a_service_is_not_known_and_what_is_said_may_be_nothing() -> None:
    services = parsed("[services.a]\n[services.b]\nprovides = []\nconsumes = []").services
    assert (services["a"].provides, services["a"].consumes) == (None, None)
    assert (services["b"].provides, services["b"].consumes) == ((), ())


def test_since_counts_for_all_writers_or_for_each() -> None:
    channel = '[channels.c]\nmessage = "a.B"\nwriters = ["x", "y"]\nreaders = "z"\n'
    assert parsed(channel).channels["c"].since == {}
    assert parsed(channel + 'since = "live"').channels["c"].since == {"x": "live", "y": "live"}
    assert parsed(channel + 'since = {y = "2"}').channels["c"].since == {"y": "2"}


def test_paths_of_a_service_count_from_the_file_or_from_the_top_of_its_own_repository() -> None:
    text = '[services.a]\npath = "src"\n[services.b]\nrepo = "../b"\npath = "src"\n'
    services = parsed(text, "shop/compatcheck.toml").services
    assert (services["a"].path, services["b"].path) == (("shop/src",), ("src",))


def test_a_pyproject_is_read_from_its_tool_table() -> None:
    text = '[project]\nname = "x"\n[tool.compatcheck]\npreset = "wire"\n'
    assert parsed(text, "pyproject.toml").preset == "wire"
    assert parsed("[tool.other]\nx = 1\n", "a/pyproject.toml").preset == "rollout"


def test_paths_count_from_the_folder_of_the_file() -> None:
    config = parsed('roots = ["proto", "../shared"]\nexclude = ["gen/"]', "api/compatcheck.toml")
    assert config.roots == ("api/proto", "shared")
    assert (excluder(config)("api/gen/a.proto"), excluder(config)("gen/a.proto")) == (True, False)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('presets = "wire"', "compatcheck.toml: unknown key `presets`", "did you mean `preset`?"),
        ('fail_on = "note"', "compatcheck.toml: unknown key `fail_on`", "did you mean `fail-on`?"),
        (
            '[services.cart]\nprovide = ["a.B"]',
            "compatcheck.toml: services.cart: unknown key `provide`",
            "did you mean `provides`?",
        ),
        (
            'preset = "rolout"',
            "compatcheck.toml: preset: `rolout` is not one of `wire`, `rollout`, `strict`",
            "did you mean `rollout`?",
        ),
        (
            '[severity]\nfield-remove = "off"',
            "compatcheck.toml: severity.field-remove: there is no rule `field-remove`",
            "did you mean `field-removed`?",
        ),
        (
            '[severity]\n"fild-*" = "off"',
            "compatcheck.toml: severity.fild-*: no rule matches `fild-*`",
            None,
        ),
        (
            '[severity]\nfield-removed = "warn"',
            "compatcheck.toml: severity.field-removed: "
            "`warn` is not one of `off`, `note`, `warning`, `error`",
            "did you mean `warning`?",
        ),
        (
            'languages = ["golang"]',
            "compatcheck.toml: languages: `golang` is not one of `cpp`, `csharp`, `go`, "
            "`java`, `javascript`, `kotlin`, `objc`, `php`, `python`, `ruby`, `rust`, `swift`",
            None,
        ),
        ("languages = []", "compatcheck.toml: languages: is empty", None),
        (
            '[options]\n"a.b" = "error"',
            "compatcheck.toml: options: must be a list of tables, not a table",
            "write `[[options]]`",
        ),
        (
            '[[options]]\nname = "a.b"',
            "compatcheck.toml: options.1: `on-change` is missing",
            "",
        ),
        (
            '[[options]]\nname = "a.b"\non-change = "off"\n[[options]]\nname = "(a.b)"\non-change = "note"',
            "compatcheck.toml: options.2.name: `a.b` is declared twice",
            "",
        ),
        ("roots = 1", "compatcheck.toml: roots: must be a list of strings, not a number", ""),
        (
            "exclude = [true]",
            "compatcheck.toml: exclude: must be a list of strings, not a list with a boolean",
            "",
        ),
        ('preset = ["wire"]', "compatcheck.toml: preset: must be a string, not a list", ""),
        ("severity = 1979-05-27", "compatcheck.toml: severity: must be a table, not a date or time", ""),
        ('roots = ["../x"]', "compatcheck.toml: roots: `../x` is not a folder inside the repository", ""),
        ('roots = ["/x"]', "compatcheck.toml: roots: `/x` is not a folder inside the repository", ""),
        (
            "surfaces = []",
            "compatcheck.toml: surfaces: is empty, so that nothing would be compared",
            "name some of `wire`, `json`, `grpc`, `generated`",
        ),
        ("[services.cart]\nversions = []", "compatcheck.toml: services.cart.versions: is empty", None),
        (
            '[services.cart]\nversions = "v1"',
            "compatcheck.toml: services.cart.versions: `v1` leaves no room for a version",
            None,
        ),
        (
            '[services.cart]\nconsumes = ["shop Cart"]',
            "compatcheck.toml: services.cart.consumes: "
            "`shop Cart` is not the full name of a gRPC service or method",
            None,
        ),
        (
            '[services.cart]\n[environments.live]\ncard = ["1"]',
            "compatcheck.toml: environments.live.card: there is no [services.card]",
            "did you mean `cart`?",
        ),
        (
            '[services.cart]\n[channels.c]\nmessage = "a.B"\nwriters = "card"\nreaders = "cart"',
            "compatcheck.toml: channels.c.writers: there is no [services.card]",
            "did you mean `cart`?",
        ),
        (
            '[channels.c]\nmessage = "a.B"\nwriters = "x"',
            "compatcheck.toml: channels.c: `readers` is missing",
            "",
        ),
        (
            '[channels.c]\nmessage = "a.B"\nwriters = []\nreaders = "x"',
            "compatcheck.toml: channels.c.writers: is empty",
            "name the services",
        ),
        (
            '[channels.c]\nmessage = "a B"\nwriters = "x"\nreaders = "x"',
            "compatcheck.toml: channels.c.message: `a B` is not the full name of a message",
            None,
        ),
        (
            '[channels.c]\nmessage = "a.B"\nwriters = "cart"\nreaders = "x"\nsince = {card = "1"}',
            "compatcheck.toml: channels.c.since.card: `card` is none of the channel's writers",
            "did you mean `cart`?",
        ),
        (
            '[channels.c]\nmessage = "a.B"\nwriters = "cart"\nreaders = "x"\nformat = "avro"',
            "compatcheck.toml: channels.c.format: `avro` is not one of `wire`, `json`",
            None,
        ),
        (
            '[environments.live]\ncart = {version = "1", phase = "canari"}',
            "compatcheck.toml: environments.live.cart.phase: `canari` is not one of "
            "`stable`, `rolling`, `canary`, `blue`, `green`, `draining`",
            "did you mean `canary`?",
        ),
        (
            '[environments.live]\ncart = ["1", {version = "2", share = 0.5}]',
            "compatcheck.toml: environments.live.cart.2.share: only a canary has a share, and this is stable",
            "",
        ),
        (
            '[environments.live]\ncart = {version = "2", phase = "canary", share = 10}',
            "compatcheck.toml: environments.live.cart.share: 10 is not between 0 and 1",
            "10 percent is 0.1",
        ),
        (
            '[environments.live]\ncart = ["1", {version = "1", phase = "canary"}]',
            "compatcheck.toml: environments.live.cart.2: `1` is in two phases at once",
            "",
        ),
        (
            "[environments.live]\ncart = [1]",
            "compatcheck.toml: environments.live.cart.1: must be a version, a table, or a list of them, "
            "not a number",
            "",
        ),
        (
            '[services.a]\nexternal = "yes"',
            "compatcheck.toml: services.a.external: must be true or false, not a string",
            "",
        ),
        (
            '[services.a]\npath = "../x"',
            "compatcheck.toml: services.a.path: `../x` is not a folder inside the repository",
            "",
        ),
    ],
)
def test_a_mistake_is_named_with_file_and_key(text: str, message: str, hint: str | None) -> None:
    error = refused(text)
    assert error.message == message
    assert hint is None or error.hint == hint
    assert "\n" not in error.message + error.hint


def test_a_mistake_in_a_pyproject_names_the_whole_key() -> None:
    error = refused("[tool.compatcheck]\nroots = 1", "api/pyproject.toml")
    assert (
        error.message == "api/pyproject.toml: tool.compatcheck.roots: must be a list of strings, not a number"
    )


@pytest.mark.parametrize("text", [b"roots = [", b"\xff\xfe", b"a = 1\na = 2", b"x = " + b"[" * 5000])
def test_what_is_not_toml_is_refused_in_one_line(text: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, "compatcheck.toml", NAMES)
    assert caught.value.message.startswith("compatcheck.toml: is n")
    assert "\n" not in caught.value.message


@given(st.text(max_size=60), st.sampled_from(["", "[services.a]\n", "[severity]\n", "[environments.e]\n"]))
def test_any_text_is_read_or_refused(text: str, head: str) -> None:
    try:
        config = parsed(head + text)
    except UsageError as error:
        assert error.message.startswith("compatcheck.toml: ")
    else:
        assert isinstance(config, Config)


def test_the_nearest_configuration_is_found_upward() -> None:
    files = {
        "compatcheck.toml": b"# top",
        "a/pyproject.toml": b"[project]\nname = 'compatcheck'",
        "a/b/pyproject.toml": b"[tool.compatcheck]",
        "a/b/c/compatcheck.toml": b"# c",
        "a/b/c/pyproject.toml": b"[tool.compatcheck]",
    }

    def path(folder: str) -> str:
        found = find(lambda path: files.get(path), folder)
        return found.path if found else ""

    assert path("a/b/c/d") == "a/b/c/compatcheck.toml"
    assert path("a/b") == "a/b/pyproject.toml"
    assert path("a") == "compatcheck.toml"
    assert path("") == "compatcheck.toml"
    assert find(lambda _path: None, "a/b") is None


def test_a_broken_pyproject_that_configures_the_tool_is_not_passed_over() -> None:
    files = {"pyproject.toml": b"[tool.compatcheck]\nroots = ["}
    found = find(lambda path: files.get(path))
    assert found is not None
    with pytest.raises(UsageError, match="not valid TOML"):
        parse(found.text, found.path, NAMES)


@pytest.mark.parametrize("value", ["[" * 20_000 + "]" * 20_000, "1" * 9000])
def test_a_document_that_the_parser_cannot_take_is_one_line(value: str) -> None:
    text = f"[tool.compatcheck]\nroots = {value}".encode()
    assert find({"pyproject.toml": text}.get) == Found("pyproject.toml", text)
    with pytest.raises(UsageError, match=r"pyproject.toml: is not valid TOML|is nested too deep"):
        parse(text, "pyproject.toml", NAMES)


def test_a_pattern_that_is_none_is_one_line() -> None:
    with pytest.raises(UsageError, match=r"^compatcheck.toml: exclude: .*'!'"):
        excluder(Config(where="compatcheck.toml", exclude=("!",)))


def test_exclude_follows_gitignore() -> None:
    excluded = excluder(Config(exclude=("vendor/", "*_test.proto", "!keep_test.proto", "/gen/**/old")))
    assert excluded("vendor/a.proto") and excluded("x/vendor/a.proto") and excluded("a_test.proto")
    assert excluded("gen/x/y/old/a.proto")
    assert not excluded("keep_test.proto") and not excluded("a.proto") and not excluded("x/gen/y/old/a.proto")


def test_the_longest_glob_and_then_the_id_decide_a_severity() -> None:
    severity = parsed('[severity]\n"*" = "off"\n"field-*" = "note"\nfield-removed = "error"\n').severity
    assert severity_of(severity, "field-removed") == "error"
    assert severity_of(severity, "field-type-changed") == "note"
    assert severity_of(severity, "enum-removed") == "off"
    assert severity_of({}, "enum-removed") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", 'fail-on = "error"', ()),
        ('fail-on = "note"', "", ("fail-on went up from note to error",)),
        ('preset = "strict"', "", ("preset went down from strict to rollout",)),
        ("", 'preset = "strict"', ()),
        ("", 'surfaces = ["wire", "grpc"]', ("surfaces no longer has `http`, `json`, `validation`",)),
        ('surfaces = ["wire"]', "", ()),
        ('json-unknown-fields = "reject"', "", ("json-unknown-fields went from reject to ignore",)),
        (
            'json-profile = "portable"',
            'json-profile = "python"',
            ("json-profile went from portable to python",),
        ),
        ('against = ["v1", "v2"]', 'against = ["v2"]', ("against no longer names `v1`",)),
        ('languages = ["go"]', "", ()),
        ("", 'languages = ["go"]', ("languages covers fewer",)),
        ('languages = ["go"]', 'languages = ["java", "go"]', ()),
        ('travels-in-any = ["a.*"]', "", ("travels-in-any no longer names `a.*`",)),
        (
            '[[options]]\nname = "a.b"\non-change = "error"',
            '[[options]]\nname = "a.b"\non-change = "note"',
            ("a change of the option a.b went from error to note",),
        ),
        ("", '[[options]]\nname = "a.b"\non-change = "note"', ()),
        ("", 'exclude = ["api/"]', ("exclude covers more: `api/`",)),
        ('exclude = ["api/"]', "", ()),
        ("", 'exclude = ["!api/"]', ()),
        ('exclude = ["api/", "!api/v1"]', 'exclude = ["api/"]', ("exclude covers more: `!api/v1`",)),
        (
            "",
            '[severity]\n"field-*" = "off"',
            (
                "severity of field-removed went from its default to off",
                "severity of field-type-changed went from its default to off",
            ),
        ),
        (
            '[severity]\n"*" = "error"',
            '[severity]\n"*" = "error"\nenum-removed = "warning"',
            ("severity of enum-removed went from error to warning",),
        ),
        ("[services.a]\n[services.b]", "[services.a]", ("services no longer has `b`",)),
        ("[services.a]\nexternal = true", "[services.a]", ("service a is no longer external",)),
        (
            '[services.a]\nconsumes = ["x.Y", "x.Z"]',
            '[services.a]\nconsumes = ["x.Y"]',
            ("service a no longer consumes `x.Z`",),
        ),
        ('[services.a]\nconsumes = ["x.Y"]', '[services.a]\nconsumes = ["x.Y", "x.Z"]', ()),
        ("[services.a]", '[services.a]\nconsumes = ["x.Y"]', ()),
        ("discover = true\n[services.a]", "[services.a]", ("discover was switched off",)),
        (
            '[channels.c]\nmessage = "a.B"\nwriters = "x"\nreaders = ["y", "z"]',
            '[channels.c]\nmessage = "a.B"\nwriters = "x"\nreaders = "y"',
            ("channel c no longer has `z`",),
        ),
        (
            '[channels.c]\nmessage = "a.B"\nwriters = "x"\nreaders = "y"',
            '[channels.c]\nmessage = "a.B"\nwriters = "x"\nreaders = "y"\nsince = "live"',
            ("channel c keeps what x wrote for a shorter time",),
        ),
        ('[severity]\nenum-removed = "off"', "", ()),
        ("", '[severity]\nenum-removed = "error"', ()),
    ],
)
def test_a_weaker_configuration_is_told_from_a_stronger_one(
    old: str, new: str, said: tuple[str, ...]
) -> None:
    assert weakenings(parsed(old), parsed(new), NAMES.rules) == said


configs = st.builds(
    Config,
    exclude=st.lists(st.sampled_from(["a/", "!a/b", "*.x"]), unique=True).map(tuple),
    fail_on=st.sampled_from(LEVELS),
    preset=st.sampled_from(PRESETS),
    surfaces=st.none() | st.sets(st.sampled_from(SURFACES), min_size=1).map(tuple),
    severity=st.dictionaries(st.sampled_from(RULES), st.sampled_from(SETTINGS)),
    json_unknown_fields=st.sampled_from(("ignore", "reject")),
)


@given(configs, st.sampled_from(LEVELS))
def test_a_configuration_is_not_weaker_than_itself_and_one_of_two_changes_of_a_level_is(
    config: Config, level: str
) -> None:
    assert weakenings(config, config, NAMES.rules) == ()
    if level != config.fail_on:
        other = replace(config, fail_on=next(one for one in LEVELS if one == level))
        assert bool(weakenings(config, other)) != bool(weakenings(other, config))


@pytest.mark.parametrize("preset", PRESETS)
def test_surfaces_are_weaker_than_a_preset_if_they_lack_one_that_it_gates_on(preset: Preset) -> None:
    judged_by = policy(Config(preset=preset))
    gating = tuple(surface.value for surface in Surface if judged_by.gates(surface, json_evidenced=True))
    assert weakenings(Config(preset=preset), Config(preset=preset, surfaces=gating)) == ()
    for surface in gating:
        fewer = tuple(one for one in gating if one != surface)
        (said,) = weakenings(Config(preset=preset), Config(preset=preset, surfaces=fewer))
        assert surface in said
