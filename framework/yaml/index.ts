export type { ValidateFunction } from 'ajv/dist/2020.js';
export { readBytes } from './read-bytes.js';
export { YamlSource, type YamlPath } from './source.js';
export type { HintOf } from './problem.js';
export { compileJsonSchema, pathName, validatePart, validateYaml } from './validate.js';
