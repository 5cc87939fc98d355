--------------------------------- MODULE Tree ---------------------------------
(****************************************************************************)
(* phalanx.TreeBarrier.  Arrival is one ticket, as in Gates; the tickets    *)
(* make the groups, Arity of them in a row, and the first of each leads its *)
(* group.  The tree is the way down: the last arriver opens the gates of    *)
(* the root, where the leaders sleep; each leader opens the gate of its     *)
(* group, which is handed on from member to member.  Source: Yew, Tzeng and *)
(* Lawrie, "Distributing hot-spot addressing in large-scale                 *)
(* multiprocessors", 1987 (combining trees).  Level: one operation of       *)
(* tree.py or gates.py on what threads share.  The way to the newest        *)
(* generation is one step here, and there are as many threads as parties:   *)
(* the rest is in Gates.                                                    *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads, Calls,  \* as in Barrier
    Arity,           \* how many make a group
    Chains,          \* how many gates the root has at most
    Quiet            \* the mistake: a sleeper whose time is up, and finds the verdict settled, opens nothing

Parties == Cardinality(Threads)

ASSUME Parties > 1 /\ {Arity, Chains} \subseteq Nat \ {0} /\ Quiet \in BOOLEAN

VARIABLES
    gens,  \* the generations, the oldest first: the tickets taken, the verdict, and the gates that are open
    mine,  \* the generation that each thread knows; 0 for none
    pc,    \* where each thread is
    gate,  \* the gate that it opens next, if it opens all
    call   \* the call that it is in
vars == <<gens, mine, pc, gate, call>>

Groups     == (Parties - 2) \div Arity + 1               \* the last arriver sleeps in none
Root       == IF Groups < Chains THEN Groups ELSE Chains  \* gates 1 .. Root are the root's, the others the groups'
Mine(t)    == gens[mine[t]]
Verdict(t) == Mine(t).verdict
Place(t)   == (CHOOSE i \in 1 .. Len(Mine(t).taken) : Mine(t).taken[i] = t) - 1
Group(t)   == Place(t) \div Arity
Leader(t)  == Place(t) % Arity = 0
Own(t)     == Root + Group(t) + 1                                  \* the gate of its group
Gate(t)    == IF Leader(t) THEN (Group(t) % Root) + 1 ELSE Own(t)    \* where it sleeps
Hands(t)   == IF Groups > Root THEN Gate(t) ELSE Gate(t) + 1       \* what a leader opens at the root behind itself
Fresh      == [taken |-> <<>>, verdict |-> "none", open |-> {}]

TypeOK == /\ \A g \in 1 .. Len(gens) : /\ gens[g].verdict \in {"none", "tripped", "broken"}
                                       /\ Len(gens[g].taken) <= Parties /\ gens[g].open \subseteq 1 .. Root + Groups
          /\ mine \in [Threads -> 0 .. Len(gens)] /\ gate \in [Threads -> 1 .. Root + Groups]
          /\ pc \in [Threads -> {"out", "called", "asleep", "last", "handing", "releasing", "ringing", "leaving"}]

Init == /\ gens = <<Fresh>> /\ mine = [t \in Threads |-> 0] /\ pc = [t \in Threads |-> "out"]
        /\ gate = [t \in Threads |-> 1] /\ call = [t \in Threads |-> "none"]

Go(t, where) == pc' = [pc EXCEPT ![t] = where]
Lock(t, open) == gens' = [gens EXCEPT ![mine[t]].open = open]

Call(t, what) ==
    /\ call[t] = "none" /\ call' = [call EXCEPT ![t] = what] /\ Go(t, "called") /\ UNCHANGED <<gens, mine, gate>>

Arrive(t) ==  \* with a ticket, unless the barrier is broken
    /\ pc[t] = "called" /\ mine' = [mine EXCEPT ![t] = Len(gens)]
    /\ LET newest == gens[Len(gens)]
       IN  IF newest.verdict = "broken" THEN Go(t, "leaving") /\ UNCHANGED gens
           ELSE /\ gens' = [gens EXCEPT ![Len(gens)].taken = Append(@, t)]
                /\ Go(t, IF Len(newest.taken) + 1 = Parties THEN "last" ELSE "asleep")
    /\ UNCHANGED <<gate, call>>

Trip(t) ==
    /\ pc[t] = "last"
    /\ IF Verdict(t) = "none"
       THEN gens' = Append([gens EXCEPT ![mine[t]].verdict = "tripped"], Fresh) /\ Go(t, "ringing")
       ELSE UNCHANGED gens /\ Go(t, "leaving")
    /\ UNCHANGED <<mine, gate, call>>

Expire(t) ==  \* breaks the generation, or finds it tripped: opens all gates in any case, since others may rely on it
    /\ pc[t] = "asleep" /\ call[t] = "wait_timeout"
    /\ gens' = IF Verdict(t) = "none" THEN [gens EXCEPT ![mine[t]].verdict = "broken"] ELSE gens
    /\ Go(t, IF Quiet /\ Verdict(t) # "none" THEN "leaving" ELSE "ringing") /\ UNCHANGED <<mine, gate, call>>

Ring(t) ==  \* one gate after the other: the last arriver the root's, one whose time is up all that there are
    LET last == IF Place(t) = Parties - 1 THEN Root ELSE Root + Groups
    IN  /\ pc[t] = "ringing" /\ Lock(t, Mine(t).open \cup {gate[t]})
        /\ gate' = [gate EXCEPT ![t] = (@ % last) + 1]
        /\ Go(t, IF gate[t] < last THEN "ringing" ELSE "leaving") /\ UNCHANGED <<mine, call>>

Pass(t) ==
    /\ pc[t] = "asleep" /\ Gate(t) \in Mine(t).open /\ Lock(t, Mine(t).open \ {Gate(t)})
    /\ Go(t, IF Leader(t) /\ Hands(t) <= Root THEN "handing" ELSE "releasing") /\ UNCHANGED <<mine, gate, call>>

Hand(t) ==  \* a leader, to the next one
    /\ pc[t] = "handing" /\ Lock(t, Mine(t).open \cup {Hands(t)}) /\ Go(t, "releasing")
    /\ UNCHANGED <<mine, gate, call>>

Release(t) ==  \* the gate of the group: a leader for the first time, a member for the next one
    /\ pc[t] = "releasing" /\ Lock(t, Mine(t).open \cup {Own(t)}) /\ Go(t, "leaving")
    /\ UNCHANGED <<mine, gate, call>>

Return(t) ==  \* a generation that nobody knows any more is forgotten
    LET now  == [mine EXCEPT ![t] = 0]
        kept == {Len(gens)} \cup ({now[s] : s \in Threads} \ {0})
        rank(i) == Cardinality({k \in kept : k <= i})
    IN  /\ pc[t] = "leaving" /\ Go(t, "out") /\ call' = [call EXCEPT ![t] = "none"] /\ UNCHANGED gate
        /\ mine' = [s \in Threads |-> rank(now[s])]
        /\ gens' = [n \in 1 .. Cardinality(kept) |-> gens[CHOOSE k \in kept : rank(k) = n]]

Step(t) == Arrive(t) \/ Trip(t) \/ Expire(t) \/ Ring(t) \/ Pass(t) \/ Hand(t) \/ Release(t) \/ Return(t)

Next == \E t \in Threads : (\E what \in Calls : Call(t, what)) \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Every thread goes on; a gate that is handed on is taken by each in the end.  A member depends on its leader: that  *)
(* is what a tree costs.                                                                                             *)
Fairness == \A t \in Threads : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Newest     == gens[Len(gens)]
Arrived(t) == pc[t] \notin {"out", "called"}
Fate(t)    == IF ~Arrived(t) \/ Verdict(t) = "none" THEN <<>>
              ELSE IF Verdict(t) = "broken" THEN <<"broken">> ELSE <<"index", Place(t)>>

B == INSTANCE Barrier WITH
    Outcomes <- {}, Targets <- {}, Slow <- {}, Nobody <- "nobody",
    line   <- IF Newest.verdict = "none" THEN Newest.taken ELSE <<>>,
    broken <- Newest.verdict = "broken",
    at     <- [t \in Threads |-> IF ~Arrived(t) THEN pc[t] ELSE IF Fate(t) = <<>> THEN "waiting" ELSE "leaving"],
    fate   <- [t \in Threads |-> Fate(t)]

Contract == B!Spec
P9 == B!P9  \* refuted by Tree_Broken.cfg

THEOREM Spec => Contract
===============================================================================
