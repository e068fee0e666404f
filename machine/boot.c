/* boot.c: memory as a guest or a monitor finds it at the start.
 *
 * A bare machine: one guest, and the whole memory is its partition. With a monitor: the monitor's image at its link
 * addresses, behind it the boot module, and then, each at a multiple of 4096, the partitions. Every partition begins
 * like a bare machine's memory: a guest cannot tell by it where it is. */
#include "machine/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "machine/boot.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the structures of boot.h are written as the host has them");

enum { BOOT_BLOCK = 0x100, PAGE = 4096, DEFAULT_MEMORY = 1 << 20, DEFAULT_SLICE = 100000 };

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
static bool load_guest(struct machine *machine, unsigned guest, const struct machine_options *options,
                       struct isa_diagnostics *diagnostics)
{
    const struct machine_partition *partition = &machine->partitions[guest];
    if (!machine_image_load(options->guests[guest], machine, partition->start, partition->size, diagnostics))
        return false;
    struct pg74_boot_block block = make_block(partition->size, options);
    if (partition->size >= PAGE)
        memcpy(machine->memory + partition->start + BOOT_BLOCK, &block, sizeof block);
    return true;
}

static bool boot_bare(struct machine *machine, const struct machine_options *options,
                      struct isa_diagnostics *diagnostics)
{
    if (!map(machine, partition_size(machine->isa, options), diagnostics))
        return false;
    machine->partitions[0].size = machine->memory_size;
    return load_guest(machine, 0, options, diagnostics);
}

/* ---- With a monitor ---------------------------------------------------------------------------------------------- */

static void write_monitor_block(struct machine *machine, uint32_t module, const struct machine_options *options)
{
    struct pg74_boot_block block = make_block(machine->memory_size, options);
    block.module = module;
    block.guest_count = machine->guest_count;
    for (unsigned i = 0; i < machine->guest_count; i++)
        block.guests[i] = (struct pg74_guest){machine->partitions[i].start, machine->partitions[i].size,
                                              machine_image_entry(options->guests[i])};
    memcpy(machine->memory + BOOT_BLOCK, &block, sizeof block);
}

static bool boot_monitored(struct machine *machine, const struct machine_options *options,
                           struct isa_diagnostics *diagnostics)
{
    uint32_t module_size;
    uint8_t *module_bytes = machine_boot_module(machine->isa, options->classes, &module_size);
    uint64_t module = ((uint64_t)machine_image_end(options->monitor) + 15) / 16 * 16;
    uint64_t partitions = whole_pages(module + module_size);
    uint64_t size = partition_size(machine->isa, options);
    bool good = false;
    if (most_memory(machine->isa) < PAGE)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, NULL, "%s is too small a machine for a monitor",
                              isa_name(machine->isa));
    else
        good = map(machine, partitions + machine->guest_count * size, diagnostics) &&
               machine_image_load(options->monitor, machine, 0, (uint32_t)module, diagnostics);
    if (good)
        memcpy(machine->memory + module, module_bytes, module_size);
    free(module_bytes);
    for (unsigned i = 0; good && i < machine->guest_count; i++) {
        machine->partitions[i] = (struct machine_partition){(uint32_t)(partitions + i * size), (uint32_t)size};
        good = load_guest(machine, i, options, diagnostics);
    }
    if (good)
        write_monitor_block(machine, (uint32_t)module, options);
    return good;
}

bool machine_boot(struct machine *machine, const struct machine_options *options, uint32_t *entry,
                  struct isa_diagnostics *diagnostics)
{
    machine->monitored = options->monitor != NULL;
    *entry = machine_image_entry(machine->monitored ? options->monitor : options->guests[0]);
    return (machine->monitored ? boot_monitored : boot_bare)(machine, options, diagnostics);
}
