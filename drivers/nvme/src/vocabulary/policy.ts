// SPDX-License-Identifier: GPL-2.0-only
import {
  noArgs,
  setIopolicyArgs,
  tryIopolicyArgs,
  type NoArgs,
  type SetIopolicyArgs,
  type TryIopolicyArgs,
} from '@libmultipath/driver-kit';
import { guestIopolicy } from '../guest/words/iopolicy.js';
import { guestNumaNodes } from '../guest/words/numa-nodes.js';
import { guestPolicyMessage } from '../guest/words/policy-message.js';
import { guestSetIopolicy } from '../guest/words/set-iopolicy.js';
import { guestTryIopolicy } from '../guest/words/try-iopolicy.js';
import { modelNumaNodes } from '../model/disks.js';
import { modelIopolicy, modelPolicyMessage, modelSetIopolicy, modelTryIopolicy } from '../model/policy.js';
import { resultRef, type NvmeObservation, type NvmeStep } from './kinds.js';

const setIopolicy: NvmeStep<SetIopolicyArgs> = {
  doc: 'Writes the policy to the subsystem’s `iopolicy`; the kernel must take it.',
  example: 'set-iopolicy: round-robin',
  args: setIopolicyArgs,
  model: modelSetIopolicy,
  guest: guestSetIopolicy,
};

const tryIopolicy: NvmeStep<TryIopolicyArgs> = {
  doc: 'Writes the policy and keeps `ok` or the errno name for `result-of`.',
  example: 'try-iopolicy: { policy: queue-depth, as: change }',
  args: tryIopolicyArgs,
  binds: (args) => [resultRef(args.as)],
  model: modelTryIopolicy,
  guest: guestTryIopolicy,
};

const iopolicy: NvmeObservation<NoArgs> = {
  doc: 'The policy of the subsystem; null: there is no subsystem.',
  example: 'observe: iopolicy',
  args: noArgs,
  model: modelIopolicy,
  guest: guestIopolicy,
};

const numaNodes: NvmeObservation<NoArgs> = {
  doc: 'Exact content of `numa_nodes` of each attached controller’s path; null: this kernel has none.',
  example: 'observe: numa-nodes',
  args: noArgs,
  model: modelNumaNodes,
  guest: guestNumaNodes,
};

const policyMessage: NvmeObservation<NoArgs> = {
  doc: 'What the kernel log says about changes of policy; the subsystem’s name is shown as `<NQN>`.',
  example: 'observe: policy-message',
  args: noArgs,
  model: modelPolicyMessage,
  guest: guestPolicyMessage,
};

export const policySteps = { 'set-iopolicy': setIopolicy, 'try-iopolicy': tryIopolicy };
export const policyObservations = { iopolicy, 'numa-nodes': numaNodes, 'policy-message': policyMessage };
