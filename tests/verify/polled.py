"""The barrier of `tests.verify.piped` where there is no epoll: those who must not sleep for ever poll the pipe."""

from __future__ import annotations

from phalanx import pipe
from tests.verify.piped import Piped

pipe.question_about = pipe.Poll


class Polled(Piped):
    """A barrier that never wakes by gates, on a platform without epoll."""
