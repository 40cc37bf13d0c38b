// SPDX-License-Identifier: GPL-2.0-only
/* Writing JSON. Bytes above 0x7f leave as the UTF-8 of U+0080 to U+00FF. */
#include "agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void out_raw(struct out *out, const char *data, size_t length)
{
	if (out->failed)
		return;
	if (out->size - out->length < length) {
		size_t size = out->size ? out->size : 256;

		while (size - out->length < length)
			size *= 2;
		char *grown = realloc(out->data, size);
		if (!grown) {
			out->failed = true;
			return;
		}
		out->data = grown;
		out->size = size;
	}
	memcpy(out->data + out->length, data, length);
	out->length += length;
}

void out_word(struct out *out, const char *word)
{
	out_raw(out, word, strlen(word));
}

void out_number(struct out *out, double number)
{
	char text[40];
	int length = snprintf(text, sizeof(text), "%.15g", number);

	/* 2^53 needs 16 digits: whole numbers are written as such. */
	if (number == (double)(long long)number)
		length = snprintf(text, sizeof(text), "%lld", (long long)number);
	out_raw(out, text, (size_t)length);
}

void out_text(struct out *out, const char *data, size_t length)
{
	size_t plain = 0;

	out_raw(out, "\"", 1);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];
		char escaped[8];
		int n;

		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\')
			continue;
		out_raw(out, data + plain, i - plain);
		plain = i + 1;
		if (c == '\n')
			n = snprintf(escaped, sizeof(escaped), "\\n");
		else if (c == '"' || c == '\\')
			n = snprintf(escaped, sizeof(escaped), "\\%c", c);
		else if (c < 0x80)
			n = snprintf(escaped, sizeof(escaped), "\\u%04x", c);
		else
			n = snprintf(escaped, sizeof(escaped), "%c%c", 0xc0 | (c >> 6), 0x80 | (c & 0x3f));
		out_raw(out, escaped, (size_t)n);
	}
	out_raw(out, data + plain, length - plain);
	out_raw(out, "\"", 1);
}

/* A member's key, with the comma that its place needs. */
void out_key(struct out *out, const char *key)
{
	if (out->length > 0 && out->data[out->length - 1] != '{')
		out_raw(out, ",", 1);
	out_text(out, key, strlen(key));
	out_raw(out, ":", 1);
}

void out_free(struct out *out)
{
	free(out->data);
	*out = (struct out){ 0 };
}
