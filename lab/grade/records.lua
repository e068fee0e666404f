-- records.lua: a check of the record that a lesson has written: it is judged again.
local grade, _, lab, tools = ...
local broken, plain = tools.broken, tools.plain

-- What there is of a lesson in a record, judged again: {asked = {names}, kind = {name = kind}, found = {name =
-- finding}}. All that is wrong with the record as a whole is a failure of each check that looks at it.
local function judge_record(options)
  local answer = grade.record {lesson = options.lesson, lessons = options.lessons, text = lab.work.text(options.file)}
  local result, version = {asked = {}, kind = {}, found = {}}, nil
  local ended = false
  for _, line in ipairs(answer) do
    if line.broken then broken(("the lesson %s: %s"):format(options.lesson, line.broken)) end
    if line.wrong then lab.fail {message = ("%s:%d: %s"):format(options.file, line.line, plain(line.wrong))} end
    if line.asked then
      result.asked[#result.asked + 1] = line.asked
      result.kind[line.asked] = line.kind
    elseif line.found == "-" then version = line
    elseif line.found then
      if not result.kind[line.found] or result.found[line.found] then
        lab.fail {message = ("%s: what the record says of %s cannot be"):format(options.file, line.found),
                  got = plain(line.why)}
      end
      result.found[line.found] = line
    end
    ended = ended or line["end"]
  end
  if answer.ended ~= "ended" then tools.limit("judging the record: " .. answer.ended) end
  if not ended then broken "the child that judged the record ended without an answer" end
  if not version then
    lab.fail {message = ("%s: the record has nothing of the lesson %s"):format(options.file, options.lesson)}
  end
  if not version.confirmed then lab.fail {message = ("%s: %s"):format(options.file, version.why)} end
  return result
end

local judged = {} -- once: all tasks of a lab are about the same record; what pcall gave

-- Why something that the lesson asks for does not count; nil when it does.
local function why_not(record, name, shown)
  local found = record.found[name]
  if not found then return "the record does not have it" end
  if not found.confirmed then
    return "judged again, it is not as the record says: " .. (plain(found.why) or "it is not so")
  end
  if not found.right and found.kind ~= "prediction" then return plain(found.why) or "it is not done" end
  if found.shown and not shown then return "its solution was shown" end
end

-- A check: what a lesson's record shows that was done. `done` lists names that the lesson asks for; without it, and
-- without `questions`, all that is to be done on machines. `questions`: so many are answered right.
function lab.lesson(options)
  return function()
    local key = options.file .. "\0" .. options.lesson
    if not judged[key] then judged[key] = {pcall(judge_record, options)} end
    if not judged[key][1] then error(judged[key][2], 0) end
    local record, wanted, right = judged[key][2], options.done, 0
    if not wanted then
      wanted = {}
      for _, name in ipairs(record.asked) do
        local kind = record.kind[name]
        if not options.questions and (kind == "do" or kind == "task") then wanted[#wanted + 1] = name end
      end
    end
    for _, name in ipairs(wanted) do
      if not record.kind[name] then broken(("the lesson %s does not ask for '%s'"):format(options.lesson, name)) end
      local why = why_not(record, name, options.shown)
      if why then
        return false, {message = ("%s, %s: %s"):format(options.lesson, name, why:match "^[^\n]*"),
                       detail = why:find("\n", 1, true) and why or nil}
      end
    end
    for _, name in ipairs(record.asked) do
      if record.kind[name] == "question" and not why_not(record, name, options.shown) then right = right + 1 end
    end
    if options.questions and right < options.questions then
      return false, {message = ("%s: too few questions are answered right"):format(options.lesson),
                     expected = ("%d or more"):format(options.questions), got = tostring(right)}
    end
    return true
  end
end
