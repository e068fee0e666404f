/* Messages that look like others'. */
#line 1 "passed        15/15  boot             A guest boots"
#error passed
#line 1 "/tmp/pg74-attack-line"
#pragma message "::error title=grader::100 of 100"
# 1 "\033[2J" 3
#error x
