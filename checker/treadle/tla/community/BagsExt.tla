------------------------------- MODULE BagsExt -------------------------------
(* Bags: one element more or less, and folds over all the copies. *)
LOCAL INSTANCE Bags
LOCAL INSTANCE Integers

BagAdd(B, e) == B (+) SetToBag({e})
BagRemove(B, e) == B (-) SetToBag({e})
BagRemoveAll(B, e) == [d \in DOMAIN B \ {e} |-> B[d]]
FoldBag(op(_, _), base, B) ==
  LET RECURSIVE over(_)
      over(rest) == IF DOMAIN rest = {} THEN base
                    ELSE LET e == CHOOSE e \in DOMAIN rest : TRUE IN op(e, over(rest (-) SetToBag({e})))
  IN  over(B)
SumBag(B) == FoldBag(LAMBDA m, n : m + n, 0, B)
ProductBag(B) == FoldBag(LAMBDA m, n : m * n, 1, B)
==============================================================================
