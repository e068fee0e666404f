# Instruction sets loaded at run time: new privileged instructions compare as any others; guests that use the flaws of the
# PDP-10 and of the x86 are not equivalent under trap and emulate, and the report names the instruction.
. tests/checker/shared.inc
monitor=trap_and_emulate

assemble secret tests/checker/variants/secret.isa
name=secret compare 0 "equivalent. Before" --isa tests/checker/variants/secret.isa --vmm $monitor "$work/secret.elf"

assemble jrst pdp10
name="jrst on pg74" compare 0 "equivalent. Before" --vmm $monitor "$work/jrst.elf"
name="jrst on pdp10" compare 1 "at  .*getflags a0" --isa pdp10 --vmm $monitor "$work/jrst.elf"

for flaw in sgdt smsw; do
    assemble $flaw x86:pg74
    name=$flaw compare 1 "at  .*$flaw a0" --isa x86:pg74 --vmm $monitor "$work/$flaw.elf"
done
assemble popf x86:pg74
name=popf compare 1 "differs *interrupt timer" --isa x86:pg74 --vmm $monitor "$work/popf.elf"

name=pocket compare 64 "too small a machine" --isa pocket --vmm $monitor "$BUILD/guests/pocket_sum.elf"
exit $failed
