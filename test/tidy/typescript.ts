import ts from 'typescript';
import type { SourceText } from './tree.js';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Erased by the compiler: nothing is loaded. */
  readonly typeOnly: boolean;
}

export interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export function parse({ path, text }: SourceText): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

/** All imports: static, re-exports, `import()`, `require()`, and imports inside types. */
export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  walk(source, (node) => {
    const import_ = importOf(node);
    if (import_) found.push({ ...import_, line: lineAt(source, node) });
  });
  return found;
}

function importOf(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, isTypeClause(node.importClause));
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return literal(node.argument.literal, true);
  if (ts.isExternalModuleReference(node)) return literal(node.expression, false);
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword || /^require(\.resolve)?$/.test(expression.getText());
  return loads ? literal(node.arguments[0], false) : undefined;
}

function literal(node: ts.Node | undefined, typeOnly: boolean): Omit<Import, 'line'> | undefined {
  return node && ts.isStringLiteralLike(node) ? { specifier: node.text, typeOnly } : undefined;
}

/** With verbatimModuleSyntax `import { type A }` still loads the module; only `import type` does not. */
function isTypeClause(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** Suites hold their tests, so their callbacks are as long as the file. */
const SUITES = new Set(['describe', 'context', 'describe.skip', 'conformance']);

/** Every function with a body and the lines it spans; the callbacks of Mocha's suites are left out. */
export function functionsOf(source: ts.SourceFile): FunctionSize[] {
  const found: FunctionSize[] = [];
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body || isSuite(node)) return;
    const first = lineAt(source, node);
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
    found.push({ name: nameOf(node), line: first, lines: last - first + 1 });
  });
  return found;
}

function isSuite(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && SUITES.has(node.parent.expression.getText());
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  return 'a function';
}

/** Lines of `catch {}` and `.catch(() => {})` without a statement, with or without a comment. */
export function emptyCatches(source: ts.SourceFile): number[] {
  const found: number[] = [];
  walk(source, (node) => {
    const body = ts.isCatchClause(node) ? node.block : rejectionHandler(node);
    if (body && ts.isBlock(body) && body.statements.length === 0) found.push(lineAt(source, node));
  });
  return found;
}

function rejectionHandler(node: ts.Node): ts.Node | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  if (node.expression.name.text !== 'catch') return undefined;
  const [handler] = node.arguments;
  return handler && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler))
    ? handler.body
    : undefined;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

function lineAt(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
