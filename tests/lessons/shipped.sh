# The lessons that come with the program are all right: what `pg74 lesson check` looks at.
cd "$(dirname "$0")/../.." || exit 1
"$PG74" lesson check --lessons lessons
