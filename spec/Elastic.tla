------------------------------- MODULE Elastic -------------------------------
(****************************************************************************)
(* The contract of a barrier whose parties join and leave while it runs,    *)
(* and may arrive now and wait later (split phase): arrive returns a token, *)
(* await is wait(token), and wait is both in one.  Level: as in Barrier,    *)
(* whose promises hold here as well; there is no action.  Each party is one *)
(* thread.  Call, Return and Interrupt can be seen from outside.            *)
(* Compare: Java's Phaser, .NET's Barrier, arrive_and_drop of C++20.        *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads,    \* those who may call
    Founders,   \* the parties at the beginning
    Calls,      \* the calls that they make, a subset of AllCalls
    Targets,    \* as in Barrier, like the next two: the threads that may be hit by an exception inside wait
    Slow,       \* the threads that may stop for ever, anywhere (P7: "whatever the others do")
    Nobody,     \* not a thread
    Forgetful   \* the mistake: one who leaves does not look whether all others have arrived

Waits    == {"wait", "wait_timeout"}
Awaits   == {"await", "await_timeout"}
Reading  == {"n_waiting", "broken", "parties", "finished"}
AllCalls == Waits \cup Awaits \cup Reading \cup {"arrive", "join", "leave", "abort", "reset", "misuse"}

ASSUME /\ Founders \subseteq Threads /\ Founders # {} /\ Calls \subseteq AllCalls
       /\ Targets \subseteq Threads /\ Slow \subseteq Threads /\ Forgetful \in BOOLEAN

VARIABLES
    joined,  \* the parties; when there are none, the barrier is finished
    line,    \* who has arrived and has no verdict, in the order of arrival
    due,     \* somebody has noticed that all have arrived, and will trip the generation
    broken,  \* whether the generation that would fill now is broken
    call,    \* the call that each is in; "struck" is a wait hit by an exception, "struck_await" an await
    token,   \* what each will be told of its arrival: None if it has no token, Pending until there is a verdict
    fate     \* what each will be told when its call returns; None until that is settled
vars == <<joined, line, due, broken, call, token, fate>>

None        == <<>>
Pending     == <<"pending">>
Index(i)    == <<"index", i>>     \* wait returns i
Broken      == <<"broken">>       \* wait raises BrokenBarrierError
Finished    == <<"finished">>     \* FinishedBarrierError: there are no parties any more
Interrupted == <<"interrupted">>  \* wait raises the exception that hit it
Refused     == <<"refused">>      \* ValueError or TypeError: the call was wrong
Done        == <<"done">>         \* None, or the token that arrive returns
Count(n)    == <<"count", n>>     \* n_waiting, parties
Flag(b)     == IF b THEN <<"yes">> ELSE <<"no">>  \* broken, finished
Indices     == {Index(i) : i \in 0 .. Cardinality(Threads) - 1}
Results     == Indices \cup {Broken, Finished, Interrupted, Refused, Done, Flag(TRUE), Flag(FALSE)}
                       \cup {Count(n) : n \in 0 .. Cardinality(Threads)}

Over     == joined = {}
Present  == {line[i] : i \in 1 .. Len(line)}
Place(t) == (CHOOSE i \in 1 .. Len(line) : line[i] = t) - 1

TypeOK == /\ joined \subseteq Threads /\ line \in Seq(Threads) /\ due \in BOOLEAN /\ broken \in BOOLEAN
          /\ call \in [Threads -> AllCalls \cup {"none", "struck", "struck_await"}]
          /\ token \in [Threads -> Indices \cup {Broken, Pending, None}] /\ fate \in [Threads -> Results \cup {None}]

Init == /\ joined = Founders /\ line = <<>> /\ due = FALSE /\ broken = FALSE
        /\ call = [t \in Threads |-> "none"] /\ token = [t \in Threads |-> None] /\ fate = [t \in Threads |-> None]

Call(t, what) ==  \* only a party arrives and leaves, only another one joins; with a token one waits, or leaves
    /\ call[t] = "none"
    /\ CASE what \in Awaits                -> token[t] # None \/ Over
         [] what = "leave"                 -> t \in joined \/ Over
         [] what \in Waits \cup {"arrive"} -> token[t] = None /\ (t \in joined \/ Over)
         [] OTHER                          -> token[t] = None /\ (what = "join" => t \notin joined)
    /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<joined, line, due, broken, token, fate>>

Return(t, result) ==
    /\ fate[t] = result /\ result # None
    /\ call[t] \in {"struck", "struck_await"} => result = Interrupted
    /\ call' = [call EXCEPT ![t] = "none"]
    /\ fate' = [fate EXCEPT ![t] = None]
    /\ UNCHANGED <<joined, line, due, broken, token>>

Interrupt(t) ==
    /\ t \in Targets /\ call[t] \in Waits \cup Awaits
    /\ call' = [call EXCEPT ![t] = IF @ \in Waits THEN "struck" ELSE "struck_await"]
    /\ UNCHANGED <<joined, line, due, broken, token, fate>>

Tell(t, result) == fate' = [fate EXCEPT ![t] = result]

Arrive(t) ==
    /\ call[t] \in Waits \cup {"arrive"} /\ token[t] = None /\ fate[t] = None /\ ~due
    /\ IF Over THEN Tell(t, Finished) /\ UNCHANGED <<line, due, token>>
       ELSE /\ token' = [token EXCEPT ![t] = IF broken THEN Broken ELSE Pending]
            /\ line' = (IF broken THEN line ELSE Append(line, t))
            /\ due' = (~broken /\ joined \subseteq Present \cup {t})
            /\ IF call[t] = "arrive" THEN Tell(t, Done) ELSE UNCHANGED fate
    /\ UNCHANGED <<joined, broken, call>>

Learn(t) ==  \* who was refused a token is refused again
    /\ (call[t] \in Awaits \/ (call[t] \in Waits /\ token[t] # None)) /\ token[t] # Pending /\ fate[t] = None
    /\ Tell(t, IF token[t] = None THEN Finished ELSE token[t])
    /\ token' = [token EXCEPT ![t] = None]
    /\ UNCHANGED <<joined, line, due, broken, call>>

Trip ==
    /\ due
    /\ token' = [t \in Threads |-> IF t \in Present THEN Index(Place(t)) ELSE token[t]]
    /\ line' = <<>> /\ due' = FALSE
    /\ UNCHANGED <<joined, broken, call, fate>>

Join(t) ==  \* from the generation on that fills now
    /\ call[t] = "join" /\ fate[t] = None /\ ~due
    /\ Tell(t, IF Over THEN Finished ELSE Done)
    /\ joined' = (IF Over THEN joined ELSE joined \cup {t})
    /\ UNCHANGED <<line, due, broken, call, token>>

Leave(t) ==  \* from the generation on that fills now nobody waits for t; if it has arrived there, that counts
    /\ call[t] = "leave" /\ fate[t] = None /\ ~due
    /\ Tell(t, IF Over THEN Finished ELSE Done)
    /\ joined' = joined \ {t}
    /\ due' = (line # <<>> /\ joined' \subseteq Present /\ ~Forgetful)
    /\ UNCHANGED <<line, broken, call, token>>

Break(now, gone) ==  \* who has arrived is told, but who is gone; now: whether the barrier stays broken
    /\ token' = [t \in Threads |-> IF t \in gone THEN None ELSE IF t \in Present THEN Broken ELSE token[t]]
    /\ line' = <<>> /\ due' = FALSE /\ broken' = now
    /\ UNCHANGED <<joined, call>>

AbortOrReset(t) ==  \* aborting what is finished breaks nothing
    /\ call[t] \in {"abort", "reset"} /\ fate[t] = None
    /\ Tell(t, Done) /\ Break(call[t] = "abort" /\ (broken \/ ~Over), {})

Timed(t)  == call[t] \in {"wait_timeout", "await_timeout"}
Expire(t) == Timed(t) /\ token[t] = Pending /\ Break(~Over, {}) /\ UNCHANGED fate

Unwind(t) ==  \* an exception has hit t: its generation is broken, or untouched; what arrive has counted stays so
    /\ call[t] \in {"struck", "struck_await"} /\ fate[t] # Interrupted
    /\ Tell(t, Interrupted)
    /\ \/ /\ token[t] = Pending \/ (call[t] = "struck" /\ token[t] = None /\ fate[t] = None /\ ~Over)
          /\ Break(~Over, IF call[t] = "struck" THEN {t} ELSE {})
       \/ /\ call[t] = "struck" /\ ~(due /\ t \in Present)
          /\ token' = [token EXCEPT ![t] = None] /\ line' = SelectSeq(line, LAMBDA s : s # t)
          /\ UNCHANGED <<joined, due, broken, call>>
       \/ call[t] = "struck_await" /\ UNCHANGED <<joined, line, due, broken, call, token>>

Seen(what) ==  \* what a reader may be told
    CASE what = "n_waiting" -> {Count(n) : n \in IF due THEN {0, Len(line) - 1, Len(line)} ELSE {Len(line)}}
      [] what = "parties"   -> {Count(Cardinality(joined))}
      [] what = "broken"    -> {Flag(broken)}
      [] what = "finished"  -> {Flag(Over)}
      [] OTHER              -> {Refused}

Answer(t) ==  \* a reader is told, or a wrong call is refused
    /\ call[t] \in Reading \cup {"misuse"} /\ fate[t] = None
    /\ \E result \in Seen(call[t]) : Tell(t, result)
    /\ UNCHANGED <<joined, line, due, broken, call, token>>

Effect(t) == Arrive(t) \/ Learn(t) \/ Join(t) \/ Leave(t) \/ AbortOrReset(t) \/ Expire(t) \/ Unwind(t) \/ Answer(t)

Next == Trip \/ \E t \in Threads : \/ \E what \in Calls : Call(t, what)
                                   \/ \E result \in {fate[t]} : Return(t, result)
                                   \/ Interrupt(t) \/ Effect(t)

Spec == Init /\ [][Next]_vars

(* Who is not Slow goes on when it can.  Nobody arrives while a trip is due, so strong fairness.  Nobody has to call. *)
Fairness == WF_vars(Trip) /\ \A t \in Threads \ Slow : SF_vars(Effect(t)) /\ WF_vars(Return(t, fate[t]))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Prompt     == Threads \ Slow
Told(t)    == IF token[t] \in {None, Pending} THEN fate[t] ELSE token[t]  \* of its arrival, if that is settled
Freed(t)   == Told(t) \notin Indices /\ Told(t)' # None /\ Head(Told(t)') = "index"  \* in this step t is released
Settles(t) == fate[t] = None /\ fate'[t] # None  \* in this step it is settled what t is told
Works(t, what) == call[t] = what /\ fate[t] = None /\ fate'[t] = Done  \* in this step t's call has its effect

(* P1 together: nobody is released before all who are parties at that moment have arrived. *)
P1 == [][\A t \in Threads : Freed(t) => t \in Present /\ joined \subseteq Present]_vars

(* P2 apart: a generation counts only its own arrivals: who has arrived and has no verdict, each once. *)
P2 == \A t \in Threads : Cardinality({i \in 1 .. Len(line) : line[i] = t}) = IF token[t] = Pending THEN 1 ELSE 0

(* P3 one verdict: all of a generation learn the same verdict, and nobody takes it back. *)
P3 == [][/\ \A s, t \in Present : Freed(s) => Told(t)' # Broken
         /\ \A t \in Threads : ~(Told(t) \in Indices /\ Told(t)' = Broken) /\ ~(Told(t) = Broken /\ Freed(t))]_vars

(* P5 an index each: those released get 0 .. n - 1 in the order of arrival, where n is the number of arrivals. *)
P5 == [][\A t \in Threads : /\ Freed(t) /\ t \in Present => Told(t)' = Index(Place(t))
                            /\ Told(t) \in Indices => Told(t)' \in {Told(t), None, Broken, Interrupted}]_vars

(* P6 abort: when abort has returned, nobody is left waiting, and every later wait raises at once, until reset. *)
P6 == broken => line = <<>>
P6Live == \A t \in Prompt : broken /\ call[t] \in Waits ~> call[t] = "none" \/ ~broken

(* P7 timeout: a wait never outlasts its timeout, whatever the others do. *)
P7 == \A t \in Prompt : Timed(t) ~> ~Timed(t)

(* P8 reset: who waits gets BrokenBarrierError, and the barrier is as new, with the parties that it has. *)
P8 == [][\A t \in Threads : Works(t, "reset") =>
             line' = <<>> /\ ~broken' /\ UNCHANGED joined /\ \A s \in Present : token'[s] = Broken]_vars

(* P9 progress: when all who are parties have arrived, all who wait return; nobody waits for one who has left. *)
P9 == \A t \in Threads : joined \subseteq Present /\ t \in Present /\ call[t] \in Waits \cup Awaits ~> call[t] = "none"

(* P10 interrupt: an exception ends the wait that it hits, and leaves no arrival of that wait behind. *)
P10 == \A t \in Prompt : call[t] = "struck" ~> call[t] = "none" /\ t \notin Present
P10Token == \A t \in Prompt : call[t] = "struck_await" ~> call[t] = "none"

(* P12 reading: reading never blocks and is true at some moment of the call. *)
P12 == [][\A t \in Threads : call[t] \in Reading /\ Settles(t) => fate'[t] \in Seen(call[t])]_vars
P12Live == \A t \in Prompt : call[t] \in Reading ~> call[t] \notin Reading

(* P13 misuse: a wrong call is refused and changes nothing. *)
P13 == [][\A t \in Threads : Settles(t) /\ fate'[t] = Refused => UNCHANGED <<joined, line, due, broken, token>>]_vars

(* E1 join: who joins is waited for from the generation on that fills now, in which nothing else changes. *)
E1 == [][\A t \in Threads : Works(t, "join") => joined' = joined \cup {t} /\ UNCHANGED <<line, broken, token>>]_vars

(* E2 leave: who leaves is not waited for any more; if it has arrived in the generation that fills now, that counts. *)
E2 == [][\A t \in Threads : Works(t, "leave") => joined' = joined \ {t} /\ UNCHANGED <<line, broken, token>>]_vars

(* E3 prompt: arriving, joining and leaving wait for nobody. *)
E3 == \A t \in Prompt : call[t] \in {"arrive", "join", "leave"} ~> call[t] = "none"

(* E4 finished: without parties it is finished for good, nobody waits, and who arrives, joins or leaves is told so. *)
E4 == [][/\ Over => Over'
         /\ \A t \in Threads : /\ Over /\ Settles(t) /\ call[t] \in {"arrive", "join", "leave"} => fate'[t] = Finished
                               /\ Settles(t) /\ fate'[t] = Finished => Over]_vars
E4Empty == Over => line = <<>> \/ due

(* With fixed parties it is a Barrier; arrive and await are then the two halves of one wait. *)
InWait(t) == token[t] # None \/ call[t] \in Waits \cup Awaits \cup {"arrive", "struck"}
B == INSTANCE Barrier WITH
    Parties <- Cardinality(Founders), Outcomes <- {}, Calls <- Calls \ (Awaits \cup {"arrive"}),
    at   <- [t \in Threads |-> IF ~InWait(t) THEN "out" ELSE IF token[t] = Pending THEN "waiting"
                               ELSE IF token[t] = None /\ fate[t] = None THEN "called" ELSE "leaving"],
    call <- [t \in Threads |-> IF ~InWait(t) \/ call[t] = "struck" THEN call[t]
                               ELSE IF Timed(t) THEN "wait_timeout" ELSE "wait"],
    fate <- [t \in Threads |-> IF token[t] = Pending THEN None ELSE Told(t)]

Contract == B!Spec

THEOREM Spec /\ Calls \subseteq B!AllCalls \cup {"arrive","await"} /\ (Targets = {} \/ "await" \notin Calls) => Contract
===============================================================================
