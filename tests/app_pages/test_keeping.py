"""What becomes of a report on the pages, by the way the installation is run: who may keep it, who sees it, and what is said."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard import workspace
from dashboard.app_pages.own_report_parts import MOST_ACTIONS
from dashboard.catalog.own_reports import accepted
from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.web import api, instance, server, session
from dashboard.web.instance import Instance, Mode
from dashboard.workspace import User

APP = str(Path(__file__).resolve().parents[2] / "dashboard" / "app.py")
PAGES = [
    "overview",
    "explore",
    "figure",
    "statements",
    "check",
    "bring",
    "sources",
    "search",
    "reporter",
    "country",
    "changes",
    "definitions",
]
ANN, BOB, CHIEF = User("1", "Ann"), User("2", "Bob"), User("3", "Chief", is_admin=True)


@pytest.fixture
def store(monkeypatch, tmp_path) -> workspace.Workspace:
    """A workspace of the test's own, which the pages use."""
    own = workspace.Workspace(tmp_path)
    monkeypatch.setattr(session, "store", lambda: own)
    return own


@pytest.fixture
def run_as(monkeypatch) -> Iterator:
    """Runs the installation in a way, for a user who has been told apart already."""

    def run(mode: Mode, user: User | None = None) -> None:
        instance.configure(Instance(mode=mode, site="http://localhost", user_header="X-User", proxies=("127.0.0.1",)))
        if mode is Mode.TEAM:
            monkeypatch.setattr(session, "user", lambda: user)

    yield run
    instance.configure(Instance())


def opened(page: str, **query: str) -> AppTest:
    """A page as `app.py` shows it."""
    test = AppTest.from_file(APP, default_timeout=120)
    test.switch_page(f"app_pages/{page}.py")
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, test.exception
    return test


def words(test: AppTest) -> str:
    return " ".join(str(element.value) for kind in (test.markdown, test.caption, test.error, test.info, test.success) for element in kind)


@pytest.mark.parametrize("page", PAGES)
def test_a_store_that_is_down_is_said_above_every_page(page, monkeypatch):
    down = workspace.Workspace("postgresql://me:hidden@127.0.0.1:1/name")
    monkeypatch.setattr(session, "store", lambda: down)
    errors = [error.value for error in opened(page).error]
    assert len([text for text in errors if "cannot be reached" in text]) == 1
    assert not any("hidden" in text for text in errors)


def test_a_damaged_report_is_said_above_a_page_that_would_show_its_numbers(store):
    kept = store.keep(report("unreadable"))
    from dashboard.workspace import store as storing

    store.store.change(lambda connection: connection.execute(storing.BYTES.update().values(data=b"x")), "")
    assert [kept.name in error.value and "none of its numbers is shown" in error.value for error in opened("overview").error] == [True]


@pytest.mark.parametrize("page", PAGES)
def test_a_place_in_which_nothing_was_ever_kept_is_told_above_every_page_of_a_team(store, run_as, page):
    def told() -> int:
        return sum("Nothing is kept at this site yet" in info.value for info in opened(page).info)

    for user, times in ((ANN, 1), (None, 0)):
        run_as(Mode.TEAM, user)
        assert told() == times


def test_a_named_place_in_which_nothing_was_ever_kept_is_told_where_kept_reports_are_listed(store, run_as):
    run_as(Mode.ALONE)
    assert [f"Nothing is kept at {store.path} yet" in info.value.replace("\\", "") for info in opened("bring").info] == [True]
    store.delete(store.keep(report("ours"), ANN).id, ANN, for_good=True)
    assert not opened("bring").info, "what was deleted is not lost"


def test_the_last_of_a_long_history_is_shown_first_and_where_to_find_the_rest(store, run_as):
    run_as(Mode.ALONE)
    kept = store.keep(report("ours"))
    while len(history := store.history()) <= MOST_ACTIONS:
        store.share(kept.id, is_shared=len(history) % 2 == 1)
    page = opened("bring")
    shown = page.dataframe[-1].value
    assert len(shown) == MOST_ACTIONS and shown["What"].tolist() == [action.action for action in history[:0:-1]]
    assert f"The last {MOST_ACTIONS} of {len(history)}" in words(page)


def test_on_a_public_site_nothing_can_be_kept_and_nothing_kept_is_seen(store, run_as):
    store.keep(report("acme"))
    run_as(Mode.PUBLIC)
    page = opened("bring")
    assert "nothing can be kept" in words(page) and "acme" not in words(page)
    assert not session.keeping().may_keep
    with pytest.raises(workspace.StoreProblem, match="nothing can be kept"):
        session.keep(report("other"), is_shared=False)


def test_each_of_a_team_sees_what_is_theirs_and_shared_with_the_name_of_who_kept_it(store, run_as):
    store.keep(report("ours"), ANN, is_shared=True)
    store.keep(report("mine"), ANN)
    for user, names in ((ANN, {"ours.csv", "mine.csv"}), (BOB, {"ours.csv"}), (CHIEF, {"ours.csv"}), (None, set())):
        run_as(Mode.TEAM, user)
        page = opened("bring")
        assert {name for name in ("ours.csv", "mine.csv") if f"**{name}**" in words(page).replace("\\", "")} == names, user
        assert ("kept by Ann" in words(page)) is bool(names)
        buttons = [button.label for button in page.button]
        assert buttons.count("Delete") == {ANN: 2, CHIEF: 1}.get(user, 0)
        assert buttons.count("Hide") == (1 if user is ANN else 0) and buttons.count("Share") == (1 if user is ANN else 0)


def test_every_number_of_a_kept_report_says_whose_it_is(store, run_as):
    store.keep(report("ours"), ANN, is_shared=True)
    run_as(Mode.TEAM, BOB)
    page = opened("explore", reporter="ours", requester="FRA")
    assert "kept by Ann" in words(page).replace("\\", "") and "your own" not in words(page)


def test_a_report_that_is_kept_is_no_longer_one_of_the_session_alone(store):
    brought = report("brought")
    session.own_reports().add(brought)
    assert list(session.own_reports()) == [brought]
    session.keep(brought, is_shared=False)
    assert list(session.own_reports()) == [] and [kept.id for kept in session.kept_reports()] == [brought.id]


def test_what_is_made_of_the_same_kept_reports_is_one_for_all_who_see_them(store, run_as, monkeypatch):
    store.keep(report("ours"), ANN, is_shared=True)
    seen = []
    for user in (ANN, BOB):
        run_as(Mode.TEAM, user)
        seen.append(session.library())
    assert seen[0] is seen[1]
    store.keep(report("mine"), ANN)
    run_as(Mode.TEAM, ANN)
    assert session.library() is not seen[0]
    run_as(Mode.TEAM, BOB)
    assert session.library() is seen[0]


def test_another_user_in_the_same_session_finds_nothing_of_the_one_before(store, run_as):
    run_as(Mode.TEAM, ANN)
    page = opened("bring")
    page.session_state["own_reports"] = session.SessionReports()
    page.session_state["own_reports"].add(report("secret"))
    page.run()
    assert "secret" in words(page)
    run_as(Mode.TEAM, BOB)
    page.run()
    assert ("secret" not in words(page) and "own_reports" not in page.session_state) or not len(page.session_state["own_reports"])


KEPT = {"ours": "881234", "mine": "774411"}
"""What Ann keeps: for all who sign in, and for herself; each name and number is found wherever it stands."""
ADDRESSES = [
    ("overview", {}),
    ("explore", {"reporter": "google", "requester": "FRA", "start": "2019"}),
    *((page, {"reporter": "mine", "requester": "FRA"}) for page in ("explore", "figure", "sources", "changes")),
    ("reporter", {"id": "mine"}),
    ("country", {"id": "FRA"}),
    ("search", {"q": "mine"}),
    ("definitions", {"with": "mine"}),
    ("bring", {}),
]


@pytest.fixture
def kept(store) -> list:
    """The documents of what Ann keeps."""
    reports = [report(name, float(number)) for name, number in KEPT.items()]
    for one in reports:
        store.keep(one, ANN, is_shared=one.name == "ours.csv")
    return [document for one in reports for document in one.documents["document"]]


@pytest.mark.parametrize(("user", "hidden"), [(None, ["ours", "mine"]), (BOB, ["mine"])], ids=["nobody", "another"])
def test_no_address_of_a_page_shows_another_users_report(kept, run_as, user, hidden):
    run_as(Mode.TEAM, user)
    for page, query in ADDRESSES:
        shown = everything(opened(page, **query))
        for name in hidden:
            assert KEPT[name] not in shown and f"{name}.csv" not in shown, (page, query)
    # Who may see it finds it by the same addresses: nothing is looked for in vain above.
    run_as(Mode.TEAM, ANN)
    for page, query in [("explore", {"reporter": "mine", "requester": "FRA"}), ("bring", {})]:
        assert (KEPT["mine"] if page == "explore" else "mine.csv") in everything(opened(page, **query))


def test_no_address_for_machines_gives_anything_of_a_kept_report(kept, run_as):
    run_as(Mode.TEAM, ANN)
    session.library()  # what is kept has been put together, as it is once its owner has looked
    client = TestClient(server.application(), base_url="http://localhost", cookies={"transparency_visitor": "ann", "_streamlit_user": "x"})
    named = {"reporter": list(KEPT), "document": kept, "id": list(KEPT), "requester": ["FRA"], "q": list(KEPT), "of": list(KEPT)}
    answered = 0
    for endpoint in api.ENDPOINTS:
        if endpoint.media == "image/png":
            continue  # drawn of the same answer as the picture in letters
        parameters = {parameter.name for parameter in endpoint.parameters}
        for turn in range(len(KEPT)):
            query = {name: values[turn % len(values)] for name, values in named.items() if name in parameters}
            needed = {one.name: one.example for one in endpoint.parameters if one.is_needed and one.name not in query}
            address = endpoint.path.replace("{name}", kept[turn])
            answer = client.get(address, params=query | needed, headers={"X-User": "1"})
            answered += answer.status_code == 200
            assert answer.status_code < 500 and not any(number in answer.text.replace(",", "") for number in KEPT.values()), address
            assert not any(f"{name}.csv" in answer.text for name in KEPT), address
    assert answered > len(api.ENDPOINTS) / 2


def everything(test: AppTest) -> str:
    """All that a page sends to a browser; tables as text, charts as they are written out."""
    texts = []

    def walk(block) -> None:
        for element in block.children.values():
            if hasattr(element, "children"):
                walk(element)
            else:
                texts.append(element.value.to_string() if element.type == "arrow_data_frame" else str(element.proto))

    walk(test.main)
    walk(test.sidebar)
    return "".join(texts).replace(",", "").replace("\\", "")


def report(reporter: str, count: float = 12.0):
    """A report of one number."""
    row = dict.fromkeys(OBSERVATION_COLUMNS, "all") | {
        "reporter": reporter,
        "requester": "FRA",
        "authority": "any",
        "measure": "requests",
        "period_start": pd.Timestamp("2019-01-01"),
        "period_end": pd.Timestamp("2019-06-30"),
        "low": count,
        "high": count,
        "printed": f"{count:.0f}",
        "document": "report",
        "cell": "B2",
    }
    return accepted(f"{reporter}.csv", reporter.encode(), pd.DataFrame([row]))
