-------------------------------- MODULE Gates --------------------------------
(****************************************************************************)
(* A barrier without a lock around it: one object for each generation, with *)
(* tickets, a verdict that is set once, and a gate.  Who takes the last     *)
(* ticket sets the verdict and opens the gate; each waiter takes the gate   *)
(* (it is a lock) and hands it on to the next.  Source: ours; handing on is *)
(* Andrews's "passing the baton", and Java's CyclicBarrier has an object    *)
(* for each generation.  Level: an atomic operation on one object.          *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Threads, Parties, Calls, Nobody,  \* as in Barrier
          Shared                            \* the mistake: one gate for all generations

ASSUME Parties \in Nat \ {0} /\ Shared \in BOOLEAN

VARIABLES
    gen,      \* the generations that somebody still knows: the tickets taken, and the verdict
    open,     \* the gates that can be taken
    current,  \* the generation where newcomers go
    mine,     \* the generation that each thread knows; 0 for none
    pc,       \* where each thread is
    call,     \* the call that it is in
    fate      \* what it will be told
vars == <<gen, open, current, mine, pc, call, fate>>

None     == <<>>
Index(i) == <<"index", i>>
Broken   == <<"broken">>
Done     == <<"done">>
Ids      == 1 .. Cardinality(Threads) + 1
Gate(g)  == IF Shared THEN 1 ELSE g
Taken(t) == gen[mine[t]].taken
Over(t)  == gen[mine[t]].verdict # "none"
Place(t) == (CHOOSE i \in 1 .. Len(Taken(t)) : Taken(t)[i] = t) - 1
Told(t)  == IF gen[mine[t]].verdict \in {"broken", "reset"} THEN Broken ELSE Index(Place(t))
Waits(t) == call[t] \in {"wait", "wait_timeout"}

TypeOK == /\ gen \in [Ids -> [taken : Seq(Threads), verdict : {"none", "tripped", "broken", "reset"}]]
          /\ open \subseteq Ids /\ current \in Ids /\ mine \in [Threads -> Ids \cup {0}]
          /\ pc \in [Threads -> {"out", "called", "looked", "waiting", "last", "opening", "parting", "leaving"}]

Init == /\ gen = [g \in Ids |-> [taken |-> <<>>, verdict |-> "none"]]
        /\ open = {} /\ current = 1 /\ mine = [t \in Threads |-> 0]
        /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"] /\ fate = [t \in Threads |-> None]

Go(t, where, result) == pc' = [pc EXCEPT ![t] = where] /\ fate' = [fate EXCEPT ![t] = result]

Forget(t, gates) ==  \* t lets go of its generation; what nobody knows is swept away
    LET known == {current} \cup {mine[s] : s \in Threads \ {t}}
    IN  /\ mine' = [mine EXCEPT ![t] = 0]
        /\ gen' = [g \in Ids |-> IF g \in known THEN gen[g] ELSE [taken |-> <<>>, verdict |-> "none"]]
        /\ open' = IF Shared THEN gates ELSE gates \cap known

Replace == current' = CHOOSE g \in Ids : g # current /\ \A s \in Threads : mine[s] # g

Call(t, what) ==
    /\ call[t] = "none" /\ Go(t, "called", None) /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<gen, open, current, mine>>

Return(t) ==
    /\ pc[t] = "leaving" /\ Go(t, "out", None) /\ call' = [call EXCEPT ![t] = "none"]
    /\ UNCHANGED <<gen, open, current, mine>>

Look(t) ==
    /\ pc[t] = "called" /\ Go(t, "looked", None) /\ mine' = [mine EXCEPT ![t] = current]
    /\ UNCHANGED <<gen, open, current, call>>

Take(t) ==  \* a ticket, while there are any
    /\ pc[t] = "looked" /\ Waits(t) /\ ~Over(t) /\ Len(Taken(t)) < Parties
    /\ gen' = [gen EXCEPT ![mine[t]].taken = Append(@, t)]
    /\ Go(t, IF Len(Taken(t)) + 1 = Parties THEN "last" ELSE "waiting", None)
    /\ UNCHANGED <<open, current, mine, call>>

Again(t) ==  \* its generation has been replaced
    /\ pc[t] = "looked" /\ current # mine[t]
    /\ Go(t, "called", None) /\ Forget(t, open) /\ UNCHANGED <<current, call>>

Help(t) ==  \* a newcomer or the last arriver replaces a generation that is over
    /\ pc[t] \in {"looked", "opening"} /\ mine[t] = current /\ gen[current].verdict \in {"tripped", "reset"}
    /\ Replace /\ UNCHANGED <<gen, open, mine, pc, call, fate>>

Late(t) ==  \* the barrier is broken, and it was not t's own generation that broke
    /\ pc[t] = "looked" /\ Waits(t) /\ mine[t] = current /\ gen[current].verdict = "broken"
    /\ Go(t, "leaving", Broken) /\ Forget(t, open) /\ UNCHANGED <<current, call>>

Settle(t, verdict, result) ==  \* set once, then open the gate
    /\ ~Over(t) /\ gen' = [gen EXCEPT ![mine[t]].verdict = verdict]
    /\ Go(t, "opening", result) /\ UNCHANGED <<open, current, mine, call>>

Trip(t) == pc[t] = "last" /\ Settle(t, "tripped", Index(Place(t)))

Expire(t) == pc[t] \in {"waiting", "last"} /\ call[t] = "wait_timeout" /\ Settle(t, "broken", Broken)

Part(t) ==  \* without the gate: the last arriver, one whose time is up, one who has reset
    /\ \/ /\ pc[t] = "last" \/ (pc[t] = "waiting" /\ call[t] = "wait_timeout")
          /\ Over(t) /\ Go(t, "leaving", Told(t))
       \/ pc[t] = "parting" /\ Go(t, "leaving", fate[t])
    /\ Forget(t, open) /\ UNCHANGED <<current, call>>

Abort(t) ==
    /\ pc[t] = "looked" /\ call[t] = "abort" /\ mine[t] = current
    /\ \/ Settle(t, "broken", Done)
       \/ /\ gen[current].verdict = "broken" /\ Go(t, "leaving", Done) /\ Forget(t, open)
          /\ UNCHANGED <<current, call>>

Reset(t) ==  \* "reset" is a verdict that newcomers help to replace; a broken generation is replaced at once
    /\ pc[t] = "looked" /\ call[t] = "reset" /\ mine[t] = current
    /\ \/ Settle(t, "reset", Done)
       \/ /\ gen[current].verdict = "broken" /\ Go(t, "parting", Done) /\ Replace
          /\ UNCHANGED <<gen, open, mine, call>>

Pass(t) ==  \* take the gate ...
    /\ pc[t] = "waiting" /\ Gate(mine[t]) \in open
    /\ open' = open \ {Gate(mine[t])} /\ Go(t, "opening", Told(t)) /\ UNCHANGED <<gen, current, mine, call>>

Open(t) ==  \* ... and hand it on; the last arriver has opened it only after its generation was replaced
    /\ pc[t] = "opening" /\ ~(mine[t] = current /\ gen[current].verdict \in {"tripped", "reset"})
    /\ Go(t, "leaving", fate[t]) /\ Forget(t, open \cup {Gate(mine[t])}) /\ UNCHANGED <<current, call>>

Step(t) == \/ Return(t) \/ Look(t) \/ Take(t) \/ Again(t) \/ Help(t) \/ Late(t) \/ Trip(t) \/ Expire(t) \/ Part(t)
           \/ Abort(t) \/ Reset(t) \/ Pass(t) \/ Open(t)

Next == \E t \in Threads : (\E what \in Calls : Call(t, what)) \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Every thread goes on; a lock that is handed on and on is taken by each in the end. *)
Fairness == \A t \in Threads : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Wait(t)  == pc[t] \in {"waiting", "last"}
Where(t) == IF pc[t] = "out" \/ ~Waits(t) THEN "out"
            ELSE IF pc[t] \in {"called", "looked"} THEN "called"
            ELSE IF Wait(t) /\ ~Over(t) THEN "waiting" ELSE "leaving"

B == INSTANCE Barrier WITH
    Outcomes <- {}, Targets <- {}, Slow <- {},
    line     <- IF gen[current].verdict = "none" THEN gen[current].taken ELSE <<>>,
    broken   <- gen[current].verdict = "broken",
    at       <- [t \in Threads |-> Where(t)],
    fate     <- [t \in Threads |-> IF Wait(t) /\ Over(t) THEN Told(t) ELSE fate[t]]

Contract == B!Spec
P1 == B!P1  \* refuted by Gates_Broken.cfg
P9 == B!P9

THEOREM Spec => Contract
===============================================================================
