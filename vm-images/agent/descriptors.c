// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors held for the host: only what `open` gave can be used, closed or asked. */
#define _GNU_SOURCE
#include "agent.h"
#include "uring.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FD_MAX 1024
#define IOCTL_MAX_BYTES (64u << 10)
/* A command may write more than it was given: the buffer is never smaller than this. */
#define IOCTL_ROOM_BYTES (16u << 10)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool held[FD_MAX];

static const struct {
	const char *name;
	int flag;
} open_flags[] = {
	{ "RDONLY", O_RDONLY },	  { "WRONLY", O_WRONLY },	{ "RDWR", O_RDWR },	    { "APPEND", O_APPEND },
	{ "CLOEXEC", O_CLOEXEC }, { "CREAT", O_CREAT },		{ "DIRECT", O_DIRECT },	    { "DIRECTORY", O_DIRECTORY },
	{ "DSYNC", O_DSYNC },	  { "EXCL", O_EXCL },		{ "LARGEFILE", O_LARGEFILE }, { "NOATIME", O_NOATIME },
	{ "NOCTTY", O_NOCTTY },	  { "NOFOLLOW", O_NOFOLLOW },	{ "NONBLOCK", O_NONBLOCK }, { "PATH", O_PATH },
	{ "SYNC", O_SYNC },	  { "TRUNC", O_TRUNC },
};

bool descriptor_held(int fd)
{
	bool result;

	pthread_mutex_lock(&lock);
	result = fd >= 0 && fd < FD_MAX && held[fd];
	pthread_mutex_unlock(&lock);
	return result;
}

static int flag_of(const char *name)
{
	for (size_t i = 0; i < sizeof(open_flags) / sizeof(open_flags[0]); i++)
		if (strcmp(open_flags[i].name, name) == 0)
			return open_flags[i].flag;
	return -1;
}

static int flags_of(struct request *r)
{
	const struct value *list = json_member(r->args, "flags");
	int flags = O_CLOEXEC;

	if (!list || list->kind != V_LIST)
		return fail(r, EINVAL, "args.flags: a list is expected");
	for (const struct value *v = list->first; v; v = v->next) {
		int flag = v->kind == V_TEXT ? flag_of(v->text) : -1;

		if (flag < 0)
			return fail(r, EINVAL, "args.flags: %.40s is no open(2) flag", v->kind == V_TEXT ? v->text : "a value");
		flags |= flag;
	}
	return flags;
}

int op_open(struct request *r)
{
	const char *path = arg_text(r, "path");
	int flags = flags_of(r);

	if (r->error)
		return -1;
	int fd = open(path, flags, 0644);
	if (fd < 0)
		return fail_errno(r, "open", path);
	if (fd >= FD_MAX) {
		close(fd);
		return fail(r, EMFILE, "open %s: more than %d descriptors held", path, FD_MAX);
	}
	pthread_mutex_lock(&lock);
	held[fd] = true;
	pthread_mutex_unlock(&lock);
	put_number(r, "fd", fd);
	return 0;
}

int op_close(struct request *r)
{
	int fd = (int)arg_number(r, "fd", INT_MAX);
	bool was;

	if (r->error)
		return -1;
	pthread_mutex_lock(&lock);
	was = fd < FD_MAX && held[fd];
	if (was)
		held[fd] = false;
	pthread_mutex_unlock(&lock);
	if (!was)
		return fail(r, EBADF, "close %d: not a descriptor that open gave", fd);
	if (close(fd) < 0)
		return fail(r, errno, "close %d", fd);
	return 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int from_hex(struct request *r, const struct value *hex, unsigned char *to)
{
	for (size_t i = 0; i < hex->length; i += 2) {
		int high = nibble(hex->text[i]);
		int low = nibble(hex->text[i + 1]);

		if (high < 0 || low < 0)
			return fail(r, EINVAL, "args.hex: pairs of lower-case hex digits are expected");
		to[i / 2] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

static void put_hex(struct request *r, const char *key, const unsigned char *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	out_key(&r->ok, key);
	out_word(&r->ok, "\"");
	for (size_t i = 0; i < length; i++) {
		char pair[2] = { digits[bytes[i] >> 4], digits[bytes[i] & 15] };

		out_raw(&r->ok, pair, 2);
	}
	out_word(&r->ok, "\"");
}

int op_ioctl(struct request *r)
{
	int fd = (int)arg_number(r, "fd", INT_MAX);
	unsigned long command = arg_number(r, "request", UINT32_MAX);
	const struct value *hex = arg_bytes(r, "hex");
	size_t length = hex->length / 2;
	unsigned char *buffer;

	if (r->error)
		return -1;
	if (!descriptor_held(fd))
		return fail(r, EBADF, "ioctl %d: not a descriptor that open gave", fd);
	if (hex->length % 2 || length > IOCTL_MAX_BYTES)
		return fail(r, EINVAL, "args.hex: at most %u whole bytes are expected", IOCTL_MAX_BYTES);
	buffer = calloc(1, length > IOCTL_ROOM_BYTES ? length : IOCTL_ROOM_BYTES);
	if (!buffer)
		return fail(r, ENOMEM, "ioctl %d: no memory", fd);
	if (from_hex(r, hex, buffer) == 0) {
		int value = ioctl(fd, command, buffer);

		if (value < 0) {
			fail(r, errno, "ioctl %d 0x%lx: %s", fd, command, strerror(errno));
		} else {
			put_number(r, "value", value);
			put_hex(r, "hex", buffer, length);
		}
	}
	free(buffer);
	return r->error ? -1 : 0;
}

/* One command of a driver through a ring of its own. What the command ends with is the value, or the errno. */
int op_ring_command(struct request *r)
{
	int fd = (int)arg_number(r, "fd", INT_MAX);
	uint32_t command = (uint32_t)arg_number(r, "request", UINT32_MAX);
	const struct value *hex = arg_bytes(r, "hex");
	unsigned char data[RING_COMMAND_BYTES];
	struct ring ring;
	uint64_t tag;
	int result;

	if (r->error)
		return -1;
	if (!descriptor_held(fd))
		return fail(r, EBADF, "uring_cmd %d: not a descriptor that open gave", fd);
	if (hex->length % 2 || hex->length / 2 > sizeof(data))
		return fail(r, EINVAL, "args.hex: at most %zu whole bytes are expected", sizeof(data));
	if (from_hex(r, hex, data) < 0)
		return -1;
	if (ring_open_wide(&ring, 1) < 0)
		return fail_errno(r, "io_uring_setup", "-");
	ring_queue_command(&ring, fd, command, data, hex->length / 2);
	if (ring_enter(&ring, 1) < 0)
		fail_errno(r, "io_uring_enter", "-");
	else if (!ring_reap(&ring, &tag, &result))
		fail(r, EIO, "uring_cmd %d 0x%x: no completion", fd, command);
	else if (result < 0)
		fail(r, -result, "uring_cmd %d 0x%x: %s", fd, command, strerror(-result));
	else
		put_number(r, "value", result);
	ring_close(&ring);
	return r->error ? -1 : 0;
}
