// SPDX-License-Identifier: GPL-2.0-only
/* Paths by pattern: at most one `*` in a component, which matches any run of characters. */
#include "agent.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static bool matches(const char *pattern, size_t length, const char *name)
{
	const char *star = memchr(pattern, '*', length);
	size_t name_length = strlen(name);

	if (!star)
		return name_length == length && memcmp(pattern, name, length) == 0;
	size_t before = (size_t)(star - pattern);
	size_t after = length - before - 1;

	/* As in a shell, a hidden name is matched only by a pattern that begins with its dot. */
	if (name[0] == '.' && pattern[0] != '.')
		return false;
	return name_length >= before + after && memcmp(pattern, name, before) == 0 &&
	       memcmp(star + 1, name + name_length - after, after) == 0;
}

static int walk(char *path, size_t used, const char *pattern, path_visitor visit, void *context)
{
	struct stat st;
	const char *end;
	size_t length;
	DIR *dir;
	int result = 0;

	while (*pattern == '/' && used < PATH_MAX - 1) {
		if (used == 0 || path[used - 1] != '/')
			path[used++] = '/';
		pattern++;
	}
	path[used] = '\0';
	if (!*pattern)
		return lstat(path, &st) == 0 ? visit(path, context) : 0;
	end = strchr(pattern, '/');
	length = end ? (size_t)(end - pattern) : strlen(pattern);
	if (!memchr(pattern, '*', length)) {
		if (used + length >= PATH_MAX)
			return 0;
		memcpy(path + used, pattern, length);
		return walk(path, used + length, pattern + length, visit, context);
	}
	dir = opendir(used ? path : ".");
	if (!dir)
		return 0;
	for (struct dirent *entry = readdir(dir); entry && !result; entry = readdir(dir)) {
		size_t name = strlen(entry->d_name);

		if (!matches(pattern, length, entry->d_name) || used + name >= PATH_MAX)
			continue;
		memcpy(path + used, entry->d_name, name);
		result = walk(path, used + name, pattern + length, visit, context);
	}
	closedir(dir);
	return result;
}

int glob_paths(const char *pattern, path_visitor visit, void *context)
{
	char path[PATH_MAX] = "";

	return walk(path, 0, pattern, visit, context);
}
