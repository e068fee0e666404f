# Every lesson from start to finish on a screen of 80x24: screen_walk.
SIZE=80x24 sh "$(dirname "$0")/screen_walk"
