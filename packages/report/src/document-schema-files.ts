// SPDX-License-Identifier: GPL-2.0-only
import { documentJsonSchemas } from './document-schemas.js';

/** Folder of the schemas: `@libmultipath/report/schemas/verify-1.schema.json` in a program that reads documents. */
export const schemaFolder = new URL('../schemas/', import.meta.url);

/** Name of a schema's file: kind and version of the document, `mpath.verify/1`. */
const fileOf = (document: string): string => `${document.replace(/^mpath\./, '').replace('/', '-')}.schema.json`;

/** What the folder has: generated, so that it says what is written. A new version of a document is a new file. */
export const schemaFiles = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(documentJsonSchemas()).map(([document, schema]) => [
      fileOf(document),
      `${JSON.stringify({ $id: `urn:${document.replace('/', ':')}`, title: document, ...schema }, null, 2)}\n`,
    ]),
  );
