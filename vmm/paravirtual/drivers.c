/* drivers.c: the monolithic arrangement: the monitor owns the drivers, and serves the rings itself, as ESX and the
 * first Xen do. A request is served in the call that makes it, or, of the disk, begun there.
 *
 * Behind the rings are the virtual devices of vmm/common/devices.c, which keep every transfer inside the guest's
 * memory.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "internal.h"

enum { SECTOR = 512, CONSOLE_HAS_INPUT = 1, NETWORK_SEND = 1, NETWORK_RECEIVE = 2 };
enum { DISK_BUSY = 1, DISK_DONE = 2 };

static uint32_t use_console(struct paravirtual_guest *guest, const struct paravirtual_request *request)
{
    struct vmm_vcpu *vcpu = guest->vcpu;
    uint32_t done = 0, port = vcpu->unit * PG74_PORT_UNIT + PG74_PORT_CONSOLE_OUTPUT;
    uint8_t *bytes = vcpu->memory + request->address, last = 0;

    guest->work += request->length;
    if (request->operation == PARAVIRTUAL_WRITE_OUT)
        for (; done < request->length; done++)
            pg74_out(port, bytes[done]);
    else
        while (done < request->length && last != '\n' &&
               (vmm_port_in(vcpu, PG74_PORT_CONSOLE_STATUS) & CONSOLE_HAS_INPUT))
            bytes[done++] = last = (uint8_t)vmm_port_in(vcpu, PG74_PORT_CONSOLE_INPUT);
    if (request->operation == PARAVIRTUAL_READ && done > 0)
        vmm_space_stored(vcpu, request->address, done);
    return done;
}

/* A frame is sent, or the next that has come is received, at once; 0: none has come. */
static uint32_t use_network(struct paravirtual_guest *guest, const struct paravirtual_request *request)
{
    struct vmm_vcpu *vcpu = guest->vcpu;
    bool receives = request->operation == PARAVIRTUAL_READ;
    uint32_t length = receives ? vmm_port_in(vcpu, PG74_PORT_NETWORK_LENGTH) : request->length;

    if (length == 0)
        return 0;
    guest->work += length;
    vmm_port_out(vcpu, PG74_PORT_NETWORK_ADDRESS, request->address);
    vmm_port_out(vcpu, PG74_PORT_NETWORK_LENGTH, request->length);
    vmm_port_out(vcpu, PG74_PORT_NETWORK_COMMAND, receives ? NETWORK_RECEIVE : NETWORK_SEND);
    return vmm_port_in(vcpu, PG74_PORT_NETWORK_COMMAND) == 0 ? length : PARAVIRTUAL_FAILED;
}

/* What does not lie on its disk, the virtual disk lets fail, in due time. A table of pages to which it will write is
 * none any more from now on. False: the guest uses the disk by its ports. */
static bool start_disk(struct paravirtual_guest *guest, const struct paravirtual_request *request)
{
    struct vmm_vcpu *vcpu = guest->vcpu;

    if (vcpu->disk.status == DISK_BUSY)
        return false;
    vmm_port_out(vcpu, PG74_PORT_DISK_SECTOR, request->sector);
    vmm_port_out(vcpu, PG74_PORT_DISK_ADDRESS, request->address);
    vmm_port_out(vcpu, PG74_PORT_DISK_COUNT, request->length / SECTOR);
    vmm_port_out(vcpu, PG74_PORT_DISK_COMMAND, request->operation);
    paravirtual_table_transfer(guest);
    guest->rings[PARAVIRTUAL_DISK].transfers = true;
    return true;
}

uint32_t paravirtual_serve(struct paravirtual_guest *guest, uint32_t device)
{
    const struct paravirtual_request *request = &guest->rings[device].request;
    uint32_t error = 0, value;

    for (unsigned i = 0; i < PARAVIRTUAL_RING_SIZE && paravirtual_ring_next(guest, device, &error); i++) {
        if (device == PARAVIRTUAL_DISK && start_disk(guest, request))
            return 0;
        value = device == PARAVIRTUAL_CONSOLE ? use_console(guest, request) :
                device == PARAVIRTUAL_NETWORK ? use_network(guest, request) : PARAVIRTUAL_FAILED;
        paravirtual_ring_answer(guest, device, value);
    }
    return error;
}

void paravirtual_disk_ended(struct paravirtual_guest *guest)
{
    struct paravirtual_attached *attached = &guest->rings[PARAVIRTUAL_DISK];
    bool done = vmm_port_in(guest->vcpu, PG74_PORT_DISK_STATUS) == DISK_DONE;

    paravirtual_ring_answer(guest, PARAVIRTUAL_DISK, done ? attached->request.length : PARAVIRTUAL_FAILED);
    if (attached->address != 0)
        paravirtual_serve(guest, PARAVIRTUAL_DISK);
}

/* ---- No driver domain -------------------------------------------------------------------------------------------- */

void paravirtual_arrange(struct vmm *vmm, struct paravirtual_guest *guests)
{
    (void)vmm, (void)guests;
}

void paravirtual_choose(struct vmm *vmm)
{
    (void)vmm;
}

uint32_t paravirtual_drive(struct paravirtual_guest *guest, uint32_t function, uint32_t argument)
{
    (void)guest, (void)function, (void)argument;
    return PARAVIRTUAL_BAD_FUNCTION;
}
