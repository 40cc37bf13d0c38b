// SPDX-License-Identifier: GPL-2.0-only
/* load.*: starting, watching and ending streams. */
#define _GNU_SOURCE
#include "load.h"
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOADS_MAX 16
#define DEPTH_MAX 256
#define BLOCK_MAX_BYTES (4u << 20)
#define PLACES_MAX (1u << 20)
#define BUFFERS_MAX_BYTES (64u << 20)

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static struct load *loads;
static unsigned int load_count;
static uint64_t last_number;

static void release(struct load *load)
{
	if (load->fd >= 0)
		close(load->fd);
	free(load->places);
	free(load->buffers);
	pthread_cond_destroy(&load->changed);
	pthread_mutex_destroy(&load->lock);
	free(load);
}

static struct load *make(void)
{
	struct load *load = calloc(1, sizeof(*load));
	pthread_condattr_t attributes;

	if (!load)
		return NULL;
	load->fd = -1;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&load->changed, &attributes);
	pthread_mutex_init(&load->lock, NULL);
	return load;
}

static void read_arguments(struct request *r, struct load *load)
{
	const char *kind = arg_text(r, "kind");
	uint64_t span_bytes = arg_number(r, "spanBytes", 1ull << 53);

	load->write = strcmp(kind, "write-verify") == 0;
	if (!load->write && strcmp(kind, "read") != 0)
		fail(r, EINVAL, "args.kind: write-verify or read is expected");
	load->depth = (unsigned int)arg_number(r, "depth", DEPTH_MAX);
	load->block_bytes = (uint32_t)arg_number(r, "blockBytes", BLOCK_MAX_BYTES);
	load->compare = arg_present(r, "seed");
	load->seed = load->write ? arg_number(r, "seed", 1ull << 53) : arg_number_or(r, "seed", 1ull << 53, 0);
	load->blocks = arg_number_or(r, "blocks", 1ull << 53, UINT64_MAX);
	load->cpu = arg_present(r, "cpu") ? (int)arg_number(r, "cpu", CPU_SETSIZE - 1) : -1;
	if (r->error)
		return;
	if (load->depth == 0 || load->block_bytes == 0 || load->block_bytes % 512)
		fail(r, EINVAL, "load.start: a depth above 0 and whole sectors of 512 bytes are expected");
	else if (span_bytes < load->block_bytes || span_bytes % load->block_bytes)
		fail(r, EINVAL, "args.spanBytes: a multiple of blockBytes is expected");
	else if (span_bytes / load->block_bytes > PLACES_MAX)
		fail(r, EINVAL, "args.spanBytes: more than %u blocks", PLACES_MAX);
	else if ((uint64_t)load->depth * load->block_bytes > BUFFERS_MAX_BYTES)
		fail(r, EINVAL, "load.start: depth times blockBytes is more than %u", BUFFERS_MAX_BYTES);
	else
		load->places_count = span_bytes / load->block_bytes;
}

static void take_memory(struct request *r, struct load *load)
{
	void *buffers = NULL;

	load->places = calloc(load->places_count, sizeof(*load->places));
	if (posix_memalign(&buffers, 4096, (size_t)load->depth * load->block_bytes) == 0)
		load->buffers = buffers;
	if (!load->places || !load->buffers)
		fail(r, ENOMEM, "load.start: no memory");
}

static void publish(struct request *r, struct load *load)
{
	int error;

	pthread_mutex_lock(&table);
	if (load_count >= LOADS_MAX) {
		fail(r, EAGAIN, "load.start: %d loads run", LOADS_MAX);
	} else {
		error = start_thread(stream_main, load);
		if (error) {
			fail(r, error, "load.start: no thread");
		} else {
			load->number = ++last_number;
			load->next = loads;
			loads = load;
			load_count++;
		}
	}
	pthread_mutex_unlock(&table);
}

int op_load_start(struct request *r)
{
	const char *path = arg_text(r, "path");
	struct load *load = make();

	if (!load)
		return fail(r, ENOMEM, "load.start: no memory");
	read_arguments(r, load);
	if (!r->error) {
		load->fd = open(path, (load->write ? O_RDWR : O_RDONLY) | O_DIRECT | O_CLOEXEC);
		if (load->fd < 0)
			fail_errno(r, "open", path);
	}
	if (!r->error)
		take_memory(r, load);
	if (!r->error)
		publish(r, load);
	if (r->error) {
		release(load);
		return -1;
	}
	put_number(r, "load", (double)load->number);
	return 0;
}

/* The load of the request, held against release until drop(). */
static struct load *hold(struct request *r)
{
	uint64_t number = arg_number(r, "load", 1ull << 53);
	struct load *load;

	if (r->error)
		return NULL;
	pthread_mutex_lock(&table);
	for (load = loads; load && load->number != number; load = load->next)
		;
	if (load) {
		pthread_mutex_lock(&load->lock);
		load->users++;
		pthread_mutex_unlock(&load->lock);
	}
	pthread_mutex_unlock(&table);
	if (!load)
		fail(r, ESRCH, "there is no load %llu", (unsigned long long)number);
	return load;
}

static void drop(struct load *load)
{
	pthread_mutex_lock(&load->lock);
	load->users--;
	pthread_cond_broadcast(&load->changed);
	pthread_mutex_unlock(&load->lock);
}

static void put_progress(struct request *r, const struct load *load)
{
	put_number(r, "submitted", (double)load->submitted);
	put_number(r, "completed", (double)load->completed);
	put_number(r, "failed", (double)load->failed);
}

int op_load_poll(struct request *r)
{
	struct load *load = hold(r);

	if (!load)
		return -1;
	pthread_mutex_lock(&load->lock);
	put_progress(r, load);
	pthread_mutex_unlock(&load->lock);
	drop(load);
	return 0;
}

int op_load_wait(struct request *r)
{
	uint64_t blocks = arg_number(r, "blocks", 1ull << 53);
	int64_t deadline_ms = (int64_t)arg_number(r, "deadlineMs", DEADLINE_MAX_MS);
	struct load *load = hold(r);
	struct timespec at;

	if (!load)
		return -1;
	deadline_after(&at, deadline_ms);
	pthread_mutex_lock(&load->lock);
	while (load->completed < blocks && !load->streamed &&
	       pthread_cond_timedwait(&load->changed, &load->lock, &at) == 0)
		;
	if (load->completed >= blocks)
		put_progress(r, load);
	else
		fail(r, load->streamed ? ENODATA : ETIMEDOUT, "load.wait: %llu of %llu requests have completed%s",
		     (unsigned long long)load->completed, (unsigned long long)blocks, load->streamed ? ", and no more will" : "");
	pthread_mutex_unlock(&load->lock);
	drop(load);
	return r->error ? -1 : 0;
}

static void put_errors(struct request *r, const struct load *load)
{
	out_key(&r->ok, "errors");
	out_word(&r->ok, "{");
	for (size_t i = 0; i < ERRORS_MAX && load->errors[i].count > 0; i++) {
		int error = load->errors[i].error;

		out_key(&r->ok, error == SHORT_TRANSFER ? "short" : errno_name(error));
		out_number(&r->ok, (double)load->errors[i].count);
	}
	out_word(&r->ok, "}");
}

static void forget(struct load *load)
{
	struct load **at = &loads;

	pthread_mutex_lock(&table);
	while (*at != load)
		at = &(*at)->next;
	*at = load->next;
	load_count--;
	pthread_mutex_unlock(&table);
	pthread_mutex_lock(&load->lock);
	while (load->users > 1)
		pthread_cond_wait(&load->changed, &load->lock);
	pthread_mutex_unlock(&load->lock);
	release(load);
}

int op_load_stop(struct request *r)
{
	int64_t deadline_ms = (int64_t)arg_number(r, "deadlineMs", DEADLINE_MAX_MS);
	struct load *load = hold(r);
	struct timespec at;
	bool ended;

	if (!load)
		return -1;
	deadline_after(&at, deadline_ms);
	pthread_mutex_lock(&load->lock);
	if (load->stopping) {
		pthread_mutex_unlock(&load->lock);
		drop(load);
		return fail(r, EBUSY, "load.stop: it is being stopped");
	}
	load->stopping = true;
	load->stop = true;
	while (!load->ended && pthread_cond_timedwait(&load->changed, &load->lock, &at) == 0)
		;
	ended = load->ended;
	load->stopping = ended;
	if (ended) {
		put_progress(r, load);
		put_errors(r, load);
		put_number(r, "verified", (double)load->verified);
		put_number(r, "corrupt", (double)load->corrupt);
	} else {
		fail(r, ETIMEDOUT, "load.stop: %llu of %llu requests have completed after %lld ms",
		     (unsigned long long)load->completed, (unsigned long long)load->submitted, (long long)deadline_ms);
	}
	pthread_mutex_unlock(&load->lock);
	if (ended)
		forget(load);
	else
		drop(load);
	return ended ? 0 : -1;
}
