// SPDX-License-Identifier: GPL-2.0-only
import type { KernelVerdict } from '@libmultipath/contract';
import { incidentText } from '../../src/incident-text.js';

/** Machines that were lost and replaced; nothing where there were none. */
export const Incidents = ({ kernels }: { readonly kernels: readonly KernelVerdict[] }) => {
  const rows = kernels.flatMap(({ name, incidents = [] }) => incidents.map((incident) => ({ name, incident })));
  if (rows.length === 0) return null;
  return (
    <section aria-label="Machines that were lost and replaced">
      <h2>Machines that were lost and replaced: {rows.length}</h2>
      <ul>
        {rows.map(({ name, incident }, nth) => (
          <li key={nth}>
            <span class="kernel-name">{name}</span> {incidentText(incident)}
          </li>
        ))}
      </ul>
    </section>
  );
};
