------------------------------- MODULE Barrier -------------------------------
(****************************************************************************)
(* The contract of a barrier that is used again and again: what its callers *)
(* may observe.  Level: a call, one atomic effect somewhere between call    *)
(* and return, and the return.  A generation is one use of the barrier: it  *)
(* fills, and then it trips or breaks; nothing happens to it after that.    *)
(* Call, Return, ActionBegins, ActionEnds and Interrupt can be seen from    *)
(* outside; the other steps cannot.  README.md tells how to read this.      *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads,   \* those who may call
    Parties,   \* how many make a generation
    Calls,     \* the calls that they make, a subset of AllCalls
    Outcomes,  \* how the action may end: "works", "raises"; {} if there is no action
    Targets,   \* the threads that may be hit by an exception while they are inside wait
    Slow,      \* the threads that may stop for ever, anywhere (P7: "whatever the others do")
    Nobody     \* not a thread: it keeps the place of one who left a full generation

Waits    == {"wait", "wait_timeout"}
AllCalls == Waits \cup {"abort", "reset", "n_waiting", "broken", "misuse"}

ASSUME /\ Parties \in Nat \ {0} /\ Nobody \notin Threads
       /\ Calls \subseteq AllCalls /\ Outcomes \subseteq {"works", "raises"}
       /\ Targets \subseteq Threads /\ Slow \subseteq Threads

VARIABLES
    line,    \* who has arrived and has no verdict, in the order of arrival
    broken,  \* whether the generation that would fill now is broken
    at,      \* where each thread is: a thread waits from "called" to "leaving"
    call,    \* the call that each is in; "struck" is a wait hit by an exception, "reenter" a wait inside the action
    fate     \* what each will be told when its call returns; None until that is settled
vars == <<line, broken, at, call, fate>>

None        == <<>>               \* not settled
Index(i)    == <<"index", i>>     \* wait returns i
Broken      == <<"broken">>       \* wait raises BrokenBarrierError
Failed      == <<"failed">>       \* wait raises what the action raised
Interrupted == <<"interrupted">>  \* wait raises the exception that hit it
Refused     == <<"refused">>      \* RuntimeError, ValueError, TypeError: the call was wrong
Done        == <<"done">>         \* abort and reset return None
Count(n)    == <<"count", n>>     \* n_waiting
Flag(b)     == IF b THEN <<"yes">> ELSE <<"no">>  \* broken
Indices     == {Index(i) : i \in 0 .. Parties - 1}
Results     == Indices \cup {Broken, Failed, Interrupted, Refused, Done, Flag(TRUE), Flag(FALSE)}
                       \cup {Count(n) : n \in 0 .. Cardinality(Threads)}

Range(s)   == {s[i] : i \in 1 .. Len(s)}
Full       == Len(line) >= Parties
Generation == IF Full THEN SubSeq(line, 1, Parties) ELSE line          \* the one whose verdict comes first
Strangers  == IF Full THEN SubSeq(line, Parties + 1, Len(line)) ELSE <<>>  \* who came when it was full
Members    == Range(Generation) \ {Nobody}
Place(t)   == (CHOOSE i \in 1 .. Len(line) : line[i] = t) - 1
Last(t)    == Full /\ line[Parties] = t

TypeOK == /\ line \in Seq(Threads \cup {Nobody}) /\ broken \in BOOLEAN
          /\ at \in [Threads -> {"out", "called", "waiting", "leading", "acting", "acted", "leaving"}]
          /\ call \in [Threads -> AllCalls \cup {"none", "struck", "reenter"}]
          /\ fate \in [Threads -> Results \cup {None}]

Init == /\ line = <<>> /\ broken = FALSE
        /\ at = [t \in Threads |-> "out"] /\ call = [t \in Threads |-> "none"] /\ fate = [t \in Threads |-> None]

Call(t, what) ==  \* from outside, or from inside the action
    /\ \/ at[t] = "out" /\ call[t] = "none"
       \/ at[t] = "acting" /\ call[t] = "wait"
    /\ at' = [at EXCEPT ![t] = IF @ = "out" /\ what \in Waits THEN "called" ELSE @]
    /\ call' = [call EXCEPT ![t] = IF at[t] = "acting" /\ what \in Waits THEN "reenter" ELSE what]
    /\ UNCHANGED <<line, broken, fate>>

Return(t, result) ==
    /\ fate[t] = result /\ result # None /\ at[t] # "acted"
    /\ call[t] = "struck" => result = Interrupted
    /\ at' = [at EXCEPT ![t] = IF @ = "leaving" THEN "out" ELSE @]
    /\ call' = [call EXCEPT ![t] = IF at[t] = "acting" THEN "wait" ELSE "none"]
    /\ fate' = [fate EXCEPT ![t] = None]
    /\ UNCHANGED <<line, broken>>

Interrupt(t) ==  \* an exception is delivered; one delivered inside the action is ActionEnds(t, "raises")
    /\ t \in Targets /\ call[t] \in Waits /\ at[t] \notin {"leading", "acting"}
    /\ call' = [call EXCEPT ![t] = "struck"]
    /\ UNCHANGED <<line, broken, at, fate>>

Leave(t, result) ==  \* only t's fate is settled
    /\ at' = [at EXCEPT ![t] = "leaving"]
    /\ fate' = [fate EXCEPT ![t] = result]

Break(all, t, result) ==  \* all are told Broken, but t is told result; who is at the action goes on
    LET told == {s \in all \ {Nobody} : at[s] \notin {"leading", "acting"}}
    IN  /\ at' = [s \in Threads |-> IF s \in told THEN "leaving" ELSE at[s]]
        /\ fate' = [s \in Threads |-> IF s = t THEN result
                                      ELSE IF s \in told /\ fate[s] = None THEN Broken ELSE fate[s]]

BreakOwn(t, result) ==  \* t breaks its generation; a stranger may, or may not, break the full one before it as well
    \E before \in IF Full /\ t \notin Members THEN BOOLEAN ELSE {TRUE} :
        /\ Break(Range(IF before THEN line ELSE Strangers) \cup {t}, t, result)
        /\ line' = IF before THEN <<>> ELSE Generation
        /\ broken' = TRUE
        /\ UNCHANGED call

Arrive(t) ==  \* a stranger stands further back in the line: in the next generation
    /\ at[t] = "called" /\ call[t] \in Waits
    /\ IF broken THEN Leave(t, Broken) /\ UNCHANGED line
       ELSE at' = [at EXCEPT ![t] = "waiting"] /\ line' = Append(line, t) /\ UNCHANGED fate
    /\ UNCHANGED <<broken, call>>

Trip(t) ==  \* the last arriver t trips the generation, after its action if there is one
    /\ Last(t) /\ at[t] = (IF Outcomes = {} THEN "waiting" ELSE "acted") /\ fate[t] = None
    /\ at' = [s \in Threads |-> IF s \in Members THEN "leaving" ELSE at[s]]
    /\ fate' = [s \in Threads |-> IF s \in Members THEN Index(Place(s)) ELSE fate[s]]
    /\ line' = Strangers
    /\ UNCHANGED <<broken, call>>

Lead(t) ==  \* the last arriver is about to run the action; if the generation breaks now, it runs all the same
    /\ Outcomes # {} /\ Last(t) /\ at[t] = "waiting" /\ call[t] \in Waits
    /\ at' = [at EXCEPT ![t] = "leading"]
    /\ UNCHANGED <<line, broken, call, fate>>

ActionBegins(t) ==
    /\ at[t] = "leading" \/ (Outcomes # {} /\ Last(t) /\ at[t] = "waiting" /\ call[t] \in Waits)
    /\ at' = [at EXCEPT ![t] = "acting"]
    /\ call' = [call EXCEPT ![t] = "wait"]
    /\ UNCHANGED <<line, broken, fate>>

ActionEnds(t, how) ==  \* if the generation was broken meanwhile, t leaves
    /\ at[t] = "acting" /\ call[t] = "wait"
    /\ at' = [at EXCEPT ![t] = IF t \in Members THEN "acted" ELSE "leaving"]
    /\ fate' = [fate EXCEPT ![t] = IF how = "raises" THEN Failed ELSE IF t \in Members THEN None ELSE Broken]
    /\ UNCHANGED <<line, broken, call>>

Fail(t) == at[t] = "acted" /\ fate[t] = Failed /\ BreakOwn(t, Failed)

Expire(t) == at[t] = "waiting" /\ call[t] = "wait_timeout" /\ BreakOwn(t, Broken)

Unwind(t) ==  \* an exception has hit t: its generation is untouched, or broken
    /\ call[t] = "struck" /\ fate[t] # Interrupted
    /\ \/ at[t] \in {"called", "waiting", "acted"} /\ BreakOwn(t, Interrupted)
       \/ /\ at[t] \in {"called", "waiting", "leaving"} /\ ~(Last(t) /\ broken)
          /\ Leave(t, Interrupted)
          /\ line' = IF Full /\ t \in Members /\ ~Last(t)
                     THEN [i \in 1 .. Len(line) |-> IF line[i] = t THEN Nobody ELSE line[i]]  \* the others trip
                     ELSE SelectSeq(line, LAMBDA s : s # t)                                   \* its place is free again
          /\ UNCHANGED <<broken, call>>

AbortOrReset(t) ==
    /\ call[t] \in {"abort", "reset"} /\ fate[t] = None
    /\ Break(Range(line), t, Done)
    /\ line' = <<>> /\ broken' = (call[t] = "abort")
    /\ UNCHANGED call

Seen(what) ==  \* what a reader may be told: while a generation is full, about that one or about the next
    IF what = "broken" THEN {Flag(broken)} \cup (IF Full THEN {Flag(FALSE)} ELSE {})
    ELSE {Count(n) : n \in IF Full THEN {Parties - 1, Parties, Len(line) % Parties} ELSE {Len(line)}}

Reads(t) == call[t] \in {"n_waiting", "broken"}

Answer(t) ==  \* a reader is told, or a wrong call is refused
    /\ Reads(t) \/ call[t] \in {"misuse", "reenter"}
    /\ fate[t] = None
    /\ \E result \in IF Reads(t) THEN Seen(call[t]) ELSE {Refused} : fate' = [fate EXCEPT ![t] = result]
    /\ UNCHANGED <<line, broken, at, call>>

Effect(t) == Arrive(t) \/ Lead(t) \/ Trip(t) \/ Fail(t) \/ Expire(t) \/ Unwind(t) \/ AbortOrReset(t) \/ Answer(t)

Next == \E t \in Threads : \/ \E what \in Calls : Call(t, what)
                           \/ \E result \in {fate[t]} : Return(t, result)
                           \/ ActionBegins(t) \/ \E how \in Outcomes : ActionEnds(t, how)
                           \/ Interrupt(t)
                           \/ Effect(t)

Spec == Init /\ [][Next]_vars

(* Who is not Slow goes on whenever it can: that is the barrier's duty, and the scheduler's.  Nobody has to call.  An *)
(* action ends: that is the duty of its author (strong fairness, since it may make calls in between).                 *)
Fairness == \A t \in Threads \ Slow : /\ WF_vars(Effect(t) \/ ActionBegins(t) \/ Return(t, fate[t]))
                                      /\ SF_vars(\E how \in Outcomes : ActionEnds(t, how))

FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Prompt      == Threads \ Slow
Freed(t)    == fate[t] = None /\ fate'[t] \in Indices  \* in this step t is released from its generation
TripStep    == \E t \in Threads : Freed(t)

(* P1 together: nobody is released from a generation before Parties have arrived in it. *)
P1 == [][\A t \in Threads : Freed(t) => Full /\ t \in Members]_vars

(* P2 apart: a generation counts only its own arrivals.  Who leaves is in none, nobody is in two, and nobody has to   *)
(* wait for those who leave before he may arrive.                                                                    *)
P2 == \A t \in Threads : Cardinality({i \in 1 .. Len(line) : line[i] = t}) =
          IF at[t] \in {"waiting", "acted"} \/ (at[t] \in {"leading", "acting"} /\ t \in Members) THEN 1 ELSE 0
P2Live == \A t \in Prompt : at[t] = "called" ~> at[t] # "called"

(* P3 one verdict: all of a generation learn the same verdict, and nobody takes it back. *)
P3 == [][/\ \A s, t \in Members : Freed(s) => fate'[t] # Broken
         /\ \A t \in Threads : at[t] = "leaving" /\ at'[t] = "leaving" => fate'[t] \in {fate[t], Interrupted}]_vars

(* P4 once: a generation trips only after its last arriver has run the action once; if it raises, it is broken, and   *)
(* its last arriver gets what it raised.                                                                              *)
P4 == [][/\ TripStep /\ Outcomes # {} => at[line[Parties]] = "acted" /\ fate[line[Parties]] # Failed
         /\ \A t \in Threads : at[t] = "acted" /\ fate[t] = Failed => fate'[t] \in {Failed, Interrupted}]_vars

(* P5 an index each: those released from a generation get 0 .. Parties - 1, each once, in the order of arrival. *)
P5 == [][/\ TripStep => \A i \in 1 .. Parties : line[i] # Nobody => fate'[line[i]] = Index(i - 1)
         /\ \A t \in Threads : fate'[t] # None /\ Head(fate'[t]) = "index" => fate'[t] \in Indices]_vars

(* P6 abort: when abort has returned, nobody is left waiting, and every later wait raises at once, until reset. *)
P6 == broken => line = <<>> \/ Len(line) = Parties
P6Live == \A t \in Prompt : broken /\ at[t] = "called" ~> at[t] = "out" \/ ~broken

(* P7 timeout: a wait never outlasts its timeout, whatever the others do.  (Who runs the action is in "wait".) *)
P7 == \A t \in Prompt : call[t] = "wait_timeout" ~> call[t] # "wait_timeout"

(* P8 reset: who waits gets BrokenBarrierError, and the barrier is as new. *)
P8 == [][\A t \in Threads : call[t] = "reset" /\ fate[t] = None /\ fate'[t] = Done =>
             /\ line' = <<>> /\ ~broken'
             /\ \A s \in Range(line) : s # Nobody /\ at[s] = "waiting" => fate'[s] = Broken]_vars

(* P9 progress: once a generation is full, everybody in it returns. *)
P9 == \A t \in Threads : Full /\ t \in Members ~> at[t] = "out"

(* P10 interrupt: an exception in wait leaves nobody behind in the line, and the wait ends with it. *)
P10 == \A t \in Prompt : call[t] = "struck" ~> at[t] = "out" /\ \A i \in 1 .. Len(line) : line[i] # t

(* P11 re-entry: what the action calls comes back: abort and reset break the generation, wait is refused. *)
P11 == \A t \in Prompt : at[t] = "acting" /\ call[t] # "wait" ~> call[t] = "wait"

(* P12 reading: reading never blocks and is true at some moment of the call. *)
P12 == [][\A t \in Threads : Reads(t) /\ fate[t] = None => fate'[t] \in Seen(call[t]) \cup {None}]_vars
P12Live == \A t \in Prompt : Reads(t) ~> ~Reads(t)

(* P13 misuse: a wrong call is refused and changes nothing; a stranger belongs to the next generation (see Arrive). *)
P13 == [][\A t \in Threads : fate[t] = None /\ fate'[t] = Refused => UNCHANGED <<line, broken, at>>]_vars

(* Not promised, refuted by Barrier_Broken.cfg: that abort overtakes a generation that has tripped (P3 forbids it). *)
AbortOvertakes == broken => \A t \in Threads : fate[t] \notin Indices
===============================================================================
