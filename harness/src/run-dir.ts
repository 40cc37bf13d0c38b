// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VmBlock } from '@libmultipath/contract';
import { isLmpError } from '@libmultipath/errors';
import { fail } from './errors.js';
import { InboundSocket } from './inbound-socket.js';

const PREFIX = 'mpath-vm-';
const KEPT_PREFIX = 'mpath-kept-';
const SOCKET_PATH_BYTES_MAX = 107;
/** Room beside the blocks: logs, and what others write meanwhile. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** Identity of a process that a later one with the same number does not share. */
const startTimeOf = (pid: number | 'self'): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 22; counted from the parenthesis, because the command name may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

/** The pid namespace: a pid of another one means nothing here. */
const pidNamespace = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
  } catch {
    return '0';
  }
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unwritable = (where: string, error: unknown): Error =>
  fail('LMP-707', {
    message: `the run directory cannot be made or written: ${reason(error)}`,
    where,
    todo: 'free some room there, or set TMPDIR to a directory that can be written',
    cause: error,
  });

/** The private directory of one virtual machine: sockets and block files, gone with it. */
export class RunDir {
  private constructor(
    /** Changes once, when the directory is kept. */
    public path: string,
    private readonly root: string,
  ) {}

  /**
   * Makes one; the owner's identity is in the name, so that it never stands there without.
   * @throws LMP-707 unwritable, LMP-709 path too long
   */
  static async make(root: string = tmpdir()): Promise<RunDir> {
    const owner = `${pidNamespace()}-${process.pid}-${startTimeOf('self') ?? '0'}`;
    const prefix = join(root, `${PREFIX}${owner}-`);
    if (Buffer.byteLength(join(`${prefix}xxxxxx`, 'console.sock')) > SOCKET_PATH_BYTES_MAX) {
      throw fail('LMP-709', {
        message: `the path of a socket there would exceed ${SOCKET_PATH_BYTES_MAX} bytes`,
        where: root,
        todo: 'set TMPDIR to a shorter directory, for example TMPDIR=/tmp',
      });
    }
    try {
      return new RunDir(await mkdtemp(prefix), root);
    } catch (error) {
      throw unwritable(root, error);
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /**
   * A socket in it.
   * @throws LMP-707
   */
  async listen(name: string): Promise<InboundSocket> {
    try {
      return await InboundSocket.listen(this.file(name));
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }

  /**
   * Makes the sparse files of the blocks; their whole size must be free on the disk,
   * because a full disk would be a failing device in the guest.
   * @throws LMP-707, LMP-708
   */
  async makeBlocks(all: readonly VmBlock[]): Promise<ReadonlyMap<string, string>> {
    const blocks = all.filter(({ of }) => of === undefined);
    const wantedBytes = blocks.reduce((sum, { sizeBytes }) => sum + sizeBytes, SPARE_BYTES);
    const files = new Map<string, string>();
    try {
      const { bavail, bsize } = await statfs(this.path);
      if (bavail * bsize < wantedBytes) {
        throw fail('LMP-708', {
          message: `the block files need ${Math.ceil(wantedBytes / 2 ** 20)} MiB, ${Math.floor((bavail * bsize) / 2 ** 20)} MiB are free`,
          where: this.root,
          todo: 'free some room there, or set TMPDIR to a directory on a larger disk',
        });
      }
      for (const { id, sizeBytes } of blocks) {
        const path = this.file(`${id}.img`);
        await writeFile(path, '', { flag: 'wx', mode: 0o600 });
        await truncate(path, sizeBytes);
        files.set(id, path);
      }
    } catch (error) {
      if (isLmpError(error)) throw error;
      throw unwritable(this.path, error);
    }
    return files;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }

  /** For the `exit` event of the process, where nothing can be awaited. */
  removeSync(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Takes it out of the reach of {@link sweepStaleRunDirs}, for a look after the end. */
  async keep(): Promise<string> {
    const kept = this.path.replace(PREFIX, KEPT_PREFIX);
    await rename(this.path, kept);
    this.path = kept;
    return kept;
  }
}

const OWNED = new RegExp(`^${PREFIX}(\\d+)-(\\d+)-(\\d+)-`);

/** Removes run directories of processes that are dead, and of no others. Never throws. */
export const sweepStaleRunDirs = async (root: string = tmpdir()): Promise<readonly string[]> => {
  const swept: string[] = [];
  const namespace = pidNamespace();
  for (const name of await readdir(root).catch(() => [])) {
    const [, ns, pid, start] = OWNED.exec(name) ?? [];
    if (ns !== namespace || pid === undefined || startTimeOf(Number(pid)) === start) continue;
    // Another user's directory refuses, and is not ours to remove.
    const removed = await rm(join(root, name), { recursive: true, force: true }).then(
      () => true,
      () => false,
    );
    if (removed) swept.push(join(root, name));
  }
  return swept;
};
