-- What lesson.lua says, in Russian.
return {
  ["%d of 3 instructions have been executed"] = "выполнено команд: %d из 3",
  ["the program has not halted yet"] = "программа ещё не остановилась",
  ["the first letter is still on the console: go further back"] = "первая буква ещё на консоли: вернитесь дальше назад",
  ["the letter is gone, and the processor is in the monitor"] = "буквы уже нет, но процессор в мониторе",
  ["the console shows %q, and should show %q"] = "на консоли %q, а должно быть %q",
  ["the console is right, but the processor is in the monitor"] = "на консоли всё верно, но процессор в мониторе",
  ["the processor is in the guest, but its next instruction is not out"] =
    "процессор в госте, но его следующая команда не out",
}
