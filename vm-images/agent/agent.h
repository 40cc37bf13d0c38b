/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest agent: generic primitives behind one-line JSON requests. The contract is
 * GuestOps in packages/contract/src/guest-port.ts; nothing here knows a storage protocol.
 */
#ifndef MPATH_AGENT_H
#define MPATH_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGENT_PROTOCOL 1
#define LINE_MAX_BYTES (4u << 20)
#define READ_MAX_BYTES (16u << 20)
#define INFLIGHT_MAX 128

/* json.c: one parsed line. Strings are decoded in place, so they live as long as the line. */
enum kind { V_NULL, V_BOOL, V_NUMBER, V_TEXT, V_LIST, V_OBJECT };

struct value {
	enum kind kind;
	struct value *next;
	struct value *first;
	const char *key;
	double number;
	char *text;
	size_t length;
};

struct document {
	struct chunk *chunks;
	size_t nodes;
	const char *fault;
};

struct value *json_parse(struct document *doc, char *line, size_t length);
void json_free(struct document *doc);
const struct value *json_member(const struct value *object, const char *key);

/* out.c: a growing buffer for an answer; `failed` is memory that could not be had. */
struct out {
	char *data;
	size_t length;
	size_t size;
	bool failed;
};

void out_raw(struct out *out, const char *data, size_t length);
void out_word(struct out *out, const char *word);
void out_number(struct out *out, double number);
void out_text(struct out *out, const char *data, size_t length);
void out_key(struct out *out, const char *key);
void out_free(struct out *out);

/* request.c: arguments in, members of `ok` out. */
struct request {
	uint64_t id;
	const struct value *args;
	struct out ok;
	int error;
	char message[1024];
	void (*after)(void);
};

int fail(struct request *r, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
int fail_errno(struct request *r, const char *call, const char *subject);
const char *errno_name(int error);
bool arg_present(const struct request *r, const char *key);
const char *arg_text(struct request *r, const char *key);
const char *arg_text_or(struct request *r, const char *key, const char *otherwise);
const struct value *arg_bytes(struct request *r, const char *key);
bool arg_flag(struct request *r, const char *key);
uint64_t arg_number(struct request *r, const char *key, uint64_t max);
uint64_t arg_number_or(struct request *r, const char *key, uint64_t max, uint64_t otherwise);
void put_number(struct request *r, const char *key, double number);
void put_text(struct request *r, const char *key, const char *data, size_t length);
void put_string(struct request *r, const char *key, const char *text);
void put_flag(struct request *r, const char *key, bool flag);

/* channel.c: the line in both directions. */
int channel_send(const char *data, size_t length);
void channel_event(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void channel_serve(int in_fd, int out_fd);
void channel_open(int out_fd);

/* serve.c: one line to its operation, each in a thread of its own. */
void serve_line(char *line, size_t length);
void serve_drain(int deadline_ms);

/* clock.c */
#define DEADLINE_MAX_MS 86400000u
int64_t now_ms(void);
struct timespec;
void deadline_after(struct timespec *at, int64_t ms);
int start_thread(void *(*main)(void *), void *argument);
int pin_to_cpu(unsigned int cpu);

/* pattern.c: content as a pure function of seed, pass and position. */
void pattern_fill(void *buffer, size_t length, uint64_t seed, uint64_t pass, uint64_t offset_bytes);
bool pattern_holds(const void *buffer, size_t length, uint64_t seed, uint64_t pass, uint64_t offset_bytes);

/* descriptors.c */
bool descriptor_held(int fd);

/* glob.c: calls visit for each path that matches; stops at a non-zero return. */
typedef int (*path_visitor)(const char *path, void *context);
int glob_paths(const char *pattern, path_visitor visit, void *context);

/* files.c */
int slurp(const char *path, size_t max_bytes, char **data, size_t *length);

/* uevent.c */
int uevent_start(void);
uint64_t uevent_sequence(void);
void uevent_wait(uint64_t seen, int64_t ms);

/* init.c */
extern bool agent_is_init;
extern double agent_ready_seconds;
void agent_power_off(void);
int load_module_file(const char *path, const char *params);

/* module-params.c */
char *module_params(const char *path, const char *cmdline);

typedef int (*operation)(struct request *r);
int op_hello(struct request *r);
int op_file_read(struct request *r);
int op_file_write(struct request *r);
int op_file_stat(struct request *r);
int op_dir_list(struct request *r);
int op_dir_make(struct request *r);
int op_dir_remove(struct request *r);
int op_link_read(struct request *r);
int op_link_make(struct request *r);
int op_link_remove(struct request *r);
int op_net_up(struct request *r);
int op_mount(struct request *r);
int op_module_load(struct request *r);
int op_module_unload(struct request *r);
int op_open(struct request *r);
int op_close(struct request *r);
int op_ioctl(struct request *r);
int op_ring_command(struct request *r);
int op_io_start(struct request *r);
int op_io_wait(struct request *r);
int op_io_poll(struct request *r);
int op_load_start(struct request *r);
int op_load_poll(struct request *r);
int op_load_wait(struct request *r);
int op_load_stop(struct request *r);
int op_wait_until(struct request *r);
int op_uevent_take(struct request *r);
int op_poweroff(struct request *r);

#endif
