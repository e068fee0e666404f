-- lab.lua:5:3: error: '}' expected (to close '{' at line 2) near 'title'
return {
  api = 1
  -- the comma is missing above
  title = "A lab",
}
