// SPDX-License-Identifier: GPL-2.0-only
/* The thread of a load: keeps depth requests in flight, then reads back what it wrote. */
#define _GNU_SOURCE
#include "agent.h"
#include "load.h"
#include "uring.h"

#include <errno.h>
#include <stdlib.h>

#define SECTOR_BYTES 512u

struct flight {
	uint64_t block;
	bool free;
};

struct stream {
	struct load *load;
	struct ring ring;
	struct flight *flights;
	unsigned int inflight;
};

static void count_error(struct load *load, int error)
{
	for (size_t i = 0; i < ERRORS_MAX; i++) {
		if (load->errors[i].count > 0 && load->errors[i].error != error)
			continue;
		load->errors[i].error = error;
		load->errors[i].count++;
		return;
	}
}

static unsigned char *buffer_of(struct stream *s, uint64_t tag)
{
	return s->load->buffers + tag * s->load->block_bytes;
}

static void submit(struct stream *s, uint64_t block, bool write)
{
	struct load *load = s->load;
	uint64_t place = block % load->places_count;
	uint64_t offset = place * load->block_bytes;
	uint64_t tag = 0;

	while (!s->flights[tag].free)
		tag++;
	s->flights[tag] = (struct flight){ .block = block };
	load->places[place].busy = true;
	if (write)
		pattern_fill(buffer_of(s, tag), load->block_bytes, load->seed, block / load->places_count, offset);
	ring_queue(&s->ring, write, load->fd, buffer_of(s, tag), load->block_bytes, offset, tag);
	s->inflight++;
}

/* Sector by sector, since a write that failed may have reached the device in part. */
static bool block_holds(struct stream *s, uint64_t tag, uint64_t place)
{
	struct load *load = s->load;
	const struct place *p = &load->places[place];
	uint32_t step = load->block_bytes % SECTOR_BYTES ? load->block_bytes : SECTOR_BYTES;

	for (uint32_t at = 0; at < load->block_bytes; at += step) {
		uint64_t offset = place * load->block_bytes + at;
		const unsigned char *sector = buffer_of(s, tag) + at;

		if (!pattern_holds(sector, step, load->seed, p->pass, offset) &&
		    !(p->doubtful && pattern_holds(sector, step, load->seed, p->failed_pass, offset)))
			return false;
	}
	return true;
}

static int error_of(struct load *load, int result)
{
	if (result < 0)
		return -result;
	return (uint32_t)result == load->block_bytes ? 0 : SHORT_TRANSFER;
}

static void note_write(struct load *load, uint64_t block, int error)
{
	struct place *place = &load->places[block % load->places_count];
	uint64_t pass = block / load->places_count;

	if (error) {
		place->doubtful = true;
		place->failed_pass = pass;
	} else {
		place->written = true;
		place->doubtful = false;
		place->pass = pass;
	}
}

/* Takes the completions that are there. `streaming` counts them as progress. */
static void reap(struct stream *s, bool streaming)
{
	struct load *load = s->load;
	uint64_t tag;
	int result;

	while (ring_reap(&s->ring, &tag, &result)) {
		uint64_t block = s->flights[tag].block;
		uint64_t place = block % load->places_count;
		int error = error_of(load, result);
		bool compare = !error && (!streaming || (!load->write && load->compare));
		bool holds = compare && block_holds(s, tag, place);

		if (streaming && load->write)
			note_write(load, block, error);
		load->places[place].busy = false;
		s->flights[tag].free = true;
		s->inflight--;
		pthread_mutex_lock(&load->lock);
		load->completed += streaming;
		if (error) {
			load->failed++;
			count_error(load, error);
		}
		load->verified += compare;
		load->corrupt += compare && !holds;
		pthread_cond_broadcast(&load->changed);
		pthread_mutex_unlock(&load->lock);
	}
}

static bool stopping(struct load *load)
{
	bool stop;

	pthread_mutex_lock(&load->lock);
	stop = load->stop;
	pthread_mutex_unlock(&load->lock);
	return stop;
}

/* Returns 0, or -1 with errno where the ring itself fails. */
static int run(struct stream *s)
{
	struct load *load = s->load;
	uint64_t next = 0;

	for (;;) {
		bool stop = stopping(load);

		/* A place is written by one request at a time, or its content would be anyone's guess. */
		while (!stop && next < load->blocks && s->inflight < load->depth &&
		       !load->places[next % load->places_count].busy) {
			submit(s, next++, load->write);
			pthread_mutex_lock(&load->lock);
			load->submitted++;
			pthread_mutex_unlock(&load->lock);
		}
		if (s->inflight == 0)
			return 0;
		if (ring_enter(&s->ring, 1) < 0)
			return -1;
		reap(s, true);
	}
}

static int verify(struct stream *s)
{
	struct load *load = s->load;
	uint64_t next = 0;

	for (;;) {
		while (next < load->places_count && s->inflight < load->depth) {
			if (load->places[next].written)
				submit(s, next, false);
			next++;
		}
		if (s->inflight == 0)
			return 0;
		if (ring_enter(&s->ring, 1) < 0)
			return -1;
		reap(s, false);
	}
}

static void ended(struct load *load, bool *what, int error)
{
	pthread_mutex_lock(&load->lock);
	if (error) {
		load->failed++;
		count_error(load, error);
	}
	*what = true;
	pthread_cond_broadcast(&load->changed);
	pthread_mutex_unlock(&load->lock);
}

static int prepare(struct stream *s)
{
	struct load *load = s->load;

	if (load->cpu >= 0 && pin_to_cpu((unsigned int)load->cpu) < 0)
		return errno;
	s->flights = calloc(load->depth, sizeof(*s->flights));
	if (!s->flights)
		return ENOMEM;
	for (unsigned int i = 0; i < load->depth; i++)
		s->flights[i].free = true;
	if (ring_open(&s->ring, load->depth) < 0)
		return errno;
	/* What the kernel hands to a worker of its own stays on that CPU, too. */
	if (load->cpu >= 0 && ring_pin(&s->ring, (unsigned int)load->cpu) < 0) {
		int error = errno;

		ring_close(&s->ring);
		return error;
	}
	return 0;
}

void *stream_main(void *argument)
{
	struct load *load = argument;
	struct stream s = { .load = load };
	int error = prepare(&s);
	bool open = !error;

	if (!error && run(&s) < 0)
		error = errno;
	ended(load, &load->streamed, error);
	if (error || !load->write)
		error = 0;
	else if (verify(&s) < 0)
		error = errno;
	if (open)
		ring_close(&s.ring);
	/* The ring failed with requests under way: the kernel may still write there. */
	if (s.inflight > 0)
		load->buffers = NULL;
	free(s.flights);
	ended(load, &load->ended, error);
	return NULL;
}
