---- MODULE Bags ----
LOCAL INSTANCE Naturals
IsABag(B) == B \in [DOMAIN B -> {n \in Nat : n > 0}]
BagToSet(B) == DOMAIN B
SetToBag(S) == [e \in S |-> 1]
BagIn(e, B) == e \in BagToSet(B)
EmptyBag == SetToBag({})
CopiesIn(e, B) == IF BagIn(e, B) THEN B[e] ELSE 0
B1 (+) B2 == [e \in (DOMAIN B1) \cup (DOMAIN B2) |-> CopiesIn(e, B1) + CopiesIn(e, B2)]
B1 (-) B2 == LET left == {e \in DOMAIN B1 : CopiesIn(e, B1) > CopiesIn(e, B2)}
             IN  [e \in left |-> B1[e] - CopiesIn(e, B2)]
B1 \sqsubseteq B2 == \A e \in DOMAIN B1 : B1[e] <= CopiesIn(e, B2)
RECURSIVE Total(_, _)
LOCAL Total(B, S) == IF S = {} THEN 0 ELSE LET e == CHOOSE x \in S : TRUE IN B[e] + Total(B, S \ {e})
BagCardinality(B) == Total(B, DOMAIN B)
RECURSIVE Together(_)
LOCAL Together(S) == IF S = {} THEN EmptyBag ELSE LET b == CHOOSE x \in S : TRUE IN b (+) Together(S \ {b})
BagUnion(S) == Together(S)
BagOfAll(F(_), B) == LET images == {F(e) : e \in DOMAIN B}
                     IN  [i \in images |-> Total(B, {e \in DOMAIN B : F(e) = i})]
SubBag(B) == LET below(e) == 0 .. B[e]
                 all == [DOMAIN B -> UNION {below(e) : e \in DOMAIN B}]
             IN  {[e \in {d \in DOMAIN f : f[d] > 0} |-> f[e]] : f \in {g \in all : \A e \in DOMAIN B : g[e] <= B[e]}}
====
