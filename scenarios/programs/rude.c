/* rude.c: a program that breaks the rules, in the way that `argument` says. It must be killed and disturb nobody. */
#include <pg74.h>

#include "process.h"

/* Addresses are hidden from GCC, which otherwise reasons about what such an access may mean. */
static volatile uint32_t *at(uint32_t address)
{
    __asm__("" : "+r"(address));
    return (volatile uint32_t *)(uintptr_t)address;
}

static uint32_t fill_stack(uint32_t depth)
{
    volatile uint32_t here[64];
    here[depth % 64] = depth;
    return depth == UINT32_MAX ? 0 : fill_stack(depth + 1) + here[depth % 64];
}

/* What belongs to the caller is refused, not obeyed: the kernel must not be talked into touching other memory. */
static uint32_t bad_pointers(void)
{
    int32_t refused = 0;
    refused += system_write((const void *)at(0x40000000), 16) < 0;
    refused += system_write((const void *)at(0x4000), 0xffffffff) < 0;
    refused += system_read((void *)at(0xfffffff0), 32) < 0;
    refused += system_disk_write(0, (const void *)at(0x80000000)) < 0;
    refused += system_spawn((const char *)at(0xffffffff), 0) < 0;
    refused += system_wait(1000) < 0;
    print("%d of 6 refused\n", refused);
    return refused != 6;
}

/* Never calls the kernel: only the timer can take the processor away. */
static uint32_t selfish(void)
{
    uint32_t x = 1;
    for (uint32_t i = 0; i < 100000; i++) {
        x = x * 1664525 + 1013904223;
        __asm__ volatile("" : "+r"(x));
    }
    print("kept going, and found %08x\n", x);
    return 0;
}

uint32_t main(uint32_t argument)
{
    print("rude in way %u\n", argument);
    switch (argument) {
    case 0:
        pg74_idle();
        break;
    case 1:
        print("read %u\n", *at(0x7ffffffc));
        break;
    case 2:
        *at(0x00100000) = 1;
        break;
    case 3:
        ((void (*)(void))(uintptr_t)at(0x40000000))();
        break;
    case 4:
        __asm__ volatile(".word 0xffffffff");
        break;
    case 5:
        *at(0x5001) = 1;
        break;
    case 6:
        __asm__ volatile("ebreak");
        break;
    case 7:
        return fill_stack(0);
    case 8:
        return bad_pointers();
    case 9:
        return selfish();
    case 10: /* on a machine that can protect pages, it ends here */
        *at(0x4000) = 1;
        print("wrote to my own program\n");
        return 0;
    default:
        break;
    }
    print("nothing stopped me\n");
    return 0;
}
