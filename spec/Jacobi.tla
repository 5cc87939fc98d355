-------------------------------- MODULE Jacobi --------------------------------
(****************************************************************************)
(* Laplace's equation by Jacobi's method, a row for each thread.  In each   *)
(* round a thread reads its row and the rows above and below from one array *)
(* and writes its row into the other; then all meet at a barrier, once, and *)
(* the barrier's action swaps the two arrays.  The barrier is not one of    *)
(* the algorithms but the contract itself: whatever refines Barrier will do.*)
(* Level: reading a row and writing a row are one step each; of a row we    *)
(* keep only which round it belongs to.                                     *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    N,       \* how many threads and inner rows; the rows 0 and N + 1 are the border
    Rounds,  \* how many rounds are made
    Nobody,  \* as in Barrier
    InPlace  \* the mistake: one array

Threads == 1 .. N
Rows    == 0 .. N + 1

ASSUME N \in Nat \ {0} /\ Rounds \in Nat /\ InPlace \in BOOLEAN

VARIABLES
    grid,   \* of which round each row of each array is; the border belongs to every round
    front,  \* the array that is read, 0 or 1
    round,  \* how many rounds each thread has finished
    seen,   \* the rows that each thread has read in this round
    pc,     \* "reading", "written" or "meeting"
    line, broken, at, call, fate  \* the barrier's, see there
barrier == <<line, broken, at, call, fate>>
vars    == <<grid, front, round, seen, pc, barrier>>

B == INSTANCE Barrier WITH
    Parties <- N, Calls <- {"wait"}, Outcomes <- {"works"}, Targets <- {}, Slow <- {}

Back    == IF InPlace THEN front ELSE 1 - front
Near(t) == {t - 1, t, t + 1}
Border(i) == i \in {0, N + 1}

TypeOK == /\ grid \in [{0, 1} -> [Rows -> 0 .. Rounds]] /\ front \in {0, 1}
          /\ round \in [Threads -> 0 .. Rounds] /\ seen \in [Threads -> SUBSET Rows]
          /\ pc \in [Threads -> {"reading", "written", "meeting"}] /\ B!TypeOK

Init == /\ grid = [k \in {0, 1} |-> [i \in Rows |-> 0]] /\ front = 0
        /\ round = [t \in Threads |-> 0] /\ seen = [t \in Threads |-> {}] /\ pc = [t \in Threads |-> "reading"]
        /\ B!Init

Read(t, i) ==
    /\ pc[t] = "reading" /\ round[t] < Rounds /\ i \in Near(t) \ seen[t]
    /\ seen' = [seen EXCEPT ![t] = @ \cup {i}]
    /\ UNCHANGED <<grid, front, round, pc, barrier>>

Write(t) ==
    /\ pc[t] = "reading" /\ seen[t] = Near(t)
    /\ grid' = [grid EXCEPT ![Back][t] = round[t] + 1]
    /\ pc' = [pc EXCEPT ![t] = "written"] /\ seen' = [seen EXCEPT ![t] = {}]
    /\ UNCHANGED <<front, round, barrier>>

Meet(t) ==
    /\ pc[t] = "written" /\ B!Call(t, "wait")
    /\ pc' = [pc EXCEPT ![t] = "meeting"]
    /\ UNCHANGED <<grid, front, round, seen>>

Swap(t) ==  \* the barrier's action, run by the last arriver while the others wait
    /\ B!ActionEnds(t, "works")
    /\ front' = Back
    /\ UNCHANGED <<grid, round, seen, pc>>

Go(t) ==
    /\ pc[t] = "meeting" /\ B!Return(t, fate[t])
    /\ pc' = [pc EXCEPT ![t] = "reading"] /\ round' = [round EXCEPT ![t] = @ + 1]
    /\ UNCHANGED <<grid, front, seen>>

Inside(t) == (B!Effect(t) \/ B!ActionBegins(t)) /\ UNCHANGED <<grid, front, round, seen, pc>>

Step(t) == (\E i \in Rows : Read(t, i)) \/ Write(t) \/ Meet(t) \/ Swap(t) \/ Go(t) \/ Inside(t)

Done == (\A t \in Threads : round[t] = Rounds) /\ UNCHANGED vars  \* a legal end, not a deadlock

Next == (\E t \in Threads : Step(t)) \/ Done

Spec == Init /\ [][Next]_vars

(* Every thread goes on whenever it can. *)
FairSpec == Spec /\ \A t \in Threads : WF_vars(Step(t))
-------------------------------------------------------------------------------
(* Every thread reads what was written in the round before, in whatever order the threads run: so the result is that  *)
(* of one thread, bit for bit.                                                                                        *)
Fresh == \A t \in Threads : pc[t] = "reading" /\ round[t] < Rounds =>
             \A i \in Near(t) \ seen[t] : ~Border(i) => grid[front][i] = round[t]

(* No race: nobody may write a row of an array that another one may read or write. *)
Reads(t)  == IF pc[t] = "reading" /\ round[t] < Rounds THEN {<<front, i>> : i \in Near(t) \ seen[t]} ELSE {}
Writes(t) == IF pc[t] = "reading" /\ seen[t] = Near(t) THEN {<<Back, t>>} ELSE {}
NoRace == \A t, u \in Threads : t # u => Writes(t) \cap (Reads(u) \cup Writes(u)) = {}

(* It comes to its end, and then the array in front is of the last round. *)
Ends == <>(\A t \in Threads : round[t] = Rounds /\ grid[front][t] = Rounds)

(* The barrier is used as its contract says. *)
Contract == B!Spec

THEOREM Spec => Contract
===============================================================================
