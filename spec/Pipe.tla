--------------------------------- MODULE Pipe ---------------------------------
(****************************************************************************)
(* How phalanx.Barrier wakes sleepers again and again: by a pipe.  Each     *)
(* reads a byte, a hint to look for the verdict; who rings writes one for   *)
(* each.  Who has a time limit sleeps at a gate, which is handed on.  Where *)
(* all have marked that they will read no more, the pipe is used again.     *)
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
Using(pipe, before) ==  \* before: whether the bell of the generation before can be had
    [taken |-> <<>>, verdict |-> "none", pipe |-> pipe, before |-> before,
     left |-> [i \in 0 .. Parties - 2 |-> "stays"],  \* by ticket: has "read" its byte, or takes "none"
     rung |-> 0, gate |-> "none",  \* how often, up to twice; where who has a time limit sleeps: then "shut" or "open"
     sent |-> Parties]             \* how many bytes were written, where there is a gate; Parties: not yet
TypeOK == /\ \A g \in 1 .. Len(gens) : /\ gens[g].verdict \in {"none", "tripped", "broken"} /\ gens[g].pipe \in Pipes
                                       /\ Len(gens[g].taken) <= Parties /\ gens[g].rung \in 0 .. 2
                                       /\ gens[g].gate \in {"none", "shut", "open"} /\ gens[g].sent \in 0 .. Parties
          /\ bytes \in [Pipes -> Nat] /\ spare \in [Threads -> Pipes \cup {0}] /\ late \in 0 .. Strays
          /\ mine \in [Threads -> 0 .. Len(gens)] /\ due \in [Threads -> 0 .. Parties - 1]
          /\ pc \in [Threads -> {"out", "called", "late", "last", "asleep", "woken", "bringing", "saying", "looking",
                                "waiting", "handing", "ringing", "counting", "writing", "noting", "opening", "leaving"}]
Init == /\ gens = <<Using(1, FALSE)>> /\ bytes = [p \in Pipes |-> 0] /\ late = 0 /\ mine = [t \in Threads |-> 0]
        /\ spare = [t \in Threads |-> 0] /\ due = [t \in Threads |-> 0]
        /\ pc = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"]

Go(t, where)      == pc' = [pc EXCEPT ![t] = where]
Move(t, from, to) == pc[t] = from /\ Go(t, to)
Put(t, gen)       == gens' = [gens EXCEPT ![mine[t]] = gen] /\ UNCHANGED <<bytes, mine, spare, due, call, late>>
Fill(t, some)     == bytes' = [bytes EXCEPT ![Mine(t).pipe] = some] /\ UNCHANGED <<gens, mine, spare, due, call, late>>
Forget(t) ==  \* t lets go of its generation; what nobody knows any more is gone, but for a bell that can be had
    LET now  == [mine EXCEPT ![t] = 0]
        kept == (IF Newest.before THEN {Len(gens) - 1} ELSE {}) \cup {Len(gens)} \cup ({now[s] : s \in Threads} \ {0})
        rank(i) == Cardinality({k \in kept : k <= i})
        rest(k) == IF k = Len(gens) \/ k \in {now[s] : s \in Threads} THEN gens[k] ELSE [gens[k] EXCEPT !.taken = <<>>]
    IN  /\ mine' = [s \in Threads |-> rank(now[s])]
        /\ gens' = [n \in 1 .. Cardinality(kept) |-> rest(CHOOSE k \in kept : rank(k) = n)]
        /\ bytes' = [p \in Pipes |-> IF p \in {gens[k].pipe : k \in kept} \cup {spare[s] : s \in Threads}
                                     THEN bytes[p] ELSE 0]
Call(t, what) == /\ call[t] = "none" /\ call' = [call EXCEPT ![t] = what] /\ Go(t, "called")
                 /\ UNCHANGED <<gens, bytes, mine, spare, due, late>>
Arrive(t) ==  \* with a ticket, unless the barrier is broken, or a generation is full and has no verdict
    /\ pc[t] = "called" /\ mine' = [mine EXCEPT ![t] = Len(gens)] /\ UNCHANGED <<bytes, spare, due, call, late>>
    /\ IF Newest.verdict = "none" /\ Len(Newest.taken) < Parties
       THEN /\ gens' = [gens EXCEPT ![Len(gens)].taken = Append(@, t)]
            /\ Go(t, IF Len(Newest.taken) = Parties - 1 THEN "last"
                     ELSE IF call[t] = "wait" THEN "asleep" ELSE "bringing")
       ELSE Go(t, IF Newest.verdict = "none" THEN "late" ELSE "leaving") /\ UNCHANGED gens
Count(bell, mark) == Cardinality({i \in DOMAIN bell.left : bell.left[i] = mark})
Emptied(bell) ==  \* its pipe can be used again: it was rung once, nobody reads any more, and no byte is still to come
    Greedy \/ (bell.rung = 1 /\ Count(bell, "stays") = 0 /\ (bell.gate = "none" \/ bell.sent < Parties))
Unread(bell) ==  \* bytes that nobody will read, where there is a gate
    IF bell.sent < Parties /\ bell.sent > Count(bell, "read") THEN bell.sent - Count(bell, "read") ELSE 0
Prepare(t) ==  \* who gets hold of the bell of the generation before, and he alone, uses its pipe if it will do
    /\ pc[t] \in {"late", "last"} /\ spare[t] = 0 /\ Verdict(t) = "none" /\ UNCHANGED <<mine, due, pc, call, late>>
    /\ gens' = [gens EXCEPT ![mine[t]].before = FALSE]
    /\ LET old  == gens[mine[t] - 1]
           used == {gens[g].pipe : g \in 1 .. Len(gens)} \cup {spare[s] : s \in Threads}
           new  == CHOOSE p \in Pipes \ used : \A q \in Pipes \ used : p <= q
       IN  IF Mine(t).before /\ Emptied(old)
           THEN spare' = [spare EXCEPT ![t] = old.pipe] /\ bytes' = [bytes EXCEPT ![old.pipe] = @ - Unread(old)]
           ELSE spare' = [spare EXCEPT ![t] = new] /\ bytes' = [bytes EXCEPT ![new] = 0]
Trip(t) ==  \* the last arriver, or who comes when it is full, settles the verdict, if there is none
    /\ pc[t] \in {"late", "last"} /\ (spare[t] # 0 \/ Verdict(t) # "none") /\ spare' = [spare EXCEPT ![t] = 0]
    /\ gens' = IF Verdict(t) # "none" THEN gens
               ELSE Append([gens EXCEPT ![mine[t]].verdict = "tripped"], Using(spare[t], TRUE))
    /\ Go(t, IF Verdict(t) = "broken" THEN "leaving" ELSE IF pc[t] = "last" THEN "ringing" ELSE "late")
    /\ UNCHANGED <<bytes, mine, due, call, late>>
Onward(t) == Move(t, "late", "called") /\ Verdict(t) = "tripped" /\ Forget(t) /\ UNCHANGED <<spare, due, call, late>>
Return(t) == /\ Move(t, "leaving", "out") /\ Forget(t) /\ call' = [call EXCEPT ![t] = "none"]
             /\ UNCHANGED <<spare, due, late>>
(* Who rings notes it, counts who may read (all, if there is no gate), writes a byte for each, and opens the gate.   *)
Ring(t) == Move(t, "ringing", "counting") /\ Put(t, [Mine(t) EXCEPT !.rung = IF @ = 2 THEN 2 ELSE @ + 1])
Reckon(t) == /\ Move(t, "counting", "writing") /\ UNCHANGED <<gens, bytes, mine, spare, call, late>>
             /\ due' = [due EXCEPT ![t] = IF Mine(t).gate = "none" THEN Parties - 1 ELSE Count(Mine(t), "stays")]
Write(t) == Move(t, "writing", "noting") /\ Fill(t, bytes[Mine(t).pipe] + due[t])
Note(t) == /\ Move(t, "noting", IF Mine(t).gate = "none" THEN "leaving" ELSE "opening")
           /\ due' = [due EXCEPT ![t] = 0] /\ UNCHANGED <<bytes, mine, spare, call, late>>
           /\ gens' = [gens EXCEPT ![mine[t]].sent = IF Mine(t).gate = "none" THEN @ ELSE due[t]]
Open(t) == pc[t] \in {"opening", "handing"} /\ Go(t, "leaving") /\ Put(t, [Mine(t) EXCEPT !.gate = "open"])
(* Who has none reads a byte.  With a verdict it leaves its mark and goes; without one it sleeps on. *)
Wake(t) == Move(t, "asleep", "woken") /\ bytes[Mine(t).pipe] > 0 /\ Fill(t, bytes[Mine(t).pipe] - 1)
Check(t) == /\ pc[t] = "woken"
            /\ IF Verdict(t) = "none" /\ ~Credulous THEN Go(t, "asleep") /\ Put(t, Mine(t))
               ELSE Go(t, "leaving") /\ Put(t, [Mine(t) EXCEPT !.left[Place(t)] = "read"])
(* Who has a time limit brings the gate, says so, sleeps if there is no verdict, and hands it on; who gives up rings. *)
Bring(t) == Move(t, "bringing", "saying") /\ Put(t, [Mine(t) EXCEPT !.gate = IF @ = "none" THEN "shut" ELSE @])
Say(t) == Move(t, "saying", "looking") /\ Put(t, [Mine(t) EXCEPT !.left[Place(t)] = "none"])
Look(t) == Move(t, "looking", IF Verdict(t) = "none" \/ Rash THEN "waiting" ELSE "leaving") /\ Put(t, Mine(t))
Pass(t) == Move(t, "waiting", "handing") /\ Mine(t).gate = "open" /\ Put(t, [Mine(t) EXCEPT !.gate = "shut"])
Expire(t) == Move(t, "waiting", "ringing") /\ Put(t, [Mine(t) EXCEPT !.verdict = IF @ = "none" THEN "broken" ELSE @])
Stray == /\ late < Strays /\ late' = late + 1 /\ UNCHANGED <<gens, mine, spare, due, pc, call>>
         /\ \E g \in 1 .. Len(gens) : bytes' = [bytes EXCEPT ![gens[g].pipe] = @ + 1]  \* nobody waited for that byte
Step(t) == \/ Return(t) \/ Arrive(t) \/ Prepare(t) \/ Trip(t) \/ Onward(t) \/ Ring(t) \/ Reckon(t) \/ Write(t)
           \/ Note(t) \/ Open(t) \/ Wake(t) \/ Check(t) \/ Bring(t) \/ Say(t) \/ Look(t) \/ Pass(t) \/ Expire(t)
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
    Outcomes <- {}, Targets <- {}, Slow <- {}, broken <- Newest.verdict = "broken",
    line   <- IF Newest.verdict = "none" THEN Newest.taken ELSE <<>>,
    at     <- [t \in Threads |-> IF call[t] = "none" THEN "out" ELSE IF ~Arrived(t) THEN "called"
                                 ELSE IF Fate(t) = <<>> THEN "waiting" ELSE "leaving"],
    fate   <- [t \in Threads |-> Fate(t)]
Contract == B!Spec
P1 == B!P1  \* refuted by Pipe_Broken.cfg
P9 == B!P9
Once == (Len(gens) = 1 /\ ~Newest.before) \/ Newest.taken = <<>>  \* a bound: nobody comes to a second generation
Ringing(t) == pc[t] \in {"counting", "writing"}
Enough ==  \* when it has been rung, there is a byte for everybody who still reads; refuted by Pipe_Greedy_Broken.cfg
    \A p \in Pipes : LET ours == {t \in Threads : mine[t] # 0 /\ Mine(t).pipe = p}
                        readers == {t \in ours : pc[t] = "asleep" /\ Mine(t).rung > 0}
                    IN  Cardinality(readers) <= bytes[p] \/ \E t \in ours : Ringing(t)
Passable ==  \* when it has been rung, the gate is open, or will be by who rings or has passed; see Pipe_Rash_Broken.cfg
    \A t \in Threads : (pc[t] = "waiting" /\ Mine(t).rung > 0 /\ Mine(t).gate # "open") =>
        \E s \in Threads : mine[s] = mine[t] /\ (Ringing(s) \/ pc[s] \in {"noting", "opening", "handing"})
THEOREM Spec /\ ~Credulous /\ ~Greedy /\ ~Rash => Contract
===============================================================================
