r"""Conformance: does the code do only what its specification allows, in every interleaving?

*Code conforms to a specification when, in every interleaving, what its callers can observe is a behaviour that the
specification allows, and where the code is stuck the specification allows it to be stuck.*

The parts, each read alone:

- `words`: observations, client programs, bounds. `kit`: what has to be said about one kind of object.
- `client`: runs a program on an object, and writes down what it sees. `target`: the class, as text.
- `following`: the set of the specification's states that agree with what was observed.
- `orders`: all orders of the observations of one execution. `stillness`: where a behaviour may end.
- `judging`: executions that fail where the specification does not allow them. `coverage`: what of it was taken.
- `modelling`: a specification under the constants of a program. `scheduling`: one order of observations as a schedule.
- `kits`: the kits that treadle brings. `catalogue`: how they are found.

`treadle.api.conforming` explores.

How a kit is written
--------------------

A kit is a subclass of `Kit`, in any file. It answers six questions, and holds no state of its own:

    class Queue(Kit):
        spec = "Queue"                    # the module; its definition FairSpec has Init, Next and fairness
        calls = ("put", "get")            # what programs may call; a call is text that only the kit understands

        def programs(self, bounds):       # 1. what do clients do? smallest first, up to the names of the threads
            for threads in clients(bounds.calls or self.calls, bounds.threads, bounds.rounds):
                yield Program(threads, {"size": 1})

        def make(self, kind, program, client):           # 2. how is an object of the class made?
            return kind(maxsize=program.setup["size"])

        def perform(self, thing, call):                  # 3. how is a call made? let its exceptions pass
            return thing.put(7) if call == "put" else thing.get()

        def begins(self, call):                          # 4. what is the call in the specification?
            return ("Call", call)                        #    Call(a, "put"), if it is thread a that calls

        def returned(self, call, result):                # 5. what is its result, and what an exception?
            return ("Return", ("item", result) if call == "get" else ("done",))

        def raised(self, call, error):                   #    Return(a, <<"full">>)
            return ("Return", ("full",)) if "Full" in kinds_of(error) else super().raised(call, error)

        def constants(self, program):                    # 6. what are the specification's constants for a program?
            return {"Threads": models(program.names), "Size": program.setup["size"]}

`treadle conform queue:Queue --spec path/to/Queue.tla --kit path/to/file.py:Queue` then explores every program.

- *Threads* are called a, b, c, ... in a program (`program.names`), and are model values of these names in the
  specification. Every observation has the thread as its first argument; the kit gives the name of the action and the
  other arguments. Tuples become sequences, text strings, sets sets; `words.value_of` lists it all.
- `observed` names the actions of the specification that are observations, `{"Call", "Return"}` unless the kit says
  otherwise. All other actions are internal: the code does what they stand for at some moment between.
- `setup` of a program is plain data (text, numbers, None, lists): it is kept in schedules.
- `calls` are made unless the user asks for others with --calls; `known` lists further ones that he may ask for.
- `implied(program)` may return a reason for which a program need not be explored; it is counted and told.
- *Callbacks.* What the object calls back is a function without arguments that the kit makes in `make`; it tells that it
  begins and ends by `client.observe(("ActionBegins",))`, and makes calls of its own by `client.call("abort")`.
- *Exceptions* are known by the names of their classes (`kinds_of`), because the class that is checked lives in a world
  with copies of its own. What `raised` does not know becomes `Return(a, <<"raised", "KeyError">>)`, which no
  specification allows.
- `perform` sees the object through a handle: `thing.put(7)`, `thing.size` are read as code of the program would. A kit
  some of whose calls need what an earlier one of the same thread returned, has `perform_for(client, thing, call)` in
  its place, and keeps that in `client.kept`.
- *Being stuck.* At the end of each execution some state must be one where the fairness of `formula` (`FairSpec`)
  demands nothing more. A specification without fairness allows everybody to be stuck.
"""

from __future__ import annotations

from treadle.conformance.kit import Client, Kit, clients, kinds_of, occurring, sequences
from treadle.conformance.words import Bounds, Observation, Program, model, models

__all__ = [
    "Bounds",
    "Client",
    "Kit",
    "Observation",
    "Program",
    "clients",
    "kinds_of",
    "model",
    "models",
    "occurring",
    "sequences",
]
