/* author.h: what an author of labs does with a lab's folder: `pg74 lab`. */
#ifndef PG74_LAB_GRADE_AUTHOR_H
#define PG74_LAB_GRADE_AUTHOR_H

/* Each returns the exit code of the program; messages go to standard error, what has been done to standard output. */

/* A working skeleton in a new folder. */
int lab_grade_new(const char *folder);

/* The bundle for students in a new folder: all but solution/, hidden.lua, hidden/, supplied/ and the secret; with the
 * course's variant of the machine where there is a secret (NULL: the lab's own file), and the object of what is supplied. */
int lab_grade_export(const char *lab, const char *folder, const char *secret);

/* Is the lab sound? 1 when it is not. */
int lab_grade_check(const char *lab);

/* What a platform for courses wants, in a new folder: "gradescope" or "autolab". */
int lab_grade_package(const char *lab, const char *folder, const char *platform);

/* Questions about a machine that nobody has seen, made for one student (a name or number), to a new file; and the key,
 * which the classifier computes, to another one. */
int lab_grade_question(const char *student, const char *paper, const char *key);

#endif
