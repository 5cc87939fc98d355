------------------------------- MODULE TLCExt -------------------------------
(* Of TLC's own extensions what has a meaning outside a run of TLC. *)
LOCAL INSTANCE TLC

AssertEq(a, b) == a = b \/ Assert(FALSE, <<"not equal", a, b>>)
TLCNoOp(value) == value
TLCCache(value, keys) == value
=============================================================================
