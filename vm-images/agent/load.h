/* SPDX-License-Identifier: GPL-2.0-only */
/* A stream of verified I/O: what load.c (requests) and stream.c (the thread) share. */
#ifndef MPATH_LOAD_H
#define MPATH_LOAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define ERRORS_MAX 32

/* What a place of the device holds: the pass last written, and one that failed after it. */
struct place {
	bool busy;
	bool written;
	bool doubtful;
	uint64_t pass;
	uint64_t failed_pass;
};

struct load {
	struct load *next;
	uint64_t number;
	/* Fixed once the stream runs. */
	int fd;
	bool write;
	bool compare;
	unsigned int depth;
	uint32_t block_bytes;
	uint64_t places_count;
	uint64_t seed;
	uint64_t blocks;
	int cpu;
	/* Under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned int users;
	bool stop;
	bool stopping;
	bool streamed;
	bool ended;
	uint64_t submitted, completed, failed, verified, corrupt;
	struct {
		int error;
		uint64_t count;
	} errors[ERRORS_MAX];
	/* The thread's own. */
	struct place *places;
	unsigned char *buffers;
};

/* Keys of `errors` that are no errno. */
#define SHORT_TRANSFER -1

void *stream_main(void *argument);

#endif
