// SPDX-License-Identifier: GPL-2.0-only
/* Single transfers, each in a thread of its own that the host can look at while it blocks. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define JOBS_MAX 256
#define TRANSFER_MAX_BYTES (64u << 20)

struct job {
	struct job *next;
	uint64_t number;
	int fd;
	bool write;
	uint64_t offset;
	size_t length;
	int cpu;
	bool seeded;
	uint64_t seed;
	void *buffer;
	int tid;
	int start_error;
	bool done;
	bool waited;
	ssize_t bytes;
	int error;
	bool verified;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct job *jobs;
static unsigned int job_count;
static uint64_t last_number;

static void prepare(void)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&changed, &attributes);
}

static struct job *find(uint64_t number)
{
	struct job *job = jobs;

	while (job && job->number != number)
		job = job->next;
	return job;
}

static void unlink_job(struct job *job)
{
	struct job **at = &jobs;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
	job_count--;
}

static void release(struct job *job)
{
	free(job->buffer);
	free(job);
}

static void *transfer(void *argument)
{
	struct job *job = argument;
	int start_error = job->cpu >= 0 && pin_to_cpu((unsigned int)job->cpu) < 0 ? errno : 0;
	ssize_t bytes = -1;
	int error = 0;

	pthread_mutex_lock(&lock);
	job->start_error = start_error;
	job->tid = (int)syscall(SYS_gettid);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	if (!start_error) {
		bytes = job->write ? pwrite(job->fd, job->buffer, job->length, (off_t)job->offset) :
				     pread(job->fd, job->buffer, job->length, (off_t)job->offset);
		error = bytes < 0 ? errno : 0;
	}
	bool verified = bytes > 0 && !job->write && job->seeded &&
			pattern_holds(job->buffer, (size_t)bytes, job->seed, 0, job->offset);
	pthread_mutex_lock(&lock);
	job->bytes = bytes;
	job->error = error;
	job->verified = verified;
	job->done = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static struct job *read_job(struct request *r)
{
	struct job *job = calloc(1, sizeof(*job));
	const char *kind = arg_text(r, "kind");

	if (!job) {
		fail(r, ENOMEM, "io.start: no memory");
		return NULL;
	}
	job->fd = (int)arg_number(r, "fd", INT_MAX);
	job->offset = arg_number(r, "offsetBytes", INT64_MAX >> 10);
	job->length = arg_number(r, "lengthBytes", TRANSFER_MAX_BYTES);
	job->cpu = arg_present(r, "cpu") ? (int)arg_number(r, "cpu", CPU_SETSIZE - 1) : -1;
	job->seeded = arg_present(r, "seed");
	job->seed = arg_number_or(r, "seed", 1ull << 53, 0);
	job->write = strcmp(kind, "pwrite") == 0;
	if (!job->write && strcmp(kind, "pread") != 0)
		fail(r, EINVAL, "args.kind: pread or pwrite is expected");
	if (!r->error && !descriptor_held(job->fd))
		fail(r, EBADF, "io.start: %d is not a descriptor that open gave", job->fd);
	if (!r->error && posix_memalign(&job->buffer, 4096, job->length ? job->length : 1) != 0) {
		job->buffer = NULL;
		fail(r, ENOMEM, "io.start: no memory for %zu bytes", job->length);
	}
	if (r->error) {
		release(job);
		return NULL;
	}
	memset(job->buffer, 0, job->length);
	if (job->write)
		pattern_fill(job->buffer, job->length, job->seed, 0, job->offset);
	return job;
}

int op_io_start(struct request *r)
{
	struct job *job = read_job(r);
	int error;

	if (!job)
		return -1;
	pthread_once(&once, prepare);
	pthread_mutex_lock(&lock);
	if (job_count >= JOBS_MAX) {
		pthread_mutex_unlock(&lock);
		release(job);
		return fail(r, EAGAIN, "io.start: %d jobs have not been waited for", JOBS_MAX);
	}
	job->number = ++last_number;
	job->next = jobs;
	jobs = job;
	job_count++;
	error = start_thread(transfer, job);
	while (!error && !job->tid)
		pthread_cond_wait(&changed, &lock);
	if (!error && job->start_error) {
		/* The thread makes no transfer, and ends at once. */
		while (!job->done)
			pthread_cond_wait(&changed, &lock);
		fail(r, job->start_error, "sched_setaffinity to cpu %d: %s", job->cpu, strerror(job->start_error));
	} else if (error) {
		fail(r, error, "io.start: no thread");
	} else {
		put_number(r, "job", (double)job->number);
		put_number(r, "tid", job->tid);
	}
	if (r->error) {
		unlink_job(job);
		release(job);
	}
	pthread_mutex_unlock(&lock);
	return r->error ? -1 : 0;
}

int op_io_wait(struct request *r)
{
	uint64_t number = arg_number(r, "job", 1ull << 53);
	int64_t deadline_ms = (int64_t)arg_number(r, "deadlineMs", DEADLINE_MAX_MS);
	struct timespec at;
	struct job *job;

	if (r->error)
		return -1;
	pthread_once(&once, prepare);
	deadline_after(&at, deadline_ms);
	pthread_mutex_lock(&lock);
	job = find(number);
	if (!job || job->waited) {
		pthread_mutex_unlock(&lock);
		return job ? fail(r, EBUSY, "io.wait: job %llu is waited for", (unsigned long long)number) :
			     fail(r, ESRCH, "io.wait: there is no job %llu", (unsigned long long)number);
	}
	job->waited = true;
	while (!job->done && pthread_cond_timedwait(&changed, &lock, &at) == 0)
		;
	job->waited = false;
	if (!job->done) {
		pthread_mutex_unlock(&lock);
		return fail(r, ETIMEDOUT, "io.wait: job %llu still runs after %lld ms", (unsigned long long)number,
			    (long long)deadline_ms);
	}
	unlink_job(job);
	pthread_mutex_unlock(&lock);
	put_number(r, "bytes", (double)job->bytes);
	put_string(r, "errno", job->error ? errno_name(job->error) : "");
	put_flag(r, "verified", job->verified);
	release(job);
	return 0;
}

/* State letter and wait channel of a thread of ours; empty where it has ended. */
static void look(int tid, char state[2], char *wchan, size_t size)
{
	char path[64];
	char *data;
	size_t length;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	if (slurp(path, 4096, &data, &length) == 0) {
		/* The command name stands in parentheses and may hold anything. */
		const char *end = length > 0 ? strrchr(data, ')') : NULL;

		if (end && end[1] == ' ')
			state[0] = end[2];
		free(data);
	}
	snprintf(path, sizeof(path), "/proc/self/task/%d/wchan", tid);
	if (slurp(path, size - 1, &data, &length) == 0) {
		if (length > 0)
			memcpy(wchan, data, length);
		wchan[length] = '\0';
		free(data);
	}
}

int op_io_poll(struct request *r)
{
	uint64_t number = arg_number(r, "job", 1ull << 53);
	char state[2] = "", wchan[128] = "";
	struct job *job;
	bool done = false;
	int tid = 0;

	if (r->error)
		return -1;
	pthread_mutex_lock(&lock);
	job = find(number);
	if (job) {
		done = job->done;
		tid = job->tid;
	}
	pthread_mutex_unlock(&lock);
	if (!job)
		return fail(r, ESRCH, "io.poll: there is no job %llu", (unsigned long long)number);
	if (!done)
		look(tid, state, wchan, sizeof(wchan));
	put_flag(r, "done", done);
	put_string(r, "state", state);
	put_string(r, "wchan", wchan);
	return 0;
}
