--------------------------------- MODULE Tree ---------------------------------
(****************************************************************************)
(* The hierarchical barrier: threads meet in their groups, and the last of  *)
(* each group, its leader, goes on to the root.  There it enters its group  *)
(* in the order of arrival, itself last; so who completes the root is the   *)
(* last arriver.  It trips the root, each leader releases its own group.    *)
(* Source: Yew, Tzeng and Lawrie, "Distributing hot-spot addressing in      *)
(* large-scale multiprocessors", 1987 (combining trees); the flags are      *)
(* sense-reversing.  Level: an access to one node is one step.              *)
(****************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Groups,  \* a set of disjoint sets of threads
    Hasty    \* the mistake: a leader releases its group before it goes to the root

Threads == UNION Groups
Parties == Cardinality(Threads)
Group(t) == CHOOSE g \in Groups : t \in g

ASSUME Hasty \in BOOLEAN /\ {} \notin Groups /\ \A g, h \in Groups : g = h \/ g \cap h = {}

VARIABLES
    inside,   \* who has arrived in each group, in the order of arrival
    flag,     \* what the members of each group wait for
    root,     \* who has been entered at the root, in that order
    tripped,  \* what the leaders wait for: the flag of the root
    sense,    \* the value of the flags that each thread waits for
    index,    \* each thread's place at the root
    pc        \* where each thread is
vars == <<inside, flag, root, tripped, sense, index, pc>>

TypeOK == /\ inside \in [Groups -> Seq(Threads)] /\ flag \in [Groups -> BOOLEAN]
          /\ root \in Seq(Threads) /\ tripped \in BOOLEAN
          /\ sense \in [Threads -> BOOLEAN] /\ index \in [Threads -> 0 .. Parties - 1]
          /\ pc \in [Threads -> {"out", "called", "member", "climbing", "leader", "last", "releasing", "leaving"}]

Init == /\ inside = [g \in Groups |-> <<>>] /\ flag = [g \in Groups |-> FALSE] /\ root = <<>> /\ tripped = FALSE
        /\ sense = [t \in Threads |-> FALSE] /\ index = [t \in Threads |-> 0] /\ pc = [t \in Threads |-> "out"]

Go(t, where) == pc' = [pc EXCEPT ![t] = where]

Call(t) ==
    /\ pc[t] = "out"
    /\ Go(t, "called") /\ sense' = [sense EXCEPT ![t] = ~@]
    /\ UNCHANGED <<inside, flag, root, tripped, index>>

Arrive(t) ==
    LET g == Group(t)
        full == Len(inside[g]) + 1 = Cardinality(g)
    IN  /\ pc[t] = "called"
        /\ Go(t, IF full THEN "climbing" ELSE "member")
        /\ inside' = [inside EXCEPT ![g] = Append(@, t)]
        /\ flag' = IF full /\ Hasty THEN [flag EXCEPT ![g] = sense[t]] ELSE flag
        /\ UNCHANGED <<root, tripped, sense, index>>

Climb(t) ==  \* enter one after the other
    LET crowd == inside[Group(t)]
        next == crowd[Cardinality({i \in 1 .. Len(crowd) : \E j \in 1 .. Len(root) : root[j] = crowd[i]}) + 1]
    IN  /\ pc[t] = "climbing"
        /\ root' = Append(root, next)
        /\ index' = [index EXCEPT ![next] = Len(root)]
        /\ Go(t, IF next # t THEN "climbing" ELSE IF Len(root) + 1 = Parties THEN "last" ELSE "leader")
        /\ UNCHANGED <<inside, flag, tripped, sense>>

Trip(t) ==
    /\ pc[t] = "last"
    /\ Go(t, "releasing") /\ root' = <<>> /\ tripped' = sense[t]
    /\ UNCHANGED <<inside, flag, sense, index>>

Learn(t) ==
    /\ pc[t] = "leader" /\ tripped = sense[t]
    /\ Go(t, "releasing") /\ UNCHANGED <<inside, flag, root, tripped, sense, index>>

Release(t) ==
    /\ pc[t] = "releasing"
    /\ Go(t, "leaving")
    /\ inside' = [inside EXCEPT ![Group(t)] = <<>>] /\ flag' = [flag EXCEPT ![Group(t)] = sense[t]]
    /\ UNCHANGED <<root, tripped, sense, index>>

Wake(t) ==
    /\ pc[t] = "member" /\ flag[Group(t)] = sense[t]
    /\ Go(t, "leaving") /\ UNCHANGED <<inside, flag, root, tripped, sense, index>>

Return(t) ==
    /\ pc[t] = "leaving"
    /\ Go(t, "out") /\ index' = [index EXCEPT ![t] = 0]
    /\ UNCHANGED <<inside, flag, root, tripped, sense>>

Step(t) == Arrive(t) \/ Climb(t) \/ Trip(t) \/ Learn(t) \/ Release(t) \/ Wake(t) \/ Return(t)

Next == \E t \in Threads : Call(t) \/ Step(t)

Spec == Init /\ [][Next]_vars

(* Every thread goes on whenever it can: a member depends on its leader, and that is what a tree costs. *)
Fairness == \A t \in Threads : WF_vars(Step(t))
FairSpec == Spec /\ Fairness
-------------------------------------------------------------------------------
Entered(t)  == \E i \in 1 .. Len(root) : root[i] = t
Released(t) == pc[t] = "leaving" \/ (pc[t] \notin {"out", "called"} /\ tripped = sense[t])

B == INSTANCE Barrier WITH
    Calls <- {"wait"}, Outcomes <- {}, Targets <- {}, Slow <- {}, Nobody <- "nobody",
    line   <- root,
    broken <- FALSE,
    at     <- [t \in Threads |-> IF pc[t] = "out" THEN "out" ELSE IF Released(t) THEN "leaving"
                                 ELSE IF Entered(t) THEN "waiting" ELSE "called"],
    call   <- [t \in Threads |-> IF pc[t] = "out" THEN "none" ELSE "wait"],
    fate   <- [t \in Threads |-> IF Released(t) THEN <<"index", index[t]>> ELSE <<>>]

Contract == B!Spec
P1 == B!P1  \* refuted by Tree_Broken.cfg
P9 == B!P9

THEOREM Spec /\ ~Hasty => Contract
===============================================================================
