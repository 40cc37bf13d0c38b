// SPDX-License-Identifier: GPL-2.0-only
/* Arguments of a request and members of its answer. The first fault is the one reported. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *errno_name(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "EUNKNOWN";
}

int fail(struct request *r, int error, const char *format, ...)
{
	va_list arguments;

	if (r->error)
		return -1;
	r->error = error;
	va_start(arguments, format);
	vsnprintf(r->message, sizeof(r->message), format, arguments);
	va_end(arguments);
	return -1;
}

int fail_errno(struct request *r, const char *call, const char *subject)
{
	int error = errno;

	return fail(r, error, "%s %s: %s", call, subject, strerrordesc_np(error) ? strerrordesc_np(error) : "?");
}

bool arg_present(const struct request *r, const char *key)
{
	const struct value *value = json_member(r->args, key);

	return value && value->kind != V_NULL;
}

const struct value *arg_bytes(struct request *r, const char *key)
{
	static const struct value empty = { .kind = V_TEXT, .text = "" };
	const struct value *value = json_member(r->args, key);

	if (value && value->kind == V_TEXT)
		return value;
	fail(r, EINVAL, "args.%s: a string is expected", key);
	return &empty;
}

/* A string for a system call: one that ends where it seems to end. */
const char *arg_text(struct request *r, const char *key)
{
	const struct value *value = arg_bytes(r, key);

	if (memchr(value->text, '\0', value->length))
		fail(r, EINVAL, "args.%s: a NUL in a name", key);
	return value->text;
}

const char *arg_text_or(struct request *r, const char *key, const char *otherwise)
{
	return arg_present(r, key) ? arg_text(r, key) : otherwise;
}

bool arg_flag(struct request *r, const char *key)
{
	const struct value *value = json_member(r->args, key);

	if (!value || value->kind == V_NULL)
		return false;
	if (value->kind != V_BOOL)
		fail(r, EINVAL, "args.%s: true or false is expected", key);
	return value->number != 0;
}

uint64_t arg_number(struct request *r, const char *key, uint64_t max)
{
	const struct value *value = json_member(r->args, key);

	if (!value || value->kind != V_NUMBER || value->number < 0 || value->number > (double)max ||
	    value->number != floor(value->number)) {
		fail(r, EINVAL, "args.%s: a whole number from 0 to %llu is expected", key, (unsigned long long)max);
		return 0;
	}
	return (uint64_t)value->number;
}

uint64_t arg_number_or(struct request *r, const char *key, uint64_t max, uint64_t otherwise)
{
	return arg_present(r, key) ? arg_number(r, key, max) : otherwise;
}

void put_number(struct request *r, const char *key, double number)
{
	out_key(&r->ok, key);
	out_number(&r->ok, number);
}

void put_text(struct request *r, const char *key, const char *data, size_t length)
{
	out_key(&r->ok, key);
	out_text(&r->ok, data, length);
}

void put_string(struct request *r, const char *key, const char *text)
{
	put_text(r, key, text, strlen(text));
}

void put_flag(struct request *r, const char *key, bool flag)
{
	out_key(&r->ok, key);
	out_word(&r->ok, flag ? "true" : "false");
}
