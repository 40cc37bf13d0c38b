// SPDX-License-Identifier: GPL-2.0-only

/**
 * What a user's struct nvme_passthru_cmd, nvme_user_io or nvme_uring_cmd says, as far as the model looks. In the
 * model the argument of an ioctl is an object with these fields; a field that is left out is 0.
 */
export interface user_command {
  readonly opcode: number;
  readonly flags: number;
  readonly nsid: number;
  /** Low half of the first block, in blocks of 512 bytes; of Set Features the feature, of Identify the structure. */
  readonly cdw10: number;
  /** nvme_user_io: the first block. */
  readonly slba: number;
}

const fields = ['opcode', 'flags', 'nsid', 'cdw10', 'slba'] as const;

/** Kernel: copy_from_user(). Undefined: bad address. Pure. */
export const commandFrom = (arg: unknown): user_command | undefined => {
  if (typeof arg !== 'object' || arg === null) return undefined;
  const values = fields.map((field): [string, unknown] => [field, Reflect.get(arg, field) ?? 0]);
  if (values.some(([, value]) => typeof value !== 'number')) return undefined;
  // Every field is there, and a number: both were just seen to.
  return Object.fromEntries(values) as unknown as user_command;
};

/** The user's buffer: `data` of the argument. */
export const bufferOf = (arg: unknown): { get: () => string; put: (data: string) => void } => ({
  get: () => (typeof arg === 'object' && arg !== null ? String(Reflect.get(arg, 'data') ?? '') : ''),
  put: (data) => {
    if (typeof arg === 'object' && arg !== null) Reflect.set(arg, 'data', data);
  },
});
