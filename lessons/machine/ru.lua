-- What lesson.lua says, in Russian.
return {
  ["the next instruction is %s"] = "следующая команда: %s",
  ["there is no label `numbers` any more"] = "метки `numbers` больше нет",
  ["the program did not halt: after 1000 steps pc is 0x%x (%s)"] =
    "программа не остановилась: после 1000 шагов pc равен 0x%x (%s)",
  ["for %s the halt code is %d, and should be %d"] = "для чисел %s код остановки %d, а должен быть %d",
}
