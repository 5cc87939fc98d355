"""Specifications: a reader, evaluator and explorer of TLA+.

The front door is `treadle.tla.specification`; `treadle.tla.verification` answers whether a model is right.
"""
