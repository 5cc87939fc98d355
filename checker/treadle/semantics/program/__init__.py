"""Abstract programs: small concurrent programs written as data, on the same operations that real code uses.

A program is JSON: threads that are lists of operations on shared objects, with registers, branches and loops between
them. `text` reads it, `code` flattens it, `automaton` makes of each thread a machine that goes from one visible operation
to the next, and `subject` lets a search run the whole. `expressions` evaluates what depends on registers, and
`steps` has the few operations that only programs have.

They exist to hold the search against exact numbers, published ones and brute-forced ones, without a thread in sight.
"""
