return {["only %d"] = "%s"}
