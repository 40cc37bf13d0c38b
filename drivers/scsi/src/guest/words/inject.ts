// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { READ_10, WRITE_10 } from '../../environment/opcodes.js';
import { errors } from '../../errors.js';
import type { InjectArgs, PathArgs } from '../../vocabulary/args.js';
import { errorFileOf, errorLines } from '../arrays/scsi-debug.js';
import { attachedNexuses, nexusOf, type Nexus, type ScsiGuestWorld } from '../world.js';

/** Kinds of scsi_debug's injection: the command is never answered, or answered so. */
const NO_ANSWER = 0;
const ANSWER = 2;
const OPCODES = [READ_10, WRITE_10] as const;
const CHECK_CONDITION = 0x02;
/**
 * scsi_debug writes sense data with every answer, whatever its status, and sd of 6.12 reads it whatever the status:
 * sense key 0 (NO SENSE) would make a success of no bytes of any error. This key means nothing to sd or the midlayer.
 */
const MISCOMPARE = [0x0e, 0, 0] as const;

const hex = (value: number): string => `0x${value.toString(16)}`;

/** @throws LMP-260 nobody but scsi_debug of 6.8 and later can be told */
const fileOf = async ({ port, topology }: ScsiGuestWorld, { address }: Nexus): Promise<string> => {
  const lines = topology.array === 'scsi_debug' ? await errorLines(port, address) : undefined;
  if (lines !== undefined) return errorFileOf(address);
  throw errors.fail('LMP-260', {
    message: 'inject: only scsi_debug of Linux 6.8 and later can be told what a device answers',
    todo: 'say `array: scsi_debug` and `needs: [answers-injected]`',
  });
};

/** Count of -n: the next n; scsi_debug keeps one answer for an opcode, the latest. */
const lineOf = (opcode: number, { completion, count = 1 }: InjectArgs): string => {
  if (completion === 'no-answer') return `${String(NO_ANSWER)} ${String(-count)} ${hex(opcode)}\n`;
  const { host = 0, sense } = completion;
  const status = completion.status ?? (sense === undefined ? 0 : CHECK_CONDITION);
  const bytes = [opcode, host, 0, status, ...(sense ?? MISCOMPARE)].map(hex);
  return `${String(ANSWER)} ${String(-count)} ${bytes.join(' ')}\n`;
};

/** @throws LMP-260 */
export const guestInject = async (world: ScsiGuestWorld, args: InjectArgs): Promise<void> => {
  const nexus = nexusOf(world, args.path);
  const path = await fileOf(world, nexus);
  for (const opcode of OPCODES) await world.port.call('file.write', { path, data: lineOf(opcode, args) });
  world.session.injected.set(args.path, args.count ?? 1);
};

interface Armed {
  readonly type: number;
  readonly left: number;
  readonly opcode: number;
}

const armedAt = async ({ port }: ScsiGuestWorld, { address }: Nexus): Promise<readonly Armed[]> =>
  ((await errorLines(port, address)) ?? []).map((line) => {
    const [type = 0, left = 0, opcode = 0] = line.trim().split(/\s+/).map(Number);
    return { type, left: -left, opcode };
  });

/** @throws LMP-260 */
export const guestEndInjection = async (world: ScsiGuestWorld, { path: label }: PathArgs): Promise<void> => {
  const nexus = nexusOf(world, label);
  const path = await fileOf(world, nexus);
  for (const { type, opcode } of await armedAt(world, nexus)) {
    await world.port.call('file.write', { path, data: `- ${String(type)} ${hex(opcode)}\n` });
  }
  world.session.injected.delete(label);
};

/** Reads and writes draw on one count in the model; here each has its own, of the same size. */
export const guestInjected = async (world: ScsiGuestWorld): Promise<Json> => {
  const value: Record<string, Json> = Object.fromEntries([...world.nexuses.keys()].map((label) => [label, 0]));
  for (const nexus of attachedNexuses(world)) {
    const count = world.session.injected.get(nexus.label);
    if (count === undefined) continue;
    const used = (await armedAt(world, nexus)).reduce((sum, { left }) => sum + count - left, 0);
    value[nexus.label] = count - used;
  }
  return value;
};
