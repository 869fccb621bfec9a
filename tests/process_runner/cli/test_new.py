"""new: names that no connector can have are told before anything is made."""

import pytest


@pytest.mark.parametrize(
    "name", ["Acme", "acme crm", "1st", "acme--crm", "-acme", "", "connector-", "a" * 31, "../acme"]
)
def test_a_name_that_is_none_is_refused(answer, name, tmp_path):
    done = answer("new", "connector", f"--path={tmp_path}", "--", name)
    assert done.returncode == 2
    assert f"process-runner: '{name}' is no name for a connector; small letters" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("disk", "a connector 'disk' is installed already; choose another name"),
        ("connector-s3", "a connector 's3' is installed already; choose another name"),
        ("process", "'process' has a meaning of its own in processes; choose another name"),
    ],
)
def test_a_name_that_is_taken_is_refused(answer, name, told, tmp_path):
    done = answer("new", "connector", name)
    assert (done.returncode, done.stderr) == (2, f"process-runner: {told}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(answer, tmp_path):
    (tmp_path / "connector-acme").mkdir()
    done = answer("new", "connector", "acme")
    assert (done.returncode, done.stderr) == (2, "process-runner: cannot use connector-acme: File exists\n")
    assert list((tmp_path / "connector-acme").iterdir()) == []


@pytest.mark.parametrize("name", ["acme-crm", "acme_crm", "connector-acme-crm"])
def test_a_name_may_be_written_in_several_ways(answer, name, tmp_path):
    done = answer("new", "connector", name)
    assert done.returncode == 0
    assert "process-runner describe acme_crm" in done.stdout
    assert (tmp_path / "connector-acme-crm" / "src" / "connector_acme_crm" / "__init__.py").is_file()
