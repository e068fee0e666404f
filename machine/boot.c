/* boot.c: memory as a guest or a monitor finds it at the start.
 *
 * A bare machine: one guest, and the whole memory is its partition. With a monitor: the monitor's image at its link
 * addresses, behind it the boot module, and then, each at a multiple of 4096, the partitions. Every partition begins
 * like a bare machine's memory: a guest cannot tell by it where it is. So a partition can hold a monitor, too, with its
 * guest in a partition inside: monitors under monitors are the same thing again, in addresses of their own. */
#include "machine/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "machine/boot.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the structures of boot.h are written as the host has them");

enum { PAGE = 4096, DEFAULT_MEMORY = 1 << 20, DEFAULT_SLICE = 100000 };

/* The most bytes that a machine can have: its size is itself a word, and whole pages where it is that big. */
static uint64_t most_memory(const struct isa *isa)
{
    uint64_t most = (UINT64_C(1) << isa_word_bits(isa)) - 1;
    return most < PAGE ? most : most / PAGE * PAGE;
}

static uint64_t whole_pages(uint64_t size)
{
    return (size + PAGE - 1) / PAGE * PAGE;
}

static uint64_t partition_size(const struct isa *isa, const struct machine_options *options)
{
    uint64_t most = most_memory(isa);
    uint64_t size = options->partition_size;
    if (size == 0)
        size = DEFAULT_MEMORY < most ? DEFAULT_MEMORY : (most + 1) / 2;
    return most < PAGE ? size : whole_pages(size);
}

static bool map(struct machine *machine, uint64_t size, struct isa_diagnostics *diagnostics)
{
    uint64_t most = most_memory(machine->isa);
    if (size > most)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, "--memory gives each guest less",
                              "%" PRIu64 " bytes of memory are needed, and %s can have %" PRIu64, size,
                              isa_name(machine->isa), most);
    else if (!machine_memory_map(machine, (uint32_t)size))
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_INTERNAL, NULL,
                              "the host has no room for a machine of %" PRIu64 " bytes", size);
    else
        return true;
    return false;
}

static struct pg74_boot_block make_block(uint32_t memory_size, const struct machine_options *options)
{
    return (struct pg74_boot_block){
        .magic = PG74_BOOT_MAGIC, .version = PG74_BOOT_VERSION, .memory_size = memory_size,
        .slice_limit = options->slice_limit ? options->slice_limit : DEFAULT_SLICE};
}

/* A partition as a bare machine's memory. Machines too small for a boot block have none. */
static bool load_guest(struct machine *machine, unsigned guest, const struct machine_partition *partition,
                       const struct machine_options *options, struct isa_diagnostics *diagnostics)
{
    if (!machine_image_load(options->guests[guest], machine, partition->start, partition->size, diagnostics))
        return false;
    struct pg74_boot_block block = make_block(partition->size, options);
    if (partition->size >= PAGE)
        machine_memory_fill(machine, partition->start + PG74_BOOT_BLOCK, &block, sizeof block);
    return true;
}

static bool boot_bare(struct machine *machine, const struct machine_options *options,
                      struct isa_diagnostics *diagnostics)
{
    if (!map(machine, partition_size(machine->isa, options), diagnostics))
        return false;
    machine->partitions[0].size = machine->memory_size;
    return load_guest(machine, 0, &machine->partitions[0], options, diagnostics);
}

/* ---- With a monitor ---------------------------------------------------------------------------------------------- */

/* The boot module, the same for the monitors of all levels. */
struct module { const uint8_t *bytes; uint32_t size; };

static const struct machine_image *monitor_of(const struct machine_options *options, unsigned level)
{
    return level == 0 ? options->monitor : options->inner[level - 1];
}

static uint64_t module_start(const struct machine_image *monitor)
{
    return ((uint64_t)machine_image_end(monitor) + 15) / 16 * 16;
}

/* Where the partitions begin, in the addresses of the monitor of this level. */
static uint64_t first_partition(const struct machine_options *options, unsigned level, const struct module *module)
{
    return whole_pages(module_start(monitor_of(options, level)) + module->size);
}

/* How much memory stands below `level` monitors: a guest's partition, and around it one for each inner monitor. */
static uint64_t size_below(const struct isa *isa, const struct machine_options *options, unsigned level,
                           const struct module *module)
{
    uint64_t size = partition_size(isa, options);
    for (unsigned i = options->inner_count + 1; i-- > level;)
        size += first_partition(options, i, module);
    return size;
}

/* A monitor, its module and its boot block, where its memory begins at `start`. Its guests come later. */
static bool load_monitor(struct machine *machine, const struct machine_options *options, unsigned level,
                         const struct module *module, const struct machine_partition *all,
                         const struct pg74_boot_block *block, struct isa_diagnostics *diagnostics)
{
    const struct machine_image *monitor = monitor_of(options, level);
    struct pg74_boot_block own = *block;
    own.module = (uint32_t)module_start(monitor);
    if (!machine_image_load(monitor, machine, all->start, own.module, diagnostics))
        return false;
    machine_memory_fill(machine, all->start + own.module, module->bytes, module->size);
    machine_memory_fill(machine, all->start + PG74_BOOT_BLOCK, &own, sizeof own);
    return true;
}

/* Fills a partition: with a guest, or with an inner monitor and a partition in the partition. */
static bool load_partition(struct machine *machine, const struct machine_options *options, unsigned level,
                           const struct module *module, unsigned guest, struct machine_partition partition,
                           struct isa_diagnostics *diagnostics)
{
    for (; level <= options->inner_count; level++) {
        struct pg74_boot_block block = make_block(partition.size, options);
        uint32_t start = (uint32_t)first_partition(options, level, module);
        const struct machine_image *inside =
            level < options->inner_count ? monitor_of(options, level + 1) : options->guests[guest];
        block.guest_count = 1;
        block.guests[0] = (struct pg74_guest){start, partition.size - start, machine_image_entry(inside)};
        if (!load_monitor(machine, options, level, module, &partition, &block, diagnostics))
            return false;
        partition = (struct machine_partition){partition.start + start, partition.size - start};
    }
    return load_guest(machine, guest, &partition, options, diagnostics);
}

static bool boot_outermost(struct machine *machine, const struct machine_options *options, const struct module *module,
                           struct isa_diagnostics *diagnostics)
{
    uint64_t first = first_partition(options, 0, module), size = size_below(machine->isa, options, 1, module);
    const struct machine_image *inside = options->inner_count > 0 ? options->inner[0] : NULL;
    if (!map(machine, first + machine->guest_count * size, diagnostics))
        return false;
    struct pg74_boot_block block = make_block(machine->memory_size, options);
    block.guest_count = machine->guest_count;
    for (unsigned i = 0; i < machine->guest_count; i++) {
        machine->partitions[i] = (struct machine_partition){(uint32_t)(first + i * size), (uint32_t)size};
        block.guests[i] = (struct pg74_guest){machine->partitions[i].start, (uint32_t)size,
                                              machine_image_entry(inside ? inside : options->guests[i])};
        if (!load_partition(machine, options, 1, module, i, machine->partitions[i], diagnostics))
            return false;
    }
    const struct machine_partition all = {0, machine->memory_size};
    return load_monitor(machine, options, 0, module, &all, &block, diagnostics);
}

static bool boot_monitored(struct machine *machine, const struct machine_options *options,
                           struct isa_diagnostics *diagnostics)
{
    if (most_memory(machine->isa) < PAGE) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, NULL, "%s is too small a machine for a monitor",
                              isa_name(machine->isa));
        return false;
    }
    uint32_t size;
    uint8_t *bytes = machine_boot_module(machine->isa, options->classes, &size);
    const struct module module = {bytes, size};
    bool good = boot_outermost(machine, options, &module, diagnostics);
    free(bytes);
    return good;
}

void machine_innermost_partition(const struct machine *machine, unsigned guest, uint32_t *start, uint32_t *size)
{
    struct pg74_boot_block block;
    machine_partition(machine, guest, start, size);
    while (machine_read(machine, *start + PG74_BOOT_BLOCK, &block, sizeof block) && block.magic == PG74_BOOT_MAGIC &&
           block.guest_count == 1 && block.guests[0].start > 0 && block.guests[0].start < *size) {
        *start += block.guests[0].start;
        *size -= block.guests[0].start;
    }
}

bool machine_boot(struct machine *machine, const struct machine_options *options, uint32_t *entry,
                  struct isa_diagnostics *diagnostics)
{
    machine->monitored = options->monitor != NULL;
    *entry = machine_image_entry(machine->monitored ? options->monitor : options->guests[0]);
    return (machine->monitored ? boot_monitored : boot_bare)(machine, options, diagnostics);
}
