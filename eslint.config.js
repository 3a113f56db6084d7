import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** ESLint's own rules that find mistakes which neither the compiler nor typescript-eslint reports. */
const CORE_RULES = Object.fromEntries(
  [
    'for-direction',
    'no-async-promise-executor',
    'no-cond-assign',
    'no-control-regex',
    'no-constant-binary-expression',
    'no-debugger',
    'no-duplicate-case',
    'no-empty-character-class',
    'no-empty-pattern',
    'no-eval',
    'no-fallthrough',
    'no-irregular-whitespace',
    'no-loss-of-precision',
    'no-misleading-character-class',
    'no-param-reassign',
    'no-prototype-builtins',
    'no-regex-spaces',
    'no-self-assign',
    'no-self-compare',
    'no-sparse-arrays',
    'no-unreachable-loop',
    'no-unsafe-finally',
    'no-unsafe-optional-chaining',
    'no-useless-catch',
    'no-useless-escape',
    'no-var',
    'object-shorthand',
    'prefer-const',
    'use-isnan',
    'valid-typeof',
  ].map((rule) => [rule, 'error']),
);

export default defineConfig(
  {
    ignores: [
      'dist/',
      '**/build/',
      '**/prebuilds/',
      // Generated; a test demands that it is up to date.
      'schemas/**/*.ts',
      // Source text of tests: wrong on purpose, or compiled with settings of its own.
      'test/types/cases/',
      '**/fixtures/',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { ...CORE_RULES, eqeqeq: ['error', 'always', { null: 'ignore' }], 'no-empty': 'error' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // `import('x').Y` types a module that is loaded late.
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      // The compiler reports these, with the underscore exception.
      '@typescript-eslint/no-unused-vars': 'off',
      // `process.env['NAME']` and the like stand for keys that are data.
      '@typescript-eslint/dot-notation': 'off',
      // `!` states what noUncheckedIndexedAccess cannot know; it is reviewed, not forbidden.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: it stays the same in every import.',
        },
        {
          selector: "BinaryExpression[operator='instanceof'][right.name='BabusError']",
          message: 'Use isBabusError(): two copies of babus may be loaded.',
        },
      ],
    },
  },
  {
    // Mocha loads a reporter by its default export.
    files: ['test/support/summary-reporter.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
