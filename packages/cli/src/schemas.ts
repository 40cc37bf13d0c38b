// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver } from '@libmultipath/contract';
import { scenarioSchema } from '@libmultipath/scenario';

/** Where a driver keeps the JSON Schema of its scenario files: an editor finds it beside them. */
export const schemaUrl = ({ scenarios }: AnyDriver): URL => new URL('scenario.schema.json', scenarios);

/** Its text: generated, so that it says what the parser takes. */
export const schemaText = (driver: AnyDriver): string => `${JSON.stringify(scenarioSchema(driver), null, 2)}\n`;
