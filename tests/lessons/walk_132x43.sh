# Every lesson from start to finish on a screen of 132x43: screen_walk.
SIZE=132x43 sh "$(dirname "$0")/screen_walk"
