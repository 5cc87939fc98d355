------------------------------- MODULE Elastic -------------------------------
(****************************************************************************)
(* The contract of a barrier whose parties join and leave while it runs,    *)
(* and may arrive now and wait later (split phase).  Level: as in Barrier,  *)
(* whose promises hold here as well; action, timeout and interrupt are left *)
(* out, since they are the same.  Each party is one thread.                 *)
(* Compare: Java's Phaser, .NET's Barrier, arrive_and_drop of C++20.        *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads,    \* those who may call
    Founders,   \* the parties at the beginning
    Calls,      \* the calls that they make, a subset of AllCalls
    Nobody,     \* as in Barrier
    Forgetful   \* the mistake: one who leaves does not look whether all others have arrived

AllCalls == {"wait", "arrive", "await", "join", "leave", "abort", "reset"}  \* await is wait(token)

ASSUME Founders \subseteq Threads /\ Founders # {} /\ Calls \subseteq AllCalls /\ Forgetful \in BOOLEAN

VARIABLES
    joined,  \* the parties
    over,    \* there was a moment without parties
    line,    \* who has arrived and has no verdict, in the order of arrival
    due,     \* somebody has noticed that all have arrived, and will trip the generation
    broken,  \* whether the generation that would fill now is broken
    call,    \* the call that each thread is in
    token,   \* whether each has arrived and has not been told the verdict
    fate     \* None, or what each will be told: the verdict if it has a token, else the answer to its call
vars == <<joined, over, line, due, broken, call, token, fate>>

None     == <<>>
Index(i) == <<"index", i>>
Broken   == <<"broken">>
Done     == <<"done">>      \* None, or the token that arrive returns
Finished == <<"finished">>  \* there are no parties any more
Indices(n) == {Index(i) : i \in 0 .. n - 1}
Results  == Indices(Cardinality(Threads)) \cup {Broken, Done, Finished}
Present  == {line[i] : i \in 1 .. Len(line)}
Place(t) == (CHOOSE i \in 1 .. Len(line) : line[i] = t) - 1

TypeOK == /\ joined \subseteq Threads /\ over \in BOOLEAN /\ line \in Seq(Threads) /\ due \in BOOLEAN
          /\ broken \in BOOLEAN /\ call \in [Threads -> AllCalls \cup {"none"}]
          /\ token \in [Threads -> BOOLEAN] /\ fate \in [Threads -> Results \cup {None}]

Init == /\ joined = Founders /\ over = FALSE /\ line = <<>> /\ due = FALSE /\ broken = FALSE
        /\ call = [t \in Threads |-> "none"] /\ token = [t \in Threads |-> FALSE] /\ fate = [t \in Threads |-> None]

Call(t, what) ==  \* a party arrives once, and then it waits; only a party leaves, only another one joins
    /\ call[t] = "none" /\ token[t] = (what = "await")
    /\ (what \in {"wait", "arrive", "leave"} => t \in joined \/ over) /\ (what = "join" => t \notin joined)
    /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<joined, over, line, due, broken, token, fate>>

Return(t, result) ==  \* one who has arrived with a token may return at once
    /\ call[t] # "none"
    /\ IF call[t] = "arrive" /\ token[t] THEN result = Done /\ UNCHANGED <<token, fate>>
       ELSE /\ result = fate[t] /\ result # None
            /\ token' = [token EXCEPT ![t] = FALSE] /\ fate' = [fate EXCEPT ![t] = None]
    /\ call' = [call EXCEPT ![t] = "none"]
    /\ UNCHANGED <<joined, over, line, due, broken>>

Tell(t, result) == fate' = [fate EXCEPT ![t] = result]

Arrive(t) ==
    /\ call[t] \in {"wait", "arrive"} /\ ~token[t] /\ fate[t] = None /\ ~due
    /\ IF over THEN Tell(t, Finished) /\ UNCHANGED <<line, due, token>>
       ELSE /\ token' = [token EXCEPT ![t] = TRUE]
            /\ IF broken THEN Tell(t, Broken) /\ UNCHANGED <<line, due>>
               ELSE /\ line' = Append(line, t) /\ due' = (Present \cup {t} = joined) /\ UNCHANGED fate
    /\ UNCHANGED <<joined, over, broken, call>>

Trip ==
    /\ due
    /\ fate' = [t \in Threads |-> IF t \in Present THEN Index(Place(t)) ELSE fate[t]]
    /\ line' = <<>> /\ due' = FALSE
    /\ UNCHANGED <<joined, over, broken, call, token>>

Join(t) ==  \* from the generation on that fills now
    /\ call[t] = "join" /\ fate[t] = None /\ ~due
    /\ IF over THEN Tell(t, Finished) /\ UNCHANGED joined
       ELSE Tell(t, Done) /\ joined' = joined \cup {t}
    /\ UNCHANGED <<over, line, due, broken, call, token>>

Leave(t) ==  \* the others do not wait for t, from the generation on that fills now
    /\ call[t] = "leave" /\ fate[t] = None /\ ~due
    /\ Tell(t, IF over THEN Finished ELSE Done)
    /\ joined' = joined \ {t} /\ over' = (over \/ joined = {t})
    /\ due' = (line # <<>> /\ Present = joined' /\ ~Forgetful)
    /\ UNCHANGED <<line, broken, call, token>>

AbortOrReset(t) ==
    /\ call[t] \in {"abort", "reset"} /\ fate[t] = None
    /\ fate' = [s \in Threads |-> IF s = t THEN Done ELSE IF s \in Present THEN Broken ELSE fate[s]]
    /\ line' = <<>> /\ due' = FALSE /\ broken' = (call[t] = "abort")
    /\ UNCHANGED <<joined, over, call, token>>

Effect(t) == Arrive(t) \/ Join(t) \/ Leave(t) \/ AbortOrReset(t)

Next == Trip \/ \E t \in Threads : \/ \E what \in Calls : Call(t, what)
                                   \/ \E result \in Results : Return(t, result)
                                   \/ Effect(t)

Spec == Init /\ [][Next]_vars

(* Calls have their effect and return when they can; nobody has to call. *)
Fairness == WF_vars(Trip) /\ \A t \in Threads : SF_vars(Effect(t)) /\ WF_vars(\E result \in Results : Return(t, result))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Freed(t) == fate[t] = None /\ fate'[t] \in Indices(Cardinality(Threads))

(* P1 together: nobody is released before all who are parties now have arrived. *)
P1 == [][\A t \in Threads : Freed(t) => t \in Present /\ joined = Present]_vars

(* P2 apart: who has arrived and has no verdict is in the line, once, and nobody else. *)
P2 == \A t \in Threads : Cardinality({i \in 1 .. Len(line) : line[i] = t}) = IF token[t] /\ fate[t] = None THEN 1 ELSE 0

(* P5 an index each: those released get 0 .. n - 1, where n is the number of parties at that moment. *)
P5 == [][(\E t \in Threads : Freed(t)) => {fate'[t] : t \in Present} = Indices(Cardinality(joined))]_vars

(* P9 progress: when all who are still parties have arrived, everybody gets a verdict; nobody waits for one who left. *)
P9 == (joined = Present /\ line # <<>>) ~> ~(joined = Present /\ line # <<>>)

(* Arriving, joining and leaving never block; without parties, wait says that it is over. *)
Promptly == \A t \in Threads : call[t] \in {"arrive", "join", "leave"} ~> call[t] = "none"
Ended == over => joined = {} /\ line = <<>>

(* With fixed parties it is a Barrier; arrive and await are then the two halves of one wait. *)
InWait(t) == token[t] \/ call[t] \in {"wait", "arrive"}
B == INSTANCE Barrier WITH
    Parties <- Cardinality(Founders), Calls <- {"wait", "abort", "reset"}, Outcomes <- {}, Targets <- {}, Slow <- {},
    at   <- [t \in Threads |-> IF ~InWait(t) THEN "out" ELSE IF ~token[t] THEN "called"
                               ELSE IF fate[t] = None THEN "waiting" ELSE "leaving"],
    call <- [t \in Threads |-> IF InWait(t) THEN "wait" ELSE call[t]]

Contract == B!Spec

THEOREM Spec /\ Calls \cap {"join", "leave"} = {} => Contract
===============================================================================
