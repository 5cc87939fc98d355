--------------------------------- MODULE Pipe ---------------------------------
(****************************************************************************)
(* One pipe for each generation: all that wait read from it, nobody writes, *)
(* and who settles the verdict closes the end for writing.  So one system   *)
(* call wakes everybody.  The kernel names what is open by small numbers,   *)
(* and gives a number that was closed to the next that is opened; so each   *)
(* pipe must be closed once only.  Source: ours; that closing tells all     *)
(* readers is POSIX.  Level: one operation on a shared object, one system   *)
(* call.  Without abort and reset, which are as in Gates.                   *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Threads, Parties, Calls, Nobody,  \* as in Barrier
          Twice                             \* the mistake: who comes late closes the pipe as well

ASSUME Parties \in Nat \ {0} /\ Twice \in BOOLEAN

VARIABLES
    gen,      \* the generations that somebody still knows: tickets taken, verdict, number of the pipe, whether it ended
    table,    \* the kernel's table: for each number the generation whose pipe it names, or 0
    current,  \* the generation where newcomers go
    mine,     \* the generation that each thread knows; 0 for none
    pc,       \* where each thread is
    call,     \* the call that it is in
    fate      \* what it will be told
vars == <<gen, table, current, mine, pc, call, fate>>

None     == <<>>
Index(i) == <<"index", i>>
Broken   == <<"broken">>
Ids      == 1 .. Cardinality(Threads) + 1
Blank    == [taken |-> <<>>, verdict |-> "none", number |-> 0, ended |-> FALSE]
Mine(t)  == gen[mine[t]]
Over(t)  == Mine(t).verdict # "none"
Place(t) == (CHOOSE i \in 1 .. Len(Mine(t).taken) : Mine(t).taken[i] = t) - 1
Told(t)  == IF Mine(t).verdict = "broken" THEN Broken ELSE Index(Place(t))  \* a pipe that ends means: tripped or broken
Least(S) == CHOOSE n \in S : \A m \in S : n <= m

TypeOK == /\ \A g \in Ids : /\ gen[g].verdict \in {"none", "tripped", "broken"} /\ gen[g].ended \in BOOLEAN
                            /\ gen[g].number \in Ids \cup {0} /\ Len(gen[g].taken) <= Parties
          /\ table \in [Ids -> Ids \cup {0}] /\ current \in Ids /\ mine \in [Threads -> Ids \cup {0}]
          /\ pc \in [Threads -> {"out", "called", "looked", "waiting", "last", "closing", "leaving"}]

Init == /\ gen = [g \in Ids |-> IF g = 1 THEN [Blank EXCEPT !.number = 1] ELSE Blank]
        /\ table = [n \in Ids |-> IF n = 1 THEN 1 ELSE 0] /\ current = 1 /\ mine = [t \in Threads |-> 0]
        /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"] /\ fate = [t \in Threads |-> None]

Go(t, where, result) == pc' = [pc EXCEPT ![t] = where] /\ fate' = [fate EXCEPT ![t] = result]

Forget(t, known) ==  \* t lets go of its generation; what nobody knows is swept away
    LET live == {current} \cup {mine[s] : s \in Threads \ {t}}
    IN  /\ mine' = [mine EXCEPT ![t] = 0]
        /\ gen' = [g \in Ids |-> IF g \in live THEN known[g] ELSE Blank]

Call(t, what) ==
    /\ call[t] = "none" /\ Go(t, "called", None) /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<gen, table, current, mine>>

Return(t) ==
    /\ pc[t] = "leaving" /\ Go(t, "out", None) /\ call' = [call EXCEPT ![t] = "none"]
    /\ UNCHANGED <<gen, table, current, mine>>

Look(t) ==
    /\ pc[t] = "called" /\ Go(t, "looked", None) /\ mine' = [mine EXCEPT ![t] = current]
    /\ UNCHANGED <<gen, table, current, call>>

Take(t) ==  \* a ticket, while there are any
    /\ pc[t] = "looked" /\ ~Over(t) /\ Len(Mine(t).taken) < Parties
    /\ gen' = [gen EXCEPT ![mine[t]].taken = Append(@, t)]
    /\ Go(t, IF Len(Mine(t).taken) + 1 = Parties THEN "last" ELSE "waiting", None)
    /\ UNCHANGED <<table, current, mine, call>>

Again(t) ==  \* its generation has been replaced
    /\ pc[t] = "looked" /\ current # mine[t]
    /\ Go(t, "called", None) /\ Forget(t, gen) /\ UNCHANGED <<table, current, call>>

Late(t) ==  \* the barrier is broken
    /\ pc[t] = "looked" /\ mine[t] = current /\ Mine(t).verdict = "broken"
    /\ Go(t, "leaving", Broken) /\ Forget(t, gen) /\ UNCHANGED <<table, current, call>>

Settle(t, verdict, result) ==
    /\ ~Over(t) /\ gen' = [gen EXCEPT ![mine[t]].verdict = verdict]
    /\ Go(t, "closing", result) /\ UNCHANGED <<table, current, mine, call>>

Trip(t) == pc[t] = "last" /\ Settle(t, "tripped", Index(Place(t)))

Expire(t) == pc[t] \in {"waiting", "last"} /\ call[t] = "wait_timeout" /\ Settle(t, "broken", Broken)

Part(t) ==  \* somebody else has settled the verdict, and it is for him to close the pipe
    /\ pc[t] = "last" \/ (pc[t] = "waiting" /\ call[t] = "wait_timeout")
    /\ Over(t)
    /\ IF Twice THEN Go(t, "closing", Told(t)) /\ UNCHANGED <<gen, mine>>
       ELSE Go(t, "leaving", Told(t)) /\ Forget(t, gen)
    /\ UNCHANGED <<table, current, call>>

Replace(t) ==  \* a generation that has tripped, by one with a pipe of its own
    /\ pc[t] = "closing" /\ mine[t] = current /\ Mine(t).verdict = "tripped"
    /\ LET fresh == Least({g \in Ids : g # current /\ \A s \in Threads : mine[s] # g})
           number == Least({n \in Ids : table[n] = 0})
       IN  /\ gen' = [gen EXCEPT ![fresh].number = number]
           /\ table' = [table EXCEPT ![number] = fresh]
           /\ current' = fresh
    /\ UNCHANGED <<mine, pc, call, fate>>

Close(t) ==  \* the pipe that its number names now
    LET pipe == table[Mine(t).number]
    IN  /\ pc[t] = "closing" /\ ~(mine[t] = current /\ Mine(t).verdict = "tripped")
        /\ Go(t, "leaving", fate[t])
        /\ Forget(t, [g \in Ids |-> IF g = pipe THEN [gen[g] EXCEPT !.ended = TRUE] ELSE gen[g]])
        /\ table' = [table EXCEPT ![Mine(t).number] = 0]
        /\ UNCHANGED <<current, call>>

Read(t) ==  \* returns when the pipe has ended
    /\ pc[t] = "waiting" /\ Mine(t).ended
    /\ Go(t, "leaving", Told(t)) /\ Forget(t, gen) /\ UNCHANGED <<table, current, call>>

Step(t) == \/ Return(t) \/ Look(t) \/ Take(t) \/ Again(t) \/ Late(t) \/ Trip(t) \/ Expire(t) \/ Part(t)
           \/ Replace(t) \/ Close(t) \/ Read(t)

Next == \E t \in Threads : (\E what \in Calls : Call(t, what)) \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Every thread goes on whenever it can; a newcomer can again and again. *)
Fairness == \A t \in Threads : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Wait(t) == pc[t] \in {"waiting", "last"}

B == INSTANCE Barrier WITH
    Outcomes <- {}, Targets <- {}, Slow <- {},
    line     <- IF gen[current].verdict = "none" THEN gen[current].taken ELSE <<>>,
    broken   <- gen[current].verdict = "broken",
    at       <- [t \in Threads |-> CASE pc[t] = "looked" -> "called" [] pc[t] = "closing" -> "leaving"
                                     [] Wait(t) -> (IF Over(t) THEN "leaving" ELSE "waiting") [] OTHER -> pc[t]],
    fate     <- [t \in Threads |-> IF Wait(t) /\ Over(t) THEN Told(t) ELSE fate[t]]

Contract == B!Spec
P1 == B!P1  \* refuted by Pipe_Broken.cfg
P9 == B!P9

THEOREM Spec /\ ~Twice => Contract
===============================================================================
