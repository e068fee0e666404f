return {["only %d"] = "%d", ["never"] = "x"}
