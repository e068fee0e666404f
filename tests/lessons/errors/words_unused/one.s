        halt zero
