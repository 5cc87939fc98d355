"""What the barriers cost, measured: `python -m phalanx.bench overhead|jacobi`.

Two questions. *overhead*: how long does one synchronisation take, for 2 to 1,024 threads that do nothing else, beside
`threading.Barrier` and beside the operating system's own barrier. *jacobi*: what does a program that works between its
meetings gain from a second thread.

How they are answered, so that the numbers mean something:

- The contenders take turns, one sample each, round after round, in an order that moves on by one each time. What else
  the machine does then hits all of them alike, and ratios within one run can be trusted where absolute times can not.
- A sample is long enough to forget how it began; the threads are started, and meet once, before its clock runs.
- The median of at least five samples is shown, with the spread between the quartiles. A spread of more than a fifth
  says that the machine was busy: run it again.

The numbers of two runs, or of two machines, are not comparable; the ratios are, roughly.
"""

from __future__ import annotations
