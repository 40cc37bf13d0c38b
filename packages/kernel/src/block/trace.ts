// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import type { Machine } from '../machine.js';
import type { bio } from './bio.js';
import type { gendisk } from './gendisk.js';

/** What a probe on block:block_bio_remap sees: the bio, the disk it goes to, the disk named as the old one. */
export type BioRemapProbe = (what: bio, to: gendisk, from: gendisk) => void;

/* Probes are outside the simulated kernel: they are no state of it. */
const probes = new WeakMap<Machine, BioRemapProbe[]>();

/** Attaches a probe on the current machine. Kernel: register_trace_block_bio_remap(). */
export const register_trace_block_bio_remap = (probe: BioRemapProbe): void => {
  const machine = currentMachine();
  const attached = probes.get(machine);
  if (attached === undefined) probes.set(machine, [probe]);
  else attached.push(probe);
};

/** Kernel: trace_block_bio_remap(). No access to shared state: no step, call without yield*. */
export const trace_block_bio_remap = (what: bio, from: gendisk): void => {
  const to = what.bi_bdev?.bd_disk;
  if (to !== undefined) for (const probe of probes.get(currentMachine()) ?? []) probe(what, to, from);
};
