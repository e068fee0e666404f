_start: .word @new_psw+99999999999999999999
        .word @new_psw+4294967296, @nothing, @
