/* sort.c: quicksort (Hoare 1961) of numbers, checked by order and by sums that sorting must not change. */
#include "common/common.h"

enum { COUNT = 6000, SMALL = 8 };
static uint32_t numbers[COUNT];

static void insertion_sort(uint32_t *first, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t number = first[i], place = i;
        for (; place > 0 && first[place - 1] > number; place--)
            first[place] = first[place - 1];
        first[place] = number;
    }
}

/* The smaller part by a call of itself, the larger one by going round: so the stack stays short. */
static void quicksort(uint32_t *first, uint32_t count)
{
    while (count > SMALL) {
        uint32_t pivot = first[count / 2], left = 0, right = count - 1;
        for (;;) {
            while (first[left] < pivot)
                left++;
            while (first[right] > pivot)
                right--;
            if (left >= right)
                break;
            uint32_t other = first[left];
            first[left++] = first[right];
            first[right--] = other;
        }
        uint32_t lower = right + 1;
        if (lower <= count - lower) {
            quicksort(first, lower);
            first += lower;
            count -= lower;
        } else {
            quicksort(first + lower, count - lower);
            count = lower;
        }
    }
    insertion_sort(first, count);
}

struct sums { uint32_t plus, exclusive_or, squares; };

static struct sums sums_of(const uint32_t *first, uint32_t count)
{
    struct sums sums = {0, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        sums.plus += first[i];
        sums.exclusive_or ^= first[i];
        sums.squares += first[i] * first[i];
    }
    return sums;
}

uint32_t main(uint32_t argument)
{
    struct random random = {0x2545f491 + argument};
    for (uint32_t i = 0; i < COUNT; i++)
        numbers[i] = random_next(&random);
    struct sums before = sums_of(numbers, COUNT);
    quicksort(numbers, COUNT);
    struct sums after = sums_of(numbers, COUNT);

    bool ordered = true;
    for (uint32_t i = 1; i < COUNT; i++)
        ordered &= numbers[i - 1] <= numbers[i];
    bool same = memcmp(&before, &after, sizeof before) == 0;
    print("%u numbers, least %08x, middle %08x, greatest %08x\n", COUNT, numbers[0], numbers[COUNT / 2],
          numbers[COUNT - 1]);
    print("sums %08x %08x %08x, %s, %s\n", after.plus, after.exclusive_or, after.squares,
          ordered ? "in order" : "NOT IN ORDER", same ? "none lost" : "SOME LOST");
    return !ordered || !same;
}
