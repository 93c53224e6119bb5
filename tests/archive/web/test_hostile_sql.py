"""SQL of hostile readers, sent to a real server: it is refused or ended, the server and the
reading pages go on; the SQL of our guides is answered."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

pytest.importorskip("datasette")
from browser import free_port, served

from archive.web.query_process import DATA_BYTES
from tests.archive_of_posts import Row, make_archive

ROOT = Path(__file__).resolve().parents[3]
LIMIT_MS = 500
ENDLESS = "with recursive t(x) as (select 1 union all select x + 1 from t) select count(*) from t"
DEAF = "select printf('%.*c', 1000000000, 'x')"
"""One call that takes ten seconds, in which SQLite looks at no limit."""
_COMMANDS = re.compile(r'^(?:sqlite3|sqlite-utils) .*?"(SELECT .*)"[^"\n]*$', re.M)
_BLOCKS = re.compile(r"^```sql\n(.*?);\n```", re.M | re.S)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "u.db"
    rows = [Row(text=f"第{number}楼，收音机 极速退" * 20) for number in range(300)]
    make_archive(path, rows).close()
    return path


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[httpx.Client]:
    """A plain Datasette of the archive, with a short time limit."""
    port = free_port()
    command = [sys.executable, "-m", "datasette", str(path), "--port", str(port)]
    command += ["--setting", "sql_time_limit_ms", str(LIMIT_MS)]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
            _wait_for(client, server)
            yield client
            assert server.poll() is None, "the server ended"
    finally:
        server.terminate()
        server.wait(60)


def _wait_for(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None
        try:
            client.get("/f/1")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


def asked(site: httpx.Client, sql: str, **params: str) -> httpx.Response:
    """The answer to a statement, once the server was seen to go on after it."""
    answer = site.get("/u.json", params={"sql": sql, **params})
    assert site.get("/f/1").status_code == 200
    return answer


@pytest.mark.parametrize(
    "sql",
    [
        "select fts3_tokenizer('simple', x'4141414141414141')",
        "select fts3_tokenizer('simple', :p)",
        "select FTS3_Tokenizer('simple')",
        "select 1 where fts3_tokenizer('porter', zeroblob(8)) is not null",
        "select count(*) from fts3tokenize where input = 'a'",
        "select * from (select * from fts3tokenize('porter'))",
        "select load_extension('/lib/x86_64-linux-gnu/libc.so.6')",
        "select fts5(:p)",
        "select rtreecheck('posts')",
        "select sqlite_log(1, 'x')",
        "select optimize(posts_fts) from posts_fts",
        "select * from sqlite_stmt",
        "select * from dbstat",
        "select * from pragma_compile_options",
        "select * from pragma_hard_heap_limit",
        "with x as (select 1) delete from posts",
        "with x as (select 1) update sqlite_master set sql = ''",
    ],
)
def test_what_readers_may_not_do_is_refused(site: httpx.Client, sql: str) -> None:
    for _ in range(2):
        answer = asked(site, sql, p="AAAAAAAA")
        assert answer.status_code == 400, answer.text[:300]
        assert "error" in answer.json()


@pytest.mark.parametrize(
    "condition",
    ["fts3_tokenizer('simple') = 1", "1 = (select count(*) from fts3tokenize)"],
)
@pytest.mark.parametrize("shape", ["", ".json"])
def test_conditions_on_tables_are_sql_too(
    site: httpx.Client, condition: str, shape: str
) -> None:
    answer = site.get(f"/u/posts{shape}", params={"_where": condition})
    assert answer.status_code == 400
    assert site.get("/u/posts.json").status_code == 200


@pytest.mark.parametrize("route", ["/~75.json", "/~75", "/%75.json"])
def test_no_way_of_writing_an_address_leads_around(
    site: httpx.Client, route: str
) -> None:
    params = {"sql": "select fts3_tokenizer('simple', x'4141414141414141')"}
    answer = site.get(route, params=params, follow_redirects=True)
    assert answer.status_code in (400, 404)
    assert site.get("/f/1").status_code == 200


@pytest.mark.parametrize(
    "sql",
    [
        "select hex(zeroblob(1e8)) from posts limit 20",
        "select group_concat(hex(text)) from posts, (select 1 from posts)",
        "select replace(hex(zeroblob(5e6)), '0', '00000000') from posts",
        "select hex(zeroblob(1e7)) from posts",
        "select x from (select hex(zeroblob(1e6)) || random() as x from posts, boards) "
        "order by x",
        "select json_group_array(hex(zeroblob(1e5))) from posts, (select 1 from posts)",
        f"select {'(' * 900}1{')' * 900}",
        f"select {' + '.join(['1'] * 5000)}",
        " union all ".join(["select 1"] * 400),
        f"select {', '.join(['1'] * 1500)}",
        f"select '{'x' * 9_000}' like '{'%x' * 2_000}'",
    ],
)
def test_what_is_too_large_is_ended(site: httpx.Client, sql: str, path: Path) -> None:
    answer = asked(site, sql)
    assert answer.status_code in (400, 414, 500, 503), answer.text[:300]
    assert len(answer.content) < DATA_BYTES
    assert site.get("/u/boards.json").status_code == 200


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        DEAF,
        "select sum(instr(h, n)) from (select replace(hex(zeroblob(4e6)), '00', 'aa') h,"
        " replace(hex(zeroblob(2e6)), '00', 'aa') || 'b' n)",
        "select count(*) from posts a, posts b, posts c, posts d, posts e, posts f "
        "where a.text like b.text",
        "/*" * 5_000 + "select 1",
    ],
    ids=["endless", "printf", "instr", "join", "comments"],
)
def test_what_takes_too_long_is_ended(site: httpx.Client, sql: str) -> None:
    answer = asked(site, sql)
    assert answer.status_code in (400, 414, 503), answer.text[:300]
    assert asked(site, "select 1").json()["rows"] == [[1]]


@pytest.mark.parametrize(
    "address",
    [
        "/u.json?sql=" + ENDLESS.replace("+", "%2B"),
        "/u?sql=" + DEAF.replace("%", "%25"),
        "/u/posts?_where=1=length((" + DEAF.replace("%", "%25") + "))",
        "/u?sql=select * from post_list limit 300",
    ],
    ids=["endless", "printf", "where", "wide"],
)
def test_a_hundred_at_once_leave_the_reading_pages(
    site: httpx.Client, address: str
) -> None:
    with ThreadPoolExecutor(100) as readers:
        slow = [
            readers.submit(site.get, f"{address}&n={number}") for number in range(100)
        ]
        pages = ("/f/1", "/f/1/thread/1", "/search?q=收音机", "/u/boards")
        statuses = [site.get(page).status_code for page in pages]
        unanswered = [each for each in slow if not each.done()]
        # nobody reads only after the queries
        assert len(unanswered) > 50
        assert statuses == [200] * len(pages)
        answers = {each.result().status_code for each in slow}
    assert answers <= {200, 400, 503}


def _statements() -> list[str]:
    """The SQL of our guides."""
    guides = [ROOT / "README.md", *ROOT.glob("archive/**/README.md")]
    found = []
    for guide in guides:
        text = guide.read_text("utf-8")
        found += [command.replace('\\"', '"') for command in _COMMANDS.findall(text)]
        found += _BLOCKS.findall(text)
    return found


def test_the_guides_have_sql() -> None:
    assert len(_statements()) >= 6


@pytest.mark.parametrize("sql", _statements())
def test_the_sql_of_our_guides_is_answered(site: httpx.Client, sql: str) -> None:
    answer = asked(site, sql)
    assert (answer.status_code, answer.json().get("error")) == (200, None)


@pytest.mark.parametrize(
    "sql",
    [
        "select dz_snippet(text, '收音机') from posts limit 1",
        "select count(*) from posts_fts where posts_fts match dz_match('收音機')",
        "select dz_fold('收音機')",
        "select author, rank() over (order by count(*)) from posts group by 1",
        "select strftime('%Y', posted_at), group_concat(floor) from posts group by 1",
        "select value from json_each('[1, 2]')",
        "select name from pragma_table_info('posts')",
        "explain query plan select * from posts where id = 1",
        "select text ->> '$.a' from (select '{\"a\": 1}' as text)",
    ],
)
def test_what_researchers_ask_is_answered(site: httpx.Client, sql: str) -> None:
    answer = asked(site, sql)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.json()["rows"]


@pytest.mark.parametrize(
    "address",
    [
        "/u/posts?_facet=author&_search=收音机",
        "/u/posts?text__contains=收音机&_sort_desc=posted_at",
        "/u/posts.csv?_stream=1",
        "/u/post_list?_facet_date=posted_at",
        "/u/posts.json?_facet=author&_facet_size=3",
        "/u/threads?_labels=on",
        "/u/posts/1",
        "/u/search?q=收音机",
    ],
)
def test_the_tables_are_there_as_before(site: httpx.Client, address: str) -> None:
    answer = site.get(address)
    assert answer.status_code == 200, answer.text[:300]
    assert len(answer.text) > 100


def test_the_shared_case_ends_no_server(shared: Path, path: Path) -> None:
    lines = (shared / "cases/hostile/sql-box-crash/crash.sh").read_text("utf-8")
    addresses = re.findall(r'http://127\.0\.0\.1:\d+(/[^"\s]+)', lines)
    assert len(addresses) >= 3
    with (
        served(path) as server,
        httpx.Client(base_url=server, timeout=60, trust_env=False) as client,
    ):
        statuses = []
        for address in addresses:
            for turn in range(4):
                asked_for = address.replace("$i", str(turn))
                statuses.append(client.get(asked_for).status_code)
        assert statuses[0] == 200
        assert 400 in statuses
        assert client.get("/f/1").status_code == 200


def test_ctrl_c_ends_it_while_queries_run(path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "datasette", str(path), "--port", str(port)]
    command += ["--setting", "sql_time_limit_ms", "60000"]
    server = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    with (
        httpx.Client(base_url=address, timeout=120, trust_env=False) as client,
        ThreadPoolExecutor(6) as readers,
    ):
        _wait_for(client, server)
        assert client.get("/u.json?sql=select 1").status_code == 200
        slow = [
            readers.submit(client.get, "/u.json", params={"sql": ENDLESS})
            for _ in range(6)
        ]
        # some have begun when this is answered
        assert client.get("/u/boards").status_code == 200
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(120) == 0
        answers = [each.exception() or each.result() for each in slow]
    for answer in answers:
        is_refused = isinstance(answer, httpx.Response) and answer.status_code == 503
        assert is_refused or isinstance(answer, httpx.TransportError)
