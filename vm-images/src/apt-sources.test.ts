// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { archivesOfTargets, archivesOfUpdate, parseStanzas, signedByOf } from './apt-sources.js';
import { parsePackage } from './private-apt.js';
import { compareReleases } from './release-order.js';

it('takes the archives of origin Debian, once each, and leaves security and others', () => {
  const targets = [
    'Origin: Debian\nLabel: Debian\nRepo-URI: http://mirror.example/debian/\nCodename: bookworm',
    'Origin: Debian\nLabel: Debian\nRepo-URI: http://mirror.example/debian/\nCodename: bookworm-updates',
    'Origin: Debian\nLabel: Debian-Security\nRepo-URI: http://mirror.example/debian-security/',
    'Origin: Someone\nLabel: Else\nRepo-URI: http://other.example/',
  ].join('\n\n');
  expect(archivesOfTargets(targets)).toEqual(['http://mirror.example/debian']);
  expect(archivesOfTargets('')).toEqual([]);
});

it('knows a Debian archive by its suites where apt has no lists yet', () => {
  const printed = [
    "'http://mirror.example/debian/dists/trixie/InRelease' mirror_InRelease 0 ",
    "'http://mirror.example/debian-security/dists/trixie-security/InRelease' security_InRelease 0 ",
    "'http://other.example/ubuntu/dists/noble/InRelease' other_InRelease 0 ",
  ].join('\n');
  expect(archivesOfUpdate(printed)).toEqual(['http://mirror.example/debian']);
});

it('finds who signs a source in both formats', () => {
  const stanzas =
    'Types: deb\n# a comment\nURIs: http://a.example/debian/\nSuites: x\nSigned-By: /keys/a.gpg\n\nTypes: deb\nURIs: http://b.example';
  expect(signedByOf('http://a.example/debian', { name: 'x.sources', text: stanzas })).toBe('/keys/a.gpg');
  expect(signedByOf('http://b.example', { name: 'x.sources', text: stanzas })).toBeUndefined();
  const lines =
    '# deb http://a.example/debian x main\ndeb [arch=amd64 signed-by=/keys/b.gpg] http://a.example/debian x main\n';
  expect(signedByOf('http://a.example/debian', { name: 'x.list', text: lines })).toBe('/keys/b.gpg');
});

it('keeps a key that stands in the source itself', () => {
  const [stanza] = parseStanzas('Signed-By:\n -----BEGIN-----\n .\n abc\nSuites: x');
  expect(stanza?.get('Signed-By')).toBe('\n -----BEGIN-----\n .\n abc');
  expect(stanza?.get('Suites')).toBe('x');
});

it('reads a package, with the first of each alternative it depends on', () => {
  const text =
    'Package: p\nVersion: 1:2\nDepends: a | b, c (= 1), d:any\nSize: 7\nSHA256: ff\n\nPackage: p\nVersion: 0\nSHA256: 00';
  expect(parsePackage(text)).toEqual({
    name: 'p',
    version: '1:2',
    sha256: 'ff',
    sizeBytes: 7,
    depends: ['a', 'c', 'd'],
  });
  expect(parsePackage('')).toBeUndefined();
});

it('orders releases by their numbers', () => {
  const sorted = ['6.1.0-9-x', '6.1.0-47-x', '6.1.0-50-x', '7.3.4+deb13-x', '7.3.10+deb13-x'];
  expect(sorted.toReversed().toSorted(compareReleases)).toEqual(sorted);
});
