/** What `babus schema` says of schemas. */
export { layoutOf, type FieldFacts, type SchemaFacts } from './facts.js';
export { compareSchemas, type Change, type Comparison } from './compare.js';
export { Catalogue, type ListedSchemas } from './catalogue.js';
