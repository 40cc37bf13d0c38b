// SPDX-License-Identifier: GPL-2.0-only
/* wait.until: every condition at one look, looked at again on uevents and on a beat. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_MAX_BYTES (64u << 10)
#define CONDITIONS_MAX 64

struct check {
	const struct value *equals, *contains, *not;
	uint64_t matched;
	bool unmet;
	char *stood;
	size_t stood_size;
};

static int count_path(const char *path, void *context)
{
	(void)path;
	((struct check *)context)->matched++;
	return 0;
}

static bool same(const char *data, size_t length, const struct value *wanted)
{
	if (length == wanted->length && memcmp(data, wanted->text, length) == 0)
		return true;
	/* An attribute ends in a newline that no one writes into a condition. */
	return length == wanted->length + 1 && data[length - 1] == '\n' && memcmp(data, wanted->text, length - 1) == 0;
}

static bool content_holds(const struct check *c, const char *data, size_t length)
{
	if (c->equals && !same(data, length, c->equals))
		return false;
	if (c->not && same(data, length, c->not))
		return false;
	return !c->contains || c->contains->length == 0 ||
	       (length > 0 && memmem(data, length, c->contains->text, c->contains->length));
}

static int read_path(const char *path, void *context)
{
	struct check *c = context;
	size_t length;
	char *data;

	c->matched++;
	if (slurp(path, CONTENT_MAX_BYTES, &data, &length) < 0) {
		snprintf(c->stood, c->stood_size, "%s: %s", path, errno_name(errno));
		c->unmet = true;
		return 1;
	}
	if (!content_holds(c, data ? data : "", length)) {
		snprintf(c->stood, c->stood_size, "%s holds \"%.*s\"", path, (int)(length < 200 ? length : 200),
			 data ? data : "");
		c->unmet = true;
	}
	free(data);
	return c->unmet ? 1 : 0;
}

static const struct value *text_member(struct request *r, const struct value *condition, const char *key)
{
	const struct value *value = json_member(condition, key);

	if (value && value->kind != V_TEXT)
		fail(r, EINVAL, "args.all: %s: a string is expected", key);
	return value;
}

/* Looks at one condition. What stood there instead goes to `stood`. */
static bool holds(const struct value *condition, char *stood, size_t size)
{
	const char *path = json_member(condition, "path")->text;
	const char *is = json_member(condition, "is")->text;
	struct check c = { .stood = stood, .stood_size = size };

	if (strcmp(is, "content") == 0) {
		c.equals = json_member(condition, "equals");
		c.contains = json_member(condition, "contains");
		c.not = json_member(condition, "not");
		glob_paths(path, read_path, &c);
		if (c.matched == 0)
			snprintf(stood, size, "%s: nothing is there", path);
		return c.matched > 0 && !c.unmet;
	}
	glob_paths(path, count_path, &c);
	snprintf(stood, size, "%s: %llu there", path, (unsigned long long)c.matched);
	if (strcmp(is, "present") == 0)
		return c.matched > 0;
	if (strcmp(is, "absent") == 0)
		return c.matched == 0;
	return (double)c.matched == json_member(condition, "count")->number;
}

static void validate(struct request *r, const struct value *condition)
{
	const struct value *path = json_member(condition, "path");
	const struct value *is = json_member(condition, "is");
	const struct value *count = json_member(condition, "count");

	if (!path || path->kind != V_TEXT || !is || is->kind != V_TEXT) {
		fail(r, EINVAL, "args.all: path and is are expected in each condition");
		return;
	}
	text_member(r, condition, "equals");
	text_member(r, condition, "contains");
	text_member(r, condition, "not");
	if (strcmp(is->text, "count") == 0) {
		if (!count || count->kind != V_NUMBER)
			fail(r, EINVAL, "args.all: count: a number is expected");
	} else if (strcmp(is->text, "content") == 0) {
		if (!json_member(condition, "equals") && !json_member(condition, "contains") && !json_member(condition, "not"))
			fail(r, EINVAL, "args.all: equals, contains or not is expected");
	} else if (strcmp(is->text, "present") != 0 && strcmp(is->text, "absent") != 0) {
		fail(r, EINVAL, "args.all: is: present, absent, content or count is expected");
	}
}

int op_wait_until(struct request *r)
{
	const struct value *all = json_member(r->args, "all");
	int64_t deadline_ms = (int64_t)arg_number(r, "deadlineMs", DEADLINE_MAX_MS);
	int64_t poll_ms = (int64_t)arg_number_or(r, "pollMs", 60000, 5);
	int64_t start = now_ms();
	unsigned int conditions = 0;

	if (!all || all->kind != V_LIST)
		return fail(r, EINVAL, "args.all: a list is expected");
	for (const struct value *c = all->first; c && !r->error; c = c->next) {
		validate(r, c);
		if (++conditions > CONDITIONS_MAX)
			fail(r, EINVAL, "args.all: more than %d conditions", CONDITIONS_MAX);
	}
	if (r->error)
		return -1;
	if (poll_ms == 0)
		poll_ms = 1;
	for (;;) {
		uint64_t seen = uevent_sequence();
		const struct value *c = all->first;
		char stood[512];

		while (c && holds(c, stood, sizeof(stood)))
			c = c->next;
		int64_t waited = now_ms() - start;
		if (!c) {
			put_number(r, "waitedMs", (double)waited);
			return 0;
		}
		if (waited >= deadline_ms)
			return fail(r, ETIMEDOUT, "%s is not \"%s\" after %lld ms: %s", json_member(c, "path")->text,
				    json_member(c, "is")->text, (long long)waited, stood);
		uevent_wait(seen, deadline_ms - waited < poll_ms ? deadline_ms - waited : poll_ms);
	}
}
