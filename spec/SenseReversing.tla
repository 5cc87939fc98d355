---------------------------- MODULE SenseReversing ----------------------------
(****************************************************************************)
(* The sense-reversing barrier: a counter and one flag.  Each thread has a  *)
(* sense of its own, which it turns round every time; the last arriver sets *)
(* the flag to it, and the others spin until the flag has their sense.      *)
(* Source: Hensgen, Finkel and Manber, "Two algorithms for barrier          *)
(* synchronization", 1988; Mellor-Crummey and Scott, "Algorithms for        *)
(* scalable synchronization", 1991.  Level: an access to shared memory is   *)
(* one step.  It knows no strangers, no timeout, no abort.                  *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads,   \* as many as Parties: each has its own sense
    Reversing  \* FALSE is the mistake: the flag is always raised to TRUE, and lowered by the first of the next round

Parties == Cardinality(Threads)

ASSUME Threads # {} /\ Reversing \in BOOLEAN

VARIABLES
    left,   \* how many have still to arrive
    flag,   \* what the spinning threads look at
    sense,  \* what each waits for
    index,  \* what each found, counted from 0
    pc,     \* where each thread is
    line    \* a ghost that no step reads: who waits, in the order of arrival
vars == <<left, flag, sense, index, pc, line>>

TypeOK == /\ left \in 1 .. Parties /\ flag \in BOOLEAN /\ sense \in [Threads -> BOOLEAN]
          /\ index \in [Threads -> 0 .. Parties - 1]
          /\ pc \in [Threads -> {"out", "called", "last", "raising", "waiting", "leaving"}]

Init == /\ left = Parties /\ flag = FALSE /\ sense = [t \in Threads |-> FALSE]
        /\ index = [t \in Threads |-> 0] /\ pc = [t \in Threads |-> "out"] /\ line = <<>>

Call(t) ==  \* turn the sense round
    /\ pc[t] = "out"
    /\ pc' = [pc EXCEPT ![t] = "called"]
    /\ sense' = [sense EXCEPT ![t] = IF Reversing THEN ~@ ELSE TRUE]
    /\ UNCHANGED <<left, flag, index, line>>

Arrive(t) ==  \* fetch and decrement
    /\ pc[t] = "called"
    /\ index' = [index EXCEPT ![t] = Parties - left]
    /\ pc' = [pc EXCEPT ![t] = IF left = 1 THEN "last" ELSE "waiting"]
    /\ left' = IF left = 1 THEN left ELSE left - 1
    /\ flag' = IF ~Reversing /\ left = Parties THEN FALSE ELSE flag
    /\ line' = Append(line, t)
    /\ UNCHANGED sense

Refill(t) ==  \* the last arriver makes the counter ready for the next round, and only then lets the others go
    /\ pc[t] = "last"
    /\ pc' = [pc EXCEPT ![t] = "raising"]
    /\ left' = Parties
    /\ UNCHANGED <<flag, sense, index, line>>

Raise(t) ==
    /\ pc[t] = "raising"
    /\ pc' = [pc EXCEPT ![t] = "leaving"]
    /\ flag' = sense[t]
    /\ line' = <<>>
    /\ UNCHANGED <<left, sense, index>>

Spin(t) ==
    /\ pc[t] = "waiting" /\ flag = sense[t]
    /\ pc' = [pc EXCEPT ![t] = "leaving"]
    /\ UNCHANGED <<left, flag, sense, index, line>>

Return(t) ==
    /\ pc[t] = "leaving"
    /\ pc' = [pc EXCEPT ![t] = "out"] /\ index' = [index EXCEPT ![t] = 0]
    /\ UNCHANGED <<left, flag, sense, line>>

Step(t) == Arrive(t) \/ Refill(t) \/ Raise(t) \/ Spin(t) \/ Return(t)

Next == \E t \in Threads : Call(t) \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Every thread goes on whenever it can.  Nobody has to call. *)
Fairness == \A t \in Threads : WF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Released(t) == pc[t] = "waiting" /\ flag = sense[t]

B == INSTANCE Barrier WITH
    Calls <- {"wait"}, Outcomes <- {}, Targets <- {}, Slow <- {}, Nobody <- "nobody",
    broken <- FALSE,
    at     <- [t \in Threads |-> CASE pc[t] \in {"last", "raising"} -> "waiting"
                                   [] Released(t)                   -> "leaving"
                                   [] OTHER                         -> pc[t]],
    call   <- [t \in Threads |-> IF pc[t] = "out" THEN "none" ELSE "wait"],
    fate   <- [t \in Threads |-> IF pc[t] = "leaving" \/ Released(t) THEN <<"index", index[t]>> ELSE <<>>]

Contract == B!Spec
P9 == B!P9

THEOREM Spec /\ Reversing => Contract
===============================================================================
