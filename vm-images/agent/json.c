// SPDX-License-Identifier: GPL-2.0-only
/* A JSON reader for one line: bounded depth and nodes, strings as bytes (U+0000 to U+00FF). */
#include "agent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 16
#define NODES_MAX 65536
#define CHUNK_NODES 64

struct chunk {
	struct chunk *next;
	size_t used;
	struct value values[CHUNK_NODES];
};

struct reader {
	struct document *doc;
	char *at;
	char *end;
	int depth;
};

static struct value *fault(struct reader *r, const char *what)
{
	if (!r->doc->fault)
		r->doc->fault = what;
	return NULL;
}

static struct value *node(struct reader *r, enum kind kind)
{
	struct document *doc = r->doc;
	struct chunk *chunk = doc->chunks;

	if (doc->nodes >= NODES_MAX)
		return fault(r, "too many values");
	if (!chunk || chunk->used == CHUNK_NODES) {
		chunk = calloc(1, sizeof(*chunk));
		if (!chunk)
			return fault(r, "out of memory");
		chunk->next = doc->chunks;
		doc->chunks = chunk;
	}
	doc->nodes++;
	struct value *value = &chunk->values[chunk->used++];
	value->kind = kind;
	return value;
}

static void blanks(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n'))
		r->at++;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One escape after the backslash; the byte, or -1. */
static int escape(struct reader *r)
{
	static const char plain[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	int code = 0;

	if (r->at >= r->end)
		return -1;
	char c = *r->at++;
	if (c != 'u') {
		const char *found = c ? strchr(plain, c) : NULL;

		return found ? (unsigned char)bytes[found - plain] : -1;
	}
	if (r->end - r->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(*r->at++);

		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code <= 0xff ? code : -1;
}

/* Decodes in place: a decoded string is never longer than its source. */
static bool text(struct reader *r, char **start, size_t *length)
{
	char *to = ++r->at;

	*start = to;
	while (r->at < r->end) {
		unsigned char c = (unsigned char)*r->at++;
		int byte = c;

		if (c == '"') {
			*length = (size_t)(to - *start);
			*to = '\0';
			return true;
		}
		if (c == '\\') {
			byte = escape(r);
			if (byte < 0) {
				fault(r, "an escape that is none, or a character above U+00FF");
				return false;
			}
		} else if (c < 0x20) {
			fault(r, "a control character in a string");
			return false;
		} else if (c >= 0x80) {
			if ((c != 0xc2 && c != 0xc3) || r->at >= r->end || ((unsigned char)*r->at & 0xc0) != 0x80) {
				fault(r, "a character above U+00FF, or no UTF-8");
				return false;
			}
			byte = ((c & 0x03) << 6) | ((unsigned char)*r->at++ & 0x3f);
		}
		*to++ = (char)byte;
	}
	fault(r, "a string that does not end");
	return false;
}

static struct value *number(struct reader *r)
{
	char copy[40];
	size_t length = 0;
	char *stop;

	while (r->at < r->end && length < sizeof(copy) - 1 && *r->at && strchr("+-.0123456789eE", *r->at))
		copy[length++] = *r->at++;
	copy[length] = '\0';
	double parsed = strtod(copy, &stop);
	if (length == 0 || *stop || !isfinite(parsed))
		return fault(r, "a value that is none");
	struct value *value = node(r, V_NUMBER);
	if (value)
		value->number = parsed;
	return value;
}

static struct value *parse(struct reader *r);

static struct value *members(struct reader *r, enum kind kind, char close)
{
	struct value *value = node(r, kind);
	struct value **tail;

	if (!value)
		return NULL;
	if (++r->depth > DEPTH_MAX)
		return fault(r, "nested too deeply");
	tail = &value->first;
	r->at++;
	blanks(r);
	if (r->at < r->end && *r->at == close) {
		r->at++;
		r->depth--;
		return value;
	}
	for (;;) {
		char *key = NULL;
		size_t key_length;

		blanks(r);
		if (kind == V_OBJECT) {
			if (r->at >= r->end || *r->at != '"')
				return fault(r, "a key is expected");
			if (!text(r, &key, &key_length))
				return NULL;
			blanks(r);
			if (r->at >= r->end || *r->at++ != ':')
				return fault(r, "a colon is expected");
		}
		struct value *child = parse(r);
		if (!child)
			return NULL;
		child->key = key;
		*tail = child;
		tail = &child->next;
		blanks(r);
		if (r->at >= r->end)
			return fault(r, "the line ends too early");
		char c = *r->at++;
		if (c == close) {
			r->depth--;
			return value;
		}
		if (c != ',')
			return fault(r, "a comma is expected");
	}
}

static struct value *literal(struct reader *r, const char *word, enum kind kind, double meaning)
{
	size_t length = strlen(word);

	if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0)
		return fault(r, "a value that is none");
	r->at += length;
	struct value *value = node(r, kind);
	if (value)
		value->number = meaning;
	return value;
}

static struct value *parse(struct reader *r)
{
	blanks(r);
	if (r->at >= r->end)
		return fault(r, "the line ends too early");
	switch (*r->at) {
	case '{':
		return members(r, V_OBJECT, '}');
	case '[':
		return members(r, V_LIST, ']');
	case 't':
		return literal(r, "true", V_BOOL, 1);
	case 'f':
		return literal(r, "false", V_BOOL, 0);
	case 'n':
		return literal(r, "null", V_NULL, 0);
	case '"': {
		struct value *value = node(r, V_TEXT);

		if (value && text(r, &value->text, &value->length))
			return value;
		return NULL;
	}
	default:
		return number(r);
	}
}

/* The line must have room for a terminating byte at line[length]. */
struct value *json_parse(struct document *doc, char *line, size_t length)
{
	struct reader reader = { .doc = doc, .at = line, .end = line + length };
	struct value *value = parse(&reader);

	if (!value)
		return NULL;
	blanks(&reader);
	return reader.at == reader.end ? value : fault(&reader, "text after the value");
}

void json_free(struct document *doc)
{
	while (doc->chunks) {
		struct chunk *next = doc->chunks->next;

		free(doc->chunks);
		doc->chunks = next;
	}
}

const struct value *json_member(const struct value *object, const char *key)
{
	if (!object || object->kind != V_OBJECT)
		return NULL;
	for (const struct value *v = object->first; v; v = v->next)
		if (strcmp(v->key, key) == 0)
			return v;
	return NULL;
}
