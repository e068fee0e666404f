/* sample.c: C that makes a compiler use all of RV32IM: for test_gnu.c, which assembles its output twice. */
typedef unsigned int word;

struct node {
    struct node *left, *right;
    int key;
    short weight;
    signed char mark;
};

static const char text[] = "a string, \"quoted\"\tand a tab\n";
static const int table[16] = {1, -2, 3, -4, 0x7fffffff, -0x7fffffff - 1};
static struct node nodes[8] = {{.left = &nodes[1], .right = &nodes[2], .key = 5}, {.key = 3}, {.key = 9}};
int counter = 42;
long long total;
static unsigned char buffer[100] = {1};
int (*handlers[3])(int, int) = {0};

static int add(int a, int b) { return a + b; }
static int divide(int a, int b) { return a / b + a % b; }
static int mixed(int a, int b) { return (int)((word)a / (word)b) ^ (int)((word)a % (word)b); }

int choose(int number, int other)
{
    switch (number) {
    case 0: return other * 3;
    case 1: return other - 100000;
    case 2: return other << 3;
    case 3: return other >> 5;
    case 4: return (int)((word)other >> 7);
    case 5: return table[other & 15];
    case 6: return text[other % 20];
    case 7: return other < number ? 1 : -1;
    case 8: return (word)other < (word)number;
    default: return counter;
    }
}

struct node *find(struct node *node, int key)
{
    while (node && node->key != key) {
        node->mark++;
        node->weight = (short)(node->weight - node->mark);
        node = key < node->key ? node->left : node->right;
    }
    return node;
}

long long multiply(long long a, long long b, int c)
{
    total += a * b + c;
    return total;
}

word high(word a, word b, int c, int d)
{
    return (word)(((unsigned long long)a * b) >> 32) + (word)(((long long)c * d) >> 32) + (word)(((long long)c * (long long)b) >> 32);
}

word hash(const unsigned char *bytes, word length)
{
    word state = 0x12345678;
    for (word i = 0; i < length; i++)
        state = (state ^ bytes[i]) * 0x01000193u + (state >> 13);
    return state;
}

int run(int rounds)
{
    handlers[0] = add;
    handlers[1] = divide;
    handlers[2] = mixed;
    for (int i = 0; i < rounds; i++) {
        buffer[i % 100] = (unsigned char)handlers[i % 3](choose(i % 11, i), i + 1);
        if (!(i & 7) && find(nodes, i))
            counter -= 1;
    }
    __asm__ volatile("fence\n\tecall" ::: "memory");
    return (int)hash(buffer, sizeof buffer) + (int)multiply(rounds, counter, -5) + (int)high(3, 5, -7, 9);
}
