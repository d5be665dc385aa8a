export default {
  projects: ['<rootDir>/packages/*', '<rootDir>/apps/*', '<rootDir>/tools/*/jest.config.js'],
  reporters: ['default', '<rootDir>/testing/closing-line-reporter.js'],
  maxWorkers: 2,
  testTimeout: 120_000,
};
