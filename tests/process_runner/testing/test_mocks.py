CALLING = """
connections:
  account: {connector: s3, access_key: "${NO_SUCH_VARIABLE}", secret_key: "${NO_SUCH_VARIABLE}"}
operations:
  find: {connector: s3, action: query, object_type: dynamic-bucket}
  fetch: {connector: s3, action: get, object_type: dynamic-bucket}
processes:
  copy:
    steps:
      - name: Find
        start: {connection: account, operation: find, parameters: {bucket: orders}}
      - name: Fetch
        try_catch:
          try:
            - name: Get
              connector:
                connection: account
                operation: fetch
                parameters: {id: "{{ prop.s3.file_key }}"}
                concurrency: 8
                EXTRA
            - return_documents: fetched
          catch:
            - message: "{{ error.code }}: {{ error.message }}"
            - return_documents: failed
"""


def call(extra="return_application_errors: false"):
    return CALLING.replace("EXTRA", extra)


def test_answers_are_given_in_turn_and_the_last_one_from_then_on(tested):
    tests = """
    tests:
      - name: in turn
        mocks:
          Find:
            returns:
              - properties: {s3.file_key: a}
              - properties: {s3.file_key: b}
              - properties: {s3.file_key: c}
          Get: [{returns: [first]}, {fails: {message: gone, code: NoSuchKey}}, {returns: [rest, {text: more}]}]
        expect:
          returned:
            fetched:
              - {text: first, properties: {s3.file_key: a, meta.status_code: 200, meta.size: 5}}
              - {text: rest, properties: {s3.file_key: c}}
              - more
            failed: ["NoSuchKey: gone"]
    """
    done = tested(call(), tests)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_parameter_that_cannot_be_computed_fails_as_in_a_real_run(tested):
    tests = """
    tests:
      - name: no key
        mocks: {Find: {returns: [x]}, Get: {returns: [never]}}
        expect: {returned: {failed: ["ExpressionFailed: *"]}}
    """
    done = tested(call(), tests)
    assert done.returncode == 1
    assert "the document has no property 's3.file_key'" in done.stdout


def test_a_refusal_travels_on_where_the_step_wants_that(tested):
    tests = """
    tests:
      - name: refused
        mocks:
          Find: {returns: [{properties: {s3.file_key: a}}]}
          Get: {fails: {message: no, code: "404", of: application}}
        expect:
          returned: {fetched: [{properties: {meta.status_code: 404, meta.status_message: "no"}}]}
    """
    done = tested(call("return_application_errors: true"), tests)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_failure_of_the_process_stops_everything(tested):
    tests = """
    tests:
      - name: refused
        mocks: {Find: {fails: {message: denied, of: process}}}
        expect: {failures: [{step: Find, code: Mocked, message: denied}], returned: {}}
    """
    done = tested(call(), tests)
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_a_sandbox_no_step_reaches_an_account(tested):
    tests = """
    tests:
      - name: not mocked
        mocks: {Find: {returns: [{properties: {s3.file_key: a}}]}}
        expect: {status: complete}
    """
    done = tested(call(), tests)
    assert done.returncode == 1
    assert (
        "the process failed at 'Get': NotMocked: connection 'account' leads nowhere in this test; mock the step, "
        "give the test a 'sandbox', or name the connection under 'real'\n" in done.stdout
    )


def test_without_a_sandbox_no_expression_reaches_an_account_either(tested):
    project = """
    connections: {account: {connector: s3, access_key: "${NO_SUCH_VARIABLE}", secret_key: "${NO_SUCH_VARIABLE}"}}
    operations: {fetch: {connector: s3, action: get, object_type: orders}}
    processes: {p: {steps: [{message: "{{ call('account', 'fetch', id='a') }}"}]}}
    """
    done = tested(project, "tests: [{name: unreachable, expect: {status: complete}}]")
    assert done.returncode == 1
    assert "connection 'account' leads nowhere in this test" in done.stdout


SANDBOXED = """
tests:
  - name: objects are there
    sandbox:
      buckets:
        orders: {a.json: "{}", "ö/b +1.json": {json: {id: 1}}}
        empty: {}
    expect:
      returned: {fetched: ["{}", {json: {id: 1}, properties: {s3.bucket: orders, s3.file_key: ö/b +1.json}}]}
      objects: {orders: {a.json: {}, "ö/b +1.json": {json: {id: 1}}}, empty: {}}
  - name: no object of the test before is there
    sandbox: {}
    expect:
      returned: {}
      objects: {orders: {}}
"""


def test_a_sandbox_has_the_objects_of_its_test_alone(tested):
    sandboxed = call("dynamic: {}")
    done = tested(sandboxed, SANDBOXED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "never reached:\n  project/p.yaml:24:15: path 'catch' of 'Fetch'\n" in done.stdout
    wrong = SANDBOXED.replace("objects: {orders: {}}", "objects: {orders: {new: x}}").replace("{a.json: {},", "{")
    done = tested(sandboxed, wrong)
    assert "object orders/a.json: there, and not expected" in done.stdout
    assert "object orders/new: expected, and not there" in done.stdout


REPEATABLE = """
processes:
  repeatable:
    steps:
      - message: "{{ now() | date('%d.%m.%Y') }} {{ execution.started | date }} {{ uuid() }} {{ unique() }}"
      - set_properties: {process.counted: {value: "{{ sequence('s') }}", persist: true}}
      - message: "{{ document.text }} {{ process.counted }}"
      - return_documents: all
"""


def test_clock_and_seed_make_every_run_the_same_and_nothing_is_kept_between_tests(tested):
    case = """
      - name: NAME
        clock: 2026-02-03T04:05:06Z
        seed: 1
        expect:
          returned:
            all: ["03.02.2026 2026-02-03 cd613e30-d8f1-4adf-91b7-584a2265b1f5 20260203040506-1e2feb89414c 1"]
    """
    tests = "tests:" + case.replace("NAME", "one") + case.replace("NAME", "two").replace("\n    ", "\n    ")
    done = tested(REPEATABLE, tests)
    assert done.returncode == 0, done.stdout + done.stderr


def test_answers_clock_and_seed_reach_worker_processes(tested):
    project = """
    connections: {files: {connector: disk, folder: nowhere}}
    operations: {find: {connector: disk, action: query}}
    processes:
      p:
        steps:
          - start: {documents: [a, b]}
          - flow_control: {processes: 2}
          - name: Find
            connector: {connection: files, operation: find}
          - message: "{{ document.text }} {{ now() | date }} {{ uuid() }}"
          - return_documents: all
    """
    line = "found 2026-02-03 cd613e30-d8f1-4adf-91b7-584a2265b1f5"
    tests = f"""
    tests:
      - name: in workers
        clock: 2026-02-03
        seed: 1
        mocks: {{Find: {{returns: [found]}}}}
        expect: {{returned: {{all: ["{line}", "{line}"]}}}}
    """
    done = tested(project, tests)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_step_of_a_called_process_is_mocked_by_both_names(tested):
    project = """
    connections: {files: {connector: disk, folder: nowhere}}
    operations: {find: {connector: disk, action: query}}
    processes:
      parent:
        steps:
          - start: {documents: [a]}
          - process_call: {process: child}
          - return_documents: all
      child:
        steps:
          - start: passthrough
          - name: Find
            connector: {connection: files, operation: find}
          - return_documents: found
    """
    tests = """
    process: parent
    tests: [{name: one, mocks: {child/Find: {returns: [x, y]}}, expect: {returned: {all: [x, y]}}}]
    """
    done = tested(project, tests)
    assert done.returncode == 0, done.stdout + done.stderr
    done = tested(project, tests.replace("child/Find", "Find"))
    assert done.stderr.endswith("no connector step 'Find' in process 'parent'; known: child/Find\n")
