-- What lesson.lua says, in Russian.
return {["a0 holds %d"] = "в a0 число %d"}
