// SPDX-License-Identifier: GPL-2.0-only
/* Files, directories and links of the guest. */
#define _GNU_SOURCE
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define READ_STEP_BYTES (64u << 10)
#define NAMES_MAX 65536

/* Reads to the end, at most max_bytes. With O_NONBLOCK a file ends where it would block. Returns 0 or -1 with errno. */
static int slurp_with(const char *path, int flags, size_t max_bytes, char **data, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
	size_t size = 0;
	int error = 0;

	*data = NULL;
	*length = 0;
	if (fd < 0)
		return -1;
	while (*length < max_bytes) {
		if (size - *length < READ_STEP_BYTES) {
			size = size ? size * 2 : READ_STEP_BYTES;
			char *grown = realloc(*data, size + 1);

			if (!grown) {
				error = ENOMEM;
				break;
			}
			*data = grown;
		}
		size_t want = max_bytes - *length;
		ssize_t n = read(fd, *data + *length, want < size - *length ? want : size - *length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && !(errno == EAGAIN && (flags & O_NONBLOCK)))
			error = errno;
		if (n <= 0)
			break;
		*length += (size_t)n;
	}
	close(fd);
	if (error) {
		free(*data);
		*data = NULL;
		errno = error;
		return -1;
	}
	if (*data)
		(*data)[*length] = '\0';
	return 0;
}

/* Non-blocking, so that a pipe-like file (trace_pipe, kmsg) ends where it would block. */
int slurp(const char *path, size_t max_bytes, char **data, size_t *length)
{
	return slurp_with(path, O_NONBLOCK, max_bytes, data, length);
}

int op_file_read(struct request *r)
{
	const char *path = arg_text(r, "path");
	size_t max = arg_number_or(r, "maxBytes", READ_MAX_BYTES, 1u << 20);
	char *data;
	size_t length;

	if (r->error)
		return -1;
	if (slurp_with(path, arg_flag(r, "attribute") ? 0 : O_NONBLOCK, max, &data, &length) < 0)
		return fail_errno(r, "read", path);
	put_text(r, "data", data ? data : "", length);
	free(data);
	return 0;
}

/* As `>` and `>>` of a shell: one write, since an attribute takes its value in one. */
int op_file_write(struct request *r)
{
	const char *path = arg_text(r, "path");
	const struct value *data = arg_bytes(r, "data");
	bool append = arg_flag(r, "append");
	bool placed = arg_present(r, "offsetBytes");
	off_t offset = (off_t)arg_number_or(r, "offsetBytes", INT32_MAX, 0);
	int how = append ? O_APPEND : placed ? 0 : O_TRUNC;
	int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | how | (arg_flag(r, "create") ? O_CREAT : 0);
	ssize_t written = 0;
	int result = 0;

	if (r->error)
		return -1;
	int fd = open(path, flags, 0644);
	if (fd < 0)
		return fail_errno(r, "open", path);
	if (data->length > 0)
		written = placed ? pwrite(fd, data->text, data->length, offset) : write(fd, data->text, data->length);
	if (written < 0)
		result = fail_errno(r, "write", path);
	if (close(fd) < 0 && !result)
		result = fail_errno(r, "close", path);
	put_number(r, "written", (double)written);
	return result;
}

static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "dir";
	case S_IFLNK:
		return "link";
	case S_IFBLK:
		return "block";
	case S_IFCHR:
		return "char";
	default:
		return "other";
	}
}

int op_file_stat(struct request *r)
{
	const char *path = arg_text(r, "path");
	struct stat st = { 0 };
	const char *kind = "absent";

	if (r->error)
		return -1;
	if (lstat(path, &st) == 0)
		kind = kind_of(st.st_mode);
	else if (errno != ENOENT && errno != ENOTDIR)
		return fail_errno(r, "lstat", path);
	put_string(r, "kind", kind);
	put_number(r, "mode", st.st_mode & 07777);
	put_number(r, "major", major(st.st_rdev));
	put_number(r, "minor", minor(st.st_rdev));
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int op_dir_list(struct request *r)
{
	const char *path = arg_text(r, "path");
	char **names = NULL;
	size_t count = 0, size = 0;
	struct dirent *entry;
	DIR *dir;

	if (r->error)
		return -1;
	dir = opendir(path);
	if (!dir)
		return fail_errno(r, "opendir", path);
	for (errno = 0; !r->error && (entry = readdir(dir)); errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (count == NAMES_MAX) {
			fail(r, E2BIG, "readdir %s: more than %d names", path, NAMES_MAX);
			break;
		}
		if (count == size) {
			char **grown = realloc(names, (size = size ? size * 2 : 64) * sizeof(*names));

			if (!grown) {
				fail(r, ENOMEM, "readdir %s: no memory", path);
				break;
			}
			names = grown;
		}
		names[count] = strdup(entry->d_name);
		if (names[count])
			count++;
		else
			fail(r, ENOMEM, "readdir %s: no memory", path);
	}
	if (errno && !r->error)
		fail_errno(r, "readdir", path);
	closedir(dir);
	if (count > 0)
		qsort(names, count, sizeof(*names), by_bytes);
	out_key(&r->ok, "names");
	out_word(&r->ok, "[");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			out_word(&r->ok, ",");
		out_text(&r->ok, names[i], strlen(names[i]));
		free(names[i]);
	}
	free(names);
	out_word(&r->ok, "]");
	return r->error ? -1 : 0;
}

int op_dir_make(struct request *r)
{
	const char *path = arg_text(r, "path");

	if (r->error)
		return -1;
	return mkdir(path, 0755) < 0 ? fail_errno(r, "mkdir", path) : 0;
}

int op_dir_remove(struct request *r)
{
	const char *path = arg_text(r, "path");

	if (r->error)
		return -1;
	return rmdir(path) < 0 ? fail_errno(r, "rmdir", path) : 0;
}

int op_link_read(struct request *r)
{
	const char *path = arg_text(r, "path");
	bool resolve = arg_flag(r, "resolve");
	char target[PATH_MAX];

	if (r->error)
		return -1;
	if (resolve) {
		if (!realpath(path, target))
			return fail_errno(r, "realpath", path);
		put_string(r, "target", target);
		return 0;
	}
	ssize_t length = readlink(path, target, sizeof(target));
	if (length < 0)
		return fail_errno(r, "readlink", path);
	put_text(r, "target", target, (size_t)length);
	return 0;
}

int op_link_make(struct request *r)
{
	const char *target = arg_text(r, "target");
	const char *path = arg_text(r, "path");

	if (r->error)
		return -1;
	return symlink(target, path) < 0 ? fail_errno(r, "symlink", path) : 0;
}

int op_link_remove(struct request *r)
{
	const char *path = arg_text(r, "path");

	if (r->error)
		return -1;
	return unlink(path) < 0 ? fail_errno(r, "unlink", path) : 0;
}
