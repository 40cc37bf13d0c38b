// SPDX-License-Identifier: GPL-2.0-only
/* The guest as a whole: identity, mounts, modules, power. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int op_hello(struct request *r)
{
	struct utsname name;
	char *cmdline;
	size_t length;

	if (uname(&name) < 0)
		return fail_errno(r, "uname", "-");
	if (slurp("/proc/cmdline", 4096, &cmdline, &length) < 0)
		return fail_errno(r, "read", "/proc/cmdline");
	while (length > 0 && cmdline[length - 1] == '\n')
		length--;
	put_number(r, "agent", AGENT_PROTOCOL);
	put_string(r, "release", name.release);
	put_string(r, "version", name.version);
	put_string(r, "machine", name.machine);
	put_text(r, "cmdline", cmdline ? cmdline : "", length);
	put_number(r, "cpus", (double)sysconf(_SC_NPROCESSORS_ONLN));
	put_number(r, "uptimeSeconds", agent_ready_seconds);
	free(cmdline);
	return 0;
}

int op_mount(struct request *r)
{
	const char *source = arg_text(r, "source");
	const char *target = arg_text(r, "target");
	const char *fstype = arg_text(r, "fstype");
	const char *data = arg_text_or(r, "data", NULL);

	if (r->error)
		return -1;
	return mount(source, target, fstype, 0, data) < 0 ? fail_errno(r, "mount", target) : 0;
}

/* Returns 0, or -1 with errno; EEXIST means that it is there already. */
int load_module_file(const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result, error;

	if (fd < 0)
		return -1;
	result = (int)syscall(SYS_finit_module, fd, params, 0);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

int op_module_load(struct request *r)
{
	const char *path = arg_text(r, "path");
	const char *params = arg_text_or(r, "params", "");

	if (r->error)
		return -1;
	int result = load_module_file(path, params);
	if (result < 0 && errno != EEXIST)
		return fail_errno(r, "finit_module", path);
	put_flag(r, "loaded", result == 0);
	return 0;
}

int op_module_unload(struct request *r)
{
	const char *name = arg_text(r, "name");

	if (r->error)
		return -1;
	return syscall(SYS_delete_module, name, O_NONBLOCK) < 0 ? fail_errno(r, "delete_module", name) : 0;
}

/* A target and its host in one guest talk over the loopback interface. */
int op_net_up(struct request *r)
{
	const char *name = arg_text(r, "interface");
	struct ifreq request = { 0 };
	int fd, result;

	if (r->error)
		return -1;
	if (strlen(name) >= sizeof(request.ifr_name))
		return fail(r, EINVAL, "interface: expected a shorter name");
	memcpy(request.ifr_name, name, strlen(name));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail_errno(r, "socket", name);
	result = ioctl(fd, SIOCGIFFLAGS, &request);
	if (result == 0) {
		request.ifr_flags |= IFF_UP;
		result = ioctl(fd, SIOCSIFFLAGS, &request);
	}
	if (result < 0)
		fail_errno(r, "ioctl", name);
	close(fd);
	return result < 0 ? -1 : 0;
}

int op_poweroff(struct request *r)
{
	r->after = agent_power_off;
	return 0;
}
