"""Words: frozen data that every other layer speaks in. Nothing here acts."""
