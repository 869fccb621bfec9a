"""Known ways out of Jinja's sandbox, and ways to eat the machine: all end as a document error, none gets anywhere."""

import gc
import tracemalloc

import pytest

from process_runner.expressions import bounds, check

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''['__cla' ~ 'ss__'] }}",
    "{{ '' | attr('__class__') }}",
    "{{ '' | attr('__cla' ~ 'ss__') }}",
    "{{ '' | attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ [''] | map(attribute='__class__') | list }}",
    "{{ [''] | map('attr', '__class__') | list }}",
    "{{ [{'a': 1}] | groupby('__class__') }}",
    "{{ [''] | selectattr('__class__') | list }}",
    "{{ ().__class__.__base__ }}",
    "{{ {}.__init__.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ namespace(a=1).__class__ }}",
    "{{ dict.__base__ }}",
    "{{ dict.__init__.__globals__ }}",
    "{{ now.__self__ }}",
    "{{ now.__globals__ }}",
    "{{ now.__code__ }}",
    "{{ now.__closure__ }}",
    "{{ json.__self__ }}",
    "{{ json.__func__ }}",
    "{{ xml.__closure__[0].cell_contents }}",
    "{{ uuid.__globals__ }}",
    "{{ now().__class__ }}",
    "{{ prop.__class__ }}",
    "{{ prop._scope }}",
    "{{ prop['_scope'] }}",
    "{{ prop | attr('_scope') }}",
    "{{ prop._spaces }}",
    "{{ prop.s3._scope }}",
    "{{ document._scope }}",
    "{{ document._scope.facts }}",
    "{{ document | attr('_scope') }}",
    "{{ process._properties }}",
    "{{ process._missing('a') }}",
    "{{ execution._facts }}",
    "{{ execution.state }}",
    "{{ execution.call }}",
    "{{ execution.clock }}",
    "{{ execution.process_properties }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ loop.__class__ }}",
    "{% for a in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% for a in [1] %}{{ loop._iterator }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{0.__class__.__mro__}'.format(prop) }}",
    "{{ '{a.__class__}'.format_map({'a': ''}) }}",
    "{{ ('{0.__cl' ~ 'ass__}').format('') }}",
    "{{ '{0._scope}'.format(prop) }}",
    "{{ ['{0.__class__}'] | map('format', '') | list | first ~ ''.__class__ }}",
    "{% set f = '{0.__class__}'.format %}{{ f('') }}",
    "{% set f = '{0.__class__}' | attr('format') %}{{ f('') }}",
    "{{ 'a'.encode().__class__ }}",
    "{{ (1).__class__ }}",
    "{{ none.__class__ }}",
    "{{ true.__class__ }}",
    "{{ missing_name }}",
    "{{ config }}",
    "{{ request }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ lipsum.__globals__ }}",
    "{{ [].append(1) }}",
    "{% set a = [] %}{% do a.append(1) %}",
    "{% set a = [1] %}{{ a.pop() }}",
    "{% set a = {} %}{{ a.update({'b': 1}) }}",
    "{{ (prop | list).clear() }}",
]
GREEDY = [
    "{{ 'a' * 1000000000 }}",
    "{{ 1000000000 * 'a' }}",
    "{{ [1] * 1000000000 }}",
    "{{ (1, 2) * 1000000000 }}",
    "{{ 10 ** 1000000000 }}",
    "{{ range(1000000000) | list }}",
    "{{ 'a'.ljust(10000000000) }}",
    "{{ 'a'.rjust(10000000000) }}",
    "{{ 'a'.center(10000000000) }}",
    "{{ 'a'.zfill(10000000000) }}",
    "{{ '%10000000000d' % 1 }}",
    "{{ '%*d' % (10000000000, 1) }}",
    "{{ '%.*f' % (10000000000, 1) }}",
    "{{ '%10000000000d' | format(1) }}",
    "{{ '%s%s%s%s%s%s%s' | format(*[big] * 7) }}",
    "{{ '%(a)s%(a)s%(a)s%(a)s%(a)s%(a)s%(a)s' | format(a=big) }}",
    "{{ '{:10000000000}'.format(1) }}",
    "{{ '{:{w}}'.format(1, w=10000000000) }}",
    "{{ '{a:>{w}}'.format_map({'a': 1, 'w': 10000000000}) }}",
    "{{ '{0}{0}{0}{0}{0}{0}{0}'.format(big) }}",
    "{{ 'a' | center(400000000) }}",
    "{{ ['a'] | map('center', 400000000) | list }}",
    "{{ 'a' | center(width=400000000) }}",
    "{{ 'a\tb'.expandtabs(10000000000) }}",
    "{{ big | replace('a', big) }}",
    "{{ big.replace('a', big) }}",
    "{{ big.translate({97: big}) }}",
    "{{ [big] * 100 | join }}",
    "{{ ([big] * 100) | join(',') }}",
    "{{ ([1] * 100) | join(big) }}",
    "{{ big.join('abcdefghijkl') }}",
    "{{ range(100) | map('replace', '1', big) | join }}",
    "{{ range(100000) | map('center', 100000) | list }}",
    "{{ 'a\nb' | indent(10000000000) }}",
    "{{ ('\n' * 1000) | indent(big) }}",
    "{{ [1] | batch(10000000000, 'x') | list }}",
    "{{ [1] | slice(10000000000) | list }}",
    "{{ ([[big] * 100] * 100) | tojson }}",
    "{{ [1] | tojson(indent=10000000000) }}",
    "{{ ([[big] * 100] * 100) | pprint }}",
    "{{ ([[big] * 100] * 100) | string }}",
    "{{ [[big] * 100] * 100 }}",
    "a{{ [[big] * 100] * 100 }}",
    "{{ big | wordwrap(1, wrapstring=big) }}",
    "{% set n = namespace(x='a') %}{% for i in range(40) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{% set n = namespace(x='a') %}{% for i in range(40) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{% set n = namespace(x='a') %}{% for i in range(40) %}{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "{% macro m() %}{% for i in range(100) %}{{ big }}{% endfor %}{% endmacro %}{{ m() | length }}",
    "{% for i in range(100) %}{{ big }}{% endfor %}",
    "{% filter upper %}{% for i in range(100) %}{{ big }}{% endfor %}{% endfilter %}",
]
HARMLESS = [
    ("{{ 'Order 2026112212345 of %s, %s, %s' | format(1, 2, 3) }}", "Order 2026112212345 of 1, 2, 3"),
    ("{{ '%d and {}' | format(99999999999) }}", "99999999999 and {}"),
    ("{{ '{} {:>4}'.format(99999999999, 1) }}", "99999999999    1"),
    ("{{ 'abc'.find('b', 0, 99999999999) }}", "1"),
    ("{{ '12' | int(99999999999) }}", "12"),
    ("{{ 'a' | center(5) ~ '|' }}", "  a  |"),
    ("{{ [1, 2] | join('-') }}", "1-2"),
    ("{{ [{'a': 1}, {'a': 2}] | join(',', attribute='a') }}", "1,2"),
    ("{{ 'a-b' | replace('-', '+') }}", "a+b"),
    ("{{ [3, 1] | map('string') | sort | join }}", "13"),
    ("{{ 1 + 2 }}{{ 1.5 ~ true }}", "31.5True"),
    ("{{ [1] + [2] }}", "[1,2]"),
    ("{{ range(5) | batch(2, 0) | list }}", "[[0,1],[2,3],[4,0]]"),
]


@pytest.mark.parametrize("source", ESCAPES)
def test_no_way_out(failure, source):
    if check(source):
        return  # refused when the project loads
    code, told = failure(source, "{}", {"a": "1"})
    assert code in ("ExpressionFailed", "NoValue")
    assert "<class" not in told
    assert "object at 0x" not in told


@pytest.mark.parametrize("source", GREEDY)
def test_no_expression_eats_the_machine(failure, source):
    code, told = failure("{% set big = 'a' * 10000000 %}" + source if "big" in source else source)
    assert code == "ExpressionFailed"
    assert "many" in told or "most" in told or "large" in told or "big" in told


@pytest.mark.parametrize(("source", "made"), HARMLESS)
def test_what_is_small_is_made_as_ever(text, source, made):
    assert text(source) == made


def test_what_is_refused_is_never_made(failure):
    tracemalloc.start()
    try:
        for source in GREEDY:
            gc.collect()
            tracemalloc.reset_peak()
            failure("{% set big = 'a' * 10000000 %}" + source)
            assert tracemalloc.get_traced_memory()[1] < 3 * bounds.LARGEST, source
    finally:
        tracemalloc.stop()
