export { babusPackage } from './babus-package.js';
export { Cache, openCache } from './cache.js';
export { compileModule, shownPath } from './compile.js';
export { stopCompiler } from './compiler.js';
export { describeModule } from './describe.js';
export { describeNodes, keepModules, type DescribeOptions, type NodeRequest } from './nodes.js';
export { resolveModule, type ResolvedModule } from './resolve.js';
export { packageFolder } from './package-folder.js';
export { sourceFiles, type NodeSources } from './source-files.js';
