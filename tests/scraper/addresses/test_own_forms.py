"""Forms of addresses that owners made up: what proves one, what does not, and how they are
read and written then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.addresses.form_learning import learn
from scraper.addresses.kept_pairs import worth_keeping
from scraper.addresses.link_reader import own_forms_read
from scraper.addresses.own_forms import NO_FORMS, OwnForms
from scraper.addresses.target import Target
from scraper.addresses.urls import base_of, parse_url
from scraper.core.site import AddressPair, LinkKind

HOST = "bbs.example.net"


def pairs(
    kind: LinkKind, form: str, *numbers: int, pages: tuple[int, ...] = (1,)
) -> list[AddressPair]:
    """Links of a form beside their numbers, each of some pages."""
    return [
        AddressPair(kind, form.format(id=number, page=page), number, page)
        for number in numbers
        for page in pages
    ]


def forms(*groups: list[AddressPair]) -> OwnForms:
    found = [pair for group in groups for pair in group]
    return learn(tuple(found), HOST)


@pytest.mark.parametrize(
    "form",
    [
        "w{id}-{page}",
        "read-htm-tid-{id}-page-{page}.html",
        "topic/{id}/page/{page}",
        "bbs/topic_{id}_p{page}.htm",
        "read.php?tid-{id}-page-{page}",
        "index.php/view/{page}/{id}.aspx",
    ],
)
def test_a_form_is_learned_read_and_written(form: str) -> None:
    learned = forms(pairs("thread", form, 5, 81, 1200, pages=(1, 2)))
    address = form.format(id=77, page=3)
    assert learned.target(address) == Target("thread", 77, 3)
    assert learned.target(f"/{address}") == Target("thread", 77, 3)
    assert learned.target(f"https://www.{HOST}/{address}#pid9") == Target(
        "thread", 77, 3
    )
    assert learned.address("thread", 77, 3) == address


@pytest.mark.parametrize(
    ("kind", "form", "target"),
    [
        ("board", "bk{id}", Target("board", 77)),
        ("user", "suid-{id}", Target("user", 77)),
        ("user", "u/{id}", Target("user", 77)),
        ("post", "p{id}", Target("post", 77)),
        ("last", "w{id}-last", Target("thread", 77, last=True)),
        ("category", "part-{id}", Target("category", 77)),
        ("tag", "tag/{id}", Target("other", 77, name="misc.php?mod=tag")),
    ],
)
def test_kinds(kind: LinkKind, form: str, target: Target) -> None:
    learned = forms(pairs(kind, form, 5, 81, 1200))
    assert learned.target(form.format(id=77)) == target


@pytest.mark.parametrize(
    "found",
    [
        pairs("thread", "w{id}", 5),
        pairs("thread", "w{id}", 5, 8),
        pairs("thread", "w{id}-{page}", 123456, pages=(1, 2, 3)),
        pairs("thread", "w{id}-{id}", 5, 81, 1200),
        [
            *pairs("thread", "w{id}", 5, 81, 1200),
            AddressPair("thread", "w9", 6, 1),
        ],
        [AddressPair("board", "bk2-1", None, 1, "茶摊")],
        [
            AddressPair("board", "bk2-7", None, 1, "茶摊"),
            AddressPair("board", "bk3-8", None, 1, "公告栏"),
        ],
        [
            AddressPair("board", "bk2", None, 1, "茶摊"),
            AddressPair("board", "bk3", None, 1, "茶摊"),
        ],
        [
            *pairs("thread", "x{id}", 5, 81, 1200),
            *pairs("board", "x{id}", 5, 81, 1200),
        ],
        [AddressPair("board", "tea", 2, 1), AddressPair("board", "news", 3, 1)],
    ],
    ids=[
        "one",
        "two of one digit",
        "one thread, many pages",
        "two numbers agree",
        "one in four disagrees",
        "one by its place",
        "two numbers vary",
        "one name, two numbers",
        "two kinds of one shape",
        "no numbers",
    ],
)
def test_what_chance_may_have_made_proves_nothing(found: list[AddressPair]) -> None:
    assert learn(tuple(found), HOST).forms == ()


@pytest.mark.parametrize(
    "found",
    [
        pairs("thread", "w{id}", 51, 81),
        pairs("thread", "w{id}-{page}", 5, 8, pages=(1, 2)),
        [
            *pairs("thread", "w{id}", 5, 81, 82, 1200),
            AddressPair("thread", "w9", 6, 1),
        ],
        [
            *pairs("thread", "w{id}", 5, 81, 1200),
            *pairs("last", "w{id}", 5, 81, 1200),
        ],
    ],
    ids=["two of two digits", "two, with pages", "a moved one", "its last page"],
)
def test_what_is_enough(found: list[AddressPair]) -> None:
    learned = learn(tuple(found), HOST)
    address = found[0].address.replace(str(found[0].number), "77")
    assert learned.target(address) == Target("thread", 77)


def test_places_tell_boards_apart_by_their_names() -> None:
    names = {2: "茶摊", 3: "公告栏", 16: "修理铺"}
    found = [
        AddressPair("board", f"bk{fid}-1", None, 1, name) for fid, name in names.items()
    ]
    learned = learn(tuple(found), HOST)
    assert learned.target("bk7-1") == Target("board", 7)
    # a further page was not seen: what its number is may be anything
    assert learned.target("bk7-2") is None
    more = pairs("board", "bk{id}-{page}", 2, pages=(2, 3))
    assert learn((*found, *more), HOST).target("bk7-2") == Target("board", 7, 2)


def test_a_form_of_further_pages_alone() -> None:
    learned = forms(
        pairs("thread", "topic_{id}.htm", 5, 81, 1200),
        pairs("thread", "topic_{id}_p{page}.htm", 81, pages=(2, 3)),
    )
    assert learned.target("topic_7_p4.htm") == Target("thread", 7, 4)
    assert learned.address("thread", 7, 1) == "topic_7.htm"
    assert learned.address("thread", 7, 4) == "topic_7_p4.htm"


def test_a_number_that_varies_may_be_anything_and_is_never_made_up() -> None:
    found = [
        AddressPair("thread", "w5-1-1", 5, 1),
        AddressPair("thread", "w81-1-2", 81, 1),
        AddressPair("thread", "w1200-2-1", 1200, 2),
    ]
    learned = learn(tuple(found), HOST)
    assert learned.target("w77-3-9") == Target("thread", 77, 3)
    assert learned.address("thread", 77, 3) is None


def test_a_form_is_of_its_forum_alone() -> None:
    learned = forms(pairs("thread", "w{id}-{page}", 5, 81, 1200, pages=(1, 2)))
    assert learned.target("https://other.example.net/w77-1") is None
    assert learned.target("https://bbs.example.net.example.org/w77-1") is None
    assert learned.target("xw77-1") is None
    assert learned.target("w77-1.jpg") is None
    assert learned.target("w77-0") is None


def test_a_query_after_the_form_is_read_as_discuz_reads_it() -> None:
    learned = forms(pairs("thread", "w{id}-{page}", 5, 81, 1200, pages=(1, 2)))
    assert learned.target("w77-2?authorid=9") == Target("thread", 77, 2, uid=9)
    assert learned.target("w77-1?mobile=2") == Target("thread", 77, view="touch")


def test_forms_hold_while_a_page_is_read_and_no_longer() -> None:
    learned = forms(
        pairs("thread", "topic/{id}/page/{page}", 5, 81, 1200, pages=(1, 2))
    )
    url = f"https://{HOST}/bbs/topic/7/page/2"
    with own_forms_read(learned, url) as reader:
        assert parse_url(url) == Target("thread", 7, 2)
        assert base_of(url) == f"https://{HOST}/bbs/"
        assert not reader.has_missed
        assert parse_url("somewhere/7") is None
        assert reader.has_missed
    assert parse_url(url) is None


def test_own_forms_go_before_usual_ones_that_misread_them() -> None:
    learned = forms(pairs("board", "t-{id}-{page}", 5, 81, 1200, pages=(1, 2)))
    assert parse_url("t-7-2") == Target("thread", 7, 2)
    with own_forms_read(learned, f"https://{HOST}/"):
        assert parse_url("t-7-2") == Target("board", 7, 2)


def test_other_sites_links_are_not_missed() -> None:
    with own_forms_read(NO_FORMS, f"https://{HOST}/") as reader:
        for url in ("https://weibo.com/u/5", "javascript:;", "#top", "mailto:a@b", ""):
            parse_url(url)
        assert not reader.has_missed


@pytest.mark.parametrize("url", ["cat4", "/bbs/cat4", f"https://{HOST}/bbs/cat4"])
def test_what_is_known_and_proves_nothing_is_no_news(url: str) -> None:
    evidence = frozenset({"cat1", "cat4"})
    with own_forms_read(NO_FORMS, f"https://{HOST}/bbs/", evidence) as reader:
        assert parse_url(url) is None
        assert not reader.has_missed
        assert parse_url(url.replace("4", "5")) is None
        assert reader.has_missed


def test_evidence_is_kept_while_it_tells_more() -> None:
    titles = pairs("thread", "w{id}-{page}", *range(100, 140))
    further = pairs("thread", "w{id}-{page}", *range(100, 140), pages=(2,))
    kept = worth_keeping((), [*titles, *further])
    assert len(kept) < 30
    assert learn(kept, HOST).target("w7-4") == Target("thread", 7, 4)
    assert worth_keeping(kept, [*titles, *further]) == ()


def test_evidence_against_a_form_is_kept() -> None:
    found = tuple(pairs("thread", "w{id}", 51, 81, 1200))
    other = AddressPair("thread", "w9", 6, 1)
    assert worth_keeping(found, [other]) == (other,)


@given(
    st.lists(
        st.builds(
            AddressPair,
            st.sampled_from(["thread", "board", "user", "post", "last"]),
            st.text("a1/-2?.", max_size=12),
            st.none() | st.integers(1, 30),
            st.none() | st.integers(1, 3),
            st.sampled_from(["", "甲", "乙"]),
        ),
        max_size=30,
    )
)
def test_what_was_learned_agrees_with_most_of_its_evidence(
    found: list[AddressPair],
) -> None:
    learned = learn(tuple(found), HOST)
    for form in learned.forms:
        assert form.slots.count("id") == 1
        written = form.address(77, max(form.first_page, 1))
        if written is not None:
            target = form.target(written, "")
            assert target is not None
            assert target.id == 77
