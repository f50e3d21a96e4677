"""The filter that a person types: one grammar for the interface and for `--where`.

    filter  = all { "or" all }
    all     = term { ["and"] term }
    term    = "!" term | "(" filter ")" | field operator value { "," value } | word
    word    = plain | "quoted" | /regular expression/

`parsed` makes a Filter of a text or raises FilterError, which knows the place of the mistake;
`FIELDS` are the names of deployments, and a table of other rows brings its own;
`completions` tells how a text may go on; `quoted` writes any value so that it is read back.
"""

from queries.filter.by_column import HIDES, SHOWS, UNKNOWN, Asked, answers_of, texts_of
from queries.filter.completion import Completion, completions, quoted
from queries.filter.fields import FIELDS, Field, FieldKind
from queries.filter.parser import Filter, parsed
from queries.filter.terms import Test, text_of
from queries.filter.tokens import FilterError

__all__ = [
    "FIELDS",
    "HIDES",
    "SHOWS",
    "UNKNOWN",
    "Asked",
    "Completion",
    "Field",
    "Filter",
    "FilterError",
    "FieldKind",
    "Test",
    "answers_of",
    "completions",
    "parsed",
    "quoted",
    "text_of",
    "texts_of",
]
