"""Every example, judged by buf's category FILE: what only buf finds, each with the reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from checking import FIXTURES, examples, sides, source
from compatcheck.config import Config
from compatcheck.schema.loading.load import load
from differential.test_buf import Case, Judgement, cases, findings_of, violations_of

FILE = '{"version": "v2", "breaking": {"use": ["FILE"]}}'
STRICT = Config(preset="strict")

BUF_IS_TOO_STRICT: dict[str, tuple[Case, ...]] = {
    "the option says what generators do without it": tuple(
        ("ok/language-options-spelled-out", f"FILE_SAME_{option}")
        for option in (
            "CSHARP_NAMESPACE",
            "GO_PACKAGE",
            "JAVA_OUTER_CLASSNAME",
            "JAVA_PACKAGE",
            "PHP_METADATA_NAMESPACE",
            "PHP_NAMESPACE",
            "RUBY_PACKAGE",
            "SWIFT_PREFIX",
        )
    ),
    "in edition 2024 there is a file for each type without the option": (
        ("rules/language-option-changed/by-the-edition", "FILE_SAME_JAVA_MULTIPLE_FILES"),
    ),
    "the code is the same with and without arenas": (
        ("ok/language-options-spelled-out", "FILE_SAME_CC_ENABLE_ARENAS"),
    ),
    "generic services are there now, or there is no service; nothing is gone": (
        ("ok/language-options-spelled-out", "FILE_SAME_CC_GENERIC_SERVICES"),
    ),
    "the code for SPEED and for CODE_SIZE declares the same": (
        ("ok/language-options-spelled-out", "FILE_SAME_OPTIMIZE_FOR"),
        ("ok/options-without-meaning", "FILE_SAME_OPTIMIZE_FOR"),
    ),
    "idempotency_level is in no generated declaration": (
        ("ok/options-without-meaning", "RPC_SAME_IDEMPOTENCY_LEVEL"),
    ),
    "the field is required in both: buf does not count the feature LEGACY_REQUIRED": (
        ("ok/proto2-as-edition", "MESSAGE_SAME_REQUIRED_FIELDS"),
    ),
    "nothing is left in the file that a package could be the package of": (
        ("ok/empty-file", "FILE_SAME_PACKAGE"),
    ),
}

TOLD_OTHERWISE: dict[str, tuple[Case, ...]] = {
    "we point at the new name, buf at the file": (
        ("ok/message-renamed", "ENUM_NO_DELETE"),
        ("ok/message-renamed", "MESSAGE_NO_DELETE"),
        ("ok/recursive-renamed", "MESSAGE_NO_DELETE"),
        ("rules/enum-renamed", "ENUM_NO_DELETE"),
        ("rules/message-renamed", "MESSAGE_NO_DELETE"),
        ("rules/message-renamed/known-in-any", "MESSAGE_NO_DELETE"),
        ("rules/message-renamed/packed-in-any", "MESSAGE_NO_DELETE"),
        ("rules/service-renamed", "SERVICE_NO_DELETE"),
    ),
    "we tell it once for the file, buf for each string": (
        ("ok/proto3-as-edition-2024", "FIELD_SAME_CPP_STRING_TYPE"),
        ("rules/language-option-changed/by-the-edition", "FIELD_SAME_CPP_STRING_TYPE"),
    ),
    "a syntax is a note: what it does to fields, enums and code is told there": (
        ("ok/proto2-as-edition", "FILE_SAME_SYNTAX"),
        ("ok/proto3-as-edition-2024", "FILE_SAME_SYNTAX"),
        ("rules/field-utf8-validation-changed/by-the-syntax", "FILE_SAME_SYNTAX"),
        ("rules/field-utf8-validation-changed/in-a-map", "FILE_SAME_SYNTAX"),
        ("rules/file-syntax-changed", "FILE_SAME_SYNTAX"),
        ("rules/file-syntax-changed/proto2-to-proto3", "FILE_SAME_SYNTAX"),
        ("rules/language-option-changed/by-the-edition", "FILE_SAME_SYNTAX"),
    ),
}

NOT_TOLD: dict[str, tuple[Case, ...]] = {
    "which file declares a type is not compared: it keeps its name": (
        ("ok/empty-messages-moved", "MESSAGE_NO_DELETE"),
        ("ok/moved-between-files", "MESSAGE_NO_DELETE"),
        ("ok/moved-between-files", "SERVICE_NO_DELETE"),
        ("ok/public-import", "MESSAGE_NO_DELETE"),
    ),
}


def judgements() -> list[Judgement]:
    folders = [folder for kind in ("rules", "ok") for folder in examples(kind)]
    loads = [load(*(source(texts) for texts in sides(folder))) for folder in folders]
    with ThreadPoolExecutor(max_workers=2) as pool:
        violations = list(pool.map(lambda loaded: violations_of(loaded, FILE), loads))
    return [
        Judgement(folder.relative_to(FIXTURES).as_posix(), found, findings_of(loaded, STRICT))
        for folder, loaded, found in zip(folders, loads, violations, strict=True)
    ]


def test_what_buf_finds_in_files_we_find_or_say_why_not() -> None:
    # What a file declares is compared, not the file, which may as well be an import that one side does without.
    only_buf = {case for one in judgements() for case in one.unseen() if case[1] != "FILE_NO_DELETE"}
    assert only_buf == cases(BUF_IS_TOO_STRICT) | cases(TOLD_OTHERWISE) | cases(NOT_TOLD)
