--------------------------------- MODULE Pipe ---------------------------------
(****************************************************************************)
(* How phalanx.Barrier wakes its sleepers when it is used again and again:  *)
(* by a pipe.  Each reads a byte, and who rings writes one for each: a      *)
(* single system call.  A byte is a hint: who has read one looks for the    *)
(* verdict.  Each leaves its mark that it will read no more; where all      *)
(* marks are there, the generation after the next uses the pipe again.      *)
(* Source: ours; that bytes are read once is POSIX.  Level: one operation   *)
(* of pipe.py on what threads share, or one system call.  Arrival is one    *)
(* step here, and nobody aborts or resets: Cyclic has the rest.             *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads, Parties, Calls, Nobody,  \* as in Barrier
    Strays,     \* how many bytes may come late, from several who broke one generation
    Credulous,  \* a mistake: a byte is taken for the release
    Greedy      \* a mistake: a pipe is used again although somebody may still read it

ASSUME Parties \in Nat \ {0, 1} /\ Strays \in Nat /\ {Credulous, Greedy} \subseteq BOOLEAN

VARIABLES
    gens,   \* the generations, the oldest first: tickets, verdict, and bell
    bytes,  \* how many are in each pipe
    mine,   \* the generation that each thread knows; 0 for none
    spare,  \* the pipe that each has ready for the next generation; 0 for none
    pc,     \* where each thread is
    call,   \* the call that it is in
    late    \* how many stray bytes there were
vars == <<gens, bytes, mine, spare, pc, call, late>>

Pipes      == 1 .. Cardinality(Threads) + 3
Mine(t)    == gens[mine[t]]
Verdict(t) == Mine(t).verdict
Place(t)   == (CHOOSE i \in 1 .. Len(Mine(t).taken) : Mine(t).taken[i] = t) - 1
Newest     == gens[Len(gens)]

Using(pipe, before) ==
    [taken |-> <<>>, verdict |-> "none", pipe |-> pipe,
     rung   |-> 0,                                    \* how often, up to twice
     left   |-> [i \in 0 .. Parties - 2 |-> "stays"],  \* by ticket: "read" its byte, or "leaves" it in the pipe
     before |-> before]                               \* whether the bell of the generation before can be had

TypeOK == /\ \A g \in 1 .. Len(gens) : /\ gens[g].verdict \in {"none", "tripped", "broken"} /\ gens[g].pipe \in Pipes
                                       /\ Len(gens[g].taken) <= Parties /\ gens[g].rung \in 0 .. 2
          /\ bytes \in [Pipes -> Nat] /\ spare \in [Threads -> Pipes \cup {0}] /\ late \in 0 .. Strays
          /\ mine \in [Threads -> 0 .. Len(gens)]
          /\ pc \in [Threads -> {"out", "called", "late", "last", "asleep", "woken", "ringing", "writing", "leaving"}]

Init == /\ gens = <<Using(1, FALSE)>> /\ bytes = [p \in Pipes |-> 0] /\ late = 0 /\ mine = [t \in Threads |-> 0]
        /\ spare = [t \in Threads |-> 0] /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"]

Go(t, where) == pc' = [pc EXCEPT ![t] = where]
Forget(t) ==  \* t lets go of its generation; what nobody knows any more is gone, and its pipe closed
    LET now  == [mine EXCEPT ![t] = 0]
        kept == (IF Newest.before THEN {Len(gens) - 1} ELSE {}) \cup {Len(gens)} \cup ({now[s] : s \in Threads} \ {0})
        rank(i) == Cardinality({k \in kept : k <= i})
    IN  /\ mine' = [s \in Threads |-> rank(now[s])]
        /\ gens' = [n \in 1 .. Cardinality(kept) |-> gens[CHOOSE k \in kept : rank(k) = n]]
        /\ bytes' = [p \in Pipes |-> IF p \in {gens[k].pipe : k \in kept} \cup {spare[s] : s \in Threads}
                                     THEN bytes[p] ELSE 0]

Call(t, what) ==
    /\ call[t] = "none" /\ call' = [call EXCEPT ![t] = what] /\ Go(t, "called")
    /\ UNCHANGED <<gens, bytes, mine, spare, late>>
Arrive(t) ==  \* with a ticket, unless the barrier is broken, or a generation is full and has no verdict
    /\ pc[t] = "called" /\ mine' = [mine EXCEPT ![t] = Len(gens)]
    /\ IF Newest.verdict = "none" /\ Len(Newest.taken) < Parties
       THEN /\ gens' = [gens EXCEPT ![Len(gens)].taken = Append(@, t)]
            /\ Go(t, IF Len(Newest.taken) + 1 = Parties THEN "last" ELSE "asleep")
       ELSE Go(t, IF Newest.verdict = "none" THEN "late" ELSE "leaving") /\ UNCHANGED gens
    /\ UNCHANGED <<bytes, spare, call, late>>

Emptied(bell) ==  \* its pipe can be used again: it was rung once, and nobody reads it any more
    Greedy \/ (bell.rung = 1 /\ \A i \in DOMAIN bell.left : bell.left[i] # "stays")
Unread(bell) == Cardinality({i \in DOMAIN bell.left : bell.left[i] = "leaves"})
Prepare(t) ==  \* who gets hold of the bell of the generation before, and he alone, uses its pipe if it will do
    /\ pc[t] \in {"late", "last"} /\ spare[t] = 0 /\ Verdict(t) = "none"
    /\ gens' = [gens EXCEPT ![mine[t]].before = FALSE]
    /\ LET old  == gens[mine[t] - 1]
           used == {gens[g].pipe : g \in 1 .. Len(gens)} \cup {spare[s] : s \in Threads}
           new  == CHOOSE p \in Pipes \ used : \A q \in Pipes \ used : p <= q
       IN  IF Mine(t).before /\ Emptied(old)
           THEN spare' = [spare EXCEPT ![t] = old.pipe] /\ bytes' = [bytes EXCEPT ![old.pipe] = @ - Unread(old)]
           ELSE spare' = [spare EXCEPT ![t] = new] /\ bytes' = [bytes EXCEPT ![new] = 0]
    /\ UNCHANGED <<mine, pc, call, late>>
Trip(t) ==  \* the last arriver, or who comes when it is full, settles the verdict, if there is none
    /\ pc[t] \in {"late", "last"} /\ (spare[t] # 0 \/ Verdict(t) # "none")
    /\ spare' = [spare EXCEPT ![t] = 0]
    /\ gens' = IF Verdict(t) # "none" THEN gens
               ELSE Append([gens EXCEPT ![mine[t]].verdict = "tripped"], Using(spare[t], TRUE))
    /\ Go(t, IF Verdict(t) = "broken" THEN "leaving" ELSE IF pc[t] = "last" THEN "ringing" ELSE "late")
    /\ UNCHANGED <<bytes, mine, call, late>>
Onward(t) == pc[t] = "late" /\ Verdict(t) = "tripped" /\ Forget(t) /\ Go(t, "called") /\ UNCHANGED <<spare, call, late>>
Ring(t) ==  \* first it is noted ...
    /\ pc[t] = "ringing" /\ Go(t, "writing")
    /\ gens' = [gens EXCEPT ![mine[t]].rung = IF @ = 2 THEN 2 ELSE @ + 1]
    /\ UNCHANGED <<bytes, mine, spare, call, late>>
Write(t) ==  \* ... then a byte for each sleeper is written
    /\ pc[t] = "writing" /\ Go(t, "leaving") /\ bytes' = [bytes EXCEPT ![Mine(t).pipe] = @ + Parties - 1]
    /\ UNCHANGED <<gens, mine, spare, call, late>>
Wake(t) ==  \* there is a byte: who sleeps for ever reads it; who polls leaves it there
    /\ pc[t] = "asleep" /\ bytes[Mine(t).pipe] > 0 /\ Go(t, "woken")
    /\ bytes' = IF call[t] = "wait" THEN [bytes EXCEPT ![Mine(t).pipe] = @ - 1] ELSE bytes
    /\ UNCHANGED <<gens, mine, spare, call, late>>
Check(t) ==  \* with a verdict it leaves its mark and goes; without one it sleeps on
    /\ pc[t] = "woken"
    /\ IF Verdict(t) = "none" /\ ~Credulous THEN Go(t, "asleep") /\ UNCHANGED gens
       ELSE /\ Go(t, "leaving")
            /\ gens' = [gens EXCEPT ![mine[t]].left[Place(t)] = IF call[t] = "wait" THEN "read" ELSE "leaves"]
    /\ UNCHANGED <<bytes, mine, spare, call, late>>
Expire(t) ==  \* it leaves no mark.  It rings, also if it finds the verdict settled
    /\ pc[t] = "asleep" /\ call[t] = "wait_timeout" /\ Go(t, "ringing")
    /\ gens' = IF Verdict(t) = "none" THEN [gens EXCEPT ![mine[t]].verdict = "broken"] ELSE gens
    /\ UNCHANGED <<bytes, mine, spare, call, late>>
Return(t) ==
    pc[t] = "leaving" /\ Forget(t) /\ Go(t, "out") /\ call' = [call EXCEPT ![t] = "none"] /\ UNCHANGED <<spare, late>>
Stray == \E g \in 1 .. Len(gens) :  \* a byte that nobody has waited for
    /\ late < Strays /\ late' = late + 1 /\ bytes' = [bytes EXCEPT ![gens[g].pipe] = @ + 1]
    /\ UNCHANGED <<gens, mine, spare, pc, call>>
Step(t) == \/ Return(t) \/ Arrive(t) \/ Prepare(t) \/ Trip(t) \/ Onward(t) \/ Ring(t) \/ Write(t)
           \/ Wake(t) \/ Check(t) \/ Expire(t)
Next == Stray \/ \E t \in Threads : (\E what \in Calls : Call(t, what)) \/ Step(t)
Spec == Init /\ [][Next]_vars

(* Every thread goes on; of those who wait for a byte again and again each gets one in the end. *)
Fairness == \A t \in Threads : SF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Arrived(t) == pc[t] \notin {"out", "called", "late"}
Fate(t)    == IF ~Arrived(t) \/ (Verdict(t) = "none" /\ pc[t] # "leaving") THEN <<>>
              ELSE IF Verdict(t) = "broken" THEN <<"broken">> ELSE <<"index", Place(t)>>

B == INSTANCE Barrier WITH
    Outcomes <- {}, Targets <- {}, Slow <- {},
    line   <- IF Newest.verdict = "none" THEN Newest.taken ELSE <<>>,
    broken <- Newest.verdict = "broken",
    at     <- [t \in Threads |-> IF call[t] = "none" THEN "out" ELSE IF ~Arrived(t) THEN "called"
                                 ELSE IF Fate(t) = <<>> THEN "waiting" ELSE "leaving"],
    fate   <- [t \in Threads |-> Fate(t)]

Contract == B!Spec
P1 == B!P1  \* refuted by Pipe_Broken.cfg
P9 == B!P9
Enough ==  \* when it has been rung, there is a byte for everybody who still sleeps; refuted by Pipe_Greedy_Broken.cfg
    \A p \in Pipes : LET due == {t \in Threads : pc[t] = "asleep" /\ Mine(t).pipe = p /\ Mine(t).rung > 0}
                    IN  Cardinality(due) <= bytes[p] \/ \E t \in Threads : pc[t] = "writing" /\ Mine(t).pipe = p

THEOREM Spec /\ ~Credulous /\ ~Greedy => Contract
===============================================================================
