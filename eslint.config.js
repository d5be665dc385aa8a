import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import * as jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** Who may import whom: the table of docs/architecture.md. */
const packages = {
  stats: [],
  carriers: [],
  store: [],
  corpus: ['store'],
  nets: [],
  trainer: ['store', 'corpus', 'nets'],
  marker: ['store', 'corpus', 'carriers', 'nets', 'trainer'],
  detector: ['store', 'stats', 'carriers', 'corpus', 'nets', 'trainer', 'marker'],
  evidence: ['store', 'stats', 'carriers', 'detector'],
  report: ['store', 'stats', 'carriers', 'corpus', 'trainer', 'marker', 'detector'],
  workflows: ['store', 'corpus', 'trainer', 'marker', 'detector', 'report'],
};
const arrows = {
  ...packages,
  setup: [],
  packaging: ['stats', 'carriers'],
  testing: ['setup'],
  worker: [...Object.keys(packages), 'setup'],
  cli: [...Object.keys(packages), 'setup', 'worker'],
  scale: [...Object.keys(packages), 'worker'],
  faults: [...Object.keys(packages), 'worker', 'cli'],
  bench: [...Object.keys(packages), 'setup', 'worker'],
  picture: ['stats', 'nets', 'trainer', 'report'],
};

/** Which kind of project may import which, and the libraries that it must not know. */
const kinds = {
  numeric: { imports: ['numeric'], bans: ['@tensorflow/*', '@temporalio/*', 'apache-arrow', '*parquet*'] },
  data: { imports: ['data'], bans: ['@tensorflow/*', '@temporalio/*'] },
  model: { imports: ['numeric', 'data', 'model'], bans: ['@temporalio/*', '*parquet*'] },
  evidence: { imports: ['numeric', 'data', 'model'], bans: ['@tensorflow/*', '@temporalio/*', '*parquet*'] },
  report: { imports: ['numeric', 'data', 'model'], bans: ['@tensorflow/*', '@temporalio/*'] },
  workflow: { imports: ['data', 'model', 'report'], bans: ['@tensorflow/*'] },
  app: { imports: ['numeric', 'data', 'model', 'evidence', 'report', 'workflow', 'app', 'tool'], bans: [] },
  tool: { imports: ['tool', 'numeric'], bans: [] },
  testing: { imports: ['tool'], bans: [] },
};

const depConstraints = [
  ...Object.entries(arrows).map(([name, targets]) => ({
    sourceTag: `scope:${name}`,
    onlyDependOnLibsWithTags: [...targets, 'testing'].map((target) => `scope:${target}`),
  })),
  ...Object.entries(kinds).map(([kind, { imports, bans }]) => ({
    sourceTag: `type:${kind}`,
    onlyDependOnLibsWithTags: [...imports, 'testing'].map((target) => `type:${target}`),
    bannedExternalImports: bans,
  })),
];

/** Bans value imports of what `regex` matches; types vanish when compiled. */
const typesOnly = (regex, message) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex, message, allowTypeImports: true }] }],
});

export default tseslint.config(
  { ignores: ['**/dist/', '**/fixtures/', '.nx/', 'docs/results/'] },
  {
    files: ['**/*.{ts,js,mjs}'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints,
          allow: ['.*/testing/jest-preset.js'],
          checkDynamicDependenciesExceptions: ['.*'],
          ignoredCircularDependencies: [['@radiotracer/testing', '@radiotracer/setup']], // set-up's tests use the preset
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take a seeded generator as an argument: runs must repeat.' },
        {
          object: 'process',
          property: 'env',
          message: 'Settings arrive as arguments; only apps read the environment.',
        },
      ],
    },
  },
  {
    files: ['packages/workflows/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/read-progress.ts'], // the one file that clients alone run
    rules: {
      ...typesOnly('^(?!@temporalio/workflow$|\\.)', "Workflow code runs in Temporal's sandbox: use `import type`."),
      'no-restricted-globals': ['error', 'process', 'console', 'crypto', 'setInterval', 'Buffer', 'performance'],
    },
  },
  {
    files: ['packages/report/src/**/*.ts'],
    rules: typesOnly(
      '^@radiotracer/(carriers|trainer|marker|detector)$',
      'The report reads their files: use `import type`.',
    ),
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['test', 'it', 'describe'].map((object) => ({ object, property: 'only', message: 'Run all tests.' })),
      ],
    },
  },
  {
    files: ['**/*.test.ts'],
    ignores: ['**/*.{unit,int,type,gpu}.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', { selector: 'Program', message: 'Name it *.{unit,int,type,gpu}.test.ts.' }],
    },
  },
  {
    files: ['{packages,apps,tools}/*/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonc },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          // What tests and builds need is no dependency.
          ignoredFiles: ['**/*.test.ts', '**/test/**', '**/jest.config.js', '**/bundle.mjs'],
          ignoredDependencies: ['@radiotracer/setup'],
        },
      ],
    },
  },
  prettier,
);
