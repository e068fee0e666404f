-- What lesson.lua says, in Russian.
return {
  ["the next instruction is %s"] = "следующая команда: %s",
  ["the console shows %q"] = "на консоли %q",
  ["the letter is printed, and the kernel still runs"] = "буква напечатана, но ещё выполняется ядро",
  ["the labels `user` and `kernel` must stay"] = "метки `user` и `kernel` должны остаться",
  ["the user program reached a port by itself"] = "программа пользователя сама обратилась к порту",
  ["the console shows %q, and should show %q"] = "на консоли %q, а должно быть %q",
  ["the machine did not halt: pc is 0x%x (%s)"] = "машина не остановилась: pc равен 0x%x (%s)",
  ["the halt code is %d, and should be 0"] = "код остановки %d, а должен быть 0",
}
