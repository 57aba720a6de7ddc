"""The bulk lane: what came in a flood, cluster by cluster; one is taken out as genuine, or all are set aside with a reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import bulk
from grievance.casework.once import new_mark
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale, say
from grievance.web import given
from grievance.web.errors import STATUS, told
from grievance.web.forms.reasoned import Answer
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer

DONE = {
    "out": say("Taken out: they stand in the work list now, like every other complaint."),
    "aside": say("Set aside. For a day you can take them up again here; then they are declined, and each is told why."),
    "up": say("Taken up again: they wait as before."),
}
NONE_TICKED = say("Tick at least one case first.")


def add_bulk(pages: Blueprint) -> None:
    """The list of clusters, a cluster, and what is done with it."""

    @pages.get("/office/bulk", endpoint="bulk")
    @needs(PERSON)
    def lane() -> str:
        found = bulk.lane(desk(), viewer(), given.page_wanted())
        return render_template("office/bulk.html", lane=found, done=DONE.get(request.args.get("done", "")))

    @pages.get("/office/bulk/<cluster>", endpoint="cluster")
    @needs(PERSON)
    def cluster(cluster: str) -> Answer:
        return _page(cluster)

    @pages.post("/office/bulk/<cluster>/out", endpoint="take_out")
    @needs(PERSON)
    def take_out(cluster: str) -> Answer:
        whole = request.form.get("which") == "all"
        refs = [ref[:20] for ref in request.form.getlist("case")]
        if not whole and not refs:
            return _page(cluster, NONE_TICKED, STATUS[Invalid])
        verb = partial(bulk.take_out, desk(), viewer(), cluster, () if whole else refs)
        return _done(cluster, "out", verb)

    @pages.post("/office/bulk/<cluster>/aside", endpoint="set_aside")
    @needs(PERSON)
    def set_aside(cluster: str) -> Answer:
        reason = given.reason()
        return _done(cluster, "aside", partial(bulk.set_aside, desk(), viewer(), cluster, reason))

    @pages.post("/office/bulk/<cluster>/up", endpoint="take_up")
    @needs(PERSON)
    def take_up(cluster: str) -> Answer:
        return _done(cluster, "up", partial(bulk.take_up, desk(), viewer(), cluster))


def _done(cluster: str, what: str, verb: Callable[..., int]) -> Answer:
    """Does it, and says so; or the cluster as it is now with the reason why not, and what was typed."""
    try:
        verb(once=request.form.get("once", ""))
    except Invalid as error:
        return _page(cluster, *told(error), wrong=True)
    except Refused:
        return redirect(url_for("office.bulk"), 303)  # nothing of it is left
    except (Stale, Busy) as error:
        return _page(cluster, *told(error))
    return _back(cluster, what)


def _page(cluster: str, problem: Said | None = None, status: int = 200, *, wrong: bool = False) -> tuple[str, int]:
    """`wrong`: what is wrong is the reason, and is said beside it."""
    found = bulk.cluster(desk(), viewer(), cluster, given.page_wanted())
    page = render_template(
        "office/cluster.html",
        one=found,
        problem=problem,
        wrong=wrong,
        done=DONE.get(request.args.get("done", "")) if request.method == "GET" else None,
        reason=given.reason(),
        ticked=request.form.getlist("case"),
        mark=new_mark(desk()),
        most=given.LONGEST_REASON,
    )
    return page, status


def _back(cluster: str, done: str) -> Response:
    if bulk.left(desk(), viewer(), cluster):
        return redirect(url_for("office.cluster", cluster=cluster, done=done), 303)
    return redirect(url_for("office.bulk", done=done), 303)
