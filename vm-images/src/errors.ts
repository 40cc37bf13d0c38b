// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

/** LMP-8nn: kernels, images and the agent. */
export const vmImagesErrors = defineErrors({
  'LMP-800': {
    title: 'no kernel has this name',
    explain:
      'Kernels are data in vm-images/src/kernels.ts. `mpath vm list` shows their names; `latest` means the newest that can be had, `host` the kernel of this machine, and a path a bzImage.',
    exit: 2,
  },
  'LMP-801': {
    title: 'apt has no Debian source',
    explain:
      'Kernels come from the Debian mirror that this machine already uses. None of its apt sources is a Debian archive. Give a kernel of your own: --kernel path/to/bzImage --modules dir.',
    exit: 2,
  },
  'LMP-802': {
    title: 'the kernel could not be fetched, and none is cached',
    explain:
      'apt could not reach its mirror, or could not verify what it got. Run the command again with network, or give --kernel path/to/bzImage. Once fetched, a kernel is used without network.',
    exit: 2,
  },
  'LMP-803': {
    title: 'the cache cannot be written',
    explain: 'Kernels and images are kept in a cache directory. It must be a directory this user can write to.',
    exit: 2,
  },
  'LMP-804': {
    title: 'the disk is full',
    explain:
      'Fetching a kernel needs about 300 MB for a short time, and keeps about 120 MB. What was written so far is removed; what was cached before is untouched.',
    exit: 2,
  },
  'LMP-805': {
    title: 'this is no kernel that can be booted',
    explain:
      'Expected is an x86 bzImage: boot flag 0xaa55 and the signature "HdrS" in its header. A vmlinux (ELF) is not one: take arch/x86/boot/bzImage of the build.',
    exit: 2,
  },
  'LMP-806': {
    title: 'a module is missing',
    explain:
      'A module that the guest needs is neither built into the kernel (modules.builtin) nor found below its modules directory. With --kernel path, say where the modules are with --modules dir: the target of `make modules_install`, or the build tree.',
    exit: 2,
  },
  'LMP-807': {
    title: 'a program is missing',
    explain: 'Fetching needs apt-get, apt-cache and dpkg-deb; compressed modules need xz or zstd.',
    exit: 2,
  },
  'LMP-808': {
    title: 'a package does not hold what a kernel package holds',
    explain:
      'A kernel is expected as boot/vmlinuz-RELEASE or lib/modules/RELEASE/vmlinuz, its modules below lib/modules/RELEASE, and the content must have the checksum that the archive states.',
    exit: 2,
  },
  'LMP-809': {
    title: 'the kernel or its modules cannot be read',
    explain: 'A path was given that is absent or not readable by this user.',
    exit: 2,
  },
  'LMP-810': {
    title: 'the guest agent cannot be built here',
    explain: 'It is a static C program: gcc and the static C library are needed (Debian: gcc, libc6-dev).',
    exit: 2,
  },
  'LMP-811': {
    title: 'the guest agent does not compile',
    explain: 'The compiler refused the sources in vm-images/agent. A fault of ours, or of an unusual compiler.',
    exit: 70,
  },
  'LMP-812': {
    title: 'a module file cannot be understood',
    explain: 'Expected is a 64-bit little-endian ELF object with a .modinfo section, plain or as .xz, .zst or .gz.',
    exit: 2,
  },
  'LMP-813': {
    title: 'the archive has no such kernel',
    explain:
      'The suite named in vm-images/src/kernels.ts was read, and none of its packages matches the pattern, or those ' +
      'that match depend on packages which the archive no longer has.',
    exit: 2,
  },
});
