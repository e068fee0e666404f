/* memory.c: the functions that GCC calls on its own account, and the random numbers.
 * (-fno-tree-loop-distribute-patterns keeps GCC from turning their loops into calls of themselves.) */
#include "common.h"

/* Word by word where both are aligned: most copies are of whole structures and sectors. */
void *memcpy(void *restrict target, const void *restrict source, size_t length)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    if ((((uintptr_t)to | (uintptr_t)from) & 3) == 0)
        for (; length >= 4; length -= 4, to += 4, from += 4)
            *(uint32_t *)(void *)to = *(const uint32_t *)(const void *)from;
    while (length-- > 0)
        *to++ = *from++;
    return target;
}

void *memmove(void *target, const void *source, size_t length)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    if ((uintptr_t)to <= (uintptr_t)from)
        while (length-- > 0)
            *to++ = *from++;
    else
        while (length-- > 0)
            to[length] = from[length];
    return target;
}

void *memset(void *target, int byte, size_t length)
{
    unsigned char *to = target;
    uint32_t word = (uint32_t)(unsigned char)byte * 0x01010101U;
    if (((uintptr_t)to & 3) == 0)
        for (; length >= 4; length -= 4, to += 4)
            *(uint32_t *)(void *)to = word;
    while (length-- > 0)
        *to++ = (unsigned char)byte;
    return target;
}

int memcmp(const void *left, const void *right, size_t length)
{
    const unsigned char *one = left, *other = right;
    for (; length > 0; length--, one++, other++)
        if (*one != *other)
            return *one < *other ? -1 : 1;
    return 0;
}

uint32_t random_next(struct random *random)
{
    uint32_t x = random->state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return random->state = x;
}
