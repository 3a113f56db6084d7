import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { REPO } from '../support/index.js';
import { assertTidy } from './tree.js';

const MODELINE = /^# yaml-language-server: \$schema=(\S+)\n/;

function filesOf(folder: string, extension: string): string[] {
  return readdirSync(join(REPO, folder))
    .filter((name) => name.endsWith(extension))
    .map((name) => `${folder}/${name}`);
}

function read(path: string): string {
  return readFileSync(join(REPO, path), 'utf8');
}

/** The strictest that ajv has: unknown keywords, ignored keywords and missing types are errors. */
function compile(schema: Record<string, unknown>): void {
  const Draft = String(schema['$schema']).includes('2020-12') ? Ajv2020 : Ajv;
  new Draft({ strict: true, strictTypes: true, strictTuples: true, allowUnionTypes: true }).compile(schema);
}

/** Properties of a JSON Schema that an editor could not explain. */
function undescribed(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    if (key !== 'properties' || path.endsWith('/properties')) return undescribed(value, here);
    return Object.entries(value as Record<string, object>).flatMap(([name, property]) => [
      ...('description' in property || '$ref' in property || 'const' in property ? [] : [`${here}/${name}`]),
      ...undescribed(property, `${here}/${name}`),
    ]);
  });
}

describe('tidy: JSON Schemas', () => {
  for (const path of filesOf('schemas', '.json')) {
    it(`${path} compiles in strict mode`, () => compile(JSON.parse(read(path)) as Record<string, unknown>));

    it(`${path} describes every key`, () =>
      assertTidy(undescribed(JSON.parse(read(path))).map((key) => `${path}: ${key} has no description`)));
  }

  it('exist for launch files and schema files', () =>
    assert.deepEqual(filesOf('schemas', '.json').sort(), [
      'schemas/launch.schema.json',
      'schemas/schema.schema.json',
    ]));

  it('are refused when a keyword is misspelt or a key is not described', () => {
    assert.throws(() => compile({ type: 'object', propreties: {} }), /unknown keyword/);
    const schema = {
      properties: { a: { description: 'x' }, b: { properties: { c: {} } }, properties: { $ref: '#' } },
    };
    assert.deepEqual(undescribed(schema), ['/properties/b', '/properties/b/properties/c']);
  });
});

describe('tidy: launch files', () => {
  it('are there', () => assert.ok(filesOf('launch', '.yaml').length > 0, 'launch/ has no launch file'));

  for (const path of filesOf('launch', '.yaml'))
    it(`${path} tells editors its schema in the first line`, () => {
      const schema = MODELINE.exec(read(path))?.[1];
      assert.ok(schema !== undefined, `${path}: the first line is no yaml-language-server modeline`);
      assert.ok(existsSync(join(REPO, dirname(path), schema)), `${path}: ${schema} does not exist`);
    });
});
