// SPDX-License-Identifier: GPL-2.0-only
/* From a line to its operation. Each request has a thread: a blocked one blocks no other. */
#include "agent.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
	const char *name;
	operation run;
} operations[] = {
	{ "hello", op_hello },
	{ "file.read", op_file_read },
	{ "file.write", op_file_write },
	{ "file.stat", op_file_stat },
	{ "dir.list", op_dir_list },
	{ "dir.make", op_dir_make },
	{ "dir.remove", op_dir_remove },
	{ "link.read", op_link_read },
	{ "link.make", op_link_make },
	{ "link.remove", op_link_remove },
	{ "net.up", op_net_up },
	{ "mount", op_mount },
	{ "module.load", op_module_load },
	{ "module.unload", op_module_unload },
	{ "open", op_open },
	{ "close", op_close },
	{ "ioctl", op_ioctl },
	{ "ring.command", op_ring_command },
	{ "io.start", op_io_start },
	{ "io.wait", op_io_wait },
	{ "io.poll", op_io_poll },
	{ "load.start", op_load_start },
	{ "load.poll", op_load_poll },
	{ "load.wait", op_load_wait },
	{ "load.stop", op_load_stop },
	{ "wait.until", op_wait_until },
	{ "uevent.take", op_uevent_take },
	{ "poweroff", op_poweroff },
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;
static unsigned int inflight;

struct call {
	struct request request;
	struct document doc;
	operation run;
	char *line;
};

static void answer(struct request *r)
{
	struct out line = { 0 };

	if (r->ok.failed)
		fail(r, ENOMEM, "no memory for the answer");
	out_word(&line, "{");
	out_key(&line, "id");
	out_number(&line, (double)r->id);
	out_key(&line, r->error ? "error" : "ok");
	out_word(&line, "{");
	if (r->error) {
		const char *name = errno_name(r->error);

		out_key(&line, "errno");
		out_text(&line, name, strlen(name));
		out_key(&line, "message");
		out_text(&line, r->message, strlen(r->message));
	} else if (r->ok.length > 0) {
		out_raw(&line, r->ok.data, r->ok.length);
	}
	out_word(&line, "}}\n");
	if (line.failed)
		channel_event("error", "no memory to answer request %llu", (unsigned long long)r->id);
	else
		channel_send(line.data, line.length);
	out_free(&line);
	out_free(&r->ok);
}

static void forget(struct call *call)
{
	json_free(&call->doc);
	free(call->line);
	free(call);
}

static void *perform(void *argument)
{
	struct call *call = argument;
	void (*after)(void);

	call->run(&call->request);
	answer(&call->request);
	after = call->request.error ? NULL : call->request.after;
	forget(call);
	pthread_mutex_lock(&lock);
	if (--inflight == 0)
		pthread_cond_broadcast(&idle);
	pthread_mutex_unlock(&lock);
	if (after)
		after();
	return NULL;
}

/* Fills the call from the parsed line; false when there is no id to answer to. */
static bool understand(struct call *call, const struct value *root)
{
	static const struct value none = { .kind = V_OBJECT };
	const struct value *id = json_member(root, "id");
	const struct value *op = json_member(root, "op");
	const struct value *args = json_member(root, "args");

	if (!id || id->kind != V_NUMBER || id->number < 0 || id->number > 9007199254740991.0 ||
	    id->number != floor(id->number))
		return false;
	call->request.id = (uint64_t)id->number;
	call->request.args = args ? args : &none;
	if (!op || op->kind != V_TEXT) {
		fail(&call->request, EINVAL, "op: a string is expected");
		return true;
	}
	if (args && args->kind != V_OBJECT)
		fail(&call->request, EINVAL, "args: an object is expected");
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (strcmp(operations[i].name, op->text) == 0)
			call->run = operations[i].run;
	if (!call->run)
		fail(&call->request, ENOSYS, "no operation is called %.100s", op->text);
	return true;
}

static bool enter(void)
{
	bool room;

	pthread_mutex_lock(&lock);
	room = inflight < INFLIGHT_MAX;
	if (room)
		inflight++;
	pthread_mutex_unlock(&lock);
	return room;
}

static void leave(void)
{
	pthread_mutex_lock(&lock);
	if (--inflight == 0)
		pthread_cond_broadcast(&idle);
	pthread_mutex_unlock(&lock);
}

void serve_line(char *text, size_t length)
{
	struct call *call = calloc(1, sizeof(*call));
	char *line = malloc(length + 1);
	const struct value *root;
	int error;

	if (!call || !line) {
		free(call);
		free(line);
		channel_event("error", "no memory for a request");
		return;
	}
	memcpy(line, text, length);
	line[length] = '\0';
	call->line = line;
	root = json_parse(&call->doc, line, length);
	if (!root || !understand(call, root)) {
		channel_event("error", "a line that is no request: %s", root ? "id: a whole number is expected" : call->doc.fault);
		forget(call);
		return;
	}
	if (!call->request.error && !enter()) {
		fail(&call->request, EAGAIN, "more than %d requests at once", INFLIGHT_MAX);
	} else if (!call->request.error) {
		error = start_thread(perform, call);
		if (!error)
			return;
		leave();
		fail(&call->request, error, "no thread for the request");
	}
	answer(&call->request);
	forget(call);
}

/* Waits for the requests under way, at most so long. */
void serve_drain(int deadline_ms)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_sec += deadline_ms / 1000;
	pthread_mutex_lock(&lock);
	while (inflight > 0 && pthread_cond_timedwait(&idle, &lock, &at) == 0)
		;
	pthread_mutex_unlock(&lock);
}
