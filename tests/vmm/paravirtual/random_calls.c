/* random_calls.c: a guest that calls the paravirtual monitor at random: with good arguments, boundary ones and any;
 * with rings, page tables, user programs and contexts of random words, which its own devices overwrite meanwhile. It
 * begins from the seed on its console (what follows there is for requests), and in the end prints a sum of all that
 * it was answered and that is in its memory: what it could learn.
 *
 * To come to its end it keeps apart what it needs itself (its image) and what may become anything: the arena, which
 * is the rest of its memory. And it sets a timer before it gives the processor away. */
#include <hypercalls.h>
#include <pg74.h>
#include <stdbool.h>

enum { PAGE = 4096, STEPS = 600 };
enum { ALL = 31, USER = 1, ENABLE = 2 };

extern uint8_t image_end[];
uint32_t call_monitor(uint32_t function, uint32_t argument);
void enter_again(void);
_Noreturn void go_on(void);

static struct paravirtual_shared shared;
static struct paravirtual_context own_context;
static uint32_t size, arena, pages, start, random_state, sum, steps;
static bool has_pages;
static uint32_t identity[PAGE / 4] __attribute__((aligned(4096)));

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

static uint32_t any(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state * 0x9e3779b1;
}

static uint32_t below(uint32_t limit)
{
    return (any() >> 8) % limit;
}

static void note(uint32_t value)
{
    sum = (sum << 5 | sum >> 27) ^ value * 0x85ebca6b;
}

static uint32_t page_of_arena(void)
{
    return arena + below(pages) * PAGE;
}

/* Mostly in the arena, or where no guest has anything; never in the image. */
static uint32_t address(void)
{
    const uint32_t odd[] = {size,       size - 4,   size - 8,   size + 4, 0xfffffffc,
                            0xffffffff, 0x80000000, 0x7ffffffc, start,    start + size};
    uint32_t wild = any();

    switch (below(12)) {
    case 0: return odd[below(sizeof odd / sizeof odd[0])];
    case 1: return size - 4 * below(40);
    case 2: return arena + below(pages * PAGE);
    case 3: return wild - arena < UINT32_C(0) - arena && wild >= arena ? wild : wild | 0x80000000;
    case 4: return 0; /* up to 4096 bytes from here are not the image */
    case 5: return page_of_arena();
    default: return page_of_arena() + 4 * below(PAGE / 4);
    }
}

static uint32_t length(void)
{
    const uint32_t odd[] = {0,          4096,       4097,       1024,       1025,       32,        33,
                            0x20000001, 0x15555556, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffe00};

    return below(4) == 0 ? odd[below(sizeof odd / sizeof odd[0])] : below(3) == 0 ? 512 * below(8) : below(64);
}

static volatile uint32_t *word(uint32_t at)
{
    return (volatile uint32_t *)(uintptr_t)at;
}

/* Room in the arena for an argument. The store may be to a pinned table, which is executed for us. */
static uint32_t put(const uint32_t *words, uint32_t count)
{
    uint32_t at = arena + 4 * below(pages * (PAGE / 4) - count);
    for (uint32_t i = 0; i < count; i++)
        word(at)[i] = words[i];
    return at;
}

/* ---- What the monitor reads and writes --------------------------------------------------------------------------- */

static uint32_t entry(void)
{
    uint32_t near = below(4) == 0 ? below(4 * PAGE) - 2 * PAGE : 0;
    uint32_t where = below(8) == 0 ? any() : page_of_arena() + near;
    return ((where + (below(10) ? start : 0)) & ~(uint32_t)(PAGE - 1)) | (below(6) ? ALL & ~(4 * below(2)) : below(64));
}

/* A word that is often an instruction that does something. */
static uint32_t instruction(void)
{
    static const uint32_t forms[] = {0x00002003, 0x00002023, 0x00000013, 0x00000033,
                                     0x00000067, 0x00000063, 0x0000000b, 0x0000300b};
    uint32_t operands = any() & 0xffff8f80;
    return below(12) == 0 ? 0x73 : below(8) == 0 ? any() : forms[below(sizeof forms / sizeof forms[0])] | operands;
}

static void scribble(void)
{
    uint32_t at = page_of_arena(), count = below(64), kind = below(3);
    for (uint32_t i = 0; i < count; i++)
        word(at)[i] = kind == 0 ? entry() : kind == 1 ? instruction() : address();
}

/* What RUN and WAIT find: whatever they do, an event comes back. */
static void prepare(void)
{
    bool kernel = below(8) == 0;
    uint32_t elsewhere = page_of_arena();
    struct paravirtual_context *context =
        kernel || below(3) ? &own_context : (struct paravirtual_context *)(uintptr_t)elsewhere;

    for (uint32_t i = 0; i < 32; i++)
        context->registers[i] = below(3) ? address() - (has_pages ? arena * below(2) : 0) : any();
    context->registers[0] = kernel ? (uint32_t)(uintptr_t)enter_again : below(32) * 4;
    shared.context = below(40) || kernel ? (uint32_t)(uintptr_t)context : address();
    if (shared.context < arena && shared.context > PAGE)
        shared.context = (uint32_t)(uintptr_t)&own_context;
    shared.flags = kernel ? below(2) * ENABLE : USER | ENABLE | below(2) * 4;
    shared.base = below(8) ? page_of_arena() : address();
    shared.bound = below(4) ? below(PAGE * 8) : any();
    shared.timer = 1 + below(800);
    shared.notify = below(16);
}

static void table(void)
{
    uint32_t pair[2] = {below(6) ? page_of_arena() : address(), below(6) ? below(64) * PAGE : length()};
    note(call_monitor(PARAVIRTUAL_TABLE_PIN, put(pair, 2)));
    if (below(3) == 0)
        note(call_monitor(PARAVIRTUAL_TABLE_UNPIN, below(4) ? page_of_arena() : address()));
}

static void update(void)
{
    uint32_t count = below(12), list[24];
    for (uint32_t i = 0; i < count; i++) {
        list[2 * i] = below(8) ? page_of_arena() + 4 * below(64) : address();
        list[2 * i + 1] = entry();
    }
    uint32_t pair[2] = {put(list, 2 * count), below(8) ? count : length()};
    note(call_monitor(PARAVIRTUAL_TABLE_UPDATE, put(pair, 2)));
}

static void ring(void)
{
    uint32_t device = below(3), at = below(8) ? page_of_arena() + 4 * below(900) : address(), count = below(10);
    uint32_t pair[2] = {below(12) ? device : any(), at};

    uint32_t answer = call_monitor(PARAVIRTUAL_RING, put(pair, 2));
    note(answer);
    if (answer != 0 || at < arena || at > size - sizeof(struct paravirtual_ring))
        return;
    struct paravirtual_ring *made = (struct paravirtual_ring *)(uintptr_t)at;
    for (uint32_t i = 0; i < PARAVIRTUAL_RING_SIZE; i++)
        made->requests[i] = (struct paravirtual_request){1 + below(3) * below(2), address(), length(),
                                                         below(40) ? below(16) : any(), 7};
    made->produced = below(10) ? count : any();
    if (below(2))
        note(call_monitor(PARAVIRTUAL_NOTIFY, below(12) ? device : any()));
}

static uint32_t some_argument(void)
{
    uint32_t words[5];
    for (uint32_t i = 0; i < 5; i++)
        words[i] = below(2) ? address() : below(2) ? length() : below(4);
    return below(3) ? put(words, 5) : below(2) ? address() : below(16);
}

static uint32_t some_function(void)
{
    uint32_t function = below(PARAVIRTUAL_FUNCTIONS + 2);
    return function == PARAVIRTUAL_START || below(50) == 0 ? any() | 0x100 : function;
}

static void calls(void)
{
    uint32_t list[3 * 8], count = below(9);
    for (uint32_t i = 0; i < count; i++) {
        list[3 * i] = some_function();
        list[3 * i + 1] = some_argument();
        list[3 * i + 2] = any();
    }
    uint32_t pair[2] = {put(list, 3 * count), below(8) ? count : length()};
    note(call_monitor(PARAVIRTUAL_CALLS, put(pair, 2)));
}

/* ---- The machine's own ways -------------------------------------------------------------------------------------- */

static void ports(void)
{
    pg74_out(PG74_PORT_DISK_SECTOR, below(20));
    pg74_out(PG74_PORT_DISK_ADDRESS, address());
    pg74_out(PG74_PORT_DISK_COUNT, below(4) ? below(9) : any());
    pg74_out(PG74_PORT_DISK_COMMAND, 1 + below(2)); /* into memory: into the arena, or nowhere; see `address` */
    pg74_out(PG74_PORT_NETWORK_ADDRESS, address());
    pg74_out(PG74_PORT_NETWORK_LENGTH, length());
    pg74_out(PG74_PORT_NETWORK_COMMAND, 1 + below(2));
    pg74_out(PG74_PORT_NETWORK_CONTROL, below(2));
    pg74_out(PG74_PORT_CONSOLE_CONTROL, below(2));
    note(pg74_in(PG74_PORT_DISK_STATUS));
}

/* By translation of the guest's own, which gives it shadows, all can be written, also what was pinned. */
static void store_by_shadow(uint32_t at, uint32_t value)
{
    pg74_setr((uint32_t)(uintptr_t)identity, size);
    pg74_setflags(4);
    *word(at) = value;
    pg74_setflags(0);
}

/* Puts an entry that leads to somebody else into a pinned table, in one of the ways past the checks; on the disk are
 * such, too. */
static void corrupt(uint32_t at, uint32_t entry_outside)
{
    struct paravirtual_request read = {PARAVIRTUAL_READ, at, 512, 0, 0};
    struct paravirtual_ring *made = (struct paravirtual_ring *)(uintptr_t)((at == arena ? at + PAGE : arena) + 64);

    switch (below(7)) {
    case 0: word(at)[1] = entry_outside; break;
    case 1: store_by_shadow(at + 4, entry_outside); break;
    case 2:
        pg74_out(PG74_PORT_DISK_SECTOR, 0);
        pg74_out(PG74_PORT_DISK_ADDRESS, at);
        pg74_out(PG74_PORT_DISK_COUNT, 1);
        pg74_out(PG74_PORT_DISK_COMMAND, 1);
        break;
    case 3:
        note(call_monitor(PARAVIRTUAL_RING, put((uint32_t[]){PARAVIRTUAL_DISK, (uint32_t)(uintptr_t)made}, 2)));
        made->requests[0] = read;
        made->produced = 1;
        note(call_monitor(PARAVIRTUAL_NOTIFY, PARAVIRTUAL_DISK));
        break;
    case 4: {
        uint32_t list = put((uint32_t[]){at + 4, entry_outside}, 2);
        note(call_monitor(PARAVIRTUAL_TABLE_UPDATE, put((uint32_t[]){list, 1}, 2)));
        break;
    }
    case 5: note(call_monitor(PARAVIRTUAL_CALLS, put((uint32_t[]){at, 2}, 2))); break;
    default: shared.context = at; /* where the registers will be stored, one of which is such an entry */
    }
}

/* A user program that stores by the second page of a table: if that leads outside, it has broken out. */
static void attack(void)
{
    /* sw x5, (x6); lw x7, (x6); sw x5, 4(x6); ecall */
    const uint32_t code[] = {0x00532023, 0x00032383, 0x00532223, 0x00000073};
    uint32_t at = page_of_arena(), program = page_of_arena(), below_us = start - PAGE * (1 + below(4));
    uint32_t entry_outside = (below(2) ? below_us : start + size + PAGE * below(8)) | ALL;

    if (!has_pages || at == program)
        return;
    call_monitor(PARAVIRTUAL_TABLE_UNPIN, at);
    for (uint32_t i = 0; i < 4; i++) {
        word(at)[i] = (start + program) | (ALL & ~4);
        word(program)[i] = code[i];
    }
    note(call_monitor(PARAVIRTUAL_TABLE_PIN, put((uint32_t[]){at, 4 * PAGE}, 2)));
    shared.context = (uint32_t)(uintptr_t)&own_context;
    own_context = (struct paravirtual_context){{0, entry_outside, 0, 0, 0, any(), PAGE + 4 * below(1000)}};
    shared.base = at;
    shared.bound = 4 * PAGE;
    shared.flags = USER | ENABLE;
    corrupt(at, entry_outside);
    for (uint32_t wait = 20 * below(2); wait > 0; wait--)
        (void)pg74_in(PG74_PORT_DISK_SIZE); /* a transfer may end, or be under way */
    note(call_monitor(PARAVIRTUAL_RUN, 0));
}

/* ---- The story --------------------------------------------------------------------------------------------------- */

static void print_sum(void)
{
    for (uint32_t at = arena; at < size; at += 4)
        note(*word(at));
    for (uint32_t i = 0; i < 32; i++)
        note(own_context.registers[i]);
    pg74_out(PG74_PORT_CONSOLE_OUTPUT, '\n');
    for (const char *text = "learnt "; *text; text++)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (uint8_t)*text);
    for (int shift = 28; shift >= 0; shift -= 4)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (uint8_t)"0123456789abcdef"[sum >> shift & 15]);
    pg74_out(PG74_PORT_CONSOLE_OUTPUT, '\n');
}

/* In the kernel: what is saved then is lost, but must have a place. */
static void be_interrupted(void)
{
    shared.context = (uint32_t)(uintptr_t)&own_context;
    shared.enabled = 1;
    note(call_monitor(PARAVIRTUAL_EVENTS, 0));
    for (volatile uint32_t i = below(300); i > 0; i--)
        ;
}

/* Every event leads here, with an empty stack. */
_Noreturn void go_on(void)
{
    note(shared.cause);
    note(shared.value);
    while (steps++ < STEPS) {
        shared.enabled = 0;
        prepare();
        switch (below(14)) {
        case 0: scribble(); break;
        case 1: table(); break;
        case 2: update(); break;
        case 3: case 4: ring(); break;
        case 5: calls(); break;
        case 6: ports(); break;
        case 7: attack(); break;
        case 8: be_interrupted(); break;
        case 9: note(call_monitor(PARAVIRTUAL_WAIT, 0)); break;
        case 10: case 11: note(call_monitor(PARAVIRTUAL_RUN, 0)); break;
        default: note(call_monitor(some_function(), some_argument())); break;
        }
    }
    print_sum();
    for (;;)
        pg74_halt(0);
}

void begin(void)
{
    for (uint32_t byte; (byte = pg74_in(PG74_PORT_CONSOLE_INPUT)) < 0x100 && byte != '\n';)
        random_state = random_state * 31 + byte;
    random_state = 2 * random_state + 1;
    size = pg74_boot_block.memory_size;
    arena = ((uint32_t)(uintptr_t)image_end + PAGE - 1) / PAGE * PAGE;
    pages = size / PAGE - arena / PAGE;
    shared.entry = (uint32_t)(uintptr_t)enter_again;
    if (call_monitor(PARAVIRTUAL_IDENTIFY, PARAVIRTUAL_VERSION - below(2)) == 0)
        pg74_halt(1);
    has_pages = call_monitor(PARAVIRTUAL_FEATURES, 0) & PARAVIRTUAL_HAS_TABLES;
    for (uint32_t i = 0; i < size / PAGE; i++)
        identity[i] = i * PAGE | ALL;
    if (call_monitor(PARAVIRTUAL_START, (uint32_t)(uintptr_t)&shared) != 0)
        pg74_halt(2);
    start = shared.machine_start;
    go_on();
}
