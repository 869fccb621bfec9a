"""Nobody can tell whether steps worked on whole columns or on one document after the other."""

from operator import itemgetter

import pytest
import yaml
from generated_steps import simple_paths
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from process_runner.expressions import OneByOne, Template

LINES = ["\n".join(map(str, range(5, 17))), "9\nÄ\n\n8", "\udcff", "one line"]


def refuse(*_):
    raise OneByOne


@settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=simple_paths, most=st.sampled_from([3, 5_000]))
def test_columns_and_single_documents_give_the_same(run, steps, most):
    split = [{"data_process": [{"split": {"format": "lines"}}]}]
    text = yaml.safe_dump([*split, *steps, {"return_documents": "default"}])

    def seen():
        ran = run(text, [line.encode(errors="surrogateescape").decode("latin-1") for line in LINES])
        returned = [
            (label, each.id, each.payload.read(), list(each.properties.items()), list(each.tracked.items()))
            for label, each in ran.returned
        ]
        failures = [(each.step, each.document, each.code, each.message) for each in ran.report.failures]
        counted = [(each.step, each.documents_in, each.documents_out, each.bytes) for each in ran.report.steps]
        # those of different steps may be told in another order, as blocks have other ends
        return returned, sorted(failures, key=itemgetter(0)), counted, ran.left_behind

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("process_runner.engine.group.MOST_DOCUMENTS", most)
        in_columns = seen()
        patch.setattr(Template, "column", refuse)
        assert seen() == in_columns
