// SPDX-License-Identifier: GPL-2.0-only

/** As much of a JSON Schema as a page tells. */
export interface Schema {
  readonly [key: string]: unknown;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly description?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const WINDOW = '$window';
const LABEL = '^[a-z][a-z0-9-]*$';
const MOST = Number.MAX_SAFE_INTEGER;

const range = (what: string, min: number | undefined, max: number | undefined): string => {
  if (max === undefined || max >= MOST) return min === undefined || -min >= MOST ? what : `${what} from ${String(min)}`;
  return `${what} ${String(min ?? 0)} to ${String(max)}`;
};

const named = (values: readonly unknown[]): string =>
  values.map((value) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``).join(', ');

const textShape = ({ format, pattern }: Schema): string => {
  if (format === 'date') return 'date, `2027-01-31`';
  if (pattern === LABEL) return 'label';
  return pattern === undefined ? 'text' : `text like \`${pattern}\``;
};

/** What may stand there, in words. */
export const shapeOf = (schema: Schema): string => {
  const { type, items, additionalProperties: values } = schema;
  const either = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return named([schema.const]);
  if (schema.enum !== undefined) return schema.enum.length === 1 ? named(schema.enum) : `one of ${named(schema.enum)}`;
  if (either !== undefined) {
    const shapes = either.filter((one) => one.const !== WINDOW).map(shapeOf);
    return [...new Set(shapes)].join(', or ');
  }
  if (type === 'array') {
    const list = schema.maxItems === undefined ? 'list' : range('list of', schema.minItems, schema.maxItems);
    return items === undefined ? list : `${list}, each ${shapeOf(items)}`;
  }
  if (type === 'integer') return range('whole number', schema.minimum, schema.maximum);
  if (type === 'string') return textShape(schema);
  if (type === 'boolean') return 'true or false';
  if (type === 'null') return 'nothing';
  if (type === 'object') return typeof values === 'object' ? `by name: ${shapeOf(values)}` : 'keys';
  return type ?? 'anything';
};

export interface Property {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  /** Objects within it that have keys of their own. */
  readonly inner: readonly Schema[];
}

/** Objects with keys that a value of the schema may be, or hold. */
const objectsIn = (schema: Schema): Schema[] => {
  if (schema.properties !== undefined) return [schema];
  const { items, additionalProperties: values } = schema;
  const below = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(items === undefined ? [] : [items])];
  return [...below, ...(typeof values === 'object' ? [values] : [])].flatMap(objectsIn);
};

/** The keys of an object, in order. */
export const propertiesOf = ({ properties = {}, required = [] }: Schema): Property[] =>
  Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.includes(name),
    inner: objectsIn(schema),
  }));
