/* mix.c: what embedded programs do: lists that are searched, reversed and sorted, a state machine that scans numbers,
 * checksums. */
#include "bench.h"

enum { NODES = 200, TEXT_BYTES = 1600 };

struct node {
    struct node *next;
    int16_t value, key;
};

static struct node nodes[NODES];
static char text[TEXT_BYTES + 1];

/* CRC-16 (polynomial 0xa001), bit by bit. */
static uint16_t checksum(uint16_t crc, uint32_t value, int bits) {
    for (int i = 0; i < bits; i++, value >>= 1) {
        uint16_t carry = (uint16_t)((crc ^ value) & 1);
        crc >>= 1;
        if (carry)
            crc ^= 0xa001;
    }
    return crc;
}

static struct node *make_list(uint32_t seed) {
    for (int i = 0; i < NODES; i++) {
        nodes[i].value = (int16_t)(bench_random(&seed) & 0x3ff);
        nodes[i].key = (int16_t)i;
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    }
    return nodes;
}

static struct node *reverse(struct node *list) {
    struct node *reversed = 0;
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static struct node *find(struct node *list, int16_t value) {
    while (list && list->value != value)
        list = list->next;
    return list;
}

static int by_value(const struct node *a, const struct node *b) {
    return a->value - b->value;
}

static int by_key(const struct node *a, const struct node *b) {
    return a->key - b->key;
}

/* Merge sort from the bottom up, with the order as a function. */
static struct node *sort(struct node *list, int (*order)(const struct node *, const struct node *)) {
    for (int run = 1;; run *= 2) {
        struct node *p = list, *tail = 0;
        int merges = 0;
        list = 0;
        while (p) {
            struct node *q = p;
            int p_left = 0, q_left = run;
            merges++;
            while (p_left < run && q)
                p_left++, q = q->next;
            while (p_left > 0 || (q_left > 0 && q)) {
                struct node *taken;
                if (p_left == 0 || (q_left > 0 && q && order(p, q) > 0))
                    taken = q, q = q->next, q_left--;
                else
                    taken = p, p = p->next, p_left--;
                if (tail)
                    tail->next = taken;
                else
                    list = taken;
                tail = taken;
            }
            p = q;
        }
        tail->next = 0;
        if (merges <= 1)
            return list;
    }
}

static uint16_t exercise_list(uint32_t seed) {
    struct node *list = make_list(seed);
    uint16_t crc = 0;
    for (int i = 0; i < 60; i++) {
        struct node *found = find(list, (int16_t)(bench_random(&seed) & 0x3ff));
        crc = checksum(crc, found ? (uint32_t)found->key : 0xffff, 16);
        list = reverse(list);
    }
    list = sort(list, by_value);
    for (struct node *node = list; node; node = node->next)
        crc = checksum(crc, (uint32_t)node->value, 8);
    list = sort(list, by_key);
    return checksum(crc, (uint32_t)list->value, 16);
}

enum scan { START, INTEGER, FRACTION, EXPONENT_SIGN, EXPONENT, INVALID, SCANS };

static void make_text(uint32_t seed) {
    static const char *const pieces[] = {"12345", "-17", "3.25", "+0.5e3", "7e-12", "x91", "1.2.3", "600", ".5", "e"};
    int at = 0;
    for (;;) {
        const char *piece = pieces[bench_random(&seed) % 10];
        int length = 0;
        while (piece[length])
            length++;
        if (at + length + 1 > TEXT_BYTES)
            break;
        for (int i = 0; i < length; i++)
            text[at++] = piece[i];
        text[at++] = ',';
    }
    text[at] = 0;
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Scans one number up to the comma after it; says in which state the machine ended. */
static enum scan scan_number(const char **position, uint32_t transitions[SCANS]) {
    enum scan state = START;
    const char *p = *position;
    for (; *p && *p != ','; p++) {
        enum scan before = state;
        switch (state) {
        case START:
            state = is_digit(*p) ? INTEGER : *p == '-' || *p == '+' ? START : *p == '.' ? FRACTION : INVALID;
            break;
        case INTEGER:
            state = is_digit(*p) ? INTEGER : *p == '.' ? FRACTION : *p == 'e' ? EXPONENT_SIGN : INVALID;
            break;
        case FRACTION:
            state = is_digit(*p) ? FRACTION : *p == 'e' ? EXPONENT_SIGN : INVALID;
            break;
        case EXPONENT_SIGN:
            state = is_digit(*p) || *p == '-' || *p == '+' ? EXPONENT : INVALID;
            break;
        case EXPONENT:
            state = is_digit(*p) ? EXPONENT : INVALID;
            break;
        default:
            break;
        }
        if (state != before)
            transitions[state]++;
    }
    *position = *p ? p + 1 : p;
    return state;
}

static uint16_t exercise_scanner(uint32_t seed) {
    uint32_t ends[SCANS] = {0}, transitions[SCANS] = {0};
    make_text(seed);
    for (int pass = 0; pass < 4; pass++) {
        const char *p = text;
        while (*p)
            ends[scan_number(&p, transitions)]++;
    }
    uint16_t crc = 0;
    for (int i = 0; i < SCANS; i++)
        crc = checksum(checksum(crc, ends[i], 16), transitions[i], 16);
    return crc;
}

uint32_t workload(uint32_t rounds) {
    uint32_t result = 0;
    for (uint32_t round = 1; round <= rounds; round++) {
        result = result * 31 + exercise_list(round);
        result = result * 31 + exercise_scanner(round);
    }
    return result;
}
