import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSchemas } from '../../../framework/schema/generate/index.js';
import { canonicalJson } from '../../../framework/schema/index.js';
import { tempDir } from '../../support/index.js';

describe('layout hash', () => {
  const hashOf = (yaml: string): string => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), `name: one/A\n${yaml}`);
    const { schemas, errors } = loadSchemas(folder);
    assert.deepEqual(errors, []);
    assert.match(schemas[0]!.hash, /^[0-9a-f]{16}$/);
    return schemas[0]!.hash;
  };
  const base = 'fields: { x: uint8, e: { type: enum, values: { a: 0, b: 1 } }, v: Vector3 }';

  it('stays the same when only words for people change', () => {
    const words =
      'doc: new\nfields:\n  x: { type: uint8, unit: m, doc: y }\n  e: { type: enum, base: uint8, values: { b: 1, a: 0 } }\n  v: std/Vector3';
    assert.equal(hashOf(base), hashOf(words));
  });

  it('changes with names, types, order and enum values', () => {
    const others = [
      'fields: { y: uint8, e: { type: enum, values: { a: 0, b: 1 } }, v: Vector3 }',
      'fields: { x: int8, e: { type: enum, values: { a: 0, b: 1 } }, v: Vector3 }',
      'fields: { e: { type: enum, values: { a: 0, b: 1 } }, x: uint8, v: Vector3 }',
      'fields: { x: uint8, e: { type: enum, values: { a: 0, b: 2 } }, v: Vector3 }',
      'fields: { x: uint8, e: { type: enum, values: { a: 0, c: 1 } }, v: Vector3 }',
      'fields: { x: uint8, e: { type: enum, values: { a: 0, b: 1 } }, v: Quaternion }',
    ];
    assert.equal(new Set([base, ...others].map(hashOf)).size, others.length + 1);
  });

  it('is taken over the canonical text, whose keys are in order', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), `name: one/A\n${base}`);
    const { descriptor } = loadSchemas(folder).schemas[0]!;
    assert.equal(
      canonicalJson(descriptor),
      JSON.stringify(descriptor),
      'descriptors are made in canonical order',
    );
    assert.ok(
      canonicalJson(descriptor).startsWith(
        '{"align":8,"fields":[{"name":"x","offset":0,"type":{"kind":"scalar",',
      ),
    );
  });
});
