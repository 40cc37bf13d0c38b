/* SPDX-License-Identifier: GPL-2.0-only */
/* A ring of one user: queue, enter, reap. No library, raw system calls. */
#ifndef MPATH_URING_H
#define MPATH_URING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct io_uring_sqe;
struct io_uring_cqe;

/* Bytes of a command that an entry of twice the size has room for. */
#define RING_COMMAND_BYTES 80

struct ring {
	int fd;
	unsigned int entries;
	unsigned int queued;
	/* Entries of twice the size, which commands of a driver need: places count double. */
	unsigned int wide;
	void *sq_map;
	size_t sq_map_bytes;
	void *cq_map;
	size_t cq_map_bytes;
	struct io_uring_sqe *sqes;
	size_t sqes_bytes;
	uint32_t *sq_tail, *sq_mask, *sq_array;
	uint32_t *cq_head, *cq_tail, *cq_mask;
	struct io_uring_cqe *cqes;
};

int ring_open(struct ring *ring, unsigned int entries);
int ring_open_wide(struct ring *ring, unsigned int entries);
int ring_pin(struct ring *ring, unsigned int cpu);
void ring_close(struct ring *ring);
void ring_queue(struct ring *ring, bool write, int fd, void *buffer, size_t length, uint64_t offset, uint64_t tag);
void ring_queue_command(struct ring *ring, int fd, uint32_t command, const void *data, size_t length);
int ring_enter(struct ring *ring, unsigned int at_least);
bool ring_reap(struct ring *ring, uint64_t *tag, int *result);

#endif
