"""Addresses: every form there is, and the laws of reading and writing them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.addresses.urls import (
    Target,
    View,
    absolute,
    base_of,
    canonical,
    parse_url,
    pid_of,
)

THREAD = Target("thread", 24)
BOARD = Target("board", 12)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        # X
        ("forum.php?mod=viewthread&tid=24", THREAD),
        ("forum.php?mod=viewthread&tid=24&page=3", Target("thread", 24, 3)),
        ("forum.php?mod=viewthread&amp;tid=24&amp;extra=page%3D2", THREAD),
        ("forum.php?mod=viewthread&amp;amp;tid=24&highlight=%D6%D0&fromuid=3", THREAD),
        ("forum.php?tid=24&mod=viewthread&page=0", THREAD),
        (
            "forum.php?mod=viewthread&tid=24&page=2&authorid=7",
            Target("thread", 24, 2, uid=7),
        ),
        (
            "forum.php?mod=viewthread&tid=24&ordertype=1",
            Target("thread", 24, descending=True),
        ),
        ("forum.php?mod=viewthread&tid=24&ordertype=2", THREAD),
        (
            "forum.php?mod=viewthread&tid=24&viewpid=9&inajax=1",
            Target("thread", 24, filter="inajax=1&viewpid=9"),
        ),
        ("forum.php?mod=viewthread&tid=24&cp=2", Target("thread", 24, filter="cp=2")),
        ("forum.php?mod=viewthread&tid=24&from=album", THREAD),
        (
            "forum.php?mod=viewthread&action=printable&tid=24",
            Target("thread", 24, view="print"),
        ),
        (
            "forum.php?mod=viewthread&tid=24&mobile=2",
            Target("thread", 24, view="touch"),
        ),
        (
            "forum.php?mod=viewthread&tid=24&mobile=yes&page=2",
            Target("thread", 24, 2, "mobile"),
        ),
        (
            "forum.php?mod=viewthread&tid=24&mobile=no&page=2&mobile=2",
            Target("thread", 24, 2, "touch"),
        ),
        ("forum.php?mod=viewthread&tid=24&mobile=no", THREAD),
        ("forum.php?mod=forumdisplay&fid=12", BOARD),
        (
            "forum.php?mod=forumdisplay&fid=12&&amp;mobile=2",
            Target("board", 12, view="touch"),
        ),
        ("forum.php?mod=forumdisplay&fid=the_end", Target("board", name="the_end")),
        (
            "forum.php?mod=forumdisplay&fid=12&page=2&filter=typeid&typeid=7",
            Target("board", 12, 2, filter="filter=typeid&typeid=7"),
        ),
        (
            "forum.php?mod=forumdisplay&fid=12&typeid=7&filter=typeid",
            Target("board", 12, filter="filter=typeid&typeid=7"),
        ),
        ("forum.php?mod=group&fid=12", BOARD),
        ("forum.php", Target("index")),
        ("forum.php?mobile=yes", Target("index", view="mobile")),
        ("forum.php?archiver=1", Target("index", view="archiver")),
        ("forum.php?gid=4", Target("category", 4)),
        (
            "forum.php?mod=redirect&goto=findpost&ptid=24&pid=99",
            Target("post", 99, tid=24),
        ),
        ("forum.php?mod=redirect&goto=findpost&pid=99", Target("post", 99)),
        (
            "forum.php?mod=redirect&tid=24&goto=lastpost#lastpost",
            Target("thread", 24, last=True),
        ),
        (
            "forum.php?mod=redirect&goto=nextnewset&tid=24",
            Target("other", name="forum.php?mod=redirect&goto=nextnewset"),
        ),
        ("forum.php?mod=rss", Target("feed")),
        ("forum.php?mod=rss&fid=12&auth=0", Target("feed", 12)),
        ("forum.php?mod=attachment&aid=MXxhYmNkMTIzfDB8MHwy", Target("attachment", 1)),
        (
            "forum.php?mod=attachment&aid=MTIzfGFi%3D%3D&nothumb=yes",
            Target("attachment", 123),
        ),
        ("forum.php?mod=image&aid=5&size=300x300", Target("attachment", 5)),
        (
            "data/attachment/forum/201301/12/0a.jpg",
            Target("attachment", name="data/attachment/forum/201301/12/0a.jpg"),
        ),
        (
            "forum.php?mod=misc&action=viewratings&tid=24&pid=99&inajax=1",
            Target("ratings", 99, tid=24),
        ),
        (
            "forum.php?mod=misc&action=commentmore&tid=24&pid=99&page=2",
            Target("comments", 99, 2, tid=24),
        ),
        (
            "forum.php?mod=post&action=reply&fid=12&tid=24",
            Target("other", name="forum.php?mod=post&action=reply"),
        ),
        (
            "member.php?mod=logging&action=login",
            Target("other", name="member.php?mod=logging&action=login"),
        ),
        ("home.php?mod=space&uid=7", Target("user", 7)),
        (
            "home.php?mod=space&uid=7&do=profile&mobile=2",
            Target("user", 7, view="touch"),
        ),
        (
            "home.php?mod=space&uid=7&do=thread&view=me&from=space",
            Target("user", 7, filter="do=thread&from=space&view=me"),
        ),
        ("home.php?mod=space&username=%E5%B0%8F%E6%98%8E", Target("user", name="小明")),
        ("home.php?mod=space&do=pm", Target("other", name="home.php?mod=space&do=pm")),
        ("?12", Target("user", 12)),
        # rewritten
        ("thread-24-1-1.html", THREAD),
        ("thread-24-3-2.html", Target("thread", 24, 3)),
        ("thread-24.html", THREAD),
        ("thread-24-3-2.html?mobile=2", Target("thread", 24, 3, "touch")),
        ("thread18533-3.html", Target("thread", 18533, 3)),
        ("t123-1-1", Target("thread", 123)),
        ("thread/24/3", Target("thread", 24, 3)),
        ("forum-12-2.html", Target("board", 12, 2)),
        ("forum-the_end-1.html", Target("board", name="the_end")),
        ("group-12-1.html", BOARD),
        ("space-uid-7.html", Target("user", 7)),
        ("space-7.html", Target("user", 7)),
        ("profile-uid-7.html", Target("user", 7)),
        ("space-username-%D0%A1%C3%F7.html", Target("user", name="小明")),
        ("space-username-admin.html", Target("user", name="admin")),
        # 6.0 to 7.2
        ("viewthread.php?tid=24&extra=&page=3", Target("thread", 24, 3)),
        (
            "viewthread.php?action=printable&amp;tid=24",
            Target("thread", 24, view="print"),
        ),
        ("forumdisplay.php?fid=12&page=2", Target("board", 12, 2)),
        (
            "forumdisplay.php?fid=12&filter=&orderby=heats",
            Target("board", 12, filter="orderby=heats"),
        ),
        ("index.php?gid=4", Target("category", 4)),
        ("redirect.php?goto=findpost&pid=99&ptid=24", Target("post", 99, tid=24)),
        ("redirect.php?tid=24&goto=lastpost#lastpost", Target("thread", 24, last=True)),
        ("space.php?action=viewpro&uid=7", Target("user", 7)),
        ("viewpro.php?uid=7", Target("user", 7)),
        ("rss.php?fid=12&auth=0", Target("feed", 12)),
        ("attachment.php?aid=5&nothumb=yes", Target("attachment", 5)),
        (
            "attachments/month_1001/a.jpg",
            Target("attachment", name="attachments/month_1001/a.jpg"),
        ),
        ("misc.php?action=viewratings&tid=24&pid=99", Target("ratings", 99, tid=24)),
        (
            "wap/index.php?action=thread&tid=24&page=2&sid=BgujHJ",
            Target("thread", 24, 2, "wap"),
        ),
        ("wap/", Target("index", view="wap")),
        # archiver and the JSON interface
        ("archiver/", Target("index", view="archiver")),
        ("archiver/?tid-24.html", Target("thread", 24, view="archiver")),
        ("archiver/?tid-24.html&page=2", Target("thread", 24, 2, "archiver")),
        ("archiver/?tid-24-page-2.html", Target("thread", 24, 2, "archiver")),
        ("archiver/tid-24.html", Target("thread", 24, view="archiver")),
        ("archiver/tid-24-page-2.html", Target("thread", 24, 2, "archiver")),
        ("archiver/tid-24.html?page=2", Target("thread", 24, 2, "archiver")),
        ("archiver/index.php?fid-12.html", Target("board", 12, view="archiver")),
        ("?tid-24.html&amp;page=2", Target("thread", 24, 2, "archiver")),
        (
            "api/mobile/index.php?version=4&module=viewthread&tid=24&page=2",
            Target("thread", 24, 2, "api"),
        ),
        ("api/mobile/?module=forumindex", Target("index", view="api")),
        ("api/mobile/index.php?module=profile&uid=7", Target("user", 7, view="api")),
    ],
)
def test_forms(address: str, target: Target) -> None:
    assert parse_url(address) == target
    for base in (
        "http://example.com/",
        "https://EXAMPLE.com:8080/bbs/",
        "//example.com/",
    ):
        assert parse_url(base + address) == target
        if "://" in base:
            assert base_of(base + address) == base.lower()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "http://example.com/",
        "https://a.b/bbs/",
        "./",
        "/",
        "/bbs/x/",
        "../../bbs/x/",
        "http://example.com/mobile/",
    ],
)
def test_front_pages(address: str) -> None:
    assert parse_url(address) == Target("index")


def test_a_query_that_only_looks_like_the_archivers_is_passed_over() -> None:
    assert parse_url("thread-5-1-1.html?aid-3") == Target("thread", 5)
    assert parse_url("a.html?tid-5.html") == Target("thread", 5, view="archiver")


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("http://a/bbs/forum.php#/x/y", "http://a/bbs/"),
        ("http://a/bbs/forum.php?url=http://b/c/", "http://a/bbs/"),
        ("bbs/forum.php", "bbs/"),
        ("forum.php", ""),
        ("HTTP://A.B/Bbs/thread-1-1-1.html", "http://a.b/Bbs/"),
    ],
)
def test_a_forum_lies_above_its_pages(address: str, base: str) -> None:
    assert base_of(address) == base


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#",
        "#pid3",
        "javascript:;",
        "mailto:a@b.c",
        "thunder://abc",
        "http://example.com/a.php",
        "static/js/common.js",
        "\udcff.html",
        "t1/a",
        "http://example.com/2013/01/12/",
        "https://example.com/about.html",
        "ftp://example.com/forum.php",
        "t-shirt.html",
    ],
)
def test_other_addresses_are_none(address: str) -> None:
    assert parse_url(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "forum.php?mod=viewthread&tid=",
        "forum.php?mod=viewthread&tid=0",
        "viewthread.php?tid=99999999999999999999",
        "thread-0-1-1.html",
    ],
)
def test_a_thread_without_a_number_is_no_thread(address: str) -> None:
    assert parse_url(address) == Target("other", name="forum.php?mod=viewthread")


def test_names_are_in_the_charset_of_the_page() -> None:
    assert parse_url("space-username-%A4%A4.html", "big5") == Target("user", name="中")
    assert (
        canonical(Target("user", name="小明"), "", charset="gbk")
        == "home.php?mod=space&username=%D0%A1%C3%F7"
    )


@pytest.mark.parametrize("charset", ["", "gbk", "idna", "undefined", "hex", "a\0", "?"])
def test_a_name_is_read_whatever_charset_a_page_claims(charset: str) -> None:
    address = "space-username-%D0%A1%C3%F7..html"
    assert parse_url(address, charset) == Target("user", name="小明.")


def test_partial_pages() -> None:
    assert not THREAD.partial
    assert Target("thread", 24, uid=7).filtered
    assert Target("board", 12, filter="filter=digest").filtered
    order = Target("thread", 24, descending=True)
    assert order.partial
    assert not order.filtered


@pytest.mark.parametrize(
    ("link", "pid"),
    [
        ("forum.php?mod=redirect&amp;goto=findpost&amp;pid=99&amp;ptid=24", 99),
        ("thread-1-1-1.html#pid99", 99),
        ("viewthread.php?tid=1#post_99", 99),
        ("forum.php?mod=viewthread&tid=1&viewpid=9", None),
        ("redirect.php?ptid=9", None),
        ("", None),
    ],
)
def test_post_of_a_link(link: str, pid: int | None) -> None:
    assert pid_of(link) == pid


@pytest.mark.parametrize(
    ("page", "href", "address"),
    [
        (
            "http://a/bbs/archiver/?tid-1.html",
            "?tid-1.html&amp;page=2",
            "http://a/bbs/archiver/?tid-1.html&page=2",
        ),
        ("http://a/bbs/archiver/", "../forum.php", "http://a/bbs/forum.php"),
        ("http://a/bbs/x", "//b/c", "http://b/c"),
        ("http://a/", "http://[", "http://["),
        ("http://a/", "//[", "//["),
    ],
)
def test_links_become_absolute(page: str, href: str, address: str) -> None:
    assert absolute(page, href) == address


numbers = st.integers(1, 10**18 - 1)
optional = st.none() | numbers
pages = st.integers(1, 10**6)
names = st.text(min_size=1, max_size=15).filter(lambda name: name.isprintable())
words = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
handhelds = st.sampled_from(["desktop", "touch", "mobile", "wap"])
bases = st.sampled_from(
    [
        "",
        "http://example.com/",
        "https://example.com/bbs/",
        "https://example.com:8443/a/b/",
    ]
)
styles = st.sampled_from(["x", "classic"])
threads = st.builds(
    Target,
    st.just("thread"),
    numbers,
    pages,
    st.sampled_from(["desktop", "touch", "mobile", "print"]),
    uid=optional,
    descending=st.booleans(),
    filter=st.sampled_from(["", "cp=2", "inajax=1&viewpid=9"]),
)
views: st.SearchStrategy[View] = st.sampled_from(get_args(View))
targets = st.one_of(
    threads,
    st.builds(
        Target,
        st.just("thread"),
        numbers,
        pages,
        st.sampled_from(["archiver", "wap", "api"]),
    ),
    st.builds(
        Target,
        st.just("thread"),
        numbers,
        view=st.sampled_from(["desktop", "touch"]),
        last=st.just(True),
    ),
    st.builds(
        Target,
        st.just("board"),
        numbers,
        pages,
        views.filter(lambda view: view != "print"),
    ),
    st.builds(
        Target,
        st.just("board"),
        numbers,
        pages,
        filter=st.sampled_from(["filter=digest", "orderby=views"]),
    ),
    st.builds(
        Target,
        st.just("board"),
        page=pages,
        view=st.sampled_from(["desktop", "touch"]),
        name=words,
    ),
    st.builds(
        Target, st.just("index"), view=views.filter(lambda view: view != "print")
    ),
    st.builds(
        Target,
        st.just("category"),
        numbers,
        view=st.sampled_from(["desktop", "touch", "mobile"]),
    ),
    st.builds(Target, st.just("post"), numbers, tid=optional),
    st.builds(
        Target,
        st.just("user"),
        numbers,
        view=st.sampled_from(["desktop", "touch", "api"]),
    ),
    st.builds(
        Target,
        st.just("user"),
        name=names,
        filter=st.sampled_from(["", "do=thread&view=me"]),
    ),
    st.builds(Target, st.just("feed"), optional),
    st.builds(Target, st.just("attachment"), numbers),
    st.builds(
        Target,
        st.just("attachment"),
        name=words.map("data/attachment/forum/{}.jpg".format),
    ),
    st.builds(Target, st.just("ratings"), numbers, tid=optional),
    st.builds(
        Target,
        st.just("comments"),
        numbers,
        pages,
        st.sampled_from(["desktop", "api"]),
        tid=optional,
    ),
    st.builds(
        Target,
        st.just("other"),
        name=st.sampled_from(["misc.php?mod=tag", "search.php", "my.php"]),
    ),
)


@given(target=targets, base=bases, style=styles)
def test_canonical_addresses_come_back(
    target: Target, base: str, style: Literal["x", "classic"]
) -> None:
    address = canonical(target, base, style)
    assert parse_url(address) == target
    assert base_of(address) == base
    assert address.count("?") <= 1
    assert canonical(target, base, style) == address


@given(target=targets, base=bases, data=st.data())
def test_spellings_of_one_page_are_one_target(
    target: Target, base: str, data: st.DataObject
) -> None:
    path, mark, query = canonical(target, base).partition("?")
    noise = ["extra=page%3D1", "fromuid=3", "highlight=%D6%D0", "sid=AbC", "rw=1"]
    first, *rest = query.split("&")
    ordered = [first] if first.startswith(("tid-", "fid-")) else []
    others = (
        ([] if ordered or not mark else [first])
        + rest
        + data.draw(st.lists(st.sampled_from(noise), unique=True))
    )
    pairs = ordered + data.draw(st.permutations(others))
    joined = data.draw(st.sampled_from(["&", "&amp;"])).join(pairs)
    spelled = f"{path}?{joined}" if pairs else path
    spelled = spelled.replace(
        "example.com",
        data.draw(st.sampled_from(["example.com", "Example.COM", "127.0.0.1"])),
    )
    assert (
        parse_url(
            spelled + data.draw(st.sampled_from(["", "#", "#pid123", "#lastpost"]))
        )
        == target
    )
    assert parse_url(f" {spelled}\n") == target


@given(
    address=st.text() | st.text("thread-forum/.?&=%;:#_tidpage0129[]@\n", max_size=60),
    base=st.text(max_size=20),
)
@example("space-username-\udcff%D6.html", "")
@example("forum.php?mod=attachment&aid=\udcff", "\udcff")
def test_garbage_is_read_as_something_or_none(address: str, base: str) -> None:
    parse_url(address)
    base_of(address)
    pid_of(address)
    absolute(base, address)


def test_the_shared_pages(shared: Path) -> None:
    """Every address captured and every link in the pages comes back from its canonical form."""
    for path in sorted(shared.glob("pages/*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(
                stream, record_types=WarcRecordType.response, parse_http=True
            ):
                url = record.headers["WARC-Target-URI"]
                links = re.findall(rb'href="([^"]{1,300})"', record.reader.read())
                for link in [
                    url,
                    *(absolute(url, link.decode("latin-1")) for link in links),
                ]:
                    target = parse_url(link)
                    if target:
                        assert parse_url(canonical(target, base_of(link))) == target, (
                            link
                        )
                        assert (
                            parse_url(canonical(target, base_of(link), "classic"))
                            == target
                        ), link
