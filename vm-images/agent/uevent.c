// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's uevents, kept in a ring for the host and used to wake who waits for a change. */
#include "agent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RING_EVENTS 1024
#define EVENT_MAX_BYTES 8192
#define SOCKET_BYTES (4 << 20)

struct event {
	char *data;
	size_t length;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct event ring[RING_EVENTS];
static unsigned int first, count;
static uint64_t lost, sequence;
static int netlink_fd = -1;

static void prepare(void)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&arrived, &attributes);
}

static void keep(const char *data, size_t length)
{
	char *copy = malloc(length + 1);

	pthread_mutex_lock(&lock);
	sequence++;
	pthread_cond_broadcast(&arrived);
	if (copy) {
		memcpy(copy, data, length);
		copy[length] = '\0';
		if (count == RING_EVENTS) {
			free(ring[first].data);
			first = (first + 1) % RING_EVENTS;
			count--;
			lost++;
		}
		ring[(first + count++) % RING_EVENTS] = (struct event){ copy, length };
	} else {
		lost++;
	}
	pthread_mutex_unlock(&lock);
}

static void *listen_main(void *argument)
{
	static char data[EVENT_MAX_BYTES];

	(void)argument;
	for (;;) {
		ssize_t n = recv(netlink_fd, data, sizeof(data), 0);

		if (n > 0) {
			keep(data, (size_t)n);
		} else if (n < 0 && errno == ENOBUFS) {
			pthread_mutex_lock(&lock);
			lost++;
			sequence++;
			pthread_cond_broadcast(&arrived);
			pthread_mutex_unlock(&lock);
		} else if (n < 0 && errno != EINTR) {
			return NULL;
		}
	}
}

/* Returns 0 or the errno; without the socket the beat of each waiter alone remains. */
int uevent_start(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int size = SOCKET_BYTES;

	pthread_once(&once, prepare);
	netlink_fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (netlink_fd < 0)
		return errno;
	setsockopt(netlink_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(netlink_fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return errno;
	return start_thread(listen_main, NULL);
}

uint64_t uevent_sequence(void)
{
	uint64_t result;

	pthread_mutex_lock(&lock);
	result = sequence;
	pthread_mutex_unlock(&lock);
	return result;
}

/* Returns at the first event after `seen`, and after so many milliseconds at the latest. */
void uevent_wait(uint64_t seen, int64_t ms)
{
	struct timespec at;

	pthread_once(&once, prepare);
	deadline_after(&at, ms);
	pthread_mutex_lock(&lock);
	while (sequence == seen && pthread_cond_timedwait(&arrived, &lock, &at) == 0)
		;
	pthread_mutex_unlock(&lock);
}

/* `action@devpath`, then KEY=value strings, each with its NUL. */
static void put_event(struct out *out, const struct event *event)
{
	out_word(out, "{");
	for (size_t at = strlen(event->data) + 1; at < event->length;) {
		char *entry = event->data + at;
		char *equals = strchr(entry, '=');

		at += strlen(entry) + 1;
		if (!equals)
			continue;
		*equals = '\0';
		out_key(out, entry);
		out_text(out, equals + 1, strlen(equals + 1));
	}
	out_word(out, "}");
}

int op_uevent_take(struct request *r)
{
	out_key(&r->ok, "events");
	out_word(&r->ok, "[");
	pthread_mutex_lock(&lock);
	for (unsigned int i = 0; i < count; i++) {
		struct event *event = &ring[(first + i) % RING_EVENTS];

		if (i > 0)
			out_word(&r->ok, ",");
		put_event(&r->ok, event);
		free(event->data);
	}
	count = 0;
	uint64_t missed = lost;
	lost = 0;
	pthread_mutex_unlock(&lock);
	out_word(&r->ok, "]");
	put_number(r, "lost", (double)missed);
	return 0;
}
