/* internal.h: what the files of the supplied monitor share. */
#ifndef INTERNAL_H
#define INTERNAL_H
#include "pg74.h"
#pragma GCC visibility push(default)
#include "monitor.h"
#pragma GCC visibility pop

enum { USER = 1, ENABLED = 2, TRANSLATED = 4, FLAGS = 7 };
enum { FETCH = 1, LOAD = 2, STORE = 3 };
enum { VALID = 1, MAY_READ = 2, MAY_WRITE = 4, MAY_EXECUTE = 8, FOR_USER = 16, RIGHTS = 14 };
enum { DISK_IDLE, DISK_BUSY, DISK_READ = 1, RECEIVE = 2, SECTOR = 512 };
enum { PAGE = 4096, MOST_PAGES = CACHE / PAGE, CACHE_PAGES = CACHE_WORDS * 4 / PAGE, MOST_FILLED = 32 };

/* A guest's processor, and all else that is kept of it. */
struct vcpu {
    struct guest guest;              /* first: so a guest's address is its processor's */
    uint32_t flags, base, bound;     /* the virtual PSW */
    uint32_t timer, pending;         /* bit i of pending: cause 16 + i */
    bool waiting, halted, told;
    uint32_t code;
    uint8_t *memory;
    uint32_t start, size;            /* of the partition */
    uint32_t ports;                  /* of its unit */
    uint32_t sector, address, count, status;  /* of the disk */
    uint32_t arriving, arriving_size;         /* where a transfer under way stores */
    bool wants_input, heard;
    uint32_t frame_address, frame_length, frames_told; /* of the network */
    bool listens;
    uint64_t instructions;
    uint8_t watched[MOST_PAGES];     /* 0: the translator knows nothing of this page. Else: 1 + stores since then */
    _Alignas(16) uint32_t kernel_table[MOST_PAGES + CACHE_PAGES];
    _Alignas(16) uint32_t user_table[MOST_PAGES];      /* a shadow: of user mode with the three values below */
    uint32_t shadow_flags, shadow_base, shadow_bound;
    bool stale;
    uint32_t filled[MOST_FILLED], filled_count;         /* entries made; more than fit: all may be */
};

/* memory.c */
bool translate(struct vcpu *vcpu, uint32_t address, uint32_t size, uint32_t access, uint32_t *place, uint32_t *cause);
uint32_t load_physical(const struct vcpu *vcpu, uint32_t place, uint32_t size);
void store_physical(struct vcpu *vcpu, uint32_t place, uint32_t size, uint32_t value);
void memory_changed(struct vcpu *vcpu, uint32_t place, uint32_t size);
void make_kernel_table(struct vcpu *vcpu);
void prepare_shadow(struct vcpu *vcpu);
bool fill_shadow(struct vcpu *vcpu, uint32_t address, uint32_t access);

/* execute.c: instructions, one at a time. True if the instruction has retired. */
bool is_legal(uint32_t word);
void load_psw(struct vcpu *vcpu, uint32_t place);
void trap(struct vcpu *vcpu, uint32_t cause, uint32_t value, uint32_t access);
bool fetch(struct vcpu *vcpu, uint32_t *word);
void execute(struct vcpu *vcpu);

/* devices.c */
void request(struct vcpu *vcpu, uint32_t cause);
void look_at_devices(struct vcpu *vcpu);
uint32_t port_in(struct vcpu *vcpu, uint32_t port);
void port_out(struct vcpu *vcpu, uint32_t port, uint32_t value);

/* monitor.c */
void pass_time(uint32_t instructions);

#endif
