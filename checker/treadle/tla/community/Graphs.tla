------------------------------- MODULE Graphs -------------------------------
(* Graphs as records: their nodes, and their edges as pairs of nodes. *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE SequencesExt
LOCAL INSTANCE FiniteSets

IsDirectedGraph(G) == DOMAIN G = {"node", "edge"} /\ G.edge \subseteq (G.node \X G.node)
DirectedSubgraph(G) ==
  {H \in [node : SUBSET G.node, edge : SUBSET (G.node \X G.node)] : IsDirectedGraph(H) /\ H.edge \subseteq G.edge}
Transpose(G) == [G EXCEPT !.edge = {<<e[2], e[1]>> : e \in @}]
IsUndirectedGraph(G) == IsDirectedGraph(G) /\ \A e \in G.edge : <<e[2], e[1]>> \in G.edge
UndirectedSubgraph(G) == {H \in DirectedSubgraph(G) : IsUndirectedGraph(H)}

LOCAL Follows(p, G) == p # <<>> /\ \A i \in 1 .. Len(p) - 1 : <<p[i], p[i + 1]>> \in G.edge
Path(G) == {p \in Seq(G.node) : Follows(p, G)}
SimplePath(G) ==
  {p \in SeqOf(G.node, Cardinality(G.node)) : Follows(p, G) /\ Cardinality(ToSet(p)) = Len(p)}

ConnectionsIn(G) ==
  LET RECURSIVE through(_)
      through(T) == IF T = {} THEN [m, n \in G.node |-> m = n \/ <<m, n>> \in G.edge]
                    ELSE LET stop == CHOOSE e \in T : TRUE
                             before == through(T \ {stop})
                         IN  [m, n \in G.node |-> before[m, n] \/ (before[m, stop] /\ before[stop, n])]
  IN  through(G.node)
AreConnectedIn(m, n, G) == ConnectionsIn(G)[m, n]
IsStronglyConnected(G) == LET joined == ConnectionsIn(G) IN \A m, n \in G.node : joined[m, n]
IsTreeWithRoot(G, r) ==
  /\ IsDirectedGraph(G)
  /\ \A e \in G.edge : e[1] # r /\ \A f \in G.edge : e[1] = f[1] => e = f
  /\ LET joined == ConnectionsIn(G) IN \A n \in G.node : joined[n, r]
=============================================================================
