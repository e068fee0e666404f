-- The instruction against a reference, by proof. This file and hidden/ are not exported.
return {
  {id = "proof", title = "For all words and all states", points = 5, after = {"equal", "other"},
   concern = "all words and all states: what happens when registers are the same, when the access traps, in user mode",
   check = lab.instruction {file = "cas.isa", instruction = "cas", reference = "hidden/reference.isa"}},
}
