// SPDX-License-Identifier: GPL-2.0-only
import { relative, resolve } from 'node:path';
import { driverFiles } from '@libmultipath/scaffold';
import { running, type CliContext } from '../context.js';
import { checkName, writeNew } from './write-new.js';

/** `mpath new driver`. @throws LMP-933, LMP-934 */
export const newDriver = (context: CliContext, name: string, dir: string | undefined): Promise<void> =>
  running(context, async () => {
    checkName(name);
    const target = resolve(context.cwd, dir ?? name);
    const files = await driverFiles(name);
    await writeNew(target, files);
    const shown = relative(context.cwd, target) || '.';
    const lines = [
      ...files.map(({ path }) => `  ${shown}/${path}`),
      '',
      `${name} is begun: src/driver.ts is yours. Next:`,
      ...(shown === '.' ? [] : [`  cd ${shown}`]),
      '  npx mpath check',
    ];
    context.process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  });
