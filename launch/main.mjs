#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
// Only syntax that an old Node can parse, so that it can say it is too old.
import { tooOld } from './node-version.mjs';

const complaint = tooOld(process.versions.node);
if (complaint === undefined) {
  void import('./run.mjs').then(({ run }) => run(process.argv.slice(2)));
} else {
  process.stderr.write(complaint + '\n');
  process.exitCode = 2;
}
