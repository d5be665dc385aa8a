/** What the set-up downloads, fixed to the byte. Go's checksum database fixes what Go builds. */
export const pins = {
  libtensorflow: {
    version: '2.21.0',
    platform: 'linux-x64',
    /** Any pip can fetch the wheel when it is told whose machine to fetch for. */
    pipArguments: ['tensorflow-cpu==2.21.0', '--python-version', '3.11', '--platform', 'manylinux_2_27_x86_64'],
    file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  temporal: { module: 'github.com/temporalio/cli/cmd/temporal', version: '1.5.1', minServerVersion: '1.27.0' },
  /** The S3 server of the tests. */
  versitygw: { module: 'github.com/versity/versitygw/cmd/versitygw', version: '1.8.0' },
};
