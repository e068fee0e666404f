/* network.c: the network. Frames wait in the station until a process asks for one, so that there is nothing to keep
 * here. */
#include "nucleus.h"

/* Who never asked hears nothing: no frame interrupts a machine whose processes have no use for it. */
static void listen(void)
{
    static bool listening;
    if (!listening)
        machine_network_listen();
    listening = true;
}

uint32_t network_station(void)
{
    listen();
    return machine_network_station();
}

bool network_send(const uint8_t *frame, uint32_t length)
{
    listen();
    return machine_network_send(frame, length);
}

uint32_t network_receive(uint8_t frame[FRAME_SIZE])
{
    listen();
    return machine_network_receive(frame, FRAME_SIZE);
}
