"""Known ways out of Jinja's sandbox, and ways to eat the machine: all end as a document error, none gets anywhere."""

import pytest

from process_runner.expressions import check

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
    code, _ = failure(source)
    assert code == "ExpressionFailed"
