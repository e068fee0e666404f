# pg74 gdb with the real debugger: a kernel and the monitor under it by source line, forwards and backwards; Ctrl-C; a debugger
# that goes away; what is no use to a debugger.
command -v gdb-multiarch >/dev/null || { echo "there is no gdb-multiarch"; exit 77; }
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "$*"; failed=1; }

# debug NAME COMMAND OPTION...: runs the debugger's commands on standard input against `pg74 gdb OPTION...`.
debug() {
    name=$1
    shift
    { echo "set confirm off"; echo "set pagination off"; echo "set osabi none"; echo "target remote | $PG74 gdb --stdio $*"; cat; } \
        >"$work/$name.gdb"
    timeout 120 gdb-multiarch -nx -batch -x "$work/$name.gdb" >"$work/$name" 2>&1
    code=$?
    [ $code -eq 0 ] || { complain "$name: gdb exits with $code"; tail -5 "$work/$name"; }
}

# expect NAME PATTERN...: the patterns stand in the output, one line after the other.
expect() {
    name=$1 rest=1
    shift
    for pattern; do
        line=$(tail -n +$rest "$work/$name" | grep -n -m1 -e "$pattern" | cut -d: -f1)
        if [ -z "$line" ]; then
            complain "$name: no '$pattern' after line $rest of:"
            cat "$work/$name"
            return
        fi
        rest=$((rest + line))
    done
}

# The way of an instruction of the guest into the monitor and back to the guest, and the same way backwards. The debugger
# has the symbols of both without being told.
debug trap --vmm trap_and_emulate nucleus <<'END'
info threads
break kernel_start
continue
tbreak machine_set_timer
delete 1
continue
step
step
backtrace 1
reverse-stepi
backtrace 1
stepi
tbreak start.S:60
continue
stepi
backtrace 1
reverse-stepi
reverse-continue
END
expect trap '1\.1 .*"trap_and_emulate" .*_start () at vmm/common/start.S' '2\.1 .*"nucleus"' '3\.1 .*"processes of nucleus"' \
    'Thread 2\.1 "nucleus" hit Breakpoint 1, kernel_start () at scenarios/nucleus/kernel.c' \
    'Thread 2\.1 "nucleus" hit Temporary breakpoint 2, machine_set_timer' \
    'Thread 1\.1 "trap_and_emulate" stopped' '#0 .*vmm_trap_entry () at vmm/common/start.S' \
    'Thread 2\.1 "nucleus" stopped' '#0 .*machine_set_timer (.*nucleus/machine.c' \
    'Thread 1\.1 "trap_and_emulate" stopped' 'Thread 1\.1 .* hit Temporary breakpoint 3, vmm_switch_to' \
    'Thread 2\.1 "nucleus" stopped' '#0 .*nucleus/machine.c' 'Thread 1\.1 "trap_and_emulate" stopped' \
    'No more reverse-execution history' '_start () at vmm/common/start.S'

# A breakpoint at the very instruction that traps: GDB steps over it with all other breakpoints in place.
debug over --vmm trap_and_emulate nucleus <<'END'
break machine_set_timer
continue
next
break start.S:37
continue
continue
monitor stay on
delete
tbreak machine_set_timer
continue
step
step
END
expect over 'hit Breakpoint 1, machine_set_timer' 'keep_ticking\|leave ' 'Thread 1\.1 "trap_and_emulate" hit Breakpoint 2, vmm_trap_entry' \
    'Thread .\.1 .* hit Breakpoint' 'hit Temporary breakpoint 3, machine_set_timer' 'kernel_trap\|keep_ticking\|leave'

# A watchpoint forwards and backwards; the end of the run is no end of the session.
debug watch nucleus <<'END'
watch ticks
continue
continue
reverse-continue
delete
continue
reverse-stepi
info registers halted
END
expect watch 'Old value = 0' 'New value = 1' 'Old value = 1' 'New value = 2' 'Old value = 2' 'New value = 1' '\] \[sha256\]\|\[sha256\]' \
    'nucleus: 5 processes, 0 failed' 'The machine has halted with code 0' 'pg74_halt\|machine_halt' 'halted  *0x0'

# What is read, and what is read or written: the program stops behind it, and says which it was.
debug reads nucleus <<'END'
break keep_ticking
continue
delete
rwatch ticks
continue
delete
awatch ticks
continue
continue
delete
END
expect reads 'hit Breakpoint 1.*keep_ticking' 'Hardware read watchpoint 2: ticks' 'hit Hardware read watchpoint 2: ticks' 'Value = ' \
    'Hardware access (read/write) watchpoint 3: ticks' 'hit Hardware access (read/write) watchpoint 3: ticks' 'Value = \|New value = ' \
    'hit Hardware access (read/write) watchpoint 3: ticks' 'Value = \|New value = '

# Monitors one under the other, and one with pages of its own making.
debug nested --vmm trap_and_emulate/trap_and_emulate nucleus <<'END'
tbreak system_call
continue
monitor where
info threads
END
expect nested 'Thread 3\.1 "nucleus" hit Temporary breakpoint 1, system_call' 'nucleus, in user mode, after' \
    '1\.1 .*"trap_and_emulate"' '2\.1 .*"trap_and_emulate, level 2"' '\* 3\.1 .*"nucleus"'
debug paged --isa pg74p --vmm trap_and_emulate nucleus nucleus <<'END'
inferior 4
tbreak system_call
continue
monitor where
END
expect paged 'Thread [24]\.1 "nucleus, guest [12]" hit Temporary breakpoint 1\.[12], system_call'

# Guests cannot tell: the console is that of a run that nobody watches, with breakpoints in it.
debug whole --engine fast nucleus <<'END'
break process_wake_sleepers
ignore 1 1000
continue
END
$PG74 run nucleus >"$work/run"
grep '^\(\[[a-z0-9]*\] \|nucleus: \)' "$work/whole" | diff - "$work/run" >"$work/diff" || { complain "the output is another"; cat "$work/diff"; }

# Over a socket. Ctrl-C stops a guest that loops, and a debugger that is killed leaves nothing behind.
printf '        .text\nloop:   addi a0, a0, 1\n        j loop\n' >"$work/loop.s"
$PG74 asm "$work/loop.s" -o "$work/loop.elf" || exit 1
$PG74 gdb --port 0 "$work/loop.elf" 2>"$work/server" &
server=$!
wait_for() { # PATTERN FILE: at most ten seconds
    for _ in $(seq 100); do
        grep -q "$1" "$2" && return
        sleep 0.1
    done
    complain "no '$1' in:"; cat "$2"
}
wait_for "localhost:" "$work/server"
port=$(sed -n 's/.*localhost:\([0-9]*\).*/\1/p' "$work/server")
$PG74 gdb --port "$port" "$work/loop.elf" 2>"$work/taken" && complain "two listen on one port"
grep -q "cannot listen on port $port" "$work/taken" || { complain "a port that is taken:"; cat "$work/taken"; }
cat >"$work/loop.gdb" <<END
set osabi none
target remote localhost:$port
echo it-runs\n
continue
monitor where
continue
END
gdb-multiarch -nx -batch -x "$work/loop.gdb" >"$work/loop" 2>&1 &
debugger=$!
wait_for "it-runs" "$work/loop"
for _ in $(seq 100); do # it is not known when the run has begun
    grep -q "received signal SIGINT" "$work/loop" && break
    kill -INT $debugger 2>/dev/null
    sleep 0.1
done
wait_for "loop, in supervisor mode, after [1-9]" "$work/loop"
kill -KILL $debugger
wait $debugger 2>/dev/null
for _ in $(seq 100); do
    kill -0 $server 2>/dev/null || break
    sleep 0.1
done
kill -KILL $server 2>/dev/null && complain "the command did not end when the debugger was killed"
wait $server || complain "it ends with $?"

# A debugger that acknowledges what guests print, or asks for something while they run, is heard; and so is Ctrl-C behind that.
mkfifo "$work/asks" || exit 70
for asked in '+-+\003' '$?#3f'; do
    "$PG74" gdb --stdio "$work/loop.elf" <"$work/asks" >"$work/answers" 2>&1 &
    server=$!
    exec 9>"$work/asks"
    printf '$vCont;c#a8'"$asked" >&9
    wait_for 'T02' "$work/answers"
    exec 9>&-
    wait $server || complain "it ends with $?"
done

refuses() { # CODE MESSAGE OPTION...
    code=$1 message=$2
    shift 2
    $PG74 gdb "$@" >"$work/out" 2>&1 </dev/null
    [ $? -eq "$code" ] && grep -q -e "$message" "$work/out" || { complain "pg74 gdb $*:"; cat "$work/out"; }
}
refuses 64 "32 registers of RISC-V" --isa pocket hello
refuses 64 "not 'http'" --port http nucleus
refuses 64 "options of run" --json nucleus
refuses 64 "no guest"
refuses 66 "no file 'nothing'" nothing
exit $failed
