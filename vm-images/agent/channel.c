// SPDX-License-Identifier: GPL-2.0-only
/* Lines over a pair of descriptors: whole lines out under a lock, bounded lines in. */
#include "agent.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t send_lock = PTHREAD_MUTEX_INITIALIZER;
static int send_fd = -1;

void channel_open(int out_fd)
{
	send_fd = out_fd;
}

int channel_send(const char *data, size_t length)
{
	int result = 0;

	pthread_mutex_lock(&send_lock);
	while (length > 0) {
		ssize_t n = write(send_fd, data, length);

		if (n > 0) {
			data += n;
			length -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd out = { .fd = send_fd, .events = POLLOUT };

			poll(&out, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			result = -1;
			break;
		}
	}
	pthread_mutex_unlock(&send_lock);
	return result;
}

/* `{"event":EVENT,"message":…}`: what belongs to no request. */
void channel_event(const char *event, const char *format, ...)
{
	struct out out = { 0 };
	char message[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	out_word(&out, "{");
	out_key(&out, "event");
	out_text(&out, event, strlen(event));
	out_key(&out, "message");
	out_text(&out, message, strlen(message));
	out_word(&out, "}\n");
	if (!out.failed)
		channel_send(out.data, out.length);
	out_free(&out);
}

/*
 * Splits what is in the buffer into lines. Returns how many bytes are left of an unfinished
 * one; `skipping` says that the line is too long and is thrown away up to its end.
 */
static size_t split(char *buffer, size_t length, bool *skipping)
{
	size_t from = 0;

	for (;;) {
		char *end = memchr(buffer + from, '\n', length - from);
		size_t line = end ? (size_t)(end - buffer) - from : 0;

		if (!end)
			break;
		if (*skipping)
			*skipping = false;
		else if (line > 0)
			serve_line(buffer + from, line);
		from += line + 1;
	}
	memmove(buffer, buffer + from, length - from);
	return length - from;
}

/* Serves until the other side is gone. */
void channel_serve(int in_fd, int out_fd)
{
	size_t used = 0;
	bool skipping = false;
	char *buffer = malloc(LINE_MAX_BYTES);

	channel_open(out_fd);
	if (!buffer)
		return;
	for (;;) {
		ssize_t n = read(in_fd, buffer + used, LINE_MAX_BYTES - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		used = split(buffer, used + (size_t)n, &skipping);
		if (used == LINE_MAX_BYTES) {
			if (!skipping)
				channel_event("error", "a line of more than %u bytes", LINE_MAX_BYTES - 1);
			skipping = true;
		}
		if (skipping)
			used = 0;
	}
	free(buffer);
}
