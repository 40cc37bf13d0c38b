// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameters of a module that is loaded from a file. The kernel gives a built-in driver what its
 * command line says of it; for a module that is its loader's business.
 */
#include "agent.h"

#include <stdlib.h>
#include <string.h>

static char plain(char c)
{
	return c == '-' ? '_' : c;
}

/* Whether a word of the command line begins with the module's name and a dot; `-` and `_` are one. */
static bool names_module(const char *word, size_t length, const char *name, size_t name_length)
{
	if (length <= name_length || word[name_length] != '.')
		return false;
	for (size_t i = 0; i < name_length; i++)
		if (plain(word[i]) != plain(name[i]))
			return false;
	return true;
}

/* Characters up to the end of a word; a space between double quotes is part of it. */
static size_t word_length(const char *text)
{
	bool quoted = false;
	size_t length = 0;

	for (; text[length] && (quoted || !strchr(" \t\n", text[length])); length++)
		if (text[length] == '"')
			quoted = !quoted;
	return length;
}

/*
 * What `cmdline` says of the module in the file `path` (.../scsi_mod.ko), as finit_module takes it: words
 * with a space between. To be freed; NULL: no memory.
 */
char *module_params(const char *path, const char *cmdline)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t name_length = strcspn(name, ".");
	char *params = calloc(1, strlen(cmdline) + 1);
	size_t used = 0;

	for (const char *word = cmdline; params && *word;) {
		size_t length = word_length(word);

		if (names_module(word, length, name, name_length)) {
			size_t given = length - name_length - 1;

			if (used)
				params[used++] = ' ';
			memcpy(params + used, word + name_length + 1, given);
			used += given;
		}
		word += length;
		word += strspn(word, " \t\n");
	}
	return params;
}
