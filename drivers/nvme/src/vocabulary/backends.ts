// SPDX-License-Identifier: GPL-2.0-only
import { guestResizeNamespace, guestSetBackend } from '../guest/words/backends.js';
import { modelResizeNamespace, modelSetBackend } from '../model/backends.js';
import type { NvmeStep } from './kinds.js';
import { resizeArgs, setBackendArgs, type ResizeArgs, type SetBackendArgs } from './target-args.js';

const setBackend: NvmeStep<SetBackendArgs> = {
  doc:
    'The disk behind a `mapped` namespace ends every read and write with an error (`failing`), keeps them (`blocked`), ' +
    'or carries them out, also what it has kept (`serving`).',
  example: 'set-backend: { nsid: 1, state: failing }',
  args: setBackendArgs,
  model: modelSetBackend,
  guest: guestSetBackend,
};

const resizeNamespace: NvmeStep<ResizeArgs> = {
  doc:
    'The disk behind a `mapped` namespace changes its size, at most to twice what it was made with, and the target says ' +
    'so; waits until every controller has scanned.',
  example: 'resize-namespace: { nsid: 1, sizeMiB: 96 }',
  args: resizeArgs,
  model: modelResizeNamespace,
  guest: guestResizeNamespace,
};

export const backendSteps = { 'set-backend': setBackend, 'resize-namespace': resizeNamespace };
