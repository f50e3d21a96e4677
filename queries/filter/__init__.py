"""The filter that a person types: one grammar for the interface and for `--where`.

    filter  = all { "or" all }
    all     = term { ["and"] term }
    term    = "!" term | "(" filter ")" | field operator value { "," value } | word
    word    = plain | "quoted" | /regular expression/

`parsed` makes a Filter of a text or raises FilterError, which knows the place of the mistake;
`fields` is the table of names; `completions` tells how a text may go on.
"""

from queries.filter.completion import Completion, completions
from queries.filter.parser import Filter, parsed
from queries.filter.terms import Test, text_of
from queries.filter.tokens import FilterError

__all__ = ["Completion", "Filter", "FilterError", "Test", "completions", "parsed", "text_of"]
