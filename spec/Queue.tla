-------------------------------- MODULE Queue --------------------------------
(****************************************************************************)
(* The contract of a bounded queue: what its callers may observe.           *)
(* Level: a call, one atomic effect somewhere between call and return, and  *)
(* the return, as in Barrier.  Call and Return can be seen from outside,    *)
(* the other steps cannot.  It is the contract of Python's queue.Queue      *)
(* without task_done, join and shutdown, and without exceptions thrown into *)
(* a waiting thread.                                                        *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Threads,   \* those who may call
    Capacity,  \* how many items there is room for
    Items,     \* what may be put
    Calls,     \* the calls that they make, a subset of AllCalls
    Slow,      \* the threads that may stop for ever, anywhere
    Nothing    \* not an item: what is handed to the calls that put nothing

Puts      == {"put", "put_timeout", "put_nowait"}
Gets      == {"get", "get_timeout", "get_nowait"}
Patient   == {"put", "get"}                 \* these wait as long as it takes; the other puts and gets give up
Reads     == {"qsize", "empty", "full"}
AllCalls  == Puts \cup Gets \cup Reads

ASSUME Capacity \in Nat \ {0} /\ Nothing \notin Items /\ Calls \subseteq AllCalls /\ Slow \subseteq Threads

VARIABLES
    items,  \* what is in the queue, the oldest first
    call,   \* the call that each thread is in, or "none"
    item,   \* what each wants to put, or Nothing
    fate    \* what each will be told when its call returns; None until that is settled
vars == <<items, call, item, fate>>

None      == <<>>            \* not settled
Done      == <<"done">>      \* put returns None
Item(i)   == <<"item", i>>   \* get returns i
Full      == <<"full">>      \* put raises Full
Empty     == <<"empty">>     \* get raises Empty
Count(n)  == <<"count", n>>  \* qsize returns n
Flag(b)   == IF b THEN <<"yes">> ELSE <<"no">>  \* empty, full
Results   == {Done, Full, Empty, Flag(TRUE), Flag(FALSE)} \cup {Item(i) : i \in Items}
                 \cup {Count(n) : n \in 0 .. Capacity}

Room      == Len(items) < Capacity
Waits(t)  == call[t] # "none" /\ fate[t] = None

TypeOK == /\ items \in Seq(Items)
          /\ call \in [Threads -> AllCalls \cup {"none"}]
          /\ item \in [Threads -> Items \cup {Nothing}]
          /\ fate \in [Threads -> Results \cup {None}]

Init == /\ items = <<>> /\ call = [t \in Threads |-> "none"]
        /\ item = [t \in Threads |-> Nothing] /\ fate = [t \in Threads |-> None]

Call(t, what, i) ==
    /\ call[t] = "none" /\ (what \in Puts <=> i # Nothing)
    /\ call' = [call EXCEPT ![t] = what]
    /\ item' = [item EXCEPT ![t] = i]
    /\ UNCHANGED <<items, fate>>

Return(t, result) ==
    /\ fate[t] = result /\ result # None
    /\ call' = [call EXCEPT ![t] = "none"]
    /\ item' = [item EXCEPT ![t] = Nothing]
    /\ fate' = [fate EXCEPT ![t] = None]
    /\ UNCHANGED items

Settle(t, result) == fate' = [fate EXCEPT ![t] = result] /\ UNCHANGED <<call, item>>

Insert(t) ==  \* there is room, now or at last
    /\ call[t] \in Puts /\ fate[t] = None /\ Room
    /\ items' = Append(items, item[t])
    /\ Settle(t, Done)

Remove(t) ==  \* there is an item, now or at last
    /\ call[t] \in Gets /\ fate[t] = None /\ items # <<>>
    /\ items' = Tail(items)
    /\ Settle(t, Item(Head(items)))

GiveUp(t) ==  \* at once, or at any later moment: but only from a queue that is full, or empty, just then
    /\ call[t] \in (Puts \cup Gets) \ Patient /\ fate[t] = None
    /\ IF call[t] \in Puts THEN ~Room /\ Settle(t, Full) ELSE items = <<>> /\ Settle(t, Empty)
    /\ UNCHANGED items

Seen(what) == CASE what = "qsize" -> Count(Len(items))
                [] what = "empty" -> Flag(items = <<>>)
                [] what = "full"  -> Flag(~Room)

Answer(t) ==  \* a reader is told what is so at one moment of its call
    /\ call[t] \in Reads /\ fate[t] = None
    /\ Settle(t, Seen(call[t]))
    /\ UNCHANGED items

Effect(t) == Insert(t) \/ Remove(t) \/ GiveUp(t) \/ Answer(t)

Stalled ==  \* everybody waits for everybody else, without end: the callers' mistake, and not the queue's
    /\ \A t \in Threads : call[t] \in Patient /\ fate[t] = None
    /\ \A t \in Threads : IF call[t] \in Puts THEN ~Room ELSE items = <<>>
    /\ UNCHANGED vars

Next == \E t \in Threads : \/ \E what \in Calls, i \in Items \cup {Nothing} : Call(t, what, i)
                           \/ \E result \in {fate[t]} : Return(t, result)
                           \/ Effect(t)
        \/ Stalled

Spec == Init /\ [][Next]_vars

(* Who is not Slow goes on if he can all the time: a put while there is room, a get while there is an item.  Weak     *)
(* fairness, no more: the queue does not promise anybody that others will not be quicker each time.                   *)
Fairness == \A t \in Threads \ Slow : WF_vars(Effect(t) \/ Return(t, fate[t]))

FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Settled(t, result) == fate[t] = None /\ fate'[t] = result                 \* in this step t is told
Moved(t) == Settled(t, Done) \/ \E i \in Items : Settled(t, Item(i))      \* and its item has been put, or taken

(* Q1 bounded: there are never more items than there is room for. *)
Q1 == Len(items) <= Capacity

(* Q2 first in, first out: an item that is put comes last, and a get takes the first. *)
Q2 == [][\A t \in Threads : /\ Settled(t, Done) => items' = Append(items, item[t])
                            /\ \A i \in Items : Settled(t, Item(i)) => items = <<i>> \o items']_vars

(* Q3 once: what is in the queue changes only when one put, or one get, is settled. *)
Q3 == [][items' # items => Cardinality({t \in Threads : Moved(t)}) = 1]_vars

(* Q4 truth: Full and Empty are raised only if the queue is so, and in calls that do not wait for ever. *)
Q4 == [][\A t \in Threads : /\ Settled(t, Full) => Len(items) = Capacity /\ call[t] \notin Patient
                            /\ Settled(t, Empty) => items = <<>> /\ call[t] \notin Patient]_vars

(* Q5 timeout: a call that does not wait for ever returns, whatever the others do. *)
Q5 == \A t \in Threads \ Slow : call[t] \notin Patient ~> call[t] = "none"

(* Q6 progress: nobody waits for ever for what is there all the time. *)
Q6 == \A t \in Threads \ Slow : /\ Waits(t) /\ call[t] \in Puts /\ Room ~> ~Waits(t) \/ ~Room
                                /\ Waits(t) /\ call[t] \in Gets /\ items # <<>> ~> ~Waits(t) \/ items = <<>>

(* Q7 reading: qsize, empty and full are true at some moment of the call, and change nothing. *)
Q7 == [][\A t \in Threads : call[t] \in Reads /\ fate[t] # fate'[t] /\ fate[t] = None =>
             fate'[t] = Seen(call[t]) /\ UNCHANGED items]_vars

(* Not promised, refuted by Queue_Broken.cfg: that a get returns if there is an item again and again. *)
Served == \A t \in Threads : []<>(items # <<>>) => []<>~(Waits(t) /\ call[t] = "get")
===============================================================================
