/** The standard schemas, published as `babus/schemas`. */
export * from './std/index.js';
