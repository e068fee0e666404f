/* library.c: the specifications that are built in. Their texts come from build/generated/library.c. */
#include "isa/isa.h"

extern const struct isa_library_entry isa_library_entries[];
extern const unsigned isa_library_entry_count;

unsigned isa_library_count(void)
{
    return isa_library_entry_count;
}

const struct isa_library_entry *isa_library_at(unsigned index)
{
    return &isa_library_entries[index];
}
