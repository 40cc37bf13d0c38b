// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { z } from 'zod';

/** A directory of sysfs that has attributes: the head's, the subsystem's, a path's or a controller's. */
export type AttributePlace =
  | { readonly kind: 'head' | 'subsystem' }
  | { readonly kind: 'path' | 'controller'; readonly label: string };

const place = z.string().transform((text, context): AttributePlace => {
  if (text === 'head' || text === 'subsystem') return { kind: text };
  const [, kind, name] = /^(path|controller) ([a-z][a-z0-9-]*)$/.exec(text) ?? [];
  if (name !== undefined && (kind === 'path' || kind === 'controller')) return { kind, label: name };
  context.addIssue({ code: 'custom', message: 'expected head, subsystem, `path LABEL` or `controller LABEL`' });
  return z.NEVER;
});

/** Name of an attribute, in a group of the directory where it has a slash: `diag/command_error_count`. */
const attribute = z.string().regex(/^[a-z][a-z0-9_]*(\/[a-z][a-z0-9_]*)?$/, 'expected the name of an attribute');

/** `values: { of: path c0, attributes: [ana_state, ana_grpid] }`; one attribute may stand without brackets. */
export const valuesArgs = z
  .strictObject({ of: place, attributes: z.union([attribute, z.array(attribute).min(1).max(32)]) })
  .transform(({ of, attributes }): ValuesArgs => ({
    of,
    attributes: Array.isArray(attributes) ? attributes : [attributes],
  }));
export interface ValuesArgs {
  readonly of: AttributePlace;
  readonly attributes: readonly string[];
}

/** `try-write: { of: head, attribute: delayed_removal_secs, value: x, as: refused }`. */
export const tryWriteArgs = z.strictObject({
  of: place,
  attribute,
  value: z.union([z.string(), z.int()]).transform(String),
  as: label,
});
export type TryWriteArgs = Readonly<z.infer<typeof tryWriteArgs>>;

/** Label of the controller that a place is about. */
export const labelOf = (of: AttributePlace): string | undefined => ('label' in of ? of.label : undefined);
