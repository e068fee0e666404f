/* save.h: the format of a saved machine, written by save.c and read by restore.c. Private to machine/.
 *
 * A header of 24 bytes: the magic, the version, the CRC-32 of the body, the body's length. The body, without gaps,
 * numbers little-endian, texts and bytes with their length (64 bits) before them:
 *
 *     the name of the instruction set, its digest (64), the name of the cost preset ("" for none)
 *     manual events (32), number of the first station (32), monitored (32), number of units (32), of guests (32),
 *     start and size (32 each) of every partition
 *     number of slots (32), every slot (32)
 *     instructions, traps, idle, cycles (64 each)
 *     memory size (32), number of pages that are not zero (32), each: its number (32) and its bytes
 *     every unit: console input, position (64), requests (32), output;
 *                 disk, sector, address, count, status, command, from_sector, to_address, sectors (32 each), due (64);
 *                 network address, length, status, arrived, dropped, sent (32 each), digest of what was sent (64), listens,
 *                 frames waiting, frames (32 each), each: when it is due (64) and its bytes;
 *                 reported, report code (32 each) */
#ifndef PG74_MACHINE_SAVE_H
#define PG74_MACHINE_SAVE_H

#include "machine/snapshot.h"

#define MACHINE_SAVE_MAGIC "PG74SAVE"
enum { MACHINE_SAVE_VERSION = 3, MACHINE_SAVE_HEADER = 24, MACHINE_SAVE_CRC_AT = 12, MACHINE_SAVE_LENGTH_AT = 16 };

/* The CRC-32 of IEEE 802.3 (zip, PNG). */
uint32_t machine_crc(const uint8_t *bytes, size_t length);

#endif
