--------------------------- MODULE FiniteSetsExt ----------------------------
(* Finite sets: folds, sums, extremes, subsets of a size, choices. *)
LOCAL INSTANCE Integers
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE Functions
LOCAL INSTANCE Folds

FoldSet(op(_, _), base, S) == MapThenFoldSet(op, base, LAMBDA e : e, LAMBDA T : CHOOSE e \in T : TRUE, S)
ReduceSet(op(_, _), S, base) == FoldSet(op, base, S)
Sum(S) == FoldSet(LAMBDA m, n : m + n, 0, S)
Product(S) == FoldSet(LAMBDA m, n : m * n, 1, S)
SumSet(S) == Sum(S)
ProductSet(S) == Product(S)
MapThenSumSet(op(_), S) == MapThenFoldSet(LAMBDA m, n : m + n, 0, op, LAMBDA T : CHOOSE e \in T : TRUE, S)
FlattenSet(S) == UNION S
SymDiff(A, B) == (A \ B) \cup (B \ A)

Max(S) == CHOOSE m \in S : \A n \in S : n <= m
Min(S) == CHOOSE m \in S : \A n \in S : m <= n
Quantify(S, P(_)) == Cardinality({e \in S : P(e)})
kSubset(k, S) ==
  LET RECURSIVE of(_, _)
      of(size, T) == IF size = 0 THEN {{}}
                     ELSE IF Cardinality(T) < size THEN {}
                     ELSE LET e == CHOOSE e \in T : TRUE
                          IN  of(size, T \ {e}) \cup {U \cup {e} : U \in of(size - 1, T \ {e})}
  IN  IF k < 0 THEN {} ELSE of(k, S)
Choices(Sets) == {Range(f) : f \in {g \in [Sets -> UNION Sets] : \A T \in Sets : g[T] \in T}}
ChooseUnique(S, P(_)) == CHOOSE e \in S : {e} = {d \in S : P(d)}
=============================================================================
