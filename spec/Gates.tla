-------------------------------- MODULE Gates --------------------------------
(****************************************************************************)
(* How phalanx.Barrier wakes its sleepers while it is new: by a few gates.  *)
(* A gate is a lock, and a sleeper takes it.  Whoever has passed opens it   *)
(* again if others sleep there, and else the gate of the next sleeper.      *)
(* Source: ours; "passing the baton" is Andrews's (Concurrent Programming,  *)
(* 1991).  Level: one operation of gates.py on a lock.  Arrival is one      *)
(* step here, and there are as many threads as parties: Cyclic has the      *)
(* rest.                                                                    *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads, Calls,  \* as in Barrier
    Chains,          \* how many gates a generation has at most
    Common           \* the mistake: all generations have the same gates

Parties == Cardinality(Threads)

ASSUME Parties > 1 /\ Chains \in Nat \ {0} /\ Common \in BOOLEAN

VARIABLES
    gens,  \* the generations, the oldest first: the tickets taken, the verdict, and the gates that are open
    mine,  \* the generation that each thread knows; 0 for none
    pc,    \* where each thread is
    gate,  \* the gate that it opens next, if it opens all
    call   \* the call that it is in
vars == <<gens, mine, pc, gate, call>>

Mine(t)    == gens[mine[t]]
Verdict(t) == Mine(t).verdict
Place(t)   == (CHOOSE i \in 1 .. Len(Mine(t).taken) : Mine(t).taken[i] = t) - 1
Gates      == IF Parties - 1 < Chains THEN Parties - 1 ELSE Chains
Gate(t)    == (Place(t) % Gates) + 1                                    \* where t sleeps
Hands(t)   == IF Parties - 1 > Gates THEN Gate(t) ELSE Gate(t) + 1    \* what t opens when it has passed
Fresh      == [taken |-> <<>>, verdict |-> "none", open |-> IF Common THEN gens[Len(gens)].open ELSE {}]

TypeOK == /\ \A g \in 1 .. Len(gens) : /\ gens[g].verdict \in {"none", "tripped", "broken"}
                                       /\ Len(gens[g].taken) <= Parties /\ gens[g].open \subseteq 1 .. Gates
          /\ mine \in [Threads -> 0 .. Len(gens)] /\ gate \in [Threads -> 1 .. Gates]
          /\ pc \in [Threads -> {"out", "called", "asleep", "last", "ringing", "handing", "leaving"}]

Init == /\ gens = <<[taken |-> <<>>, verdict |-> "none", open |-> {}]>> /\ mine = [t \in Threads |-> 0]
        /\ pc = [t \in Threads |-> "out"] /\ gate = [t \in Threads |-> 1] /\ call = [t \in Threads |-> "none"]

Go(t, where)  == pc' = [pc EXCEPT ![t] = where]
Lock(t, open) == gens' = [g \in 1 .. Len(gens) |->
                             IF g = mine[t] \/ Common THEN [gens[g] EXCEPT !.open = open] ELSE gens[g]]

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

Expire(t) ==  \* breaks the generation, or finds it tripped: rings in any case, since others may rely on it
    /\ pc[t] = "asleep" /\ call[t] = "wait_timeout"
    /\ gens' = IF Verdict(t) = "none" THEN [gens EXCEPT ![mine[t]].verdict = "broken"] ELSE gens
    /\ Go(t, "ringing") /\ UNCHANGED <<mine, gate, call>>

Ring(t) ==  \* one gate after the other; one that is open stays open
    /\ pc[t] = "ringing" /\ Lock(t, Mine(t).open \cup {gate[t]})
    /\ gate' = [gate EXCEPT ![t] = (@ % Gates) + 1]
    /\ Go(t, IF gate[t] < Gates THEN "ringing" ELSE "leaving") /\ UNCHANGED <<mine, call>>

Pass(t) ==
    /\ pc[t] = "asleep" /\ Gate(t) \in Mine(t).open /\ Lock(t, Mine(t).open \ {Gate(t)})
    /\ Go(t, IF Hands(t) > Gates THEN "leaving" ELSE "handing") /\ UNCHANGED <<mine, gate, call>>

Hand(t) ==
    /\ pc[t] = "handing" /\ Lock(t, Mine(t).open \cup {Hands(t)}) /\ Go(t, "leaving") /\ UNCHANGED <<mine, gate, call>>

Return(t) ==  \* a generation that nobody knows any more is forgotten
    LET now  == [mine EXCEPT ![t] = 0]
        kept == {Len(gens)} \cup ({now[s] : s \in Threads} \ {0})
        rank(i) == Cardinality({k \in kept : k <= i})
    IN  /\ pc[t] = "leaving" /\ Go(t, "out") /\ call' = [call EXCEPT ![t] = "none"] /\ UNCHANGED gate
        /\ mine' = [s \in Threads |-> rank(now[s])]
        /\ gens' = [n \in 1 .. Cardinality(kept) |-> gens[CHOOSE k \in kept : rank(k) = n]]

Step(t) == Arrive(t) \/ Trip(t) \/ Expire(t) \/ Ring(t) \/ Pass(t) \/ Hand(t) \/ Return(t)

Next == \E t \in Threads : (\E what \in Calls : Call(t, what)) \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Every thread goes on; a gate that is handed on and on is taken by each in the end. *)
Fairness == \A t \in Threads : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Newest     == gens[Len(gens)]
Arrived(t) == pc[t] \notin {"out", "called"}
Fate(t)    == IF ~Arrived(t) \/ (Verdict(t) = "none" /\ pc[t] # "leaving") THEN <<>>
              ELSE IF Verdict(t) = "broken" THEN <<"broken">> ELSE <<"index", Place(t)>>

B == INSTANCE Barrier WITH
    Outcomes <- {}, Targets <- {}, Slow <- {}, Nobody <- "nobody",
    line   <- IF Newest.verdict = "none" THEN Newest.taken ELSE <<>>,
    broken <- Newest.verdict = "broken",
    at     <- [t \in Threads |-> IF ~Arrived(t) THEN pc[t] ELSE IF Fate(t) = <<>> THEN "waiting" ELSE "leaving"],
    fate   <- [t \in Threads |-> Fate(t)]

Contract == B!Spec
P1 == B!P1  \* refuted by Gates_Broken.cfg
P9 == B!P9

THEOREM Spec /\ ~Common => Contract
===============================================================================
