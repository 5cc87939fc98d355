"""The pytest entry point: what pytest loads when treadle is installed."""
