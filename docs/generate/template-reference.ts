// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateShapeV3 } from '@libmultipath/core';
import ts from 'typescript';
import { fence, generated } from './markdown.js';

const TEMPLATE = 'mpath_head_template';

/** A member of an interface, and its doc comment. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  /** Text of the comment before its tags. */
  readonly told: string;
  readonly returns: string | undefined;
  readonly example: string | undefined;
}

/** One line for each paragraph. */
const joined = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, ' ').trim())
    .join('\n\n');

const tagOf = (member: ts.Node, name: string): string | undefined => {
  const tag = ts.getJSDocTags(member).find((one) => one.tagName.text === name);
  return tag === undefined ? undefined : (ts.getTextOfJSDocComment(tag.comment) ?? '').trim();
};

/** What the comment says before its tags. */
const toldBy = (member: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(member)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n');

/** The members of the interface `mpath_head_template` in a source. */
export const membersOf = (source: string): Member[] => {
  const file = ts.createSourceFile('template.ts', source, ts.ScriptTarget.Latest, true);
  const [template] = file.statements.filter(ts.isInterfaceDeclaration).filter(({ name }) => name.text === TEMPLATE);
  return [...(template?.members ?? [])].filter(ts.isPropertySignature).map((member) => {
    const returns = tagOf(member, 'returns');
    return {
      name: member.name.getText(),
      optional: member.questionToken !== undefined,
      type: (member.type?.getText() ?? '').replaceAll(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(', )', ')'),
      told: joined(toldBy(member)),
      returns: returns === undefined ? undefined : joined(returns),
      example: tagOf(member, 'example'),
    };
  });
};

const marked = (paragraph: string): string =>
  paragraph.replace(/^(When|Context):/, '**$1:**').replaceAll(/ Context:/g, ' **Context:**');

const section = ({ name, optional, type, told, returns, example }: Member): string =>
  [
    `### ${name}\n`,
    fence('ts', `${name}${optional ? '?' : ''}: ${type}`),
    ...told.split('\n\n').map((paragraph) => `${marked(paragraph)}\n`),
    returns === undefined ? '' : `**Returns** ${returns}\n`,
    example === undefined ? '' : fence('ts', example),
  ]
    .filter((part) => part !== '')
    .join('\n');

const intro = `What a driver brings to libmultipath: \`struct mpath_head_template\`, as the posted series (v3) has it. Every callback is a kernel
function, declared in TypeScript as a generator. Mandatory are ${templateShapeV3.mandatory.map((name) => `\`${name}\``).join(', ')};
the library does not ask whether they are there. Pairs are all or nothing: \`add_cdev\`, \`del_cdev\` and \`cdev_ioctl\`;
\`ioctl_begin\` and \`ioctl_finish\`.

The examples are members of one template, for a driver whose paths have a \`state\` (LIVE, BLOCKED, GONE) and which keeps a \`host\`
for each head. A test runs them (\`packages/driver-kit/src/template/examples.test.ts\`). [Write a driver](../write-a-driver.md) goes
through a whole one.
`;

/** docs/reference/template.md. */
export const templateReference = (root: string): string => {
  const of = (revision: string): Member[] =>
    membersOf(readFileSync(join(root, `packages/core/src/${revision}/template.ts`), 'utf8'));
  return [
    generated('Callbacks of the template', 'packages/core/src/v1, v2 and v3/template.ts') + intro,
    '## v3 and fixed\n',
    ...of('v3').map(section),
    '## What v2 has instead\n',
    'The other callbacks are as in v3; `is_disabled` and `is_optimized` are the same in every revision.\n',
    ...of('v2').map(section),
    '## What v1 has instead\n',
    'v1 checks nothing before use but where it says so.\n',
    ...of('v1').map(section),
  ].join('\n');
};
