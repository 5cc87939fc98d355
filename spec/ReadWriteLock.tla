---------------------------- MODULE ReadWriteLock ----------------------------
(****************************************************************************)
(* The contract of a lock for many readers or one writer: what its callers  *)
(* may observe.  Level: a call, one atomic effect somewhere between call    *)
(* and return, and the return, as in Barrier.  Call and Return can be seen  *)
(* from outside, the other steps cannot.  Callers keep the rules: nobody    *)
(* acquires what he has, or releases what he has not.  Who is preferred,    *)
(* readers or writers, is left open.  The problem is that of Courtois,      *)
(* Heymans, Parnas: Concurrent control with "readers" and "writers", 1971.  *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads,  \* those who may call
    Calls,    \* the calls that they make, a subset of AllCalls
    Slow      \* the threads that may stop for ever, anywhere

Acquires == {"acquire_read", "acquire_write", "try_read", "try_write"}
Releases == {"release_read", "release_write"}
Patient  == {"acquire_read", "acquire_write"}  \* these wait as long as it takes; the tries give up
AllCalls == Acquires \cup Releases

ASSUME Calls \subseteq AllCalls /\ Slow \subseteq Threads

VARIABLES
    held,  \* what each thread has: "none", "read" or "write"
    call,  \* the call that each is in, or "none"
    fate   \* what each will be told when its call returns; None until that is settled
vars == <<held, call, fate>>

None    == <<>>         \* not settled
Done    == <<"done">>   \* acquire and release return None
Taken   == <<"yes">>    \* a try returns True
Refused == <<"no">>     \* a try returns False
Results == {Done, Taken, Refused}

Kind(what) == IF what \in {"acquire_read", "try_read", "release_read"} THEN "read" ELSE "write"
Waits(t)   == call[t] \in Acquires /\ fate[t] = None
Wants(t)   == IF Waits(t) THEN Kind(call[t]) ELSE "none"
Writing    == \E t \in Threads : held[t] = "write"
Reading    == \E t \in Threads : held[t] = "read"
Wanted     == \E t \in Threads : Wants(t) = "write"             \* somebody waits to write
Free(kind) == ~Writing /\ (kind = "write" => ~Reading)

TypeOK == /\ held \in [Threads -> {"none", "read", "write"}]
          /\ call \in [Threads -> AllCalls \cup {"none"}]
          /\ fate \in [Threads -> Results \cup {None}]

Init == /\ held = [t \in Threads |-> "none"] /\ call = [t \in Threads |-> "none"]
        /\ fate = [t \in Threads |-> None]

Call(t, what) ==
    /\ call[t] = "none"
    /\ held[t] = IF what \in Acquires THEN "none" ELSE Kind(what)
    /\ call' = [call EXCEPT ![t] = what]
    /\ UNCHANGED <<held, fate>>

Return(t, result) ==
    /\ fate[t] = result /\ result # None
    /\ call' = [call EXCEPT ![t] = "none"]
    /\ fate' = [fate EXCEPT ![t] = None]
    /\ UNCHANGED held

Enter(t) ==
    /\ Waits(t) /\ Free(Wants(t))
    /\ held' = [held EXCEPT ![t] = Wants(t)]
    /\ fate' = [fate EXCEPT ![t] = IF call[t] \in Patient THEN Done ELSE Taken]
    /\ UNCHANGED call

GiveUp(t) ==  \* a try finds the lock taken; one who would read may also stand back for one who waits to write
    /\ Waits(t) /\ call[t] \notin Patient
    /\ ~Free(Wants(t)) \/ (Wants(t) = "read" /\ Wanted)
    /\ fate' = [fate EXCEPT ![t] = Refused]
    /\ UNCHANGED <<held, call>>

Leave(t) ==
    /\ call[t] \in Releases /\ fate[t] = None
    /\ held' = [held EXCEPT ![t] = "none"]
    /\ fate' = [fate EXCEPT ![t] = Done]
    /\ UNCHANGED call

Effect(t) == Enter(t) \/ GiveUp(t) \/ Leave(t)

Next == \E t \in Threads : \/ \E what \in Calls : Call(t, what)
                           \/ \E result \in {fate[t]} : Return(t, result)
                           \/ Effect(t)

Spec == Init /\ [][Next]_vars

(* Who is not Slow goes on if he can all the time.  A reader may have to stand back as long as somebody waits to      *)
(* write, so that locks that prefer writers keep the contract too.  Nobody has to release: that is the callers' duty. *)
Due(t)   == (Effect(t) /\ (Wants(t) = "read" /\ call[t] \in Patient => ~Wanted)) \/ Return(t, fate[t])
Fairness == \A t \in Threads \ Slow : WF_vars(Due(t))

FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Prompt == Threads \ Slow

(* R1 exclusion: who writes is alone. *)
R1 == \A s, t \in Threads : s # t /\ held[t] = "write" => held[s] = "none"

(* R2 sharing: who wants to read waits for writers only, whatever the readers do. *)
R2 == \A t \in Prompt : Wants(t) = "read" /\ ~Writing /\ ~Wanted ~> ~Waits(t) \/ Writing \/ Wanted

(* R3 release: releasing never blocks. *)
R3 == \A t \in Prompt : call[t] \in Releases ~> call[t] = "none"

(* R4 progress: who wants to write does not wait for ever for a lock that stays free. *)
R4 == \A t \in Prompt : Wants(t) = "write" /\ ~Writing /\ ~Reading ~> ~Waits(t) \/ Writing \/ Reading

(* R5 trying: a try returns, whatever the others do, and is refused only if somebody is, or wants to be, in the way. *)
R5 == [][\A t \in Threads : fate[t] = None /\ fate'[t] = Refused =>
             /\ call[t] \notin Patient
             /\ Writing \/ (IF Wants(t) = "write" THEN Reading ELSE Wanted)]_vars
R5Live == \A t \in Prompt : call[t] \in {"try_read", "try_write"} ~> call[t] = "none"

(* R6 ownership: what a thread has is taken or given back by its own call only. *)
R6 == [][\A t \in Threads : held[t] # held'[t] =>
             /\ fate[t] = None /\ fate'[t] \in {Done, Taken}
             /\ Kind(call[t]) = IF held[t] = "none" THEN held'[t] ELSE held[t]]_vars

(* Not promised, refuted by ReadWriteLock_Broken.cfg: that who wants to write comes in, if nobody stays for ever. *)
Served == (\A t \in Threads : []<>(held[t] = "none")) => \A t \in Threads : []<>(Wants(t) # "write")
===============================================================================
