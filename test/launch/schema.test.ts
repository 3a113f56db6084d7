import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileJsonSchema } from '../../framework/yaml/index.js';
import { REPO } from '../support/index.js';

const SCHEMA = JSON.parse(readFileSync(join(REPO, 'schemas/launch.schema.json'), 'utf8')) as object;

/** All `properties` of a JSON Schema: name → what is said about it. */
function propertiesOf(part: unknown): [string, Record<string, unknown>][] {
  if (typeof part !== 'object' || part === null) return [];
  const { properties = {} } = part as { properties?: Record<string, Record<string, unknown>> };
  return [...Object.entries(properties), ...Object.values(part).flatMap(propertiesOf)];
}

describe('launch.schema.json, as editors use it', () => {
  const accepts = compileJsonSchema(SCHEMA);

  it('describes every key', () => {
    const keys = propertiesOf(SCHEMA);
    assert.ok(keys.length > 25, `${keys.length} keys`);
    const defs = (SCHEMA as { $defs: Record<string, { description?: string }> }).$defs;
    for (const [name, { description, $ref }] of keys) {
      const referred =
        typeof $ref === 'string' ? defs[$ref.slice('#/$defs/'.length)]?.description : undefined;
      assert.ok(description ?? referred, `${name} has no description`);
    }
  });

  it('takes substitutions wherever a value may stand', () => {
    const any = '$(arg any)';
    const launch = {
      domain: any,
      slots: { image: { depth: any, max_bytes: any, max_readers: any, loans_per_publisher: any } },
      nodes: {
        camera: {
          use: any,
          params: { rate: any, tags: [any] },
          ports: { image: any },
          env: { X: any },
          cwd: any,
          restart: { policy: any, delay: '$(arg ms)ms', backoff: any, max: any, window: any },
        },
      },
    };
    assert.ok(accepts(launch), JSON.stringify(accepts.errors));
  });

  it('still refuses what is neither a substitution nor of the right type', () => {
    for (const slot of [{ depth: 'four' }, { depth: 0 }, { dept: 4 }])
      assert.equal(accepts({ slots: { image: slot }, nodes: { a: { use: './a' } } }), false);
  });
});
