------------------------------- MODULE Monitor -------------------------------
(****************************************************************************)
(* The barrier as a monitor: one lock, one condition, a state and a count.  *)
(* This is the algorithm of CPython's threading.Barrier (Lib/threading.py,  *)
(* 3.11 to 3.13), written anew.  Level: what is done between taking and     *)
(* giving back the lock is one step, unless an action runs in between.      *)
(* It keeps the contract as long as nobody aborts, no exception hits a      *)
(* waiter, nobody is slow, and the action leaves the barrier alone: see the *)
(* four *_Broken.cfg, one for each.                                         *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Threads, Parties, Calls, Outcomes, Targets, Slow, Nobody  \* as in Barrier

ASSUME Parties \in Nat \ {0}

VARIABLES
    state,  \* "filling", "draining", "resetting" or "broken"
    count,  \* how many are inside, also while they leave
    index,  \* what each found in count when it came
    owner,  \* who keeps the lock over more than one step: the last arriver
    pc,     \* where each thread is
    call,   \* the call that each is in
    fate,   \* what each has found out and will be told
    line    \* a ghost that no step reads: who waits, in the order of arrival
vars == <<state, count, index, owner, pc, call, fate, line>>

Waits       == {"wait", "wait_timeout"}
None        == <<>>
Index(i)    == <<"index", i>>
Broken      == <<"broken">>
Failed      == <<"failed">>
Interrupted == <<"interrupted">>
Done        == <<"done">>

TypeOK == /\ state \in {"filling", "draining", "resetting", "broken"} /\ count \in 0 .. Parties
          /\ index \in [Threads -> 0 .. Parties - 1] /\ owner \in Threads \cup {Nobody}
          /\ pc \in [Threads -> {"out", "called", "waiting", "acting", "acted", "leaving"}]

Init == /\ state = "filling" /\ count = 0 /\ index = [t \in Threads |-> 0] /\ owner = Nobody
        /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"]
        /\ fate = [t \in Threads |-> None] /\ line = <<>>

Call(t, what) ==
    /\ \/ pc[t] = "out" /\ call[t] = "none"
       \/ pc[t] = "acting" /\ call[t] = "wait" /\ what \notin Waits
    /\ pc' = [pc EXCEPT ![t] = IF what \in Waits THEN "called" ELSE @]
    /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<state, count, index, owner, fate, line>>

Return(t) ==
    /\ fate[t] # None /\ pc[t] # "acted"
    /\ pc' = [pc EXCEPT ![t] = IF @ = "leaving" THEN "out" ELSE @]
    /\ call' = [call EXCEPT ![t] = IF pc[t] = "acting" THEN "wait" ELSE "none"]
    /\ fate' = [fate EXCEPT ![t] = None]
    /\ index' = [index EXCEPT ![t] = 0]
    /\ UNCHANGED <<state, count, owner, line>>

Enter(t) ==  \* a newcomer waits for the drain, outside any timeout
    /\ owner = Nobody /\ pc[t] = "called" /\ state \notin {"draining", "resetting"}
    /\ IF state = "broken"
       THEN /\ pc' = [pc EXCEPT ![t] = "leaving"] /\ fate' = [fate EXCEPT ![t] = Broken]
            /\ UNCHANGED <<count, index, owner, line>>
       ELSE /\ pc' = [pc EXCEPT ![t] = "waiting"] /\ line' = Append(line, t)
            /\ index' = [index EXCEPT ![t] = count] /\ count' = count + 1
            /\ owner' = IF count + 1 = Parties THEN t ELSE Nobody
            /\ UNCHANGED fate
    /\ UNCHANGED <<state, call>>

ActionBegins(t) ==
    /\ Outcomes # {} /\ owner = t /\ pc[t] = "waiting"
    /\ pc' = [pc EXCEPT ![t] = "acting"] /\ call' = [call EXCEPT ![t] = "wait"]
    /\ UNCHANGED <<state, count, index, owner, fate, line>>

ActionEnds(t, how) ==
    /\ pc[t] = "acting" /\ call[t] = "wait"
    /\ pc' = [pc EXCEPT ![t] = "acted"] /\ fate' = [fate EXCEPT ![t] = IF how = "raises" THEN Failed ELSE None]
    /\ UNCHANGED <<state, count, index, owner, call, line>>

Exit(t, result, now) ==  \* t counts itself out; the last to leave opens the next generation
    /\ count' = count - 1
    /\ state' = IF count = 1 /\ now \in {"draining", "resetting"} THEN "filling" ELSE now
    /\ pc' = [pc EXCEPT ![t] = "leaving"] /\ fate' = [fate EXCEPT ![t] = result]
    /\ UNCHANGED <<index, call>>

Release(t) ==  \* the last arriver lets the others go
    /\ owner = t /\ pc[t] = (IF Outcomes = {} THEN "waiting" ELSE "acted")
    /\ IF fate[t] = Failed THEN Exit(t, Failed, "broken") ELSE Exit(t, Index(index[t]), "draining")
    /\ owner' = Nobody /\ line' = <<>>

Wake(t) ==  \* the condition has been notified
    /\ owner = Nobody /\ pc[t] = "waiting" /\ state # "filling" /\ call[t] # "struck"
    /\ Exit(t, IF state = "draining" THEN Index(index[t]) ELSE Broken, state)
    /\ UNCHANGED <<owner, line>>

Expire(t) ==
    /\ owner = Nobody /\ pc[t] = "waiting" /\ call[t] = "wait_timeout" /\ state = "filling"
    /\ Exit(t, Broken, "broken") /\ line' = <<>> /\ UNCHANGED owner

Interrupt(t) ==
    /\ t \in Targets /\ pc[t] = "waiting" /\ owner # t /\ call[t] # "struck"
    /\ call' = [call EXCEPT ![t] = "struck"] /\ UNCHANGED <<state, count, index, owner, pc, fate, line>>

Unwind(t) ==  \* it counts itself out, and the next to come finds an index that another one has
    /\ owner = Nobody /\ pc[t] = "waiting" /\ call[t] = "struck"
    /\ Exit(t, Interrupted, state) /\ line' = SelectSeq(line, LAMBDA s : s # t) /\ UNCHANGED owner

Abort(t) ==
    /\ owner = Nobody /\ call[t] = "abort" /\ fate[t] = None
    /\ state' = "broken" /\ line' = <<>> /\ fate' = [fate EXCEPT ![t] = Done]
    /\ UNCHANGED <<count, index, owner, pc, call>>

Reset(t) ==
    /\ owner = Nobody /\ call[t] = "reset" /\ fate[t] = None
    /\ state' = IF count = 0 THEN "filling" ELSE IF state = "draining" THEN state ELSE "resetting"
    /\ line' = <<>> /\ fate' = [fate EXCEPT ![t] = Done]
    /\ UNCHANGED <<count, index, owner, pc, call>>

Locked(t) == ActionBegins(t) \/ Release(t)
Step(t) == Return(t) \/ Enter(t) \/ Wake(t) \/ Expire(t) \/ Unwind(t) \/ Abort(t) \/ Reset(t)

Next == \E t \in Threads : \/ \E what \in Calls : Call(t, what)
                           \/ \E how \in Outcomes : ActionEnds(t, how)
                           \/ Interrupt(t)
                           \/ Locked(t)
                           \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Whoever is not slow takes the lock if it is free often enough.  Nobody stops while he has it, and an action ends. *)
Fairness == /\ \A t \in Threads : WF_vars(Locked(t)) /\ WF_vars(\E how \in Outcomes : ActionEnds(t, how))
            /\ \A t \in Threads \ Slow : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Out(t) == pc[t] = "waiting" /\ state # "filling"  \* t still waits, but its generation has its verdict

B == INSTANCE Barrier WITH
    at     <- [t \in Threads |-> IF Out(t) THEN "leaving" ELSE pc[t]],
    fate   <- [t \in Threads |-> IF ~Out(t) THEN fate[t] ELSE IF state = "draining" THEN Index(index[t]) ELSE Broken],
    broken <- state = "broken"

Contract == B!Spec
P3 == B!P3    \* refuted by Monitor_Broken.cfg: abort takes the verdict back from those who still leave
P5 == B!P5    \* refuted by Monitor_P5_Broken.cfg: after an exception in a waiter, the indices are 1, 1, 2
P7 == B!P7    \* refuted by Monitor_P7_Broken.cfg: a newcomer waits for the drain beyond its timeout
P9 == B!P9

(* P11 is refuted by Monitor_P11_Broken.cfg: an action that aborts waits for the lock that its own thread has. *)
THEOREM Spec => Contract  \* if Calls, Targets, Slow and Outcomes are as in Monitor.cfg
===============================================================================
