-------------------------------- MODULE Async --------------------------------
(****************************************************************************)
(* The barrier of an event loop: tasks take turns, and what a task does     *)
(* between two awaits nobody can interrupt.  A task that is cancelled while *)
(* it waits withdraws: its place is free again.  Once its generation is     *)
(* full there is nothing to withdraw from: the others trip without it.      *)
(* Source: ours; asyncio's rule for cancel() is that the task finds the     *)
(* exception where it waits, when it runs next.  Level: from one await to   *)
(* the next is one step, or two when the last arriver also trips.           *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Threads, Parties, Calls, Outcomes, Targets, Nobody,  \* as in Barrier; the threads are tasks
          Counted                                             \* the mistake: a cancelled waiter stays counted

ASSUME Parties \in Nat \ {0} /\ Counted \in BOOLEAN

VARIABLES
    waiters,  \* the tasks that wait for a verdict, in the order of arrival, strangers included
    broken,   \* whether the barrier is broken
    running,  \* the task that does not let go of the loop: the last arriver
    pc,       \* where each task is: "ready" before its first step, "suspended" at its await
    call,     \* the call that it is in; "struck" when it has been cancelled
    fate      \* what its future holds, or None
vars == <<waiters, broken, running, pc, call, fate>>

None        == <<>>
Index(i)    == <<"index", i>>
Broken      == <<"broken">>
Failed      == <<"failed">>
Interrupted == <<"interrupted">>  \* asyncio.CancelledError
Done        == <<"done">>

Among(t)  == \E i \in 1 .. Len(waiters) : waiters[i] = t
Full      == Len(waiters) >= Parties
Member(t) == \E i \in 1 .. Len(waiters) : i <= Parties /\ waiters[i] = t
Place(t)  == (CHOOSE i \in 1 .. Len(waiters) : waiters[i] = t) - 1
Last(t)   == Full /\ waiters[Parties] = t

TypeOK == /\ waiters \in Seq(Threads \cup {Nobody}) /\ broken \in BOOLEAN /\ running \in Threads \cup {Nobody}
          /\ pc \in [Threads -> {"out", "ready", "suspended", "acting", "acted", "leaving"}]

Init == /\ waiters = <<>> /\ broken = FALSE /\ running = Nobody /\ pc = [t \in Threads |-> "out"]
        /\ call = [t \in Threads |-> "none"] /\ fate = [t \in Threads |-> None]

Go(t, where, result) == pc' = [pc EXCEPT ![t] = where] /\ fate' = [fate EXCEPT ![t] = result]

Call(t, what) ==
    /\ running = Nobody /\ pc[t] = "out"
    /\ Go(t, "ready", None) /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<waiters, broken, running>>

Return(t) ==
    /\ pc[t] = "leaving"
    /\ Go(t, "out", None) /\ call' = [call EXCEPT ![t] = "none"]
    /\ UNCHANGED <<waiters, broken, running>>

Start(t) ==  \* run to the await; the last arriver keeps the loop until it trips or begins the action
    /\ running = Nobody /\ pc[t] = "ready" /\ call[t] = "wait"
    /\ IF broken THEN Go(t, "leaving", Broken) /\ UNCHANGED <<waiters, running>>
       ELSE /\ Go(t, "suspended", None) /\ waiters' = Append(waiters, t)
            /\ running' = IF Len(waiters) + 1 = Parties THEN t ELSE Nobody
    /\ UNCHANGED <<broken, call>>

ActionBegins(t) ==  \* the others run while the action awaits
    /\ Outcomes # {} /\ pc[t] = "suspended" /\ Last(t) /\ call[t] = "wait" /\ running \in {t, Nobody}
    /\ Go(t, "acting", None) /\ running' = Nobody
    /\ UNCHANGED <<waiters, broken, call>>

ActionEnds(t, how) ==
    /\ pc[t] = "acting" /\ running = Nobody
    /\ IF Member(t) THEN running' = t /\ Go(t, "acted", IF how = "raises" THEN Failed ELSE None)
       ELSE Go(t, "leaving", IF how = "raises" THEN Failed ELSE Broken) /\ UNCHANGED running
    /\ UNCHANGED <<waiters, broken, call>>

Trip(t) ==  \* set the futures; the tasks run when the loop gets to them
    /\ running = t \/ (running = Nobody /\ Outcomes = {})
    /\ Last(t) /\ pc[t] = (IF Outcomes = {} THEN "suspended" ELSE "acted") /\ fate[t] = None
    /\ fate' = [s \in Threads |-> IF Member(s) THEN Index(Place(s)) ELSE fate[s]]
    /\ pc' = [pc EXCEPT ![t] = "leaving"]
    /\ waiters' = SubSeq(waiters, Parties + 1, Len(waiters)) /\ running' = Nobody
    /\ UNCHANGED <<broken, call>>

BreakAll(t, result) ==
    /\ fate' = [s \in Threads |-> IF s = t THEN result ELSE IF Among(s) /\ pc[s] = "suspended" THEN Broken ELSE fate[s]]
    /\ pc' = [pc EXCEPT ![t] = "leaving"] /\ waiters' = <<>> /\ running' = Nobody
    /\ UNCHANGED call

Fail(t) == running = t /\ fate[t] = Failed /\ broken' = TRUE /\ BreakAll(t, Failed)

AbortOrReset(t) ==
    /\ running = Nobody /\ pc[t] = "ready" /\ call[t] \in {"abort", "reset"}
    /\ broken' = (call[t] = "abort") /\ BreakAll(t, Done)

Interrupt(t) ==  \* task.cancel()
    /\ running = Nobody /\ t \in Targets /\ call[t] = "wait" /\ pc[t] \in {"ready", "suspended"}
    /\ call' = [call EXCEPT ![t] = "struck"]
    /\ UNCHANGED <<waiters, broken, running, pc, fate>>

Resume(t) ==  \* the future is done, or cancelled; a task that withdraws from a full generation leaves it its place
    /\ running = Nobody
    /\ \/ pc[t] = "suspended" /\ call[t] = "wait" /\ fate[t] # None /\ Go(t, "leaving", fate[t]) /\ UNCHANGED waiters
       \/ /\ pc[t] \in {"ready", "suspended"} /\ call[t] = "struck"
          /\ Go(t, "leaving", Interrupted)
          /\ waiters' = IF Counted THEN waiters
                        ELSE IF Full /\ Member(t) /\ ~Last(t)
                        THEN [i \in 1 .. Len(waiters) |-> IF waiters[i] = t THEN Nobody ELSE waiters[i]]
                        ELSE SelectSeq(waiters, LAMBDA s : s # t)
    /\ UNCHANGED <<broken, running, call>>

Step(t) == Return(t) \/ Start(t) \/ ActionBegins(t) \/ Trip(t) \/ Fail(t) \/ AbortOrReset(t) \/ Resume(t)

Next == \E t \in Threads : \/ \E what \in Calls : Call(t, what)
                           \/ \E how \in Outcomes : ActionEnds(t, how)
                           \/ Interrupt(t)
                           \/ Step(t)

Spec == Init /\ [][Next]_vars

(* The loop runs every task that is ready, in the end, and an action ends. *)
Fairness == \A t \in Threads : SF_vars(Step(t)) /\ SF_vars(\E how \in Outcomes : ActionEnds(t, how))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
B == INSTANCE Barrier WITH
    Slow <- {},
    line <- waiters,
    at   <- [t \in Threads |-> CASE pc[t] = "suspended" -> (IF fate[t] = None THEN "waiting" ELSE "leaving")
                                 [] call[t] \in {"abort", "reset"} -> "out"
                                 [] pc[t] = "ready" -> "called"
                                 [] OTHER -> pc[t]]

Contract == B!Spec
P9 == B!P9
P10 == B!P10

(* P1 together: a generation trips only while Parties tasks are in it.  Refuted by Async_Broken.cfg. *)
P1 == [][\A t \in Threads : fate[t] = None /\ fate'[t] = Index(0) =>
             Cardinality({s \in Threads : pc[s] \in {"suspended", "acted"} /\ Member(s)}) = Parties]_vars

THEOREM Spec /\ ~Counted => Contract
===============================================================================
