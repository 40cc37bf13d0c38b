// SPDX-License-Identifier: GPL-2.0-only

export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Characters that XML 1.0 has. */
const valid = /^(?:[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]|[\u{10000}-\u{10FFFF}])*$/u;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string => {
  if (!valid.test(text)) throw new Error(`a character that XML does not have: ${JSON.stringify(text)}`);
  if (/[<>]/.test(text)) throw new Error(`a bracket: ${text}`);
  return text.replaceAll(/&([^;]*;?)/g, (whole, name: string) => {
    const char = entities[name.replace(/;$/, '')];
    if (char === undefined || !name.endsWith(';')) throw new Error(`no entity: ${whole}`);
    return char;
  });
};

const attributesOf = (text: string): Record<string, string> => {
  const attributes: Record<string, string> = {};
  let rest = text;
  while (rest.trim() !== '') {
    const [whole, name = '', value = ''] = /^\s+([a-z]+)="([^"]*)"/.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`no attribute: ${rest}`);
    if (name in attributes) throw new Error(`${name} twice`);
    attributes[name] = decoded(value);
    rest = rest.slice(whole.length);
  }
  return attributes;
};

/** Reads the part of XML that a report uses, and refuses all that is not well-formed. */
export const parseXml = (text: string): XmlElement => {
  const [declaration = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text) ?? [];
  if (declaration === '') throw new Error('no declaration');
  const root: XmlElement = { tag: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, chunk = '', closing, name = '', inside = '', empty] of text
    .slice(declaration.length)
    .matchAll(/([^<]*)(?:<(\/)?([a-z-]+)((?:\s+[a-z]+="[^"]*")*)\s*(\/)?>|$)/gy)) {
    const at = open.at(-1);
    if (at === undefined) throw new Error('closed too often');
    at.text += decoded(chunk);
    if (name === '') continue;
    if (closing !== undefined) {
      if (at.tag !== name) throw new Error(`</${name}> closes <${at.tag}>`);
      open.pop();
      continue;
    }
    const element: XmlElement = { tag: name, attributes: attributesOf(inside), children: [], text: '' };
    at.children.push(element);
    if (empty === undefined) open.push(element);
  }
  const [only, ...more] = root.children;
  if (only === undefined || more.length > 0 || open.length !== 1 || root.text.trim() !== '')
    throw new Error('not one element');
  return only;
};
