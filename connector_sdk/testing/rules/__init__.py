"""What every connector promises."""

from __future__ import annotations

from connector_sdk.testing.finding import USABLE, Rule
from connector_sdk.testing.rules import connections, declarations, documents, properties, scale, secrecy, versions

RULES: tuple[Rule, ...] = (
    Rule(USABLE, "Every operation can be imported and used", declarations.operations_are_usable),
    Rule("every_action_has_a_case", "Every action is judged", declarations.every_action_has_a_case),
    Rule("schemas_are_valid", "Schemas are valid JSON Schema (2020-12)", declarations.schemas_are_valid),
    Rule("everything_is_described", "Everything has a description", declarations.everything_is_described),
    Rule(
        "wrong_settings_are_refused",
        "Wrong settings are refused, at the right place",
        declarations.wrong_settings_are_refused,
    ),
    Rule("secrets_are_declared", "Secrets are declared as such", declarations.secrets_are_declared),
    Rule("secrets_stay_secret", "No secret is seen in messages, logs and values", secrecy.secrets_stay_secret),
    Rule("values_pickle", "Connection and operations travel to other processes", declarations.values_pickle),
    Rule("sdk_is_served", "It is built for this SDK", declarations.sdk_is_served),
    Rule("schema_is_compatible", "Older processes go on working", versions.schema_is_compatible),
    Rule("checks_prove", "Checks prove the connection, layer by layer", connections.checks_prove),
    Rule("browse_gives_texts", "Object types can be browsed", connections.browse_gives_texts),
    Rule("unreachable_is_told", "A system out of reach is told as such", connections.unreachable_is_told),
    Rule("client_is_closed", "Nothing stays open, also after errors", connections.client_is_closed),
    Rule(
        "tracked_properties_are_declared",
        "Tracked properties are those declared",
        properties.tracked_properties_are_declared,
    ),
    Rule("reads_are_declared", "Properties it takes are those declared", properties.reads_are_declared),
    Rule("good_document_is_served", "A good document is served", documents.good_document_is_served, True),
    Rule("bad_document_fails", "A bad document fails with an error of the SDK", documents.bad_document_fails, True),
    Rule("bad_document_fails_alone", "A bad document harms no other", documents.bad_document_fails_alone, True),
    Rule("results_keep_order", "Results come in order, the same each time", documents.results_keep_order, True),
    Rule("payloads_open_again", "Contents can be read more than once", documents.payloads_open_again, True),
    Rule("input_is_unchanged", "What is served is not changed", documents.input_is_unchanged, True),
    Rule("properties_travel_on", "Properties of documents travel on", documents.properties_travel_on, True),
    Rule("hostile_names_are_safe", "Hostile names arrive or fail cleanly", documents.hostile_names_are_safe, True),
    Rule("large_payload_streams", "Large documents go through bounded memory", scale.large_payload_streams, True),
    Rule("threads_agree", "Several threads may share a client", scale.threads_agree, True),
    Rule("stops_when_asked", "It ends soon when asked to", scale.stops_when_asked, True),
)

__all__ = ["RULES"]
