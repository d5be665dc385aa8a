export default {
  projects: ['<rootDir>/packages/*', '<rootDir>/apps/*', '<rootDir>/tools/*/jest.config.js'],
  reporters: ['default', '<rootDir>/testing/closing-line-reporter.js'],
  testSequencer: '<rootDir>/testing/programs-first.js',
  maxWorkers: 3, // on two cores, as the long tests wait a good deal: for timers, servers and one another
  testTimeout: 120_000,
};
