"""Expressions whose values TLC was asked for: one on each line, over the definitions of `DEFINITIONS`."""

from __future__ import annotations

DEFINITIONS = r"""
Even(x) == x % 2 = 0
Double(x) == 2 * x
Twice(F(_), x) == F(F(x))
Both(F(_, _), x, y) == F(x, y)
Fact[n \in Nat] == IF n = 0 THEN 1 ELSE n * Fact[n - 1]
RECURSIVE FactR(_)
FactR(n) == IF n = 0 THEN 1 ELSE n * FactR(n - 1)
RECURSIVE Sum(_)
Sum(S) == IF S = {} THEN 0 ELSE LET x == CHOOSE x \in S : TRUE IN x + Sum(S \ {x})
Plus(a, b) == a + b
RECURSIVE Fold(_, _, _)
Fold(Op(_, _), z, s) == IF s = <<>> THEN z ELSE Op(Head(s), Fold(Op, z, Tail(s)))
Each(F(_), s) == [i \in DOMAIN s |-> F(s[i])]
Range(f) == {f[x] : x \in DOMAIN f}
Backwards(s) == [i \in 1 .. Len(s) |-> s[Len(s) + 1 - i]]
RECURSIVE Closure(_)
Closure(R) == LET U == R \cup {<<p[1][1], p[2][2]>> : p \in {r \in R \X R : r[1][2] = r[2][1]}}
              IN  IF U = R THEN R ELSE Closure(U)
Max(S) == CHOOSE x \in S : \A y \in S : x >= y
"""

EXPRESSIONS = [
    line
    for line in r"""
1 + 2 * 3
7 \div 2
(-7) \div 2
(-7) % 3
7 % 3
2 ^ 10
-3 + 5
- 3 * 2
10 - 3 - 2
10 - 3 + 2
{3, 1, 2, 1}
{TRUE, FALSE}
1..5
5..1
{} = 5..1
{1,2} \cup {3} \cup {2}
{1,2,3} \cap {2,3,4}
{1,2,3} \ {2}
SUBSET {1,2}
UNION {{1,2},{3},{}}
UNION {}
{x \in 1..10 : x % 2 = 0}
{x * x : x \in 1..4}
{<<x, y>> : x \in 1..2, y \in {"a", "b"}}
{x + y : x, y \in 1..2}
[x \in 1..3 |-> x * x]
[x \in {"a", "b"} |-> 1]
[x \in {3, 5} |-> x]
[x \in {} |-> x] = <<>>
<<1, 2>> = [i \in 1..2 |-> i]
[a |-> 1, b |-> 2] = [x \in {"a", "b"} |-> IF x = "a" THEN 1 ELSE 2]
[a |-> 1, b |-> 2].b
[a |-> 1, b |-> 2]["a"]
<<10, 20, 30>>[2]
DOMAIN <<10, 20, 30>>
DOMAIN [a |-> 1, b |-> 2]
[f \in {1} |-> 2][1]
[<<1,2,3>> EXCEPT ![2] = 9]
[<<1,2,3>> EXCEPT ![2] = @ + 10, ![3] = @ * 2]
[[a |-> 1, b |-> [c |-> 2]] EXCEPT !.b.c = @ + 1, !.a = 5]
[[x \in 1..2 |-> [y \in 1..2 |-> 0]] EXCEPT ![1][2] = 7]
[<<1,2,3>> EXCEPT ![7] = 9]
[[a |-> <<1, 2>>] EXCEPT !.a[1] = @ + 4]
[{1,2} -> {0,1}]
[1..2 -> {"x"}]
[{} -> {1}]
[{1} -> {}]
[a : {1,2}, b : {3}]
{1,2} \X {3,4}
{1} \X {2} \X {3}
({1} \X {2}) \X {3}
<<1,2>> \in {1} \X {2}
<<1,2>> \in Nat \X Nat
<<1,2,3>> \in Seq(Nat)
<<>> \in Seq({})
"a" \in STRING
[a |-> 1] \in [a : Nat]
[i \in 1..2 |-> 3] \in [1..2 -> Nat]
{1,2} \in SUBSET Nat
{} \in SUBSET {}
-1 \in Nat
-1 \in Int
Append(<<1>>, 2)
<<1>> \o <<2, 3>>
Head(<<4, 5>>)
Tail(<<4, 5>>)
SubSeq(<<1,2,3,4>>, 2, 3)
SubSeq(<<1,2,3>>, 3, 2)
Len(<<1,2>>)
SelectSeq(<<1,2,3,4>>, LAMBDA x : x > 2)
SelectSeq(<<1,2,3,4>>, Even)
Cardinality({1,2,2})
Cardinality(SUBSET (1..4))
IsFiniteSet({1})
1 :> 2
1 :> 2 @@ 3 :> 4
(1 :> 2) @@ (1 :> 3)
("a" :> 2) @@ ("b" :> 3)
(2 :> "x") @@ (1 :> "y")
CHOOSE x \in {3, 1, 2} : x > 1
CHOOSE x \in 1..10 : x * x = 49
CHOOSE s \in SUBSET {1,2,3} : Cardinality(s) = 2
CHOOSE t \in {<<2, 1>>, <<1, 2>>} : TRUE
CHOOSE f \in [{1,2} -> {3,4}] : TRUE
CHOOSE f \in [1..2 -> {3,4}] : f[1] # f[2]
CHOOSE r \in [a : {2,1}, b : {4,3}] : TRUE
IF 1 < 2 THEN "y" ELSE "n"
CASE 1 > 2 -> "a" [] 2 > 1 -> "b" [] OTHER -> "c"
CASE FALSE -> 1 [] OTHER -> 2
LET x == 3 y == x + 1 IN x * y
LET f(a, b) == a + b IN f(1, f(2, 3))
LET g[n \in 0..5] == IF n = 0 THEN 1 ELSE n * g[n - 1] IN g[5]
Fact[6]
FactR(6)
Sum({1,2,3})
Twice(LAMBDA x : x + 1, 4)
Twice(Double, 4)
Both(+, 4, 5)
\A x \in {1,2} : x > 0
\E x \in {1,2} : x > 1
\A x, y \in {1,2} : x = y
\A x \in {} : FALSE
\E <<x, y>> \in {<<1,2>>, <<3,3>>} : x = y
{x \in {<<1,2>>, <<3,3>>} : x[1] = x[2]}
{<<x, y>> \in {<<1,2>>, <<3,3>>} : x = y}
[<<x, y>> \in {1,2} \X {3} |-> x + y]
[x \in {1,2}, y \in {3} |-> x * y]
[x, y \in 1..2 |-> x * y][2, 2]
[x, y \in 1..2 |-> x * y][<<2, 1>>]
TRUE => FALSE
FALSE => TRUE
TRUE <=> TRUE
~TRUE
(1 = 1) = TRUE
1 # 2
{{1}, {1,2}, {}}
{<<1>>, <<>>, <<1,2>>}
{"b", "a"}
"a" = "a"
"a b\"c"
<<"a", TRUE, {1}>>
3 \in 1..4
{1,2} \subseteq {1,2,3}
{1,5} \subseteq 1..3
(1..3) \cup {7}
(1..3) \cap (2..9)
DOMAIN [x, y \in 1..2 |-> 0]
LET S == {1,2,3} IN {s \in SUBSET S : Cardinality(s) = 2}
SortSeq(<<3,1,2>>, LAMBDA a, b : a < b)
SortSeq(<<3,1,2>>, <)
Permutations({1,2})
Max({3, 9, 2})
LET m == CHOOSE m \in {4,5} : \A n \in {4,5} : m >= n IN m
[n \in 1..3 |-> IF n = 1 THEN <<>> ELSE <<n>>]
{[a |-> 1, b |-> "x"], [a |-> 0, b |-> "y"]}
UNION {{x, x+1} : x \in {1, 5}}
\b101 + \hF + \o17
LET a \oplus b == a * 10 + b IN 1 \oplus 2
1 <= 2
2 =< 1
3 >= 3
2 \geq 5
\lnot TRUE
TRUE \land FALSE
TRUE \lor FALSE
{1} \union {2}
{1} \intersect {2}
(TRUE \equiv FALSE)
ToString(<<1, "a">>)
[i \in 1..3 |-> i][2]
<<<<1, 2>>, <<3>>>>[1][2]
[a |-> [b |-> <<5, 6>>]].a.b[2]
Cardinality([{1,2} -> {1,2,3}])
Cardinality({1,2} \X {1,2,3})
{1, 2, 3} = 1..3
SUBSET {1} = {{}, {1}}
[{1} -> {2}] = {1 :> 2}
{<<1, 2>>[i] : i \in 1..2}
CHOOSE p \in {<<x, y>> \in (1..3) \X (1..3) : x > y} : TRUE
LET R == [p : 1..2, q : BOOLEAN] IN Cardinality(R)
[r \in [p : 1..2] |-> r.p]
{r.p : r \in [p : 1..2]}
LET s == <<3, 4>> IN [s EXCEPT ![1] = s[2], ![2] = s[1]]
[[i \in 1..2 |-> {}] EXCEPT ![1] = @ \cup {5}]
[[i \in {"a"} |-> [n |-> 0, m |-> <<>>]] EXCEPT !["a"].n = @ + 1, !["a"].m = Append(@, 3)]
LET F2(y) == y * y F(x) == [y \in 1..x |-> F2(y)] IN F(3)
LET RECURSIVE G(_) G(n) == IF n = 0 THEN <<>> ELSE Append(G(n - 1), n) IN G(3)
Fold(LAMBDA a, b : a + b, 0, <<1, 2, 3>>)
Fold(Plus, 0, <<1, 2, 3>>)
Each(Double, <<1, 2>>)
Range(<<3, 3, 4>>)
Backwards(<<1, 2, 3>>)
{x \in SUBSET {1, 2, 3} : \A a, b \in x : a # b => (a + b) % 2 = 1}
\E f \in [1..3 -> 1..3] : \A i, j \in 1..3 : i # j => f[i] # f[j]
CHOOSE f \in [1..3 -> 1..3] : \A i, j \in 1..3 : i # j => f[i] # f[j]
Cardinality({f \in [1..3 -> 1..3] : \A i, j \in 1..3 : i # j => f[i] # f[j]})
LET Inj == {f \in [{1, 2} -> {1, 2, 3}] : f[1] # f[2]} IN Cardinality(Inj)
Closure({<<1, 2>>, <<2, 3>>})
IF {1} = {} THEN 1 ELSE CASE 1 \in {2} -> 5 [] 1 \in {1} -> 6
[x \in {1, 2} |-> x] @@ [x \in {2, 3} |-> 0]
LET x == [a |-> 1] IN x.a + [x EXCEPT !.a = 4].a
<<1, <<2, {3}>>>>
[x \in BOOLEAN |-> ~x]
[b \in {TRUE} |-> 1][TRUE]
{x : x \in BOOLEAN}
<<>> \o <<1>>
[a |-> <<>>, b |-> {}]
SUBSET {}
UNION {1..2, {5}}
{1..2, {5}}
{<<>>}
(1..2) \X {"a"}
[1..2 -> BOOLEAN]
\A s \in SUBSET {1,2} : s \subseteq 1..2
\A x \in {1, 2}, y \in {3} : x < y
\E x \in {1, 2} : \A y \in {1, 2} : y <= x
{{x, y} : x, y \in {1, 2}}
Len(<<>>) = 0 /\ <<>> = <<>>
"abc" \o "def"
100000 * 1000
2 - 5
(2 - 5) % 4
[i \in 1..0 |-> i]
DOMAIN <<>>
[n |-> 5, type |-> "x"].type
{[type |-> "a", v |-> 1]} \cup {[type |-> "b"]}
LET S == {[type |-> "a", v |-> 1], [type |-> "b"]} IN {m \in S : m.type = "a" /\ m.v = 1}
SelectSeq(<<[a |-> 1], [a |-> 2]>>, LAMBDA r : r.a > 1)
LET Op(S) == {x + 1 : x \in S} IN Op(Op({1, 2}))
[p \in {1, 2} |-> [q \in {1, 2} \ {p} |-> p + q]]
Cardinality(UNION {{<<i, j>> : j \in 1..i} : i \in 1..4})
""".split("\n")
    if line
]
