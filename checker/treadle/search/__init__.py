"""Choice: which step next. No strategy ever touches a thread; each is one module, read alone."""
