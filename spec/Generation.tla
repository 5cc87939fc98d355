------------------------------ MODULE Generation ------------------------------
(****************************************************************************)
(* One object for each generation, a gate for each waiter, and one lock     *)
(* that is held for a few instructions, but never while the action runs or  *)
(* while anybody waits.  Strangers may fill the next generation while the   *)
(* action of this one runs; its action then awaits its turn.  Source: ours, *)
(* after Java's CyclicBarrier.  Level: what is done with the lock held is   *)
(* one step, or two when it settles two things.  The objects are not shown: *)
(* the undecided ones, one behind the other, are the line.                  *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Threads, Parties, Calls, Outcomes, Targets, Nobody,  \* as in Barrier
          Keeping  \* the mistake: who runs the action of a generation that is broken meanwhile keeps the turn

ASSUME Parties \in Nat \ {0} /\ Keeping \in BOOLEAN

VARIABLES
    line,    \* who has arrived and has no verdict, in the order of arrival
    broken,  \* whether the barrier is broken
    turn,    \* who may run the action, from when he is told so until he passes it on, or Nobody
    owner,   \* who has still something to do with the lock held, or Nobody
    pc,      \* where each thread is: "waiting" at its gate, "expired" on the way from there to the lock
    call,    \* the call that it is in
    fate     \* the verdict of its generation, as it reads it, or the answer to its call
vars == <<line, broken, turn, owner, pc, call, fate>>

Waits       == {"wait", "wait_timeout"}
None        == <<>>
Index(i)    == <<"index", i>>
Broken      == <<"broken">>
Failed      == <<"failed">>
Interrupted == <<"interrupted">>
Done        == <<"done">>

In(t)    == \E i \in 1 .. Len(line) : line[i] = t
First(t) == \E i \in 1 .. Len(line) : i <= Parties /\ line[i] = t
Place(t) == (CHOOSE i \in 1 .. Len(line) : line[i] = t) - 1
Asleep(t) == pc[t] \in {"waiting", "expired"}

TypeOK == /\ line \in Seq(Threads) /\ broken \in BOOLEAN /\ {turn, owner} \subseteq Threads \cup {Nobody}
          /\ pc \in [Threads -> {"out", "called", "waiting", "expired", "leading", "acting", "acted", "leaving"}]

Init == /\ line = <<>> /\ broken = FALSE /\ turn = Nobody /\ owner = Nobody /\ pc = [t \in Threads |-> "out"]
        /\ call = [t \in Threads |-> "none"] /\ fate = [t \in Threads |-> None]

Go(t, where, result) == pc' = [pc EXCEPT ![t] = where] /\ fate' = [fate EXCEPT ![t] = result]

Call(t, what) ==
    /\ (pc[t] = "out" /\ call[t] = "none") \/ (pc[t] = "acting" /\ call[t] = "wait" /\ what \notin Waits)
    /\ pc' = [pc EXCEPT ![t] = IF what \in Waits THEN "called" ELSE @] /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<line, broken, turn, owner, fate>>

Return(t) ==
    /\ fate[t] # None /\ pc[t] \in {"out", "acting", "leaving"} /\ owner # t
    /\ Go(t, IF pc[t] = "acting" THEN "acting" ELSE "out", None)
    /\ call' = [call EXCEPT ![t] = IF pc[t] = "acting" THEN "wait" ELSE "none"]
    /\ UNCHANGED <<line, broken, turn, owner>>

Arrive(t) ==
    /\ owner = Nobody /\ pc[t] = "called" /\ call[t] \in Waits
    /\ IF broken THEN Go(t, "leaving", Broken) /\ UNCHANGED <<line, owner>>
       ELSE /\ Go(t, "waiting", None) /\ line' = Append(line, t)
            /\ owner' = IF Len(line') % Parties = 0 THEN t ELSE Nobody
    /\ UNCHANGED <<broken, turn, call>>

Trip(t) ==  \* without an action, the last arriver; with one, the leader, who then passes the turn on
    /\ IF Outcomes = {} THEN owner = t /\ owner' = Nobody
       ELSE owner = Nobody /\ pc[t] = "acted" /\ First(t) /\ fate[t] = None /\ owner' = t
    /\ fate' = [s \in Threads |-> IF First(s) THEN Index(Place(s)) ELSE fate[s]]
    /\ pc' = [pc EXCEPT ![t] = "leaving"] /\ line' = SubSeq(line, Parties + 1, Len(line))
    /\ UNCHANGED <<broken, turn, call>>

Queue(t) ==  \* the last arriver may lead, or waits for its turn
    /\ Outcomes # {} /\ owner = t /\ pc[t] = "waiting" /\ owner' = Nobody
    /\ IF turn = Nobody THEN turn' = t /\ pc' = [pc EXCEPT ![t] = "leading"] ELSE UNCHANGED <<turn, pc>>
    /\ UNCHANGED <<line, broken, call, fate>>

Pass(t) ==  \* the turn, to the leader of the next full generation, unless it is about to give up
    /\ Outcomes # {} /\ owner = t /\ pc[t] = "leaving" /\ owner' = Nobody
    /\ turn' = IF Len(line) >= Parties THEN line[Parties] ELSE Nobody
    /\ pc' = [s \in Threads |-> IF s = turn' /\ pc[s] = "waiting" /\ call[s] \in Waits THEN "leading" ELSE pc[s]]
    /\ UNCHANGED <<line, broken, call, fate>>

ActionBegins(t) ==
    /\ pc[t] = "leading" /\ Go(t, "acting", None) /\ call' = [call EXCEPT ![t] = "wait"]
    /\ UNCHANGED <<line, broken, turn, owner>>

ActionEnds(t, how) ==
    /\ pc[t] = "acting" /\ call[t] = "wait" /\ Go(t, "acted", IF how = "raises" THEN Failed ELSE None)
    /\ UNCHANGED <<line, broken, turn, owner, call>>

Break(t, where, result) ==  \* whatever has no verdict is broken, and t is told result
    /\ owner = Nobody /\ line' = <<>> /\ broken' = (call[t] # "reset")
    /\ fate' = [s \in Threads |-> IF s = t THEN result ELSE IF In(s) /\ Asleep(s) THEN Broken ELSE fate[s]]
    /\ pc' = [pc EXCEPT ![t] = where] /\ owner' = IF where = "leaving" /\ turn = t THEN t ELSE Nobody
    /\ UNCHANGED <<turn, call>>

AbortOrReset(t) == call[t] \in {"abort", "reset"} /\ fate[t] = None /\ Break(t, pc[t], Done)

Fail(t) == pc[t] = "acted" /\ First(t) /\ fate[t] = Failed /\ Break(t, "leaving", Failed)

Late(t) ==  \* the action has run, but its generation was broken meanwhile
    /\ owner = Nobody /\ pc[t] = "acted" /\ ~In(t)
    /\ Go(t, "leaving", IF fate[t] = None THEN Broken ELSE fate[t]) /\ owner' = IF Keeping THEN Nobody ELSE t
    /\ UNCHANGED <<line, broken, turn, call>>

Expire(t) ==
    /\ pc[t] = "waiting" /\ call[t] = "wait_timeout" /\ owner # t /\ fate[t] = None /\ Go(t, "expired", None)
    /\ UNCHANGED <<line, broken, turn, owner, call>>

Interrupt(t) ==
    /\ t \in Targets /\ call[t] \in Waits /\ (pc[t] = "called" \/ (Asleep(t) /\ owner # t))
    /\ call' = [call EXCEPT ![t] = "struck"] /\ UNCHANGED <<line, broken, turn, owner, pc, fate>>

GiveUp(t) ==
    /\ Asleep(t) /\ fate[t] = None /\ (pc[t] = "expired" \/ call[t] = "struck")
    /\ Break(t, "leaving", IF call[t] = "struck" THEN Interrupted ELSE Broken)

Leave(t) ==  \* it reads the verdict, or the exception goes on
    /\ owner # t /\ ((Asleep(t) /\ fate[t] # None) \/ (pc[t] = "called" /\ call[t] = "struck"))
    /\ Go(t, "leaving", IF call[t] = "struck" THEN Interrupted ELSE fate[t])
    /\ UNCHANGED <<line, broken, turn, owner, call>>

Step(t) == \/ Return(t) \/ Arrive(t) \/ Trip(t) \/ Queue(t) \/ Pass(t) \/ ActionBegins(t) \/ AbortOrReset(t) \/ Fail(t)
           \/ Late(t) \/ Expire(t) \/ GiveUp(t) \/ Leave(t)

Next == \E t \in Threads : \/ \E what \in Calls : Call(t, what)
                           \/ \E how \in Outcomes : ActionEnds(t, how)
                           \/ Interrupt(t) \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Whoever wants the lock gets it, since nobody keeps it; an action ends. *)
Fairness == \A t \in Threads : SF_vars(Step(t)) /\ SF_vars(\E how \in Outcomes : ActionEnds(t, how))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Gone(t) == pc[t] = "acted" /\ ~In(t)

B == INSTANCE Barrier WITH
    Slow <- {},
    at   <- [t \in Threads |-> IF Asleep(t) THEN (IF fate[t] = None THEN "waiting" ELSE "leaving")
                               ELSE IF Gone(t) THEN "leaving" ELSE pc[t]],
    fate <- [t \in Threads |-> IF Gone(t) /\ fate[t] = None THEN Broken ELSE fate[t]]

Contract == B!Spec
P9 == B!P9

THEOREM Spec => Contract
===============================================================================
