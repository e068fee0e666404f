/* system_call.c: what processes may ask for. One small function a call; programs/process.h says what each promises. */
#include "nucleus.h"

/* How a call went. AGAIN: the process waits, and will execute its ecall once more (nucleus.h). */
enum outcome { DONE, YIELDED, AGAIN };

/* A call reads its arguments here, and leaves its result. */
struct call {
    struct process *process;
    const uint32_t *arguments;
    int32_t result;
};

/* Copies a NUL-terminated text out of the process; false when it does not end in time, or is not the process's. */
static bool get_text(const struct call *call, uint32_t address, char *text, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (!machine_copy_from(&call->process->space, address + i, &text[i], 1))
            return false;
        if (text[i] == '\0')
            return true;
    }
    return false;
}

/* What the disk said, as the outcome of a call. */
static enum outcome disk_outcome(struct call *call, enum disk_result result)
{
    if (result == DISK_WAIT) {
        process_wait(call->process, WAIT_DISK);
        return AGAIN;
    }
    if (result == DISK_FAILED)
        call->result = -1;
    return DONE;
}

/* ---- Processes -------------------------------------------------------------------------------------------------- */

static enum outcome call_exit(struct call *call)
{
    process_end(call->process, call->arguments[0]);
    return DONE;
}

static enum outcome call_yield(struct call *call)
{
    (void)call;
    return YIELDED;
}

static enum outcome call_sleep(struct call *call)
{
    if (call->arguments[0] > 0) {
        call->process->wake_tick = kernel_ticks() + call->arguments[0];
        process_wait(call->process, WAIT_TICKS);
    }
    return DONE;
}

static enum outcome call_time(struct call *call)
{
    call->result = (int32_t)kernel_ticks();
    return DONE;
}

static enum outcome call_spawn(struct call *call)
{
    char name[PROCESS_NAME_SIZE];
    call->result = -1;
    if (get_text(call, call->arguments[0], name, sizeof name))
        call->result = process_start(name, name, call->arguments[1]);
    return DONE;
}

static enum outcome call_wait(struct call *call)
{
    struct process *other = process_number(call->arguments[0]);
    call->result = -1;
    if (other == NULL || other == call->process)
        return DONE;
    if (other->state != PROCESS_ENDED) {
        process_wait(call->process, WAIT_PROCESS);
        return AGAIN;
    }
    other->collected = true;
    call->result = (int32_t)other->code;
    return DONE;
}

/* ---- Console ---------------------------------------------------------------------------------------------------- */

static enum outcome call_write(struct call *call)
{
    char piece[64];
    uint32_t address = call->arguments[0], length = call->arguments[1];
    call->result = machine_owns(&call->process->space, address, length, false) ? (int32_t)length : -1;
    for (uint32_t done = 0; call->result >= 0 && done < length;) {
        uint32_t count = length - done < sizeof piece ? length - done : sizeof piece;
        machine_copy_from(&call->process->space, address + done, piece, count);
        console_write(call->process, piece, count);
        done += count;
    }
    return DONE;
}

static enum outcome call_read(struct call *call)
{
    char piece[128];
    uint32_t address = call->arguments[0], length = call->arguments[1];
    call->result = -1;
    if (!machine_owns(&call->process->space, address, length, true)) /* before a line of input is lost to it */
        return DONE;
    int32_t count = console_read(piece, length < sizeof piece ? length : sizeof piece);
    if (count < 0) {
        process_wait(call->process, WAIT_INPUT);
        return AGAIN;
    }
    machine_copy_to(&call->process->space, address, piece, (uint32_t)count);
    call->result = count;
    return DONE;
}

/* ---- Disk ------------------------------------------------------------------------------------------------------- */

static enum outcome call_disk_size(struct call *call)
{
    call->result = (int32_t)disk_size();
    return DONE;
}

static enum outcome call_disk_read(struct call *call)
{
    uint8_t *bytes;
    enum disk_result result = disk_sector(call->arguments[0], false, &bytes);
    if (result == DISK_OK && !machine_copy_to(&call->process->space, call->arguments[1], bytes, SECTOR_SIZE))
        result = DISK_FAILED;
    return disk_outcome(call, result);
}

static enum outcome call_disk_write(struct call *call)
{
    uint8_t *bytes, sector[SECTOR_SIZE];
    if (!machine_copy_from(&call->process->space, call->arguments[1], sector, SECTOR_SIZE))
        return disk_outcome(call, DISK_FAILED);
    enum disk_result result = disk_sector(call->arguments[0], true, &bytes);
    if (result == DISK_OK) {
        memcpy(bytes, sector, SECTOR_SIZE);
        disk_changed(call->arguments[0]);
    }
    return disk_outcome(call, result);
}

static enum outcome call_file_read(struct call *call)
{
    const uint32_t *arguments = call->arguments;
    char name[FILE_NAME_SIZE];
    if (!get_text(call, arguments[0], name, sizeof name))
        return disk_outcome(call, DISK_FAILED);
    return disk_outcome(call, file_read(call->process, name, arguments[1], arguments[2], arguments[3], &call->result));
}

static enum outcome call_file_write(struct call *call)
{
    const uint32_t *arguments = call->arguments;
    char name[FILE_NAME_SIZE];
    if (!get_text(call, arguments[0], name, sizeof name))
        return disk_outcome(call, DISK_FAILED);
    return disk_outcome(call, file_write(call->process, name, arguments[1], arguments[2], arguments[3], &call->result));
}

static enum outcome call_file_name(struct call *call)
{
    char name[FILE_NAME_SIZE] = "";
    enum disk_result result = file_name(call->arguments[0], name, &call->result);
    if (result == DISK_OK && !machine_copy_to(&call->process->space, call->arguments[1], name, sizeof name))
        result = DISK_FAILED;
    return disk_outcome(call, result);
}

/* ---- Network ---------------------------------------------------------------------------------------------------- */

static enum outcome call_network_station(struct call *call)
{
    call->result = (int32_t)network_station();
    return DONE;
}

static enum outcome call_network_send(struct call *call)
{
    static uint8_t frame[FRAME_SIZE];
    uint32_t length = call->arguments[1];
    call->result = -1;
    if (length <= FRAME_SIZE && machine_copy_from(&call->process->space, call->arguments[0], frame, length) &&
        network_send(frame, length))
        call->result = 0;
    return DONE;
}

/* Waits until a frame has come, or the time is over: process_wake_sleepers wakes it then, too. */
static enum outcome call_network_receive(struct call *call)
{
    static uint8_t frame[FRAME_SIZE];
    struct process *process = call->process;
    uint32_t address = call->arguments[0], room = call->arguments[1];
    call->result = -1;
    if (!machine_owns(&process->space, address, room, true))
        return DONE;
    uint32_t length = network_receive(frame);
    if (length == 0 && process->give_up_tick == 0)
        process->give_up_tick = kernel_ticks() + call->arguments[2] + 1; /* the first of them has begun already */
    if (length == 0 && kernel_ticks() < process->give_up_tick) {
        process_wait(process, WAIT_NETWORK);
        return AGAIN;
    }
    process->give_up_tick = 0;
    if (length > 0 && machine_copy_to(&process->space, address, frame, length < room ? length : room))
        call->result = (int32_t)length;
    return DONE;
}

/* ---- The table -------------------------------------------------------------------------------------------------- */

static enum outcome (*const calls[CALL_COUNT])(struct call *call) = {
    [CALL_EXIT] = call_exit,           [CALL_WRITE] = call_write,           [CALL_READ] = call_read,
    [CALL_YIELD] = call_yield,         [CALL_SLEEP] = call_sleep,           [CALL_TIME] = call_time,
    [CALL_SPAWN] = call_spawn,         [CALL_WAIT] = call_wait,             [CALL_DISK_SIZE] = call_disk_size,
    [CALL_DISK_READ] = call_disk_read, [CALL_DISK_WRITE] = call_disk_write, [CALL_FILE_READ] = call_file_read,
    [CALL_FILE_WRITE] = call_file_write, [CALL_FILE_NAME] = call_file_name,
    [CALL_NETWORK_STATION] = call_network_station, [CALL_NETWORK_SEND] = call_network_send,
    [CALL_NETWORK_RECEIVE] = call_network_receive,
};

bool system_call(struct process *process)
{
    uint32_t *registers = process->context.registers, number = registers[CONTEXT_A7];
    struct call call = {process, &registers[CONTEXT_A0], 0};
    enum outcome outcome = DONE;
    if (number < CALL_COUNT)
        outcome = calls[number](&call);
    else
        call.result = -1;
    if (outcome == AGAIN)
        return false;
    process->calls++;
    registers[CONTEXT_PC] += 4; /* past the ecall */
    registers[CONTEXT_A0] = (uint32_t)call.result;
    return outcome == YIELDED;
}
