/**
 * One Jest configuration for every project: TypeScript by swc, native ES modules, workspace packages from their sources.
 * @param {string} name - shown before the project's results
 * @returns {import('jest').Config}
 */
export function preset(name) {
  return {
    displayName: name,
    testEnvironment: 'node',
    testEnvironmentOptions: { customExportConditions: ['@radiotracer/source', 'node', 'node-addons'] },
    testMatch: ['<rootDir>/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    extensionsToTreatAsEsm: ['.ts'],
    transform: {
      '\\.ts$': [
        '@swc/jest',
        {
          jsc: { parser: { syntax: 'typescript' }, target: 'es2022', experimental: { keepImportAttributes: true } },
          module: { type: 'es6' },
        },
      ],
    },
  };
}
