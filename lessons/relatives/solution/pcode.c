/* pcode.c: a machine that nobody has built, interpreted by a program of PG-74. It has a stack in the place of registers. */
void print(int number); /* print.c: a number and a new line, to the console */

enum operation {
    END,          /* of the program */
    PUSH,         /* puts the operand on the stack */
    ADD,          /* takes two numbers from the stack, and puts their sum there */
    PRINT,        /* takes a number from the stack, and prints it */
    MULTIPLY,     /* takes two numbers, and puts their product there */
    COPY,         /* puts the topmost number there once more */
    JUMP_NOT_ZERO /* takes a number; if it is not 0, goes on with the instruction that the operand numbers, from 0 */
};

struct instruction {
    int operation, operand;
};

/* 6 times 7. When this is tried, other programs are put in its place. */
struct instruction program[32] = {{PUSH, 6}, {PUSH, 7}, {MULTIPLY, 0}, {PRINT, 0}, {END, 0}};

static int stack[64];
static unsigned height;

static void push(int number) { stack[height++ % 64] = number; }
static int pop(void) { return stack[--height % 64]; }

/* Returns 0 at the end of the program, 1 at an instruction that it does not know. */
int main(void)
{
    unsigned pc = 0;
    for (;;) {
        struct instruction now = program[pc++ % 32];
        switch (now.operation) {
        case END: return 0;
        case PUSH: push(now.operand); break;
        case ADD: push(pop() + pop()); break;
        case PRINT: print(pop()); break;
        case MULTIPLY: push(pop() * pop()); break;
        case COPY: {
            int number = pop();
            push(number);
            push(number);
            break;
        }
        case JUMP_NOT_ZERO:
            if (pop() != 0)
                pc = (unsigned)now.operand;
            break;
        default: return 1;
        }
    }
}
