"""Connectors that each break one rule of the conformance kit, in one of the ways that authors do."""

from dataclasses import replace

from bad_connections import (
    ArguingDesk,
    BoastingDesk,
    BrowsesNothing,
    DeafCopy,
    FragileDesk,
    LaxDesk,
    LeakingDesk,
    LoggingDesk,
    NoDocstring,
    OpenPassword,
    OtherDesk,
    QuotingDesk,
    RawDesk,
    StuckDesk,
    TalkingDesk,
    WrongSchema,
    checked,
    refused,
)
from bad_operations import (
    CarefulHungryCopy,
    DeafToStops,
    EncodingCopy,
    ForgetfulStack,
    OnceStack,
    RawCopy,
    RawWhenStopped,
    ReadsLess,
    ReadsMore,
    Refuse,
    ResentfulCopy,
    ReversingStack,
    SetsLess,
    SetsMore,
    SharingCopy,
    SharingDesk,
    StrippingStack,
    StubbornCopy,
    TrimmingCopy,
    WordlessCopy,
    WritingStack,
)
from model_connector import COPY, STACK, Copy, Stack

from connector_sdk import (
    Check,
    Modules,
    Tracked,
)
from connector_sdk.testing import Case, Wrong

KEY, SIZE = Tracked("key", "What it is called.", settable=True), Tracked("size", "Its bytes.")


def with_copy(kind, **more):
    return {"operations": (kind, Stack), **more}


def with_stack(kind, **more):
    return {"operations": (Copy, kind), **more}


def with_desk(kind, **more):
    return {"connection": kind, **more}


REFUSING = Case("refuse", good="document", bad="bad")

BAD = {
    "operations_are_usable": [{"operations": Modules("bad_operations", "copy", "stack"), "schema": None}],
    "every_action_has_a_case": [{"cases": (COPY,)}],
    "schemas_are_valid": [with_copy(WrongSchema)],
    "everything_is_described": [with_stack(NoDocstring), {"tracked": (KEY, Tracked("size", " "))}, {"label": " "}],
    "wrong_settings_are_refused": [
        {"connection": LaxDesk},
        {"wrong_settings": (Wrong({"place": "there"}, "place"),)},
        {"wrong_settings": (Wrong({"place": ""}, "password"),)},
        {"wrong_settings": (Wrong({"times": 2}, "times", "copy"),)},
    ],
    "secrets_are_declared": [with_desk(OpenPassword)],
    "secrets_stay_secret": [
        with_desk(each) for each in (TalkingDesk, LoggingDesk, QuotingDesk, ArguingDesk, BoastingDesk)
    ],
    "values_pickle": [with_desk(StuckDesk), with_desk(OtherDesk)],
    "sdk_is_served": [{"sdk": "2.0"}],
    "checks_prove": [
        with_desk(checked(Check("credentials", lambda: "right", "ask"), Check("network", lambda: "there", "go"))),
        with_desk(checked(Check("permission", refused, "ask for leave"))),
        with_desk(checked(Check("permission", lambda: "fine", ""))),
        with_desk(checked(Check("permission", lambda: None, "ask for leave"))),
    ],
    "browse_gives_texts": [with_desk(BrowsesNothing)],
    "unreachable_is_told": [with_desk(RawDesk), with_copy(DeafCopy)],
    "client_is_closed": [with_desk(LeakingDesk), with_desk(FragileDesk)],
    "tracked_properties_are_declared": [
        with_copy(SetsMore, cases=(replace(COPY, tracks=None), STACK)),
        with_stack(SetsLess),
        {"cases": (replace(COPY, tracks=("key",)), STACK)},
    ],
    "reads_are_declared": [with_stack(ReadsMore), with_stack(ReadsLess)],
    "good_document_is_served": [{"operations": (Copy, Stack, Refuse), "cases": (COPY, STACK, REFUSING)}],
    "bad_document_fails": [with_copy(RawCopy), with_copy(WordlessCopy)],
    "bad_document_fails_alone": [with_copy(ResentfulCopy)],
    "results_keep_order": [with_stack(ReversingStack), with_stack(ForgetfulStack)],
    "payloads_open_again": [with_stack(OnceStack)],
    "input_is_unchanged": [with_stack(WritingStack)],
    "properties_travel_on": [with_stack(StrippingStack)],
    "hostile_names_are_safe": [with_copy(EncodingCopy), with_copy(TrimmingCopy)],
    "large_payload_streams": [with_copy(CarefulHungryCopy)],
    "threads_agree": [with_copy(SharingCopy, connection=SharingDesk)],
    "stops_when_asked": [with_copy(StubbornCopy), with_copy(DeafToStops), with_stack(RawWhenStopped)],
}
"""By the name of a rule, the parts of the model that are replaced so that this rule alone is broken."""
