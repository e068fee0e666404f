/* port.c: waiting for a debugger to connect. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/gdb/internal.h"

/* A socket that one debugger on this computer can connect to; -1 with diagnostics. Sets the port. */
static int listen_on(unsigned *port, struct isa_diagnostics *diagnostics)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
        bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1) == 0 &&
        getsockname(listener, (struct sockaddr *)&address, &length) == 0) {
        *port = ntohs(address.sin_port);
        return listener;
    }
    isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, "--port 0 takes any port that is free",
                          "cannot listen on port %u: %s", *port, strerror(errno));
    if (listener >= 0)
        close(listener);
    return -1;
}

/* Waits for the debugger; -1 when it is over before. */
static int accept_one(const struct lab_gdb_target *target, int listener)
{
    int connection = -1, one = 1;
    do {
        if (!lab_gdb_await(listener, target->is_over, target->context))
            return -1;
        connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    } while (connection < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (connection >= 0)
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return connection;
}

bool lab_gdb_serve_port(const struct lab_gdb_target *target, unsigned port, struct isa_diagnostics *diagnostics)
{
    int listener = listen_on(&port, diagnostics);
    if (listener < 0)
        return false;
    fprintf(stderr, "Waiting for a debugger: gdb-multiarch -ex 'set osabi none' -ex 'target remote localhost:%u'\n", port);
    int connection = accept_one(target, listener);
    close(listener);
    if (connection < 0)
        return true;
    lab_gdb_serve(target, connection, connection);
    close(connection);
    return true;
}
