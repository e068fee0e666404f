/* language.c: what compilers make of C: 64-bit arithmetic, shifts, divisions, structures by value, bit fields,
 * switches, function pointers, variable arguments, recursion. One line a part; the same at every level of
 * optimization. */
#include "common/common.h"

struct pair { int32_t first; int64_t second; };
struct fields { uint32_t low : 3, middle : 12; int32_t high : 9; };
union bytes { uint32_t word; uint8_t byte[4]; };

static uint32_t mix(uint32_t sum, uint64_t value)
{
    return (sum ^ (uint32_t)value ^ (uint32_t)(value >> 32)) * 16777619U; /* FNV-1 (Fowler, Noll, Vo) */
}

/* Numbers on which arithmetic tends to go wrong. */
static const uint32_t corners[] = {0, 1, 2, 7, 31, 32, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000,
                                   0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff};
enum { CORNERS = sizeof corners / sizeof corners[0] };

static uint32_t arithmetic(void)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < CORNERS; i++)
        for (unsigned j = 0; j < CORNERS; j++) {
            uint32_t a = corners[i], b = corners[j], shift = b & 31;
            int32_t sa = (int32_t)a, sb = (int32_t)b;
            sum = mix(sum, (uint64_t)a * b);
            sum = mix(sum, (uint64_t)((int64_t)sa * sb));
            sum = mix(sum, a << shift | a >> shift);
            sum = mix(sum, (uint32_t)(sa >> shift) + (a < b) + (sa < sb) * 2U);
            if (b != 0) {
                sum = mix(sum, (uint64_t)(a / b) << 32 | a % b);
                if (sa != INT32_MIN || sb != -1)
                    sum = mix(sum, (uint32_t)(sa / sb) ^ (uint32_t)(sa % sb) << 16);
            }
        }
    return sum;
}

static uint32_t long_arithmetic(void)
{
    uint32_t sum = 0;
    uint64_t x = 0x0123456789abcdef;
    for (unsigned i = 1; i < 200; i++) {
        x = x * 6364136223846793005U + 1442695040888963407U;
        uint64_t divisor = x >> (i & 63) | 1;
        sum = mix(sum, x / divisor + x % (divisor + i));
        sum = mix(sum, (uint64_t)((int64_t)x / (int64_t)(i * 977)));
        sum = mix(sum, x << (i & 63) ^ (uint64_t)((int64_t)x >> (i & 63)));
    }
    return sum;
}

static struct pair swap_and_add(struct pair pair, int8_t small, uint16_t wide)
{
    return (struct pair){(int32_t)pair.second + small, (int64_t)pair.first * wide};
}

static uint32_t structures(void)
{
    uint32_t sum = 0;
    struct pair pair = {-5, 1LL << 40};
    struct fields fields = {0, 0, 0};
    union bytes bytes = {0x11223344};
    for (unsigned i = 0; i < 50; i++) {
        pair = swap_and_add(pair, (int8_t)(i * 9), (uint16_t)(i * 5001));
        fields.low += 3;
        fields.middle = (fields.middle + fields.low * 77U) & 0xfff;
        fields.high = (fields.high - 7) & 0xff;
        bytes.byte[i & 3] = (uint8_t)(bytes.byte[i & 3] + i);
        sum = mix(sum, (uint64_t)pair.second + (uint32_t)pair.first);
        sum = mix(sum, fields.low | fields.middle << 3 | (uint32_t)fields.high << 15);
        sum = mix(sum, bytes.word);
    }
    return sum;
}

static uint32_t classify(uint32_t i)
{
    switch (i % 11) {
    case 0: return 3;
    case 1: return i;
    case 2: return i * i;
    case 3: case 4: return ~i;
    case 5: return i >> 3;
    case 7: return 0x12345678;
    case 9: return i | 1024;
    default: return 77;
    }
}

static uint32_t reverse(uint32_t i)
{
    uint32_t result = 0;
    for (unsigned bit = 0; bit < 32; bit++)
        result = result << 1 | (i >> bit & 1);
    return result;
}

static uint32_t ackermann(uint32_t m, uint32_t n)
{
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static uint32_t sum_of(uint32_t count, ...)
{
    uint32_t sum = 0;
    va_list arguments;
    va_start(arguments, count);
    for (uint32_t i = 0; i < count; i++)
        sum = i % 3 == 2 ? mix(sum, va_arg(arguments, uint64_t)) : sum * 3 + va_arg(arguments, uint32_t);
    va_end(arguments);
    return sum;
}

static uint32_t calls(void)
{
    static uint32_t (*const functions[])(uint32_t) = {classify, reverse};
    uint32_t sum = sum_of(6, 1U, 2U, (uint64_t)3 << 33, 4U, 5U, (uint64_t)6 << 34);
    for (uint32_t i = 0; i < 100; i++)
        sum = mix(sum, functions[i & 1](i));
    return mix(sum, ackermann(2, 9));
}

/* Bytes and halves, with and without sign, at every place of a word. */
static uint32_t pieces(void)
{
    static union { int8_t bytes[64]; int16_t halves[32]; uint32_t words[16]; } memory;
    uint32_t sum = 0;
    for (int i = 0; i < 64; i++)
        memory.bytes[i] = (int8_t)(i * 37 - 100);
    for (int i = 0; i < 32; i++) {
        memory.halves[i] = (int16_t)(memory.halves[i] * 3 + memory.bytes[63 - i]);
        sum = mix(sum, (uint32_t)memory.halves[i] + (uint8_t)memory.bytes[i] + memory.words[i / 2]);
    }
    return sum;
}

uint32_t main(uint32_t argument)
{
    (void)argument;
    print("arithmetic      %08x\n", arithmetic());
    print("long arithmetic %08x\n", long_arithmetic());
    print("structures      %08x\n", structures());
    print("calls           %08x\n", calls());
    print("pieces          %08x\n", pieces());
    return 0;
}
