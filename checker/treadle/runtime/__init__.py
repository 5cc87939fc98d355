"""World: makes real Python code take turns. The one room in which stacks are switched and modules are loaded anew."""
