----------------------------- MODULE Functions ------------------------------
(* Functions as sets of pairs: parts of them, what they map to, whether they keep elements apart. *)
LOCAL INSTANCE Folds

Range(f) == {f[key] : key \in DOMAIN f}
Restrict(f, S) == [key \in S |-> f[key]]
RestrictDomain(f, Test(_)) == [key \in {k \in DOMAIN f : Test(k)} |-> f[key]]
RestrictValues(f, Test(_)) == [key \in {k \in DOMAIN f : Test(f[k])} |-> f[key]]
IsRestriction(f, g) == DOMAIN f \subseteq DOMAIN g /\ \A key \in DOMAIN f : f[key] = g[key]
Pointwise(Op(_, _), f, g) == [key \in DOMAIN f |-> Op(f[key], g[key])]

IsInjective(f) == \A one, other \in DOMAIN f : one # other => f[one] # f[other]
Injection(S, T) == {f \in [S -> T] : IsInjective(f)}
Surjection(S, T) == {f \in [S -> T] : T \subseteq Range(f)}
Bijection(S, T) == {f \in Injection(S, T) : T \subseteq Range(f)}
ExistsInjection(S, T) == \E f \in [S -> T] : IsInjective(f)
ExistsSurjection(S, T) == \E f \in [S -> T] : T \subseteq Range(f)
ExistsBijection(S, T) == \E f \in [S -> T] : IsInjective(f) /\ T \subseteq Range(f)

Inverse(f, S, T) == [image \in T |-> CHOOSE key \in S : image \in Range(f) => f[key] = image]
AntiFunction(f) == Inverse(f, DOMAIN f, Range(f))

FoldFunctionOnSet(op(_, _), base, fun, indices) ==
  MapThenFoldSet(op, base, LAMBDA key : fun[key], LAMBDA S : CHOOSE key \in S : TRUE, indices)
FoldFunction(op(_, _), base, fun) == FoldFunctionOnSet(op, base, fun, DOMAIN fun)
=============================================================================
