"""`check --witness` and `explain FINGERPRINT`, as a user runs them."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from program import GROWN, RETYPED, SERVED, check, compatcheck, refused
from repositories import Repository

ITEMS = "proto/shop/v1/items.proto"


def test_a_check_shows_what_happens_only_if_asked(shop: Repository) -> None:
    shop.write({ITEMS: RETYPED})
    assert "witness" not in check(shop, "--against", "HEAD").out
    ended = check(shop, "--against", "HEAD", "--witness")
    assert ended.code == 1
    assert "witness: dropped on the wire: an old writer sends shop.v1.Item to a new reader" in ended.out
    assert "written: price: 1" in ended.out
    assert "sent:    10 01 (2 bytes)" in ended.out
    assert "read:    2: 1" in ended.out


def test_a_note_shows_it_too(shop: Repository) -> None:
    shop.write({ITEMS: GROWN})
    ended = check(shop, "--against", "HEAD", "--witness")
    assert ended.code == 0
    assert 'written: note: "a"' in ended.out and 'read:    3: "a"' in ended.out


def test_a_document_has_witnesses_only_if_asked(shop: Repository) -> None:
    shop.write({ITEMS: RETYPED})
    (without,) = check(shop, "--against", "HEAD", "--format", "json").findings
    assert without["witness"] is None
    (finding,) = check(shop, "--against", "HEAD", "--witness", "--format", "json").findings
    witness = cast(dict[str, object], finding["witness"])
    assert (witness["written"], witness["data"], witness["read"]) == ("price: 1", "1001", "2: 1")


def test_the_output_is_the_same_on_every_run(shop: Repository) -> None:
    shop.write({ITEMS: RETYPED})
    runs = {
        check(shop, "--against", "HEAD", "--witness", env={"PYTHONHASHSEED": seed}).out for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_a_fingerprint_explains_its_finding(shop: Repository) -> None:
    shop.write({ITEMS: RETYPED})
    (finding,) = check(shop, "--against", "HEAD", "--format", "json").findings
    ended = compatcheck("explain", str(finding["fingerprint"]), "--against", "HEAD", cwd=shop.path)
    assert ended.code == 0
    assert ended.out.startswith("error[field-type-changed]: shop.v1.Item.price: ")
    assert "backward wire: dropped" in ended.out and "forward json: rejected" in ended.out
    assert "shop.v1.Items.Get (response" in ended.out
    assert "written: price: 1" in ended.out


def test_a_fingerprint_is_looked_for_where_the_check_looked(shop: Repository) -> None:
    shop.write({ITEMS: RETYPED})
    shop.git("add", ".")
    (finding,) = check(shop, "--staged", "--format", "json").findings
    shop.write({ITEMS: SERVED})
    print_ = str(finding["fingerprint"])
    assert compatcheck("explain", print_, "--staged", cwd=shop.path).code == 0
    refused(compatcheck("explain", print_, "--against", "HEAD", cwd=shop.path), print_)


def test_what_is_neither_rule_nor_finding_is_told_in_a_line(shop: Repository, tmp_path: Path) -> None:
    unknown = compatcheck("explain", "0123456789abcdef", "--against", "HEAD", cwd=shop.path)
    refused(unknown, "no finding has the fingerprint 0123456789abcdef")
    refused(compatcheck("explain", "0123", cwd=tmp_path), "0123")
    refused(compatcheck("explain", "field-removed", "HEAD", cwd=shop.path), "field-removed")
