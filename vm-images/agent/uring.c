// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "uring.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Signals and a kernel short of memory: tried again, not for ever. */
#define ATTEMPTS_MAX 100000

static void *map(struct ring *ring, size_t length, off_t what)
{
	void *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd, what);

	return at == MAP_FAILED ? NULL : at;
}

static uint32_t *word(void *base, uint32_t offset)
{
	return (uint32_t *)((char *)base + offset);
}

static int open_with(struct ring *ring, unsigned int entries, unsigned int wide)
{
	struct io_uring_params p = { .flags = wide ? IORING_SETUP_SQE128 | IORING_SETUP_CQE32 : 0 };
	int error;

	*ring = (struct ring){ .entries = entries, .wide = wide };
	ring->fd = (int)syscall(SYS_io_uring_setup, entries, &p);
	if (ring->fd < 0)
		return -1;
	ring->sq_map_bytes = p.sq_off.array + p.sq_entries * sizeof(uint32_t);
	ring->cq_map_bytes = p.cq_off.cqes + (p.cq_entries << wide) * sizeof(struct io_uring_cqe);
	ring->sqes_bytes = (p.sq_entries << wide) * sizeof(struct io_uring_sqe);
	ring->sq_map = map(ring, ring->sq_map_bytes, IORING_OFF_SQ_RING);
	ring->cq_map = map(ring, ring->cq_map_bytes, IORING_OFF_CQ_RING);
	ring->sqes = map(ring, ring->sqes_bytes, IORING_OFF_SQES);
	if (!ring->sq_map || !ring->cq_map || !ring->sqes) {
		error = errno;
		ring_close(ring);
		errno = error;
		return -1;
	}
	ring->sq_tail = word(ring->sq_map, p.sq_off.tail);
	ring->sq_mask = word(ring->sq_map, p.sq_off.ring_mask);
	ring->sq_array = word(ring->sq_map, p.sq_off.array);
	ring->cq_head = word(ring->cq_map, p.cq_off.head);
	ring->cq_tail = word(ring->cq_map, p.cq_off.tail);
	ring->cq_mask = word(ring->cq_map, p.cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)((char *)ring->cq_map + p.cq_off.cqes);
	return 0;
}

/* Returns 0, or -1 with errno. */
int ring_open(struct ring *ring, unsigned int entries)
{
	return open_with(ring, entries, 0);
}

/* As ring_open, for commands of a driver. */
int ring_open_wide(struct ring *ring, unsigned int entries)
{
	return open_with(ring, entries, 1);
}

void ring_close(struct ring *ring)
{
	if (ring->sq_map)
		munmap(ring->sq_map, ring->sq_map_bytes);
	if (ring->cq_map)
		munmap(ring->cq_map, ring->cq_map_bytes);
	if (ring->sqes)
		munmap(ring->sqes, ring->sqes_bytes);
	close(ring->fd);
}

static struct io_uring_sqe *next_entry(struct ring *ring)
{
	uint32_t slot = *ring->sq_tail & *ring->sq_mask;
	struct io_uring_sqe *sqe = &ring->sqes[slot << ring->wide];

	memset(sqe, 0, sizeof(*sqe) << ring->wide);
	ring->sq_array[slot] = slot;
	return sqe;
}

static void publish(struct ring *ring)
{
	__atomic_store_n(ring->sq_tail, *ring->sq_tail + 1, __ATOMIC_RELEASE);
	ring->queued++;
}

/* The caller keeps at most `entries` requests in flight, so there is always a place. */
void ring_queue(struct ring *ring, bool write, int fd, void *buffer, size_t length, uint64_t offset, uint64_t tag)
{
	struct io_uring_sqe *sqe = next_entry(ring);

	sqe->opcode = write ? IORING_OP_WRITE : IORING_OP_READ;
	sqe->fd = fd;
	sqe->addr = (uint64_t)(uintptr_t)buffer;
	sqe->len = (uint32_t)length;
	sqe->off = offset;
	sqe->user_data = tag;
	publish(ring);
}

/* A command of the file's own driver, on a wide ring; at most RING_COMMAND_BYTES of it. */
void ring_queue_command(struct ring *ring, int fd, uint32_t command, const void *data, size_t length)
{
	struct io_uring_sqe *sqe = next_entry(ring);

	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->cmd_op = command;
	memcpy((char *)sqe + offsetof(struct io_uring_sqe, cmd), data, length);
	publish(ring);
}

int ring_pin(struct ring *ring, unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return (int)syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_IOWQ_AFF, &set, sizeof(set));
}

/* Submits what is queued and waits for completions. Returns 0, or -1 with errno. */
int ring_enter(struct ring *ring, unsigned int at_least)
{
	for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		long n = syscall(SYS_io_uring_enter, ring->fd, ring->queued, at_least,
				 at_least ? IORING_ENTER_GETEVENTS : 0, NULL, 0);

		if (n >= 0) {
			ring->queued -= (unsigned int)n;
			return 0;
		}
		if (errno != EINTR && errno != EAGAIN)
			return -1;
	}
	return -1;
}

bool ring_reap(struct ring *ring, uint64_t *tag, int *result)
{
	uint32_t head = *ring->cq_head;

	if (head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE))
		return false;
	struct io_uring_cqe *cqe = &ring->cqes[(head & *ring->cq_mask) << ring->wide];

	*tag = cqe->user_data;
	*result = cqe->res;
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return true;
}
