import type { ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { BabusError, isBabusError } from '../errors/index.js';
import { pathOfPointer, valueAt } from '../yaml/json-pointer.js';
import { validateYaml, YamlSource } from '../yaml/index.js';
import { launchValidator } from './json-schema.js';
import type { Problems } from './problems.js';
import { hasSubstitution } from './template.js';

/**
 * First stage: reads a launch file and checks its shape. Values with substitutions pass; they are checked once filled in.
 * @throws BabusError ERR_BABUS_YAML when the file is missing or no YAML
 */
export function parseLaunch(file: string, problems: Problems): YamlSource {
  problems.reads(file);
  const source = read(file);
  problems.add(...validateYaml(source, toleratingSubstitutions(launchValidator()), 'ERR_BABUS_LAUNCH_FILE'));
  return source;
}

/** In other tools' files substitutions are `${name}`, which YAML cannot read between brackets. */
function read(file: string): YamlSource {
  try {
    return YamlSource.read(file);
  } catch (error) {
    if (!isBabusError(error) || !error.at) throw error;
    const line = readFileSync(file, 'utf8').split('\n')[error.at.line - 1] ?? '';
    if (!line.slice(error.at.column - 2).startsWith('${')) throw error;
    const hint = 'write $(arg name) for an argument and $(env NAME) for a variable';
    throw new BabusError(error.code, `\${ cannot stand here; ${hint}`, error.at, { cause: error });
  }
}

function toleratingSubstitutions(validate: ValidateFunction): ValidateFunction {
  const tolerant = Object.assign(
    (data: unknown): data is unknown => {
      if (validate(data)) return true;
      const errors = validate.errors ?? [];
      tolerant.errors = errors.filter(({ instancePath }) => {
        const given = valueAt(data, pathOfPointer(data, instancePath));
        return typeof given !== 'string' || !hasSubstitution(given);
      });
      return tolerant.errors.length === 0;
    },
    { schema: validate.schema, schemaEnv: validate.schemaEnv, errors: validate.errors ?? null },
  );
  return tolerant;
}
