# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The decision point over HTTPS (AuthZEN Authorization API 1.0, "Transport"): two endpoints and where they are, on the machines' listener.

Here the subject of a question is in its body, so the headers that say who acts are not asked; the certificate says which organisation may speak. A request
identifier comes back in every answer, refusals too, which are problem details as everywhere.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request

from policies.authzen import Semantic
from process.serving.described import refusing
from register.central import deciding
from register.central.centre import Centre
from register.central.deciding import Calling
from register.central.web.identify import certificate_of, frozen, node_of, trace_of
from register.wire import BeslispuntGegevens, Beslissing, Beslissingen, Beslisvraag, Beslisvragen

CONFIGURATION = "/.well-known/authzen-configuration"
_REQUEST_ID = b"x-request-id"
_SENDABLE = re.compile(rb"[\x21-\x7e]{1,128}")


def routes(centre: Centre) -> APIRouter:
    """The decision point for nodes."""
    router = APIRouter(tags=["beslispunt"])
    now = frozen(centre)

    @refusing(401, 403)
    def calling(request: Request, here: Centre = now) -> Calling:
        organisation, moment = node_of(request).organisation, centre.clock()
        here.records.now().require_node(organisation, certificate_of(request), moment.date())
        return Calling(organisation, moment, trace_of(request, centre))

    node = Depends(calling)

    @router.post("/access/v1/evaluation", response_model_exclude_none=True)
    def evaluation(sent: Beslisvraag, node: Calling = node, here: Centre = now) -> Beslissing:
        return deciding.answer(here, node, [sent], Semantic.ALL)[0]

    @router.post(
        "/access/v1/evaluations", response_model=Beslissingen | Beslissing, response_model_exclude_none=True
    )
    def evaluations(
        sent: Beslisvragen, node: Calling = node, here: Centre = now
    ) -> Beslissingen | Beslissing:
        semantic = Semantic(sent.options.evaluations_semantic)
        decided = deciding.answer(here, node, sent.questions(), semantic)
        return Beslissingen(evaluations=decided) if sent.evaluations else decided[0]

    @router.get(CONFIGURATION)
    def configuration(request: Request) -> BeslispuntGegevens:
        base = str(request.base_url).rstrip("/")
        return BeslispuntGegevens(
            policy_decision_point=base,
            access_evaluation_endpoint=f"{base}/access/v1/evaluation",
            access_evaluations_endpoint=f"{base}/access/v1/evaluations",
        )

    return router


def echo_request_identifier(app: FastAPI) -> None:
    """The X-Request-ID of a request to the decision point comes back, whatever the answer is."""
    app.add_middleware(_RequestIdentifier)


class _RequestIdentifier:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        sent = dict(scope.get("headers", ())).get(_REQUEST_ID, b"")
        asked = scope["type"] == "http" and scope["path"].startswith("/access/")
        if not asked or not _SENDABLE.fullmatch(sent):
            await self.app(scope, receive, send)
            return

        async def send_with_identifier(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (_REQUEST_ID, sent)]
            await send(message)

        await self.app(scope, receive, send_with_identifier)
