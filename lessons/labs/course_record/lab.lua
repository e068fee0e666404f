-- What was done in a lesson, as homework. The lesson lies in the lab, so that it stays the one that the course began with;
-- one of those that come with PG-74 is named without `lessons`.
local function record(options)
  options.lesson, options.lessons, options.file = "first_steps", "lessons", "first_steps.record"
  return lab.lesson(options)
end

return {
  api = 1,
  title = "First steps",
  machine = "pg74",
  hours = 0.5,
  submit = {"first_steps.record"},
  tasks = {
    {id = "questions", title = "Two questions of three are answered right", points = 2,
     check = record {questions = 2}},
    {id = "stepped", title = "The machine is brought to where the lesson wants it", points = 1,
     check = record {done = {"third_round"}}},
    {id = "sum", title = "The program adds the numbers from 1 to 10", points = 2,
     hint = "pg74 lesson export writes what you have done until then: export again when it is done",
     check = record {done = {"ten"}}},
  },
}
