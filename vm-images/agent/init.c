// SPDX-License-Identifier: GPL-2.0-only
/*
 * The agent's beginning: process 1 of a guest, which mounts, loads the modules of the image
 * and finds its port; or, with --stdio, a program that serves its standard input.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PORT_NAME "org.libmultipath.agent"
#define PORT_DEADLINE_MS 60000
#define MODULE_LIST "/etc/mpath/modules"

bool agent_is_init;
double agent_ready_seconds;
static char module_faults[1024];

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "mpath-agent: ");
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "\n");
	fflush(stderr);
	va_end(arguments);
}

void agent_power_off(void)
{
	if (!agent_is_init)
		_exit(0);
	reboot(RB_POWER_OFF);
	say("reboot: %s", strerror(errno));
}

struct mount {
	const char *source, *target;
};

static void mount_one(const struct mount *m, bool needed)
{
	mkdir(m->target, 0755);
	if (mount(m->source, m->target, m->source, 0, NULL) < 0 && errno != EBUSY && needed)
		say("mount %s: %s", m->target, strerror(errno));
}

static void mount_needed(void)
{
	static const struct mount table[] = { { "proc", "/proc" }, { "sysfs", "/sys" }, { "devtmpfs", "/dev" } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		mount_one(&table[i], true);
}

/* What a kernel may not have; configfs can be one of the modules. */
static void mount_optional(void)
{
	static const struct mount table[] = {
		{ "tmpfs", "/tmp" },
		{ "tracefs", "/sys/kernel/tracing" },
		{ "debugfs", "/sys/kernel/debug" },
		{ "configfs", "/sys/kernel/config" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		mount_one(&table[i], false);
}

/* As modprobe does. Returns 0, or -1 with errno. */
static int load_with_params(const char *path, const char *cmdline)
{
	char *params = module_params(path, cmdline);

	if (!params) {
		errno = ENOMEM;
		return -1;
	}
	int result = load_module_file(path, params);
	int error = errno;

	free(params);
	errno = error;
	return result;
}

/* In the order of the list: the image was built so that each finds what it depends on. */
static void load_modules(void)
{
	char *list, *rest, *cmdline;
	size_t length;

	if (slurp(MODULE_LIST, 64 << 10, &list, &length) < 0 || !list)
		return;
	if (slurp("/proc/cmdline", 4096, &cmdline, &length) < 0)
		cmdline = NULL;
	for (char *path = strtok_r(list, "\n", &rest); path; path = strtok_r(NULL, "\n", &rest)) {
		if (load_with_params(path, cmdline ? cmdline : "") == 0 || errno == EEXIST)
			continue;
		size_t used = strlen(module_faults);

		snprintf(module_faults + used, sizeof(module_faults) - used, "%s%s: %s", used ? ", " : "", path, errno_name(errno));
		say("%s: %s", path, strerror(errno));
	}
	free(cmdline);
	free(list);
}

/* Prints what the command line on standard input says of a module. */
static int print_module_params(const char *path)
{
	char cmdline[4096];
	size_t length = fread(cmdline, 1, sizeof(cmdline) - 1, stdin);

	cmdline[length] = 0;
	char *params = module_params(path, cmdline);

	if (!params)
		return 1;
	puts(params);
	free(params);
	return 0;
}

struct port {
	int fd;
};

static int try_port(const char *path, void *context)
{
	struct port *port = context;
	char device[64];
	char *name;
	size_t length;
	bool ours;

	if (slurp(path, 256, &name, &length) < 0)
		return 0;
	while (length > 0 && name[length - 1] == '\n')
		length--;
	ours = length == strlen(PORT_NAME) && memcmp(name, PORT_NAME, length) == 0;
	free(name);
	if (!ours)
		return 0;
	const char *entry = path + strlen("/sys/class/virtio-ports/");
	snprintf(device, sizeof(device), "/dev/%.*s", (int)strcspn(entry, "/"), entry);
	port->fd = open(device, O_RDWR | O_CLOEXEC);
	return port->fd >= 0;
}

/* The port with the host listening on it, or -1 when the deadline is over. */
static int find_port(void)
{
	int64_t end = now_ms() + PORT_DEADLINE_MS;
	struct port port = { .fd = -1 };

	for (;;) {
		uint64_t seen = uevent_sequence();

		if (glob_paths("/sys/class/virtio-ports/*/name", try_port, &port))
			break;
		if (now_ms() >= end)
			return -1;
		uevent_wait(seen, 100);
	}
	struct pollfd host = { .fd = port.fd, .events = POLLOUT };
	int left = (int)(end - now_ms());
	return poll(&host, 1, left > 0 ? left : 0) == 1 && (host.revents & POLLOUT) ? port.fd : -1;
}

static void announce(void)
{
	struct request hello = { 0 };
	struct out line = { 0 };
	struct timespec up;

	clock_gettime(CLOCK_BOOTTIME, &up);
	agent_ready_seconds = (double)up.tv_sec + (double)(up.tv_nsec / 10000000) / 100;
	if (op_hello(&hello) == 0 && !hello.ok.failed) {
		out_word(&line, "{\"event\":\"ready\",");
		out_raw(&line, hello.ok.data, hello.ok.length);
		out_word(&line, "}\n");
		channel_send(line.data, line.length);
	} else {
		say("hello: %s", hello.message);
	}
	out_free(&line);
	out_free(&hello.ok);
	if (module_faults[0])
		channel_event("modules", "not loaded: %s", module_faults);
}

static void serve_guest(void)
{
	int fd;

	agent_is_init = true;
	umask(022);
	mount_needed();
	uevent_start();
	load_modules();
	mount_optional();
	fd = find_port();
	if (fd < 0) {
		say("no host on a virtio port called %s within %d ms", PORT_NAME, PORT_DEADLINE_MS);
	} else {
		channel_open(fd);
		announce();
		channel_serve(fd, fd);
		say("the host has closed the port");
	}
	/* Nobody is left who could ask for anything. */
	agent_power_off();
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	bool stdio = argc == 2 && strcmp(argv[1], "--stdio") == 0;

	signal(SIGPIPE, SIG_IGN);
	if (getpid() == 1 && !stdio) {
		serve_guest();
	} else if (stdio) {
		uevent_start();
		channel_open(STDOUT_FILENO);
		announce();
		channel_serve(STDIN_FILENO, STDOUT_FILENO);
		serve_drain(5000);
	} else if (argc == 3 && strcmp(argv[1], "--module-params") == 0) {
		return print_module_params(argv[2]);
	} else {
		fprintf(stderr, "usage: %s --stdio | --module-params FILE (or process 1 of a guest)\n", argv[0]);
		return 2;
	}
	return 0;
}
