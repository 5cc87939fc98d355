---------------------------- MODULE SequencesExt ----------------------------
(* Sequences: to and from sets, parts, prefixes, folds, changes at a place. *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE TLC

ToSet(s) == {s[i] : i \in DOMAIN s}
ToBag(s) == [e \in ToSet(s) |-> Cardinality({i \in DOMAIN s : s[i] = e})]
SetToSeq(S) ==
  LET RECURSIVE listed(_)
      listed(T) == IF T = {} THEN <<>> ELSE LET e == CHOOSE e \in T : TRUE IN <<e>> \o listed(T \ {e})
  IN  listed(S)
SetToSeqs(S) ==
  LET RECURSIVE orders(_)
      orders(T) == IF T = {} THEN {<<>>} ELSE UNION {{<<e>> \o s : s \in orders(T \ {e})} : e \in T}
  IN  orders(S)
SetToSortSeq(S, op(_, _)) == SortSeq(SetToSeq(S), op)
SetToAllKPermutations(S) == UNION {SetToSeqs(T) : T \in SUBSET S}
TupleOf(S, n) == [1 .. n -> S]
SeqOf(S, n) == UNION {[1 .. m -> S] : m \in 0 .. n}
BoundedSeq(S, n) == SeqOf(S, n)

Contains(s, e) == e \in ToSet(s)
IsSorted(s, op(_, _)) == \A i, j \in DOMAIN s : i < j => op(s[i], s[j])
Reverse(s) == [i \in 1 .. Len(s) |-> s[Len(s) + 1 - i]]
Remove(s, e) == SelectSeq(s, LAMBDA d : d # e)
ReplaceAll(s, old, new) == [i \in 1 .. Len(s) |-> IF s[i] = old THEN new ELSE s[i]]

LOCAL Places(s, Test(_)) == {i \in DOMAIN s : Test(s[i])}
SelectInSeq(s, Test(_)) ==
  IF Places(s, Test) = {} THEN 0 ELSE CHOOSE i \in Places(s, Test) : \A j \in Places(s, Test) : i <= j
SelectLastInSeq(s, Test(_)) ==
  IF Places(s, Test) = {} THEN 0 ELSE CHOOSE i \in Places(s, Test) : \A j \in Places(s, Test) : j <= i
SelectInSubSeq(s, from, to, Test(_)) == SelectInSeq(SubSeq(s, from, to), Test)
SelectLastInSubSeq(s, from, to, Test(_)) == SelectLastInSeq(SubSeq(s, from, to), Test)

InsertAt(s, i, e) == SubSeq(s, 1, i - 1) \o <<e>> \o SubSeq(s, i, Len(s))
ReplaceAt(s, i, e) == [s EXCEPT ![i] = e]
RemoveAt(s, i) == SubSeq(s, 1, i - 1) \o SubSeq(s, i + 1, Len(s))
RemoveFirstMatch(s, Test(_)) == IF Places(s, Test) = {} THEN s ELSE RemoveAt(s, SelectInSeq(s, Test))
RemoveFirst(s, e) == RemoveFirstMatch(s, LAMBDA d : d = e)
ReplaceFirst(s, old, new) ==
  IF Contains(s, old) THEN ReplaceAt(s, SelectInSeq(s, LAMBDA d : d = old), new) ELSE s
Cons(e, s) == <<e>> \o s
Snoc(e, s) == Append(s, e)
Front(s) == SubSeq(s, 1, Len(s) - 1)
Last(s) == s[Len(s)]

IsPrefix(s, t) == Len(s) <= Len(t) /\ \A i \in 1 .. Len(s) : s[i] = t[i]
IsStrictPrefix(s, t) == Len(s) < Len(t) /\ IsPrefix(s, t)
IsSuffix(s, t) == Len(s) <= Len(t) /\ \A i \in 1 .. Len(s) : s[i] = t[Len(t) - Len(s) + i]
IsStrictSuffix(s, t) == Len(s) < Len(t) /\ IsSuffix(s, t)
Prefixes(s) == {SubSeq(s, 1, n) : n \in 0 .. Len(s)}
Suffixes(s) == {SubSeq(s, n, Len(s)) : n \in 1 .. Len(s) + 1}
CommonPrefixes(S) == {s \in UNION {Prefixes(t) : t \in S} : \A t \in S : IsPrefix(s, t)}
LongestCommonPrefix(S) == CHOOSE s \in CommonPrefixes(S) : \A t \in CommonPrefixes(S) : Len(t) <= Len(s)
SubSeqs(s) == {SubSeq(s, m, n) : m \in 1 .. Len(s) + 1, n \in 0 .. Len(s)}
IsInjective(s) == \A i, j \in DOMAIN s : i # j => s[i] # s[j]

FoldLeft(op(_, _), base, s) ==
  LET RECURSIVE upto(_)
      upto(n) == IF n = 0 THEN base ELSE op(upto(n - 1), s[n])
  IN  upto(Len(s))
FoldRight(op(_, _), s, base) ==
  LET RECURSIVE from(_)
      from(n) == IF n > Len(s) THEN base ELSE op(s[n], from(n + 1))
  IN  from(1)
FoldSeq(op(_, _), base, s) == FoldRight(op, s, base)
FoldLeftDomain(op(_, _), base, s) == FoldLeft(op, base, [i \in 1 .. Len(s) |-> i])
FoldRightDomain(op(_, _), s, base) == FoldRight(op, [i \in 1 .. Len(s) |-> i], base)
FlattenSeq(s) == FoldLeft(LAMBDA done, part : done \o part, <<>>, s)
Zip(s, t) == [i \in 1 .. Len(s) |-> <<s[i], t[i]>>]
=============================================================================
