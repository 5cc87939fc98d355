"""Each form as a scenario, after a second thread was there, so that every hook is at work."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.quality.forms import control, evaluation, loud, matching, scoping

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS = [form for module in (evaluation, scoping, control, matching) for form in module.FORMS]


def crowded(form: Callable[[], Any]) -> Any:
    """What it comes to."""
    thread = threading.Thread(target=loud.LOG.clear)
    thread.start()
    thread.join()
    return form()


for _form in FORMS:
    globals()[_form.__name__] = partial(crowded, _form)
