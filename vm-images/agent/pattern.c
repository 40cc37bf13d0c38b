// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a written block holds: each 8-byte word is a pure function of seed, pass and the
 * word's number on the device, which block number and place in the block give. So content
 * can be checked whoever wrote it and whatever the block size was.
 */
#include "agent.h"

#include <string.h>

static uint64_t mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x7fb5d329728ea185ull;
	x ^= x >> 27;
	x *= 0x81dadef4bc2dd44dull;
	return x ^ (x >> 33);
}

static uint64_t word_at(uint64_t key, uint64_t word)
{
	return mix(key + word * 0x9e3779b97f4a7c15ull);
}

static uint64_t key_of(uint64_t seed, uint64_t pass)
{
	return mix(mix(seed + 1) ^ (pass * 0xd1342543de82ef95ull));
}

void pattern_fill(void *buffer, size_t length, uint64_t seed, uint64_t pass, uint64_t offset_bytes)
{
	uint64_t key = key_of(seed, pass);
	unsigned char *to = buffer;

	for (size_t i = 0; i < length;) {
		size_t skip = (offset_bytes + i) % 8;
		size_t part = length - i < 8 - skip ? length - i : 8 - skip;
		uint64_t word = word_at(key, (offset_bytes + i) / 8);

		memcpy(to + i, (unsigned char *)&word + skip, part);
		i += part;
	}
}

bool pattern_holds(const void *buffer, size_t length, uint64_t seed, uint64_t pass, uint64_t offset_bytes)
{
	uint64_t key = key_of(seed, pass);
	const unsigned char *from = buffer;

	for (size_t i = 0; i < length;) {
		size_t skip = (offset_bytes + i) % 8;
		size_t part = length - i < 8 - skip ? length - i : 8 - skip;
		uint64_t word = word_at(key, (offset_bytes + i) / 8);

		if (memcmp(from + i, (unsigned char *)&word + skip, part) != 0)
			return false;
		i += part;
	}
	return true;
}
