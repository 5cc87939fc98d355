------------------------------- MODULE Process -------------------------------
(****************************************************************************)
(* The barrier of processes, any of which may be killed at any instruction. *)
(* The line and the verdict lie in shared memory under a lock that the      *)
(* kernel gives back when its holder dies.  Who changes the line marks it   *)
(* as torn first and clears the mark afterwards; whoever gets the lock and  *)
(* finds the mark, or a dead process in the line, breaks the generation.    *)
(* Every process inside keeps a descriptor open; the kernel closes it, and  *)
(* those who wait see that.  Source: ours, after robust mutexes (POSIX).    *)
(* Level: one write to shared memory, one system call.  Left out: action,   *)
(* timeout and reset, which are as in Barrier.                              *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Threads, Parties, Calls, Nobody,  \* as in Barrier; the threads are processes
          Mortal,                           \* those who may be killed
          Robust                            \* FALSE is the mistake: the lock dies with its holder, as a semaphore does

ASSUME Parties \in Nat \ {0} /\ Mortal \subseteq Threads /\ Robust \in BOOLEAN

VARIABLES
    alive,   \* the processes that have not been killed
    lock,    \* who holds the lock, or Nobody
    torn,    \* somebody is changing the line, or died while he did
    line,    \* who has arrived and has no verdict, in the order of arrival
    broken,  \* whether the barrier is broken
    pc,      \* where each process is
    call,    \* the call that it is in
    fate     \* what is written in its place in shared memory, or None
vars == <<alive, lock, torn, line, broken, pc, call, fate>>

None        == <<>>
Index(i)    == <<"index", i>>
Broken      == <<"broken">>
Interrupted == <<"interrupted">>  \* nobody reads it: the process is dead
Done        == <<"done">>

InLine(t) == \E i \in 1 .. Len(line) : line[i] = t
Place(t)  == (CHOOSE i \in 1 .. Len(line) : line[i] = t) - 1
Dead      == {t \in Threads \ alive : fate[t] = None /\ call[t] = "wait" /\ pc[t] \notin {"called", "tripped"}}
Clean     == Dead = {}

TypeOK == /\ alive \subseteq Threads /\ lock \in Threads \cup {Nobody} /\ torn \in BOOLEAN
          /\ line \in Seq(Threads) /\ broken \in BOOLEAN
          /\ pc \in [Threads -> {"out", "called", "locked", "marked", "written", "entered", "tripped",
                                 "waiting", "noticed", "repairing", "leaving"}]

Init == /\ alive = Threads /\ lock = Nobody /\ torn = FALSE /\ line = <<>> /\ broken = FALSE
        /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"] /\ fate = [t \in Threads |-> None]

Go(t, from, to) == t \in alive /\ pc[t] = from /\ pc' = [pc EXCEPT ![t] = to]
Tell(t, result) == fate' = [fate EXCEPT ![t] = result]

Call(t, what) ==
    /\ Go(t, "out", "called") /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<alive, lock, torn, line, broken, fate>>

Return(t) ==
    /\ Go(t, "leaving", "out") /\ call' = [call EXCEPT ![t] = "none"] /\ Tell(t, None)
    /\ UNCHANGED <<alive, lock, torn, line, broken>>

Lock(t) ==  \* the kernel has released the lock of the dead
    /\ lock = Nobody \/ (Robust /\ lock \notin alive)
    /\ lock' = t
    /\ Go(t, "called", "locked") \/ Go(t, "noticed", "repairing")
    /\ UNCHANGED <<alive, torn, line, broken, call, fate>>

Repair(t) ==  \* one who died inside has broken the generation; one after the other, those in the line first
    LET first == IF \E d \in Dead : InLine(d) THEN {d \in Dead : InLine(d)} ELSE Dead
    IN  /\ t \in alive /\ pc[t] \in {"locked", "repairing"} /\ torn' = FALSE /\ line' = <<>> /\ broken' = TRUE
        /\ \E d \in first :
               fate' = [s \in Threads |-> IF s = d THEN Interrupted ELSE IF InLine(s) THEN Broken ELSE fate[s]]
        /\ UNCHANGED <<alive, lock, pc, call>>

Refuse(t) ==
    /\ Go(t, "locked", "tripped") /\ call[t] = "wait" /\ Clean /\ broken
    /\ Tell(t, Broken) /\ UNCHANGED <<alive, lock, torn, line, broken, call>>

Mark(t) ==
    /\ Go(t, "locked", "marked") /\ call[t] = "wait" /\ Clean /\ ~broken
    /\ torn' = TRUE /\ UNCHANGED <<alive, lock, line, broken, call, fate>>

Write(t) ==
    /\ Go(t, "marked", "written") /\ line' = Append(line, t)
    /\ UNCHANGED <<alive, lock, torn, broken, call, fate>>

Clear(t) ==
    /\ Go(t, "written", "entered") /\ torn' = FALSE
    /\ UNCHANGED <<alive, lock, line, broken, call, fate>>

Trip(t) ==  \* the verdict is one write
    /\ Len(line) = Parties /\ Go(t, "entered", "tripped")
    /\ fate' = [s \in Threads |-> IF InLine(s) THEN Index(Place(s)) ELSE fate[s]]
    /\ line' = <<>> /\ UNCHANGED <<alive, lock, torn, broken, call>>

Abort(t) ==
    /\ Go(t, "locked", "tripped") /\ call[t] = "abort" /\ Clean
    /\ fate' = [s \in Threads |-> IF s = t THEN Done ELSE IF InLine(s) THEN Broken ELSE fate[s]]
    /\ line' = <<>> /\ broken' = TRUE /\ UNCHANGED <<alive, lock, torn, call>>

Unlock(t) ==
    /\ \/ Go(t, "entered", "waiting") /\ Len(line) < Parties
       \/ Go(t, "tripped", "leaving")
       \/ Go(t, "repairing", "waiting") /\ Clean
    /\ lock' = Nobody /\ UNCHANGED <<alive, torn, line, broken, call, fate>>

Wake(t) ==
    /\ Go(t, "waiting", "leaving") /\ fate[t] # None
    /\ UNCHANGED <<alive, lock, torn, line, broken, call, fate>>

Notice(t) ==  \* a descriptor of one who was inside has been closed
    /\ Go(t, "waiting", "noticed") /\ fate[t] = None /\ Dead # {}
    /\ UNCHANGED <<alive, lock, torn, line, broken, call, fate>>

Kill(t) ==
    /\ t \in Mortal \cap alive /\ alive' = alive \ {t}
    /\ UNCHANGED <<lock, torn, line, broken, pc, call, fate>>

Step(t) == \/ Return(t) \/ Lock(t) \/ Repair(t) \/ Refuse(t) \/ Mark(t) \/ Write(t) \/ Clear(t) \/ Trip(t)
           \/ Abort(t) \/ Unlock(t) \/ Wake(t) \/ Notice(t)

(* A legal end, not a deadlock: those who are missing were killed before they came.  Only a timeout helps then. *)
Bereft == Cardinality(alive) < Parties /\ UNCHANGED vars

Next == Bereft \/ \E t \in Threads : (\E what \in Calls : Call(t, what)) \/ Step(t) \/ Kill(t)

Spec == Init /\ [][Next]_vars

(* Whoever lives goes on, and gets the lock if it is free often enough.  Nobody has to call, nobody has to be killed. *)
Fairness == \A t \in Threads : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
(* Whoever finds the line torn finds somebody dead, too, and repairs it before he looks at it. *)
Mended == torn => Dead # {} \/ (lock \in alive /\ pc[lock] \in {"marked", "written"})

(* P14 death: when one inside a generation is killed, nobody of it hangs. *)
P14 == \A s \in Mortal, t \in Threads : (s \in Dead /\ InLine(t)) ~> (pc[t] = "out" \/ t \notin alive)

(* A killed process is to the others as one that was hit by an exception, and whose wait never returns. *)
B == INSTANCE Barrier WITH
    Outcomes <- {}, Targets <- Mortal, Slow <- {},
    at   <- [t \in Threads |-> IF call[t] # "wait" THEN "out" ELSE IF fate[t] # None THEN "leaving"
                               ELSE IF InLine(t) THEN "waiting" ELSE "called"],
    call <- [t \in Threads |-> IF t \notin alive /\ call[t] = "wait" THEN "struck" ELSE call[t]]

Contract == B!Spec

THEOREM Spec => Contract
===============================================================================
