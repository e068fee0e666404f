/* pointer.c: where the next address hangs on the last load: quicksort of a large array, a binary search tree. */
#include "bench.h"

enum { NUMBERS = 1 << 18, KEYS = 1 << 16 };

struct tree {
    struct tree *left, *right;
    uint32_t key;
};

static uint32_t numbers[NUMBERS];
static struct tree pool[KEYS];

/* Hoare's quicksort ("Quicksort", The Computer Journal 5, 1962), short stretches by insertion. */
static void quicksort(uint32_t *first, uint32_t *last) {
    while (last - first > 8) {
        uint32_t pivot = first[(last - first) / 2];
        uint32_t *i = first, *j = last;
        do {
            while (*i < pivot)
                i++;
            while (*j > pivot)
                j--;
            if (i <= j) {
                uint32_t swapped = *i;
                *i++ = *j;
                *j-- = swapped;
            }
        } while (i <= j);
        if (j - first < last - i) {
            quicksort(first, j);
            first = i;
        } else {
            quicksort(i, last);
            last = j;
        }
    }
    for (uint32_t *i = first + 1; i <= last; i++) {
        uint32_t value = *i, *j = i;
        for (; j > first && j[-1] > value; j--)
            *j = j[-1];
        *j = value;
    }
}

static uint32_t sort_numbers(uint32_t seed) {
    for (uint32_t i = 0; i < NUMBERS; i++)
        numbers[i] = bench_random(&seed);
    quicksort(numbers, numbers + NUMBERS - 1);
    uint32_t sum = 0;
    for (uint32_t i = 1; i < NUMBERS; i++)
        sum += (numbers[i] - numbers[i - 1]) ^ i;
    return sum;
}

static struct tree *insert(struct tree *root, struct tree *node) {
    struct tree **place = &root;
    while (*place)
        place = node->key < (*place)->key ? &(*place)->left : &(*place)->right;
    *place = node;
    return root;
}

static uint32_t depth_of(const struct tree *tree, uint32_t key) {
    uint32_t depth = 0;
    for (; tree && tree->key != key; depth++)
        tree = key < tree->key ? tree->left : tree->right;
    return depth;
}

static uint32_t grow_tree(uint32_t seed) {
    struct tree *root = 0;
    uint32_t first_seed = seed, sum = 0;
    for (uint32_t i = 0; i < KEYS; i++) {
        pool[i] = (struct tree){0, 0, bench_random(&seed)};
        root = insert(root, &pool[i]);
    }
    for (uint32_t i = 0; i < KEYS; i++)
        sum += depth_of(root, bench_random(&first_seed));
    return sum;
}

uint32_t workload(uint32_t rounds) {
    uint32_t result = 0;
    for (uint32_t round = 1; round <= rounds; round++) {
        result = result * 31 + sort_numbers(round);
        result = result * 31 + grow_tree(round);
    }
    return result;
}
