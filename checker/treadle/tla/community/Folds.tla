------------------------------- MODULE Folds --------------------------------
(* Folding a set into one value, the elements taken in the order of a choice. *)

MapThenFoldSet(op(_, _), base, f(_), choose(_), S) ==
  LET RECURSIVE over(_)
      over(rest) == IF rest = {} THEN base
                    ELSE LET taken == choose(rest) IN op(f(taken), over(rest \ {taken}))
  IN  over(S)
=============================================================================
