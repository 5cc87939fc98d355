-------------------------------- MODULE Cyclic --------------------------------
(****************************************************************************)
(* What phalanx.Barrier and TreeBarrier have in common, without an action:  *)
(* an object for each generation, with tickets, a verdict that is set once, *)
(* and a bell.  Who gets the last ticket settles the verdict, and so does   *)
(* who gets none.  Source: ours; Java's CyclicBarrier has an object for     *)
(* each generation.  Level: one operation of cyclic.py or generation.py on  *)
(* what threads share.  A look and the act that it leads to are one step    *)
(* where what was seen stays.  To ring is one step: see Gates, Pipe, Tree.  *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Threads, Parties, Calls, Nobody,  \* as in Barrier
          Hasty                             \* the mistake: the last arriver does not ask for another verdict

ASSUME Parties \in Nat \ {0} /\ Hasty \in BOOLEAN

VARIABLES
    gens,  \* the generations, the oldest first; each that is over leads to the one behind it
    hint,  \* the barrier's reference to one of them: where newcomers look first
    mine,  \* the generation that each thread knows; 0 for none
    pc,    \* where each thread is
    call,  \* the call that it is in
    done   \* those whose abort or reset has had its effect
vars == <<gens, hint, mine, pc, call, done>>

Waits(t)   == call[t] \in {"wait", "wait_timeout"}
Mine(t)    == gens[mine[t]]
Verdict(t) == Mine(t).verdict
Leads(t)   == mine[t] < Len(gens)  \* its generation has a successor
Place(t)   == (CHOOSE i \in 1 .. Len(Mine(t).taken) : Mine(t).taken[i] = t) - 1
Fresh      == [taken |-> <<>>, cleared |-> FALSE, verdict |-> "none", rung |-> FALSE]

TypeOK == /\ \A g \in 1 .. Len(gens) : /\ gens[g].verdict \in {"none", "tripped", "broken", "reset"}
                                       /\ Len(gens[g].taken) <= Parties
                                       /\ gens[g].verdict = "none" => g = Len(gens) /\ ~gens[g].cleared /\ ~gens[g].rung
          /\ hint \in 1 .. Len(gens) /\ mine \in [Threads -> 0 .. Len(gens)] /\ done \subseteq Threads
          /\ pc \in [Threads -> {"out", "called", "looked", "late", "last", "asleep", "pointing", "clearing", "ringing",
                                 "following", "found", "mending", "leaving"}]

Init == /\ gens = <<Fresh>> /\ hint = 1 /\ mine = [t \in Threads |-> 0] /\ done = {}
        /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"]

Go(t, where) == pc' = [pc EXCEPT ![t] = where]
Know(t, g, h) ==  \* t knows generation g, and the hint is h; what nobody knows any more only leads on, and is forgotten
    LET now  == [mine EXCEPT ![t] = g]
        kept == {h, Len(gens)} \cup ({now[s] : s \in Threads} \ {0})
        rank(i) == Cardinality({k \in kept : k <= i})
    IN  /\ mine' = [s \in Threads |-> rank(now[s])] /\ hint' = rank(h)
        /\ gens' = [n \in 1 .. Cardinality(kept) |-> gens[CHOOSE k \in kept : rank(k) = n]]
Onward(t) == Know(t, mine[t] + 1, hint) /\ Go(t, "looked") /\ UNCHANGED <<call, done>>
Settle(t, verdict) ==  \* set once; a generation that does not break the barrier gets its successor with its verdict
    LET settled == [gens EXCEPT ![mine[t]].verdict = verdict]
    IN  /\ gens' = IF Verdict(t) # "none" THEN gens ELSE IF verdict = "broken" THEN settled ELSE Append(settled, Fresh)
        /\ UNCHANGED <<hint, mine, call>>

Call(t, what) ==
    /\ call[t] = "none" /\ call' = [call EXCEPT ![t] = what] /\ Go(t, "called") /\ UNCHANGED <<gens, hint, mine, done>>
Look(t) ==
    /\ pc[t] = "called" /\ mine' = [mine EXCEPT ![t] = hint] /\ Go(t, "looked") /\ UNCHANGED <<gens, hint, call, done>>

Take(t) ==  \* a ticket, if there is one; whoever broke the generation throws the rest away only after the verdict
    /\ pc[t] = "looked" /\ Waits(t) /\ UNCHANGED <<hint, mine, call, done>>
    /\ IF ~Mine(t).cleared /\ Len(Mine(t).taken) < Parties
       THEN /\ gens' = [gens EXCEPT ![mine[t]].taken = Append(@, t)]
            /\ Go(t, IF Len(Mine(t).taken) + 1 = Parties THEN "last" ELSE "asleep")
       ELSE Go(t, "late") /\ UNCHANGED gens
PassOver(t) ==  \* settle what is full, go on to the next, or learn that the barrier is broken.  The code looks first,
    /\ pc[t] = "late"  \* then settles; what it finds is what it would have found in one step at a moment between
    /\ IF Verdict(t) = "none" THEN Settle(t, "tripped") /\ UNCHANGED <<pc, done>>
       ELSE IF Leads(t) THEN Onward(t) ELSE Go(t, "leaving") /\ UNCHANGED <<gens, hint, mine, call, done>>

Trip(t) ==
    /\ pc[t] = "last" /\ UNCHANGED done
    /\ IF ~Hasty THEN Settle(t, "tripped")
       ELSE gens' = Append([gens EXCEPT ![mine[t]].verdict = "tripped"], Fresh) /\ UNCHANGED <<hint, mine, call>>
    /\ Go(t, IF Verdict(t) \in {"none", "tripped"} THEN "pointing" ELSE "leaving")
Point(t) ==  \* the hint, to the successor: of a generation that tripped, or that a reset has replaced
    /\ pc[t] = "pointing" /\ UNCHANGED call
    /\ IF call[t] = "reset" /\ Verdict(t) = "tripped"
       THEN Know(t, mine[t] + 1, mine[t] + 1) /\ Go(t, "found") /\ UNCHANGED done
       ELSE /\ Know(t, mine[t], mine[t] + 1) /\ Go(t, IF Waits(t) THEN "ringing" ELSE "leaving")
            /\ done' = IF Waits(t) THEN done ELSE done \cup {t}
Expire(t) ==  \* a sleeper that finds its generation tripped rings as well: others may have relied on it
    /\ pc[t] = "asleep" /\ call[t] = "wait_timeout" /\ Settle(t, "broken")
    /\ Go(t, IF Verdict(t) = "tripped" THEN "ringing" ELSE "clearing") /\ UNCHANGED done
Abort(t) ==  \* breaks one generation at most
    /\ pc[t] = "looked" /\ call[t] = "abort"
    /\ IF Verdict(t) = "tripped" THEN Onward(t)
       ELSE Settle(t, "broken") /\ Go(t, "clearing") /\ done' = IF Verdict(t) = "none" THEN done \cup {t} ELSE done
Walk(t) ==  \* to the last generation that there is
    /\ pc[t] = "looked" /\ call[t] = "reset"
    /\ IF Leads(t) THEN Onward(t) ELSE Go(t, "found") /\ UNCHANGED <<gens, hint, mine, call, done>>
Reset(t) ==  \* one in which nobody is stays
    /\ pc[t] = "found"
    /\ IF Verdict(t) = "none" /\ Mine(t).taken = <<>>
       THEN Go(t, "leaving") /\ done' = done \cup {t} /\ UNCHANGED <<gens, hint, mine, call>>
       ELSE /\ Settle(t, "reset") /\ Go(t, IF Verdict(t) = "tripped" THEN "pointing" ELSE "clearing")
            /\ done' = IF Verdict(t) = "none" THEN done \cup {t} ELSE done
Clear(t) ==
    /\ pc[t] = "clearing" /\ gens' = [gens EXCEPT ![mine[t]].cleared = TRUE] /\ Go(t, "ringing")
    /\ UNCHANGED <<hint, mine, call, done>>
Ring(t) ==
    /\ pc[t] = "ringing" /\ gens' = [gens EXCEPT ![mine[t]].rung = TRUE] /\ UNCHANGED <<hint, mine, call, done>>
    /\ Go(t, IF Waits(t) \/ (call[t] = "abort" /\ t \in done) THEN "leaving"
             ELSE IF call[t] = "abort" THEN "following" ELSE IF Verdict(t) = "broken" THEN "mending" ELSE "pointing")
Follow(t) ==  \* an abort that found the generation broken: to what mended it, if anything has
    /\ pc[t] = "following"
    /\ IF Leads(t) THEN Onward(t) ELSE Go(t, "leaving") /\ done' = done \cup {t} /\ UNCHANGED <<gens, hint, mine, call>>
Mend(t) ==  \* set once
    /\ pc[t] = "mending" /\ Go(t, "pointing") /\ UNCHANGED <<hint, mine, call>>
    /\ IF Leads(t) THEN UNCHANGED <<gens, done>> ELSE gens' = Append(gens, Fresh) /\ done' = done \cup {t}
Wake(t) == pc[t] = "asleep" /\ Mine(t).rung /\ Go(t, "leaving") /\ UNCHANGED <<gens, hint, mine, call, done>>
Return(t) ==
    /\ pc[t] = "leaving" /\ Know(t, 0, hint) /\ Go(t, "out")
    /\ call' = [call EXCEPT ![t] = "none"] /\ done' = done \ {t}

Step(t) == \/ Return(t) \/ Look(t) \/ Take(t) \/ PassOver(t) \/ Trip(t) \/ Point(t) \/ Expire(t) \/ Abort(t) \/ Walk(t)
           \/ Reset(t) \/ Clear(t) \/ Ring(t) \/ Follow(t) \/ Mend(t) \/ Wake(t)
Next == \E t \in Threads : (\E what \in Calls : Call(t, what)) \/ Step(t)
Spec == Init /\ [][Next]_vars
(* Every thread goes on whenever it can; a newcomer can again and again. *)
Fairness == \A t \in Threads : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Newest    == gens[Len(gens)]
Spared(t) ==  \* a reset that finds the work done has had its effect when the thread that did it goes on
    /\ call[t] = "reset" /\ pc[t] \in {"found", "clearing", "ringing", "mending", "pointing"}
    /\ Verdict(t) \in {"broken", "reset"} /\ Leads(t)
    /\ \A s \in done : call[s] = "reset" /\ mine[s] = mine[t] => pc[s] = "leaving"
Arrived(t) == Waits(t) /\ pc[t] \notin {"called", "looked", "late"}
Fate(t)    == IF ~Waits(t) THEN (IF t \in done \/ Spared(t) THEN <<"done">> ELSE <<>>)
              ELSE IF ~Arrived(t) \/ Verdict(t) = "none" THEN <<>>
              ELSE IF Verdict(t) = "tripped" THEN <<"index", Place(t)>> ELSE <<"broken">>

B == INSTANCE Barrier WITH
    Outcomes <- {}, Targets <- {}, Slow <- {},
    line     <- IF Newest.verdict = "none" THEN Newest.taken ELSE <<>>,
    broken   <- Newest.verdict = "broken",
    at       <- [t \in Threads |-> IF ~Waits(t) THEN "out" ELSE IF ~Arrived(t) THEN "called"
                                   ELSE IF Fate(t) = <<>> THEN "waiting" ELSE "leaving"],
    fate     <- [t \in Threads |-> Fate(t)]

Contract == B!Spec
P3 == B!P3  \* refuted by Cyclic_Broken.cfg
P9 == B!P9

(* With a reset among three threads a translation of variables does not do; there the code itself is held against it. *)
THEOREM Spec /\ ~Hasty /\ ("reset" \notin Calls \/ Cardinality(Threads) = 2) => Contract
===============================================================================
