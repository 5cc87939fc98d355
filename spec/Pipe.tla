--------------------------------- MODULE Pipe ---------------------------------
(****************************************************************************)
(* How phalanx.Barrier wakes its sleepers when it is used again and again:  *)
(* by a pipe.  Each reads a byte, and who rings writes one for each: a      *)
(* single system call.  A byte is a hint: who has read one looks for the    *)
(* verdict.  Who has a time limit takes none, and sleeps at a gate, which   *)
(* is handed on from one to the next.  Each leaves its mark that it will    *)
(* read no more; where all marks are there, the generation after the next   *)
(* uses the pipe again.                                                     *)
(* Source: ours; that bytes are read once is POSIX.  Level: one operation   *)
(* of pipe.py on what threads share, or one system call.  Arrival is one    *)
(* step here, and nobody aborts or resets: Cyclic has the rest.             *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads, Parties, Calls, Nobody,  \* as in Barrier
    Strays,     \* how many bytes may come late, from several who broke one generation
    Credulous,  \* a mistake: a byte is taken for the release
    Greedy,     \* a mistake: a pipe is used again although somebody may still read it
    Rash        \* a mistake: who has brought the gate sleeps there, and does not look for the verdict again

ASSUME Parties \in Nat \ {0, 1} /\ Strays \in Nat /\ {Credulous, Greedy, Rash} \subseteq BOOLEAN

VARIABLES
    gens,   \* the generations, the oldest first: tickets, verdict, and bell
    bytes,  \* how many are in each pipe
    mine,   \* the generation that each thread knows; 0 for none
    spare,  \* the pipe that each has ready for the next generation; 0 for none
    due,    \* how many bytes each is about to write
    pc,     \* where each thread is
    call,   \* the call that it is in
    late    \* how many stray bytes there were
vars == <<gens, bytes, mine, spare, due, pc, call, late>>

Pipes      == 1 .. Cardinality(Threads) + 3
Mine(t)    == gens[mine[t]]
Verdict(t) == Mine(t).verdict
Place(t)   == (CHOOSE i \in 1 .. Len(Mine(t).taken) : Mine(t).taken[i] = t) - 1
Newest     == gens[Len(gens)]

Using(pipe, before) ==
    [taken |-> <<>>, verdict |-> "none", pipe |-> pipe,
     rung   |-> 0,                                    \* how often, up to twice
     left   |-> [i \in 0 .. Parties - 2 |-> "stays"],  \* by ticket: has "read" its byte, or takes "none"
     gate   |-> "none",                               \* what those sleep at who have a time limit: then "shut" or "open"
     sent   |-> Parties,                              \* how many bytes were written, where there is a gate; Parties: not yet
     before |-> before]                               \* whether the bell of the generation before can be had

TypeOK == /\ \A g \in 1 .. Len(gens) : /\ gens[g].verdict \in {"none", "tripped", "broken"} /\ gens[g].pipe \in Pipes
                                       /\ Len(gens[g].taken) <= Parties /\ gens[g].rung \in 0 .. 2
                                       /\ gens[g].gate \in {"none", "shut", "open"} /\ gens[g].sent \in 0 .. Parties
          /\ bytes \in [Pipes -> Nat] /\ spare \in [Threads -> Pipes \cup {0}] /\ late \in 0 .. Strays
          /\ mine \in [Threads -> 0 .. Len(gens)] /\ due \in [Threads -> 0 .. Parties - 1]
          /\ pc \in [Threads -> {"out", "called", "late", "last", "asleep", "woken", "bringing", "saying", "looking", "waiting",
                                 "handing", "ringing", "counting", "writing", "noting", "opening", "leaving"}]

Init == /\ gens = <<Using(1, FALSE)>> /\ bytes = [p \in Pipes |-> 0] /\ late = 0 /\ mine = [t \in Threads |-> 0]
        /\ spare = [t \in Threads |-> 0] /\ due = [t \in Threads |-> 0]
        /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"]

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
    /\ UNCHANGED <<gens, bytes, mine, spare, due, late>>
Arrive(t) ==  \* with a ticket, unless the barrier is broken, or a generation is full and has no verdict
    /\ pc[t] = "called" /\ mine' = [mine EXCEPT ![t] = Len(gens)]
    /\ IF Newest.verdict = "none" /\ Len(Newest.taken) < Parties
       THEN /\ gens' = [gens EXCEPT ![Len(gens)].taken = Append(@, t)]
            /\ Go(t, IF Len(Newest.taken) + 1 = Parties THEN "last" ELSE IF call[t] = "wait" THEN "asleep" ELSE "bringing")
       ELSE Go(t, IF Newest.verdict = "none" THEN "late" ELSE "leaving") /\ UNCHANGED gens
    /\ UNCHANGED <<bytes, spare, due, call, late>>

Count(bell, mark) == Cardinality({i \in DOMAIN bell.left : bell.left[i] = mark})
Emptied(bell) ==  \* its pipe can be used again: it was rung once, nobody reads it any more, and no byte is still to come
    Greedy \/ (bell.rung = 1 /\ Count(bell, "stays") = 0 /\ (bell.gate = "none" \/ bell.sent < Parties))
Unread(bell) ==  \* bytes that nobody will read, where there is a gate
    IF bell.sent < Parties /\ bell.sent > Count(bell, "read") THEN bell.sent - Count(bell, "read") ELSE 0
Prepare(t) ==  \* who gets hold of the bell of the generation before, and he alone, uses its pipe if it will do
    /\ pc[t] \in {"late", "last"} /\ spare[t] = 0 /\ Verdict(t) = "none"
    /\ gens' = [gens EXCEPT ![mine[t]].before = FALSE]
    /\ LET old  == gens[mine[t] - 1]
           used == {gens[g].pipe : g \in 1 .. Len(gens)} \cup {spare[s] : s \in Threads}
           new  == CHOOSE p \in Pipes \ used : \A q \in Pipes \ used : p <= q
       IN  IF Mine(t).before /\ Emptied(old)
           THEN spare' = [spare EXCEPT ![t] = old.pipe] /\ bytes' = [bytes EXCEPT ![old.pipe] = @ - Unread(old)]
           ELSE spare' = [spare EXCEPT ![t] = new] /\ bytes' = [bytes EXCEPT ![new] = 0]
    /\ UNCHANGED <<mine, due, pc, call, late>>
Trip(t) ==  \* the last arriver, or who comes when it is full, settles the verdict, if there is none
    /\ pc[t] \in {"late", "last"} /\ (spare[t] # 0 \/ Verdict(t) # "none")
    /\ spare' = [spare EXCEPT ![t] = 0]
    /\ gens' = IF Verdict(t) # "none" THEN gens
               ELSE Append([gens EXCEPT ![mine[t]].verdict = "tripped"], Using(spare[t], TRUE))
    /\ Go(t, IF Verdict(t) = "broken" THEN "leaving" ELSE IF pc[t] = "last" THEN "ringing" ELSE "late")
    /\ UNCHANGED <<bytes, mine, due, call, late>>
Onward(t) ==
    pc[t] = "late" /\ Verdict(t) = "tripped" /\ Forget(t) /\ Go(t, "called") /\ UNCHANGED <<spare, due, call, late>>
Ring(t) ==  \* first it is noted ...
    /\ pc[t] = "ringing" /\ Go(t, "counting")
    /\ gens' = [gens EXCEPT ![mine[t]].rung = IF @ = 2 THEN 2 ELSE @ + 1]
    /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Reckon(t) ==  \* ... then those are counted who may read: all, if nobody has brought a gate ...
    /\ pc[t] = "counting" /\ Go(t, "writing")
    /\ due' = [due EXCEPT ![t] = IF Mine(t).gate = "none" THEN Parties - 1 ELSE Count(Mine(t), "stays")]
    /\ UNCHANGED <<gens, bytes, mine, spare, call, late>>
Write(t) ==  \* ... a byte for each of them is written, and who looks for a gate now is done if there is none ...
    /\ pc[t] = "writing" /\ Go(t, "noting") /\ bytes' = [bytes EXCEPT ![Mine(t).pipe] = @ + due[t]]
    /\ UNCHANGED <<gens, mine, spare, due, call, late>>
Note(t) ==
    /\ pc[t] = "noting" /\ due' = [due EXCEPT ![t] = 0]
    /\ IF Mine(t).gate = "none" THEN Go(t, "leaving") /\ UNCHANGED gens
       ELSE Go(t, "opening") /\ gens' = [gens EXCEPT ![mine[t]].sent = due[t]]
    /\ UNCHANGED <<bytes, mine, spare, call, late>>
Open(t) ==  \* ... and otherwise opens it.  So does who has passed it
    /\ pc[t] \in {"opening", "handing"} /\ Go(t, "leaving") /\ gens' = [gens EXCEPT ![mine[t]].gate = "open"]
    /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Wake(t) ==  \* there is a byte
    /\ pc[t] = "asleep" /\ bytes[Mine(t).pipe] > 0 /\ Go(t, "woken") /\ bytes' = [bytes EXCEPT ![Mine(t).pipe] = @ - 1]
    /\ UNCHANGED <<gens, mine, spare, due, call, late>>
Check(t) ==  \* with a verdict it leaves its mark and goes; without one it sleeps on
    /\ pc[t] = "woken"
    /\ IF Verdict(t) = "none" /\ ~Credulous THEN Go(t, "asleep") /\ UNCHANGED gens
       ELSE Go(t, "leaving") /\ gens' = [gens EXCEPT ![mine[t]].left[Place(t)] = "read"]
    /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Bring(t) ==  \* who has a time limit needs the gate, ...
    /\ pc[t] = "bringing" /\ Go(t, "saying") /\ gens' = [gens EXCEPT ![mine[t]].gate = IF @ = "none" THEN "shut" ELSE @]
    /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Say(t) ==  \* ... says that it takes no byte, ...
    /\ pc[t] = "saying" /\ Go(t, "looking") /\ gens' = [gens EXCEPT ![mine[t]].left[Place(t)] = "none"]
    /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Look(t) ==  \* ... and sleeps if there is no verdict
    /\ pc[t] = "looking" /\ Go(t, IF Verdict(t) = "none" \/ Rash THEN "waiting" ELSE "leaving")
    /\ UNCHANGED <<gens, bytes, mine, spare, due, call, late>>
Pass(t) ==
    /\ pc[t] = "waiting" /\ Mine(t).gate = "open" /\ Go(t, "handing") /\ gens' = [gens EXCEPT ![mine[t]].gate = "shut"]
    /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Expire(t) ==  \* it rings, also if it finds the verdict settled
    /\ pc[t] = "waiting" /\ Go(t, "ringing")
    /\ gens' = IF Verdict(t) = "none" THEN [gens EXCEPT ![mine[t]].verdict = "broken"] ELSE gens
    /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Return(t) ==
    pc[t] = "leaving" /\ Forget(t) /\ Go(t, "out") /\ call' = [call EXCEPT ![t] = "none"] /\ UNCHANGED <<spare, due, late>>
Stray == \E g \in 1 .. Len(gens) :  \* a byte that nobody has waited for
    /\ late < Strays /\ late' = late + 1 /\ bytes' = [bytes EXCEPT ![gens[g].pipe] = @ + 1]
    /\ UNCHANGED <<gens, mine, spare, due, pc, call>>
Step(t) == \/ Return(t) \/ Arrive(t) \/ Prepare(t) \/ Trip(t) \/ Onward(t) \/ Ring(t) \/ Reckon(t) \/ Write(t) \/ Note(t)
           \/ Open(t) \/ Wake(t) \/ Check(t) \/ Bring(t) \/ Say(t) \/ Look(t) \/ Pass(t) \/ Expire(t)
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
Once       == (Len(gens) = 1 /\ ~Newest.before) \/ Newest.taken = <<>>  \* a bound: who comes to a second generation ends it

Ringing(t) == pc[t] \in {"counting", "writing"}
Enough ==  \* when it has been rung, there is a byte for everybody who still reads; refuted by Pipe_Greedy_Broken.cfg
    \A p \in Pipes : LET ours == {t \in Threads : mine[t] # 0 /\ Mine(t).pipe = p}
                        readers == {t \in ours : pc[t] = "asleep" /\ Mine(t).rung > 0}
                    IN  Cardinality(readers) <= bytes[p] \/ \E t \in ours : Ringing(t)
Passable ==  \* when it has been rung, the gate is open, or will be by who rings or has passed; refuted by Pipe_Rash_Broken.cfg
    \A t \in Threads : (pc[t] = "waiting" /\ Mine(t).rung > 0) =>
        Mine(t).gate = "open" \/ \E s \in Threads : mine[s] = mine[t] /\ (Ringing(s) \/ pc[s] \in {"noting", "opening", "handing"})

THEOREM Spec /\ ~Credulous /\ ~Greedy /\ ~Rash => Contract
===============================================================================
