/** What `babus gen` and the tests use; kept out of `babus/schema`, since nodes need no YAML. */
export { loadSchemas, type LoadedFolder, type PackageFolders } from '../load/load.js';
export type { LoadedField, LoadedSchema } from '../load/model.js';
export { generate, type Generated, type GeneratedFile, type GenerateOptions } from './generate.js';
export { writeGenerated, type WriteOptions, type WriteReport } from './write.js';
export { LANGUAGE_NAMES, type LanguageName } from './languages.js';
