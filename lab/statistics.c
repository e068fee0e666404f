/* statistics.c: what the outermost monitor has counted of a guest: struct pg74_guest_statistics of machine/boot.h, in the
 * machine's memory. */
#include "lab/internal.h"

static uint32_t word_at(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

json_t *lab_statistics(const struct machine *machine, const struct machine_image *monitor, unsigned guest)
{
    static const char *const names[] = {"instructions", "waited", "emulated", "traps", "interrupts", "slices",
                                        "shadow_fills", "table_stores", "shadows_forgotten"};
    enum { LONG = 2, NAMES = sizeof names / sizeof names[0] }; /* so many have 64 bits */
    uint8_t pointer[4], bytes[4 * (NAMES + LONG)];
    uint32_t place;
    if (!machine_image_address(monitor, "vmm_guest_statistics", &place) ||
        !machine_read(machine, place + 4 * guest, pointer, sizeof pointer) || word_at(pointer) == 0 ||
        !machine_read(machine, word_at(pointer), bytes, sizeof bytes))
        return NULL;
    json_t *object = json_object();
    const uint8_t *at = bytes;
    for (unsigned i = 0; i < NAMES; i++, at += 4) {
        json_int_t value = word_at(at);
        if (i < LONG)
            value |= (json_int_t)((uint64_t)word_at(at += 4) << 32);
        json_object_set_new(object, names[i], json_integer(value));
    }
    return object;
}
