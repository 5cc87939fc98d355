------------------------------ MODULE Relation ------------------------------
(* Relations over a set, as functions of two arguments to truth values. *)
EXTENDS Naturals, FiniteSets

IsReflexive(R, S) == \A a \in S : R[a, a]
IsIrreflexive(R, S) == \A a \in S : ~R[a, a]
IsSymmetric(R, S) == \A a, b \in S : R[a, b] <=> R[b, a]
IsAntiSymmetric(R, S) == \A a, b \in S : R[a, b] /\ R[b, a] => a = b
IsAsymmetric(R, S) == \A a, b \in S : ~(R[a, b] /\ R[b, a])
IsTransitive(R, S) == \A a, b, c \in S : R[a, b] /\ R[b, c] => R[a, c]

TransitiveClosure(R, S) ==
  LET RECURSIVE through(_)  \* which elements are joined by a way all of whose inner elements are in T
      through(T) == IF T = {} THEN [a, b \in S |-> R[a, b]]
                    ELSE LET stop == CHOOSE e \in T : TRUE
                             before == through(T \ {stop})
                         IN  [a, b \in S |-> before[a, b] \/ (before[a, stop] /\ before[stop, b])]
  IN  through(S)
ReflexiveTransitiveClosure(R, S) == LET joined == TransitiveClosure(R, S) IN [a, b \in S |-> a = b \/ joined[a, b]]
IsConnected(R, S) == LET joined == ReflexiveTransitiveClosure(R, S) IN \A a, b \in S : joined[a, b]
=============================================================================
