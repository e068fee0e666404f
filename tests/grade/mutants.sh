# Some of the faulty monitors, submitted as a student's work: each loses points at the right task, with the right words;
# `make student-mutants` tries all. And a correct one, which nobody has seen before, gets full marks.
tests/grade/mutants/run "$BUILD" correct interpreted_timer_lost trap_saves_next_pc bound_not_intersected disk_of_the_first \
    reference_value injected_again one_space_protected constant_for_ever
