"""Hosts that pages connect stand together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.corpus.hosts import part_of, together

HOSTS = st.sampled_from(["", "a.cn", "b.cn", "c.cn", "d.cn", "e.cn"])


def test_a_forum_that_moved_is_one() -> None:
    pairs = [("old.cn", ""), ("new.cn", "old.cn"), ("other.cn", "other.cn")]
    assert together(pairs) == {
        "old.cn": "new.cn",
        "new.cn": "new.cn",
        "other.cn": "other.cn",
    }


@given(st.lists(st.tuples(HOSTS, HOSTS)))
def test_connected_hosts_have_one_name_and_others_another(
    pairs: list[tuple[str, str]],
) -> None:
    found = together(pairs)
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        ends = {one or other, other or one}
        for end in list(ends):
            ends |= groups.get(end, set())
        for end in ends:
            groups[end] = ends
    assert found == {host: min(group) for host, group in groups.items()}


def test_parts_are_the_same_everywhere() -> None:
    assert part_of("bbs.example.com", 16) == part_of("bbs.example.com", 16)
    assert {part_of(f"bbs{number}.cn", 4) for number in range(100)} == {0, 1, 2, 3}
