// SPDX-License-Identifier: GPL-2.0-only
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shapeSteps } from '../src/battery/shape-steps.js';
import { loadConfig } from '../src/config.js';

/*
 * Writes the steps of each shape and driver on v3, to which a test holds the battery. To be run when
 * shapes were added or became longer, and to be looked at when a number becomes smaller.
 *
 *   npm run bench -- shape-steps
 */
const config = await loadConfig(fileURLToPath(new URL('../../../mpath.config.ts', import.meta.url)));
const steps: Record<string, Record<string, Readonly<Record<string, number>>>> = {};
for (const driver of ['nvme', 'scsi', 'virtio-blk']) steps[driver] = { v3: await shapeSteps(config, driver, 'v3') };
const file = fileURLToPath(new URL('../src/battery/shape-steps.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(steps, undefined, 2)}\n`);
process.stdout.write(`${file} written\n`);
