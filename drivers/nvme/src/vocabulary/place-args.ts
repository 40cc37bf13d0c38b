// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { z } from 'zod';

/**
 * A directory of sysfs that has attributes: the head's, a path's, the subsystem's, a controller's, the parameters of
 * the module. Heads and paths are those of the first namespace unless it is said, and subsystem and head those of
 * the controller's subsystem, or of the first.
 */
export type AttributePlace =
  | { readonly kind: 'module' }
  | { readonly kind: 'subsystem'; readonly label: string | undefined }
  | { readonly kind: 'head'; readonly label: string | undefined; readonly nsid: number | undefined }
  | { readonly kind: 'path'; readonly label: string; readonly nsid: number | undefined }
  | { readonly kind: 'controller'; readonly label: string };

const place = z.string().transform((text, context): AttributePlace => {
  if (text === 'module') return { kind: text };
  const [, kind = '', name, nsid] =
    /^(head|path|controller|subsystem)(?: ([a-z][a-z0-9-]*))?(?: (\d{1,3}))?$/.exec(text) ?? [];
  const own = nsid === undefined ? undefined : Number(nsid);
  if (kind === 'subsystem' && own === undefined) return { kind, label: name };
  if (kind === 'head') return { kind, label: name, nsid: own };
  if (kind === 'path' && name !== undefined) return { kind, label: name, nsid: own };
  if (kind === 'controller' && name !== undefined && own === undefined) return { kind, label: name };
  const message =
    'expected head, subsystem, module, `path LABEL` or `controller LABEL`; a head or path of another namespace than ' +
    'the first with its number: `head 2`, `path c0 2`; those of another subsystem than the first with one of its ' +
    'controllers: `subsystem c2`, `head c2`';
  context.addIssue({ code: 'custom', message });
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
