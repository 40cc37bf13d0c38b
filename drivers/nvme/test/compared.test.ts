// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { compared } from './compared.js';

/*
 * Every attribute in sysfs that is about multipath, and every errno that an entry point of a head, a path or a
 * controller ends with, is compared with some kernel, or stands below with the reason why none can show it here.
 */

const disk = ['nsid', 'wwid', 'uuid', 'nguid', 'csi', 'metadata_bytes', 'nuse', 'passthru_err_log_enabled'];
const diag = (...names: string[]): string[] => names.map((name) => `diag/${name}`);

const attributes: Readonly<Record<string, readonly string[]>> = {
  subsystem: ['iopolicy', 'model', 'serial', 'firmware_rev', 'subsysnqn', 'subsystype'],
  module: ['multipath', 'multipath_always_on', 'iopolicy', 'max_retries'],
  head: [
    ...disk,
    'delayed_removal_secs',
    ...diag('io_requeue_no_usable_path_count', 'io_fail_no_available_path_count'),
  ],
  path: [
    ...[...disk, 'ana_state', 'ana_grpid', 'numa_nodes', 'queue_depth'],
    ...diag('multipath_failover_count', 'command_retries_count', 'command_error_count'),
  ],
  controller: [
    ...['state', 'cntlid', 'numa_node', 'transport', 'queue_count', 'sqsize', 'model', 'serial', 'firmware_rev'],
    ...['subsysnqn', 'kato', 'cntrltype', 'dctype', 'ctrl_loss_tmo', 'reconnect_delay', 'fast_io_fail_tmo'],
    ...['io_timeout', 'admin_timeout', 'quirks', 'passthru_err_log_enabled'],
    ...diag('command_error_count', 'reset_count', 'reconnect_count'),
  ],
};

const errnos: readonly string[] = [
  ...[
    'EAGAIN ioctl head id',
    'EAGAIN ioctl head flush',
    'EAGAIN ioctl head get-features',
    'EAGAIN ioctl head pr-clear',
  ],
  ...['EAGAIN ioctl head unknown', 'EAGAIN ioctl cdev id', 'EAGAIN ioctl cdev flush', 'EAGAIN ioctl cdev get-features'],
  ...['EACCES ioctl head set-queues', 'EINVAL ioctl head pr-register', 'EOPNOTSUPP ioctl head pr-register-flags'],
  ...['ENOTTY ioctl head unknown', 'ENOTTY ioctl cdev unknown', 'EINVAL ioctl head flush-elsewhere'],
  ...['EBUSY write controller reset_controller', 'ENETRESET write controller reset_controller'],
  ...['EINVAL write subsystem iopolicy', 'EINVAL write module iopolicy', 'ERANGE write module max_retries'],
  ...['EINVAL write head delayed_removal_secs', 'ERANGE write head delayed_removal_secs'],
  ...['EINVAL write controller io_timeout', 'EINVAL write controller ctrl_loss_tmo'],
  ...['EINVAL write head diag/io_fail_no_available_path_count', 'EINVAL write path diag/command_error_count'],
  ...['EAGAIN show head nuse', 'EINVAL ring-command flush', 'ENOTTY ring-command unknown'],
  ...['EIO read', 'EIO start-read', 'ENODATA read', 'ENOENT read', 'EAGAIN unload-transport'],
];

/** What no recording can have, and why. */
const cannot: Readonly<Record<string, string>> = {
  'attribute head eui': 'QEMU’s controllers have the quirk BOGUS_NID, and nvmet gives no EUI-64: it is hidden',
  'attribute path eui': 'as of the head',
  'attribute controller address': 'a place on a bus, or ports and source addresses that change from boot to boot',
  'ENXIO open head': 'the node in /dev is gone before the last reference is: an open gives ENOENT',
  'EBUSY write controller delete_controller': 'only before the controller has first started, when it has no attribute',
  'EBUSY write controller io_timeout': 'only before the controller has first started, when it has no attribute',
};

test('every attribute and errno is compared with a kernel', async () => {
  const seen = await compared();
  const wanted = Object.entries(attributes).flatMap(([place, names]) =>
    names.map((name) => `attribute ${place} ${name}`),
  );
  expect([...wanted, ...errnos].filter((what) => !seen.has(what))).toEqual([]);
});

test('what is said not to be shown is not', async () => {
  const seen = await compared();
  expect(Object.keys(cannot).filter((what) => seen.has(what))).toEqual([]);
});
